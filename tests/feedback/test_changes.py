"""Two verdicts side by side."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest

from autograder.feedback.changes import Change, CheckChange, Kind, changes_csv, changes_json, compare, totals
from autograder.verdict import CheckResult, ExerciseResult, Grade, Outcome, Status

HOSTILE = '=HYPERLINK("x")\n,\x1b[31m'


def grade_of(student: str, *passed: bool, status: Status = Status.GRADED, points: int = 3) -> Grade:
    """Return a verdict on one exercise, by which of its checks passed."""
    checks = tuple(
        CheckResult(
            f"c{n}",
            Outcome.PASSED if ok else Outcome.FAILED,
            1,
            Fraction(points, len(passed)) if ok else Fraction(0),
        )
        for n, ok in enumerate(passed)
    )
    score = sum((c.score for c in checks), Fraction(0))
    exercises = (ExerciseResult("e", score, Fraction(points), checks),) if passed else ()
    return Grade("tiny", student, status, score, Fraction(points), "cpu", "A", 1, "", exercises=exercises)


@pytest.mark.parametrize(
    ("before", "after", "kind", "checks"),
    [
        (grade_of("a", True, False, False), grade_of("a", True, True, False), Kind.UP, ["c1"]),
        (grade_of("a", True, True, False), grade_of("a", False, True, False), Kind.DOWN, ["c0"]),
        (grade_of("a", True, False, False), grade_of("a", False, True, False), Kind.SHIFTED, ["c0", "c1"]),
        (grade_of("a", True, False, False), grade_of("a", True, False, False), Kind.UNCHANGED, []),
        (None, grade_of("a", True), Kind.NEW, []),
        (grade_of("a", status=Status.UNGRADED), grade_of("a", True), Kind.NEW, []),
        (grade_of("a", True), grade_of("a", status=Status.UNGRADED), Kind.UNKNOWN, []),
        (grade_of("a", True), grade_of("a", status=Status.REJECTED), Kind.DOWN, ["c0"]),
        (grade_of("a", True), grade_of("a", True, points=4), Kind.UP, ["c0"]),
        (grade_of("a", True, True), grade_of("a", True), Kind.SHIFTED, ["c0", "c1"]),
    ],
)
def test_each_kind_of_change(before: Grade | None, after: Grade, kind: Kind, checks: list[str]) -> None:
    """A score goes up, down, or stays the same with other checks."""
    found = compare(before, after)
    assert found.kind is kind
    assert [c.name for c in found.checks] == checks


def test_a_score_that_was_read_back_rounded_is_the_same() -> None:
    """A third of a point has four digits in the results; that is no change."""
    exact = grade_of("a", True, False, False, points=1)
    assert compare(Grade.from_json(exact.to_json()), exact).kind is Kind.UNCHANGED


def test_totals_count_students_and_checks() -> None:
    """Up and down by check, the largest change first."""
    changes = [
        compare(grade_of("a", True, False), grade_of("a", True, True)),
        compare(grade_of("b", False, False), grade_of("b", False, True)),
        compare(grade_of("c", True, True), grade_of("c", False, True)),
        compare(None, grade_of("d", True)),
    ]
    found = totals(changes)
    assert {k.value: n for k, n in found.kinds.items() if n} == {"up": 2, "down": 1, "new": 1}
    assert found.checks == (("e", "c1", 2, 0), ("e", "c0", 0, 1))
    told = changes_json(changes)
    assert told["counts"]["up"] == 2
    assert [s["student"] for s in told["students"]] == ["a", "b", "c", "d"]
    assert told["students"][0]["checks"][0]["score_after"] == 1.5


def test_the_csv_survives_hostile_names() -> None:
    """Ids and checks come through as text, one line per check; unchanged students are not in it."""
    change = compare(grade_of(HOSTILE, True, False), grade_of(HOSTILE, False, True))
    odd = Change("-1", Kind.UP, Fraction(0), Fraction(1), (CheckChange("e", "=x[1,2]", None, None, None, None),))
    same = compare(grade_of("same", True), grade_of("same", True))
    text = changes_csv([change, odd, same, replace(same, kind=Kind.NEW, before=None)])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [r["student"] for r in rows] == [*['\'=HYPERLINK("x") ,\ufffd'] * 2, "'-1", "same"]
    assert [r["check"] for r in rows] == ["c0", "c1", "'=x[1,2]", ""]
    assert [(r["outcome_before"], r["outcome_after"]) for r in rows[:3]] == [
        ("passed", "failed"),
        ("failed", "passed"),
        ("absent", "absent"),
    ]
    assert rows[3]["score_before"] == ""
    assert rows[3]["score_after"] == "3"
