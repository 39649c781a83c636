"""Find the file in a student's folder that is the submission: by its cells, not only by its name.

The file with the right name is the submission. If there is none, the only notebook is, under any name and in any
folder. If there are several, their cells decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.notebook.archive import members, read_member
from autograder.course.notebook.bounds import Bounds
from autograder.course.notebook.candidates import Found, candidates_in, distance, doubt_of, renamed, renamed_note
from autograder.course.notebook.choose import Choice, read_all
from autograder.course.notebook.file import read_bytes, read_start, slimmed
from autograder.course.notebook.listing import Listing, described, list_folder
from autograder.errors import SubmissionRejected, SubmissionTooLarge
from autograder.sentences import Sentence, together

__all__ = ["Found", "ReadNotebook", "find_in", "find_notebook", "find_unparsed", "read_found", "renamed"]


@dataclass(frozen=True, slots=True)
class ReadNotebook:
    """What was read of a submission: the digest of its file, and its notebook without large outputs.

    `problem` says why there is no `content`, `too_large` that a limit is the reason.
    """

    sha256: str
    content: bytes | None
    notes: tuple[Sentence, ...] = ()
    problem: Sentence = field(default=Sentence())
    too_large: bool = False


def find_notebook(
    folder: Path, slug: str, known: tuple[Assignment, NotebookNode] | None = None, ignored: Sequence[str] = ()
) -> Found:
    """Return the file in a folder that is the submission.

    Args:
        folder: the folder that a student handed in.
        slug: the assignment; its notebook has this name.
        known: the assignment and its template, to choose among several notebooks; without them the names decide.
        ignored: patterns of names that are no part of a submission.
    """
    return _choose(list_folder(folder, ignored), folder, slug, known)


def find_in(path: Path) -> list[Found]:
    """Return the notebooks that a path may mean: itself, or those in a folder or an archive."""
    if path.is_dir():
        return [c.found() for c in candidates_in(list_folder(path))]
    if path.name.casefold().endswith(".zip"):
        return [Found(path, member) for member in members(path)]
    return [Found(path)]


def find_unparsed(folder: Path, slug: str, ignored: Sequence[str] = ()) -> Found | None:
    """Return the file that is the submission, if its name decides; None if notebooks must be read to choose."""
    listing = list_folder(folder, ignored)
    candidates = candidates_in(listing)
    if len(candidates) > 1:
        return None
    return _choose(listing, folder, slug, None)


def read_found(found: Found, folder: Path, slug: str, bounds: Bounds | None = None) -> ReadNotebook:
    """Read the file that is the submission; a problem is told together with what else is in the folder."""
    bounds = bounds or Bounds()
    notes = list(found.notes)
    path = found.path or folder / f"{slug}.ipynb"
    sha256 = ""
    try:
        data = read_bytes(path, most_bytes=bounds.notebook_bytes, remedy=bounds.remedy("notebook_mib"))
        sha256 = hashlib.sha256(data).hexdigest()
        if found.member:
            data = read_member(data, found.member, bounds)
        content = slimmed(data, path.name, bounds, notes)
    except SubmissionRejected as error:
        too_large = isinstance(error, SubmissionTooLarge)
        problem = error.reason if too_large else together(error.reason, described(list_folder(folder)))
        return ReadNotebook(sha256 or _digest(path), None, tuple(notes), problem, too_large)
    return ReadNotebook(sha256, content, tuple(notes))


def _digest(path: Path) -> str:
    """Return the digest of a plain file that is too large for memory; empty if there is none."""
    if not read_start(path, 1):
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _choose(listing: Listing, folder: Path, slug: str, known: tuple[Assignment, NotebookNode] | None) -> Found:
    wanted = f"{slug}.ipynb"
    right = next((e for e in listing.entries if e.name == wanted), None)
    candidates = candidates_in(listing)
    if not candidates:
        return Found(None if right is None else folder / wanted)
    if len(candidates) == 1:
        only = candidates[0]
        return only.found() if only.name == wanted else only.found(renamed_note(only, wanted), review=doubt_of(only))
    if known is None:
        named = sorted(candidates, key=lambda c: distance(c, wanted))
        return named[0].found() if named[0].name == wanted else named[0].found(renamed_note(named[0], wanted))
    return Choice(read_all(sorted(candidates, key=lambda c: distance(c, wanted)), known), wanted).made()
