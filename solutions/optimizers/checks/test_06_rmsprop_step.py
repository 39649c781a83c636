"""Hidden checks of `rmsprop_step`.

Only the convention check uses an eps that shows: with eps=0 it does not matter where it would be added.
"""

import pytest
import torch

from autograder.checks import close, fail, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("rmsprop_step")


@pytest.mark.weight(2)
def test_divides_by_the_root_of_the_new_state(student, reference, draw):
    """One step with gradients of very different sizes: the average of squares first, then the step with the new one."""
    p, g, s = draw.normal(5), draw.log_uniform(1e-3, 10, 5), draw.positive_log_uniform(1e-3, 10, 5)
    p_new, s_new = student.rmsprop_step(p, g, s, 0.1, 0.7, 0.0)
    p_due, s_due = reference.rmsprop_step(p, g, s, 0.1, 0.7, 0.0)
    close(s_new, s_due, "the average of squares")
    close(p_new, p_due, "the new parameter")


@pytest.mark.weight(2)
def test_walks_the_right_path_from_rest(student, reference, draw):
    """Several steps from a state of zero, each with the state that the step before returned."""
    p, gradients = draw.normal(3), [draw.log_uniform(1e-2, 10, 3) for _ in range(4)]
    paths = []
    for implementation in (student, reference):
        position, state, path = p, torch.zeros_like(p), []
        for g in gradients:
            position, state = implementation.rmsprop_step(position, g, state, 0.1, 0.7, 0.0)
            path.append(position)
        paths.append(path)
    close(*paths, "the path", levels=("step",))


@pytest.mark.parametrize("shape", [(), (2, 3)], ids=["scalar", "matrix"])
def test_works_for_any_shape(student, reference, draw, shape):
    """Scalars and matrices are updated element by element."""
    p, g, s = draw.normal(*shape), draw.log_uniform(0.1, 10, *shape), draw.uniform(1, 2, *shape)
    close(
        student.rmsprop_step(p, g, s, 0.1, 0.7, 0.0),
        reference.rmsprop_step(p, g, s, 0.1, 0.7, 0.0),
        "the result",
    )


@pytest.mark.convention
@pytest.mark.weight(2)
def test_eps_is_added_to_the_root(student, reference, draw):
    """The eps is added after the root, not under it."""
    p, g, s = draw.normal(4), draw.log_uniform(1e-3, 0.1, 4), draw.positive_log_uniform(1e-5, 1e-2, 4)
    close(
        student.rmsprop_step(p, g, s, 0.1, 0.7, 1e-2),
        reference.rmsprop_step(p, g, s, 0.1, 0.7, 1e-2),
        "the result",
    )


def test_does_not_divide_by_zero(student, draw):
    """An element that never had a gradient stays where it is, for eps keeps the division finite; others move."""
    p, zero = draw.normal(3), torch.zeros(3).double()
    p_new, _ = student.rmsprop_step(p, zero, zero, 0.1, 0.7, 1e-8)
    close(p_new, p, "the new parameter")
    # A function that moves nothing leaves it there, too.
    if torch.equal(student.rmsprop_step(p, torch.ones(3).double(), zero, 0.1, 0.7, 1e-8)[0], p):
        fail("The parameter stays where it is although it has a gradient.")


def test_keeps_float32(student, reference, draw):
    """float32 inputs give float32 results."""
    p, g, s = (t.float() for t in (draw.normal(4), draw.log_uniform(0.1, 10, 4), draw.uniform(1, 2, 4)))
    close(
        student.rmsprop_step(p, g, s, 0.1, 0.7, 0.0),
        reference.rmsprop_step(p, g, s, 0.1, 0.7, 0.0),
        "the result",
        dtype=torch.float32,
    )


def test_leaves_its_inputs_alone(student, draw):
    """The inputs are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "rmsprop_step", draw.normal(3), draw.normal(3), draw.uniform(1, 2, 3), 0.1, 0.7, 0.0)
    inputs_unchanged(student)
