"""What a dry run found, kept in `results/<slug>/.preview/`: nobody's score until `grade` takes it over."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.batch.results import Journal, file_sha256, read_grade
from autograder.engines.base import Finished
from autograder.engines.hidden.reuse import exact
from autograder.files import write_atomically
from autograder.verdict import Grade, Status

__all__ = ["Preview"]


@dataclass(frozen=True, slots=True)
class Preview:
    """One file per student, with all that is to be written of the submission."""

    journal: Journal

    def take(self, finished: Finished) -> None:
        """Keep a submission's results; a failure of our own is nothing to keep."""
        if finished.grade.status is Status.UNGRADED:
            self.forget([finished.grade.student])
            return
        data = {
            "grade": finished.grade.to_json(),
            "autograded": finished.autograded,
            "feedback": finished.feedback,
            "comments": dict(finished.comments),
        }
        # It holds what students wrote and what they got.
        write_atomically(self._path(finished.grade.student), json.dumps(data) + "\n", mode=0o600)

    def valid(self, student: str, notebook: Path | None) -> Finished | None:
        """Return what is kept of a student if it is of this notebook and of the assignment as it is."""
        finished = self._load(student)
        if finished is None or finished.grade.fingerprint != self.journal.depends.fingerprint:
            return None
        if finished.grade.submission_sha256 != ((notebook and file_sha256(notebook)) or ""):
            return None
        grade = exact(finished.grade, self.journal.assignment, self.journal.depends)
        return replace(finished, grade=grade)

    def usable(self, student: str, notebook: Path | None, device: str, tier: str) -> Finished | None:
        """Return what is kept of a student if a run on that device in that tier would only find the same."""
        finished = self.valid(student, notebook)
        if finished is None:
            return None
        grade = finished.grade
        return finished if (grade.seed, grade.device, grade.tier) == (self.journal.seed, device, tier) else None

    def forget(self, students: Iterable[str]) -> None:
        """Remove what is kept of these."""
        for student in students:
            with contextlib.suppress(OSError):
                self._path(student).unlink()

    def _path(self, student: str) -> Path:
        return self.journal.preview_folder / f"{student}.json"

    def _load(self, student: str) -> Finished | None:
        try:
            data: Any = json.loads(self._path(student).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return _finished(data, student) if isinstance(data, dict) else None


def _finished(data: dict[str, Any], student: str) -> Finished | None:
    """Read what `Preview.take` wrote; anything else is no preview."""
    stored = data.get("grade")
    grade = read_grade(stored) if isinstance(stored, dict) else None
    autograded, feedback, comments = data.get("autograded"), data.get("feedback"), data.get("comments")
    if grade is None or grade.student != student or not isinstance(feedback, str) or not isinstance(comments, dict):
        return None
    if not _fits(grade, autograded) or not all(isinstance(text, str) for text in comments.values()):
        return None
    return Finished(grade, autograded, feedback, comments)


def _fits(grade: Grade, autograded: object) -> bool:
    return isinstance(autograded, str) if grade.status is Status.GRADED else autograded is None
