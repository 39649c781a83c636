"""Deadlines out of nbgrader's gradebook, time stamps out of anybody's file, penalties into nbgrader's field."""

from __future__ import annotations

import csv
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from gradebooks import gradebook
from grades_written import entry, writer_of
from tiny_course import TOML, TinyCourse

from autograder.course.assignment import load_assignment
from autograder.course.gradebook.deadlines import parsed_timestamp, read_deadlines, submitted_at
from autograder.course.gradebook.directories import Directories
from autograder.course.late import Deadlines, LateRule
from autograder.errors import AssignmentError
from autograder.verdict import ExerciseResult, Grade, Status

DUE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATE = 'penalty = "per_day"\npercent = 10\n'


def ruled(course: TinyCourse, late: str) -> TinyCourse:
    """Return the course with a table [late]."""
    (course.assignment.public_dir / "assignment.toml").write_text(f"{TOML}\n[late]\n{late}", encoding="utf-8")
    return TinyCourse(course.course, load_assignment(course.root, "tiny"))


def verdict(deadlines: Deadlines | None, student: str = "ada", days: float = 1) -> Grade:
    """Return a verdict of 4 of 5 points, handed in so many days after the common deadline."""
    exercises = (
        ExerciseResult("double", Fraction(1), Fraction(2)),
        ExerciseResult("Counter", Fraction(3), Fraction(3)),
    )
    grade = Grade("tiny", student, Status.GRADED, Fraction(4), Fraction(5), "cpu", "A", 1, "", exercises=exercises)
    late = deadlines.judge(grade, DUE + timedelta(days=days)) if deadlines else None
    return replace(grade, late=late)


def penalty_of(course: TinyCourse, student: str = "ada") -> float | None:
    """Return nbgrader's field."""
    with gradebook(course) as opened:
        found: float | None = opened.find_submission_notebook("tiny", "tiny", student).late_submission_penalty
        return found


def test_nbgraders_own_dates_serve_where_the_files_say_none(course: TinyCourse) -> None:
    """`duedate` and extensions granted in nbgrader are used; our own files have priority."""
    with writer_of(course.course, course.assignment) as writer:
        writer.write([entry(course.assignment, verdict(None)), entry(course.assignment, verdict(None, "bob"))])
    with gradebook(course) as opened:
        opened.update_or_create_assignment("tiny", duedate="2026-03-01 13:00:00 Europe/Berlin")
        for student in ("ada", "bob"):
            opened.grant_extension("tiny", student, days=2)
    course = ruled(course, LATE)
    course.assignment.extensions_path.write_text('bob = "5d"\n', encoding="utf-8")
    course = ruled(course, LATE)
    found = read_deadlines(Directories(course.course), course.assignment)
    assert found is not None
    assert [found.due_for(s) - DUE for s in ("ada", "bob", "eve")] == [timedelta(days=d) for d in (2, 5, 0)]
    course = ruled(course, "due = 2026-03-04T12:00:00Z\n" + LATE)
    found = read_deadlines(Directories(course.course), course.assignment)
    assert found is not None
    assert [found.due_for(s) - DUE for s in ("ada", "eve")] == [timedelta(days=5), timedelta(days=3)]


def test_a_rule_without_any_deadline_is_named(sqlite_course: TinyCourse) -> None:
    """Nobody is graded by an incomplete rule; without the table [late] the gradebook is not asked."""
    directories = Directories(sqlite_course.course)
    with pytest.raises(AssignmentError, match=r"assignment\.toml: late: there is no deadline.*write due ="):
        read_deadlines(directories, ruled(sqlite_course, LATE).assignment)
    (sqlite_course.root / "gradebook.db").unlink()
    assert read_deadlines(directories, sqlite_course.assignment) is None
    assert not (sqlite_course.root / "gradebook.db").exists()


def test_the_penalty_stands_in_nbgraders_field_and_the_raw_score_stays(course: TinyCourse) -> None:
    """nbgrader's own export shows raw score, penalty, and the difference."""
    from nbgrader.plugins import CsvExportPlugin

    course = ruled(course, "due = 2026-03-01T12:00:00Z\n" + LATE)
    deadlines = read_deadlines(Directories(course.course), course.assignment)
    with writer_of(course.course, course.assignment) as writer:
        writer.write(
            [
                entry(course.assignment, verdict(deadlines), None),
                entry(course.assignment, verdict(deadlines, "bob", days=0), None),
            ]
        )
    assert penalty_of(course, "bob") is None
    with gradebook(course) as opened:
        CsvExportPlugin(to=str(course.root / "grades.csv")).export(opened)
    with open(course.root / "grades.csv", encoding="utf-8") as file:
        rows = {r["student_id"]: r for r in csv.DictReader(file)}
    assert [float(rows["ada"][k]) for k in ("raw_score", "late_submission_penalty", "score")] == [4.0, 0.4, 3.6]
    assert [float(rows["bob"][k]) for k in ("raw_score", "late_submission_penalty", "score")] == [4.0, 0.0, 4.0]


def test_a_percentage_is_of_what_a_person_gave_too(course: TinyCourse) -> None:
    """Manual scores and extra credit count; a changed rule changes only the field."""
    rule = LateRule(penalty="per_day", percent=Fraction(10))
    deadlines = Deadlines(rule, DUE)
    with writer_of(course.course, course.assignment) as writer:
        writer.write([entry(course.assignment, verdict(deadlines))])
        with gradebook(course) as opened:
            opened.find_grade("q_why", "tiny", "tiny", "ada").manual_score = 1.0
            found = opened.find_grade("test_double", "tiny", "tiny", "ada")
            found.manual_score, found.extra_credit = 2.0, 0.5
            opened.db.commit()
        # 2 and a half, 3, and 1.
        writer.write_penalties([verdict(deadlines, days=2)])
        assert penalty_of(course) == pytest.approx(1.3)
        writer.write_penalties([verdict(Deadlines(rule.model_copy(update={"of": "max_score"}), DUE))])
        assert penalty_of(course) == pytest.approx(0.6)
        writer.write_penalties([verdict(Deadlines(rule, DUE, {"ada": timedelta(days=1)}))])
        assert penalty_of(course) is None
    with gradebook(course) as opened:
        assert opened.find_grade("test_double", "tiny", "tiny", "ada").auto_score == 1.0


def test_without_a_rule_the_field_is_nbgraders(course: TinyCourse) -> None:
    """What its own late plugin or a person put there stays."""
    with writer_of(course.course, course.assignment) as writer:
        writer.write([entry(course.assignment, verdict(None))])
        with gradebook(course) as opened:
            opened.find_submission_notebook("tiny", "tiny", "ada").late_submission_penalty = 1.5
            opened.db.commit()
        writer.write([entry(course.assignment, verdict(None))])
    assert penalty_of(course) == 1.5


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-03-01 12:00:00.000000 UTC",
        "2026-03-01 12:00:00",
        "2026-03-01 13:00:00 +0100",
        "2026-03-01 07:30 -0430",
        "2026-03-01T12:00:00Z",
        "2026-03-01 13:00:00 Europe/Berlin",
        "2026-03-01T14:00:00+02:00",
        "2026-03-01 04:00:00 PST",
        "2026-03-01 04:00 PST",
        "2026-03-01 14:00:00 CEST",
        "2026-03-01T17:45:00 NPT",
        "2026-03-01 08:30:00 NST",
        "2026-03-01 12:00 GMT",
    ],
)
def test_time_stamps_are_read_with_their_zones(tmp_path: Path, stamp: str) -> None:
    """Zones are given by name or by number; no zone means UTC."""
    (tmp_path / "timestamp.txt").write_text(f"{stamp}\n", encoding="utf-8")
    assert submitted_at(tmp_path) == DUE.replace(tzinfo=None)


@pytest.mark.parametrize(
    "stamp", ["", "soon", "9" * 5000, "2026-03-01 12:00:00 /etc/passwd", "2026-03-01 12:00:00 ../../etc/passwd", "::"]
)
def test_what_is_no_time_stamp_is_none(stamp: str) -> None:
    """It is no error, and no file is opened because a zone has its name."""
    assert parsed_timestamp(stamp) is None


@pytest.mark.parametrize("stamp", ["12:00", "2026", "10", "March 1", "2026-03", "2026-03-01", "2026-03-01 12:00 XYZ"])
def test_half_a_time_stamp_says_nothing_about_lateness(tmp_path: Path, stamp: str) -> None:
    """Missing parts would be taken from the day of grading, and an unknown zone may be any."""
    (tmp_path / "timestamp.txt").write_text(stamp, encoding="utf-8")
    assert submitted_at(tmp_path) is None


def test_a_hostile_time_stamp_file_is_not_read(tmp_path: Path) -> None:
    """A link, a gigabyte of text and a pipe that nobody fills are not read."""
    stamp = tmp_path / "timestamp.txt"
    stamp.write_text("2026-03-01 12:00:00 UTC\n", encoding="utf-8")
    assert submitted_at(tmp_path) == DUE.replace(tzinfo=None)
    stamp.rename(tmp_path / "real.txt")
    stamp.symlink_to(tmp_path / "real.txt")
    assert submitted_at(tmp_path) is None
    stamp.unlink()
    with stamp.open("wb") as file:
        file.write(b"2026-03-01 12:00:00 UTC")
        file.truncate(1 << 30)
    assert submitted_at(tmp_path) is None
    stamp.unlink()
    os.mkfifo(stamp)
    assert submitted_at(tmp_path) is None
