"""Lateness in the reports: the raw score stays, the penalty stands beside it, and unknown times are told."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from report_samples import check, grade

from autograder.course.assignment import Assignment
from autograder.course.late import Deadlines, LateRule
from autograder.feedback.lateness import duration
from autograder.feedback.render import render_class, render_student
from autograder.feedback.summary import summarize, write_summary
from autograder.verdict import ExerciseResult, Grade, Status

DUE = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)


def handed_in(student: str, after: timedelta | None, **rule: object) -> Grade:
    """Return a verdict of 4 points, this long after the deadline; None for an unknown time."""
    result = ExerciseResult("adam_step", Fraction(4), Fraction(5), (check(),))
    made = grade(result, student=student)
    deadlines = Deadlines(LateRule(**{"penalty": "per_day", "percent": 25, **rule}), DUE)  # type: ignore[arg-type]
    return replace(made, late=deadlines.judge(made, None if after is None else DUE + after))


def text(html: str) -> str:
    """Return a page with its white space joined."""
    return " ".join(html.split())


def test_a_student_reads_how_late_and_what_it_costs(assignment: Assignment) -> None:
    """The points of the checks stay as they are."""
    page = text(render_student(handed_in("ada", timedelta(hours=26, minutes=10)), assignment))
    assert "<strong>4</strong> <span>of 39 points" in page
    assert (
        "Handed in 1 d 2 h after your deadline, 2026-11-30 22:59 UTC: 50 % of the points that you have. "
        "Here that is −2, so 2 points count." in page
    )


def test_forgiven_lateness_is_told_and_punctuality_is_not(assignment: Assignment) -> None:
    """A student in time, or with an unknown time, reads nothing about it."""
    forgiven = render_student(handed_in("ada", timedelta(minutes=5), grace_s=600), assignment)
    assert "Handed in 5 min after your deadline, 2026-11-30 22:59 UTC; that costs no points." in text(forgiven)
    for after in (timedelta(0), None):
        assert "deadline, 20" not in render_student(handed_in("ada", after), assignment)


def test_the_class_report_shows_raw_scores_with_the_penalty_beside(assignment: Assignment) -> None:
    """Means are of the raw scores; students without a time stamp are named."""
    grades = [
        handed_in("ada", timedelta(days=1, minutes=1)),
        handed_in("bob", timedelta(minutes=1)),
        handed_in("eve", None),
        grade(student="mal", status=Status.UNGRADED, reason="lost"),
    ]
    summary = summarize(grades, assignment)
    assert (summary.mean, summary.late) == ("4", "2 of 4, −3 points in all")
    assert [line.late for line in summary.lines] == ["1 d late: −2", "1 min late: −1", "", ""]
    assert any("No readable timestamp.txt: eve." in alert for alert in summary.alerts)
    page = text(render_class(summary))
    assert "<dt>Late</dt><dd>2<small> of 4, −3 points in all</small>" in page
    assert "1 d late: −2" in page


def test_an_extension_of_nobody_is_told(assignment: Assignment) -> None:
    """With a wrong letter in an id, the student in question would be late."""
    extended = replace(assignment, extensions={"ada": timedelta(days=1), "bbo": timedelta(days=1)})
    alerts = summarize([handed_in("ada", None), handed_in("bob", timedelta(0))], extended).alerts
    assert "extensions.toml names bbo: no such student has handed in anything." in alerts


def test_without_a_deadline_nothing_speaks_of_one(assignment: Assignment) -> None:
    """Neither page nor terminal."""
    summary = summarize([grade(student="ada")], assignment)
    assert summary.late == ""
    assert "Late</dt>" not in render_class(summary)


def test_the_summary_has_score_penalty_and_what_counts(assignment: Assignment, tmp_path: Path) -> None:
    """Empty if there is nothing to say, which is not a zero."""
    grades = [
        handed_in("ada", timedelta(hours=1)),
        handed_in("eve", None),
        grade(student="bob"),
        grade(student="mal", status=Status.UNGRADED, reason="lost"),
    ]
    write_summary(tmp_path / "summary.csv", grades, assignment)
    with (tmp_path / "summary.csv").open(newline="", encoding="utf-8") as file:
        rows = [
            tuple(row[k] for k in ("score", "late_s", "late_penalty", "final_score")) for row in csv.DictReader(file)
        ]
    assert rows == [("4", "3600", "1", "3"), ("4", "", "0", "4"), ("0", "", "", "0"), ("", "", "", "")]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "1 s"), (59.9, "59 s"), (61, "1 min 1 s"), (3600, "1 h"), (86461, "1 d"), (90061, "1 d 1 h")],
)
def test_durations_are_told_in_two_units(seconds: float, said: str) -> None:
    """Rounded down: the page never calls a student later than he was."""
    assert duration(seconds) == said
