"""Hidden checks of `batch_to_image`. A picture is in numpy, so it is on no device.

But for one check, numbers times 255 lie a quarter above a whole number: there, cutting off and rounding agree.
"""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("batch_to_image")


def batch(draw, *shape, above=0.25, dtype=torch.float64):
    """Draw numbers (k + above)/255 with k from 5 to 250."""
    return ((torch.floor(draw.uniform(5, 251, *shape)) + above) / 255).to(dtype)


@pytest.mark.weight(3)
def test_permutes_and_scales(student, reference, draw):
    """Every number is multiplied by 255 and keeps its row, its column and its channel."""
    x = batch(draw, 1, 3, 4, 5)
    close(repeatable(student, "batch_to_image", x), reference.batch_to_image(x), "the picture")


@pytest.mark.weight(2)
def test_clamps(student, reference, draw):
    """What is below 0 becomes 0, what is above 1 becomes 255."""
    x = batch(draw, 1, 2, 3, 4)
    x[0, 0, 0] = draw.uniform(-0.9, -0.1, 4)
    x[0, 1, 1] = draw.uniform(1.1, 1.9, 4)
    close(student.batch_to_image(x), reference.batch_to_image(x), "the picture")


@pytest.mark.parametrize("channels", [1, 4])
def test_takes_any_number_of_channels(student, reference, draw, channels):
    """One channel gives a picture (H, W), more give (H, W, C)."""
    x = batch(draw, 1, channels, 4, 3)
    close(student.batch_to_image(x), reference.batch_to_image(x), "the picture")


@pytest.mark.convention
@pytest.mark.weight(2)
def test_rounds_to_the_nearest(student, reference, draw):
    """A number whose fraction is three quarters is rounded up."""
    x = batch(draw, 1, 3, 2, 4, above=0.75)
    close(student.batch_to_image(x), reference.batch_to_image(x), "the picture")


@pytest.mark.diagnosis(error="image-crashes-on-graph")
def test_takes_what_hangs_on_a_graph(student, reference, draw):
    """A batch that requires a gradient is turned into a picture like any other."""
    x = batch(draw, 1, 3, 2, 2).requires_grad_()
    close(student.batch_to_image(x), reference.batch_to_image(x), "the picture")


def test_takes_float32(student, reference, draw):
    """A float32 batch, as networks give it, is turned into a picture in the same way."""
    x = batch(draw, 1, 3, 3, 4, dtype=torch.float32)
    close(student.batch_to_image(x), reference.batch_to_image(x), "the picture")


def test_leaves_the_batch_alone(student, reference, draw):
    """The batch is the same afterwards, also where it has to be clamped."""
    x = draw.uniform(-1, 2, 1, 3, 3, 3)
    student.batch_to_image(x)
    inputs_unchanged(student)
