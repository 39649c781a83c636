"""Hidden checks of `adam_step`.

Only the convention check uses an eps that shows: with eps=0 it does not matter where it would be added. The
betas are far enough apart that exchanging or confusing them shows at every step.
"""

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("adam_step")

RATES = {"lr": 0.1, "beta1": 0.8, "beta2": 0.93}


def walk(implementation, p, gradients, **rates):
    """Return all that each step returns, each with the averages that the step before returned."""
    m = v = torch.zeros_like(p)
    path = []
    for t, g in enumerate(gradients, 1):
        p, m, v = implementation.adam_step(p, g, m, v, t, **rates)
        path.append((p, m, v))
    return path


@pytest.mark.weight(2)
def test_first_step_has_length_lr(student, draw):
    """The first step moves every element by lr against the sign of its gradient, however large that is."""
    p, g, zero = draw.normal(6), draw.log_uniform(1e-7, 10, 6), torch.zeros(6).double()
    p_new, _, _ = student.adam_step(p, g, zero, zero, 1, lr=0.1, beta1=0.9, beta2=0.999, eps=0.0)
    close(p_new, p - 0.1 * g.sign(), "the new parameter")


@pytest.mark.weight(3)
def test_walks_the_right_path(student, reference, draw):
    """Six steps from rest with gradients of very different sizes, each with the averages returned before."""
    p, gradients = draw.normal(4), [draw.log_uniform(1e-5, 10, 4) for _ in range(6)]
    mine, due = walk(student, p, gradients, **RATES, eps=0.0), walk(reference, p, gradients, **RATES, eps=0.0)
    for t, (found, expected) in enumerate(zip(mine, due, strict=True), 1):
        close(found[0], expected[0], f"the parameter after step {t}")


@pytest.mark.weight(2)
def test_returns_the_biased_averages(student, reference, draw):
    """The m and v that come back are the plain moving averages; the correction is for this step only."""
    p, g, m, v = draw.normal(4), draw.normal(4), draw.normal(4), draw.uniform(0.5, 2, 4)
    new = student.adam_step(p, g, m, v, 3, **RATES, eps=0.0)
    due = reference.adam_step(p, g, m, v, 3, **RATES, eps=0.0)
    # Who keeps the corrected averages finds all of them too large by one factor.
    close(new[1], due[1], "m", ratios={"1/(1 − β₁ᵗ)": 1 / (1 - RATES["beta1"] ** 3)})
    close(new[2], due[2], "v", ratios={"1/(1 − β₂ᵗ)": 1 / (1 - RATES["beta2"] ** 3)})


@pytest.mark.parametrize("shape", [(), (2, 3)], ids=["scalar", "matrix"])
def test_works_for_any_shape(student, reference, draw, shape):
    """Scalars and matrices are updated element by element, in mid-run too."""
    p, g, m, v = (draw.normal(*shape), draw.normal(*shape), draw.normal(*shape), draw.uniform(0.5, 2, *shape))
    close(
        student.adam_step(p, g, m, v, 7, **RATES, eps=0.0),
        reference.adam_step(p, g, m, v, 7, **RATES, eps=0.0),
        "the result",
    )


@pytest.mark.convention
@pytest.mark.weight(3)
def test_eps_is_added_to_the_corrected_root(student, reference, draw):
    """The eps is added to √v̂: after the root and after the correction."""
    p, gradients = draw.normal(3), [draw.log_uniform(1e-4, 1e-1, 3) for _ in range(2)]
    mine, due = (
        walk(student, p, gradients, **RATES, eps=1e-3),
        walk(reference, p, gradients, **RATES, eps=1e-3),
    )
    close([row[0] for row in mine], [row[0] for row in due], "the path", levels=("step",))


def test_keeps_float32(student, reference, draw):
    """float32 inputs give float32 results."""
    p, gradients = draw.normal(4).float(), [draw.log_uniform(0.1, 10, 4).float() for _ in range(2)]
    close(
        walk(student, p, gradients, **RATES, eps=0.0),
        walk(reference, p, gradients, **RATES, eps=0.0),
        "the result",
        dtype=torch.float32,
    )


def test_leaves_its_inputs_alone(student, draw):
    """The inputs are the same afterwards, and a second call gives the same answer."""
    inputs = draw.normal(3), draw.normal(3), draw.normal(3), draw.uniform(0.5, 2, 3)
    repeatable(student, "adam_step", *inputs, 2, **RATES, eps=0.0)
    inputs_unchanged(student)
