"""Hidden checks of `pool2d`, against torch's own in float64.

Sizes are such that counting windows that begin in the image, and counting those that torch has with ceil_mode, give the
same number: both are the idea of keeping what is left over.
"""

import pytest
import torch
from torch.nn import functional

from autograder.checks import close, inputs_unchanged, raises, repeatable

pytestmark = pytest.mark.exercise("pool2d")

POOLED = {"max": functional.max_pool2d, "avg": functional.avg_pool2d}


def compare(student, draw, x, kernel_size, mode, stride):
    """Compare the result and the gradient with torch's."""
    given = x.clone().requires_grad_()
    due = POOLED[mode](given, kernel_size, stride)
    upstream = draw.normal(*due.shape)
    expected = torch.autograd.grad(due, given, upstream)
    found, gradients = student.tools.vjp("pool2d", (x, kernel_size, mode, stride), upstream)
    close(found, due.detach(), "the result")
    close(gradients, list(expected), "the gradient")


@pytest.mark.weight(2)
def test_takes_the_largest(student, draw):
    """Of each window side by side the largest number is left, and the gradient goes to where it was."""
    compare(student, draw, draw.normal(2, 3, 6, 8), 2, "max", None)
    x = draw.normal(2, 2, 9, 6)
    close(student.pool2d(x, 3), functional.max_pool2d(x, 3), "the result with max as the usual mode")


@pytest.mark.weight(2)
def test_takes_the_mean(student, draw):
    """With mode "avg" the mean of each window is left, and the gradient is shared out."""
    compare(student, draw, draw.normal(2, 3, 6, 8), 2, "avg", None)
    x = draw.normal(2, 2, 9, 6)
    close(student.pool2d(x, 3, mode="avg"), functional.avg_pool2d(x, 3), "the means")


@pytest.mark.weight(2)
@pytest.mark.parametrize("mode", ["max", "avg"])
def test_moves_with_a_stride(student, draw, mode):
    """A stride of its own moves the windows closer together, or further apart."""
    compare(student, draw, draw.normal(2, 2, 7, 5), 3, mode, 2)
    compare(student, draw, draw.normal(1, 2, 8, 5), 2, mode, 3)


@pytest.mark.weight(2)
@pytest.mark.parametrize("mode", ["max", "avg"])
def test_leaves_out_windows_that_do_not_fit(student, draw, mode):
    """What is left over at the right and at the bottom is not used, and nothing is padded."""
    compare(student, draw, draw.normal(2, 2, 7, 5), 2, mode, None)
    compare(student, draw, draw.normal(1, 2, 8, 6), 3, mode, 2)


def test_refuses_another_mode(student, draw):
    """A mode that is neither max nor avg raises a ValueError."""
    x = draw.normal(1, 1, 4, 4)
    for mode in ("median", "mean", "MAX"):
        raises(student, "pool2d", x, 2, mode)


def test_keeps_float32(student, draw):
    """float32 in, float32 out; the input stays as it was, and a second call gives the same."""
    x = draw.normal(2, 3, 6, 6, dtype=torch.float32)
    for mode, pooled in POOLED.items():
        found = repeatable(student, "pool2d", x, 2, mode)
        inputs_unchanged(student)
        close(found, pooled(x.double(), 2), "the result", dtype=torch.float32)
