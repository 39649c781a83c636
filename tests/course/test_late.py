"""Deadlines and penalties: arithmetic, what `[late]` may say, and what students must not read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from report_samples import grade
from tiny_course import TOML, TinyCourse

from autograder.course.assignment import load_assignment
from autograder.course.late import Deadlines, Extension, LateRule, parse_duration, penalty
from autograder.errors import AssignmentError
from autograder.feedback.schema import validate
from autograder.verdict import ExerciseResult, Grade, Status

DUE = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)
HEAD = "[late]\ndue = 2026-11-30T23:59:00+01:00\n"


def ada(points: int = 30, student: str = "ada") -> Grade:
    """Return a verdict with `points` of 39."""
    return grade(ExerciseResult("adam_step", Fraction(points), Fraction(39)), student=student)


def judged(rule: dict[str, Any], after: timedelta, student: str = "ada", **extensions: Extension) -> Fraction:
    """Return the penalty of 30 of 39 points, handed in `after` the deadline."""
    late = Deadlines(LateRule(**rule), DUE, extensions).judge(ada(student=student), DUE + after)
    assert late is not None
    return late.penalty


@pytest.mark.parametrize(
    ("rule", "after", "expected"),
    [
        ({}, timedelta(days=9), 0),
        ({"penalty": "flat", "percent": 20}, timedelta(seconds=1), 6),
        ({"penalty": "flat", "percent": 20}, timedelta(days=99), 6),
        ({"penalty": "flat", "percent": 20}, timedelta(0), 0),
        ({"penalty": "flat", "percent": 20}, timedelta(seconds=-1), 0),
        # A day is begun with its first moment, and is over only after 24 hours.
        ({"penalty": "per_day", "percent": 10}, timedelta(seconds=1), 3),
        ({"penalty": "per_day", "percent": 10}, timedelta(days=1), 3),
        ({"penalty": "per_day", "percent": 10}, timedelta(days=1, microseconds=1), 6),
        ({"penalty": "per_day", "percent": 10, "max_percent": 25}, timedelta(days=5), Fraction(15, 2)),
        ({"penalty": "per_day", "percent": 10}, timedelta(days=400), 30),
        ({"penalty": "per_hour", "percent": 1}, timedelta(minutes=61), Fraction(3, 5)),
        # Of all 39 points, but never more than the 30 that are there.
        ({"penalty": "per_day", "percent": 10, "of": "max_score"}, timedelta(hours=1), Fraction(39, 10)),
        ({"penalty": "per_day", "percent": 40, "of": "max_score"}, timedelta(hours=30), 30),
        # Grace forgives who is a little late; who is later is late since the deadline.
        ({"penalty": "per_hour", "percent": 1, "grace_s": 900}, timedelta(seconds=900), 0),
        ({"penalty": "per_hour", "percent": 1, "grace_s": 900}, timedelta(seconds=3601), Fraction(3, 5)),
        ({"no_credit_after": "7d"}, timedelta(days=7), 0),
        ({"no_credit_after": "7d"}, timedelta(days=7, seconds=1), 30),
        ({"no_credit_after": DUE + timedelta(days=2)}, timedelta(days=2, seconds=1), 30),
        ({"penalty": "flat", "percent": 5, "max_percent": 5, "no_credit_after": "1d"}, timedelta(days=2), 30),
    ],
)
def test_what_being_late_costs(rule: dict[str, Any], after: timedelta, expected: Fraction | int) -> None:
    """The numbers are worked out by hand, on both sides of every border."""
    assert judged(rule, after) == expected


def test_an_extension_is_one_students_and_moves_what_hangs_on_the_deadline() -> None:
    """It is a date or a duration; `no_credit_after` moves with it if it is a duration, not if it is a date."""
    rule = {"penalty": "per_day", "percent": 10, "no_credit_after": "3d"}
    two_days = timedelta(days=2)
    for given_time in (two_days, DUE + two_days):
        assert judged(rule, two_days, ada=given_time) == 0
        assert judged(rule, two_days, bob=given_time) == 6
        assert judged(rule, timedelta(days=5), ada=given_time) == 9
        assert judged(rule, timedelta(days=5, hours=1), ada=given_time) == 30
    end = DUE + timedelta(days=1)
    assert judged({"no_credit_after": end}, two_days, ada=two_days) == 0
    assert judged({"no_credit_after": end}, timedelta(days=2, seconds=1), ada=two_days) == 30


def test_an_extension_takes_no_time_away() -> None:
    """Even a mistyped extension never puts a deadline before everybody's."""
    assert judged({"penalty": "flat", "percent": 10}, timedelta(0), ada=DUE - timedelta(days=365)) == 0
    assert judged({"penalty": "flat", "percent": 10}, timedelta(0), ada=timedelta(days=-1)) == 0


def test_the_score_is_what_it_was_and_the_result_says_how_the_penalty_came_about() -> None:
    """The JSON has deadline, moment, lateness and penalty; it is valid and can be read back."""
    deadlines = Deadlines(LateRule(penalty="per_day", percent=Fraction(10)), DUE.astimezone())
    before = ada()
    late = deadlines.judge(before, datetime(2026, 12, 2, 0, 0))  # noqa: DTZ001 - nbgrader's are naive, in UTC
    after = replace(before, late=late)
    data = json.loads(json.dumps(after.to_json()))
    assert data.pop("late") == {
        "due": "2026-11-30T22:59:00+00:00",
        "submitted": "2026-12-02T00:00:00+00:00",
        "late_s": 90060.0,
        "percent": 20.0,
        "of": "score",
        "penalty": 6.0,
    }
    assert data == before.to_json()
    assert after.score == 30
    assert after.final_score == 24
    validate(after.to_json())
    assert Grade.from_json(after.to_json()) == after


def test_what_is_not_known_costs_nothing() -> None:
    """Without a time stamp nobody is late; an ungraded submission has no lateness, a rejected one no points to lose."""
    deadlines = Deadlines(LateRule(penalty="flat", percent=Fraction(100)), DUE)
    unknown = deadlines.judge(ada(), None)
    assert unknown is not None
    assert unknown.submitted is None
    assert unknown.penalty == 0
    validate(replace(ada(), late=unknown).to_json())
    assert deadlines.judge(grade(status=Status.UNGRADED), DUE) is None
    rejected = deadlines.judge(grade(status=Status.REJECTED), DUE + timedelta(days=1))
    assert rejected is not None
    assert rejected.penalty == 0


@given(
    st.fractions(0, 100, max_denominator=1000),
    st.sampled_from(["score", "max_score"]),
    st.fractions(0, 50, max_denominator=1000),
    st.fractions(0, 50, max_denominator=1000),
)
def test_a_penalty_leaves_something_between_nothing_and_the_score(
    percent: Fraction, of: str, score: Fraction, full: Fraction
) -> None:
    """This holds for any numbers."""
    assert 0 <= penalty(percent, of, score, full) <= score


@given(st.datetimes(), st.timedeltas(timedelta(0), timedelta(days=9999)), st.none() | st.datetimes())
def test_any_moment_can_be_judged(due: datetime, extension: timedelta, submitted: datetime | None) -> None:
    """This includes the ends of the calendar; a later submission never costs less."""
    rule = LateRule(penalty="per_hour", percent=Fraction(1, 10), no_credit_after=timedelta(days=9999))
    late = Deadlines(rule, due.replace(tzinfo=UTC), {"ada": extension}).judge(ada(), submitted)
    assert late is not None
    assert 0 <= late.penalty <= 30
    assert (late.late_s > 0) >= (late.penalty > 0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7d", 604800), ("36h", 129600), ("1d 12h", 129600), ("1d12h", 129600), ("90m", 5400), ("30s", 30)],
)
def test_durations(text: str, seconds: int) -> None:
    """Days, hours, minutes and seconds are given in this order."""
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "0d", "7", "d", "-1d", "1.5h", "12h 1d", "7 days", "9" * 30 + "d", "1d\n2h"])
def test_what_is_no_duration(text: str) -> None:
    """The message has an example."""
    with pytest.raises(ValueError, match=r"no duration.*'36h'"):
        parse_duration(text)


def loaded(tiny: TinyCourse, late: str, extensions: str | None = None) -> Any:
    """Load the tiny assignment with these texts."""
    (tiny.assignment.public_dir / "assignment.toml").write_text(TOML + late, encoding="utf-8")
    if extensions is not None:
        tiny.assignment.extensions_path.write_text(extensions, encoding="utf-8")
    return load_assignment(tiny.root, "tiny")


def test_deadlines_are_read_from_both_files(tiny: TinyCourse) -> None:
    """The rule is in the public folder, extensions are in the secret one."""
    found = loaded(
        tiny,
        HEAD + 'grace_s = 900\npenalty = "per_day"\npercent = 12.5\nmax_percent = 50\nno_credit_after = "7d"\n',
        's007 = 2026-12-07T23:59:00+01:00\n"o\'neill, x" = "3d"\n',
    )
    assert found.late.due == DUE
    assert found.late.percent == Fraction(25, 2)
    assert found.late.no_credit_after == timedelta(days=7)
    assert found.extensions == {"s007": DUE + timedelta(days=7), "o'neill, x": timedelta(days=3)}
    tiny.assignment.extensions_path.unlink()
    assert loaded(tiny, "").late is None


@pytest.mark.parametrize(
    ("late", "named"),
    [
        ("[late]\ndue = 2026-11-30T23:59:00\n", r"late\.due: the time says no offset from UTC"),
        ("[late]\ndue = 2026-11-30\n", r"late\.due: write a date with time"),
        ('[late]\ndue = "2026-11-30T23:59:00+01:00"\n', r"late\.due: .*without quotes"),
        ("[late]\ndue = 1796000000\n", r"late\.due: write a date"),
        (HEAD + "grace_s = -1\n", r"late\.grace_s"),
        (HEAD + "grace_s = inf\n", r"late\.grace_s"),
        (HEAD + 'penalty = "weekly"\npercent = 1\n', r"late\.penalty: .*'per_day'"),
        (HEAD + 'penalty = "flat"\n', "percent"),
        (HEAD + "percent = 5\n", "penalty and percent belong together"),
        (HEAD + 'penalty = "flat"\npercent = 101\n', r"late\.percent"),
        (HEAD + 'penalty = "flat"\npercent = nan\n', r"late\.percent"),
        (HEAD + 'no_credit_after = "soon"\n', r"late\.no_credit_after: 'soon' is no duration"),
        (HEAD + "no_credit_after = 2026-11-29T00:00:00Z\n", "no_credit_after lies before due"),
        (HEAD + "surprise = 1\n", r"late\.surprise"),
        (HEAD + '[late.extensions]\ns007 = "3d"\n', r"late: students read this file.*extensions\.toml"),
    ],
)
def test_a_mistake_in_the_rule_is_named(tiny: TinyCourse, late: str, named: str) -> None:
    """The message has the file, the key and the remedy."""
    with pytest.raises(AssignmentError, match=rf"assignment\.toml: .*{named}") as caught:
        loaded(tiny, late)
    assert "Value error" not in str(caught.value)


@pytest.mark.parametrize(
    ("late", "extensions", "named"),
    [
        (HEAD, 's007 = "soon"\n', r"s007: 'soon' is no duration"),
        (HEAD, "s007 = 2026-12-07T23:59:00\n", "s007: the time says no offset"),
        (HEAD, "s007 = 3\n", "s007: write a date"),
        (HEAD, 's.007 = "3d"\n', "s: put an id with dots into quotes"),
        (HEAD, "s007 = 2025-12-07T23:59:00Z\n", "s007: 2025-12-07.* lies before the deadline of all"),
        (HEAD, "s007\n", "not valid TOML"),
        ("", 's007 = "3d"\n', r"add a table \[late\]"),
    ],
)
def test_a_mistake_in_an_extension_is_named(tiny: TinyCourse, late: str, extensions: str, named: str) -> None:
    """The message has the file, the student and the remedy."""
    with pytest.raises(AssignmentError, match=rf"extensions\.toml.*{named}"):
        loaded(tiny, late, extensions)


def test_a_rule_without_an_amount_is_refused() -> None:
    """This also holds for a rule that is not read from a file."""
    with pytest.raises(ValidationError, match="belong together"):
        LateRule(penalty="per_day")
