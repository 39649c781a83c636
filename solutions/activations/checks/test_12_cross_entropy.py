"""Hidden checks of `cross_entropy`, against torch's own."""

import pytest
import torch
from torch.nn import functional

from autograder.checks import close, inputs_unchanged, raises, repeatable

pytestmark = pytest.mark.exercise("cross_entropy")


def batch(draw, n=6, classes=4, dtype=torch.float64):
    """Return scores and labels: every class occurs if there is room, and no label is always the largest score."""
    scores = 2 * draw.normal(n, classes, dtype=dtype)
    labels = torch.arange(n) % classes
    # The first sample is right for sure, the second wrong for sure.
    scores[0, labels[0]] = scores[0].max() + 1
    scores[1, labels[1]] = scores[1].min() - 1
    return scores, labels


@pytest.mark.weight(3)
def test_is_the_mean_surprise(student, draw):
    """The loss is the mean over the samples of −log softmax(scores)[label]."""
    scores, labels = batch(draw)
    close(student.cross_entropy(scores, labels), functional.cross_entropy(scores, labels), "the loss")


def test_is_a_mean_over_samples(student, draw):
    """The same batch twice over has the same loss, and one sample is a batch too."""
    for n, classes in ((1, 3), (9, 2)):
        scores, labels = batch(draw, max(n, 2), classes)
        scores, labels = scores[:n], labels[:n]
        due = functional.cross_entropy(scores, labels)
        close(student.cross_entropy(scores, labels), due, "the loss")
        twice = student.cross_entropy(torch.cat([scores, scores]), torch.cat([labels, labels]))
        close(twice, due, "the loss of the batch twice over")


@pytest.mark.weight(2)
def test_gradient_is_softmax_minus_one_hot(student, draw):
    """The gradient of the scores is (softmax − one-hot)/N."""
    scores, labels = batch(draw)
    upstream = draw.uniform(2, 3, 1)[0]
    _, (gradient,) = student.tools.vjp("cross_entropy", (scores, labels), upstream)
    one_hot = functional.one_hot(labels, scores.shape[1])
    close(gradient, upstream * (torch.softmax(scores, 1) - one_hot) / len(labels), "the gradient of the scores")


@pytest.mark.weight(3)
def test_confident_wrong_answers_cost_much(student, draw):
    """A right class that lies 900 below another one costs 900, and its gradient is as large as can be."""
    scores, labels = batch(draw)
    scores[0, labels[0]] -= 900
    scores[2] += 1000
    upstream = draw.uniform(2, 3, 1)[0]
    loss, (gradient,) = student.tools.vjp("cross_entropy", (scores, labels), upstream)
    close(loss, functional.cross_entropy(scores, labels), "the loss")
    one_hot = functional.one_hot(labels, scores.shape[1])
    close(gradient, upstream * (torch.softmax(scores, 1) - one_hot) / len(labels), "the gradient of the scores")


@pytest.mark.weight(2)
def test_one_score_may_stand_out(student, draw):
    """The loss is finite if one score lies 2000 above all others of its row, or 900 above in float32."""
    scores, labels = batch(draw, 6, 3)
    scores[:, 1] += 2000
    close(student.cross_entropy(scores, labels), functional.cross_entropy(scores, labels), "the loss")
    scores, labels = batch(draw, 6, 2, torch.float32)
    scores[:, 1] += 900
    due = functional.cross_entropy(scores.double(), labels)
    close(student.cross_entropy(scores, labels), due, "the loss", dtype=torch.float32, ops=1024)


@pytest.mark.weight(2)
def test_takes_many_samples(student, draw):
    """Two thousand samples have a loss: the product of so many probabilities would be zero."""
    scores, labels = batch(draw, 2000, 3)
    close(student.cross_entropy(scores, labels), functional.cross_entropy(scores, labels), "the loss")


@pytest.mark.weight(2)
def test_refuses_labels_that_are_no_whole_numbers(student, draw):
    """Labels of a floating-point dtype raise a TypeError."""
    scores, labels = batch(draw)
    for dtype in (torch.float64, torch.float32):
        raises(student, "cross_entropy", scores, labels.to(dtype), error="TypeError")


@pytest.mark.weight(2)
def test_refuses_other_shapes(student, draw):
    """Scores that are not (N, C), and labels that are not (N,), raise a ValueError."""
    scores, labels = batch(draw)
    wrong = ((scores, labels[:, None]), (scores, labels[:3]), (scores[0], labels[:4]), (scores[None], labels))
    for given in wrong:
        raises(student, "cross_entropy", *given, error="ValueError")


def test_keeps_float32(student, draw):
    """float32 in, float32 out, with scores around 1000 as well."""
    scores, labels = batch(draw, dtype=torch.float32)
    for x in (scores, scores + 1000):
        due = functional.cross_entropy(x.double(), labels)
        close(student.cross_entropy(x, labels), due, "the loss", dtype=torch.float32, ops=1024)


def test_leaves_its_inputs_alone(student, draw):
    """Scores and labels are the same afterwards, and a second call gives the same answer."""
    scores, labels = batch(draw, 4, 4)
    due = functional.cross_entropy(scores, labels)
    close(repeatable(student, "cross_entropy", scores, labels), due, "the loss")
    inputs_unchanged(student)
