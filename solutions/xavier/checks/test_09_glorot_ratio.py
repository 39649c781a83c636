"""Hidden checks of `glorot_ratio`.

Six digits are asked for: whoever takes the detour over a float32 tensor has the right ratio.
"""

import numpy as np
import pytest

from autograder.checks import fail, inputs_unchanged

pytestmark = pytest.mark.exercise("glorot_ratio")


def gives(student, due, variances):
    """Require a number, and this one."""
    found = student.glorot_ratio(variances)
    if isinstance(found, bool) or not isinstance(found, (int, float, np.integer, np.floating)):
        fail("Wrong kind: the ratio. A float is expected.")
    if not abs(float(found) / due - 1) < 1e-6:
        fail("The ratio is not the largest over the smallest.")


@pytest.mark.weight(2)
def test_is_the_largest_over_the_smallest(student, draw):
    """The ratio is the largest over the smallest, wherever they stand."""
    variances = draw.positive_log_uniform(0.1, 10, 7).tolist()
    gives(student, max(variances) / min(variances), variances)
    gives(student, max(variances) / min(variances), sorted(variances))
    gives(student, max(variances) / min(variances), sorted(variances, reverse=True))


def test_vanished_variances_have_a_ratio_too(student, draw):
    """The ratio is right for variances over twenty decades."""
    variances = draw.positive_log_uniform(1e-18, 1e2, 9).tolist()
    gives(student, max(variances) / min(variances), variances)


def test_a_single_variance_has_ratio_one(student, draw):
    """One variance, or equal ones, have the ratio 1."""
    variance = draw.uniform(1, 9, 1).item()
    gives(student, 1.0, [variance])
    gives(student, 1.0, [variance] * 3)
    gives(student, 2.0, [variance, 2 * variance])


def test_leaves_the_list_alone(student, draw):
    """The list is the same afterwards, and in the same order."""
    largest = draw.uniform(4, 9, 1).item()
    gives(student, largest, [3.0, largest, 1.0, 2.0])
    inputs_unchanged(student)
