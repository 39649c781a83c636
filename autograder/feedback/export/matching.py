"""Which row of a downloaded file is whose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.feedback.export.record import Record
from autograder.feedback.text import listed, one_line

__all__ = ["Matches", "findings", "match"]


@dataclass(frozen=True, slots=True)
class Matches:
    """Records by number of their row; who has none; who has several, or shares one with somebody."""

    rows: Mapping[int, Record]
    absent: tuple[str, ...]
    doubtful: tuple[str, ...]


def match(records: Sequence[Record], keys: Sequence[Sequence[str]]) -> Matches:
    """Give each record the row that has its id, or its e-mail address, or its id in the other system.

    Args:
        records: who is looked for.
        keys: for each row what it can be known by. No key counts that several rows have: nobody gets the points
            of somebody else.
    """
    times = Counter(key for row in keys for key in set(row) if key)
    by_key = {key: number for number, row in enumerate(keys) for key in row if times[key] == 1}
    wanted: dict[int, list[Record]] = {}
    absent, doubtful = [], []
    for record in records:
        names = [record.student]
        if record.row:
            names += [record.row.lms_user_id, record.row.email]
        row = next((by_key[name] for name in names if name in by_key), None)
        if row is not None:
            wanted.setdefault(row, []).append(record)
        elif any(times[name] for name in names if name):
            doubtful.append(record.student)
        else:
            absent.append(record.student)
    for several in (r for r in wanted.values() if len(r) > 1):
        doubtful += [r.student for r in several]
    return Matches({row: r[0] for row, r in wanted.items() if len(r) == 1}, tuple(absent), tuple(doubtful))


def findings(matches: Matches, file: object) -> list[str]:
    """Say whose points were written nowhere."""
    found = []
    if matches.absent:
        found.append(f"No row in {file}: {_listed(matches.absent)}.")
    if matches.doubtful:
        found.append(f"More than one row, or a row that several claim, in {file}: {_listed(matches.doubtful)}.")
    return found


def _listed(students: Iterable[str]) -> str:
    return listed(sorted(one_line(s, 100) for s in students))
