"""Hidden checks of `polynomial_data`.

Which numbers are drawn, and in what order, is free. So the answers stay out of the transcript, and what they show is
observed instead: by which formula y comes from x, and with which deviation. With 8192 samples a deviation is known
to 0.8 %; those of the known wrong ideas are two and three times as large (weight 3, noise ¼: √¼ = ½, and 3·¼ = ¾).
"""

import pytest
import torch

from autograder.checks import fail, follows, normal

pytestmark = pytest.mark.exercise("polynomial_data")

MANY = 8192
NOISE, WEIGHT = 0.25, 3.0


def drawn(student, n, weights, **how):
    """Call the function, require a pair of the right shapes and dtypes, and return it in float64."""
    with student.tools.unrecorded():
        found = student.polynomial_data(n, weights, **how)
    if not isinstance(found, (tuple, list)) or len(found) != 2 or not all(isinstance(t, torch.Tensor) for t in found):
        student.tools.observe("a pair", value=False)
        fail("A pair of tensors is asked for: x and y.")
    x, y = found
    student.tools.observe("shapes", [tuple(x.shape), tuple(y.shape)])
    if x.shape != (n, len(weights)):
        fail("x has another shape than (n, d), with one feature for each weight.")
    if y.shape != (n, 1):
        fail("y has another shape than (n, 1).")
    if student.tools.observe("dtypes", [str(x.dtype), str(y.dtype)]) != ["torch.float32"] * 2:
        fail("x and y have to be float32.")
    return x.double(), y.double()


def formula_of(x, y, weights, bias, degree):
    """Return the name of the formula by which y comes from x, "" for none of those that are known."""
    w = torch.tensor(weights, dtype=torch.float64).reshape(-1, 1)
    known = {
        "right": x**degree @ w,
        "all powers": sum(x**k for k in range(1, degree + 1)) @ w,
        "power of the sum": (x @ w) ** degree,
        "x is raised": x @ w,
    }
    # Two ideas at once have names of their own, lest they be taken for any other formula.
    known = {**{name: due + bias for name, due in known.items()}, **{f"{n}, no bias": d for n, d in known.items()}}
    # float32 makes errors of 1e-7 of the largest term; the formulas are far apart.
    slack = 1e-4 * float(known["right"].abs().max())
    return next((name for name, due in known.items() if float((y - due).abs().max()) < slack), "")


@pytest.mark.weight(4)
@pytest.mark.parametrize("degree", [2, 3])
def test_is_the_polynomial(student, draw, degree):
    """Without noise y is the sum of the weighted powers, plus the bias."""
    weights = [float(w) for w in draw.uniform(1.0, 2.0, 3)]
    weights[1] = -weights[1]
    bias = float(draw.uniform(0.5, 1.5, 1))
    x, y = drawn(student, 40, weights, bias=bias, degree=degree, generator=generator(student, draw))
    name = student.tools.observe("y is", formula_of(x, y, weights, bias, degree))
    if name != "right":
        fail("Without noise y is other than the sum of the weighted powers of x, plus the bias.")


def steady(rest, x):
    """Return whether the deviation of `rest` is the same for small and for large x, beside a part that grows with x."""
    rest, x = rest.flatten() - rest.mean(), x.flatten()
    rest = rest - x * (rest @ x) / (x @ x)
    # Of 4096 numbers a deviation is known to 1.1 %. Noise that grows with x is three times as large for large ones.
    small = x.abs() < x.abs().median()
    low, high = sorted((float(rest[small].std()), float(rest[~small].std())))
    return high < 1.2 * low + 0.01 * NOISE


def before_the_power(student, draw, deviation):
    """Return whether noise of this deviation is added to x before the power: only then the third root of y shows it."""
    x, y = drawn(student, MANY, [WEIGHT], degree=3, noise=NOISE, generator=generator(student, draw))
    rest = (y / WEIGHT).sign() * (y / WEIGHT).abs() ** (1 / 3) - x
    return steady(rest, x) and abs(float(rest.std()) / deviation - 1) < 0.1


@pytest.mark.weight(3)
def test_noise_is_a_deviation(student, draw):
    """The noise on y is normal, with `noise` as its standard deviation, and each sample has its own."""
    x, y = drawn(student, MANY, [WEIGHT], noise=NOISE, generator=generator(student, draw))
    rest = (y - WEIGHT * x).flatten()
    if not student.tools.observe("as large for every x", steady(rest, x)):
        fail("Your noise is larger for some samples than for others. Its deviation has to be `noise` for all of them.")
    deviations = {
        "right": NOISE,
        "a variance": NOISE**0.5,
        "on the inputs": WEIGHT * NOISE,
        "both": WEIGHT * NOISE**0.5,
    }
    found = float(rest.std())
    spread = next((name for name, d in deviations.items() if abs(found / d - 1) < 0.1), "")
    # With degree 1 noise on x is the same as noise that is weighted: a power tells them apart.
    if spread in {"on the inputs", "both"} and not before_the_power(student, draw, deviations[spread] / WEIGHT):
        spread = "weighted"
    student.tools.observe("noise is", spread)
    ideas = {
        "a variance": {"data-noise-as-variance": normal(0.0, NOISE**0.5)},
        "on the inputs": {"data-noise-on-inputs": normal(0.0, WEIGHT * NOISE)},
    }
    follows(rest, normal(0.0, NOISE), "the noise", ideas.get(spread))


@pytest.mark.weight(2)
def test_features_are_normal(student, draw):
    """x is drawn from the standard normal distribution, whatever the degree."""
    x, _ = drawn(student, MANY // 2, [1.0, -1.0], degree=3, generator=generator(student, draw))
    student.tools.observe("x spreads as due", bool(abs(float(x.std()) - 1) < 0.1))
    follows(x, normal(0.0, 1.0), "the features")


def test_has_defaults(student, draw):
    """With weights alone y is their linear function, without bias and noise."""
    weights = [float(w) for w in draw.uniform(1.0, 2.0, 2)]
    x, y = drawn(student, 30, weights)
    if student.tools.observe("y is", formula_of(x, y, weights, 0.0, 1)) != "right":
        fail("With the default arguments y is other than the weighted sum of the features.")


@pytest.mark.weight(2)
def test_draws_from_the_generator_alone(student, draw):
    """Equally seeded generators give the same data, others give others, and the global one is not touched."""
    seed = draw.integer(1, 10**6)
    found, untouched = [], True
    for own, everyone in ((seed, 1), (seed, 2), (seed + 1, 3)):
        student.tools.seed(everyone)
        with student.tools.unrecorded():
            before = student.tools.rng()
            source = student.tools.generator(own, device="cpu")
        found.append(drawn(student, 20, [1.0, 2.0], noise=0.5, generator=source))
        with student.tools.unrecorded():
            untouched = untouched and student.tools.rng() == before
    same = all(torch.equal(a, b) for a, b in zip(found[0], found[1], strict=True))
    if not student.tools.observe("the generator alone", same and untouched):
        fail("The numbers do not come from the generator that was given, or not all.")
    if student.tools.observe("always the same", torch.equal(found[0][0], found[2][0])):
        fail("Generators with different seeds give the same data.")


def test_never_seeds(student, draw):
    """Without a generator two calls give different data."""
    student.tools.seed(draw.integer(1, 10**6))
    first, second = (drawn(student, 20, [1.0], noise=0.5) for _ in range(2))
    if student.tools.observe("repeats", torch.equal(first[0], second[0])):
        fail("Two calls without a generator give the same data: a seed is set inside.")


def generator(student, draw):
    """Return a seeded generator of the CPU."""
    return student.tools.generator(draw.integer(1, 10**6), device="cpu")
