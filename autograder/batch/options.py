"""What a batch is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.verdict import Grade

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
    #: `local`, or `dask` with the address of a scheduler; None asks dask's own configuration.
    executor: str = "local"
    scheduler: str | None = None
    tls: Tls | None = None


@dataclass(frozen=True, slots=True)
class BatchReport:
    """All grades of the assignment, those that had not changed included."""

    grades: tuple[Grade, ...]
    unchanged: int
    seconds: float
    seed: int
    tier: str
    notes: tuple[str, ...] = ()


class Progress(Protocol):
    """Whoever shows how far a batch is."""

    def start(self, total: int, skipped: int) -> None:
        """`total` submissions are to be graded; `skipped` have not changed."""

    def advance(self, grade: Grade) -> None:
        """One more is done."""

    def finish(self) -> None:
        """Nothing more comes."""


class SilentProgress:
    """Shows nothing."""

    def start(self, total: int, skipped: int) -> None:
        """Do nothing."""

    def advance(self, grade: Grade) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""
