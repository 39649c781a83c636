"""What coordinator and judge say to each other: trusted both, so plain pickled dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.verdict import Grade

__all__ = ["Finished", "JudgeSetup", "Ready", "Task"]


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
class Task:
    """One submission and where its outputs go."""

    student: str
    notebook: Path
    submitted_dir: Path
    autograded_dir: Path
    feedback_dir: Path


@dataclass(frozen=True, slots=True)
class Finished:
    """The verdict on one task; its notebook and feedback are written."""

    grade: Grade
    timestamp: str | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
