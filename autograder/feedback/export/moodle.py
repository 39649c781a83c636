"""`--to moodle`: fill the grading worksheet that Moodle wrote.

Its headers are in the language of the person who downloaded it, and Moodle finds its columns by them. So they stay
as they are, and so do all cells but grades and feedback.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.errors import UsageError
from autograder.feedback.export.matching import findings, match
from autograder.feedback.export.record import Record
from autograder.feedback.export.table import Table, number, read_table, write_table
from autograder.feedback.lateness import lateness
from autograder.feedback.text import clean

__all__ = ["fill_moodle"]

_GRADE, _MAXIMUM, _FEEDBACK = "Grade", ("Maximum Grade", "Maximum grade"), "Feedback comments"


def fill_moodle(
    template: Path,
    path: Path,
    records: Sequence[Record],
    assignment: Assignment,
    column: str | None,
    feedback_column: str | None,
) -> list[str]:
    """Write the filled worksheet; return what could not be written.

    Raises:
        UsageError: if the template is no worksheet, or which column is meant is not clear.
    """
    table = read_table(template)
    at = _grade_column(table, column)
    feedback = _feedback_column(table, feedback_column)
    matches = match([r for r in records if r.row], [_keys(row, at) for row in table.rows])
    found = findings(matches, template)
    lines: list[Sequence[str]] = [table.header]
    for i, row in enumerate(table.rows):
        cells = list(row)
        if i in matches.rows:
            cells[at] = number(matches.rows[i].final)
            if feedback is not None:
                cells[feedback] = _feedback(matches.rows[i], assignment)
        lines.append(cells)
    # Moodle takes commas, also if the worksheet was saved with other separators since.
    write_table(path, lines)
    if feedback is None:
        found.append(
            f"{template} has no column {_FEEDBACK!r}: no feedback was written; name it with --feedback-column."
        )
    return found + _other_maximum(table, list(matches.rows.values()))


def _grade_column(table: Table, column: str | None) -> int:
    if column is not None or _GRADE in table.header:
        return table.column(column or _GRADE)
    listed = ", ".join(repr(h) for h in table.header)
    raise UsageError(
        f"{table.path} has no column {_GRADE!r}: its headers are in the language of your Moodle. "
        f"Name the column of the grades with --column; there are: {listed}."
    )


def _feedback_column(table: Table, column: str | None) -> int | None:
    if column is not None or _FEEDBACK in table.header:
        return table.column(column or _FEEDBACK)
    return None


def _keys(row: Sequence[str], grade_column: int) -> list[str]:
    """Return what a row can be known by: the number of the participant, and every cell before the grade."""
    # `Participant 123456`, in any language.
    words = row[0].rstrip("0123456789")
    number_of = row[0][len(words) :]
    alone = words and number_of and not any(c.isdecimal() for c in words)
    return [cell.strip() for cell in row[:grade_column]] + ([number_of] if alone else [])


def _feedback(record: Record, assignment: Assignment) -> str:
    """Return points by exercise with what was recognised, as HTML, which Moodle expects."""
    lines = [f"{number(record.final)} of {number(record.max_score)} points"]
    if record.penalty:
        lines[0] += f" ({number(record.score)} less {number(record.penalty)} for being late)"
    if record.grade and (said := lateness(record.grade)):
        lines.append(said.split(": ")[0] + ".")
    if record.grade and record.grade.reason:
        lines.append(record.grade.reason)
    results = {e.id: e for e in record.grade.exercises} if record.grade else {}
    for exercise in assignment.exercises:
        cell = record.cells.get(exercise.test_cell)
        if cell is None:
            continue
        due = "waits for your instructor" if not cell.scored else f"{number(cell.score)}"
        line = f"{exercise.title}: {due} of {number(cell.max_score)}"
        result = results.get(exercise.id)
        if result is not None and result.diagnosis_title:
            line += f". {result.diagnosis_title}"
        lines.append(line)
    return "<br>".join(html.escape(clean(line, 500)) for line in lines)


def _other_maximum(table: Table, records: Sequence[Record]) -> list[str]:
    """Say where Moodle's maximum is another one: points are written as they are."""
    at = next((table.header.index(name) for name in _MAXIMUM if name in table.header), None)
    if at is None or not records:
        return []
    full = number(records[0].max_score)
    limits = {row[at] for row in table.rows if row[at]}
    other = sorted(limit for limit in limits if _value(limit) != float(full))
    return [f"Moodle's maximum is {other[0]} points, the assignment's {full}; set it to {full} there."] if other else []


def _value(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
