"""`--to junit`: one XML file, a suite per student, a case per check, points as properties.

A failure is the student's, an error the grader's own, and skipped what was not run because a check that it needs
did not pass. The form is that of Ant's JUnit task, the strictest that is written down.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.feedback.export.record import Record
from autograder.feedback.export.table import identifier, number
from autograder.feedback.text import clean, one_line
from autograder.files import write_atomically
from autograder.verdict import CheckResult, Outcome, Status

__all__ = ["write_junit"]

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def write_junit(path: Path, records: Sequence[Record], assignment: Assignment) -> None:
    """Write the file; students come in the order of the records."""
    root = ET.Element("testsuites")
    for index, record in enumerate(records):
        root.append(_suite(index, record, assignment))
    ET.indent(root)
    write_atomically(path, ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")


def _suite(index: int, record: Record, assignment: Assignment) -> ET.Element:
    cases = _cases(record)
    counts = {tag: sum(case.find(tag) is not None for case in cases) for tag in ("failure", "error", "skipped")}
    suite = ET.Element(
        "testsuite",
        {
            "id": str(index),
            "name": identifier(record.student),
            "package": assignment.slug,
            "hostname": "localhost",
            "timestamp": f"{record.graded_at or _LONG_AGO:%Y-%m-%dT%H:%M:%S}",
            "tests": str(len(cases)),
            "failures": str(counts["failure"]),
            "errors": str(counts["error"]),
            "skipped": str(counts["skipped"]),
            "time": f"{record.grade.seconds if record.grade else 0.0:.4f}",
        },
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(record).items():
        ET.SubElement(properties, "property", {"name": name, "value": value})
    suite.extend(cases)
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")
    return suite


def _properties(record: Record) -> dict[str, str]:
    found = {"status": record.grade.status.value if record.grade else "unknown"}
    if record.row is not None:
        found |= {
            "score": number(record.score),
            "late_penalty": number(record.penalty),
            "final_score": number(record.final),
            "max_score": number(record.max_score),
            **{f"points.{name}": number(cell.score) for name, cell in record.cells.items()},
            "waiting": " ".join(record.waiting),
        }
    for exercise in record.grade.exercises if record.grade else ():
        if exercise.diagnosis:
            found[f"diagnosis.{exercise.id}"] = one_line(exercise.diagnosis, 100)
    return found


def _cases(record: Record) -> list[ET.Element]:
    grade = record.grade
    if grade is None or grade.status is not Status.GRADED:
        case = ET.Element("testcase", {"classname": "submission", "name": "is graded", "time": "0"})
        rejected = grade is not None and grade.status is Status.REJECTED
        said = one_line(grade.reason or "") if grade else "there is no result; grade first"
        ET.SubElement(
            case,
            "failure" if rejected else "error",
            {"type": grade.status.value if grade else "unknown", "message": said},
        )
        return [case]
    return [_case(exercise.id, check) for exercise in grade.exercises for check in exercise.checks]


def _case(exercise: str, check: CheckResult) -> ET.Element:
    case = ET.Element("testcase", {"classname": exercise, "name": check.name, "time": f"{check.seconds:.4f}"})
    if check.outcome is Outcome.SKIPPED:
        ET.SubElement(case, "skipped")
    elif check.outcome is not Outcome.PASSED:
        said = one_line(check.message) or one_line(check.title)
        failure = ET.SubElement(case, "failure", {"type": check.outcome.value, "message": said})
        failure.text = clean(f"{check.title}\n{check.message}")
    return case
