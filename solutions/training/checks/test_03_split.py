"""Hidden checks of `split`.

Which pairs are drawn is free. So the parts stay out of the transcript, and what they show is observed: their
lengths, whether x and y still belong together, whether every pair is there once, and whether they are in their old
order. Every x is another number, so each row tells which one it was.

Of 800 pairs 400 are drawn at random. Two rows at a fixed distance then go into the same part in half of all cases,
with a deviation of 1.8 %. The probability that the share of any of the 399 distances is below 35 % or above 65 % is
less than 1e-10. If rows are rotated, drawn in blocks, or taken in steps of one size, one share is about 75 % or more.
"""

import pytest
import torch

from autograder.checks import elsewhere, fail, inputs_unchanged

pytestmark = pytest.mark.exercise("split")

NAMES = ("x_train", "y_train", "x_test", "y_test")


def pairs(draw, n, dtype=torch.float64):
    """Return x (n, 2) and y (n,) that tell their row: the k-th number of each is row k's own."""
    x = torch.stack([torch.arange(n, dtype=dtype), draw.normal(n, dtype=dtype)], 1)
    return x, 3 * torch.arange(n, dtype=dtype) + 1


def rows_of(part):
    """Return which rows of x these are."""
    return [round(float(v)) for v in part[:, 0]]


def parts_of(student, x, y, rate, **how):
    """Call the function, require four tensors of the right kind, and return which rows are in both parts."""
    with student.tools.unrecorded():
        found = student.split(x, y, **({} if rate is None else {"rate": rate}), **how)
    if not isinstance(found, (tuple, list)) or len(found) != 4 or not all(isinstance(t, torch.Tensor) for t in found):
        student.tools.observe("four tensors", value=False)
        fail("Four tensors are asked for: x_train, y_train, x_test, y_test.")
    student.tools.observe("changed", student.tools.changed_inputs())
    dims = student.tools.observe("dimensions", [tuple(t.shape[1:]) for t in found])
    if dims != [tuple(t.shape[1:]) for t in (x, y, x, y)]:
        fail("The four parts are not x_train, y_train, x_test, y_test, in this order.")
    dtypes = [t.dtype for t in found]
    student.tools.observe("dtypes", [str(d) for d in dtypes])
    if dtypes != [x.dtype, y.dtype, x.dtype, y.dtype]:
        fail("A part has another dtype than the data.", "dtype-lost")
    if any(elsewhere(t) for t in found):
        fail("A part is on another device than the data.", "device-lost")
    lengths = student.tools.observe("lengths", [len(t) for t in found])
    if lengths[0] != lengths[1] or lengths[2] != lengths[3]:
        fail("x and y of one part have different lengths.")
    # A part of more rows than the data cannot be right; a row more shows that, and millions would take minutes.
    most = len(x) + 1
    rows = [rows_of(found[i][:most]) for i in (0, 2)]
    paired = [[round((float(v) - 1) / 3) for v in found[i][:most]] for i in (1, 3)] == rows
    student.tools.observe("pairs fit", paired)
    student.tools.observe("every pair once", sorted(rows[0] + rows[1]) == list(range(len(x))))
    student.tools.observe("in order", rows[0] == sorted(rows[0]) and rows[1] == sorted(rows[1]))
    return rows, paired


def generator(student, draw):
    """Return a seeded generator of the CPU."""
    return student.tools.generator(draw.integer(1, 10**6), device="cpu")


@pytest.mark.weight(3)
@pytest.mark.parametrize("rate", [0.25, 0.5, 0.75])
def test_has_the_share_that_is_asked_for(student, draw, rate):
    """int(n·rate) pairs are for training and all others for testing, every pair once."""
    x, y = pairs(draw, 40)
    (train, test), _ = parts_of(student, x, y, rate, generator=generator(student, draw))
    if len(train) != int(40 * rate):
        fail("The training data have another number of pairs than int(n·rate).")
    if sorted(train + test) != list(range(40)):
        fail("Not every pair is in exactly one of both parts.")


@pytest.mark.weight(2)
def test_pairs_stay_together(student, draw):
    """y of a row is still the one that belongs to its x."""
    x, y = pairs(draw, 40)
    if not parts_of(student, x, y, 0.5, generator=generator(student, draw))[1]:
        fail("x and y of a pair are not in the same place any more.")


def follows_a_pattern(train, n):
    """Return whether two rows at a fixed distance go into the same part much more often or seldom than by chance."""
    part = -torch.ones(n, dtype=torch.float64)
    part[train] = 1.0
    # A product is 1 if both rows are in the same part, and -1 if not. After the last row comes the first.
    # The distance n/2 is left out: it has half as many pairs of rows, so its share varies more.
    agreement = torch.stack([part.roll(distance) for distance in range(1, n // 2)]) @ part / n
    return bool(agreement.abs().max() > 0.3)


@pytest.mark.weight(2)
def test_draws_at_random(student, draw):
    """The training data follow no pattern: they are no half of the data, no run of neighbours and no blocks."""
    n = 800
    x, y = pairs(draw, n)
    (train, _), _ = parts_of(student, x, y, 0.5, generator=generator(student, draw))
    halves = list(range(n // 2)), list(range(n // 2, n))
    if student.tools.observe("a half", sorted(train) in halves):
        fail("The training data are one half of the data as they came, not drawn at random.")
    # With other numbers of rows a share has other bounds; what is wrong then is for other checks.
    drawn = set(train) < set(range(n)) and len(set(train)) == n // 2
    if student.tools.observe("a pattern", drawn and follows_a_pattern(train, n)):
        fail(
            "Your draw follows a pattern. A random draw puts two rows that are 1, 2, 3 or more rows apart into one "
            "part in about half of all cases. At some distance your draw does so much more often, or much less often."
        )


def test_seven_tenths_by_default(student, draw):
    """Without a rate seven of ten pairs are for training."""
    x, y = pairs(draw, 50)
    (train, test), _ = parts_of(student, x, y, None, generator=generator(student, draw))
    if (len(train), len(test)) != (35, 15):
        fail("Without a rate 35 of 50 pairs are for training.")


@pytest.mark.convention
@pytest.mark.weight(2)
def test_cuts_off(student, draw):
    """Where n·rate is no whole number, int(n·rate) pairs are for training."""
    x, y = pairs(draw, 10)
    # Rounded to the nearest number they are 6 and 5, rounded up 6 and 6.
    found = [parts_of(student, x, y, rate, generator=generator(student, draw))[0][0] for rate in (0.57, 0.52)]
    if len(found[0]) != 5:
        fail("int(10 · 0.57) is 5: so many pairs are for training.")
    if len(found[1]) != 5:
        fail("int(10 · 0.52) is 5: so many pairs are for training.")


@pytest.mark.weight(2)
def test_draws_from_the_generator_alone(student, draw):
    """Equally seeded generators give the same parts, others give others, and the global one is not touched."""
    x, y = pairs(draw, 40)
    seed = draw.integer(1, 10**6)
    found, untouched = [], True
    for own, everyone in ((seed, 1), (seed, 2), (seed + 1, 3)):
        student.tools.seed(everyone)
        with student.tools.unrecorded():
            before = student.tools.rng()
        found.append(parts_of(student, x, y, 0.5, generator=student.tools.generator(own, device="cpu"))[0])
        with student.tools.unrecorded():
            untouched = untouched and student.tools.rng() == before
    if not student.tools.observe("the generator alone", untouched and found[0] == found[1]):
        fail("The order does not come from the generator that was given, or not alone.")
    if student.tools.observe("always the same", found[0] == found[2]):
        fail("Generators with different seeds give the same parts.")


def test_never_seeds(student, draw):
    """Without a generator two calls give different parts."""
    x, y = pairs(draw, 40)
    student.tools.seed(draw.integer(1, 10**6))
    first, second = (parts_of(student, x, y, 0.5)[0] for _ in range(2))
    if student.tools.observe("repeats", first == second):
        fail("Two calls without a generator give the same parts.")


def test_takes_any_shape(student, draw):
    """Pictures with labels: x of four dimensions in float32, y of whole numbers."""
    n = 12
    x = torch.arange(n, dtype=torch.float32).reshape(n, 1, 1, 1) + torch.zeros(n, 1, 2, 2)
    with student.tools.unrecorded():
        found = student.split(x, torch.arange(n), 0.5, generator(student, draw))
    shapes = student.tools.observe("shapes", [tuple(t.shape) if isinstance(t, torch.Tensor) else None for t in found])
    if shapes != [(6, 1, 2, 2), (6,), (6, 1, 2, 2), (6,)]:
        fail("The parts of twelve pictures and labels have other shapes than those of the data.")
    dtypes = student.tools.observe("dtypes", [str(t.dtype) for t in found])
    if dtypes != ["torch.float32", "torch.int64"] * 2:
        fail("A part has another dtype than the data.")
    fits = [torch.equal(found[i][:, 0, 0, 0].long(), found[i + 1]) for i in (0, 2)]
    if not student.tools.observe("pairs fit", all(fits)):
        fail("Pictures and labels are not in the same places any more.")


def test_leaves_its_inputs_alone(student, draw):
    """x and y are the same afterwards."""
    x, y = pairs(draw, 20, torch.float32)
    with student.tools.unrecorded():
        student.split(x, y, 0.5, generator(student, draw))
    student.tools.observe("changed", student.tools.changed_inputs())
    inputs_unchanged(student)
