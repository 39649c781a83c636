"""What a dry run found, kept in `results/SLUG/.preview/`; it counts only when `grade` takes it over."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from autograder.batch.results import Results, read_grade
from autograder.course.gradebook.rows import CellRow
from autograder.engines.base import Engine, Finished
from autograder.files import file_name, write_atomically
from autograder.verdict import Status

__all__ = ["Preview"]


@dataclass(frozen=True, slots=True)
class Preview:
    """One file per student, with all that is to be written of the submission."""

    engine: Engine
    results: Results

    def take(self, finished: Finished) -> None:
        """Keep what is to be written of a submission; a failure of our own is not kept."""
        student = finished.grade.student
        if finished.grade.status is Status.UNGRADED:
            self.forget(student)
            return
        data = {
            "grade": finished.grade.to_json(),
            "notebooks": dict(finished.notebooks),
            "pages": dict(finished.pages),
            "rows": [asdict(row) for row in finished.rows],
            "comments": [[*key, text] for key, text in finished.comments.items()],
        }
        # It holds students' work and their points.
        write_atomically(self._path(student), json.dumps(data) + "\n", mode=0o600)

    def holds_any(self, student: str) -> bool:
        """Whether anything is kept of a student, valid or not."""
        return self._path(student).is_file()

    def valid(self, student: str, sha256: str) -> Finished | None:
        """Return what is kept of a student if it was made of this submission, and of the assignment as it is now."""
        finished = self._load(student)
        if finished is None or (finished.grade.student, finished.grade.submission_sha256) != (student, sha256):
            return None
        if not self.engine.is_current(finished.grade):
            return None
        return replace(finished, grade=self.engine.exact(finished.grade))

    def usable(self, student: str, sha256: str, device: str, tier: str) -> Finished | None:
        """Return what is kept of a student if a run on that device in that tier would find the same."""
        finished = self.valid(student, sha256)
        if finished is None:
            return None
        grade = finished.grade
        return finished if (grade.seed, grade.device, grade.tier) == (self.results.seed, device, tier) else None

    def forget(self, student: str) -> None:
        """Remove what is kept of a student."""
        with contextlib.suppress(OSError):
            self._path(student).unlink()

    def _path(self, student: str) -> Path:
        return self.results.preview_folder / file_name(student, ".json")

    def _load(self, student: str) -> Finished | None:
        """Read what `take` wrote; None for anything else."""
        try:
            data: dict[str, Any] = json.loads(self._path(student).read_text(encoding="utf-8"))
            grade = read_grade(data["grade"])
            if grade is None:
                return None
            finished = Finished(
                grade,
                notebooks={str(name): str(text) for name, text in data["notebooks"].items()},
                pages={str(name): str(text) for name, text in data["pages"].items()},
                rows=tuple(CellRow(**row) for row in data["rows"]),
                comments={(notebook, cell): str(text) for notebook, cell, text in data["comments"]},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        # A grade without its notebook would leave formgrader nothing to show.
        complete = bool(finished.pages) and bool(finished.notebooks) == (grade.status is Status.GRADED)
        return finished if complete else None
