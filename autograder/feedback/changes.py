"""Two verdicts on one submission side by side: whose score goes up or down, and by which check."""

from __future__ import annotations

import csv
import enum
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from autograder.feedback.table import neutralise
from autograder.feedback.text import one_line, points
from autograder.verdict import CheckResult, ExerciseResult, Grade, Outcome, Status

__all__ = ["Change", "CheckChange", "Kind", "Totals", "changes_csv", "changes_json", "compare", "totals"]

_COLUMNS = (
    "student",
    "change",
    "score_before",
    "score_after",
    "exercise",
    "exercise_before",
    "exercise_after",
    "check",
    "outcome_before",
    "outcome_after",
    "check_before",
    "check_after",
)


class Kind(enum.StrEnum):
    """How a score changes."""

    UP = "up"
    DOWN = "down"
    #: The same score, made up of other outcomes.
    SHIFTED = "shifted"
    UNCHANGED = "unchanged"
    #: There was no score before.
    NEW = "new"
    #: The grader failed on it: nothing can be said.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CheckChange:
    """One check whose outcome or points differ; None on the side where it is not there."""

    exercise: str
    name: str
    before: CheckResult | None
    after: CheckResult | None
    exercise_before: Fraction | None
    exercise_after: Fraction | None


@dataclass(frozen=True, slots=True)
class Change:
    """One student; scores are None where there are none."""

    student: str
    kind: Kind
    before: Fraction | None
    after: Fraction | None
    checks: tuple[CheckChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """How many students' scores change in which way; `checks` counts gains and losses by exercise and check."""

    kinds: dict[Kind, int]
    checks: tuple[tuple[str, str, int, int], ...]


def compare(before: Grade | None, after: Grade) -> Change:
    """Compare the stored verdict with a new one."""
    old = _score(before)
    new = _score(after)
    if new is None:
        return Change(after.student, Kind.UNKNOWN, old, None)
    if old is None or before is None:
        return Change(after.student, Kind.NEW, None, new)
    checks = tuple(_check_changes(before, after))
    if _shown(new) != _shown(old):
        kind = Kind.UP if new > old else Kind.DOWN
    else:
        kind = Kind.SHIFTED if checks else Kind.UNCHANGED
    return Change(after.student, kind, old, new, checks)


def _score(grade: Grade | None) -> Fraction | None:
    return None if grade is None or grade.status is Status.UNGRADED else grade.score


def _shown(score: Fraction) -> float:
    """Round a score as results do: two scores differ if they differ there."""
    return round(float(score), 4)


def _check_changes(before: Grade, after: Grade) -> list[CheckChange]:
    old = {e.id: e for e in before.exercises}
    new = {e.id: e for e in after.exercises}
    found = []
    for exercise in dict.fromkeys((*new, *old)):
        was, is_now = old.get(exercise), new.get(exercise)
        mine, theirs = _by_name(was), _by_name(is_now)
        for name in dict.fromkeys((*theirs, *mine)):
            a, b = mine.get(name), theirs.get(name)
            if _differ(a, b):
                scores = [None if e is None else e.score for e in (was, is_now)]
                found.append(CheckChange(exercise, name, a, b, *scores))
    return found


def _by_name(result: ExerciseResult | None) -> dict[str, CheckResult]:
    return {} if result is None else {c.name: c for c in result.checks}


def _differ(a: CheckResult | None, b: CheckResult | None) -> bool:
    if a is None or b is None:
        return a is not b
    return a.outcome is not b.outcome or _shown(a.score) != _shown(b.score)


# -- in sum ------------------------------------------------------------------------------------------------


def totals(changes: Sequence[Change]) -> Totals:
    """Count students by kind of change, and for each check those who gain points by it and those who lose some."""
    kinds = Counter(c.kind for c in changes)
    more: Counter[tuple[str, str]] = Counter()
    fewer: Counter[tuple[str, str]] = Counter()
    for change in changes:
        for c in change.checks:
            gain = _shown(_earned(c.after)) - _shown(_earned(c.before))
            more[c.exercise, c.name] += gain > 0
            fewer[c.exercise, c.name] += gain < 0
    checks = [(*key, more[key], fewer[key]) for key in more]
    return Totals(
        {kind: kinds[kind] for kind in Kind},
        tuple(sorted(checks, key=lambda row: (-(row[2] + row[3]), row[0], row[1]))),
    )


def _earned(check: CheckResult | None) -> Fraction:
    return Fraction(0) if check is None else check.score


def changes_csv(changes: Sequence[Change]) -> str:
    """Return a table with a line per changed check, or one for a student without any; unchanged ones are left out."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for change in changes:
        if change.kind is Kind.UNCHANGED:
            continue
        student = [
            neutralise(one_line(change.student, 200)),
            change.kind.value,
            *map(_text, (change.before, change.after)),
        ]
        for c in change.checks:
            scores = [_text(None if side is None else side.score) for side in (c.before, c.after)]
            writer.writerow(
                [
                    *student,
                    c.exercise,
                    _text(c.exercise_before),
                    _text(c.exercise_after),
                    neutralise(one_line(c.name)),
                    outcome(c.before),
                    outcome(c.after),
                    *scores,
                ]
            )
        if not change.checks:
            writer.writerow([*student, *[""] * (len(_COLUMNS) - len(student))])
    return buffer.getvalue()


def outcome(check: CheckResult | None) -> str:
    """Say how a check ended, "absent" where it is not there."""
    return "absent" if check is None else Outcome(check.outcome).value


def _text(score: Fraction | None) -> str:
    return "" if score is None else points(score)


def changes_json(changes: Sequence[Change]) -> dict[str, Any]:
    """Return counts, and all students whose verdict differs."""
    counted = totals(changes)
    return {
        "counts": {kind.value: n for kind, n in counted.kinds.items()},
        "checks": [
            {"exercise": exercise, "check": name, "more": more, "fewer": fewer}
            for exercise, name, more, fewer in counted.checks
        ],
        "students": [
            {
                "student": change.student,
                "change": change.kind.value,
                "before": _number(change.before),
                "after": _number(change.after),
                "checks": [
                    {
                        "exercise": c.exercise,
                        "check": c.name,
                        "outcome_before": None if c.before is None else c.before.outcome.value,
                        "outcome_after": None if c.after is None else c.after.outcome.value,
                        "score_before": _number(None if c.before is None else c.before.score),
                        "score_after": _number(None if c.after is None else c.after.score),
                    }
                    for c in change.checks
                ],
            }
            for change in changes
            if change.kind is not Kind.UNCHANGED
        ],
    }


def _number(score: Fraction | None) -> float | None:
    return None if score is None else _shown(score)
