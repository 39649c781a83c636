"""Points: the only place where they are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from autograder.verdict import CheckResult, ExerciseResult, Outcome

__all__ = ["given_points", "total"]


def given_points(
    result: ExerciseResult, checks: Sequence[CheckResult], *, void: bool = False, by_cell: Fraction | None = None
) -> ExerciseResult:
    """Return an exercise's result with its checks and the points that they earn.

    Each check that passed earns its weight's share of the exercise's points, exactly; nothing else earns any.

    Args:
        result: the result, with the exercise's points as `max_score`.
        checks: its checks with today's weights.
        void: whether nothing is earned: the code reaches something forbidden, or the exercise counts only as a whole.
        by_cell: the points that a test cell itself gives, where it is the only check.
    """
    weights = sum(c.weight for c in checks)

    def earned(check: CheckResult) -> Fraction:
        if void:
            return Fraction(0)
        if by_cell is not None:
            return by_cell
        return result.max_score * check.weight / weights if check.outcome is Outcome.PASSED else Fraction(0)

    scored = tuple(replace(check, score=earned(check)) for check in checks)
    return replace(result, checks=scored, score=sum((c.score for c in scored), Fraction(0)))


def total(exercises: Iterable[ExerciseResult]) -> Fraction:
    """Return the points of all exercises together."""
    return sum((e.score for e in exercises), Fraction(0))
