"""Hidden checks of `fans`: shapes in which no two wrong readings give the same pair."""

import pytest
import torch

from autograder.checks import close, fail, raises

pytestmark = pytest.mark.exercise("fans")


@pytest.mark.weight(2)
def test_a_matrix_has_inputs_and_outputs(student, draw):
    """A Linear weight of shape (out, in) has fan_in = in and fan_out = out, in this order."""
    outputs, inputs = draw.integer(2, 9), draw.integer(11, 19)
    close(student.fans(draw.normal(outputs, inputs)), (inputs, outputs), "the pair of fans")


@pytest.mark.weight(2)
@pytest.mark.parametrize("kernel", [(3, 3), (2, 5), (4,), (2, 3, 5)], ids=["square", "oblong", "1d", "3d"])
def test_a_kernel_counts_on_both_sides(student, draw, kernel):
    """In a convolution both channel counts are multiplied by the number of positions in the kernel."""
    outputs, inputs = draw.integer(2, 5), draw.integer(6, 9)
    positions = torch.Size(kernel).numel()
    close(student.fans(draw.normal(outputs, inputs, *kernel)), (inputs * positions, outputs * positions), "the fans")


@pytest.mark.parametrize("shape", [(), (5,)], ids=["scalar", "vector"])
def test_fewer_than_two_dimensions_have_no_fans(student, draw, shape):
    """A tensor of fewer than two dimensions ends in a ValueError, though one with two does not."""
    raises(student, "fans", draw.normal(*shape))
    if len(student.fans(draw.normal(2, 3))) != 2:
        fail("A matrix has two fans.")


def test_a_parameter_has_fans_too(student, draw):
    """It does not matter whether the weight requires a gradient, or how it lies in memory."""
    close(student.fans(draw.normal(3, 4, 2).requires_grad_()), (8, 6), "the fans")
    close(student.fans(draw.normal(3, 7, dtype=torch.float32).T), (3, 7), "the fans of a transposed weight")
