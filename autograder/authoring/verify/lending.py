"""Work that shows whether a lent function gives an exercise away: it only calls that function."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.course.assignment import Assignment, Exercise

__all__ = ["decoys"]


def decoys(
    assignment: Assignment, exercise: Exercise, reference: Mapping[str, Any], folder: Path
) -> Iterator[tuple[str, Path]]:
    """Yield, for each function lent to an exercise, its name and a file that only calls it.

    Args:
        assignment: the assignment.
        exercise: one with lent functions.
        reference: what the reference defines.
        folder: where to write the files.
    """
    raising = "\n\n".join(
        f'def {name}(*args, **kwargs):\n    raise RuntimeError("on purpose")' for name in exercise.lends
    )
    for name in exercise.lends:
        count = len(inspect.signature(reference[name]).parameters)
        call = f"{name}(*[*args, *kwargs.values()][:{count}])"
        path = folder / f"{assignment.slug}_{exercise.id}_{name}.py"
        path.write_text(f"{raising}\n\ndef {exercise.id}(*args, **kwargs):\n    return {call}\n", encoding="utf-8")
        yield name, path
