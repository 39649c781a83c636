"""Hidden checks of `GradientScale`."""

import pytest
import torch

from autograder.checks import StudentError, close, expect_model, fail

pytestmark = pytest.mark.exercise("GradientScale")


@pytest.mark.weight(3)
@pytest.mark.parametrize("factor", [-0.4, 2.5], ids=["turned round", "larger"])
def test_scales_the_gradient_and_not_the_values(student, draw, factor):
    """The values are those of x, and the gradient that comes back is multiplied by the factor."""
    x, upstream = draw.normal(3, 2), draw.normal(3, 2)
    output, _, gradient = expect_model(student.GradientScale(factor)).backward(x, upstream)
    close(output, x, "the output")
    close(gradient, factor * upstream, "the gradient of the input")


def test_stops_the_gradient_at_zero(student, draw):
    """With the factor 0 the gradient is zero everywhere."""
    x, upstream = draw.normal(4), draw.normal(4)
    output, _, gradient = expect_model(student.GradientScale(0.0)).backward(x, upstream)
    close(output, x, "the output")
    close(gradient, torch.zeros(4).double(), "the gradient of the input")


@pytest.mark.diagnosis(error="scale-crashes-without-grad")
def test_takes_what_requires_no_gradient(student, draw):
    """An x that requires no gradient passes as it is, in both modes."""
    model, x = expect_model(student.GradientScale(0.5)), draw.normal(3)
    for training in (True, False):
        model.train(training)
        close(model.forward(x), x, "the output")
    # A layer that does nothing passes everything; one that cuts the graph loses elsewhere.
    upstream = draw.normal(3)
    try:
        gradient = model.backward(x, upstream)[2]
    except StudentError:
        return
    if gradient is not None and torch.equal(gradient, upstream):
        fail("The layer passes the gradient as it is, too: it does nothing.", "scale-ignored")


def test_works_in_both_modes_and_again(student, draw):
    """In evaluation mode the gradient is scaled as well, and a second pass is like the first."""
    model = expect_model(student.GradientScale(-3.0))
    for training in (False, True, True):
        model.train(training)
        x, upstream = draw.normal(2, 3), draw.normal(2, 3)
        output, _, gradient = model.backward(x, upstream)
        close(output, x, "the output")
        close(gradient, -3 * upstream, "the gradient of the input")


def test_two_layers_have_factors_of_their_own(student, draw):
    """A second layer with another factor changes nothing about the first one."""
    first, second = (expect_model(student.GradientScale(factor)) for factor in (0.25, 4.0))
    x, upstream = draw.normal(3), draw.normal(3)
    for model, factor in ((first, 0.25), (second, 4.0)):
        close(model.backward(x, upstream)[2], factor * upstream, "the gradient of the input")


def test_keeps_float32(student, draw):
    """float32 in, float32 out, on the way back too."""
    x, upstream = draw.normal(3, 2, dtype=torch.float32), draw.normal(3, 2, dtype=torch.float32)
    output, _, gradient = expect_model(student.GradientScale(0.3)).backward(x, upstream)
    close([output, gradient], [x.double(), 0.3 * upstream.double()], "output and gradient", dtype=torch.float32)
