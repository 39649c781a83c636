"""Hidden checks of `softplus`. What is compared at once has one scale: the digits of a tail do not show beside 1000."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("softplus")


def softplus(x):
    """The logarithm of e⁰ + eˣ, without loss on either side."""
    return torch.logaddexp(x, torch.zeros_like(x))


@pytest.mark.weight(3)
def test_is_softplus(student, draw):
    """The value is log(1 + eˣ), element by element."""
    x = 3 * draw.normal(4, 3)
    close(student.softplus(x), softplus(x), "softplus")


@pytest.mark.weight(2)
def test_is_finite_far_out(student, draw):
    """Up to ±1000 the value is a number: x itself to the right, zero to the left."""
    far = draw.uniform(800, 1000, 3)
    x = torch.cat([draw.normal(3), far, -far, torch.tensor([1000.0, -1000.0], dtype=torch.float64)])
    close(student.softplus(x), softplus(x), "softplus")


@pytest.mark.weight(2)
def test_keeps_the_digits_of_the_tail(student, draw):
    """Around −40 the value is tiny, and right to nine digits."""
    x = draw.uniform(-41, -39, 5)
    close(student.softplus(x), softplus(x), "softplus in the left tail")


@pytest.mark.weight(2)
def test_gradient_is_the_sigmoid(student, draw):
    """A gradient that comes back through softplus is multiplied by σ(x)."""
    x, upstream = 2 * draw.normal(3, 2), draw.normal(3, 2)
    _, (gradient,) = student.tools.vjp("softplus", (x,), upstream)
    close(gradient, upstream * torch.sigmoid(x), "the gradient")


def test_gradient_at_zero_is_one_half(student, draw):
    """At exactly zero softplus is smooth, and its slope is ½."""
    x, upstream = torch.zeros(3, dtype=torch.float64), draw.normal(3)
    _, (gradient,) = student.tools.vjp("softplus", (x,), upstream)
    close(gradient, upstream / 2, "the gradient")


@pytest.mark.weight(2)
def test_gradient_is_finite_far_out(student, draw):
    """Up to ±1000 the gradient is a number: one to the right, zero to the left, and no NaN."""
    far = draw.uniform(800, 1000, 3)
    x, upstream = torch.cat([draw.normal(3), far, -far]), draw.normal(9)
    _, (gradient,) = student.tools.vjp("softplus", (x,), upstream)
    close(gradient, upstream * torch.sigmoid(x), "the gradient")


def test_keeps_float32(student, draw):
    """float32 in, float32 out, and finite there too."""
    x = torch.cat([draw.normal(4), torch.tensor([1000.0, -1000.0], dtype=torch.float64)]).float()
    found = student.softplus(x)
    close(found, softplus(x.double()), "softplus", dtype=torch.float32)
    x = 2 * draw.normal(5, dtype=torch.float32)
    close(student.softplus(x), softplus(x.double()), "softplus", dtype=torch.float32, ops=1024)


def test_takes_any_shape_and_leaves_it_alone(student, draw):
    """A single number has a softplus too; x is the same afterwards, and a second call gives the same answer."""
    for x in (draw.normal(1)[0], draw.normal(2, 1, 3)):
        close(repeatable(student, "softplus", x), softplus(x), "softplus")
        inputs_unchanged(student)
