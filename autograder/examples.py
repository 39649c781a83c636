"""An exercise's public example, worked by the student's code and by the reference, as text to compare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.diagnosis import same_answers
from autograder.student import Student, StudentCrashed, StudentError, StudentTimeout
from autograder.verdict import Example
from autograder.wire.values import Opaque

__all__ = ["compare_example", "show"]

MAX_TEXT = 800


def compare_example(source: str, student: Student, reference: Student) -> tuple[Example, Any, Any] | None:
    """Run `source` on both sides; return the example and both raw values (the student's None if it raised)."""
    expected = reference.example(source)
    actual: Any = None
    try:
        actual = student.example(source)
        text = show(actual)
    except StudentError as error:
        text = f"{error.fault.type}: {error.fault.message}"[:MAX_TEXT]
    except StudentTimeout:
        text = "no answer in time"
    except StudentCrashed:
        text = "the Python process ended"
    example = Example(source.strip(), show(expected), text, same_answers(actual, expected))
    return example, actual, expected


def _joined(parts: Iterable[str]) -> str:
    """Join no more than can be shown: thousands of arrays would take their time."""
    length = 0
    kept = []
    for part in parts:
        kept.append(part)
        length += len(part)
        if length > MAX_TEXT:
            break
    return ",\n ".join(kept)


def show(value: object) -> str:
    """Write a value as a student would see it printed, shortened."""
    import torch

    # Torch's four digits would show two answers that differ in the fifth as the same.
    torch.set_printoptions(precision=7)  # type: ignore[no-untyped-call]
    if isinstance(value, torch.Tensor):
        flat = value.detach()
        # Ten thousand elements print as "..." by torch's own rule; what is left is short.
        text = repr(flat if flat.numel() <= 100 else flat.flatten()[:100])  # noqa: PLR2004 - readable at a glance
    elif isinstance(value, (tuple, list)):
        inner = _joined(show(v) for v in value)
        text = f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    elif isinstance(value, dict):
        text = "{" + _joined(f"{k!r}: {show(v)}" for k, v in value.items()) + "}"
    elif isinstance(value, Opaque):
        text = f"<{value.label}>"
    else:
        text = repr(value)
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + " …"
