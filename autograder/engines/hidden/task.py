"""One submission as the coordinator knows it: what was handed in, and where its outputs go."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.batch.results import file_sha256
from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.notebook.file import read_bytes
from autograder.engines.base import Work
from autograder.engines.handed import read_handed
from autograder.engines.hidden.reuse import Standing
from autograder.errors import SubmissionRejected
from autograder.verdict import ExerciseResult, Status

__all__ = ["Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """One submission and its folders, and what of an earlier result holds if the notebook has this digest still."""

    slug: str
    student: str
    notebook: Path
    submitted_dir: Path
    autograded_dir: Path
    feedback_dir: Path
    ignored: tuple[str, ...] = ()
    max_bytes: int = 0
    kept: tuple[ExerciseResult, ...] = ()
    kept_sha256: str = ""
    exercises: frozenset[str] | None = None

    @classmethod
    def of(cls, directories: Directories, slug: str, handin: Handin) -> Task:
        """Name the folders of what a student handed in."""
        return cls(
            slug=slug,
            student=handin.student,
            notebook=handin.notebook or handin.directory / f"{slug}.ipynb",
            submitted_dir=handin.directory,
            autograded_dir=directories.autograded(handin.student, slug),
            feedback_dir=directories.feedback(handin.student, slug),
            ignored=tuple(directories.ignored),
            max_bytes=directories.max_handin_bytes,
        )

    @property
    def autograded(self) -> Path:
        """The notebook that formgrader shows."""
        return self.autograded_dir / f"{self.slug}.ipynb"

    @property
    def feedback(self) -> Path:
        """The page that the student gets."""
        return self.feedback_dir / f"{self.slug}.html"

    def keeping(self, standing: Standing, assignment: Assignment) -> Task:
        """Return the task of running only what is outdated."""
        if not standing.kept:
            return self
        exercises = frozenset(standing.outdated(assignment))
        return replace(self, kept=standing.kept, kept_sha256=standing.submission_sha256, exercises=exercises)

    def load(self) -> Work:
        """Read the notebook; what is wrong with the file is told in the result."""
        try:
            content = read_bytes(self.notebook)
        except SubmissionRejected as error:
            return Work(self.student, file_sha256(self.notebook) or "", problem=str(error))
        sha256 = hashlib.sha256(content).hexdigest()
        found = read_handed(self.submitted_dir, self.ignored, self.max_bytes, wanted=lambda _: False)
        work = Work(self.student, sha256, content, files=found.files, notes=found.notes)
        if self.kept and sha256 == self.kept_sha256:
            return replace(work, exercises=self.exercises, kept=self.kept)
        return work

    def is_written(self, status: Status) -> bool:
        """Whether the files of an earlier run are still there."""
        if not _has_content(self.feedback):
            return False
        return status is not Status.GRADED or _has_content(self.autograded)


def _has_content(path: Path) -> bool:
    """Whether it is a file with something in it: after a power cut an unwritten one may be empty."""
    return path.is_file() and path.stat().st_size > 0
