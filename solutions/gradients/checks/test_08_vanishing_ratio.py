"""Hidden checks of `vanishing_ratio`."""

import pytest
import torch

from autograder.checks import close, fail, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("vanishing_ratio")


@pytest.mark.weight(2)
@pytest.mark.parametrize("n", [2, 5])
def test_is_first_over_last(student, draw, n):
    """The first entry divided by the last, whatever is between them."""
    profile = draw.positive_log_uniform(1e-6, 10, n)
    close(student.vanishing_ratio(profile), float(profile[0]) / float(profile[-1]), "the ratio")


def test_one_layer_is_level_with_itself(student, draw):
    """With a single layer the ratio is one; with two that differ it is not."""
    close(student.vanishing_ratio(draw.positive_log_uniform(1e-6, 10, 1)), 1.0, "the ratio")
    if student.vanishing_ratio(torch.tensor([0.25, 8.0], dtype=torch.float64)) == 1:
        fail("The ratio is one for two layers that differ, too.")


def test_works_for_float32(student, draw):
    """float32 profiles give a ratio of that precision."""
    profile = draw.positive_log_uniform(1e-6, 10, 4).float()
    close(student.vanishing_ratio(profile), float(profile[0]) / float(profile[-1]), "the ratio", dtype=torch.float32)


def test_leaves_its_inputs_alone(student, draw):
    """The profile is the same afterwards, and a second call gives the same answer."""
    repeatable(student, "vanishing_ratio", draw.positive_log_uniform(1e-6, 10, 4))
    inputs_unchanged(student)
