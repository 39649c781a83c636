"""The summary as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.feedback.text import one_line, points
from autograder.files import write_atomically
from autograder.verdict import Grade, Status

__all__ = ["neutralise", "write_summary"]

#: What starts a formula; some locales take the full-width signs too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


#: Empty where there is no deadline, the seconds also where it is not known when something was handed in.
LATE = ("late_s", "late_penalty", "final_score")


def neutralise(text: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_summary(path: Path, grades: Iterable[Grade], assignment: Assignment) -> None:
    """Write one CSV line per student: status, points, points per exercise, diagnoses, reason, seconds, lateness.

    An ungraded submission has empty cells where its points would be: it is no zero. `score` is what was achieved,
    `final_score` is less by the penalty.
    """
    exercises = [e.id for e in assignment.coded]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["student", "status", "score", "max_score", *exercises, "diagnoses", "reason", "seconds", *LATE])
    for grade in grades:
        by_id = {e.id: points(e.score) for e in grade.exercises}
        ungraded = grade.status is Status.UNGRADED
        found = " ".join(f"{e.id}:{e.diagnosis}" for e in grade.exercises if e.diagnosis)
        writer.writerow(
            [
                neutralise(one_line(grade.student, 200)),
                grade.status.value,
                "" if ungraded else points(grade.score),
                points(grade.max_score),
                *("" if ungraded else by_id.get(e, "0") for e in exercises),
                neutralise(one_line(found, 2000)),
                neutralise(one_line(grade.reason or "")),
                f"{grade.seconds:.2f}",
                *_late(grade),
            ]
        )
    write_atomically(path, buffer.getvalue())


def _late(grade: Grade) -> tuple[str, str, str]:
    late = grade.late
    final = "" if grade.status is Status.UNGRADED else points(grade.final_score)
    if late is None:
        return "", "", final
    return "" if late.submitted is None else f"{late.late_s:.0f}", points(late.penalty), final
