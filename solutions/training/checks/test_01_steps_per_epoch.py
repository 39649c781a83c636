"""Hidden checks of `steps_per_epoch`."""

import pytest

from autograder.checks import close

pytestmark = pytest.mark.exercise("steps_per_epoch")


@pytest.mark.weight(2)
def test_counts_an_incomplete_batch(student, draw):
    """Samples that do not fill a batch make one more update."""
    for _ in range(3):
        batch, whole = draw.integer(3, 40), draw.integer(2, 30)
        n = batch * whole + draw.integer(1, batch - 1)
        close(student.steps_per_epoch(n, batch), whole + 1, "the number of updates")


@pytest.mark.weight(2)
def test_leaves_the_incomplete_batch_out(student, draw):
    """With drop_last only full batches count."""
    for _ in range(3):
        batch, whole = draw.integer(3, 40), draw.integer(2, 30)
        n = batch * whole + draw.integer(1, batch - 1)
        close(student.steps_per_epoch(n, batch, drop_last=True), whole, "the number of updates")


@pytest.mark.weight(2)
def test_full_batches_only(student, draw):
    """Where every batch is full, drop_last makes no difference."""
    batch, whole = draw.integer(3, 40), draw.integer(2, 30)
    for drop_last in (False, True):
        close(student.steps_per_epoch(batch * whole, batch, drop_last), whole, "the number of updates")


def test_fewer_samples_than_a_batch(student, draw):
    """Fewer samples than a batch has are one update, or none with drop_last."""
    batch = draw.integer(5, 40)
    n = draw.integer(1, batch - 1)
    close(student.steps_per_epoch(n, batch), 1, "the number of updates")
    close(student.steps_per_epoch(n, batch, drop_last=True), 0, "the number of updates")


def test_batches_of_one(student, draw):
    """With batches of one sample there are as many updates as samples."""
    n = draw.integer(2, 500)
    close(student.steps_per_epoch(n, 1), n, "the number of updates")
