"""Hidden checks of `saturated_fraction`. No slope lies at a threshold: there right answers may differ by rounding."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, raises, repeatable

pytestmark = pytest.mark.exercise("saturated_fraction")

NAMES = ("sigmoid", "tanh", "relu", "leaky_relu", "softplus")
#: A share is right to six digits.
SIX = {"dtype": torch.float32, "ops": 8}


def slopes(x):
    """The slopes of all five, which nobody asks about where they touch."""
    s = torch.sigmoid(x)
    return [s * (1 - s), 1 - torch.tanh(x) ** 2, s]


def spread(draw, n, threshold, dtype=torch.float64):
    """Return n numbers away from zero whose slopes are at least 3 % away from the threshold."""
    x = (3 * draw.normal(3 * n)).to(dtype)
    near = torch.stack([(slope / threshold - 1).abs() < 0.03 for slope in slopes(x.double())]).any(0)
    return x[~near & (x.abs() > 0.01)][:n].clone()


@pytest.mark.parametrize("name", NAMES)
def test_is_the_share_of_small_slopes(student, reference, draw, name):
    """The share of elements at which the slope of the activation is below the threshold."""
    x = spread(draw, 200, 0.05)
    close(student.saturated_fraction(name, x, 0.05), reference.saturated_fraction(name, x, 0.05), "the share", **SIX)


@pytest.mark.parametrize("threshold", [0.002, 0.3, 0.99, 1.5])
def test_uses_the_threshold_that_is_given(student, reference, draw, threshold):
    """A lower threshold calls fewer elements saturated, a higher one more, and one above all slopes calls all."""
    x = spread(draw, 200, threshold)
    mine, due = ([side.saturated_fraction(n, x, threshold) for n in NAMES] for side in (student, reference))
    close(mine, due, "the shares", levels=("activation",), **SIX)


def test_is_a_share_of_all_elements(student, reference, draw):
    """x may have any shape, and what is counted is a share of all its elements."""
    x = spread(draw, 60, 0.05).reshape(3, 4, 5)
    mine, due = (side.saturated_fraction("tanh", x, 0.05) for side in (student, reference))
    close(mine, due, "the share", **SIX)


def test_goes_far_out(student, draw):
    """At ±1000 the sigmoid and tanh are saturated on both sides, softplus to the left."""
    x = torch.cat([draw.uniform(800, 1000, 3), -draw.uniform(800, 1000, 5)])
    found = [student.saturated_fraction(name, x, 0.05) for name in ("sigmoid", "tanh", "softplus")]
    close(found, [1.0, 1.0, 0.625], "the shares", levels=("activation",), **SIX)


@pytest.mark.weight(2)
def test_refuses_other_names(student, draw):
    """A name that is none of the five raises a ValueError."""
    for name in ("step", "ReLU"):
        raises(student, "saturated_fraction", name, draw.normal(4), 0.05, error="ValueError")


def test_takes_float32(student, reference, draw):
    """float32 inputs have a share too, a Python float."""
    x = spread(draw, 100, 0.05, torch.float32)
    mine, due = ([side.saturated_fraction(n, x, 0.05) for n in NAMES] for side in (student, reference))
    close(mine, due, "the shares", levels=("activation",), **SIX)


def test_leaves_x_alone(student, reference, draw):
    """x is the same afterwards, and a second call gives the same answer."""
    for name in NAMES:
        x = spread(draw, 50, 0.05)
        mine = repeatable(student, "saturated_fraction", name, x, 0.05)
        inputs_unchanged(student)
        close(mine, reference.saturated_fraction(name, x, 0.05), "the share", **SIX)
