"""How large the parts of a notebook may be, and where these limits can be raised."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.course.assignment import Assignment, Limits
from autograder.sentences import Sentence, say

__all__ = ["Bounds", "bounds_of", "megabytes"]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits on what is read of a notebook.

    `notebook_bytes` bounds the file with its outputs, which are dropped while it is read; `text_bytes` the text of its
    cells, `cell_chars` the text of one cell of code, `pictures_bytes` the pictures in the cells, `files_bytes` the
    files beside it. `place` says where the limits stand; it is empty if that is not known.
    """

    notebook_bytes: int = 256 << 20
    text_bytes: int = 20 << 20
    cell_chars: int = 1 << 20
    pictures_bytes: int = 20 << 20
    files_bytes: int = 100 << 20
    cells: int = 2000
    place: Sentence = field(default=Sentence())

    @classmethod
    def of(cls, limits: Limits, place: Sentence) -> Bounds:
        """Translate an assignment's limits into bytes."""
        return cls(
            notebook_bytes=limits.notebook_mib << 20,
            text_bytes=limits.text_mib << 20,
            cell_chars=limits.cell_kib << 10,
            pictures_bytes=limits.pictures_mib << 20,
            files_bytes=limits.beside_mib << 20,
            cells=limits.cells,
            place=place,
        )

    def remedy(self, entry: str) -> Sentence:
        """Say which entry holds a limit, and where it can be raised."""
        return say("reading.limit", entry=entry, place=self.place or say("reading.limits-somewhere"))


def bounds_of(assignment: Assignment) -> Bounds:
    """Return the bounds of an assignment's notebooks."""
    if assignment.in_notebook:
        place = say("reading.limits-of-nbgrader")
    else:
        place = say("reading.limits-of-assignment", slug=assignment.slug)
    return Bounds.of(assignment.limits, place)


def megabytes(size: int) -> str:
    """Write a file's size as file managers do."""
    for unit, name in ((1_000_000, "MB"), (1000, "KB")):
        if size >= unit:
            return f"{size / unit:.{0 if size >= 10 * unit else 1}f} {name}"
    return f"{size} bytes"
