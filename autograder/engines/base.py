"""What coordinator and judge say to each other: trusted both, so plain pickled dataclasses.

A submission travels as bytes and its results come back as values: a judge may live on another machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.verdict import ExerciseResult, Grade

__all__ = ["Finished", "JudgeSetup", "Ready", "Started", "Work"]


@dataclass(frozen=True, slots=True)
class JudgeSetup:
    """What a judge needs to know once."""

    course_root: Path
    slug: str
    seed: int
    device: str
    tier: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The judge has collected the checks and proved the reference; or it says why not."""

    problem: str | None = None
    #: Whether the assignment's own files are to blame, which no other judge could cure.
    final: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """One submission: the bytes of its notebook, or `problem` where they cannot be read.

    `exercises` are those to be run, None for all; `kept` are the results of the others. `notes` say what was found
    instead of the notebook under the right name, `review` why a person is to look, `folder` what else was handed in,
    and `too_large` that a limit is the problem.
    """

    student: str
    sha256: str
    content: bytes | None = None
    problem: str | None = None
    exercises: frozenset[str] | None = None
    kept: tuple[ExerciseResult, ...] = ()
    notes: tuple[str, ...] = ()
    review: str = ""
    folder: str = ""
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """A judge has this student's submission now; said again where it is given to another."""

    student: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The verdict on one submission and what is to be written of it.

    `autograded` is the notebook as it ran, `feedback` the student's page; None where there is none.
    """

    grade: Grade
    autograded: str | None = None
    feedback: str | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
