"""Hidden checks of `standardize`.

But for one check, whoever divides by N − 1 is right too: that turns all numbers smaller by one factor, which is undone.
"""

import math

import pytest
import torch

from autograder.checks import close, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("standardize")

N, M = 7, 4


def data(draw, dtype=torch.float64):
    """Draw three columns with means and deviations of their own, and other ones for the test.

    The deviations are large: who adds a small ε to them is wrong where a column is constant, and nowhere else.
    """
    place, size = torch.tensor([5e4, -4e5, 3e4]).double(), torch.tensor([3e4, 9e4, 5e4]).double()
    train = place + size * spread(draw, N)
    test = place + size * (1.5 + 2 * spread(draw, M))
    return train.to(dtype), test.to(dtype)


def spread(draw, n):
    """Draw columns whose deviations are near one, since they hold −1 and 1."""
    return torch.cat([draw.normal(n - 2, 3), draw.uniform(0.9, 1.1, 1, 3), -draw.uniform(0.9, 1.1, 1, 3)])


def biased(answer, dtype=torch.float64):
    """Return an answer whose deviations were divided by N − 1 as if it had been N; any other as it is."""
    if not (isinstance(answer, tuple) and all(isinstance(t, torch.Tensor) and t.dtype is dtype for t in answer)):
        return answer
    factor = math.sqrt(N / (N - 1))
    sizes = answer[0].detach().double().pow(2).mean(0).sqrt() if answer[0].shape == (N, 3) else torch.zeros(3).double()
    # A constant column is centred only, so its size is zero.
    moved = [s for s in sizes.tolist() if s != 0]
    if not moved or any(abs(s * factor - 1) > 1e-5 for s in moved):
        return answer
    scale = torch.where(sizes == 0, torch.ones_like(sizes), torch.full_like(sizes, factor)).to(dtype)
    return tuple(t.detach() * scale if t.dim() == 2 and t.shape[1] == 3 else t for t in answer)


@pytest.mark.weight(3)
def test_train_has_mean_zero_and_deviation_one(student, reference, draw):
    """Each column of both is centred by the mean of train and divided by the deviation of train."""
    train, test = data(draw)
    due = reference.standardize(train, test)
    close(biased(student.standardize(train, test)), due, "train and test", levels=("part",))


@pytest.mark.weight(2)
def test_takes_a_single_row_of_test_data(student, reference, draw):
    """One row is enough for the test data: its own mean and deviation play no part."""
    train, test = data(draw)
    due = reference.standardize(train, test[:1])
    close(biased(student.standardize(train, test[:1])), due, "train and test", levels=("part",))


@pytest.mark.weight(2)
def test_a_constant_column_is_centred_only(student, reference, draw):
    """A column that is constant in train is not divided, in test neither."""
    train, test = data(draw)
    train[:, 1] = 0.5
    due = reference.standardize(train, test)
    close(biased(student.standardize(train, test)), due, "train and test", levels=("part",))


@pytest.mark.convention
@pytest.mark.weight(2)
def test_deviations_are_divided_by_the_number_of_rows(student, reference, draw):
    """The deviation is the biased one: the mean of the squares is taken over N, not N − 1."""
    train, test = data(draw)
    close(student.standardize(train, test), reference.standardize(train, test), "train and test", levels=("part",))


def test_keeps_float32(student, reference, draw):
    """float32 in, float32 out."""
    train, test = data(draw, torch.float32)
    mine = biased(student.standardize(train, test), torch.float32)
    # Numbers are centred first, which takes away a few bits.
    close(mine, reference.standardize(train, test), "train and test", dtype=torch.float32, ops=1024)


def test_leaves_both_alone(student, draw):
    """Both are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "standardize", *data(draw))
    inputs_unchanged(student)
