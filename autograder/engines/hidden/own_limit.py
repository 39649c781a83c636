"""The judge's own limit on memory: the second line behind the bounds on what it reads.

A judge that runs into it ends with `MEMORY_CODE`, and its submission is tried once more, alone in a fresh judge. Only
what breaks that one too counts against the submission, and a person is asked to look.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import NoReturn

from autograder.course.assignment import Assignment
from autograder.verdict import CheckResult, ExerciseResult, Grade, Status

__all__ = ["MEMORY_CODE", "breaks_the_judge", "broken_grade", "ends_out_of_memory", "hold_to_limit"]

#: What a judge may take on top of what it has when it is ready.
EXTRA_BYTES = 2 << 30
#: The exit code of a judge that was refused memory.
MEMORY_CODE = 86


def hold_to_limit(extra_bytes: int = EXTRA_BYTES) -> None:
    """Limit this process's address space; call it when libraries are loaded and the zygote runs.

    Only the soft limit: workers set limits of their own, which may be higher. With CUDA in the judge there is none.
    """
    with open("/proc/self/statm", encoding="ascii") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = size + extra_bytes
    resource.setrlimit(resource.RLIMIT_AS, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


@contextmanager
def ends_out_of_memory() -> Iterator[None]:
    """End this process at once, with the code that says so, if what is done here is refused memory."""
    try:
        yield
    except MemoryError:
        _end()


def _end() -> NoReturn:
    os._exit(MEMORY_CODE)


def breaks_the_judge(codes: list[int]) -> bool:
    """Whether the exit codes of the judges that a submission lost say that it breaks them: twice, and by itself."""
    return len(codes) > 1 and all(code == MEMORY_CODE for code in codes)


def broken_grade(assignment: Assignment, student: str, *, seed: int, device: str, tier: str, sha256: str) -> Grade:
    """Return the grade of a submission that breaks every judge: no points, and a person looks at every exercise."""
    note = (
        "Reading this notebook and its answers took more memory than a judge has, twice. "
        "A person will look at it before these points count."
    )
    exercises = tuple(
        ExerciseResult(
            id=e.id,
            score=Fraction(0),
            max_score=e.points,
            checks=tuple[CheckResult, ...](),
            notes=(note,),
            review=True,
        )
        for e in assignment.coded
    )
    return Grade(
        assignment=assignment.slug,
        student=student,
        status=Status.GRADED,
        score=Fraction(0),
        max_score=assignment.max_score,
        device=device,
        tier=tier,
        seed=seed,
        submission_sha256=sha256,
        exercises=exercises,
        notes=(note,),
    )
