"""An exercise's public example, worked by the student's code and by the reference, as text to compare."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.checks.student import LocalTransport, Student, StudentCrashed, StudentError, StudentTimeout
from autograder.engines.hidden.diagnosis import same_answers
from autograder.sandbox.wire.trees import leaves
from autograder.sandbox.wire.values import Opaque
from autograder.verdict import Example, StudentFault

__all__ = ["ExampleAnswer", "compare_example", "example_inputs", "run_example", "show"]

MAX_TEXT = 800
MAX_INPUTS = 32


@dataclass(frozen=True, slots=True)
class ExampleAnswer:
    """What a notebook answered to a public example, or how it did not.

    `broken` says that the process that was asked is of no more use.
    """

    value: Any = None
    problem: str | None = None
    fault: StudentFault | None = None
    broken: bool = False


def run_example(source: str, student: Student) -> ExampleAnswer:
    """Work an example with the student's code."""
    try:
        return ExampleAnswer(student.tools.example(source))
    except StudentError as error:
        kind = "NameError" if error.missing else error.fault.type
        text = f"{kind}: {error.fault.message}"[:MAX_TEXT]
        return ExampleAnswer(problem=text, fault=error.fault)
    except StudentTimeout:
        return ExampleAnswer(problem="no answer in time", broken=True)
    except StudentCrashed:
        return ExampleAnswer(problem="the Python process ended", broken=True)


def example_inputs(source: str, exercise: str, reference: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the tensors that a public example gives to an exercise's function or class, with their parameters' names.

    Of several calls only the first counts: what later ones are given is what earlier ones gave back.

    Args:
        source: the example.
        exercise: which name of it is looked at.
        reference: what the reference defines.
    """
    import torch

    due = reference[exercise]
    seen: list[tuple[str, Any]] = []

    def watched(*args: Any, **kwargs: Any) -> Any:
        given = {} if seen else inspect.signature(due).bind(*args, **kwargs).arguments
        for name, value in given.items():
            for leaf in leaves(value):
                if isinstance(leaf, torch.Tensor) and len(seen) < MAX_INPUTS:
                    seen.append((name, leaf.detach().clone()))
        return due(*args, **kwargs)

    try:
        Student(LocalTransport({**reference, exercise: watched})).tools.example(source)
    except (StudentError, TypeError, ValueError):
        return []
    return seen


def compare_example(source: str, answer: ExampleAnswer, reference: Student) -> tuple[Example, Any, Any]:
    """Return the example beside the reference's answer, and both raw values (the student's None if it raised)."""
    expected = reference.tools.example(source)
    text = show(answer.value) if answer.problem is None else answer.problem
    agrees = answer.problem is None and same_answers(answer.value, expected)
    return Example(source.strip(), show(expected), text, agrees), answer.value, expected


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
