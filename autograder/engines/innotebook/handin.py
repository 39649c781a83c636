"""What a student handed in: every file of the submission's directory, by nbgrader's rules and within bounds."""

from __future__ import annotations

import fnmatch
import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.notebook.bounds import Bounds, megabytes
from autograder.course.notebook.file import read_bytes, read_notebook
from autograder.course.notebook.listing import described, list_folder, shown
from autograder.engines.innotebook.messages import Handed
from autograder.engines.innotebook.settings import bounds_of_course
from autograder.errors import SubmissionRejected, SubmissionTooLarge

__all__ = ["NotebookTask"]

MAX_FILES = 2000
_RECEIPTS = frozenset({"timestamp.txt", "submission_secret.txt"})


@dataclass(frozen=True, slots=True)
class NotebookTask:
    """One submission and its folders."""

    student: str
    submitted_dir: Path
    autograded_dir: Path
    feedback_dir: Path
    notebook_glob: str
    ignored: tuple[str, ...]
    bounds: Bounds = field(default_factory=Bounds)

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
            bounds=bounds_of_course(directories),
        )

    def load(self) -> Handed:
        """Read the files; what cannot be read is left out with a note."""
        files: dict[str, bytes] = {}
        notes: list[str] = []
        unread: dict[str, str] = {}
        too_large = False
        left = self.bounds.files_bytes
        for name, path in self._paths():
            if len(files) >= MAX_FILES:
                notes.append(f"More than {MAX_FILES} files were handed in; the rest was left out.")
                break
            try:
                if path.suffix == ".ipynb":
                    files[name] = read_notebook(path, self.bounds, notes)
                    continue
                content = self._read_beside(name, path, left)
            except SubmissionRejected as error:
                if path.suffix == ".ipynb":
                    unread[name] = str(error)
                    too_large = too_large or isinstance(error, SubmissionTooLarge)
                notes.append(str(error))
                continue
            left -= len(content)
            files[name] = content
        return Handed(
            self.student,
            _digest(files),
            files=files,
            notes=tuple(notes),
            unread=unread,
            folder=described(list_folder(self.submitted_dir, self.ignored)),
            too_large=too_large,
        )

    def _read_beside(self, name: str, path: Path, left: int) -> bytes:
        """Read a file beside the notebook, if there is room for it.

        Raises:
            SubmissionRejected: if it cannot be read, or there is none.
        """
        try:
            return read_bytes(path, may_be_empty=True, most_bytes=left)
        except SubmissionTooLarge:
            size = megabytes(path.lstat().st_size)
            raise SubmissionRejected(
                f"{shown(name)} ({size}) was left out, so the notebook does not find it: files beside a notebook have "
                f"{self.bounds.files_bytes >> 20} MiB together. {self.bounds.remedy('beside_mib')}"
            ) from None

    def _paths(self) -> list[tuple[str, Path]]:
        from nbgrader.utils import find_all_files

        root = self.submitted_dir
        found = []
        for given in sorted(find_all_files(str(root), list(self.ignored))):
            path = Path(given)
            name = path.relative_to(root).as_posix()
            if name in _RECEIPTS:
                continue
            if path.suffix == ".ipynb" and not (path.parent == root and fnmatch.fnmatch(path.stem, self.notebook_glob)):
                # As in nbgrader: notebooks in folders are not graded, and are no data either.
                continue
            found.append((name, path))
        # Notebooks first: what is left out for want of room is data.
        return sorted(found, key=lambda item: not item[0].endswith(".ipynb"))

    def is_written(self, *, graded: bool) -> bool:
        """Whether the files of an earlier run are still there."""
        pages = self.feedback_dir.is_dir() and any(self.feedback_dir.glob("*.html"))
        return pages and (not graded or (self.autograded_dir.is_dir() and any(self.autograded_dir.glob("*.ipynb"))))


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(os.fsencode(name) + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()
