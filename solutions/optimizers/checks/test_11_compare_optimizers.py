"""Hidden checks of `compare_optimizers`.

Curvatures and starts are large, so that gradients are, and eps is beyond the ninth digit wherever it is added.
The exercise builds on the earlier ones: losses that follow from the student's own step functions or classes
count as right, so that a mistake there is not paid for twice.
"""

import pytest
import torch

from autograder.checks import CheckFailure, StudentError, close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("compare_optimizers")

LR = 0.004
STEPS = 8


@pytest.fixture
def bowl(draw):
    """Curvatures and a start in three dimensions; LR is small enough for SGD not to diverge."""
    return draw.uniform(100, 400, 3), draw.uniform(5, 10, 3)


def own_losses(student, name, curvature, x0, *, by_class):
    """Return the losses that follow from what the student wrote in the exercises before."""
    x, m = x0, torch.zeros_like(x0)
    v = torch.zeros_like(x0)
    optimizer = None
    if by_class and name != "sgd":
        optimizer = student.tools.optimizer("Momentum" if name == "momentum" else "Adam", [x0], lr=LR)
    losses = []
    for t in range(1, STEPS + 1):
        losses.append(0.5 * (curvature * x**2).sum())
        g = curvature * x
        if optimizer is not None:
            (x,) = optimizer.step([g])
        elif name == "sgd":
            x = student.sgd_step(x, g, LR)
        elif name == "momentum":
            x, m = student.momentum_step(x, g, m, LR, 0.9)
        else:
            x, m, v = student.adam_step(x, g, m, v, t, LR, 0.9, 0.999, 1e-8)
    losses.append(0.5 * (curvature * x**2).sum())
    return torch.stack(losses)


@pytest.mark.weight(3)
@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_records_the_losses(student, reference, bowl, name):
    """The losses before each step and after the last are those of the optimizer that the key names."""
    found = student.compare_optimizers(*bowl, LR, STEPS)[name]
    try:
        close(found, reference.compare_optimizers(*bowl, LR, STEPS)[name], f"the losses of {name}")
    except CheckFailure:
        for by_class in (False, True):
            try:
                close(found, own_losses(student, name, *bowl, by_class=by_class), f"the losses of {name}")
            except (CheckFailure, StudentError, TypeError, ValueError, RuntimeError):
                continue
            return
        raise


def test_has_the_three_keys(student, draw):
    """The result is a dict with the keys sgd, momentum and adam, each with steps + 1 losses that start alike."""
    curvature, x0 = draw.uniform(1, 2, 2), draw.normal(2)
    result = student.compare_optimizers(curvature, x0, 0.1, 3)
    first = (0.5 * (curvature * x0**2).sum())[None]
    close(
        {k: v[:1] for k, v in result.items()},
        dict.fromkeys(("sgd", "momentum", "adam"), first),
        "the first loss",
    )
    close(
        {k: len(v) for k, v in result.items()},
        dict.fromkeys(("sgd", "momentum", "adam"), 4),
        "the number of losses",
    )


def test_keeps_float32(student, draw):
    """float32 inputs give float32 losses."""
    curvature, x0 = draw.uniform(1, 2, 2).float(), draw.normal(2).float()
    result = student.compare_optimizers(curvature, x0, 0.1, 2)
    first = (0.5 * (curvature.double() * x0.double() ** 2).sum())[None]
    close(result["sgd"][:1], first, "the first loss", dtype=torch.float32)


def test_leaves_its_inputs_alone(student, draw):
    """The inputs are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "compare_optimizers", draw.uniform(1, 2, 2), draw.normal(2), 0.1, 2)
    inputs_unchanged(student)
