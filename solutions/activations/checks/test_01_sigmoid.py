"""Hidden checks of `sigmoid`. In the tails nothing is relative to the value: ½(1 + tanh(x/2)) is right."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("sigmoid")


def far_out(draw, dtype=torch.float64):
    """Return numbers around zero, and up to ±1000."""
    far = draw.uniform(800, 1000, 2)
    ends = torch.tensor([1000.0, -1000.0], dtype=torch.float64)
    return torch.cat([draw.normal(4), far, -far, ends]).to(dtype)


@pytest.mark.weight(3)
def test_is_the_sigmoid(student, draw):
    """The value is 1/(1 + e⁻ˣ), element by element."""
    x = 3 * draw.normal(4, 3)
    close(student.sigmoid(x), torch.sigmoid(x), "the sigmoid")


@pytest.mark.weight(2)
def test_is_finite_far_out(student, draw):
    """Up to ±1000 the value is a number, next to 0 on one side and to 1 on the other."""
    x = far_out(draw)
    close(student.sigmoid(x), torch.sigmoid(x), "the sigmoid")


@pytest.mark.weight(2)
def test_gradient_is_right(student, draw):
    """A gradient that comes back through the sigmoid is multiplied by σ(x)·(1 − σ(x))."""
    x, upstream = 2 * draw.normal(3, 2), draw.normal(3, 2)
    _, (gradient,) = student.tools.vjp("sigmoid", (x,), upstream)
    close(gradient, upstream * torch.sigmoid(x) * torch.sigmoid(-x), "the gradient")


@pytest.mark.weight(2)
def test_gradient_is_finite_far_out(student, draw):
    """Up to ±1000 the gradient is a number: far out it is zero, and no NaN."""
    x = far_out(draw)
    upstream = draw.normal(*x.shape)
    _, (gradient,) = student.tools.vjp("sigmoid", (x,), upstream)
    close(gradient, upstream * torch.sigmoid(x) * torch.sigmoid(-x), "the gradient")


def test_keeps_float32(student, draw):
    """float32 in, float32 out, and finite there too."""
    x = far_out(draw, torch.float32)
    close(student.sigmoid(x), torch.sigmoid(x.double()), "the sigmoid", dtype=torch.float32, ops=1024)


def test_takes_any_shape_and_leaves_it_alone(student, draw):
    """A single number has a sigmoid too; x is the same afterwards, and a second call gives the same answer."""
    for x in (draw.normal(1)[0], draw.normal(2, 1, 3)):
        close(repeatable(student, "sigmoid", x), torch.sigmoid(x), "the sigmoid")
        inputs_unchanged(student)
