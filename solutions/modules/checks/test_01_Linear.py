"""Hidden checks of the class `Linear`.

Numbers are compared after the same values were loaded on both sides. What a fresh layer draws is random, so it is
looked at unrecorded, and what was found is recorded in words that are the same for every draw.
"""

import math

import pytest
import torch

from autograder.checks import CheckFailure, close, expect_model, fail, follows, normal, same_numbers, uniform

pytestmark = pytest.mark.exercise("Linear")


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


@pytest.mark.weight(2)
def test_starts_within_its_bound(student, draw):
    """Fresh weights and biases are independent and uniform between −1/√in and 1/√in."""
    fan_in = 16
    bound = 1 / math.sqrt(fan_in)
    # As variances over the right one: randn 48, U(−1, 1) 16, U(0, 1) 4 with a mean, U(0, 1/√in) a quarter.
    ideas = {"linear-starts-too-large": (normal(0, 1), uniform(-1, 1), uniform(0, 1))}
    with student.tools.unrecorded():
        student.tools.seed(draw.integer(0, 1 << 40))
        state = expect_model(student.Linear(fan_in, 2048)).state()
    if student.tools.observe("nothing is registered", not state):
        fail("A fresh layer has an empty state_dict: nothing is registered.")
    if student.tools.observe("all zero", all(not v.any() for v in state.values())):
        fail("A fresh layer is zero everywhere: no number was drawn.", "linear-starts-at-zero")
    student.tools.observe("above the bound", any(float(v.abs().max()) > 1.001 * bound for v in state.values()))
    student.tools.observe("shapes", [tuple(v.shape) for v in state.values()])
    for name in ("weight", "bias"):
        if name not in state:
            fail("A fresh layer has no weight, or no bias.")
        follows(state[name], uniform(-bound, bound), "a fresh layer's numbers", ideas)


def test_draws_from_the_global_generator(student, draw):
    """Layers that are made after the same torch.manual_seed are the same, and the next one is another."""
    seed = draw.integer(0, 1 << 40)
    states = []
    with student.tools.unrecorded():
        for start in (seed, seed, None):
            if start is not None:
                student.tools.seed(start)
            states.append(list(expect_model(student.Linear(5, 7)).state().values()))
    first, again, third = states
    empty = student.tools.observe("nothing is registered", not first)
    same = [torch.equal(a, b) for a, b in zip(first, again, strict=True)]
    new = [not torch.equal(a, b) for a, b in zip(first, third, strict=True)]
    if empty or not student.tools.observe("the same after the same seed", all(same)):
        fail("Two layers that were made after the same torch.manual_seed have different numbers.")
    if not student.tools.observe("new numbers for a new layer", all(new)):
        fail("A second layer has the numbers of the first one.")


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
