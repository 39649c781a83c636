"""Hidden checks of `accumulated_gradient`."""

import pytest
import torch
from torch import nn

from autograder.checks import (
    CheckFailure,
    close,
    elsewhere,
    fail,
    formula,
    has_graph,
    initial_state,
    inputs_unchanged,
    linear,
    relu,
    repeatable,
    sequential,
    tanh,
)

pytestmark = pytest.mark.exercise("accumulated_gradient")

PLAN = sequential(linear(3, 5), tanh(), linear(5, 4))
NESTED = sequential(first=linear(3, 4), body=sequential(relu(), linear(4, 4, bias=False)), last=linear(4, 2))
CLASSES = formula(nn.functional.cross_entropy)
SQUARES = formula(nn.functional.mse_loss)


def batches(draw, sizes=(6, 6, 2), dtype=torch.float64):
    """Return batches of these sizes, with labels of four classes."""
    return [(draw.normal(n, 3, dtype=dtype), torch.tensor([draw.integer(0, 3) for _ in range(n)])) for n in sizes]


def stale(draw, plan=PLAN):
    """Return gradients from earlier for every parameter."""
    return {name: 3 * draw.normal(*value.shape) for name, value in initial_state(plan).items()}


def gradients_in(found):
    """Require a dict of tensors, and return it."""
    if not isinstance(found, dict) or not all(isinstance(g, torch.Tensor) for g in found.values()):
        fail("A dict is asked for, with a tensor for each parameter that requires a gradient.")
    return found


def assigned(found, due):
    """Return the gradients under the names that are due: by name, or by shape if a name is missing.

    Names and order are for two checks of their own. In each plan all parameters have different shapes.
    """
    found = gradients_in(found)
    if all(name in found for name in due):
        return {name: found[name] for name in due}
    by_shape = {tuple(g.shape): g for g in found.values()}
    if any(tuple(g.shape) not in by_shape for g in due.values()):
        fail("There is not a gradient for each parameter that requires one, with its shape.")
    return {name: by_shape[tuple(g.shape)] for name, g in due.items()}


def agree(found, due, **how):
    """Require the same gradients."""
    close(assigned(found, due), due, "the gradients", **how)


@pytest.mark.weight(4)
def test_is_the_gradient_over_all_samples(student, reference, draw):
    """Batches of different sizes give what one batch of all samples gives."""
    data = batches(draw)
    found, due = (side.accumulated_gradient(side.tools.model(PLAN), data, CLASSES) for side in (student, reference))
    agree(found, due)


def nested(side, draw):
    """Return what `side` gives for a model of nested layers, whose names are in no alphabetical order."""
    data = [(draw.normal(n, 3), 2 + draw.normal(n, 2)) for n in (2, 3)]
    return side.accumulated_gradient(side.tools.model(NESTED), data, SQUARES)


@pytest.mark.weight(2)
def test_goes_by_the_names(student, draw):
    """Each gradient stands under the full name of its parameter."""
    found, shapes = gradients_in(nested(student, draw)), {n: g.shape for n, g in initial_state(NESTED).items()}
    if set(found) != set(shapes):
        fail("The names are not those that `named_parameters()` gives for the parameters that require a gradient.")
    if any(found[name].shape != shape for name, shape in shapes.items()):
        fail("Under a parameter's name stands a gradient of another shape.")


def test_has_the_order_of_the_parameters(student, draw):
    """The entries come in the order of named_parameters()."""
    due = [tuple(value.shape) for value in initial_state(NESTED).values()]
    # No two parameters have the same shape, so the shapes tell the order under any names.
    shapes = [tuple(g.shape) for g in gradients_in(nested(student, draw)).values() if tuple(g.shape) in due]
    if not shapes:
        fail("Your dict has no gradient with the shape of a parameter.")
    if student.tools.observe("order", shapes) != [shape for shape in due if shape in shapes]:
        fail("The entries come in another order than in `named_parameters()`.")


@pytest.mark.weight(2)
def test_numbers_as_targets(student, reference, draw):
    """Nested layers, squared errors, and targets that are numbers."""
    data = [(draw.normal(n, 3), 2 + draw.normal(n, 2)) for n in (1, 4, 3)]
    found, due = (side.accumulated_gradient(side.tools.model(NESTED), data, SQUARES) for side in (student, reference))
    agree(found, due)


@pytest.mark.weight(2)
def test_one_batch_is_its_own_gradient(student, reference, draw):
    """A single batch gives its own gradient."""
    data = batches(draw, (5,))
    found, due = (side.accumulated_gradient(side.tools.model(PLAN), data, CLASSES) for side in (student, reference))
    agree(found, due)


@pytest.mark.weight(4)
@pytest.mark.parametrize("before", ["none", "some"])
def test_touches_no_grad(student, reference, draw, before):
    """What .grad holds is as before, and has no part in the result."""
    data, grads = batches(draw), stale(draw)
    found = []
    for side in (student, reference):
        model = side.tools.model(PLAN)
        if before == "some":
            model.set_grads(grads)
        found.append(side.accumulated_gradient(model, data, CLASSES))
        if side is student:
            after = model.grads()
    agree(*found)
    if before == "none":
        untouched = all(g is None for g in after.values())
    else:
        untouched = all(g is not None and torch.equal(g, grads[name]) for name, g in after.items())
    if not untouched:
        raise CheckFailure("After the call .grad holds something else than before.", "accumulate-touches-grad")


@pytest.mark.weight(2)
def test_only_what_requires_a_gradient(student, reference, draw):
    """Frozen parameters have no entry, and stay frozen."""
    data = batches(draw)
    found = []
    for side in (student, reference):
        model = side.tools.model(PLAN)
        model.set_requires_grad({"0.weight": False, "2.bias": False})
        found.append(side.accumulated_gradient(model, data, CLASSES))
        if side is student:
            flags = model.requires_grad()
    if len(gradients_in(found[0])) > len(found[1]):
        fail("Your dict has more entries than there are parameters that require a gradient.")
    agree(*found)
    if flags != {"0.weight": False, "0.bias": True, "2.weight": True, "2.bias": False}:
        fail("After the call other parameters require a gradient than before.")


def test_has_no_graph(student, draw):
    """The gradients require no gradient themselves, and live where the model does."""
    found = gradients_in(student.accumulated_gradient(student.tools.model(PLAN), batches(draw), CLASSES))
    if not found:
        fail("Your dict has no entries.")
    if any(has_graph(g) for g in found.values()):
        fail("A gradient hangs on a graph.")
    if any(elsewhere(g) for g in found.values()):
        fail("A gradient is on another device than the model.", "device-lost")


def test_keeps_float32(student, reference, draw):
    """A float32 model has float32 gradients."""
    data, state = batches(draw, dtype=torch.float32), initial_state(PLAN, dtype=torch.float32)
    models = [side.tools.model(PLAN, state) for side in (student, reference)]
    found, due = (
        side.accumulated_gradient(m, data, CLASSES) for side, m in zip((student, reference), models, strict=True)
    )
    agree(found, due, dtype=torch.float32, ops=512)


@pytest.mark.weight(2)
def test_leaves_model_and_batches_alone(student, draw):
    """Parameters, the mode and the batches are the same afterwards, and a second call gives the same answer."""
    model = student.tools.model(PLAN)
    flags = {"": True, "0": True, "1": False, "2": True}
    model.set_flags(flags)
    repeatable(student, "accumulated_gradient", model, batches(draw), CLASSES)
    inputs_unchanged(student)
    if model.flags() != flags:
        fail("After the call a part of the model is in another mode than before.")
