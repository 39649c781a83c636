"""Hidden checks of `train_epoch`.

Loss, accuracy and trained parameters are asked for in checks of their own, so that a mistake in the student's own
`accuracy` does not cost the loss as well. The batches have 6, 6 and 2 samples: a mean of means is another number.
"""

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
)

pytestmark = pytest.mark.exercise("train_epoch")

PLAN = sequential(linear(3, 6), batchnorm1d(6), relu(), linear(6, 4))
SIZES = (6, 6, 2)
LOSS = formula(nn.functional.cross_entropy)
SIX_DIGITS = {"dtype": torch.float32, "ops": 16}


def batches(draw, sizes=SIZES, dtype=torch.float64):
    """Return batches of these sizes, with labels of four classes."""
    return [(draw.normal(n, 3, dtype=dtype), torch.tensor([draw.integer(0, 3) for _ in range(n)])) for n in sizes]


def answered(draw):
    """Return batches of 12, 5 and 8 samples; of the first and the last one quarter is right, whatever the model says.

    Every row of theirs comes four times, once with each label. So loss and accuracy of any model are told apart from
    those of one batch, and from means of means.
    """
    found = batches(draw, (3, 5, 2))
    for i in (0, 2):
        x = found[i][0]
        found[i] = (x.repeat(4, 1), torch.arange(4).repeat_interleave(len(x)))
    return found


def one_pass(side, data, how="SGD", *, stale=None, mode=True, dtype=torch.float64, **options):
    """Train a model of `side` for one pass; return what came back, the model, and what made the steps."""
    state = initial_state(PLAN, dtype=dtype)
    model = side.tools.model(PLAN, state)
    model.train(mode)
    if stale is not None:
        model.set_grads(stale)
    if how == "function":
        updater = side.tools.updater(model, 0.2)
    else:
        updater = side.tools.torch_optimizer(how, model, **{"lr": 0.2, **options})
    return side.train_epoch(model, data, LOSS, updater), model, updater


def measured(found):
    """Require a pair and return it."""
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        fail("A pair is asked for: the loss and the accuracy.")
    return found


def stale_gradients(draw):
    """Return gradients from earlier for every parameter."""
    kept = {k: v for k, v in initial_state(PLAN).items() if k.endswith(("weight", "bias"))}
    return {name: 3 * draw.normal(*value.shape) for name, value in kept.items()}


@pytest.mark.weight(4)
@pytest.mark.parametrize("how", ["SGD", "function"])
def test_returns_the_mean_loss(student, reference, draw, how):
    """The loss is the mean over all samples, each before the update of its batch."""
    data = batches(draw)
    found, due = (one_pass(side, data, how)[0] for side in (student, reference))
    close(measured(found)[0], due[0], "the mean loss", **SIX_DIGITS)


@pytest.mark.weight(2)
@pytest.mark.parametrize("how", ["SGD", "function"])
def test_returns_the_accuracy(student, reference, draw, how):
    """The accuracy is the share of all samples that were answered rightly before the update of their batch."""
    data = answered(draw)
    found, due = (one_pass(side, data, how)[0] for side in (student, reference))
    close(measured(found)[1], due[1], "the accuracy", **SIX_DIGITS)


@pytest.mark.weight(4)
def test_trains_with_an_optimizer(student, reference, draw):
    """An optimizer steps once for each batch, along the gradient of the mean loss."""
    data = batches(draw)
    (_, mine, steps), (_, due, _) = (one_pass(side, data, momentum=0.8) for side in (student, reference))
    state = mine.state()
    if steps.steps() != len(SIZES):
        fail("The optimizer has to make one step for each batch.")
    close(state, due.state(), "what the model has learned")


@pytest.mark.weight(4)
def test_trains_with_a_function(student, reference, draw):
    """A function is called once for each batch, with the number of its samples, and gets the gradient of the sum."""
    data = batches(draw)
    (_, mine, calls), (_, due, _) = (one_pass(side, data, "function") for side in (student, reference))
    state = mine.state()
    if calls.calls() != list(SIZES):
        fail("The function has to be called once for each batch, with the number of its samples.")
    close(state, due.state(), "what the model has learned")


@pytest.mark.weight(3)
@pytest.mark.parametrize("how", ["SGD", "function"])
def test_earlier_gradients_play_no_part(student, reference, draw, how):
    """Whatever .grad held before the pass, and after each batch, is cleared before the next one."""
    data, stale = batches(draw, (4, 3)), stale_gradients(draw)
    mine, due = (one_pass(side, data, how, stale=stale)[1] for side in (student, reference))
    close(mine.state(), due.state(), "what the model has learned")


@pytest.mark.weight(2)
def test_trains_in_training_mode(student, reference, draw):
    """A model that was in evaluation mode is in training mode while it learns, and afterwards."""
    data = batches(draw)
    mine, due = (one_pass(side, data, mode=False)[1] for side in (student, reference))
    state = mine.state()
    if not all(mine.flags().values()):
        fail("After the pass the model, or a part of it, is not in training mode.")
    close(state, due.state(), "what the model has learned")


def test_takes_any_optimizer(student, reference, draw):
    """Adam over some of the parameters: the others stay as they are, whatever their .grad held."""
    data, stale = batches(draw, (5, 2)), stale_gradients(draw)
    how = {"groups": [{"params": ["0.weight", "3.bias"]}], "lr": 0.05}
    mine, due = (one_pass(side, data, "Adam", stale=stale, **how)[1] for side in (student, reference))
    close(mine.state(), due.state(), "what the model has learned")


def _weighted(scores, y):
    """A loss other than cross-entropy, with the label's score in it."""
    return (scores**2).mean() - scores.gather(1, y.unsqueeze(1)).mean()


SMOOTH = formula(_weighted)


def test_uses_the_loss_that_is_given(student, reference, draw):
    """The loss is what loss_fn returns for scores and y."""
    data = batches(draw, (4, 2))
    found = []
    for side in (student, reference):
        model = side.tools.model(PLAN)
        answer = side.train_epoch(model, data, SMOOTH, side.tools.torch_optimizer("SGD", model, lr=0.1))
        found.append((measured(answer)[0], model.state()))
    close(found[0][0], found[1][0], "the mean loss", **SIX_DIGITS)
    close(found[0][1], found[1][1], "what the model has learned")


def test_trains_in_float32(student, reference, draw):
    """A float32 model stays one."""
    data = batches(draw, dtype=torch.float32)
    (found, mine, _), (due, theirs, _) = (one_pass(side, data, dtype=torch.float32) for side in (student, reference))
    close(measured(found)[0], due[0], "the mean loss", dtype=torch.float32, ops=256)
    # Three steps, and sums over six samples; batch normalisation divides by what may be small.
    close(mine.state(), theirs.state(), "what the model has learned", dtype=torch.float32, ops=4096)


def test_leaves_the_batches_alone(student, draw):
    """Batches are the same afterwards, and the parameters are the same objects."""
    _, model, _ = one_pass(student, batches(draw))
    if any(not name.startswith("model") for name in student.tools.changed_inputs()):
        raise CheckFailure("The pass changed the batches that it was given.", "in-place")
    if not all(model.identities().values()):
        fail("After the pass a parameter is another object than before.")
