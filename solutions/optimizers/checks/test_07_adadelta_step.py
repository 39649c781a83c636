"""Hidden checks of `adadelta_step`."""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("adadelta_step")

RATES = {"lr": 0.5, "rho": 0.8, "eps": 1e-3}


@pytest.fixture
def state(draw):
    """A parameter, its gradient and both averages in mid-run."""
    return draw.normal(4), draw.log_uniform(1e-2, 10, 4), draw.uniform(0.1, 2, 4), draw.uniform(0.1, 2, 4)


@pytest.mark.weight(2)
def test_moves_by_the_ratio_of_roots(student, reference, state):
    """The step is lr·√(d + ε)/√(s + ε)·g, with the new s and the old d."""
    close(
        student.adadelta_step(*state, **RATES)[0],
        reference.adadelta_step(*state, **RATES)[0],
        "the new parameter",
    )


@pytest.mark.weight(2)
def test_averages_squared_gradients_and_squared_steps(student, reference, state):
    """The new s averages g², the new d averages Δ² without the learning rate."""
    new, due = student.adadelta_step(*state, **RATES), reference.adadelta_step(*state, **RATES)
    close(new[1], due[1], "the average of squared gradients")
    close(new[2], due[2], "the average of squared steps")


@pytest.mark.weight(2)
def test_walks_the_right_path_from_rest(student, reference, draw):
    """Several steps from averages of zero: eps alone makes the first one possible."""
    p, gradients = draw.normal(3), [draw.log_uniform(1e-2, 10, 3) for _ in range(4)]
    paths = []
    for implementation in (student, reference):
        position, path = p, []
        s = d = torch.zeros_like(p)
        for g in gradients:
            position, s, d = implementation.adadelta_step(position, g, s, d, **RATES)
            path.append(position)
        paths.append(path)
    close(*paths, "the path", levels=("step",))


@pytest.mark.parametrize("shape", [(), (2, 3)], ids=["scalar", "matrix"])
def test_works_for_any_shape(student, reference, draw, shape):
    """Scalars and matrices are updated element by element."""
    inputs = draw.normal(*shape), draw.normal(*shape), draw.uniform(1, 2, *shape), draw.uniform(1, 2, *shape)
    close(student.adadelta_step(*inputs, **RATES), reference.adadelta_step(*inputs, **RATES), "the result")


def test_keeps_float32(student, reference, state):
    """float32 inputs give float32 results."""
    inputs = [t.float() for t in state]
    close(
        student.adadelta_step(*inputs, **RATES),
        reference.adadelta_step(*inputs, **RATES),
        "the result",
        dtype=torch.float32,
    )


def test_leaves_its_inputs_alone(student, state):
    """The inputs are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "adadelta_step", *state, **RATES)
    inputs_unchanged(student)
