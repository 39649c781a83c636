"""Hidden checks of `mean_squared_error`, against closed forms."""

import pytest
import torch

from autograder.checks import close, fail, inputs_unchanged, raises, repeatable

pytestmark = pytest.mark.exercise("mean_squared_error")

ALIKE = {"rows": ((6,), (6,)), "columns": ((6, 1), (6, 1))}
MIXED = {"column and row": ((6, 1), (6,)), "row and column": ((6,), (6, 1))}


def pair(draw, shapes, dtype=torch.float64):
    """Draw a prediction and a target that lie apart."""
    return draw.normal(*shapes[0], dtype=dtype), 2 + draw.normal(*shapes[1], dtype=dtype)


def due(prediction, target):
    """Return the mean over all pairs of elements that belong together."""
    p, t = prediction.double().reshape(-1), target.double().reshape(-1)
    return ((p - t) * (p - t)).sum() / len(p)


@pytest.mark.weight(2)
@pytest.mark.parametrize("shapes", ALIKE.values(), ids=ALIKE)
def test_is_the_mean_of_the_squares(student, draw, shapes):
    """Where both have one shape it is the mean of the squared differences, a tensor without dimensions."""
    p, t = pair(draw, shapes)
    close(student.mean_squared_error(p, t), due(p, t), "the error")


@pytest.mark.weight(2)
@pytest.mark.parametrize("shapes", MIXED.values(), ids=MIXED)
def test_does_not_broadcast(student, draw, shapes):
    """Between (N, 1) and (N,) element i belongs to element i: N differences, not N times N."""
    p, t = pair(draw, shapes)
    close(student.mean_squared_error(p, t), due(p, t), "the error")


@pytest.mark.weight(2)
@pytest.mark.parametrize("shapes", [ALIKE["columns"], MIXED["column and row"]], ids=["alike", "mixed"])
def test_gradients_reach_both(student, draw, shapes):
    """The gradient by the prediction is 2·(p − t)/N, that by the target is the opposite."""
    p, t = pair(draw, shapes)
    upstream = draw.uniform(1, 2)
    _, mine = student.tools.vjp("mean_squared_error", (p, t), upstream)
    slope = 2 * upstream * (p.reshape(-1) - t.reshape(-1)) / p.numel()
    close(mine, [slope.reshape(p.shape), -slope.reshape(t.shape)], "the gradients", levels=("gradient",))


@pytest.mark.parametrize("shape", [(5,), (1,), (7, 1)], ids=["one less", "one", "one more"])
def test_refuses_other_numbers_of_elements(student, draw, shape):
    """Where the numbers of elements differ a ValueError says so; where they agree there is an answer."""
    raises(student, "mean_squared_error", draw.normal(6), draw.normal(*shape))
    # A function that refuses everything looks at no number of elements.
    if student.mean_squared_error(draw.normal(6), draw.normal(6)) is None:
        fail("Six predictions for six targets have to give an error.")


def test_takes_a_single_element(student, draw):
    """One prediction and one target have one difference."""
    p, t = pair(draw, ((1, 1), (1,)))
    close(student.mean_squared_error(p, t), due(p, t), "the error")


def test_keeps_float32(student, draw):
    """float32 in, float32 out."""
    p, t = pair(draw, MIXED["column and row"], torch.float32)
    close(student.mean_squared_error(p, t), due(p, t), "the error", dtype=torch.float32)


def test_leaves_both_alone(student, draw):
    """Both are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "mean_squared_error", *pair(draw, ALIKE["rows"]))
    inputs_unchanged(student)
