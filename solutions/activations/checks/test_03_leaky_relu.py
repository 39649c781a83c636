"""Hidden checks of `leaky_relu`. No input is zero: the slope there is up to the student."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("leaky_relu")


def both_sides(draw, *shape, dtype=torch.float64):
    """Return numbers away from zero, of both signs in every row."""
    x = draw.uniform(0.2, 3, *shape)
    x[..., ::2] *= -1
    return x.to(dtype)


@pytest.mark.weight(2)
def test_keeps_a_hundredth_by_default(student, reference, draw):
    """Without a slope given, negative numbers keep one hundredth of themselves."""
    x = both_sides(draw, 3, 4)
    close(student.leaky_relu(x), reference.leaky_relu(x), "leaky ReLU")


@pytest.mark.weight(2)
def test_uses_the_slope_that_is_given(student, reference, draw):
    """A slope between zero and one multiplies the negative numbers, and only those."""
    x, slope = both_sides(draw, 3, 4), draw.uniform(0.2, 0.7, 1).item()
    close(student.leaky_relu(x, slope), reference.leaky_relu(x, slope), "leaky ReLU")


@pytest.mark.weight(2)
def test_takes_slopes_above_one(student, reference, draw):
    """A slope above one makes negative numbers larger, and leaves positive ones as they are."""
    x, slope = both_sides(draw, 3, 4), draw.uniform(1.5, 3, 1).item()
    close(student.leaky_relu(x, slope), reference.leaky_relu(x, slope), "leaky ReLU")


def test_takes_slopes_that_are_zero_or_negative(student, reference, draw):
    """With slope 0 it is ReLU; a negative slope turns the sign."""
    x, slope = both_sides(draw, 3, 4), -draw.uniform(0.2, 1.5, 1).item()
    for given in (0.0, slope):
        close(student.leaky_relu(x, given), reference.leaky_relu(x, given), "leaky ReLU")


@pytest.mark.weight(2)
def test_gradient_is_one_or_the_slope(student, draw):
    """A gradient passes unchanged where x is positive, and times the slope where it is negative."""
    x, upstream, slope = both_sides(draw, 3, 4), draw.normal(3, 4), draw.uniform(0.2, 0.7, 1).item()
    _, (gradient,) = student.tools.vjp("leaky_relu", (x, slope), upstream)
    close(gradient, torch.where(x > 0, upstream, slope * upstream), "the gradient")


def test_is_finite_far_out(student, reference, draw):
    """At ±1000 value and gradient are numbers."""
    x, upstream = torch.tensor([-1000.0, 1000.0], dtype=torch.float64), draw.normal(2)
    value, (gradient,) = student.tools.vjp("leaky_relu", (x, 0.25), upstream)
    close(value, reference.leaky_relu(x, 0.25), "leaky ReLU")
    close(gradient, upstream * torch.tensor([0.25, 1.0], dtype=torch.float64), "the gradient")


def test_keeps_float32(student, reference, draw):
    """float32 in, float32 out."""
    x = both_sides(draw, 3, 4, dtype=torch.float32)
    close(student.leaky_relu(x, 0.375), reference.leaky_relu(x, 0.375), "leaky ReLU", dtype=torch.float32)


def test_takes_any_shape_and_leaves_it_alone(student, reference, draw):
    """Any shape will do; x is the same afterwards, and a second call gives the same answer."""
    for x in (both_sides(draw, 1)[0], both_sides(draw, 2, 1, 3)):
        close(repeatable(student, "leaky_relu", x, 0.5), reference.leaky_relu(x, 0.5), "leaky ReLU")
        inputs_unchanged(student)
