"""Hidden checks of `rows_identical`. Differences are powers of two, so that borders are exact."""

import numpy as np
import pytest
import torch

from autograder.checks import fail, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("rows_identical")


def says(student, due, weight, *args, **kwargs):
    """Require an answer that is a bool, and this one."""
    found = student.rows_identical(weight, *args, **kwargs)
    if not isinstance(found, (bool, np.bool_)):
        fail("Wrong kind: the answer. A bool is expected.")
    if bool(found) is not due:
        fail(f"The answer is {due} here.", alternatives=2)


@pytest.fixture
def same(draw):
    """Five equal rows of three different numbers; all are multiples of 2⁻¹⁰, so that sums are exact."""
    return (draw.uniform(1, 4, 1, 3) * 1024).round().div(1024).repeat(5, 1)


def test_equal_rows_are_identical(student, same, draw):
    """Rows that are all the same are identical, though their elements differ among themselves; others are not."""
    says(student, True, same)
    says(student, False, draw.normal(5, 3))


@pytest.mark.weight(2)
@pytest.mark.parametrize("row", [0, 1, 2, 4], ids=["first", "second", "middle", "last"])
def test_one_other_row_breaks_the_symmetry(student, same, draw, row):
    """A single element of a single row, wherever it is, breaks the symmetry."""
    says(student, True, same)
    same[row, draw.integer(0, 2)] += 0.5
    says(student, False, same)


def test_rows_are_no_columns(student, draw):
    """Equal columns are something else."""
    columns = draw.normal(4, 1).repeat(1, 3)
    says(student, False, columns)
    says(student, True, columns.T.contiguous())


@pytest.mark.weight(2)
def test_atol_is_absolute_and_includes_its_border(student, same):
    """Elements may differ from the first row's by atol itself, to either side, and by no more."""
    for sign in (1, -1):
        near = same.clone()
        near[2, 1] += 0.25 * sign
        says(student, True, near, 0.25)
        says(student, True, near, atol=0.5)
        says(student, False, near, 0.125)


def test_exactly_means_exactly(student, same):
    """With atol=0 a difference of a millionth counts, however large the numbers are."""
    same = same * 1000
    says(student, True, same)
    same[1, 2] += 2.0**-20
    says(student, False, same)


def test_a_row_may_be_a_filter(student, draw):
    """For a convolution's weight a row is a whole filter; a weight with one row has identical rows."""
    filters = draw.normal(1, 2, 3, 3).repeat(4, 1, 1, 1)
    says(student, True, filters)
    filters[3, 1, 2, 0] += 0.5
    says(student, False, filters)
    says(student, True, draw.normal(1, 6))


def test_takes_parameters_of_any_dtype(student, same):
    """It does not matter whether the weight requires a gradient, or which dtype it has."""
    says(student, True, same.float().requires_grad_())
    same[4, 1] += 0.5
    says(student, False, same.float().requires_grad_())


def test_leaves_the_weight_alone(student, same):
    """The weight is the same afterwards, and a second call gives the same answer."""
    for due, weight in ((True, same), (False, same + torch.arange(5.0).double()[:, None])):
        says(student, due, weight)
        repeatable(student, "rows_identical", weight)
        inputs_unchanged(student)
