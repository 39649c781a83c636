"""Hidden checks of `build_named_mlp`."""

import pytest
import torch

from autograder.checks import expect_model, fail, inputs_unchanged, repeatable, same_numbers

pytestmark = pytest.mark.exercise("build_named_mlp")


def due_names(sizes):
    """Return the names of the children for these sizes."""
    hidden = range(1, len(sizes) - 1)
    return [name for i in hidden for name in (f"linear{i}", f"relu{i}")] + ["output"]


def has_layers(model):
    """Require two layers with weights or more: an empty model has every property of a form."""
    if sum(len(shape) == 2 for shape, _ in model.layout().values()) < 2:
        fail("The model has fewer than two layers with weights, for four sizes.")
    return model


@pytest.mark.weight(2)
@pytest.mark.parametrize("sizes", [(3, 4, 2), (3, 5, 4, 6, 2), (3, 2)], ids=["two layers", "four layers", "one layer"])
def test_children_have_their_names(student, sizes):
    """The children are called linear1, relu1, linear2, …, and the last one output; so are the parameters' keys."""
    model = expect_model(student.build_named_mlp(list(sizes)))
    found = list(model.layout())
    if found != [f"{n}.{p}" for n in due_names(sizes) if not n.startswith("relu") for p in ("weight", "bias")]:
        fail("The keys of the state_dict are not those of layers called linear1, linear2, … and output.")
    if model.claim.names() != due_names(sizes):
        fail("The children's names are not linear1, relu1, linear2, …, output, in this order.")
    has_layers(expect_model(student.build_named_mlp([3, 4, 5, 2])))


@pytest.mark.weight(2)
def test_computes_what_it_should(student, reference, draw):
    """With the same weights, outputs and gradients are those of Linear layers with a ReLU between them."""
    sizes = [4, 6, 5, 3]
    mine, due = student.build_named_mlp(sizes), reference.build_named_mlp(sizes)
    same_numbers(mine, due, draw.normal(9, 4), draw.integer(0, 1 << 40))


def test_works_in_float32(student, reference, draw):
    """In float32 the outputs are those of the same layers, to single precision."""
    sizes = [4, 6, 2]
    mine, due = student.build_named_mlp(sizes), reference.build_named_mlp(sizes)
    x = draw.normal(5, 4, dtype=torch.float32)
    same_numbers(mine, due, x, draw.integer(0, 1 << 40), dtype=torch.float32, ops=256)


def test_is_a_sequential(student):
    """The model is an nn.Sequential with layers in it."""
    if not has_layers(expect_model(student.build_named_mlp([2, 3, 4, 1]))).is_a("nn.Sequential"):
        fail("The model computes something, but it is not an nn.Sequential.")


def test_every_call_builds_the_same_layers(student):
    """A second call gives a model of the same layers, and the list of sizes stays as it is."""
    has_layers(expect_model(repeatable(student, "build_named_mlp", [3, 4, 5, 2])))
    inputs_unchanged(student)
