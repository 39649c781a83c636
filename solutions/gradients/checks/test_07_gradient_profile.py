"""Hidden checks of `gradient_profile`. Every entry is compared relative to itself: some of them have vanished."""

import pytest
import torch

from autograder.checks import (
    again,
    batchnorm1d,
    close,
    initial_state,
    inputs_unchanged,
    linear,
    relu,
    repeatable,
    routed,
    sequential,
    sigmoid,
    tanh,
)

pytestmark = pytest.mark.exercise("gradient_profile")

PLAIN = sequential(linear(3, 5), tanh(), linear(5, 4), tanh(), linear(4, 2))
NESTED = sequential(linear(3, 4), batchnorm1d(4), sequential(inner=linear(4, 4), act=relu()), linear(4, 2))
#: Registered in another order than it runs in.
ROUTED = routed(("b", "act", "a"), a=linear(4, 2), b=linear(3, 4, bias=False), act=tanh())
#: The first layer runs twice: its gradient is the sum of both uses, and it is listed once.
SHARED = sequential(linear(3, 3), tanh(), again("0"), linear(3, 2))
DEEP = sequential(
    linear(3, 4), *(plan for _ in range(9) for plan in (sigmoid(), linear(4, 4))), sigmoid(), linear(4, 2)
)


def mean_square(output, target):
    """The mean over all entries."""
    return ((output - target) ** 2).mean()


def weighted_sum(output, target):
    """A loss that is no error at all, and linear in the output."""
    return (output * target).sum()


def batch(draw, n=6):
    """Draw inputs and targets, these away from what the models give."""
    return draw.normal(n, 3), 3 + draw.normal(n, 2)


def profiles(student, reference, plan, *data, dtype=torch.float64, stale=None):
    """Return both sides' profiles of the same model, whose .grad may hold something already."""
    found = []
    for side in (student, reference):
        model = side.tools.model(plan, initial_state(plan, dtype=dtype))
        if stale is not None:
            model.set_grads(stale)
        found.append(side.gradient_profile(model, *data))
    return found


def close_by_layer(mine, due, **how):
    """Compare shape and dtype of the whole, then every entry relative to itself."""
    close(mine, due, "the profile", **how)
    for i in range(len(due)):
        close(mine[i], due[i], f"layer {i + 1} of the profile", **how)


@pytest.mark.weight(3)
@pytest.mark.parametrize("plan", [PLAIN, NESTED, ROUTED], ids=["plain", "nested", "routed"])
def test_is_the_mean_absolute_gradient_of_each_layer(student, reference, draw, plan):
    """One entry for each Linear in the order of named_modules(): the mean of the sizes of its weight's gradients."""
    close_by_layer(*profiles(student, reference, plan, *batch(draw), mean_square))


def test_uses_the_loss_that_is_given(student, reference, draw):
    """The loss is what loss_fn returns for the output and y, in that order."""
    close_by_layer(*profiles(student, reference, PLAIN, *batch(draw), weighted_sum))


@pytest.mark.weight(2)
def test_starts_afresh(student, reference, draw):
    """Whatever .grad held before the call plays no part in the profile."""
    stale = {name: 5 * draw.normal(*value.shape) for name, value in initial_state(PLAIN).items()}
    close_by_layer(*profiles(student, reference, PLAIN, *batch(draw), mean_square, stale=stale))


def test_follows_gradients_that_vanish(student, reference, draw):
    """Eleven layers of sigmoids: the first entries are tiny, and still right."""
    close_by_layer(*profiles(student, reference, DEEP, *batch(draw), mean_square))


def test_a_shared_layer_counts_once(student, reference, draw):
    """A layer that runs twice has one entry."""
    close_by_layer(*profiles(student, reference, SHARED, *batch(draw), mean_square))


def test_keeps_float32(student, reference, draw):
    """A float32 model has a float32 profile."""
    x, y = (t.float() for t in batch(draw))
    # A mean of absolute values loses no digits; each gradient is a sum over six samples and two layers above.
    close_by_layer(
        *profiles(student, reference, PLAIN, x, y, mean_square, dtype=torch.float32), dtype=torch.float32, ops=512
    )


def test_leaves_model_and_data_alone(student, draw):
    """Parameters, x and y are the same afterwards, and a second call gives the same answer."""
    x, y = batch(draw)
    repeatable(student, "gradient_profile", student.tools.model(PLAIN), x, y, mean_square)
    inputs_unchanged(student)
