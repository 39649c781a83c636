"""Collect the records and hand them to one format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.batch.records import collect
from autograder.course.assignment import Assignment
from autograder.engines.base import Engine
from autograder.errors import UsageError
from autograder.feedback.export.canvas import fill_canvas
from autograder.feedback.export.csv_file import write_csv
from autograder.feedback.export.gradescope import write_gradescope
from autograder.feedback.export.junit import write_junit
from autograder.feedback.export.moodle import fill_moodle
from autograder.feedback.export.record import Record
from autograder.feedback.text import listed, one_line
from autograder.verdict import Status

__all__ = ["FORMATS", "ExportOptions", "ExportReport", "export_scores"]

FORMATS = ("csv", "canvas", "moodle", "gradescope", "junit")
#: Where to download the file that is filled in.
_DOWNLOADS = {
    "canvas": "In Canvas: Grades, Export, Export Entire Gradebook.",
    "moodle": "In Moodle: the assignment's submissions, Download grading worksheet.",
}
_NAMES = {"csv": "grades.csv", "gradescope": "gradescope", "junit": "junit.xml"}


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to export; `column` and `feedback_column` name columns of the downloaded file."""

    to: str
    template: Path | None = None
    column: str | None = None
    feedback_column: str | None = None
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class ExportReport:
    """Where grades were written, for how many students, whose could not be written, and what to know before use."""

    path: Path
    students: int
    findings: tuple[str, ...]
    notes: tuple[str, ...]


def export_scores(engine: Engine, options: ExportOptions) -> ExportReport:
    """Write the grades of an assignment in one format.

    Raises:
        UsageError: if nothing was graded yet, or the downloaded file does not fit.
        GradebookError: if the gradebook cannot be read.
    """
    if options.to not in FORMATS:
        raise UsageError(f"--to {options.to!r}: there are {', '.join(FORMATS)}.")
    if options.to in _DOWNLOADS and options.template is None:
        raise UsageError(f"--to {options.to} fills a file: name it with --template FILE. {_DOWNLOADS[options.to]}")
    if options.to not in _DOWNLOADS and (options.template or options.column or options.feedback_column):
        raise UsageError(f"--template, --column and --feedback-column are for {' and '.join(_DOWNLOADS)} only.")
    assignment, records = engine.assignment, collect(engine)
    graded = [r for r in records if r.row is not None]
    if not graded:
        raise UsageError(f"No grades for {assignment.slug!r} yet; run `autograder grade {assignment.slug}` first.")
    name = _NAMES.get(options.to, f"{options.to}.csv")
    path = options.output or engine.course.results_dir / assignment.slug / "export" / name
    findings = _write(path, records, assignment, options)
    return ExportReport(path, len(graded), tuple(findings), tuple(_notes(records)))


def _write(path: Path, records: Sequence[Record], assignment: Assignment, options: ExportOptions) -> list[str]:
    template = options.template or path
    if options.to == "canvas":
        return fill_canvas(template, path, records, assignment, options.column)
    if options.to == "moodle":
        return fill_moodle(template, path, records, assignment, options.column, options.feedback_column)
    if options.to == "gradescope":
        write_gradescope(path, records, assignment)
    elif options.to == "junit":
        write_junit(path, records, assignment)
    else:
        write_csv(path, records)
    return []


def _notes(records: Sequence[Record]) -> list[str]:
    waiting = [r.student for r in records if r.waiting]
    ungraded = [r.student for r in records if r.row is None or (r.grade and r.grade.status is Status.UNGRADED)]
    notes = []
    if waiting:
        notes.append(f"{len(waiting)} of {len(records)} still wait for a person in formgrader: {_listed(waiting)}.")
    if ungraded:
        notes.append(f"Not graded, so without new points: {_listed(ungraded)}.")
    return notes


def _listed(students: Sequence[str]) -> str:
    return listed(one_line(s, 100) for s in students)
