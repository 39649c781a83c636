"""Hidden checks of `share_and_copy`. An array is on no device, so what is made of it may be on any."""

import numpy as np
import pytest
import torch

from autograder.checks import close, fail, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("share_and_copy")


@pytest.mark.weight(2)
def test_only_the_first_shares_memory(student, reference, draw):
    """The first tensor sees the new value, the second does not, and both keep the array's dtype."""
    array, value = draw.normal(5).numpy(), float(draw.uniform(5, 9, 1))
    mine, due = student.share_and_copy(array, value), reference.share_and_copy(array, value)
    close(mine, due, "the tensors", levels=("tensor",), anywhere=True)


def test_keeps_whole_numbers(student, draw):
    """An array of whole numbers gives tensors of whole numbers."""
    array, value = np.arange(4) + draw.integer(1, 50), draw.integer(100, 200)
    old = torch.from_numpy(array.copy())
    new = old.clone()
    new[0] = value
    mine = student.share_and_copy(array, value)
    close(mine, (new, old), "the tensors", levels=("tensor",), anywhere=True)


def test_keeps_float32(student, reference, draw):
    """An array of float32 gives tensors of float32."""
    array = draw.normal(3).numpy().astype(np.float32)
    mine, due = student.share_and_copy(array, 7.5), reference.share_and_copy(array, 7.5)
    close(mine, due, "the tensors", dtype=torch.float32, levels=("tensor",), anywhere=True)


def test_fills_the_first_row(student, reference, draw):
    """In an array of two dimensions the value fills the first row."""
    array = draw.normal(3, 2).numpy()
    mine, due = student.share_and_copy(array, -6.0), reference.share_and_copy(array, -6.0)
    close(mine, due, "the tensors", levels=("tensor",), anywhere=True)


def tensors_of(answer):
    """Require a pair of tensors, and return it."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        fail("A pair is asked for: the tensor that shares memory and the one that does not.")
    if not all(isinstance(tensor, torch.Tensor) for tensor in answer):
        fail("Both answers have to be tensors.")
    return answer


def test_leaves_the_array_alone(student, draw):
    """The array is the same afterwards, and the tensors are made of it."""
    answers = []
    for _ in range(2):
        answers.append(tensors_of(student.share_and_copy(draw.normal(4).numpy(), 3.0)))
        inputs_unchanged(student)
    if any(a.shape == b.shape and torch.equal(a, b) for a, b in zip(*answers, strict=True)):
        fail("Two arrays with other numbers give the same tensor.")


def test_gives_the_same_two_kinds_again(student, draw):
    """A second call gives the same answer: one tensor that shares memory, and one that does not."""
    array = draw.normal(4).numpy().astype(np.float32)
    first, second = tensors_of(repeatable(student, "share_and_copy", array, 3.0))
    # Two of one kind were never told apart, so they are the same again in any case.
    if first.shape == second.shape and torch.equal(first, second):
        fail("Both tensors hold the same numbers.")
