"""The summary as CSV, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.feedback.text import one_line, points
from autograder.feedback.totals import Total
from autograder.files import write_atomically
from autograder.verdict import Grade, Status

__all__ = ["neutralise", "read_scores", "write_summary"]

#: What starts a formula; some locales take the full-width signs too.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


#: Empty where there is no deadline; `late_s` also where the time of the hand-in is not known.
LATE = ("late_s", "late_penalty", "final_score")
#: The parts of the points, and those that wait for a person.
PARTS = ("automatic", "by_hand", "waiting")


def neutralise(text: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_summary(
    path: Path, grades: Iterable[Grade], assignment: Assignment, totals: Mapping[str, Total] | None = None
) -> None:
    """Write one CSV line per student: status, points, points per exercise, diagnoses, reason, seconds, lateness.

    An ungraded submission has empty cells where its points would be: it is no zero. `score` is what was achieved,
    `final_score` that less the penalty. Where there are `totals`, all points are the gradebook's.
    """
    exercises = [e.id for e in assignment.coded]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(
        ["student", "status", "score", "max_score", *exercises, "diagnoses", "reason", "seconds", *LATE, *PARTS]
    )
    for grade in grades:
        total = (totals or {}).get(grade.student)
        by_id = {e.id: points(e.score) for e in grade.exercises}
        if total is not None:
            by_id |= {name: points(score) for name, score in total.cells.items()}
        ungraded = grade.status is Status.UNGRADED
        found = " ".join(f"{e.id}:{e.diagnosis}" for e in grade.exercises if e.diagnosis)
        writer.writerow(
            [
                neutralise(one_line(grade.student, 200)),
                grade.status.value,
                "" if ungraded else points(grade.score if total is None else total.score),
                points(grade.max_score if total is None else total.max_score),
                *("" if ungraded else by_id.get(e, "0") for e in exercises),
                neutralise(one_line(found, 2000)),
                neutralise(one_line(grade.reason or "")),
                f"{grade.seconds:.2f}",
                *_late(grade, total),
                *_parts(grade, total),
            ]
        )
    write_atomically(path, buffer.getvalue())


def read_scores(path: Path) -> dict[str, str]:
    """Return what counts for each student by a summary that was written before; empty where there is none."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return {line["student"]: line["final_score"] for line in csv.DictReader(file)}
    except (OSError, KeyError, ValueError, csv.Error):
        return {}


def _late(grade: Grade, total: Total | None) -> tuple[str, str, str]:
    late = grade.late
    counts = grade.final_score if total is None else total.final
    final = "" if grade.status is Status.UNGRADED else points(counts)
    if late is None:
        return "", points(total.penalty) if total is not None and total.penalty else "", final
    penalty = late.penalty if total is None else total.penalty
    return "" if late.submitted is None else f"{late.late_s:.0f}", points(penalty), final


def _parts(grade: Grade, total: Total | None) -> tuple[str, str, str]:
    if total is not None:
        return points(total.automatic), points(total.by_hand), points(total.waiting)
    return ("", "", "") if grade.status is Status.UNGRADED else (points(grade.score), "0", "")
