"""Hidden checks of `visit_order`."""

import pytest
import torch

from autograder.checks import (
    batchnorm1d,
    close,
    initial_state,
    inputs_unchanged,
    linear,
    modulelist,
    relu,
    repeatable,
    routed,
    sequential,
    tanh,
)

pytestmark = pytest.mark.exercise("visit_order")


@pytest.mark.weight(2)
def test_parts_come_before_the_whole(student):
    """Children come before their parent, in their order, and the model itself is the last."""
    model = student.tools.model(sequential(linear(2, 3), sequential(relu(), linear(3, 2)), tanh()))
    close(student.visit_order(model), ["0", "1.0", "1.1", "1", "2", ""], "the names")


@pytest.mark.weight(2)
def test_names_are_qualified(student):
    """A name is the whole way down to a module, also three floors below."""
    inner = sequential(bend=tanh(), out=linear(3, 3))
    plan = sequential(first=linear(2, 3), mid=sequential(relu(), batchnorm1d(3), inner=inner), last=linear(3, 2))
    due = ["first", "mid.0", "mid.1", "mid.inner.bend", "mid.inner.out", "mid.inner", "mid", "last", ""]
    close(student.visit_order(student.tools.model(plan)), due, "the names")


def test_every_module_counts(student):
    """Lists of modules, and modules that are never called, are visited in the order in which they were registered."""
    plan = routed(("b", "a"), a=linear(3, 2), spare=modulelist(relu(), sequential()), b=linear(2, 3))
    due = ["a", "spare.0", "spare.1", "spare", "b", ""]
    close(student.visit_order(student.tools.model(plan)), due, "the names")


def test_a_single_module_is_itself(student):
    """A module without children gives one name, that of the model."""
    close(student.visit_order(student.tools.model(linear(2, 1))), [""], "the names")


def test_leaves_no_trace(student):
    """The model is as before, in float32 too, and a second call gives the same list."""
    plan = sequential(linear(2, 3), sequential(batchnorm1d(3)))
    model = student.tools.model(plan, initial_state(plan, dtype=torch.float32))
    model.set_flags({"0": False})
    flags = model.flags()
    close(repeatable(student, "visit_order", model), ["0", "1.0", "1", ""], "the names")
    inputs_unchanged(student)
    close(model.flags(), flags, "the training flags")
