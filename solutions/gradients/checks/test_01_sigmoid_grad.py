"""Hidden checks of `sigmoid_grad`, where no autograd is to be had."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("sigmoid_grad")


@pytest.mark.weight(2)
def test_is_the_slope_of_the_sigmoid(student, reference, draw):
    """The value is σ(x)·(1 − σ(x)), on both sides of zero."""
    x = 3 * draw.normal(12)
    close(student.tools.without_autograd("sigmoid_grad", x), reference.sigmoid_grad(x), "the derivative")


@pytest.mark.diagnosis(error="grad-overflows")
def test_is_finite_far_out(student, draw):
    """Up to ±1000 the derivative is a finite number; far out it is zero."""
    far = draw.uniform(800, 1000, 4)
    x = torch.cat([torch.tensor([0.0], dtype=torch.float64), far, -far])
    close(
        student.tools.without_autograd("sigmoid_grad", x), torch.tensor([0.25] + 8 * [0.0]).double(), "the derivative"
    )


@pytest.mark.parametrize("shape", [(), (2, 3)], ids=["scalar", "matrix"])
def test_works_for_any_shape(student, reference, draw, shape):
    """Scalars and matrices are answered element by element."""
    x = draw.normal(*shape)
    close(student.tools.without_autograd("sigmoid_grad", x), reference.sigmoid_grad(x), "the derivative")


def test_keeps_float32(student, reference, draw):
    """float32 inputs give float32 results."""
    x = draw.normal(6).float()
    close(student.sigmoid_grad(x), reference.sigmoid_grad(x), "the derivative", dtype=torch.float32)


def test_leaves_its_inputs_alone(student, draw):
    """The input is the same afterwards, and a second call gives the same answer."""
    repeatable(student, "sigmoid_grad", draw.normal(5))
    inputs_unchanged(student)
