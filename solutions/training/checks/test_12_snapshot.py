"""Hidden checks of `snapshot`. The copy is looked at again after the model has got other values."""

import pytest
import torch

from autograder.checks import (
    batchnorm1d,
    close,
    elsewhere,
    fail,
    has_graph,
    initial_state,
    inputs_unchanged,
    linear,
    relu,
    sequential,
)

pytestmark = pytest.mark.exercise("snapshot")

PLAN = sequential(linear(2, 3), batchnorm1d(3), relu(), sequential(linear(3, 1, bias=False)))


def taken(student, state):
    """Return a model with this state, and the copy that was made of it."""
    model = student.tools.model(PLAN, state)
    kept = student.tools.kept("snapshot", model)
    if not isinstance(kept.value, dict) or not all(isinstance(v, torch.Tensor) for v in kept.value.values()):
        fail("A dict of tensors is asked for.")
    if not kept.value:
        fail("Your dict has no entries.")
    return model, kept


@pytest.mark.weight(3)
def test_holds_all_entries(student):
    """Parameters and buffers are there, under their names."""
    state = initial_state(PLAN)
    _, kept = taken(student, state)
    if set(kept.value) != set(state):
        fail("The names are not those of `state_dict()`, which has the buffers too.")
    close(kept.value, state, "the copy")


def test_has_the_order_of_the_state_dict(student):
    """The entries come in the order of the state_dict."""
    due = list(initial_state(PLAN))
    _, kept = taken(student, initial_state(PLAN))
    # Which names are missing is for other checks.
    names = [name for name in kept.value if name in due]
    if not names:
        fail("None of the names in your dict is a name of `state_dict()`.")
    if student.tools.observe("order", names) != [name for name in due if name in names]:
        fail("The entries come in another order than in `state_dict()`.")


@pytest.mark.weight(4)
def test_training_does_not_reach_it(student):
    """After the model has changed the copy holds what it held."""
    state = initial_state(PLAN)
    model, kept = taken(student, state)
    model.load(initial_state(PLAN, 5))
    found = kept.read()
    if isinstance(found, dict) and any(
        name in found and not torch.equal(torch.as_tensor(found[name]), torch.as_tensor(kept.value[name]))
        for name in kept.value
    ):
        fail("After the model has changed the copy has changed too.")


@pytest.mark.weight(2)
def test_has_no_graph(student):
    """No entry requires a gradient, and each is where the model is."""
    _, kept = taken(student, initial_state(PLAN))
    graphs = student.tools.observe("graphs", {name: has_graph(v) for name, v in kept.value.items()})
    if any(graphs.values()):
        fail("An entry hangs on a graph: its requires_grad is True.")
    if any(elsewhere(v) for v in kept.value.values()):
        fail("An entry is on another device than the model.", "device-lost")


def test_can_be_loaded(student, draw):
    """A model that has been given the copy computes what it did."""
    x = draw.normal(5, 2)
    model, kept = taken(student, initial_state(PLAN))
    model.train(False)
    before = model.forward(x)
    model.load(initial_state(PLAN, 5))
    if set(kept.value) != set(initial_state(PLAN)):
        fail("The names are not those of `state_dict()`, so the copy cannot be loaded.")
    model.load(kept.value)
    close(model.forward(x), before, "the output with the copy loaded")


def test_keeps_float32(student):
    """A float32 model has a float32 copy, and its counter stays a whole number."""
    state = initial_state(PLAN, dtype=torch.float32)
    _, kept = taken(student, state)
    found = student.tools.observe("dtypes", {name: str(value.dtype) for name, value in kept.value.items()})
    due = {name: str(value.dtype) for name, value in state.items()}
    if any(found[name] != due[name] for name in found if name in due):
        fail("An entry has another dtype than in the model.", "dtype-lost")
    # Under other names no entry tells whose copy it is, but all of them together have the same dtypes.
    if not set(found) & set(due) and sorted(found.values()) != sorted(due.values()):
        fail("An entry has another dtype than in the model.", "dtype-lost")


def test_leaves_the_model_alone(student):
    """The model's values and modes are as before, and its parameters still require a gradient."""
    model = student.tools.model(PLAN)
    model.set_flags({"1": False})
    flags = model.flags()
    student.snapshot(model)
    inputs_unchanged(student)
    if model.flags() != flags or not all(model.requires_grad().values()):
        fail("After the call the model is in another mode, or its parameters require no gradient.")
