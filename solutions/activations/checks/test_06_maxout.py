"""Hidden checks of `maxout`. Biases are as large as what they are added to: where they are added shows."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("maxout")


def layer(draw, n, k, out, fan_in, dtype=torch.float64):
    """Return inputs, weights and biases."""
    shapes = (n, fan_in), (k, out, fan_in), (k, out)
    x, weight, bias = (draw.normal(*shape, dtype=dtype) for shape in shapes)
    return x, weight, 2 * bias


@pytest.mark.weight(3)
def test_is_the_largest_of_k_maps(student, reference, draw):
    """Each unit has the largest of its k values, biases included."""
    given = layer(draw, 6, 4, 2, 3)
    close(student.maxout(*given), reference.maxout(*given), "the units")


@pytest.mark.weight(2)
def test_each_unit_has_its_own_winner(student, reference, draw):
    """The maximum runs over the maps, not over the units; here there are as many of both."""
    given = layer(draw, 5, 3, 3, 4)
    close(student.maxout(*given), reference.maxout(*given), "the units")


def test_largest_means_largest_number(student, reference, draw):
    """Of negative values the one next to zero is the largest."""
    x, weight, bias = layer(draw, 5, 3, 2, 3)
    given = x, weight, bias - 30
    close(student.maxout(*given), reference.maxout(*given), "the units")


def test_one_map_is_a_linear_layer(student, reference, draw):
    """With k = 1 there is nothing to choose, and one sample is a batch too."""
    for given in (layer(draw, 4, 1, 3, 2), layer(draw, 1, 2, 3, 2)):
        close(student.maxout(*given), reference.maxout(*given), "the units")


@pytest.mark.weight(2)
def test_gradients_reach_all_three(student, reference, draw):
    """The gradient goes to the winning map alone: x, weight and bias get theirs."""
    given, upstream = layer(draw, 6, 3, 2, 3), draw.normal(6, 2)
    mine, due = (side.tools.vjp("maxout", given, upstream)[1] for side in (student, reference))
    close(mine, due, "the gradients")


def test_keeps_float32(student, reference, draw):
    """float32 in, float32 out."""
    given = layer(draw, 6, 4, 2, 3, torch.float32)
    close(student.maxout(*given), reference.maxout(*given), "the units", dtype=torch.float32)


def test_leaves_its_inputs_alone(student, reference, draw):
    """All three tensors are the same afterwards, and a second call gives the same answer."""
    given = layer(draw, 3, 2, 3, 2)
    close(repeatable(student, "maxout", *given), reference.maxout(*given), "the units")
    inputs_unchanged(student)
