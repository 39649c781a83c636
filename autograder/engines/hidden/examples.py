"""An exercise's public example, run with the student's code and with the reference, as text to compare."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.checks.student import LocalTransport, Student, StudentCrashed, StudentError, StudentTimeout
from autograder.course.assignment import Exercise
from autograder.engines.hidden.diagnosis import same_answers
from autograder.engines.hidden.watched import Watched, watched
from autograder.sandbox.wire.trees import leaves
from autograder.sandbox.wire.values import Opaque
from autograder.verdict import ChangedInput, Example, StudentFault

__all__ = ["ExampleAnswer", "ExampleSource", "compare_example", "example_inputs", "run_example", "show", "sources_of"]

MAX_TEXT = 800
MAX_INPUTS = 32
_PICTURE = " picture"


@dataclass(frozen=True, slots=True)
class ExampleSource:
    """A public text to run: an exercise's example with its inputs, or the code of its picture, or both in one."""

    key: str
    original: str
    watch: Watched
    draws: bool = False

    @property
    def text(self) -> str:
        """The text that is run with the student's code."""
        return self.watch.source


def sources_of(exercise: Exercise, reference: Callable[[], Student]) -> tuple[ExampleSource, ...]:
    """Return an exercise's public texts: its example, and the code of its picture."""
    found = []
    drawn = exercise.drawn
    if exercise.example is not None:
        watch = watched(exercise.example, exercise.id, reference())
        found.append(ExampleSource(exercise.id, exercise.example, watch, draws=drawn == exercise.example))
    if drawn is not None and drawn != exercise.example:
        found.append(ExampleSource(exercise.id + _PICTURE, drawn, Watched(drawn), draws=True))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ExampleAnswer:
    """What a notebook answered to a public example, or why it gave no answer.

    `broken` says that the process cannot be used any more; `changed` holds, for each input that changed, its value
    before and after.
    """

    value: Any = None
    problem: str | None = None
    fault: StudentFault | None = None
    broken: bool = False
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


def run_example(source: ExampleSource, student: Student) -> ExampleAnswer:
    """Run an example with the student's code."""
    try:
        value, changed = source.watch.apart(student.tools.example(source.text))
        return ExampleAnswer(value, changed={n: (source.watch.before[n], now) for n, now in changed.items()})
    except StudentError as error:
        kind = "NameError" if error.missing else error.fault.type
        text = f"{kind}: {error.fault.message}"[:MAX_TEXT]
        return ExampleAnswer(problem=text, fault=error.fault)
    except StudentTimeout:
        return ExampleAnswer(problem="no answer in time", broken=True)
    except StudentCrashed:
        return ExampleAnswer(problem="the Python process ended", broken=True)


def example_inputs(source: str, exercise: str, reference: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the tensors that a public example passes to an exercise's function or class, with their parameters' names.

    Of several calls only the first counts, because later calls get what earlier ones returned.

    Args:
        source: the example.
        exercise: the name that it calls.
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
    """Return the example with both answers as text, and both values; the student's is None if there was none."""
    expected = reference.tools.example(source)
    text = show(answer.value) if answer.problem is None else answer.problem
    agrees = answer.problem is None and same_answers(answer.value, expected)
    changed = tuple(ChangedInput(name, show(was), show(now)) for name, (was, now) in answer.changed.items())
    return Example(source.strip(), show(expected), text, agrees, changed), answer.value, expected


def _joined(parts: Iterable[str]) -> str:
    """Join only as many parts as can be shown: writing thousands of arrays would take long."""
    length = 0
    kept = []
    for part in parts:
        kept.append(part)
        length += len(part)
        if length > MAX_TEXT:
            break
    return ",\n ".join(kept)


def show(value: object) -> str:
    """Write a value as Python prints it, shortened."""
    import torch

    # With torch's four digits, two answers that differ in the fifth would look the same.
    torch.set_printoptions(precision=7)  # type: ignore[no-untyped-call]
    if isinstance(value, torch.Tensor):
        flat = value.detach()
        # Torch itself would print ten thousand elements in a shortened form; a hundred are short enough.
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
