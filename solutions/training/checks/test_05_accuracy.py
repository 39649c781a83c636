"""Hidden checks of `accuracy`. Shares of few samples coincide by chance, so several sizes are asked for."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("accuracy")

#: A float that was computed in single precision is right too.
SIX_DIGITS = {"dtype": torch.float32, "ops": 16}


def answers(draw, n, classes, right, dtype=torch.float64):
    """Return scores (n, classes) and labels (n,), at least `right` of which are answered rightly, at drawn places."""
    scores = 1.5 * draw.normal(n, classes, dtype=dtype)
    labels = torch.tensor([draw.integer(0, classes - 1) for _ in range(n)])
    order = draw.normal(n).argsort()
    # The first and the last two are answered rightly: a loop that leaves one of them out counts too few.
    order = torch.cat([torch.tensor([0, n - 2, n - 1]), order[(order > 0) & (order < n - 2)]])
    labels[order[:right]] = scores.argmax(1)[order[:right]]
    # One is wrong for certain.
    labels[order[-1]] = scores.argmin(1)[order[-1]]
    return scores, labels


@pytest.mark.weight(3)
@pytest.mark.parametrize(("n", "right"), [(40, 26), (53, 17), (31, 23)])
def test_is_the_share_of_right_answers(student, reference, draw, n, right):
    """Of many samples and seven classes the share of rows whose largest score is at the label."""
    scores, labels = answers(draw, n, 7, right)
    close(student.accuracy(scores, labels), reference.accuracy(scores, labels), "the accuracy", **SIX_DIGITS)


@pytest.mark.weight(2)
def test_as_many_samples_as_classes(student, draw):
    """Rows are samples and columns are classes, also where there are as many of both."""
    # Each row has its largest score in a column of its own, other than that column's largest.
    order = torch.tensor([1, 2, 3, 4, 5, 0])
    scores = draw.uniform(0.0, 0.1, 6, 6) + torch.arange(6.0, dtype=torch.float64).reshape(6, 1) * 0.2
    scores[torch.arange(6), order] += 0.15
    labels = order.clone()
    labels[3] = 0
    close(student.accuracy(scores, labels), 5 / 6, "the accuracy", **SIX_DIGITS)


@pytest.mark.weight(3)
def test_labels_may_be_a_column(student, reference, draw):
    """Labels of shape (N, 1) mean the same as labels of shape (N,)."""
    scores, labels = answers(draw, 37, 5, 20)
    close(student.accuracy(scores, labels[:, None]), reference.accuracy(scores, labels), "the accuracy", **SIX_DIGITS)


def test_all_and_none(student, draw):
    """All right is 1, all wrong is 0, and so it is for a single sample."""
    for n in (9, 1):
        scores = draw.normal(n, 4)
        close(student.accuracy(scores, scores.argmax(1)), 1.0, "the accuracy of right answers", **SIX_DIGITS)
        close(student.accuracy(scores, scores.argmin(1)), 0.0, "the accuracy of wrong answers", **SIX_DIGITS)


def test_two_classes_in_float32(student, reference, draw):
    """Scores of float32, negative ones too, and two classes."""
    scores, labels = answers(draw, 23, 2, 15, torch.float32)
    scores = scores - 5
    close(student.accuracy(scores, labels), reference.accuracy(scores, labels), "the accuracy", **SIX_DIGITS)


def test_leaves_its_inputs_alone(student, draw):
    """Scores and labels are the same afterwards, and a second call gives the same answer."""
    scores, labels = answers(draw, 11, 3, 5)
    for shaped in (labels, labels[:, None]):
        repeatable(student, "accuracy", scores, shaped)
        inputs_unchanged(student)
