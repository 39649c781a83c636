"""Hidden checks of `relu_grad`, where no autograd is to be had; no input is zero, where there is no derivative."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("relu_grad")


@pytest.mark.weight(2)
def test_is_one_right_of_zero_and_zero_left_of_it(student, reference, draw):
    """The value is 1 for positive and 0 for negative inputs, however small."""
    x = draw.log_uniform(1e-6, 10, 12)
    x[:2] = torch.tensor([1e-9, -1e-9])
    close(student.tools.without_autograd("relu_grad", x), reference.relu_grad(x), "the derivative")


def test_is_finite_far_out(student, draw):
    """Up to ±1000 the derivative is 1 or 0."""
    far = draw.uniform(800, 1000, 4)
    x = torch.cat([far, -far])
    close(
        student.tools.without_autograd("relu_grad", x), torch.tensor(4 * [1.0] + 4 * [0.0]).double(), "the derivative"
    )


@pytest.mark.parametrize("shape", [(), (2, 3)], ids=["scalar", "matrix"])
def test_works_for_any_shape(student, reference, draw, shape):
    """Scalars and matrices are answered element by element, on both sides of zero."""
    drawn = draw.log_uniform(0.1, 3, *shape)
    for x in (drawn, -drawn):
        close(student.tools.without_autograd("relu_grad", x), reference.relu_grad(x), "the derivative")


def test_keeps_float32(student, reference, draw):
    """float32 inputs give float32 results."""
    x = draw.log_uniform(0.1, 3, 6).float()
    close(student.relu_grad(x), reference.relu_grad(x), "the derivative", dtype=torch.float32)


def test_leaves_its_inputs_alone(student, draw):
    """The input is the same afterwards, and a second call gives the same answer."""
    repeatable(student, "relu_grad", draw.log_uniform(0.1, 3, 5))
    inputs_unchanged(student)
