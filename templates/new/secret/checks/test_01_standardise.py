"""Hidden checks of `standardise`. With ε = 0 and many columns only what a check is about can differ."""

import pytest
import torch

from autograder.checks import Draw, Student, close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("standardise")


@pytest.mark.weight(3)
@pytest.mark.parametrize("shape", [(4, 6), (2, 3, 5)], ids=["matrix", "batch"])
def test_each_row_for_itself(student: Student, reference: Student, draw: Draw, shape: tuple[int, ...]) -> None:
    """Every row has mean zero and variance one afterwards, whatever the other rows hold."""
    # Rows of different places and widths: whoever takes one mean for all gives other numbers.
    x = draw.normal(*shape) * draw.uniform(1, 9, *shape[:-1], 1) + draw.normal(*shape[:-1], 1)
    close(student.standardise(x, 0.0), reference.standardise(x, 0.0), "the standardised rows")


@pytest.mark.weight(2)
def test_eps_stands_under_the_root(student: Student, reference: Student, draw: Draw) -> None:
    """The variance gets ε before the root is taken, and 1e-5 if nobody says otherwise."""
    x = 0.01 * draw.normal(3, 7)
    close(student.standardise(x, 0.1), reference.standardise(x, 0.1), "the rows with a large eps")
    close(student.standardise(x), reference.standardise(x), "the rows with the usual eps")


def test_keeps_float32(student: Student, reference: Student, draw: Draw) -> None:
    """float32 in, float32 out."""
    x = draw.normal(3, 5, dtype=torch.float32)
    close(student.standardise(x, 0.5), reference.standardise(x, 0.5), "the rows", dtype=torch.float32)


def test_leaves_its_input_alone(student: Student, draw: Draw) -> None:
    """The input is the same afterwards, and a second call gives the same answer."""
    repeatable(student, "standardise", draw.normal(3, 5))
    inputs_unchanged(student)
