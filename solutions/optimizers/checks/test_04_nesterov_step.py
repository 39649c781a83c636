"""Hidden checks of `nesterov_step`."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("nesterov_step")


@pytest.mark.weight(2)
def test_looks_ahead_along_the_new_velocity(student, reference, draw):
    """One step from a moving start: v is μ·v + g, and the parameter moves by lr·(g + μ·v) with that v."""
    p, g, v = draw.normal(4), draw.log_uniform(1e-3, 10, 4), draw.normal(4)
    p_new, v_new = student.nesterov_step(p, g, v, 0.1, 0.7)
    p_due, v_due = reference.nesterov_step(p, g, v, 0.1, 0.7)
    close(v_new, v_due, "the new velocity")
    close(p_new, p_due, "the new parameter")


@pytest.mark.weight(2)
def test_walks_the_right_path(student, reference, draw):
    """Several steps, each with the velocity that the step before returned."""
    p, gradients = draw.normal(3), [draw.normal(3) for _ in range(4)]
    paths = []
    for implementation in (student, reference):
        position, velocity, path = p, torch.zeros_like(p), []
        for g in gradients:
            position, velocity = implementation.nesterov_step(position, g, velocity, 0.05, 0.9)
            path.append(position)
        paths.append(path)
    close(*paths, "the path", levels=("step",))


@pytest.mark.parametrize("shape", [(), (2, 3)], ids=["scalar", "matrix"])
def test_works_for_any_shape(student, reference, draw, shape):
    """Scalars and matrices are updated element by element."""
    inputs = [draw.normal(*shape) for _ in range(3)]
    close(student.nesterov_step(*inputs, 0.1, 0.5), reference.nesterov_step(*inputs, 0.1, 0.5), "the result")


def test_keeps_float32(student, reference, draw):
    """float32 inputs give float32 results."""
    inputs = [draw.normal(4, dtype=torch.float32) for _ in range(3)]
    close(
        student.nesterov_step(*inputs, 0.1, 0.9),
        reference.nesterov_step(*inputs, 0.1, 0.9),
        "the result",
        dtype=torch.float32,
    )


def test_leaves_its_inputs_alone(student, draw):
    """The inputs are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "nesterov_step", draw.normal(3), draw.normal(3), draw.normal(3), 0.1, 0.9)
    inputs_unchanged(student)
