"""Hidden checks of `gradient_descent`."""

import pytest
import torch

from autograder.checks import close, fail, formula, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("gradient_descent")


@pytest.fixture
def bowl(draw):
    """A quadratic bowl ½·xᵀAx + bᵀx with a curvature between 1 and 3 in every direction."""
    q = torch.linalg.qr(draw.normal(3, 3))[0]
    a = q @ torch.diag(draw.uniform(1, 3, 3)) @ q.T
    b = draw.normal(3)
    return formula(lambda x: 0.5 * x @ a @ x + b @ x)


def test_path_has_a_row_for_the_start_and_one_for_each_step(student, draw):
    """The result has one row for the start and one for each step, and the first row is x0."""
    x0 = draw.normal(2, 3)
    path = student.gradient_descent(formula(lambda x: (x**2).sum()), x0, 0.1, 4)
    if not isinstance(path, torch.Tensor) or tuple(path.shape) != (5, 2, 3):
        fail("Four steps from a (2, 3) start make a tensor of shape (5, 2, 3).")
    close(path[0], x0, "the first row")


@pytest.mark.weight(2)
def test_walks_down_a_quadratic_bowl(student, reference, draw, bowl):
    """On a quadratic bowl each iterate is the one before, minus lr times the gradient there."""
    x0 = draw.normal(3)
    close(student.gradient_descent(bowl, x0, 0.2, 5), reference.gradient_descent(bowl, x0, 0.2, 5), "the path")


@pytest.mark.weight(2)
def test_walks_down_a_curved_valley(student, reference, draw):
    """On a function that is not quadratic the gradient is taken anew at every iterate."""

    @formula
    def valley(x):
        return torch.log(torch.cosh(x)).sum() + 0.1 * ((x[0] * x[1] - 1) ** 2).sum()

    x0 = draw.uniform(0.5, 2, 2, 2)
    close(
        student.gradient_descent(valley, x0, 0.3, 4),
        reference.gradient_descent(valley, x0, 0.3, 4),
        "the path",
    )


def test_no_steps_give_the_start_alone(student, draw):
    """With steps=0, and only then, the result is x0 alone, with shape (1, *x0.shape)."""
    x0 = draw.normal(3)
    f = formula(lambda x: (x**2).sum())
    close(student.gradient_descent(f, x0, 0.1, 0), x0[None], "the path")
    further = student.gradient_descent(f, x0, 0.1, 2)
    if not isinstance(further, torch.Tensor) or further.shape == (1, 3):
        fail("Two steps give no more than the start.")


def test_keeps_float32(student, reference, draw):
    """A float32 start gives a float32 path."""
    x0 = draw.normal(3, dtype=torch.float32)
    close(
        student.gradient_descent(formula(lambda x: (x**4).sum()), x0, 0.05, 3),
        reference.gradient_descent(formula(lambda x: (x**4).sum()), x0, 0.05, 3),
        "the path",
        dtype=torch.float32,
        ops=256,
    )


def test_leaves_the_start_alone(student, draw):
    """x0 is the same afterwards, and a second call gives the same path."""
    x0 = draw.normal(2, 2)
    repeatable(student, "gradient_descent", formula(lambda x: (x**2).sum()), x0, 0.1, 3)
    inputs_unchanged(student)


def test_start_may_require_a_gradient(student, reference, draw):
    """It does not matter whether x0 itself requires a gradient."""
    x0 = draw.normal(2).requires_grad_()
    f = formula(lambda x: torch.sin(x).sum())
    close(
        student.gradient_descent(f, x0, 0.1, 2),
        reference.gradient_descent(f, x0, 0.1, 2),
        "the path",
    )
