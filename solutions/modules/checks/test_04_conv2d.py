"""Hidden checks of `conv2d`, against torch's own in float64.

But for the convention check all kernels are symmetric about their centre: flipped or not, they are the same, and so is
their gradient once it is made symmetric. They are not symmetric about a diagonal, so a transposed kernel is another
one.
"""

import pytest
import torch
from torch.nn import functional

from autograder.checks import close, inputs_unchanged, raises, repeatable

pytestmark = pytest.mark.exercise("conv2d")


def symmetric(kernels):
    """Make kernels symmetric about their centre."""
    return kernels + kernels.flip(2, 3)


def compare(student, draw, x, weight, bias, *settings, pinned=False):
    """Compare the result and the gradients of all tensors with torch's; only if `pinned` a flip shows."""
    given = [None if t is None else t.clone().requires_grad_() for t in (x, weight, bias)]
    due = functional.conv2d(*given, *settings)
    upstream = draw.normal(*due.shape)
    expected = list(torch.autograd.grad(due, [t for t in given if t is not None], upstream))
    found, gradients = student.tools.vjp("conv2d", (x, weight, bias, *settings), upstream)
    close(found, due.detach(), "the result")
    if len(gradients) == len(expected) and isinstance(gradients[1], torch.Tensor) and not pinned:
        gradients[1], expected[1] = symmetric(gradients[1]), symmetric(expected[1])
    close(gradients, expected, "the gradients")


@pytest.mark.weight(3)
def test_adds_up_all_channels(student, draw):
    """Each kernel lies on all channels at once, each output channel has its bias, and gradients are right."""
    x, kernels = draw.normal(2, 3, 6, 7), symmetric(draw.normal(4, 3, 3, 3))
    compare(student, draw, x, kernels, draw.normal(4))


@pytest.mark.weight(2)
def test_works_without_a_bias(student, draw):
    """Without a bias nothing is added; one kernel on one channel is the simplest case."""
    x, kernels = draw.normal(1, 1, 5, 4), symmetric(draw.normal(1, 1, 3, 3))
    close(student.conv2d(x, kernels), functional.conv2d(x, kernels), "the result")
    x, kernels = draw.normal(2, 3, 5, 4), symmetric(draw.normal(2, 3, 3, 3))
    compare(student, draw, x, kernels, None)


@pytest.mark.weight(2)
def test_moves_with_a_stride(student, draw):
    """The kernel moves `stride` pixels at a time, in both directions."""
    x = draw.normal(2, 2, 8, 9)
    for kernels, stride in ((symmetric(draw.normal(3, 2, 3, 3)), 2), (symmetric(draw.normal(2, 2, 2, 2)), 3)):
        compare(student, draw, x, kernels, draw.normal(len(kernels)), stride)


@pytest.mark.weight(2)
def test_pads_with_zeros(student, draw):
    """Zeros stand on all four sides of the image."""
    x, kernels = draw.normal(2, 2, 4, 5), symmetric(draw.normal(3, 2, 3, 3))
    compare(student, draw, x, kernels, draw.normal(3), 1, 2)


@pytest.mark.weight(2)
def test_kernels_need_not_be_square(student, draw):
    """The kernel's height and width may differ; stride and padding may come together, by name."""
    x, bias = draw.normal(2, 2, 7, 6), draw.normal(3)
    for shape in ((3, 2), (1, 4)):
        kernels = symmetric(draw.normal(3, 2, *shape))
        compare(student, draw, x, kernels, bias, 2, 1)
        found = student.conv2d(x, kernels, bias=bias, stride=2, padding=1)
        close(found, functional.conv2d(x, kernels, bias, 2, 1), "the result")


@pytest.mark.convention
@pytest.mark.weight(4)
def test_does_not_flip_the_kernel(student, draw):
    """The kernel is laid on the image as it is: a cross-correlation."""
    x, kernels, bias = draw.normal(2, 2, 6, 5), draw.normal(3, 2, 3, 2), draw.normal(3)
    compare(student, draw, x, kernels, bias, pinned=True)


def test_refuses_other_numbers_of_channels(student, draw):
    """If images and kernels have different numbers of channels a ValueError is raised, also if one of them has one."""
    x = draw.normal(2, 3, 6, 6)
    for channels in (2, 4, 1):
        raises(student, "conv2d", x, symmetric(draw.normal(4, channels, 3, 3)))
    raises(student, "conv2d", x[:, :1], symmetric(draw.normal(4, 3, 3, 3)), draw.normal(4))


def test_keeps_float32(student, draw):
    """float32 in, float32 out; the inputs stay as they were, and a second call gives the same."""
    x, kernels = draw.normal(2, 2, 6, 6, dtype=torch.float32), symmetric(draw.normal(3, 2, 3, 3, dtype=torch.float32))
    bias = draw.normal(3, dtype=torch.float32)
    due = functional.conv2d(x.double(), kernels.double(), bias.double(), 2, 1)
    found = repeatable(student, "conv2d", x, kernels, bias, 2, 1)
    inputs_unchanged(student)
    close(found, due, "the result", dtype=torch.float32, ops=256)
