"""What a student handed in: every file of the submission's directory, by nbgrader's rules and within bounds."""

from __future__ import annotations

import fnmatch
import hashlib
import os

from autograder.course.gradebook.directories import Directories, Handin
from autograder.engines.base import Work
from autograder.engines.handed import read_handed

__all__ = ["load_work"]


def load_work(handin: Handin, directories: Directories) -> Work:
    """Read the files; what cannot be read is left out with a note."""

    def graded(name: str) -> bool:
        # As in nbgrader: notebooks in folders are not graded, and are no data either.
        return "/" not in name and fnmatch.fnmatch(name.removesuffix(".ipynb"), directories.notebook_glob)

    found = read_handed(handin.directory, directories.ignored, directories.max_handin_bytes, wanted=graded)
    return Work(handin.student, _digest(found.files), files=found.files, notes=found.notes)


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(os.fsencode(name) + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()
