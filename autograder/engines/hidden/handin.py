"""What a student handed in for an assignment with hidden checks: its notebook and the files beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping

from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.notebook.file import read_bytes
from autograder.engines.base import Work
from autograder.engines.handed import read_handed
from autograder.errors import SubmissionRejected
from autograder.files import file_sha256

__all__ = ["load_work"]


def load_work(handin: Handin, directories: Directories, slug: str) -> Work:
    """Read the notebook and what lies beside it; what is wrong with the notebook is said in the result."""
    path = handin.notebook or handin.directory / f"{slug}.ipynb"
    try:
        content = read_bytes(path)
    except SubmissionRejected as error:
        return Work(handin.student, file_sha256(path) or "", problem=str(error))
    ignored, max_bytes = directories.ignored, directories.max_handin_bytes
    beside = read_handed(handin.directory, ignored, max_bytes, wanted=lambda _: False)
    files = {**beside.files, f"{slug}.ipynb": content}
    return Work(handin.student, _digest(content, beside.files), files, notes=beside.notes)


def _digest(notebook: bytes, beside: Mapping[str, bytes]) -> str:
    """Return the notebook's own digest, or, where files lie beside it, one of everything."""
    digest = hashlib.sha256(notebook)
    for name in sorted(beside):
        digest.update(b"\0" + os.fsencode(name) + b"\0" + hashlib.sha256(beside[name]).digest())
    return digest.hexdigest()
