"""What a student handed in: every file of the submission's directory, by nbgrader's rules and within bounds."""

from __future__ import annotations

import fnmatch
import hashlib
import os
from pathlib import Path

from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.notebook.file import read_bytes
from autograder.engines.base import Work
from autograder.errors import SubmissionRejected

__all__ = ["load_work"]

#: Files beside the notebooks; nbgrader's own bound of a directory is 100 MB.
MAX_BYTES = 100 << 20
MAX_FILES = 2000
_RECEIPTS = frozenset({"timestamp.txt", "submission_secret.txt"})


def load_work(handin: Handin, directories: Directories) -> Work:
    """Read the files; what cannot be read is left out with a note."""
    files: dict[str, bytes] = {}
    notes: list[str] = []
    total = 0
    for name, path in _paths(handin.directory, directories):
        try:
            content = read_bytes(path, may_be_empty=True)
        except SubmissionRejected as error:
            notes.append(str(error))
            continue
        total += len(content)
        if total > MAX_BYTES or len(files) >= MAX_FILES:
            notes.append(f"More than {MAX_BYTES >> 20} MiB or {MAX_FILES} files were handed in; the rest was left out.")
            break
        files[name] = content
    return Work(handin.student, _digest(files), files=files, notes=tuple(notes))


def _paths(root: Path, directories: Directories) -> list[tuple[str, Path]]:
    from nbgrader.utils import find_all_files

    found = []
    for given in sorted(find_all_files(str(root), directories.ignored)):
        path = Path(given)
        name = path.relative_to(root).as_posix()
        if name in _RECEIPTS:
            continue
        ours = path.parent == root and fnmatch.fnmatch(path.stem, directories.notebook_glob)
        if path.suffix == ".ipynb" and not ours:
            # As in nbgrader: notebooks in folders are not graded, and are no data either.
            continue
        found.append((name, path))
    # Notebooks first: what is left out for want of room is data.
    return sorted(found, key=lambda item: not item[0].endswith(".ipynb"))


def _digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(os.fsencode(name) + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()
