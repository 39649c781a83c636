"""What a batch is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.feedback.changes import Change, Kind
from autograder.feedback.language import Language
from autograder.feedback.summary import ClassSummary
from autograder.verdict import Grade, Status

__all__ = ["BatchOptions", "BatchReport", "Progress", "SilentProgress", "Tls"]


@dataclass(frozen=True, slots=True)
class Tls:
    """The PEM files for an encrypted dask cluster."""

    ca: Path
    cert: Path
    key: Path


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """The options of `autograder grade`; None means the default that its help states."""

    students: tuple[str, ...] = ()
    jobs: int | None = None
    device: str = "auto"
    seed: int | None = None
    force: bool = False
    min_tier: str = "B"
    #: Grade, keep what comes of it as a preview, and write nothing else.
    dry_run: bool = False
    #: Grade although the instructor's own notebooks lack something here.
    go_on: bool = False
    #: `local`, or `dask` with the address of a scheduler; None asks dask's own configuration.
    executor: str = "local"
    scheduler: str | None = None
    tls: Tls | None = None
    #: What the students' pages are to be in; None writes new ones in English.
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class BatchReport:
    """All grades of the assignment, those that had not changed included.

    Nothing was run for `unchanged` ones, nor for those `reevaluated`, whose stored outcomes were scored anew, or
    `previewed`, that an earlier dry run had graded. A dry run gives the `changes` it would make.
    """

    grades: Collection[Grade]
    unchanged: int
    seconds: float
    seed: int
    tier: str
    #: Where a student's page is, with STUDENT and perhaps NOTEBOOK for what differs.
    feedback: Path
    notes: tuple[str, ...] = ()
    #: What is to be known of the device that was chosen.
    remarks: tuple[str, ...] = ()
    reevaluated: int = 0
    previewed: int = 0
    changes: tuple[Change, ...] = ()
    #: What the class report shows; a dry run writes none.
    summary: ClassSummary | None = None
    #: What the run of the instructor's own notebooks told.
    preflight: tuple[str, ...] = ()

    @property
    def ungraded(self) -> int:
        """How many submissions the grader itself failed on."""
        if self.summary is not None:
            return self.summary.ungraded
        return sum(g.status is Status.UNGRADED for g in self.grades) + sum(c.kind is Kind.UNKNOWN for c in self.changes)


class Progress(Protocol):
    """Whoever shows how far a batch is."""

    def start(self, total: int, skipped: int) -> None:
        """`total` submissions are to be graded; `skipped` have not changed."""

    def warm(self, phase: str) -> None:
        """A judge is not ready yet; this is what it does."""

    def begin(self, student: str) -> None:
        """This student's submission is being graded now."""

    def advance(self, grade: Grade) -> None:
        """One more is done."""

    def finish(self) -> None:
        """Nothing more comes."""

    def say(self, text: str) -> None:
        """Tell something that should be known before the end."""


class SilentProgress:
    """Shows nothing."""

    def start(self, total: int, skipped: int) -> None:
        """Do nothing."""

    def warm(self, phase: str) -> None:
        """Do nothing."""

    def begin(self, student: str) -> None:
        """Do nothing."""

    def advance(self, grade: Grade) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""

    def say(self, text: str) -> None:
        """Do nothing."""
