"""Hidden checks of `trace_shapes`."""

import pytest
import torch

from autograder.checks import (
    CheckFailure,
    batchnorm1d,
    close,
    conv2d,
    dropout,
    fail,
    flatten,
    initial_state,
    inputs_unchanged,
    linear,
    maxpool2d,
    raises,
    raising,
    relu,
    repeatable,
    routed,
    sequential,
    tanh,
)

pytestmark = pytest.mark.exercise("trace_shapes")


def trace(side, plan, x):
    """Call trace_shapes on a new model of x's dtype; return the model and the answer, its pairs as (str, tuple)."""
    model = side.tools.model(plan, initial_state(plan, dtype=x.dtype))
    answer = side.trace_shapes(model, x)
    if not isinstance(answer, (list, tuple)) or not all(isinstance(e, (list, tuple)) and len(e) == 2 for e in answer):
        fail("The result is not a list of pairs of a name and a shape.")
    # A torch.Size is a tuple on its way here; a list of the sizes does no harm either.
    return model, [(name, tuple(shape) if isinstance(shape, list) else shape) for name, shape in answer]


@pytest.mark.weight(2)
def test_shapes_of_a_chain_of_layers(student, reference, draw):
    """Each layer of an nn.Sequential stands in the list by its name, with the shape of its output."""
    n = draw.integer(4, 9)
    plan = sequential(linear(3, n), tanh(), linear(n, 2))
    x = draw.normal(5, 3)
    close(trace(student, plan, x)[1], trace(reference, plan, x)[1], "the list of names and shapes")


@pytest.mark.weight(2)
def test_images_and_names(student, reference, draw):
    """Shapes of images are complete, batch and channels included, and names are the children's own."""
    plan = sequential(conv=conv2d(2, 3, 3), pool=maxpool2d(2), flat=flatten(), out=linear(27, 4))
    x = draw.normal(2, 2, 8, 8, dtype=torch.float32)
    close(trace(student, plan, x)[1], trace(reference, plan, x)[1], "the list of names and shapes")


@pytest.mark.weight(3)
def test_direct_children_only(student, reference, draw):
    """A child with layers of its own is one entry."""
    plan = sequential(sequential(linear(3, 4), relu(), sequential(linear(4, 5), relu())), linear(5, 2))
    x = draw.normal(3, 3)
    close(trace(student, plan, x)[1], trace(reference, plan, x)[1], "the list of names and shapes")


@pytest.mark.weight(2)
def test_order_of_execution(student, reference, draw):
    """Children stand in the order in which they ran; one that did not run is not in the list."""
    plan = routed(("last", "first"), first=linear(4, 2), spare=linear(4, 9), last=linear(3, 4))
    x = draw.normal(5, 3)
    close(trace(student, plan, x)[1], trace(reference, plan, x)[1], "the list of names and shapes")


@pytest.mark.weight(4)
def test_removes_its_hooks(student, draw):
    """After a call that gives shapes the model has no hook that it did not have before, and those it had."""
    model, found = trace(student, sequential(linear(3, 4), sequential(relu(), linear(4, 2))), draw.normal(5, 3))
    # Without a look at any output no hook is needed.
    if all(shape == (5, 3) for _, shape in found):
        fail("No shape in the list is that of an output.")
    if model.hooks():
        fail("The call left hooks on the model.")
    model.add_hook("0")
    model.add_hook("1.0")
    student.trace_shapes(model, draw.normal(5, 3))
    if model.hooks() != 2:
        fail("After the call the model lacks hooks that somebody else had registered, or has more than before.")


@pytest.mark.weight(3)
def test_removes_its_hooks_after_an_error(student, draw):
    """If the forward pass raises, the error goes on to the caller and no hook is left."""
    model = student.tools.model(sequential(linear(3, 4), raising(), linear(4, 2)))
    raises(student, "trace_shapes", model, draw.normal(5, 3))
    if model.hooks():
        fail("After a forward pass that raised, hooks are left on the model.")
    # A function that always raises registers none.
    if not student.trace_shapes(student.tools.model(sequential(linear(3, 4), relu())), draw.normal(5, 3)):
        fail("A model that does not raise has to give a list.")


def test_leaves_the_model_alone(student, draw):
    """Parameters, training flags and the input are the same afterwards."""
    model = student.tools.model(sequential(linear(3, 4), dropout(0.5), relu(), linear(4, 2)))
    flags = {"": True, "0": True, "1": False, "2": False, "3": True}
    model.set_flags(flags)
    student.trace_shapes(model, draw.normal(5, 3))
    inputs_unchanged(student)
    if model.flags() != flags:
        raise CheckFailure("The call changed training flags of the model.", "in-place")


def test_does_not_remember_earlier_calls(student, draw):
    """A second call gives the same list, one with another batch the list for that one."""
    plan = sequential(linear(3, 4), batchnorm1d(4), relu())
    model = student.tools.model(plan)
    repeatable(student, "trace_shapes", model, draw.normal(5, 3))
    close(len(student.trace_shapes(model, draw.normal(2, 3))), 3, "the length of the list in a later call")
