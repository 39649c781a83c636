"""One submission as the coordinator knows it: what was handed in, and where its outputs go."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from autograder.batch.journal import file_sha256
from autograder.batch.messages import Work
from autograder.errors import SubmissionRejected
from autograder.gradebook.directories import Directories, Handin
from autograder.notebook.file import read_bytes
from autograder.verdict import Status

__all__ = ["Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """One submission and its folders."""

    slug: str
    student: str
    notebook: Path
    submitted_dir: Path
    autograded_dir: Path
    feedback_dir: Path

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
        )

    @property
    def autograded(self) -> Path:
        """The notebook that formgrader shows."""
        return self.autograded_dir / f"{self.slug}.ipynb"

    @property
    def feedback(self) -> Path:
        """The page that the student gets."""
        return self.feedback_dir / f"{self.slug}.html"

    def load(self) -> Work:
        """Read the notebook; what is wrong with the file is told in the result."""
        try:
            content = read_bytes(self.notebook)
        except SubmissionRejected as error:
            return Work(self.student, file_sha256(self.notebook) or "", problem=str(error))
        return Work(self.student, hashlib.sha256(content).hexdigest(), content)

    def is_written(self, status: Status) -> bool:
        """Whether the files of an earlier run are still there."""
        if not _has_content(self.feedback):
            return False
        return status is not Status.GRADED or _has_content(self.autograded)


def _has_content(path: Path) -> bool:
    """Whether it is a file with something in it: after a power cut an unwritten one may be empty."""
    return path.is_file() and path.stat().st_size > 0
