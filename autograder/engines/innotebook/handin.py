"""What a student handed in: every file of the submission's directory, by nbgrader's rules and within bounds."""

from __future__ import annotations

import fnmatch
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from autograder.course.gradebook.directories import Directories, Handin
from autograder.engines.handed import read_handed
from autograder.engines.innotebook.messages import Handed

__all__ = ["NotebookTask"]


@dataclass(frozen=True, slots=True)
class NotebookTask:
    """One submission and its folders."""

    student: str
    submitted_dir: Path
    autograded_dir: Path
    feedback_dir: Path
    notebook_glob: str
    ignored: tuple[str, ...]
    max_bytes: int

    @classmethod
    def of(cls, directories: Directories, slug: str, handin: Handin) -> NotebookTask:
        """Name the folders of what a student handed in."""
        return cls(
            student=handin.student,
            submitted_dir=handin.directory,
            autograded_dir=directories.autograded(handin.student, slug),
            feedback_dir=directories.feedback(handin.student, slug),
            notebook_glob=directories.notebook_glob,
            ignored=tuple(directories.ignored),
            max_bytes=directories.max_handin_bytes,
        )

    def load(self) -> Handed:
        """Read the files; what cannot be read is left out with a note."""
        found = read_handed(self.submitted_dir, self.ignored, self.max_bytes, wanted=self._is_graded)
        return Handed(self.student, _digest(found.files), files=found.files, notes=found.notes)

    def _is_graded(self, name: str) -> bool:
        """Whether a notebook is: as in nbgrader, none in folders, and those are no data either."""
        return "/" not in name and fnmatch.fnmatch(name.removesuffix(".ipynb"), self.notebook_glob)

    def is_written(self, *, graded: bool) -> bool:
        """Whether the files of an earlier run are still there."""
        pages = self.feedback_dir.is_dir() and any(self.feedback_dir.glob("*.html"))
        return pages and (not graded or (self.autograded_dir.is_dir() and any(self.autograded_dir.glob("*.ipynb"))))


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(os.fsencode(name) + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()
