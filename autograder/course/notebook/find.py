"""Which file in a student's folder is the submission: told by its cells, not by its name.

The file under the right name is the submission. Where there is none, it is the one notebook that is there, whatever
it is called and in whatever folder it lies. Where there are several, their cells are looked at.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.notebook.archive import members, read_member
from autograder.course.notebook.bounds import Bounds, bounds_of
from autograder.course.notebook.file import parse_json, read_bytes, read_start, slimmed
from autograder.course.notebook.identify import Recognised, recognise
from autograder.course.notebook.listing import Entry, Listing, described, list_folder, looks_like_notebook, shown
from autograder.course.notebook.normalise import well_formed
from autograder.errors import SubmissionRejected, SubmissionTooLarge

__all__ = ["Found", "Kept", "find_in", "find_notebook", "find_unparsed", "read_found", "renamed"]

#: How many notebooks of one student are read to choose among them, and how many other files are looked into.
_MAX_READ = 12
_MAX_READ_BYTES = 512 << 20
_MAX_SNIFFED = 200
_SNIFFED = 4096
#: How a notebook's name ends that is not called one any more.
_LIKELY = frozenset({"", ".json", ".txt", ".zip"})


@dataclass(frozen=True, slots=True)
class Found:
    """The file that is the submission; `path` is None where nothing can be it.

    `member` is its name where `path` is an archive that holds it. `notes` say what was found instead of the file
    under the right name, and `review` why a person is to look, empty where nobody need.
    """

    path: Path | None = None
    member: str = ""
    notes: tuple[str, ...] = ()
    review: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was read of a submission: the digest of its file, and its notebook without large outputs.

    `problem` says why there is no `content`, `too_large` whether a limit is the reason.
    """

    sha256: str
    content: bytes | None
    notes: tuple[str, ...] = ()
    problem: str = ""
    too_large: bool = False


def find_notebook(
    folder: Path, slug: str, known: tuple[Assignment, NotebookNode] | None = None, ignored: Sequence[str] = ()
) -> Found:
    """Return which file in a folder is the submission.

    Args:
        folder: what a student handed in.
        slug: the assignment, whose notebook is called so.
        known: the assignment and its template, to choose among several notebooks; without them names decide.
        ignored: patterns of names that are no part of a submission.
    """
    return _choose(list_folder(folder, ignored), folder, slug, known)


def find_in(path: Path) -> list[Found]:
    """Return the notebooks that a path may mean: itself, or those in a folder or an archive."""
    if path.is_dir():
        return [c.found() for c in _candidates(list_folder(path))]
    if path.name.casefold().endswith(".zip"):
        return [Found(path, member) for member in members(path)]
    return [Found(path)]


def find_unparsed(folder: Path, slug: str, ignored: Sequence[str] = ()) -> Found | None:
    """Return which file is the submission where its name tells, None where notebooks must be read for that."""
    listing = list_folder(folder, ignored)
    candidates = _candidates(listing)
    if len(candidates) > 1:
        return None
    return _choose(listing, folder, slug, None)


def read_found(found: Found, folder: Path, slug: str, bounds: Bounds | None = None) -> Kept:
    """Read the file that is the submission; what is wrong with it is told with what else is there."""
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
        words = [str(error)] if too_large else [str(error), described(list_folder(folder))]
        return Kept(sha256 or _digest(path), None, tuple(notes), " ".join(words), too_large)
    return Kept(sha256, content, tuple(notes))


def _digest(path: Path) -> str:
    """Return the digest of a plain file that is too large to be held, empty if there is none."""
    if not read_start(path, 1):
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# -- candidates --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file that may be the submission, or one in an archive."""

    entry: Entry
    member: str = ""

    @property
    def name(self) -> str:
        return f"{self.entry.name}/{self.member}" if self.member else self.entry.name

    def found(self, *notes: str, review: str = "") -> Found:
        return Found(self.entry.path, self.member, tuple(notes), review)


def _candidates(listing: Listing) -> list[_Candidate]:
    """Return the files that may be notebooks: by name, else by what they begin with, else in archives, else copies."""
    files = listing.files
    named = [_Candidate(e) for e in files if ".ipynb" in e.name.rpartition("/")[2].casefold() and not _is_archive(e)]
    if any(c.entry.size for c in named):
        return [c for c in named if c.entry.size]
    likely = sorted(files, key=lambda e: os.path.splitext(e.name)[1].casefold() not in _LIKELY)
    others = [e for e in likely[:_MAX_SNIFFED] if e.size]
    sniffed = [_Candidate(e) for e in others if looks_like_notebook(read_start(e.path, _SNIFFED))]
    if sniffed:
        return sniffed
    packed = [_Candidate(e, member) for e in others if _is_archive(e) for member in members(e.path)]
    if packed:
        return packed
    # What an editor saved beside the notebook is still the student's work.
    hidden = (e for e in listing.entries if e.noise and e.kind == "file" and e.name.casefold().endswith(".ipynb"))
    copies = [e for e in list(hidden)[:_MAX_SNIFFED] if e.size and looks_like_notebook(read_start(e.path, _SNIFFED))]
    return [_Candidate(e) for e in copies] or named


def _is_archive(entry: Entry) -> bool:
    return entry.name.casefold().endswith(".zip")


def _choose(listing: Listing, folder: Path, slug: str, known: tuple[Assignment, NotebookNode] | None) -> Found:
    wanted = f"{slug}.ipynb"
    right = next((e for e in listing.entries if e.name == wanted), None)
    candidates = _candidates(listing)
    if not candidates:
        return Found(None if right is None else folder / wanted)
    if len(candidates) == 1:
        only = candidates[0]
        return only.found() if only.name == wanted else only.found(_renamed(only, wanted), review=_doubt(only))
    if known is None:
        named = sorted(candidates, key=lambda c: _distance(c, wanted))
        return named[0].found() if named[0].name == wanted else named[0].found(_renamed(named[0], wanted))
    return _Choice(_read_all(sorted(candidates, key=lambda c: _distance(c, wanted)), known), wanted).made()


def _distance(candidate: _Candidate, wanted: str) -> tuple[bool, bool, int, int, str]:
    """Order candidates: the right name first, then what resembles it, the outer folders before the inner ones."""
    base = candidate.name.rpartition("/")[2].casefold()
    stem = wanted.removesuffix(".ipynb").casefold()
    return candidate.name != wanted, stem not in base, candidate.entry.depth, len(base), candidate.name


def _renamed(candidate: _Candidate, wanted: str) -> str:
    return renamed(candidate.name, wanted, packed=bool(candidate.member))


def renamed(name: str, wanted: str, *, packed: bool = False) -> str:
    """Say that a notebook bears another name than it was given out under."""
    where = "in an archive, " if packed else ""
    return f"The notebook is {where}called {shown(name)} and not {wanted}; it counts all the same."


def _doubt(candidate: _Candidate) -> str:
    if not candidate.entry.noise:
        return ""
    return f"{shown(candidate.name)} is a copy that an editor made; the notebook itself was not handed in."


# -- several notebooks -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """A notebook that was looked at; what cannot be read has nothing of the assignment in it."""

    candidate: _Candidate
    recognised: Recognised = field(default_factory=Recognised)
    #: A digest of its cells, to tell copies.
    cells: str = ""
    readable: bool = False

    @property
    def worth(self) -> tuple[int, int]:
        return len(self.recognised.filled), len(self.recognised.exercises)


def _read_all(candidates: Sequence[_Candidate], known: tuple[Assignment, NotebookNode]) -> list[_Read]:
    """Read notebooks to choose among them; beyond a bound they are only named."""
    found = []
    left = _MAX_READ_BYTES
    for number, candidate in enumerate(candidates):
        left -= candidate.entry.size
        found.append(_read(candidate, known) if number < _MAX_READ and left >= 0 else _Read(candidate))
    return found


def _read(candidate: _Candidate, known: tuple[Assignment, NotebookNode]) -> _Read:
    assignment, template = known
    bounds = bounds_of(assignment)
    try:
        data = read_bytes(candidate.entry.path, most_bytes=bounds.notebook_bytes)
        if candidate.member:
            data = read_member(data, candidate.member, bounds)
        notebook = well_formed(parse_json(slimmed(data, candidate.name, bounds, [])), [], bounds)
    except SubmissionRejected:
        return _Read(candidate)
    digest = hashlib.sha256()
    for cell in notebook.cells:
        digest.update(f"{cell.cell_type}\0{cell.source.strip()}\0".encode())
    return _Read(candidate, recognise(notebook.cells, assignment, template), digest.hexdigest(), readable=True)


def _state(read: _Read) -> str:
    """Say why the notebook under the right name was not taken."""
    if not read.readable:
        return "cannot be read"
    return "holds no work" if read.recognised.exercises else "is no notebook of this assignment"


@dataclass(slots=True)
class _Choice:
    """Several notebooks of one student, the likeliest name first."""

    read: list[_Read]
    wanted: str

    def made(self) -> Found:
        first = self.read[0]
        right = first if first.candidate.name == self.wanted else None
        # Only those of this assignment count, as long as there are some.
        own = [r for r in self.read if r.recognised.exercises] or [first]
        best = max(own, key=lambda r: r.worth)
        chosen = best
        if right is not None and (right.recognised.filled or (right in own and not best.recognised.filled)):
            chosen = right
        rivals = [r for r in own if r is not chosen and r.recognised.filled and r.cells != chosen.cells]
        notes = self._notes(chosen, right, own)
        review = ""
        if right is not None and chosen is not right:
            what = f"{self.wanted} {_state(right)}; {shown(chosen.candidate.name)} was graded in its place."
            notes, review = [what, *notes], what
        elif rivals and (right is None or any(r.worth > chosen.worth for r in rivals)):
            others = ", ".join(shown(r.candidate.name) for r in rivals[:3])
            name = shown(chosen.candidate.name)
            review = f"{name} was graded; {others} holds other answers to the same exercises."
            notes = [review, *notes]
        return chosen.candidate.found(*notes, review=review or _doubt(chosen.candidate))

    def _notes(self, chosen: _Read, right: _Read | None, own: list[_Read]) -> list[str]:
        others = [r for r in self.read if r is not chosen]
        kinds = []
        for r in others[:3]:
            same = bool(r.cells) and r.cells == chosen.cells
            what = "the same notebook" if same else "another version of it" if r in own else "no notebook of this"
            kinds.append(f"{shown(r.candidate.name)} ({what})")
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""  # noqa: PLR2004 - as named above
        listed = f"Beside it there were {', '.join(kinds)}{more}; only one notebook is graded."
        if right is None:
            return [_renamed(chosen.candidate, self.wanted), listed]
        return [listed]
