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


def agree(found, due, **how):
    """Require a dict of the same names in the same order, and the same gradients."""
    if not isinstance(found, dict) or list(found) != list(due):
        fail("A dict is asked for, with the names of the parameters that require a gradient, in their order.")
    close(found, due, "the gradients", **how)


@pytest.mark.weight(4)
def test_is_the_gradient_over_all_samples(student, reference, draw):
    """Batches of different sizes give what one batch of all samples gives."""
    data = batches(draw)
    found, due = (side.accumulated_gradient(side.tools.model(PLAN), data, CLASSES) for side in (student, reference))
    agree(found, due)


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
    agree(*found)
    if flags != {"0.weight": False, "0.bias": True, "2.weight": True, "2.bias": False}:
        fail("After the call other parameters require a gradient than before.")


def test_has_no_graph(student, draw):
    """The gradients require no gradient themselves, and live where the model does."""
    found = student.accumulated_gradient(student.tools.model(PLAN), batches(draw), CLASSES)
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
