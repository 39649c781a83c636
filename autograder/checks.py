"""What a hidden check is written with; see docs/authoring-checks.md.

Everything raised here carries a sentence that a student reads, so nothing here may show a hidden value.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from autograder.numerics.compare import compare

if TYPE_CHECKING:
    import torch

    from autograder.student import Student

__all__ = ["CheckFailure", "close", "current_device", "fail", "inputs_unchanged", "repeatable"]

#: Where the code under test computes, set by the grader.
current_device: ContextVar[str] = ContextVar("current_device", default="cpu")


class CheckFailure(AssertionError):
    """A check that did not pass: `message` is public, `diagnosis` a misconception id or None."""

    def __init__(self, message: str, diagnosis: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.diagnosis = diagnosis


def fail(message: str, diagnosis: str | None = None) -> None:
    """Fail with a sentence for the student.

    Raises:
        CheckFailure: always.
    """
    raise CheckFailure(message, diagnosis)


def close(
    actual: Any,
    expected: Any,
    what: str = "",
    *,
    dtype: torch.dtype | None = None,
    ops: int = 64,
    levels: tuple[str, ...] = (),
) -> None:
    """Require that an answer is the expected one, see `autograder.numerics.compare`.

    Args:
        actual: tensors, numbers, or lists, tuples and dicts of them, from `student`.
        expected: the same from `reference`, tensors in float64.
        what: what is compared, as it stands in the message: "the new velocity".
        dtype: which dtype the answer's floating-point tensors must have; default float64.
        ops: for float32, how many roundings in a row are granted.
        levels: what the entries of nested lists are, outermost first: `("step", "parameter")`.

    Raises:
        CheckFailure: if they differ.
    """
    found = compare(actual, expected, what=what, dtype=dtype, ops=ops, device=current_device.get(), levels=levels)
    if found is not None:
        raise CheckFailure(found.message, found.diagnosis)


def inputs_unchanged(student: Student) -> None:
    """Require that the last call of a function left its tensor arguments as they were.

    Raises:
        CheckFailure: with the diagnosis `in-place`.
    """
    changed = student.changed_inputs()
    if changed:
        names = " and ".join(changed)
        raise CheckFailure(f"The call changed its input {names} in place.", "in-place")


def repeatable(student: Student, name: str, *args: Any, **kwargs: Any) -> Any:
    """Call a function twice with the same arguments, require the same answer, and return it.

    Raises:
        CheckFailure: with the diagnosis `accumulates-over-calls`.
    """
    first = getattr(student, name)(*args, **kwargs)
    second = getattr(student, name)(*args, **kwargs)
    if not _identical(first, second):
        raise CheckFailure(
            "The second of two calls with the same arguments gave another answer than the first.",
            "accumulates-over-calls",
        )
    return first


def _identical(first: Any, second: Any) -> bool:
    import torch

    if isinstance(first, torch.Tensor) and isinstance(second, torch.Tensor):
        return (
            first.shape == second.shape
            and first.dtype == second.dtype
            and bool(torch.equal(first.nan_to_num(), second.nan_to_num()))
        )
    if isinstance(first, (list, tuple)) and type(first) is type(second):
        return len(first) == len(second) and all(_identical(a, b) for a, b in zip(first, second, strict=True))
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(_identical(first[k], second[k]) for k in first)
    return type(first) is type(second) and bool(first == second)
