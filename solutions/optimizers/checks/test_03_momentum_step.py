"""Hidden checks of `momentum_step`.

Only the convention check looks at the velocity itself: from a velocity of zero and at a constant learning
rate, the form with the learning rate in the velocity walks the same path.
"""

import pytest
import torch

from autograder.checks import close, fail, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("momentum_step")


def walk(implementation, p, gradients, lr, momentum):
    """Return the parameters after each step, each with the velocity that the step before returned."""
    velocity = torch.zeros_like(p)
    path = []
    for g in gradients:
        p, velocity = implementation.momentum_step(p, g, velocity, lr, momentum)
        path.append(p)
    return path


@pytest.mark.weight(2)
def test_walks_the_right_path(student, reference, draw):
    """From rest, at a constant learning rate, the parameters follow the path of the two formulas."""
    p, gradients = draw.normal(4), [draw.log_uniform(1e-3, 10, 4) for _ in range(5)]
    close(
        walk(student, p, gradients, 0.05, 0.8),
        walk(reference, p, gradients, 0.05, 0.8),
        "the path",
        levels=("step",),
    )


@pytest.mark.parametrize("shape", [(), (2, 3)], ids=["scalar", "matrix"])
def test_works_for_any_shape(student, reference, draw, shape):
    """Scalars and matrices are updated element by element."""
    p, gradients = draw.normal(*shape), [draw.normal(*shape) for _ in range(2)]
    close(
        walk(student, p, gradients, 0.1, 0.5),
        walk(reference, p, gradients, 0.1, 0.5),
        "the path",
        levels=("step",),
    )


@pytest.mark.convention
@pytest.mark.weight(2)
def test_velocity_is_a_sum_of_gradients(student, reference, draw):
    """The velocity is μ·v + g: the learning rate enters only when the parameter moves."""
    p, g, v = draw.normal(3), draw.normal(3), draw.normal(3)
    p_new, v_new = student.momentum_step(p, g, v, 0.1, 0.7)
    p_due, v_due = reference.momentum_step(p, g, v, 0.1, 0.7)
    close(v_new, v_due, "the new velocity")
    close(p_new, p_due, "the new parameter")


def test_keeps_float32(student, reference, draw):
    """float32 inputs give float32 results."""
    p = draw.normal(4, dtype=torch.float32)
    gradients = [draw.normal(4, dtype=torch.float32) for _ in range(2)]
    close(
        walk(student, p, gradients, 0.1, 0.9),
        walk(reference, p, gradients, 0.1, 0.9),
        "the path",
        levels=("step",),
        dtype=torch.float32,
    )


def test_leaves_its_inputs_alone(student, draw):
    """The parameter, the gradient and the old velocity are the same afterwards."""
    student.momentum_step(draw.normal(3), draw.normal(3), draw.normal(3), 0.1, 0.9)
    inputs_unchanged(student)


def test_does_not_remember_earlier_calls(student, draw):
    """A second call with the same inputs gives the same answer: a parameter that has moved, and a velocity."""
    p = draw.normal(3)
    answer = repeatable(student, "momentum_step", p, draw.normal(3), torch.zeros(3).double(), 0.1, 0.9)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        fail("A pair is asked for: the new parameter and the new velocity.")
    if isinstance(answer[0], torch.Tensor) and torch.equal(answer[0].double(), p):
        fail("The parameter does not move.")
