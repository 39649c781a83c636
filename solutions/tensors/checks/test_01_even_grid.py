"""Hidden checks of `even_grid`. Nothing goes in that is on a device, so a grid may be on any."""

import pytest
import torch

from autograder.checks import close, fail, raises, repeatable

pytestmark = pytest.mark.exercise("even_grid")


def ends(draw):
    """Return a negative and a positive end, whose difference is no whole number of steps."""
    return float(draw.uniform(-3, -1, 1)), float(draw.uniform(2, 5, 1))


def due(start, end, steps):
    """Return the points by a weighted mean of both ends."""
    share = torch.arange(steps, dtype=torch.float64) / (steps - 1)
    return start * (1 - share) + end * share


@pytest.mark.weight(2)
@pytest.mark.parametrize("several", [(7,), (2, 3)], ids=["seven", "two and three"])
def test_points_lie_at_equal_distances(student, draw, several):
    """There are as many points as are asked for, from start to end, both included, at equal distances."""
    start, end = ends(draw)
    for steps in several:
        close(repeatable(student, "even_grid", start, end, steps), due(start, end, steps), "the grid", anywhere=True)


def test_goes_downwards(student, draw):
    """The first point is start also if end is smaller."""
    start, end = ends(draw)
    close(student.even_grid(end, start, 5), due(end, start, 5), "the grid", anywhere=True)


def test_takes_whole_numbers(student, draw):
    """Ends that are ints give floating-point numbers: their distance need not be whole."""
    start = -draw.integer(1, 9)
    close(student.even_grid(start, start + 7, 4), due(start, start + 7, 4), "the grid", anywhere=True)


@pytest.mark.diagnosis(error="grid-single-point-nan")
def test_one_point_is_the_start(student, draw):
    """A grid of one point is start."""
    start, end = ends(draw)
    close(student.even_grid(start, end, 1), torch.tensor([start], dtype=torch.float64), "the grid", anywhere=True)


@pytest.mark.parametrize("steps", [0, -3])
def test_refuses_less_than_one_point(student, draw, steps):
    """Fewer than one point raise a ValueError; more do not."""
    raises(student, "even_grid", *ends(draw), steps)
    # A function that refuses everything looks at no number of points.
    if not isinstance(student.even_grid(*ends(draw), 4), torch.Tensor):
        fail("Four points have to be a tensor.")


def test_has_the_dtype_that_is_asked_for(student, draw):
    """With dtype=torch.float32 the result is float32, also that of one point."""
    start, end = ends(draw)
    close(
        [student.even_grid(start, end, 6, dtype=torch.float32), student.even_grid(start, end, 1, torch.float32)],
        [due(start, end, 6), torch.tensor([start], dtype=torch.float64)],
        "the grid",
        dtype=torch.float32,
        anywhere=True,
    )
