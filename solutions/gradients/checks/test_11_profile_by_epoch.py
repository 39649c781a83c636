"""Hidden checks of `profile_by_epoch`.

The reference gets x and y in float64. It draws the same float32 weights from the seed, raises them to float64, and
trains on: the exact path, from which an honest float32 computation departs by rounding only. How far? The gradient
of a layer is a sum over N samples and the units above, so some N + Σ sizes ≤ 50 roundings of 6e-8 each, scaled by how
much is cancelled in that sum, and every epoch carries the error of the last one on, without growth as long as training
is stable. Measured over 1500 draws of these settings, for mean over features or over the batch first, manual updates,
torch.optim.SGD or functional calls, hooks or .grad: the worst departure of an entry, relative to the largest entry of
its own layer, is 4.4e-7 with three layers and 9.3e-6 with eight layers of sigmoids. The checks grant 1.2e-4 (1024
float32 epsilons). The known wrong ideas are off by 6e-2 or more in each of the checks of three layers.

Each layer is compared relative to its own size, for the first ones may be ten thousand times smaller than the last: a
common absolute tolerance would accept zeros for them.

A ReLU whose input is zero within rounding may switch either way, which changes a gradient by far more than rounding.
So inputs are drawn until no unit comes that close to zero on the exact path.
"""

import itertools

import pytest
import torch
from torch import nn

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("profile_by_epoch")

GRANTED = {"dtype": torch.float32, "ops": 1024}
KINDS = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}
#: How near zero the input of a ReLU may come: hundreds of roundings.
CLEAR = 1e-4


def nearest_to_zero(sizes, x, y, epochs, lr, seed):
    """Return the smallest size of any ReLU's input on the exact path."""
    nearest = float("inf")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        layers = [nn.Linear(i, o).double() for i, o in itertools.pairwise(sizes)]
    parameters = [p for layer in layers for p in layer.parameters()]
    for _ in range(epochs):
        h = x.double()
        for layer in layers[:-1]:
            z = layer(h)
            nearest = min(nearest, float(z.detach().abs().min()))
            h = z.relu()
        loss = ((layers[-1](h) - y.double()) ** 2).mean()
        with torch.no_grad():
            for p, g in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
                p.sub_(lr * g)
    return nearest


def settings(draw, activation, sizes, epochs, lr, samples=10):
    """Return the arguments of one call."""
    for _ in range(100):
        x, y = draw.normal(samples, sizes[0]).float(), (1 + 2 * draw.normal(samples, sizes[-1])).float()
        seed = draw.integer(0, 2**31)
        if activation != "relu" or nearest_to_zero(sizes, x, y, epochs, lr, seed) > CLEAR:
            break
    return activation, sizes, x, y, epochs, lr, seed


def close_by_layer(mine, due):
    """Compare shape and dtype of the whole, then every layer relative to its own size."""
    close(mine, due, "the profiles", **GRANTED)
    for layer in range(due.shape[1]):
        close(mine[:, layer], due[:, layer], f"layer {layer + 1} of the profiles (by epoch)", **GRANTED)


@pytest.mark.weight(3)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_records_every_epoch(student, reference, draw, activation):
    """Four epochs of three layers: every row is the profile before that epoch's update."""
    call = settings(draw, activation, [3, 5, 4, 2], epochs=4, lr=0.2)
    close_by_layer(student.profile_by_epoch(*call), reference.profile_by_epoch(*call))


@pytest.mark.weight(2)
def test_follows_gradients_that_vanish(student, reference, draw):
    """Eight layers of sigmoids: the first ones hardly learn, and their entries are still right."""
    call = settings(draw, "sigmoid", [2, 4, 4, 4, 4, 4, 4, 4, 1], epochs=3, lr=0.2)
    close_by_layer(student.profile_by_epoch(*call), reference.profile_by_epoch(*call))


@pytest.mark.weight(2)
def test_the_first_row_is_the_untrained_network(student, reference, draw):
    """With a single epoch there is one row, of the weights that the seed gives."""
    call = settings(draw, "tanh", [3, 4, 2], epochs=1, lr=0.5)
    close_by_layer(student.profile_by_epoch(*call), reference.profile_by_epoch(*call))


def test_a_single_layer_is_linear_regression(student, reference, draw):
    """Two sizes make one Linear and no activation."""
    call = settings(draw, "sigmoid", [3, 2], epochs=5, lr=0.1)
    close_by_layer(student.profile_by_epoch(*call), reference.profile_by_epoch(*call))


def test_depends_on_its_seed_alone(student, reference, draw):
    """Random numbers that others drew before make no difference."""
    call = settings(draw, "tanh", [2, 3, 1], epochs=2, lr=0.2)
    due = reference.profile_by_epoch(*call)
    for state in (draw.integer(0, 1000), draw.integer(1001, 2000)):
        student.tools.seed(state)
        close_by_layer(student.profile_by_epoch(*call), due)


def test_leaves_its_inputs_alone(student, draw):
    """x and y are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "profile_by_epoch", *settings(draw, "tanh", [2, 3, 1], epochs=2, lr=0.2))
    inputs_unchanged(student)
