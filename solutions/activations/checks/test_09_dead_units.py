"""Hidden checks of `dead_units`."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("dead_units")


def pre_activations(draw, n=6, dtype=torch.float64):
    """Return n samples of six units, two of them dead: one negative throughout, one that is zero at times."""
    z = draw.uniform(0.2, 2, n, 6)
    z[:, 1] *= -1
    z[:, 4] *= -1
    z[n // 2, 4] = 0.0
    # Alive, though negative for one sample; alive for one sample only, and negative on average.
    z[0, 2] = -0.001
    z[1:, 5] *= -1
    z[0, 5] = 0.5
    return z.to(dtype)


@pytest.mark.weight(2)
def test_finds_the_dead_units(student, draw):
    """A unit is dead if it is positive for no sample; one sample is enough to be alive."""
    z = pre_activations(draw, 8)
    close(student.dead_units(z), torch.tensor([False, True, False, False, True, False]), "the dead units")


def test_looks_at_units_not_at_samples(student, reference, draw):
    """There is one answer for each column, also where there are as many samples as units."""
    z = pre_activations(draw)
    z[3] = -z[3].abs()
    close(student.dead_units(z), reference.dead_units(z), "the dead units")


def test_zero_is_dead(student, draw):
    """A unit that is exactly zero for all samples is dead: ReLU is zero there, and so is what comes of it."""
    z = torch.zeros(3, 2, dtype=torch.float64)
    z[1, 1] = draw.uniform(0.5, 1, 1).item()
    close(student.dead_units(z), torch.tensor([True, False]), "the dead units")


@pytest.mark.weight(2)
def test_however_small_is_alive(student, draw):
    """A unit that is positive for a sample is alive, however small the number is: ReLU has the slope 1 there."""
    z = draw.uniform(0.5, 2, 3, 3)
    z[:, 0] *= -1
    z[:, 1] = 0.0
    # float32 has such numbers as well.
    z[draw.integer(0, 2), 1] = 1e-30
    close(student.dead_units(z), torch.tensor([True, False, False]), "the dead units")


def test_one_sample_is_enough(student, draw):
    """With one sample a unit is dead if it is off for that one; all may be dead, or none."""
    z = draw.uniform(0.2, 2, 1, 4)
    close(student.dead_units(z), torch.zeros(4, dtype=torch.bool), "the dead units")
    close(student.dead_units(-z), torch.ones(4, dtype=torch.bool), "the dead units")


def test_takes_float32(student, reference, draw):
    """float32 inputs give a bool tensor too."""
    z = pre_activations(draw, 5, torch.float32)
    close(student.dead_units(z), reference.dead_units(z), "the dead units")


def test_leaves_z_alone(student, reference, draw):
    """z is the same afterwards, and a second call gives the same answer."""
    z = pre_activations(draw, 7)
    close(repeatable(student, "dead_units", z), reference.dead_units(z), "the dead units")
    inputs_unchanged(student)
