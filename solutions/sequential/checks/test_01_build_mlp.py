"""Hidden checks of `build_mlp`: what it computes with our values, not what it says that it is."""

import pytest
import torch

from autograder.checks import CheckFailure, expect_model, fail, inputs_unchanged, repeatable, same_numbers

pytestmark = pytest.mark.exercise("build_mlp")


@pytest.mark.weight(2)
def test_computes_what_it_should(student, reference, draw):
    """With the same weights, outputs and gradients are those of Linear layers with a ReLU between them."""
    sizes = [5, 7, 6, 3]
    same_numbers(student.build_mlp(sizes), reference.build_mlp(sizes), draw.normal(9, 5), draw.integer(0, 1 << 40))


def test_one_hidden_layer(student, reference, draw):
    """Three sizes give two Linear layers and one ReLU."""
    sizes = [4, draw.integer(5, 9), 2]
    same_numbers(student.build_mlp(sizes), reference.build_mlp(sizes), draw.normal(9, 4), draw.integer(0, 1 << 40))


def test_no_hidden_layer(student, reference, draw):
    """Two sizes give one Linear layer alone."""
    same_numbers(student.build_mlp([3, 2]), reference.build_mlp([3, 2]), draw.normal(6, 3), draw.integer(0, 1 << 40))


def test_many_layers(student, reference, draw):
    """Any depth is right; the sizes may come as a tuple."""
    sizes = tuple(draw.integer(3, 8) for _ in range(7))
    x = draw.normal(5, sizes[0])
    same_numbers(student.build_mlp(sizes), reference.build_mlp(sizes), x, draw.integer(0, 1 << 40))


def test_works_in_float32(student, reference, draw):
    """In float32 the outputs are those of the same layers, to single precision."""
    sizes = [4, 6, 2]
    mine, due = student.build_mlp(sizes), reference.build_mlp(sizes)
    x = draw.normal(5, 4, dtype=torch.float32)
    same_numbers(mine, due, x, draw.integer(0, 1 << 40), dtype=torch.float32, ops=256)


def has_layers(model):
    """Require two layers with weights or more: an empty model has every property of a form."""
    if sum(len(shape) == 2 for shape, _ in model.layout().values()) < 2:
        fail("The model has fewer than two layers with weights, for four sizes.")
    return model


def test_is_a_sequential(student):
    """The model is an nn.Sequential with layers in it."""
    if not has_layers(expect_model(student.build_mlp([2, 3, 4, 1]))).is_a("nn.Sequential"):
        fail("The model computes something, but it is not an nn.Sequential.")


def test_every_call_builds_a_new_model(student):
    """A second call gives a second model of the same layers, and the list of sizes stays as it is."""
    sizes = [3, 4, 5, 2]
    repeatable(student, "build_mlp", sizes)
    inputs_unchanged(student)
    first, second = (has_layers(expect_model(student.build_mlp(sizes))) for _ in range(2))
    if first.same_as(second):
        raise CheckFailure("Both calls returned the same model.", "accumulates-over-calls")
