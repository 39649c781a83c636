"""`--to gradescope`: one `results.json` per student.

Source: https://gradescope-autograders.readthedocs.io/en/latest/specs/ (output format).
"""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograder.course.assignment import Assignment
from autograder.feedback.export.record import Record
from autograder.feedback.lateness import lateness
from autograder.feedback.text import clean
from autograder.files import file_name as short_enough
from autograder.files import write_atomically
from autograder.verdict import ExerciseResult, Outcome, Status

__all__ = ["file_name", "results_json", "write_gradescope"]


def write_gradescope(folder: Path, records: Sequence[Record], assignment: Assignment) -> None:
    """Write `folder/STUDENT.json` for everybody with points."""
    for record in records:
        if record.row is not None:
            text = json.dumps(results_json(record, assignment), indent=1, ensure_ascii=False)
            write_atomically(folder / file_name(record.student), text + "\n")


def file_name(student: str) -> str:
    """Return a file's name that holds any id, also one that a gradebook has and no folder could."""
    name = student
    if "/" in name or "\0" in name or name.startswith("."):
        name = urllib.parse.quote(student, safe="").replace(".", "%2E")
    return short_enough(name, ".json")


def results_json(record: Record, assignment: Assignment) -> dict[str, Any]:
    """Return what Gradescope reads. `score` is what counts; it goes before the sum of the tests."""
    grade = record.grade
    lines = [lateness(grade) if grade else "", grade.reason or "" if grade else ""]
    lines += [f"{e.diagnosis_title} ({e.id})" for e in grade.exercises if e.diagnosis_title] if grade else []
    return {
        "score": _number(record.final),
        "execution_time": round(grade.seconds) if grade else 0,
        "output": clean("\n".join(line for line in lines if line), 10_000),
        # One hidden test would hide the total.
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": list(_tests(record, assignment)),
        "extra_data": {
            "student": record.student,
            "raw_score": _number(record.score),
            "late_penalty": _number(record.penalty),
            "max_score": _number(record.max_score),
            "waiting": list(record.waiting),
        },
    }


def _tests(record: Record, assignment: Assignment) -> Iterator[dict[str, Any]]:
    graded = record.grade is not None and record.grade.status is Status.GRADED
    results = {e.id: e for e in record.grade.exercises} if record.grade and graded else {}
    for number, exercise in enumerate(assignment.exercises, 1):
        cell = record.cells.get(exercise.test_cell)
        result = results.get(exercise.id)
        if result is not None and cell is not None and not cell.by_hand:
            yield from _checks(result, exercise.title, number)
        elif cell is not None:
            waiting = not cell.scored
            yield {
                "score": _number(cell.score),
                "max_score": _number(cell.max_score),
                "name": exercise.title,
                "number": str(number),
                "output": "Waits for your instructor." if waiting else "Graded by hand." if cell.by_hand else "",
                "output_format": "text",
                "tags": [exercise.id],
                "visibility": "visible",
                "extra_data": {"waiting": waiting},
            }


def _checks(result: ExerciseResult, title: str, number: int) -> Iterator[dict[str, Any]]:
    total = sum(c.weight for c in result.checks)
    for position, check in enumerate(result.checks, 1):
        passed = check.outcome is Outcome.PASSED
        yield {
            "score": _number(check.score),
            "max_score": _number(result.max_score * check.weight / total),
            "status": "passed" if passed else "failed",
            "name": clean(f"{title}: {check.title or check.name}", 500),
            "number": f"{number}.{position}",
            "output": "" if passed else clean(check.message, 2000),
            "output_format": "text",
            "tags": [result.id],
            "visibility": "visible",
            "extra_data": {"outcome": check.outcome.value, "check": check.name},
        }


def _number(value: Fraction) -> float:
    return round(float(value), 4)
