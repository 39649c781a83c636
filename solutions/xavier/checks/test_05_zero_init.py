"""Hidden checks of `zero_init`."""

import pytest
import torch

from autograder.checks import again, batchnorm1d, conv2d, fail, initial_state, linear, relu, routed, sequential

pytestmark = pytest.mark.exercise("zero_init")

#: Nothing runs forward here, so the layers need not fit to each other.
PLAN = sequential(
    linear(7, 5),
    relu(),
    batchnorm1d(5),
    sequential(conv2d(2, 3, 3), sequential(inner=linear(5, 4, bias=False))),
    routed(["a"], a=linear(4, 2)),
    again("0"),
)


def zero(student, draw, plan=PLAN, dtype=torch.float32):
    """Build a model, call the function, and return its state before and after, the model and what came back."""
    model = student.tools.model(plan, initial_state(plan, draw.integer(1, 10**6), dtype))
    before = model.state()
    result = student.zero_init(model)
    after = model.state()
    if before.keys() != after.keys() or any(before[name].shape != after[name].shape for name in before):
        fail("The model's parameters, or their shapes, are not what they were.")
    if all(torch.equal(before[name], after[name]) for name in before):
        fail("The model is as it was.")
    return before, after, model, result


def is_buffer(name):
    """Whether an entry of the state belongs to no parameter."""
    return "running_" in name or name.endswith("num_batches_tracked")


@pytest.mark.weight(3)
def test_every_parameter_is_zero(student, draw):
    """Weights and biases of every layer are zero afterwards, at any depth, those of a BatchNorm too."""
    _, after, _, _ = zero(student, draw)
    if any(value.any() for name, value in after.items() if not is_buffer(name)):
        fail("Not every parameter is zero.")


def test_buffers_stay(student, draw):
    """The running statistics of a BatchNorm are not parameters and stay as they were."""
    before, after, _, _ = zero(student, draw)
    if any(not torch.equal(before[name], after[name]) for name in after if is_buffer(name)):
        fail("A buffer is not as it was.")


def test_parameters_stay_the_same_objects(student, draw):
    """What is returned is the model itself; its parameters are the same objects and still require gradients."""
    _, _, model, result = zero(student, draw)
    if not all(model.identities().values()):
        fail("A parameter is no longer the same object: an optimizer would go on with the old one.")
    if not all(model.requires_grad().values()):
        fail("A parameter no longer requires a gradient.")
    if type(result) is not type(model) or not result.same_as(model):
        fail("What comes back is not the model that was given.")


def test_keeps_dtypes(student, draw):
    """A float64 model stays one, and a single layer is a model too."""
    _, after, _, _ = zero(student, draw, linear(4, 3), torch.float64)
    if any(value.dtype is not torch.float64 for value in after.values()):
        fail("The model was float64 and no longer is.", "dtype-lost")
    if any(value.any() for value in after.values()):
        fail("A parameter of a single layer is not zero.")
