"""What a student handed in for an assignment with hidden checks: its notebook, read when its turn comes."""

from __future__ import annotations

import hashlib

from autograder.course.gradebook.directories import Handin
from autograder.course.notebook.file import read_bytes
from autograder.engines.base import Work
from autograder.errors import SubmissionRejected
from autograder.files import file_sha256

__all__ = ["digest_of", "load_work"]


def digest_of(handin: Handin) -> str:
    """Return the digest of the notebook; empty if there is none that can be read."""
    return (handin.notebook and file_sha256(handin.notebook)) or ""


def load_work(handin: Handin, slug: str) -> Work:
    """Read the notebook; what is wrong with the file is said in the result."""
    path = handin.notebook or handin.directory / f"{slug}.ipynb"
    try:
        content = read_bytes(path)
    except SubmissionRejected as error:
        return Work(handin.student, file_sha256(path) or "", problem=str(error))
    return Work(handin.student, hashlib.sha256(content).hexdigest(), {f"{slug}.ipynb": content})
