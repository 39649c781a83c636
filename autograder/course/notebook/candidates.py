"""The files in a student's folder that may be the submission."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from autograder.course.notebook.archive import members
from autograder.course.notebook.file import read_start
from autograder.course.notebook.listing import ListedFile, Listing, looks_like_notebook, shown
from autograder.sentences import Sentence, say

__all__ = ["Candidate", "Found", "candidates_in", "distance", "doubt_of", "renamed", "renamed_note"]

#: How many files that are not called notebooks are looked into.
_MAX_SNIFFED = 200
_SNIFFED = 4096
#: Suffixes that a notebook often gets when it is renamed.
_LIKELY = frozenset({"", ".json", ".txt", ".zip"})


@dataclass(frozen=True, slots=True)
class Found:
    """The file that is the submission; `path` is None if there is none.

    `member` is its name if `path` is an archive that holds it. `notes` say what was found instead of the file with the
    right name; `review` says why a person should look, and is empty if nobody needs to.
    """

    path: Path | None = None
    member: str = ""
    notes: tuple[Sentence, ...] = ()
    review: Sentence = field(default=Sentence())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be the submission, or one in an archive."""

    entry: ListedFile
    member: str = ""

    @property
    def name(self) -> str:
        """Its path beneath the folder, through the archive if it lies in one."""
        return f"{self.entry.name}/{self.member}" if self.member else self.entry.name

    def found(self, *notes: Sentence, review: Sentence | None = None) -> Found:
        """Return it as the submission."""
        return Found(self.entry.path, self.member, tuple(notes), review or Sentence())


def candidates_in(listing: Listing) -> list[Candidate]:
    """Return the files that may be notebooks: by name, else by their first bytes, else in archives, else copies."""
    files = listing.files
    named = [Candidate(e) for e in files if ".ipynb" in e.name.rpartition("/")[2].casefold() and not _is_archive(e)]
    if any(c.entry.size for c in named):
        return [c for c in named if c.entry.size]
    likely = sorted(files, key=lambda e: os.path.splitext(e.name)[1].casefold() not in _LIKELY)
    others = [e for e in likely[:_MAX_SNIFFED] if e.size]
    sniffed = [Candidate(e) for e in others if looks_like_notebook(read_start(e.path, _SNIFFED))]
    if sniffed:
        return sniffed
    packed = [Candidate(e, member) for e in others if _is_archive(e) for member in members(e.path)]
    if packed:
        return packed
    # A copy that an editor saved beside the notebook is still the student's work.
    hidden = (e for e in listing.entries if e.noise and e.kind == "file" and e.name.casefold().endswith(".ipynb"))
    copies = [e for e in list(hidden)[:_MAX_SNIFFED] if e.size and looks_like_notebook(read_start(e.path, _SNIFFED))]
    return [Candidate(e) for e in copies] or named


def _is_archive(entry: ListedFile) -> bool:
    return entry.name.casefold().endswith(".zip")


def distance(candidate: Candidate, wanted: str) -> tuple[bool, bool, int, int, str]:
    """Return a sort key: the right name first, then similar names; outer folders before inner ones."""
    base = candidate.name.rpartition("/")[2].casefold()
    stem = wanted.removesuffix(".ipynb").casefold()
    return candidate.name != wanted, stem not in base, candidate.entry.depth, len(base), candidate.name


def renamed_note(candidate: Candidate, wanted: str) -> Sentence:
    """Say that a candidate has another name than it was released under."""
    return renamed(candidate.name, wanted, packed=bool(candidate.member))


def renamed(name: str, wanted: str, *, packed: bool = False) -> Sentence:
    """Say that a notebook has another name than it was released under."""
    if packed:
        return say("reading.renamed-in-archive", name=shown(name), wanted=wanted)
    return say("reading.renamed", name=shown(name), wanted=wanted)


def doubt_of(candidate: Candidate) -> Sentence:
    """Say why a person should look at a candidate although it is the only one; empty if nobody needs to."""
    if not candidate.entry.noise:
        return Sentence()
    return say("reading.editors-copy", name=shown(candidate.name))
