"""Hidden checks of `lr_at`.

The rates of a decay are compared epoch by epoch, those of the warm-up in a check of their own.
"""

import pytest
import torch

from autograder.checks import close, fail

pytestmark = pytest.mark.exercise("lr_at")

#: A float that was computed in single precision is right too.
SIX_DIGITS = {"dtype": torch.float32, "ops": 16}


def settings(draw):
    """Return a base rate and a factor whose powers and multiples are all different."""
    return float(draw.uniform(0.5, 1.0, 1)), float(draw.uniform(0.3, 0.6, 1))


def rates(side, epochs, base, step_size, gamma, *warmup):
    """Return the rates of these epochs."""
    return [side.lr_at(epoch, base, step_size, gamma, *warmup) for epoch in epochs]


@pytest.mark.weight(3)
@pytest.mark.parametrize("step_size", [1, 2, 3])
def test_decays_in_steps(student, reference, draw, step_size):
    """Without a warm-up the rate is base at first, and gamma times as large after every step_size epochs."""
    base, gamma = settings(draw)
    found, due = (rates(side, range(8), base, step_size, gamma) for side in (student, reference))
    close(found, due, "the rates", levels=("epoch",), **SIX_DIGITS)


@pytest.mark.weight(3)
@pytest.mark.parametrize(("warmup", "step_size"), [(2, 2), (3, 3)], ids=["2", "3"])
def test_decays_after_the_warm_up(student, reference, draw, warmup, step_size):
    """After the warm-up the steps are counted from its end."""
    base, gamma = settings(draw)
    epochs = range(warmup, warmup + 8)
    found, due = (rates(side, epochs, base, step_size, gamma, warmup) for side in (student, reference))
    close(found, due, "the rates after the warm-up", levels=("epoch",), **SIX_DIGITS)


@pytest.mark.convention
@pytest.mark.weight(3)
def test_warms_up_from_the_first_epoch(student, reference, draw):
    """The rate grows in equal steps from base/warmup in epoch 0 to base in the last epoch of the warm-up."""
    base, gamma = settings(draw)
    found, due = (rates(side, range(5), base, 3, gamma, 5) for side in (student, reference))
    close(found, due, "the rates of the warm-up", levels=("epoch",), **SIX_DIGITS)


def test_a_long_training(student, reference, draw):
    """After a hundred epochs the rate is small, and still right."""
    base = float(draw.uniform(0.5, 1.0, 1))
    found, due = (rates(side, (99, 100, 149, 150), base, 50, 0.1) for side in (student, reference))
    for mine, theirs in zip(found, due, strict=True):
        close(mine, theirs, "the rate", **SIX_DIGITS)


def test_is_a_float(student):
    """Whole arguments give a float too."""
    found = rates(student, range(4), 3, 2, 2)
    if not student.tools.observe("floats", all(isinstance(rate, float) for rate in found)):
        fail("The rate has to be a Python float, also where all arguments are whole numbers.")
    for rate, due in zip(found, (3.0, 3.0, 6.0, 6.0), strict=True):
        close(rate, due, "the rate", **SIX_DIGITS)
