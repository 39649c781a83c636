"""Hidden checks of the class `LeNet`: what it computes with our values on our images."""

import pytest
import torch

from autograder.checks import close, drawn_state, expect_model, fail, same_numbers

pytestmark = pytest.mark.exercise("LeNet")

KEYS = [
    f"{name}.{entry}"
    for name in ("features.0", "features.3", "classifier.0", "classifier.2", "classifier.4")
    for entry in ("weight", "bias")
]


@pytest.mark.weight(3)
@pytest.mark.parametrize("size", [32, 28], ids=["32 pixels", "28 pixels"])
def test_computes_what_it_should(student, reference, draw, size):
    """With the same weights, outputs and gradients are those of the layers that are asked for."""
    settings = (draw.integer(1, 4), size, draw.integer(2, 20))
    x = draw.normal(2, settings[0], size, size)
    mine, due = student.LeNet(*settings), reference.LeNet(*settings)
    same_numbers(mine, due, x, draw.integer(0, 1 << 40), modes=["training"])


@pytest.mark.weight(2)
def test_has_usual_settings(student, reference, draw):
    """Without arguments it is for colour pictures of 32 × 32 and 10 classes; settings may come by name."""
    x = draw.normal(2, 3, 32, 32)
    same_numbers(student.LeNet(), reference.LeNet(), x, 1, modes=["evaluation"], gradients=False)
    named = {"num_classes": 3, "image_size": 20, "in_channels": 2}
    mine, due = student.LeNet(**named), reference.LeNet(**named)
    same_numbers(mine, due, draw.normal(3, 2, 20, 20), 2, modes=["evaluation"], gradients=False)


@pytest.mark.weight(2)
@pytest.mark.parametrize(("size", "batch"), [(16, 1), (44, 25), (37, 2)], ids=["16 pixels", "44 pixels", "37 pixels"])
def test_each_image_is_a_row(student, draw, size, batch):
    """Whatever the size of the images, each of them gives one row of scores."""
    model = expect_model(student.LeNet(1, size, 4))
    model.load(drawn_state(model.layout(), 3, torch.float32))
    with student.tools.unrecorded():
        found = model.forward(draw.normal(batch, 1, size, size, dtype=torch.float32))
    shape = student.tools.observe("shape", tuple(found.shape) if isinstance(found, torch.Tensor) else None)
    close(shape, (batch, 4), "the shape of the scores")


@pytest.mark.weight(2)
def test_parts_have_their_names(student):
    """The parameters are called features.0.weight, …, classifier.4.bias."""
    found = list(expect_model(student.LeNet()).layout())
    if not student.tools.observe("names", found == KEYS):
        fail("The keys of the state_dict are not features.0.weight, …, classifier.4.bias.")


def test_works_in_float32(student, reference, draw):
    """In float32 the scores are those of the same layers, to single precision."""
    mine, due = student.LeNet(1, 16, 5), reference.LeNet(1, 16, 5)
    x = draw.normal(3, 1, 16, 16, dtype=torch.float32)
    same_numbers(mine, due, x, 3, modes=["evaluation"], dtype=torch.float32, ops=4096)
