"""Hidden checks of the class `Linear`.

Numbers are compared after the same values were loaded on both sides. What a fresh layer draws is random, so it is
looked at unrecorded, and what was found is recorded in words that are the same for every draw.
"""

import math

import pytest
import torch

from autograder.checks import CheckFailure, close, expect_model, fail, follows, normal, same_numbers, uniform

pytestmark = pytest.mark.exercise("Linear")

FAN_IN, OUT = 16, 2048
BOUND = 1 / math.sqrt(FAN_IN)
#: As variances over the right one: 48, 16, and 4 with a mean.
TOO_LARGE = (normal(0, 1), uniform(-1, 1), uniform(0, 1))


def both(student, reference, *args, **kwargs):
    """Make the same layer on both sides."""
    return student.Linear(*args, **kwargs), reference.Linear(*args, **kwargs)


@pytest.mark.weight(3)
def test_computes_the_map(student, reference, draw):
    """A batch of rows is mapped by the transposed weight, the bias is added, and gradients reach everything."""
    mine, due = both(student, reference, 4, 3)
    same_numbers(mine, due, draw.normal(6, 4), draw.integer(0, 1 << 40), by_name=True)


@pytest.mark.weight(2)
def test_works_on_the_last_dimension(student, reference, draw):
    """Whatever dimensions come before the last one stay: one sample alone, and batches of batches."""
    seed = draw.integer(0, 1 << 40)
    for shape in ((4,), (2, 5, 4), (2, 1, 3, 4)):
        mine, due = both(student, reference, 4, 2)
        same_numbers(mine, due, draw.normal(*shape), seed, by_name=True, modes=["training"])


@pytest.mark.weight(2)
def test_may_have_no_bias(student, reference, draw):
    """With bias=False there is a weight and nothing else."""
    mine, due = both(student, reference, 5, 3, bias=False)
    same_numbers(mine, due, draw.normal(4, 5), draw.integer(0, 1 << 40), by_name=True, modes=["training"])


def fresh(student, draw, wanted):
    """Return the weight and the bias, or None, of a fresh layer; fail if the wanted one is missing."""
    with student.tools.unrecorded():
        student.tools.seed(draw.integer(0, 1 << 40))
        state = expect_model(student.Linear(FAN_IN, OUT)).state()
    if student.tools.observe("nothing is registered", not state):
        fail("A fresh layer has an empty state_dict: nothing is registered.")
    if wanted not in state:
        fail("A fresh layer has no weight." if wanted == "weight" else "A fresh layer has no bias.")
    shape = student.tools.observe("shape", tuple(state[wanted].shape))
    if math.prod(shape) < OUT:
        fail("The first weights are fewer than asked for." if wanted == "weight" else "The first bias is too short.")
    return state.get("weight"), state.get("bias")


def large(numbers):
    """Whether numbers are too large, as they are if nothing divides them by √in."""
    # The root of the mean square, over the bound: randn 4, U(−1, 1) and U(0, 1) 2.3; randn·√(2/in) has 1.4.
    return numbers is not None and float(numbers.square().mean().sqrt()) > 1.75 * BOUND


def test_weights_start_within_their_bound(student, draw):
    """Fresh weights are independent and uniform between −1/√in and 1/√in."""
    weight, _ = fresh(student, draw, "weight")
    if student.tools.observe("zero weights", not weight.any()):
        fail("The first weights are all zero: no number was drawn.", "linear-starts-at-zero")
    student.tools.observe("large weights", large(weight))
    follows(weight, uniform(-BOUND, BOUND), "the first weights", {"linear-starts-too-large": TOO_LARGE})


def test_bias_starts_within_its_bound(student, draw):
    """A fresh bias is drawn as the weights are: independent and uniform between −1/√in and 1/√in."""
    weight, bias = fresh(student, draw, "bias")
    if student.tools.observe("zero bias", not bias.any()):
        fail("The first bias is zero everywhere: no number was drawn.", "linear-bias-starts-at-zero")
    # A large bias beside right weights is another mistake than numbers that are all too large.
    both_large = student.tools.observe("large bias and weights", (large(bias), large(weight)))[1]
    ideas = {"linear-starts-too-large": TOO_LARGE} if both_large else {}
    follows(bias, uniform(-BOUND, BOUND), "the first bias", ideas)


def test_draws_from_the_global_generator(student, draw):
    """Layers that are made after the same torch.manual_seed are the same, and the next one is another."""
    seed = draw.integer(0, 1 << 40)
    states = []
    with student.tools.unrecorded():
        for start in (seed, seed, None):
            if start is not None:
                student.tools.seed(start)
            states.append(expect_model(student.Linear(5, 7)).state())
    first, again, third = states
    if student.tools.observe("nothing is registered", not first):
        fail("A fresh layer has an empty state_dict: nothing is registered.")
    names = [name for name in ("weight", "bias") if all(name in state for state in states)]
    same = [torch.equal(first[name], again[name]) for name in names]
    new = [not torch.equal(first[name], third[name]) for name in names]
    student.tools.observe("drawn", (names, same, new, [bool(first[name].any()) for name in names]))
    if not all(same):
        fail("Two layers that were made after the same torch.manual_seed have different numbers.")
    for name, other in zip(names, new, strict=True):
        if not other and name == "weight":
            fail("A second layer has the same weights as the first one.")
        if not other:
            fail("A second layer has the same bias as the first one.")


def test_works_in_float32(student, reference, draw):
    """In float32 the output is that of the same layer, to single precision."""
    mine, due = both(student, reference, 4, 3)
    x = draw.normal(5, 4, dtype=torch.float32)
    same_numbers(mine, due, x, draw.integer(0, 1 << 40), by_name=True, dtype=torch.float32)


def test_layers_share_nothing(student, draw):
    """What is loaded into one layer does not reach another, and an input stays as it was."""
    first, second = (expect_model(student.Linear(3, 2)) for _ in range(2))
    values = {name: draw.normal(*shape) for name, (shape, _) in first.layout().items()}
    if not values:
        fail("The state_dict is empty: nothing is registered.")
    first.load(values)
    second.load({name: value + 1 for name, value in values.items()})
    close(first.state(), values, "the first of two layers, after the second was changed")
    x = draw.normal(4, 3)
    layer = student.tools.object("Linear", 3, 2)
    with student.tools.unrecorded():
        expect_model(layer.call("double")).load(values)
        layer.call("", x)
    if student.tools.observe("changed", bool(student.tools.changed_inputs())):
        raise CheckFailure("The call changed its input in place.", "in-place")
