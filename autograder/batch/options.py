"""The options of a batch, and its report."""

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
    #: Grade, keep the outcome as a preview, and write nothing else.
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

    Three kinds did not run: `unchanged` ones, `reevaluated` ones, whose stored outcomes were scored anew, and
    `previewed` ones, which an earlier dry run had graded. A dry run gives the `changes` that it would make.
    """

    grades: Collection[Grade]
    unchanged: int
    seconds: float
    seed: int
    tier: str
    #: The path of a student's page, with STUDENT and perhaps NOTEBOOK in place of names.
    feedback: Path
    notes: tuple[str, ...] = ()
    #: What a person should know about the device that was chosen.
    remarks: tuple[str, ...] = ()
    reevaluated: int = 0
    previewed: int = 0
    changes: tuple[Change, ...] = ()
    #: What the class report shows; a dry run writes none.
    summary: ClassSummary | None = None
    #: What the run of the instructor's own notebooks found.
    preflight: tuple[str, ...] = ()

    @property
    def ungraded(self) -> int:
        """How many submissions the grader itself failed on."""
        if self.summary is not None:
            return self.summary.ungraded
        return sum(g.status is Status.UNGRADED for g in self.grades) + sum(c.kind is Kind.UNKNOWN for c in self.changes)


class Progress(Protocol):
    """Shows how far a batch is."""

    def start(self, total: int, skipped: int) -> None:
        """Begin: `total` submissions will be graded; `skipped` have not changed."""

    def warm(self, phase: str) -> None:
        """Show what a judge does that is not ready yet."""

    def begin(self, student: str) -> None:
        """Show that this student's submission is being graded now."""

    def advance(self, grade: Grade) -> None:
        """Show that one more is done."""

    def finish(self) -> None:
        """End: nothing more comes."""

    def say(self, text: str) -> None:
        """Show a message at once, before the end."""


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
