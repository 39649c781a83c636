"""Hidden checks of `second_derivative`, against closed forms."""

import pytest
import torch

from autograder.checks import close, fail, formula, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("second_derivative")

CURVE = formula(lambda v: v**4 + torch.sin(v))
PARABOLA = formula(lambda v: 5 * v * v - v)
LINE = formula(lambda v: 3 * v + 1)


def due(x):
    """Return the second derivative of CURVE."""
    return 12 * x**2 - torch.sin(x)


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(5,), (2, 3)], ids=["vector", "matrix"])
def test_differentiates_twice(student, draw, shape):
    """For a curve it is the derivative of the derivative at every place; x stays as it is."""
    x = draw.normal(*shape)
    close(repeatable(student, "second_derivative", CURVE, x), due(x), "the second derivative")
    inputs_unchanged(student)


@pytest.mark.weight(2)
@pytest.mark.diagnosis(error="second-crashes-on-lines")
def test_of_a_line_is_zero(student, draw):
    """Where f is linear the result is zero, in x's shape, and where f curves it is not."""
    x = draw.normal(4)
    close(student.second_derivative(LINE, x), torch.zeros(4).double(), "the second derivative")
    curved = student.second_derivative(PARABOLA, x)
    if isinstance(curved, torch.Tensor) and not curved.any():
        fail("The result is zero for a parabola as well.")


def test_of_a_parabola_is_constant(student, draw):
    """Where f is a parabola it is twice its leading coefficient."""
    close(student.second_derivative(PARABOLA, draw.normal(3)), torch.full((3,), 10.0).double(), "the second derivative")


def test_takes_what_requires_a_gradient(student, draw):
    """An x that requires a gradient is treated like any other."""
    x = draw.normal(3).requires_grad_()
    close(student.second_derivative(CURVE, x), due(x.detach()), "the second derivative")


def test_keeps_float32(student, draw):
    """float32 in, float32 out."""
    x = draw.normal(5, dtype=torch.float32)
    close(student.second_derivative(CURVE, x), due(x.double()), "the second derivative", dtype=torch.float32)
