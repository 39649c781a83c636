"""What a dry run found, kept in `results/<slug>/.preview/`: nobody's score until `grade` takes it over."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.batch.results import PREVIEW, read_grade
from autograder.engines.innotebook.ledger import Ledger
from autograder.engines.innotebook.messages import CellRow, Ran
from autograder.files import write_atomically
from autograder.verdict import Status

__all__ = ["NotebookPreview"]


@dataclass(frozen=True, slots=True)
class NotebookPreview:
    """One file per student, with all that is to be written of the submission."""

    ledger: Ledger

    def take(self, ran: Ran) -> None:
        """Keep a submission's results; a failure of our own is nothing to keep."""
        if ran.grade.status is Status.UNGRADED:
            self.forget(ran.grade.student)
            return
        data = {
            "grade": ran.grade.to_json(),
            "notebooks": dict(ran.notebooks),
            "pages": dict(ran.pages),
            "rows": [asdict(row) for row in ran.rows],
            "remarks": [[*key, text] for key, text in ran.remarks.items()],
        }
        # It holds what students wrote and what they got.
        write_atomically(self._path(ran.grade.student), json.dumps(data) + "\n", mode=0o600)

    def valid(self, student: str, sha256: str, tier: str | None = None) -> Ran | None:
        """Return what is kept of a student if it is of this submission, this release and, if given, this tier."""
        ran = self._load(student)
        if ran is None or (ran.grade.student, ran.grade.submission_sha256) != (student, sha256):
            return None
        if ran.grade.fingerprint != self.ledger.fingerprint or tier not in {None, ran.grade.tier}:
            return None
        return ran

    def holds_any(self, student: str) -> bool:
        """Whether anything is kept of a student, be it valid or not."""
        return self._path(student).is_file()

    def forget(self, student: str) -> None:
        """Remove what is kept of a student."""
        with contextlib.suppress(OSError):
            self._path(student).unlink()

    def _path(self, student: str) -> Path:
        return self.ledger.folder / PREVIEW / f"{student}.json"

    def _load(self, student: str) -> Ran | None:
        """Read what `take` wrote; anything else is no preview."""
        try:
            data: dict[str, Any] = json.loads(self._path(student).read_text(encoding="utf-8"))
            grade = read_grade(data["grade"])
            if grade is None:
                return None
            return Ran(
                grade,
                notebooks={str(name): str(text) for name, text in data["notebooks"].items()},
                pages={str(name): str(text) for name, text in data["pages"].items()},
                rows=tuple(CellRow(**row) for row in data["rows"]),
                remarks={(notebook, cell): text for notebook, cell, text in data["remarks"]},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
