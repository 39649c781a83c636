"""What coordinator and judge say to each other about a submission of several notebooks and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder.engines.base import Finished, JudgeSetup, Work
from autograder.engines.innotebook.kernels import Found
from autograder.engines.innotebook.release_record import Recorded
from autograder.engines.innotebook.settings import Settings

__all__ = ["CellRow", "Handed", "NotebookSetup", "Ran"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookSetup(JudgeSetup):
    """What a judge needs to know once: besides, all that it takes to start its zygotes before it loads nbgrader.

    `own_files` are the course's by their path beside the notebook, `kernels` those of the notebooks.
    """

    recorded: Recorded
    settings: Settings
    own_files: Mapping[str, Path]
    libraries: tuple[str, ...]
    kernels: Mapping[str, Found | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed(Work):
    """Everything that was handed in, by its path beneath the submission's directory; `notes` say what was left out.

    `unread` says of notebooks that are there, by their path, why they could not be read.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellRow:
    """What the gradebook is to hold of a grade cell; `auto_score` is None where only a person can say."""

    notebook: str
    cell: str
    auto_score: float | None
    review: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran(Finished):
    """The verdict and what is to be written: notebooks and pages by notebook, rows and comments by notebook and cell.

    `stop` says why nbgrader would end its batch here, where a course asked for that.
    """

    notebooks: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[CellRow, ...] = ()
    remarks: Mapping[tuple[str, str], str] = field(default_factory=dict)
    stop: str = ""
