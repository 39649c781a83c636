"""`--to csv`: everything that is known, one line per student."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.feedback.export.record import Record
from autograder.feedback.export.table import identifier, number, write_table

__all__ = ["write_csv"]

_HEADER = ("student", "last_name", "first_name", "email", "status", "submitted")
_POINTS = ("score", "late_penalty", "final_score", "max_score")


def write_csv(path: Path, records: Sequence[Record]) -> None:
    """Write ids, names, status, raw score, penalty, what counts, points by cell, and which of them wait."""
    cells = list(dict.fromkeys(name for r in records for name in r.cells))
    lines: list[list[str]] = [[*_HEADER, *_POINTS, *cells, "waiting"]]
    for r in records:
        names = (r.row.last_name, r.row.first_name, r.row.email) if r.row else ("", "", "")
        points = [number(p) for p in (r.score, r.penalty, r.final, r.max_score)] if r.row else [""] * len(_POINTS)
        lines.append(
            [
                identifier(r.student),
                *map(identifier, names),
                r.grade.status.value if r.grade else "",
                r.submitted.isoformat(sep=" ", timespec="seconds") + " UTC" if r.submitted else "",
                *points,
                # A cell that waits for a person has no points yet, which is no zero.
                *(_points(r, name) for name in cells),
                " ".join(r.waiting),
            ]
        )
    write_table(path, lines)


def _points(record: Record, name: str) -> str:
    cell = record.cells.get(name)
    return "" if cell is None or not cell.scored else number(cell.score)
