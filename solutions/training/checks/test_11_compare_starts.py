"""Hidden checks of `compare_starts`.

The reference gets x and y in float64. It draws the same float32 weights from each seed, raises them to float64, and
trains on: the exact path, from which an honest float32 computation departs by rounding only. A loss is a mean of
squares that does not cancel; each epoch carries the error of the last one on, without growth as long as training is
stable. The checks grant 512 float32 epsilons (6e-5) of the largest loss of a seed; the known wrong ideas are off by
a hundredth and more.

A ReLU whose input is zero within rounding may switch either way, which changes a gradient by far more than
rounding. So inputs are drawn until no unit comes that close to zero on the exact path.
"""

import itertools

import pytest
import torch
from torch import nn

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("compare_starts")

GRANTED = {"dtype": torch.float32, "ops": 512}
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


def settings(draw, sizes, epochs, lr, seeds, samples=10):
    """Return the arguments of one call."""
    for _ in range(100):
        x, y = draw.normal(samples, sizes[0]).float(), (1 + 2 * draw.normal(samples, sizes[-1])).float()
        drawn = [draw.integer(0, 2**31) for _ in range(seeds)]
        if len(sizes) == 2 or min(nearest_to_zero(sizes, x, y, epochs, lr, s) for s in drawn) > CLEAR:
            break
    return sizes, x, y, epochs, lr, drawn


def close_by_seed(mine, due):
    """Compare shape and dtype of the whole, then every seed relative to its own largest loss."""
    close(mine, due, "the losses", **GRANTED)
    for row in range(len(due)):
        close(mine[row], due[row], f"the losses of seed {row + 1} (by epoch)", **GRANTED)


@pytest.mark.weight(4)
def test_records_the_losses_of_each_start(student, reference, draw):
    """Three seeds and four epochs of three layers: each row is one training from its own start."""
    call = settings(draw, [3, 5, 4, 2], 4, 0.1, 3)
    close_by_seed(student.compare_starts(*call), reference.compare_starts(*call))


@pytest.mark.weight(2)
def test_a_single_seed(student, reference, draw):
    """One seed makes one row."""
    call = settings(draw, [2, 6, 1], 5, 0.1, 1)
    close_by_seed(student.compare_starts(*call), reference.compare_starts(*call))


@pytest.mark.weight(2)
def test_the_first_column_is_untrained(student, reference, draw):
    """With a single epoch there is one column: the losses of the weights that the seeds give."""
    call = settings(draw, [3, 4, 2], 1, 0.5, 2)
    close_by_seed(student.compare_starts(*call), reference.compare_starts(*call))


def test_a_single_layer_is_linear_regression(student, reference, draw):
    """Two sizes make one Linear and no activation."""
    call = settings(draw, [3, 2], 5, 0.1, 2)
    close_by_seed(student.compare_starts(*call), reference.compare_starts(*call))


@pytest.mark.weight(2)
def test_the_same_seed_gives_the_same_row(student, reference, draw):
    """Each row depends on its own seed alone, wherever it stands, and on no numbers that others drew before."""
    sizes, x, y, epochs, lr, (first, second) = settings(draw, [2, 4, 1], 3, 0.1, 2)
    seeds = [first, second, first]
    due = reference.compare_starts(sizes, x, y, epochs, lr, seeds)
    student.tools.seed(draw.integer(0, 1000))
    close_by_seed(student.compare_starts(sizes, x, y, epochs, lr, seeds), due)


def test_leaves_its_inputs_alone(student, draw):
    """x, y and the lists are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "compare_starts", *settings(draw, [2, 3, 1], 2, 0.1, 2))
    inputs_unchanged(student)
