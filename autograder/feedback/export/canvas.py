"""`--to canvas`: fill the gradebook that Canvas exported.

Facts read from Canvas' own importer: columns that say who a student is come first and end with `Section`; a row
is known by `ID`, then the SIS columns, then the name; an empty score deletes one. So only the assignment's column
and only rows with a score are written: importing changes nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.errors import UsageError
from autograder.feedback.export.matching import findings, match
from autograder.feedback.export.record import Record
from autograder.feedback.export.table import Table, number, read_table, write_table

__all__ = ["fill_canvas"]

_KNOWN_BY = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")


def fill_canvas(
    template: Path, path: Path, records: Sequence[Record], assignment: Assignment, column: str | None
) -> list[str]:
    """Write the filled file; return what could not be written.

    Raises:
        UsageError: if the template is no gradebook of Canvas, or which column is meant is not clear.
    """
    table = read_table(template)
    if "ID" not in table.header or "Section" not in table.header:
        raise UsageError(
            f"{template} is no gradebook exported from Canvas: it needs the columns ID and Section. "
            "Export it in English: Grades, Export, Export Entire Gradebook."
        )
    about = table.header.index("Section") + 1
    at = _column(table, assignment, column, about)
    students = [row for row in table.rows if not _is_about_assignments(row)]
    known = [table.header.index(name) for name in _KNOWN_BY if name in table.header[:about]]
    matches = match([r for r in records if r.row], [[row[i].strip() for i in known] for row in students])
    lines = [[*table.header[:about], table.header[at]]]
    for row in table.rows:
        if "Points Possible" in row[0]:
            if "read only" in row[at]:
                raise UsageError(f"{template}: Canvas lets nobody write the column {table.header[at]!r}.")
            lines.append([*row[:about], row[at]])
    lines += [[*row[:about], number(matches.rows[i].final)] for i, row in enumerate(students) if i in matches.rows]
    write_table(path, lines, table.delimiter)
    return findings(matches, template)


def _is_about_assignments(row: Sequence[str]) -> bool:
    return "Points Possible" in row[0] or all(_is_no_students(cell.strip().lower()) for cell in row)


def _is_no_students(cell: str) -> bool:
    return cell in {"", "muted"} or cell.startswith("manual posting")


def _title(header: str) -> tuple[str, str] | None:
    """Return title and number of a column `TITLE (NUMBER)`, None if it is none."""
    title, bracket, rest = header.rpartition(" (")
    number, closed, after = rest.partition(")")
    return (title, number) if bracket and closed and not after and number.isdecimal() else None


def _column(table: Table, assignment: Assignment, column: str | None, about: int) -> int:
    """Find the assignment's column, `TITLE (NUMBER)`: by the option, else by our title or slug."""
    names = {column} if column is not None else {assignment.title, assignment.slug}
    found = []
    for at, header in enumerate(table.header[about:], about):
        if header in names or names.intersection(_title(header) or ()):
            found.append(at)
    if len(found) == 1:
        return found[0]
    candidates = ", ".join(repr(h) for h in table.header[about:] if _title(h)) or "none"
    wanted = " or ".join(repr(n) for n in sorted(names))
    raise UsageError(
        f"{table.path} has {len(found)} columns for {wanted}; name the right one with --column. "
        f"There are: {candidates}. Canvas adds a column when the assignment is made there."
    )
