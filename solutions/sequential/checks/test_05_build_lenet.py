"""Hidden checks of `build_lenet`: what it computes with our values on our images."""

import pytest
import torch

from autograder.checks import expect_model, fail, repeatable, same_numbers

pytestmark = pytest.mark.exercise("build_lenet")


@pytest.mark.weight(3)
def test_computes_what_it_should(student, reference, draw):
    """With the same weights, outputs and gradients are those of the layers that are asked for."""
    x = draw.normal(2, 3, 32, 32)
    same_numbers(student.build_lenet(), reference.build_lenet(), x, draw.integer(0, 1 << 40))


@pytest.mark.weight(2)
def test_any_number_of_classes(student, reference, draw):
    """The last layer has as many outputs as there are classes."""
    classes = draw.integer(2, 40)
    mine, due = student.build_lenet(classes), reference.build_lenet(classes)
    same_numbers(mine, due, draw.normal(1, 3, 32, 32), draw.integer(0, 1 << 40), modes=["training"])


def test_takes_the_classes_by_name(student, reference, draw):
    """num_classes may be given by name."""
    mine, due = student.build_lenet(num_classes=5), reference.build_lenet(num_classes=5)
    same_numbers(mine, due, draw.normal(3, 3, 32, 32), draw.integer(0, 1 << 40), modes=["evaluation"])


def test_works_in_float32(student, reference, draw):
    """In float32 the outputs are those of the same layers, to single precision."""
    x = draw.normal(2, 3, 32, 32, dtype=torch.float32)
    mine, due = student.build_lenet(4), reference.build_lenet(4)
    same_numbers(mine, due, x, draw.integer(0, 1 << 40), dtype=torch.float32, ops=4096, modes=["evaluation"])


def test_is_a_sequential(student):
    """The model is an nn.Sequential, and a second call builds one of the same layers."""
    model = expect_model(repeatable(student, "build_lenet"))
    if not model.is_a("nn.Sequential"):
        fail("The model computes something, but it is not an nn.Sequential.")
