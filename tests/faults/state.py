"""Everything that `grade` leaves behind, in a form that can be compared, without durations and random row ids."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.eight import SLUG

__all__ = ["State", "differences", "half_done", "result_of"]

#: What a run says about itself.
_OWN = {".lock", ".batch.json", ".run.json", ".grader.log"}

_GRADES = """
SELECT submitted_assignment.student_id, grade_cell_base.name, grade.auto_score, grade.manual_score,
       grade.extra_credit, grade.needs_manual_grade, submitted_assignment.timestamp
FROM grade
JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN base_cell AS grade_cell_base ON grade.cell_id = grade_cell_base.id
"""
_COMMENTS = """
SELECT submitted_assignment.student_id, base_cell.name, comment.auto_comment, comment.manual_comment
FROM comment
JOIN submitted_notebook ON comment.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
JOIN base_cell ON comment.cell_id = base_cell.id
"""
_CELLS = """
SELECT base_cell.name, base_cell.type, grade_cells.max_score, grade_cells.cell_type,
       source_cell.source, source_cell.checksum
FROM base_cell LEFT JOIN grade_cells ON base_cell.id = grade_cells.id
LEFT JOIN source_cell ON base_cell.id = source_cell.id
"""
_COUNTS = ("assignment", "notebook", "student", "submitted_assignment", "submitted_notebook", "alembic_version")


@dataclass(frozen=True)
class State:
    """Files by path (content and mode), and the gradebook's rows by student."""

    files: dict[str, tuple[bytes, int]]
    gradebook: dict[str, Any]

    @classmethod
    def of(cls, root: Path) -> State:
        """Read a course."""
        files = {}
        for name in ("results", "autograded", "feedback"):
            for path in sorted((root / name).rglob("*")):
                if path.is_file() and path.name not in _OWN:
                    files[str(path.relative_to(root))] = (_content(path), path.stat().st_mode & 0o777)
        # A killed process may leave these beside the database.
        for path in root.glob(".*.part*"):
            files[path.name] = (b"", 0)
        return cls(files, read_gradebook(root / "gradebook.db"))

    def of_student(self, student: str) -> dict[str, object]:
        """Return what belongs to one student."""
        parts = {f"results/{SLUG}/{student}.json"}
        mine: dict[str, object] = {
            p: v
            for p, v in self.files.items()
            if p in parts or p.startswith((f"autograded/{student}/", f"feedback/{student}/"))
        }
        return mine | {key: rows.get(student) for key, rows in self.gradebook.items() if isinstance(rows, dict)}


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if path.name == "summary.csv":
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        return json.dumps([{k: v for k, v in row.items() if k != "seconds"} for row in rows]).encode()
    if path.suffix != ".json":
        return content
    data = json.loads(content)
    data.pop("seconds", None)
    for exercise in data.get("exercises", ()):
        for check in exercise["checks"]:
            check.pop("seconds", None)
    return json.dumps(data, sort_keys=True).encode()


def read_gradebook(path: Path) -> dict[str, Any]:
    """Return the rows; empty if there is no database.

    Raises:
        AssertionError: if SQLite finds it damaged.
    """
    if not path.exists():
        return {}
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found: dict[str, Any] = {"grades": {}, "comments": {}}
        for name, query in (("grades", _GRADES), ("comments", _COMMENTS)):
            for student, *row in sorted(database.execute(query), key=repr):
                found[name].setdefault(student, []).append(row)
        found["cells"] = sorted(database.execute(_CELLS), key=repr)
        found["counts"] = [
            (table, database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]) for table in _COUNTS
        ]
    return found


def result_of(root: Path, student: str) -> dict[str, Any] | None:
    """Return a student's result; None if there is none."""
    try:
        data: dict[str, Any] = json.loads((root / "results" / SLUG / f"{student}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return data


def half_done(root: Path) -> set[str]:
    """Return the students whose results the course itself marks as unfinished."""
    try:
        return set((root / "results" / SLUG / ".underway").read_text(encoding="utf-8").split())
    except FileNotFoundError:
        return set()


def differences(found: State, due: State) -> list[str]:
    """Name each difference from the expected state."""
    wrong = [f"missing: {p}" for p in due.files.keys() - found.files.keys()]
    wrong += [f"too much: {p}" for p in found.files.keys() - due.files.keys()]
    wrong += [f"differs: {p}" for p in due.files.keys() & found.files.keys() if found.files[p] != due.files[p]]
    for key in due.gradebook.keys() | found.gradebook.keys():
        if found.gradebook.get(key) != due.gradebook.get(key):
            wrong.append(f"gradebook: {key}: {found.gradebook.get(key)!r} instead of {due.gradebook.get(key)!r}"[:600])
    return sorted(wrong)
