"""The judge's own limit on memory: the second line behind the bounds on what it reads.

A judge that reaches it ends with `MEMORY_CODE`, and its submission is tried once more, alone in a fresh judge. If that
judge ends too, the submission is the cause: it stays ungraded with a reason, and every exercise asks a person to look.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import NoReturn

from autograder.course.assignment import Assignment
from autograder.sentences import say
from autograder.verdict import ExerciseResult, Grade

__all__ = ["BROKEN", "MEMORY_CODE", "breaks_the_judge", "ends_out_of_memory", "for_a_person", "hold_to_limit"]

#: What a judge may use more than it uses when it is ready.
EXTRA_BYTES = 2 << 30
#: The exit code of a judge that was refused memory.
MEMORY_CODE = 86
#: The reason for a submission that broke two judges.
BROKEN = say("exercise.breaks-the-judge")


def hold_to_limit(extra_bytes: int = EXTRA_BYTES) -> None:
    """Limit this process's address space; call it when libraries are loaded and the zygote runs.

    Only the soft limit is set: the processes that this one starts set their own limits, which may be higher.
    """
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        # Without this file there is no such limit.
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = size + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


@contextmanager
def ends_out_of_memory() -> Iterator[None]:
    """End this process at once, with `MEMORY_CODE`, if the code inside is refused memory."""
    try:
        yield
    except MemoryError:
        _end()


def _end() -> NoReturn:
    os._exit(MEMORY_CODE)


def breaks_the_judge(codes: Sequence[int]) -> bool:
    """Whether a submission broke its judges: at least two ended, all of them with `MEMORY_CODE`."""
    return len(codes) > 1 and all(code == MEMORY_CODE for code in codes)


def for_a_person(grade: Grade, assignment: Assignment) -> Grade:
    """Return the grade of a submission that breaks every judge: each exercise asks a person to look."""
    exercises = tuple(
        ExerciseResult(id=e.id, score=Fraction(0), max_score=e.points, checks=(), notes=(BROKEN,), review=True)
        for e in assignment.coded
    )
    return replace(grade, exercises=exercises)
