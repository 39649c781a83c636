"""Hidden checks of `intermediate_gradient`, against closed forms."""

import pytest
import torch

from autograder.checks import close, fail, formula, initial_state, inputs_unchanged, linear, repeatable

pytestmark = pytest.mark.exercise("intermediate_gradient")

WAVE = formula(lambda v: torch.sin(v) + 2)
CUBES = formula(lambda y: (y**3).sum())
#: One number for each row.
ROWS = formula(lambda v: (v * v).sum(1))
MEAN_OF_SQUARES = formula(lambda y: (y**2).mean())
LAYER = linear(3, 2)


@pytest.mark.weight(3)
@pytest.mark.parametrize("asked", [False, True], ids=["plain", "requires a gradient"])
def test_is_the_gradient_with_respect_to_the_middle(student, draw, asked):
    """The result is the gradient of g at the place f(x), whether x requires a gradient or not; x stays as it is."""
    x = draw.normal(4).requires_grad_(asked)
    due = 3 * (torch.sin(x.detach()) + 2) ** 2
    close(repeatable(student, "intermediate_gradient", WAVE, CUBES, x), due, "the gradient")
    inputs_unchanged(student)


@pytest.mark.weight(2)
def test_has_the_shape_of_the_middle(student, draw):
    """Where f changes the shape, the gradient has the shape of f(x), not that of x."""
    x = draw.normal(4, 3)
    due = 2 * (x * x).sum(1) / 4
    close(student.intermediate_gradient(ROWS, MEAN_OF_SQUARES, x), due, "the gradient")


@pytest.mark.weight(2)
@pytest.mark.parametrize("asked", [False, True], ids=["plain", "requires a gradient"])
def test_leaves_no_gradient_behind(student, draw, asked):
    """If f is a layer, its parameters have no .grad afterwards."""
    state, x = initial_state(LAYER), draw.normal(2, 3).requires_grad_(asked)
    layer = student.tools.model(LAYER, state)
    middle = x.detach() @ state["weight"].T + state["bias"]
    close(student.intermediate_gradient(layer, CUBES, x), 3 * middle**2, "the gradient")
    if any(gradient is not None for gradient in layer.grads().values()):
        fail("A parameter that f uses has a .grad after the call: backward() fills it, torch.autograd.grad does not.")


def test_keeps_float32(student, draw):
    """float32 in, float32 out."""
    x = draw.normal(4, dtype=torch.float32)
    due = 3 * (torch.sin(x.double()) + 2) ** 2
    close(student.intermediate_gradient(WAVE, CUBES, x), due, "the gradient", dtype=torch.float32)
