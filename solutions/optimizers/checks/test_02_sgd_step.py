"""Hidden checks of `sgd_step`."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("sgd_step")


@pytest.mark.weight(2)
@pytest.mark.parametrize("shape", [(), (5,), (2, 3)], ids=["scalar", "vector", "matrix"])
def test_steps_against_the_gradient(student, reference, draw, shape):
    """The parameter moves against the gradient, by lr times the gradient."""
    p, g = draw.normal(*shape), draw.log_uniform(1e-3, 10, *shape)
    close(student.sgd_step(p, g, 0.3), reference.sgd_step(p, g, 0.3), "the new parameter")


def test_keeps_float32(student, reference, draw):
    """float32 inputs give a float32 result."""
    p, g = draw.normal(4, dtype=torch.float32), draw.normal(4, dtype=torch.float32)
    close(student.sgd_step(p, g, 0.1), reference.sgd_step(p, g, 0.1), "the new parameter", dtype=torch.float32)


def test_leaves_its_inputs_alone(student, draw):
    """The inputs are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "sgd_step", draw.normal(3), draw.normal(3), 0.1)
    inputs_unchanged(student)
