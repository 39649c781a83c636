"""Hidden checks of `collapse`. Square layers first: there a wrong order has the right shape."""

from itertools import pairwise

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("collapse")

SQUARE = (3, 3, 3, 3)
OTHER = (3, 4, 5, 2)


def stack(draw, sizes, dtype=torch.float64):
    """Return the weights and the biases of linear layers between these numbers of units."""
    pairs = list(pairwise(sizes))
    weights = [draw.normal(fan_out, fan_in, dtype=dtype) for fan_in, fan_out in pairs]
    return weights, [draw.normal(fan_out, dtype=dtype) for _, fan_out in pairs]


def collapsed(side, given):
    """Return weight and bias as a tuple: a list of both will do."""
    found = side.collapse(*given)
    return tuple(found) if isinstance(found, list) else found


@pytest.mark.weight(3)
def test_weight_is_the_product(student, reference, draw):
    """The weight is the product of all weights, the last layer's on the left."""
    given = stack(draw, SQUARE)
    close(collapsed(student, given)[:1], collapsed(reference, given)[:1], "the weight")


@pytest.mark.weight(3)
def test_biases_pass_the_layers_above(student, reference, draw):
    """Each bias is multiplied by the weights of all later layers, and then they are added."""
    given = stack(draw, SQUARE)
    close(collapsed(student, given)[1:], collapsed(reference, given)[1:], "the bias")


@pytest.mark.weight(2)
def test_takes_layers_of_other_sizes(student, reference, draw):
    """The numbers of units may differ from layer to layer."""
    given = stack(draw, OTHER)
    close(collapsed(student, given), collapsed(reference, given), "the layer")


def test_one_layer_is_itself(student, reference, draw):
    """A stack of one layer is that layer, and two layers are two."""
    for sizes in ((3, 2), (2, 3, 2)):
        given = stack(draw, sizes)
        close(collapsed(student, given), collapsed(reference, given), "the layer")


def test_takes_many_layers(student, reference, draw):
    """Eight layers are one layer, too."""
    given = stack(draw, (2, 4, 3, 4, 2, 3, 4, 3, 2))
    close(collapsed(student, given), collapsed(reference, given), "the layer")


def test_keeps_float32(student, reference, draw):
    """float32 in, float32 out."""
    given = stack(draw, OTHER, torch.float32)
    close(collapsed(student, given), collapsed(reference, given), "the layer", dtype=torch.float32, ops=256)


def test_leaves_the_lists_alone(student, reference, draw):
    """Lists and tensors are the same afterwards, and a second call gives the same answer."""
    given = stack(draw, SQUARE)
    found = repeatable(student, "collapse", *given)
    inputs_unchanged(student)
    close(tuple(found), collapsed(reference, given), "the layer")
