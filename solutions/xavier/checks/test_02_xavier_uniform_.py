"""Hidden checks of `xavier_uniform_`: the weights as they are after the call, judged by their statistics.

Every statistic together raises a false alarm with a probability below 1e-9 per sample, whatever the student draws;
`autograder.checks.numerics.laws` derives the bounds. What they let through, at fans (256, 64) and 16,384 numbers:
a variance within 5 % of the right one (the sample's has a relative standard deviation of √(0.8/n) = 0.7 %), a mean
within 0.06 σ, and a law within 0.027 of the uniform one in its distribution function; a normal law is 0.057 away.
The ratios of variances that the wrong ideas give there (1 is expected) are at least a fifth apart from each other and
from 1: fan_in 0.625, fan_out 2.5, He 1.25, σ as the bound ⅓, √3 ½.
With gain ½ a forgotten gain gives 4, a squared one ¼. At fans (1000, 600), 24,000 numbers,
one fan alone gives 0.8 or 1.33, He's law 1.6, and a kernel that is not counted 25.
`tests/course/test_xavier.py` measures both errors.
"""

import math

import pytest
import torch

from autograder.checks import CheckFailure, StudentError, elsewhere, fail, follows, has_graph, normal, uniform

pytestmark = pytest.mark.exercise("xavier_uniform_")

MATRIX = (64, 256)
KERNEL = (24, 40, 5, 5)


def law(fan_in, fan_out, gain):
    """Return the law that is expected."""
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    return uniform(-bound, bound)


def ideas(fan_in, fan_out, gain):
    """Return the laws of the wrong ideas, by id."""
    a = gain * math.sqrt(6 / (fan_in + fan_out))

    def around_zero(bound):
        return uniform(-gain * bound, gain * bound)

    found = {
        "xavier-fan-in": around_zero(math.sqrt(3 / fan_in)),
        "xavier-fan-out": around_zero(math.sqrt(3 / fan_out)),
        "xavier-he": around_zero(math.sqrt(6 / fan_in)),
        "xavier-std-as-bound": around_zero(math.sqrt(2 / (fan_in + fan_out))),
        "xavier-sqrt3": around_zero(math.sqrt(3 / (fan_in + fan_out))),
        "xavier-one-sided": (uniform(0, 2 * a), uniform(0, a)),
        "xavier-normal-for-uniform": normal(0, a / math.sqrt(3)),
    }
    if gain != 1:
        found["xavier-gain-ignored"] = law(fan_in, fan_out, 1.0)
        found["xavier-gain-squared"] = law(fan_in, fan_out, gain**2)
    return found


def fill(student, draw, shape=MATRIX, dtype=torch.float32, *, gain=1.0, requires_grad=False, generator=None):
    """Call the function on a weight full of other numbers; return it as it is afterwards, and what came back."""
    weight = draw.uniform(3, 5, *shape, dtype=dtype).requires_grad_(requires_grad)
    given = {"generator": generator} if generator is not None else {}
    result = student.xavier_uniform_(weight, gain, **given) if gain != 1 else student.xavier_uniform_(weight, **given)
    after = student.tools.tensors_after()[0]
    if isinstance(after, torch.Tensor) and torch.equal(after.to(dtype), weight.detach()):
        other = isinstance(result, torch.Tensor) and student.tools.returned_input() is None
        if other and result.shape == weight.shape and not torch.equal(result.detach().to(dtype), weight.detach()):
            fail("The weight is as it was before the call; the numbers are in a new tensor.", "xavier-not-in-place")
        fail("The weight is as it was before the call.", "xavier-untouched")
    if elsewhere(after):
        fail("The weight is not on the device that it was on.", "device-lost")
    if after.shape != weight.shape:
        fail("The weight's shape is not what it was.")
    return after, result


def scaled(student, draw):
    """Require that the numbers are smaller in a larger matrix: numbers of one size for all are torch's own.

    Both fans are four times as large, so the deviation is half as large, or a quarter without the root. That
    of 1024 numbers is right to some percent.
    """
    small, large = (fill(student, draw, shape)[0].double().std() for shape in ((16, 64), MATRIX))
    if not small > 1.5 * large:
        fail("The size of the numbers does not depend on the shape of the weight.")


@pytest.mark.weight(3)
def test_fills_a_matrix(student, draw):
    """A Linear weight gets independent numbers of the right variance and the right law, with mean zero."""
    after, _ = fill(student, draw, generator=student.tools.generator(draw.integer(1, 10**6)))
    follows(after, law(256, 64, 1.0), "the weights", ideas(256, 64, 1.0))


@pytest.mark.weight(2)
def test_fills_a_kernel(student, draw):
    """A convolution's weight has fans that count its kernel. Your own `fans` are followed where they differ."""
    after, _ = fill(student, draw, KERNEL, generator=student.tools.generator(draw.integer(1, 10**6)))
    try:
        follows(after, law(1000, 600, 1.0), "the weights", ideas(1000, 600, 1.0))
    except CheckFailure:
        # A mistake in an earlier exercise is not paid for twice.
        own = own_fans(student, draw)
        if own is None:
            raise
        follows(after, law(*own, 1.0), "the weights", ideas(*own, 1.0))


def own_fans(student, draw):
    """Return what the student's own `fans` say of the kernel, if that is a pair of numbers and not the right one."""
    try:
        found = student.fans(draw.normal(*KERNEL))
    except StudentError:
        return None
    if type(found) is not tuple or len(found) != 2 or not all(type(n) is int and n > 0 for n in found):
        return None
    return found if sum(found) != 1600 else None


@pytest.mark.weight(2)
def test_gain_is_a_factor(student, draw):
    """The gain multiplies the weights, so that the variance grows with its square."""
    after, _ = fill(student, draw, gain=0.5, generator=student.tools.generator(draw.integer(1, 10**6)))
    follows(after, law(256, 64, 0.5), "the weights", ideas(256, 64, 0.5))


def varied(samples):
    """Require that weights differ among themselves: one number everywhere says nothing of seeds."""
    if any(bool((sample == sample.flatten()[0]).all()) for sample in samples):
        fail("All weights are one and the same number: nothing was drawn, or the gain is zero.")


@pytest.mark.weight(2)
def test_draws_from_the_generator_alone(student, draw):
    """Equally seeded generators give equal weights, others give others, and the global generator is not touched."""
    seed = draw.integer(1, 10**6)
    samples, states = [], []
    for own, everyone in ((seed, 1), (seed, 2), (seed + 1, 3)):
        student.tools.seed(everyone)
        before = student.tools.rng()
        samples.append(fill(student, draw, generator=student.tools.generator(own))[0])
        states.append((before, student.tools.rng()))
    after = [now for _, now in states]
    if len(set(after)) < len(after):
        fail("After the call the global generator is in the same state, whatever it was before.", "xavier-reseeds")
    if any(before != now for before, now in states) or not torch.equal(samples[0], samples[1]):
        fail("The numbers do not come from the generator that was given, or not all.", "xavier-ignores-generator")
    varied(samples)
    if torch.equal(samples[0], samples[2]):
        fail("Generators with different seeds give the same weights.", "xavier-reseeds")
    scaled(student, draw)


def test_never_seeds(student, draw):
    """Without a generator two calls give different weights, and no call sets a seed."""
    samples, states = [], []
    for seed in (draw.integer(1, 10**6), draw.integer(10**6, 10**7)):
        student.tools.seed(seed)
        samples.append(fill(student, draw)[0])
        states.append(student.tools.rng())
    samples.append(fill(student, draw)[0])
    varied(samples)
    if states[0] == states[1] or any(torch.equal(samples[i], samples[j]) for i, j in ((0, 1), (0, 2), (1, 2))):
        fail("Calls without a generator repeat the same numbers: a seed is set inside.", "xavier-reseeds")
    scaled(student, draw)


def test_returns_the_tensor_itself(student, draw):
    """What comes back is the tensor that was given, not a copy and not None."""
    fill(student, draw)
    if student.tools.returned_input() != "weight":
        fail("The weight was changed, but what comes back is another object.")
    scaled(student, draw)


def test_fills_a_parameter(student, draw):
    """A parameter that requires a gradient is filled without autograd, and still requires one."""
    result = fill(student, draw, requires_grad=True)[1]
    if student.tools.returned_input() == "weight" and not has_graph(result):
        fail("The parameter no longer requires a gradient.")
    scaled(student, draw)


def test_keeps_float64(student, draw):
    """A float64 weight stays one."""
    after, _ = fill(student, draw, dtype=torch.float64)
    if after.dtype is not torch.float64:
        fail("The weight was float64 and no longer is.", "dtype-lost")
    scaled(student, draw)
