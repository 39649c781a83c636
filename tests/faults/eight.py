"""A class of eight for the target course: right, wrong, crashing and unreadable; and what two of them hand in later."""

from __future__ import annotations

import json
from pathlib import Path

from hostile.target_course import SOLVED, TargetCourse, make_target_course

__all__ = ["FIRST", "LATER", "SEEDS", "SLUG", "hand_in", "make_course", "notebook_bytes"]

SLUG = "target"
SEEDS = (6, 7)
_LEAVES = "import os\n\n\ndef total(numbers):\n    os._exit(0)"

#: What each student hands in first: cells by exercise, or bytes that are no notebook.
FIRST: dict[str, dict[str, str] | bytes] = {
    "ada": SOLVED,
    "bob": {**SOLVED, "scale": "def scale(x, factor):\n    return x + factor"},
    "cleo": {**SOLVED, "total": _LEAVES},
    "dan": {},
    "eve": b"{this is no notebook",
    "fay": {**SOLVED, "Descent": "class Descent(:\n    pass"},
    "gil": {**SOLVED, "total": "def total(numbers):\n    return float(sum(numbers))"},
    "zoë": {**SOLVED, "scale": "print('zoë was here')\n\n\ndef scale(x, factor):\n    return factor * x"},
}
#: Two hand in again: one notebook becomes unreadable, an unreadable one becomes right.
LATER: dict[str, dict[str, str] | bytes] = {**FIRST, "bob": b"", "eve": SOLVED}


def make_course(root: Path) -> TargetCourse:
    """Make the course, with nothing handed in."""
    return make_target_course(root)


def notebook_bytes(course: TargetCourse, work: dict[str, str] | bytes) -> bytes:
    """Return the file that is handed in."""
    return work if isinstance(work, bytes) else json.dumps(course.notebook(dict(work))).encode()


def hand_in(course: TargetCourse, work: dict[str, dict[str, str] | bytes], *, where: Path) -> None:
    """Hand in, with a time stamp each, in the course or a copy of it."""
    for student, cells in work.items():
        folder = where / "submitted" / student / SLUG
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{SLUG}.ipynb").write_bytes(notebook_bytes(course, cells))
        (folder / "timestamp.txt").write_text("2026-10-05 09:30:00.000000 UTC\n", encoding="utf-8")
