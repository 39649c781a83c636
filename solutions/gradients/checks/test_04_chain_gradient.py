"""Hidden checks of `chain_gradient`, where no autograd is to be had.

Each gradient is compared relative to itself, so that those which vanished count as much as the others. Weights are
distinct and away from zero and one, the input is not one, the upstream gradient is not one: then every factor shows.

Most checks grant the precision of float32, which is what a student gets who turns a Python number into a tensor
without saying more; one check is there for double precision alone.
"""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("chain_gradient")

ACTIVATIONS = ["sigmoid", "tanh", "relu"]
#: Twelve layers in float32; 1 − tanh² takes away up to five bits where tanh is near one.
SINGLE = {"dtype": torch.float32, "ops": 2048}


def weights_for(draw, activation, n):
    """Return n weights of size 0.6…1.6; a ReLU chain is positive up to the last hidden unit."""
    magnitude = draw.uniform(0.6, 1.6, n)
    if activation != "relu":
        magnitude *= torch.where(draw.uniform(0, 1, n) < 0.5, -1.0, 1.0)
    return magnitude.tolist()


def number(draw, low=0.4, high=1.5):
    """Return a positive float."""
    return float(draw.uniform(low, high, 1))


@pytest.mark.weight(2)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_follows_the_chain_rule(student, reference, draw, activation):
    """Four weights: every gradient is the product of all that stands between its weight and the output."""
    arguments = number(draw), weights_for(draw, activation, 4), activation
    mine = student.tools.without_autograd("chain_gradient", *arguments)
    close(mine, reference.chain_gradient(*arguments), "the gradients", levels=("gradient",), **SINGLE)


@pytest.mark.parametrize("n", [1, 2])
def test_works_for_short_chains(student, reference, draw, n):
    """A single weight has no activation above it, two have one."""
    arguments = -number(draw), weights_for(draw, "tanh", n), "tanh"
    mine = student.tools.without_autograd("chain_gradient", *arguments)
    close(mine, reference.chain_gradient(*arguments), "the gradients", levels=("gradient",), **SINGLE)


@pytest.mark.weight(2)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_follows_gradients_that_vanish(student, reference, draw, activation):
    """Twelve layers: the first gradients are tiny, and still right."""
    arguments = number(draw), weights_for(draw, activation, 12), activation
    mine = student.tools.without_autograd("chain_gradient", *arguments)
    close(mine, reference.chain_gradient(*arguments), "the gradients", levels=("gradient",), **SINGLE)


def test_a_dead_unit_stops_the_gradient(student, draw):
    """Below a ReLU that is switched off every gradient is zero, and so is that of the weight that its output feeds."""
    x, weights = number(draw), weights_for(draw, "relu", 4)
    weights[1] = -weights[1]
    mine = student.tools.without_autograd("chain_gradient", x, weights, "relu")
    close(mine, [0.0, 0.0, 0.0, 0.0], "the gradients", levels=("gradient",))


def test_multiplies_by_the_upstream_gradient(student, reference, draw):
    """Every gradient is multiplied by upstream, which may be negative."""
    arguments = number(draw), weights_for(draw, "tanh", 3), "tanh"
    upstream = -number(draw, 2, 3)
    mine = student.tools.without_autograd("chain_gradient", *arguments, upstream=upstream)
    due = reference.chain_gradient(*arguments, upstream=upstream)
    close(mine, due, "the gradients", levels=("gradient",), **SINGLE)


def test_computes_in_double_precision(student, reference, draw):
    """Python numbers in, Python numbers of the same precision out."""
    arguments = number(draw), weights_for(draw, "sigmoid", 3), "sigmoid"
    close(
        student.tools.without_autograd("chain_gradient", *arguments),
        reference.chain_gradient(*arguments),
        "the gradients",
        levels=("gradient",),
    )


def test_answers_the_same_again(student, draw):
    """The list of weights is the same afterwards, and a second call gives the same answer."""
    repeatable(student, "chain_gradient", number(draw), weights_for(draw, "tanh", 4), "tanh")
    inputs_unchanged(student)
