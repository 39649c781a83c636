"""Hidden checks of `fit`. Batch normalisation shows the mode, momentum shows whether the optimizer is kept."""

import pytest
import torch
from torch import nn

from autograder.checks import (
    CheckFailure,
    batchnorm1d,
    close,
    fail,
    formula,
    initial_state,
    linear,
    relu,
    sequential,
    tanh,
)

pytestmark = pytest.mark.exercise("fit")

PLAN = sequential(linear(3, 6), batchnorm1d(6), relu(), linear(6, 4))
LINE = sequential(linear(2, 3), tanh(), linear(3, 1))
CLASSES = formula(nn.functional.cross_entropy)
SQUARES = formula(nn.functional.mse_loss)
SIX_DIGITS = {"dtype": torch.float32, "ops": 16}


def classes(draw, sizes, dtype=torch.float64):
    """Return batches of these sizes, with labels of four classes."""
    return [(draw.normal(n, 3, dtype=dtype), torch.tensor([draw.integer(0, 3) for _ in range(n)])) for n in sizes]


def numbers(draw, sizes):
    """Return batches of these sizes, whose targets are numbers."""
    return [(draw.normal(n, 2), 1 + draw.normal(n, 1)) for n in sizes]


def fitted(side, plan, train, test, loss, epochs, lr, dtype=torch.float64, **how):
    """Fit a model of `side`; return its history and the model."""
    model = side.tools.model(plan, initial_state(plan, dtype=dtype))
    return side.fit(model, train, test, loss, epochs, lr, **how), model


def has_both_lists(found):
    """Require a dict of the lists "train" and "test"."""
    if not isinstance(found, dict) or set(found) != {"train", "test"}:
        fail('A dict is asked for, with the lists "train" and "test".')
    if not all(isinstance(values, list) for values in found.values()):
        fail('"train" and "test" are lists.')


def agree(found, due, **how):
    """Require both lists of the history, and the same losses."""
    has_both_lists(found)
    for name in ("train", "test"):
        close(found[name], due[name], f"the losses of {name}", levels=("epoch",), **(how or SIX_DIGITS))


def plain(values):
    """Return a list of losses with Python's numbers in place of tensors."""
    return [value.tolist() if isinstance(value, torch.Tensor) else value for value in values]


@pytest.mark.weight(4)
def test_returns_the_learning_curves(student, reference, draw):
    """After each epoch the losses over all samples of both are measured, in evaluation mode."""
    data = classes(draw, (6, 6, 2)), classes(draw, (5, 2))
    found, due = (fitted(side, PLAN, *data, CLASSES, 3, 0.1, momentum=0.8)[0] for side in (student, reference))
    agree(found, due)


@pytest.mark.weight(4)
def test_trains_with_one_optimizer(student, reference, draw):
    """One SGD with momentum makes a step for each batch of `train` in each epoch."""
    data = classes(draw, (5, 5, 3)), classes(draw, (4,))
    mine, due = (fitted(side, PLAN, *data, CLASSES, 4, 0.1, momentum=0.8)[1] for side in (student, reference))
    close(mine.state(), due.state(), "what the model has learned")


@pytest.mark.weight(2)
def test_meets_numbers(student, reference, draw):
    """Without momentum, with squared errors and targets that are numbers."""
    data = numbers(draw, (4, 3)), numbers(draw, (2, 5))
    (found, mine), (due, theirs) = (fitted(side, LINE, *data, SQUARES, 3, 0.1) for side in (student, reference))
    agree(found, due)
    close(mine.state(), theirs.state(), "what the model has learned")


@pytest.mark.weight(2)
def test_ends_in_training_mode(student, draw):
    """Whatever the mode was before, the model is in training mode afterwards."""
    for mode in (True, False):
        model = student.tools.model(PLAN)
        model.train(mode)
        student.fit(model, classes(draw, (4,)), classes(draw, (3,)), CLASSES, 1, 0.1)
        if not all(model.flags().values()):
            fail("After the training the model, or a part of it, is not in training mode.")


def test_a_single_epoch(student, reference, draw):
    """One epoch gives one loss in each list, as a Python float."""
    data = numbers(draw, (3, 3)), numbers(draw, (4,))
    found, due = (fitted(side, LINE, *data, SQUARES, 1, 0.2)[0] for side in (student, reference))
    agree(found, due)


@pytest.mark.weight(2)
def test_earlier_gradients_play_no_part(student, reference, draw):
    """What .grad held before the call is cleared before the first step."""
    data = numbers(draw, (4,)), numbers(draw, (3,))
    stale = {name: 3 * draw.normal(*value.shape) for name, value in initial_state(LINE).items()}
    models = []
    for side in (student, reference):
        model = side.tools.model(LINE)
        model.set_grads(stale)
        side.fit(model, *data, SQUARES, 1, 0.1)
        models.append(model)
    close(models[0].state(), models[1].state(), "what the model has learned")


def test_trains_in_float32(student, reference, draw):
    """A float32 model stays one."""
    data = classes(draw, (6, 3), torch.float32), classes(draw, (5,), torch.float32)
    (found, mine), (due, theirs) = (
        fitted(side, PLAN, *data, CLASSES, 2, 0.05, dtype=torch.float32) for side in (student, reference)
    )
    agree(found, due, dtype=torch.float32, ops=4096)
    close(mine.state(), theirs.state(), "what the model has learned", dtype=torch.float32, ops=4096)


def test_leaves_the_batches_alone(student, draw):
    """Batches are the same afterwards, and the parameters are the same objects."""
    _, model = fitted(student, LINE, numbers(draw, (4, 2)), numbers(draw, (3,)), SQUARES, 2, 0.1)
    if any(not name.startswith("model") for name in student.tools.changed_inputs()):
        raise CheckFailure("The training changed the batches that it was given.", "in-place")
    if not all(model.identities().values()):
        fail("After the training a parameter is another object than before.")


def test_does_not_remember_earlier_calls(student, draw):
    """The same model with the same data gives the same history a second time."""
    data = numbers(draw, (4, 2)), numbers(draw, (3,))
    found = [fitted(student, LINE, *data, SQUARES, 2, 0.1)[0] for _ in range(2)]
    for history in found:
        has_both_lists(history)
    # What kind of numbers they are is for other checks.
    first, second = ([plain(history[name]) for name in ("train", "test")] for history in found)
    try:
        close(second, first, "the losses", **SIX_DIGITS)
    except CheckFailure:
        message = "The second of two trainings that begin alike has another history than the first."
        raise CheckFailure(message, "accumulates-over-calls") from None
