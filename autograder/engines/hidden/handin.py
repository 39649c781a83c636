"""What a student handed in for an assignment with hidden checks: its notebook and the files beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping

from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.notebook.bounds import bounds_of
from autograder.course.notebook.find import read_found
from autograder.course.notebook.listing import described, list_folder, shown
from autograder.engines.base import Work
from autograder.engines.handed import first_of, read_handed
from autograder.engines.hidden.side_files import side_files_of
from autograder.sentences import say

__all__ = ["load_work"]

#: How a library or a program of Linux begins: it could call torch's kernels past everything that Python refuses.
_COMPILED = b"\x7fELF"


def load_work(handin: Handin, directories: Directories, assignment: Assignment) -> Work:
    """Read the notebook and the files beside it; the result says what is wrong with the notebook."""
    slug, bounds = assignment.slug, bounds_of(assignment)
    read = read_found(handin.found, handin.directory, slug, bounds)
    if read.content is None:
        return Work(handin.student, read.sha256, problem=read.problem, notes=read.notes, too_large=read.too_large)
    beside = read_handed(handin.directory, directories.ignored, bounds, wanted=lambda _: False)
    path = handin.found.path or handin.directory / f"{slug}.ipynb"
    name = path.relative_to(handin.directory).as_posix()
    files = side_files_of({n: content for n, content in beside.files.items() if n != name}, name)
    compiled = sorted(n for n, content in files.items() if content.startswith(_COMPILED))
    left_out = [say("exercise.files-compiled", files=first_of([*map(shown, compiled)]))] if compiled else []
    files = {n: content for n, content in files.items() if n not in compiled}
    return Work(
        handin.student,
        _digest(read.sha256, files),
        {**files, f"{slug}.ipynb": read.content},
        notes=(*read.notes, *beside.notes, *left_out),
        review=handin.found.review,
        folder=described(list_folder(handin.directory)),
    )


def _digest(notebook: str, beside: Mapping[str, bytes]) -> str:
    """Return the notebook's own digest; with files beside it a digest of all."""
    if not beside:
        return notebook
    digest = hashlib.sha256(notebook.encode())
    for name in sorted(beside):
        digest.update(b"\0" + os.fsencode(name) + b"\0" + hashlib.sha256(beside[name]).digest())
    return digest.hexdigest()
