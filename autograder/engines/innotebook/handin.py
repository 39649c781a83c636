"""What a student handed in: every file of the submission's directory, by nbgrader's rules and within bounds."""

from __future__ import annotations

import fnmatch
import hashlib
import os
from collections.abc import Mapping

from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.notebook.listing import described, list_folder
from autograder.engines.base import Work
from autograder.engines.handed import read_handed
from autograder.engines.innotebook.settings import bounds_of_course

__all__ = ["files_digest", "load_work"]


def load_work(handin: Handin, directories: Directories) -> Work:
    """Read the files; what cannot be read is left out with a note."""

    def wanted(name: str) -> bool:
        # As in nbgrader: notebooks in folders are not graded, but other notebooks may read them.
        return "/" in name or fnmatch.fnmatch(name.removesuffix(".ipynb"), directories.notebook_glob)

    ignored = directories.ignored
    found = read_handed(handin.directory, ignored, bounds_of_course(directories), wanted=wanted)
    return Work(
        handin.student,
        files_digest(found.files),
        files=found.files,
        notes=found.notes,
        unread=found.unread,
        folder=described(list_folder(handin.directory, ignored)),
        too_large=found.too_large,
    )


def files_digest(files: Mapping[str, bytes]) -> str:
    """Return the digest of files by their path."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(os.fsencode(name) + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()
