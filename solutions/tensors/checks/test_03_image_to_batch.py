"""Hidden checks of `image_to_batch`. A picture is on no device, so its batch may be on any.

No picture has a brightest number of 255, or a division by the maximum would be right by chance.
"""

import numpy as np
import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("image_to_batch")


def picture(draw, *shape):
    """Draw a uint8 picture with numbers from 10 to 239."""
    return np.asarray(draw.uniform(10, 240, *shape)).astype(np.uint8)


def close_batches(mine, due):
    """Compare float32 batches."""
    close(mine, due, "the batch", dtype=torch.float32, anywhere=True)


def due_of(image):
    """Return the batch of a picture (H, W, C), number by number."""
    height, width, channels = image.shape
    return torch.tensor(
        [[[[int(image[h, w, c]) / 255 for w in range(width)] for h in range(height)] for c in range(channels)]],
        dtype=torch.float64,
    )


@pytest.mark.weight(3)
def test_permutes_and_scales(student, draw):
    """Every number is divided by 255 and keeps its row, its column and its channel."""
    image = picture(draw, 3, 4, 3)
    close_batches(student.image_to_batch(image), due_of(image))


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_takes_any_number_of_channels(student, draw, channels):
    """Pictures (H, W, C) have one, two or four channels as well."""
    image = picture(draw, 4, 3, channels)
    close_batches(student.image_to_batch(image), due_of(image))


@pytest.mark.weight(2)
def test_a_grey_picture_has_one_channel(student, draw):
    """An array (H, W) becomes a batch (1, 1, H, W)."""
    image = picture(draw, 3, 5)
    close_batches(student.image_to_batch(image), due_of(image[:, :, None]))


def test_black_stays_black(student, draw):
    """A picture without any light is zero everywhere, and finite."""
    close_batches(student.image_to_batch(np.zeros((2, 3, 3), dtype=np.uint8)), torch.zeros(1, 3, 2, 3).double())


def test_leaves_the_picture_alone(student, draw):
    """The picture is the same afterwards, and a second call gives the same answer."""
    image = picture(draw, 3, 2, 3)
    close_batches(repeatable(student, "image_to_batch", image), due_of(image))
    inputs_unchanged(student)
