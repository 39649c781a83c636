"""What an earlier result is still worth: all of it, some exercises, or nothing. No code runs to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from autograder.course.assignment import MAX_CONVENTION_SHARE, Assignment, Exercise
from autograder.engines.hidden.dependencies import SHARED, Dependencies, Wording
from autograder.verdict import CheckResult, ExerciseResult, Grade, Outcome, Status

__all__ = ["Standing", "exact", "joined", "reevaluated", "standing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds.

    `grade` is the verdict of today where nothing must run for it, the very one that stands in the results if
    `same`. Otherwise `kept` are the exercises that need not run again, scored by today's points and weights, for
    the notebook of that digest.
    """

    grade: Grade | None = None
    same: bool = False
    kept: tuple[ExerciseResult, ...] = ()
    submission_sha256: str = ""

    def outdated(self, assignment: Assignment) -> tuple[str, ...]:
        """Return the exercises that must run."""
        if self.grade is not None:
            return ()
        held = {e.id for e in self.kept}
        return tuple(e.id for e in assignment.coded if e.id not in held)


def standing(earlier: Grade, assignment: Assignment, now: Dependencies) -> Standing:
    """Compare what a result was made under with how things are; submission, seed and device are the same."""
    if earlier.status is Status.UNGRADED:
        return Standing()
    if earlier.fingerprint == now.fingerprint:
        return Standing(earlier, same=True)
    if earlier.depends.get(SHARED) != now.shared:
        return Standing()
    today = replace(earlier, fingerprint=now.fingerprint, depends=now.record(), max_score=assignment.max_score)
    if earlier.status is Status.REJECTED:
        return Standing(today)
    results = {e.id: e for e in earlier.exercises}
    kept = []
    for exercise in assignment.coded:
        result = results.get(exercise.id)
        if result is None or not _holds(result, earlier.depends.get(exercise.id, ""), exercise, now):
            continue
        scored = reevaluated(result, exercise, now.wording[exercise.id])
        if scored is not None:
            kept.append(scored)
    if len(kept) < len(assignment.coded):
        return Standing(kept=tuple(kept), submission_sha256=earlier.submission_sha256)
    return Standing(replace(today, exercises=tuple(kept), score=_sum(kept)))


def _holds(result: ExerciseResult, then: str, exercise: Exercise, now: Dependencies) -> bool:
    checks, _, ideas = then.partition(".")
    if checks != now.checks[exercise.id]:
        return False
    # Where nothing is wrong no wrong idea is looked for.
    return ideas == now.ideas[exercise.id] or all(c.outcome is Outcome.PASSED for c in result.checks)


def joined(grade: Grade, kept: Sequence[ExerciseResult], assignment: Assignment) -> Grade:
    """Return the verdict of a partial run with the exercises that were not run."""
    if not kept or grade.status is not Status.GRADED:
        return grade
    results = {e.id: e for e in (*kept, *grade.exercises)}
    exercises = [results[e.id] for e in assignment.coded]
    return replace(grade, exercises=tuple(exercises), score=_sum(exercises))


def exact(grade: Grade, assignment: Assignment, now: Dependencies) -> Grade:
    """Return a verdict of today, read back from its rounded form, with the fractions that it had."""
    if grade.status is not Status.GRADED:
        return grade
    exercises = []
    for result in grade.exercises:
        wording = now.wording.get(result.id)
        scored = None if wording is None else reevaluated(result, assignment.exercise(result.id), wording)
        exercises.append(result if scored is None else scored)
    return replace(grade, exercises=tuple(exercises), score=_sum(exercises))


def _sum(exercises: Sequence[ExerciseResult]) -> Fraction:
    return sum((e.score for e in exercises), Fraction(0))


# -- points from outcomes ----------------------------------------------------------------------------------


def reevaluated(result: ExerciseResult, exercise: Exercise, wording: Mapping[str, Wording]) -> ExerciseResult | None:
    """Score stored outcomes by an exercise's points and its checks' weights of today.

    Returns:
        The result, exact again where it had been rounded; None if the outcomes do not tell.
    """
    checks = [_worded(c, wording) for c in result.checks]
    total = sum(c.weight for c in checks)
    conventions = sum(c.weight for c in checks if c.convention)
    if total <= 0 or conventions > total * MAX_CONVENTION_SHARE:
        return None  # a judge says what is wrong with it
    void = _void(result, exercise)
    if void is None:
        return None
    checks = [
        replace(c, score=exercise.points * c.weight / total)
        if c.outcome is Outcome.PASSED and not void
        else replace(c, score=Fraction(0))
        for c in checks
    ]
    score = sum((c.score for c in checks), Fraction(0))
    return replace(result, checks=tuple(checks), score=score, max_score=exercise.points)


def _void(result: ExerciseResult, exercise: Exercise) -> bool | None:
    """Whether passed checks earned nothing, for what the code reaches or as the exercise counts only as a whole."""
    passed = [c for c in result.checks if c.outcome is Outcome.PASSED]
    if not passed:
        return False
    if exercise.all_or_nothing and len(passed) < len(result.checks):
        return True
    weighty = [c for c in passed if c.weight > 0]
    return all(c.score == 0 for c in weighty) if weighty else None


def _worded(check: CheckResult, wording: Mapping[str, Wording]) -> CheckResult:
    """Return a check with today's weight, title and convention; the case of a parametrised one stays."""
    name, bracket, case = check.name.partition("[")
    found = wording.get(name)
    if found is None:
        return check
    title = found.title or f"test_{check.name}"
    if bracket:
        title = f"{title} ({case.removesuffix(']')})"
    return replace(check, weight=found.weight, title=title, convention=found.convention)
