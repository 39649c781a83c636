"""Choose among several notebooks of one student, by the contents of their cells."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.notebook.archive import read_member
from autograder.course.notebook.bounds import bounds_of
from autograder.course.notebook.candidates import Candidate, Found, doubt_of, renamed_note
from autograder.course.notebook.file import parse_json, read_bytes, slimmed
from autograder.course.notebook.identify import Recognised, recognise
from autograder.course.notebook.listing import shown
from autograder.course.notebook.normalise import well_formed
from autograder.errors import SubmissionRejected
from autograder.sentences import Sentence, say

__all__ = ["Choice", "read_all"]

#: How many notebooks of one student are read to choose among them, and how much of them.
_MAX_READ = 12
_MAX_READ_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class _Read:
    """A notebook that was looked at; one that cannot be read counts as empty."""

    candidate: Candidate
    recognised: Recognised = field(default_factory=Recognised)
    #: A digest of its cells, by which copies are recognised.
    cells: str = ""
    readable: bool = False

    @property
    def worth(self) -> tuple[int, int]:
        return len(self.recognised.filled), len(self.recognised.exercises)


def read_all(candidates: Sequence[Candidate], known: tuple[Assignment, NotebookNode]) -> list[_Read]:
    """Read notebooks to choose among them; those beyond a bound are only named."""
    found = []
    left = _MAX_READ_BYTES
    for number, candidate in enumerate(candidates):
        left -= candidate.entry.size
        found.append(_read(candidate, known) if number < _MAX_READ and left >= 0 else _Read(candidate))
    return found


def _read(candidate: Candidate, known: tuple[Assignment, NotebookNode]) -> _Read:
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


def _instead(right: _Read, chosen: _Read, wanted: str) -> Sentence:
    """Say why the notebook under the right name was not taken, and which one was."""
    name = shown(chosen.candidate.name)
    if not right.readable:
        return say("reading.instead-of-unreadable", wanted=wanted, name=name)
    if right.recognised.exercises:
        return say("reading.instead-of-empty", wanted=wanted, name=name)
    return say("reading.instead-of-other", wanted=wanted, name=name)


@dataclass(slots=True)
class Choice:
    """Several notebooks of one student, the likeliest name first."""

    read: list[_Read]
    wanted: str

    def made(self) -> Found:
        """Return the submission: the right name if it holds work, else the one that holds the most."""
        first = self.read[0]
        right = first if first.candidate.name == self.wanted else None
        # Only notebooks of this assignment count, if there are any.
        own = [r for r in self.read if r.recognised.exercises] or [first]
        best = max(own, key=lambda r: r.worth)
        chosen = best
        if right is not None and (right.recognised.filled or (right in own and not best.recognised.filled)):
            chosen = right
        rivals = [r for r in own if r is not chosen and r.recognised.filled and r.cells != chosen.cells]
        notes = self._notes(chosen, right, own)
        review = Sentence()
        if right is not None and chosen is not right:
            review = _instead(right, chosen, self.wanted)
            notes = [review, *notes]
        elif rivals and (right is None or any(r.worth > chosen.worth for r in rivals)):
            others = tuple(shown(r.candidate.name) for r in rivals[:3])
            name = shown(chosen.candidate.name)
            review = say("reading.rivals", n=len(others), name=name, others=others)
            notes = [review, *notes]
        return chosen.candidate.found(*notes, review=review or doubt_of(chosen.candidate))

    def _notes(self, chosen: _Read, right: _Read | None, own: list[_Read]) -> list[Sentence]:
        others = [r for r in self.read if r is not chosen]
        kinds = []
        for r in others[:3]:
            name = shown(r.candidate.name)
            if r.cells and r.cells == chosen.cells:
                kinds.append(say("reading.beside-same", name=name))
            else:
                kinds.append(say("reading.beside-version" if r in own else "reading.beside-other", name=name))
        if len(others) > 3:  # noqa: PLR2004 - as named above
            kinds.append(say("reading.more-notebooks", n=len(others) - 3))
        listed = say("reading.beside", n=len(others), others=tuple(kinds))
        if right is None:
            return [renamed_note(chosen.candidate, self.wanted), listed]
        return [listed]
