"""Hidden checks of `tracked`."""

import pytest
import torch

from autograder.checks import close, fail, formula, has_graph, inputs_unchanged, raises

pytestmark = pytest.mark.exercise("tracked")

SQUARE = formula(lambda v: v * v)
#: Whatever is given has another number of elements.
BREAKS = formula(lambda v: v.reshape(7, 7))
BOTH = pytest.mark.parametrize("enabled", [True, False], ids=["on", "off"])


def vector(draw, dtype=torch.float64):
    """Draw three numbers that require a gradient."""
    return draw.normal(3, dtype=dtype).requires_grad_()


def recorded_as_asked(answer, x, enabled, **how):
    """Require x² and its graph, or none."""
    close(answer, x.detach().double() ** 2, "f(x)", **how)
    if has_graph(answer) is not enabled:
        fail("f(x) has a graph where none is asked for, or none where one is asked for.")


def leads_back_as_asked(student, draw, enabled, **where):
    """Require that a gradient comes back to x through f, or none: requires_grad alone can be set by hand."""
    x, upstream = draw.normal(3), draw.normal(3)
    _, (gradient,) = student.tools.vjp("tracked", (SQUARE, x, enabled), upstream, **where)
    if (gradient is not None) is not enabled:
        fail("f(x) has a graph where none is asked for, or none where one is asked for.")
    if enabled:
        close(gradient, 2 * x * upstream, "the gradient that comes back to x")


def switches(student, draw):
    """Require that f(x) is recorded where that is off outside, or depends on enabled: f(x) alone does neither."""
    x, upstream = draw.normal(3), draw.normal(3)

    def leads_back(enabled, **where):
        _, (gradient,) = student.tools.vjp("tracked", (SQUARE, x, enabled), upstream, **where)
        return gradient is not None

    if not leads_back(True, under_no_grad=True) and leads_back(True) is leads_back(False):
        fail("Whether f(x) has a graph does not depend on enabled: the mode is not switched.")


@pytest.mark.weight(2)
@BOTH
def test_records_if_asked(student, draw, enabled):
    """Where recording is on outside, f(x) has a graph if enabled is true, and none if it is false."""
    switches(student, draw)
    x = vector(draw)
    recorded_as_asked(student.tracked(SQUARE, x, enabled), x, enabled)
    leads_back_as_asked(student, draw, enabled)


@pytest.mark.weight(2)
@BOTH
def test_does_not_depend_on_the_mode_outside(student, draw, enabled):
    """Inside torch.no_grad() it is the same: enabled says whether f(x) has a graph."""
    switches(student, draw)
    x = vector(draw)
    recorded_as_asked(student.tools.under_no_grad("tracked", SQUARE, x, enabled), x, enabled)
    leads_back_as_asked(student, draw, enabled, under_no_grad=True)


@pytest.mark.weight(2)
@BOTH
def test_leaves_the_mode_as_it_was(student, draw, enabled):
    """After the call recording is on if it was on before, and off if it was off. What comes back is f(x)."""
    switches(student, draw)
    for call in (student.tracked, lambda *given: student.tools.under_no_grad("tracked", *given)):
        x = vector(draw)
        close(call(SQUARE, x, enabled), x.detach() ** 2, "f(x)")
        if not student.tools.kept_grad_mode():
            fail("After the call the mode is another one than before.")


def test_leaves_the_mode_after_an_error(student, draw):
    """If f raises, the error comes out, and recording is on again."""
    switches(student, draw)
    raises(student, "tracked", BREAKS, vector(draw), enabled=False, error="RuntimeError")
    if not student.tools.grad_enabled():
        fail("After an error in f recording is still off.")


def test_keeps_float32(student, draw):
    """float32 in, float32 out, and the input stays."""
    switches(student, draw)
    x = vector(draw, torch.float32)
    recorded_as_asked(student.tracked(SQUARE, x, enabled=True), x, enabled=True, dtype=torch.float32)
    inputs_unchanged(student)
