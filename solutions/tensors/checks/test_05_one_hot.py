"""Hidden checks of `one_hot`."""

import pytest
import torch

from autograder.checks import close, fail, inputs_unchanged, raises, repeatable

pytestmark = pytest.mark.exercise("one_hot")


def labels_for(draw, *shape, classes=5):
    """Draw labels; all classes but the last one may occur, and 0 does."""
    labels = torch.floor(draw.uniform(0, classes - 1, *shape)).to(torch.int64)
    if shape:
        labels.view(-1)[0] = 0
    return labels


def due(labels, classes):
    """Return the vectors as rows of the identity."""
    return torch.eye(classes, dtype=torch.float64)[labels]


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(6,), (3, 4)], ids=["vector", "matrix"])
def test_puts_a_one_at_the_label(student, draw, shape):
    """Each vector has a one at the place of its label, zeros elsewhere, and one entry for each class."""
    labels = labels_for(draw, *shape)
    close(student.one_hot(labels, 5), due(labels, 5), "the vectors", dtype=torch.float32)


@pytest.mark.parametrize("shape", [(), (2, 3, 2)], ids=["scalar", "three dimensions"])
def test_takes_any_shape(student, draw, shape):
    """The classes are the last dimension behind whatever dimensions the labels have."""
    labels = labels_for(draw, *shape)
    close(student.one_hot(labels, 5), due(labels, 5), "the vectors", dtype=torch.float32)


def test_takes_the_last_class(student, draw):
    """The largest label is num_classes − 1."""
    labels = torch.tensor([6, draw.integer(0, 6), 0])
    close(student.one_hot(labels, 7), due(labels, 7), "the vectors", dtype=torch.float32)


def takes_others(student):
    """Require an answer for labels that are right: a function that refuses all of them looks at none."""
    if not isinstance(student.one_hot(torch.tensor([2, 1, 3]), 5), torch.Tensor):
        fail("Labels that are right have to give a tensor.")


def test_refuses_labels_below_zero(student, draw):
    """A label below 0 raises a ValueError, wherever it is; right ones do not."""
    for label in (-1, -draw.integer(2, 5)):
        raises(student, "one_hot", torch.tensor([2, label, 0]), 5)
    takes_others(student)


def test_refuses_labels_that_are_too_large(student, draw):
    """A label of num_classes or more raises a ValueError, wherever it is; right ones do not."""
    for label in (5, draw.integer(6, 9)):
        raises(student, "one_hot", torch.tensor([2, label, 0]), 5)
    takes_others(student)


def test_refuses_floating_point_labels(student, draw):
    """Labels that are floating-point numbers raise a ValueError, also if they are whole; int64 ones do not."""
    for dtype in (torch.float32, torch.float64):
        raises(student, "one_hot", labels_for(draw, 4).to(dtype), 5)
    takes_others(student)


def test_leaves_the_labels_alone(student, draw):
    """The labels are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "one_hot", labels_for(draw, 4), 5)
    inputs_unchanged(student)
