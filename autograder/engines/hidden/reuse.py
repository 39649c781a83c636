"""How much of an earlier result is still valid: all of it, some exercises, or nothing. No code runs to decide that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.course.assignment import MAX_CONVENTION_SHARE, Assignment, Exercise
from autograder.engines.base import Reuse
from autograder.engines.hidden.dependencies import SHARED, Dependencies, Wording
from autograder.engines.hidden.places import with_case
from autograder.engines.points import given_points, total
from autograder.feedback.wording import ideas_sentence
from autograder.sentences import Sentence
from autograder.verdict import CheckResult, ExerciseResult, Grade, Outcome, Status

__all__ = ["exact", "joined", "reevaluated", "reusable"]


def reusable(earlier: Grade, assignment: Assignment, now: Dependencies) -> Reuse:
    """Compare the digests of a result with today's; submission, seed and device are the same."""
    if earlier.fingerprint == now.fingerprint:
        return Reuse(earlier, same=True)
    if earlier.depends.get(SHARED) != now.shared:
        return Reuse(why="the template, reference, limits, a helper file or a version changed")
    today = replace(earlier, fingerprint=now.fingerprint, depends=now.record(), max_score=assignment.max_score)
    if earlier.status is Status.REJECTED:
        return Reuse(today)
    results = {e.id: e for e in earlier.exercises}
    kept = []
    for exercise in assignment.coded:
        result = results.get(exercise.id)
        if result is None or not _holds(result, earlier.depends.get(exercise.id, ""), exercise, now):
            continue
        scored = reevaluated(result, exercise, now.wording[exercise.id])
        if scored is not None:
            kept.append(_retold(scored, now))
    if len(kept) < len(assignment.coded):
        why = "checks or misconceptions changed"
        return Reuse(kept=tuple(kept), sha256=earlier.submission_sha256, why=why)
    return Reuse(replace(today, exercises=tuple(kept), score=total(kept)))


def _holds(result: ExerciseResult, then: str, exercise: Exercise, now: Dependencies) -> bool:
    checks, _, ideas = then.partition(".")
    if checks != now.checks[exercise.id]:
        return False
    # For an exercise that is right no wrong idea is looked for.
    return ideas == now.ideas[exercise.id] or all(c.outcome is Outcome.PASSED for c in result.checks)


def _retold(result: ExerciseResult, now: Dependencies) -> ExerciseResult:
    """Return a result with today's titles and hints of the ideas that it names."""
    saying = now.sayings.get(result.diagnosis or "")
    if saying is not None:
        result = replace(result, diagnosis_title=saying.title, hint=saying.hint)
    told = tuple(
        d
        if (new := now.sayings.get(d.id)) is None
        else replace(d, title=new.title, hint=new.hint, question=new.question, worked=new.worked)
        for d in result.diagnoses
    )
    headline = result.headline
    if told and headline == ideas_sentence(result.diagnoses):
        headline = ideas_sentence(told)
    return replace(result, diagnoses=told, headline=headline)


def joined(grade: Grade, kept: Sequence[ExerciseResult], assignment: Assignment) -> Grade:
    """Return the verdict of a partial run, completed by the exercises that were not run."""
    if not kept or grade.status is not Status.GRADED:
        return grade
    results = {e.id: e for e in (*kept, *grade.exercises)}
    exercises = [results[e.id] for e in assignment.coded]
    return replace(grade, exercises=tuple(exercises), score=total(exercises))


def exact(grade: Grade, assignment: Assignment, now: Dependencies) -> Grade:
    """Return a current verdict with exact points again; its file has rounded ones."""
    if grade.status is not Status.GRADED:
        return grade
    exercises = []
    for result in grade.exercises:
        wording = now.wording.get(result.id)
        scored = None if wording is None else reevaluated(result, assignment.exercise(result.id), wording)
        exercises.append(result if scored is None else scored)
    return replace(grade, exercises=tuple(exercises), score=total(exercises))


# -- points from outcomes ----------------------------------------------------------------------------------


def reevaluated(result: ExerciseResult, exercise: Exercise, wording: Mapping[str, Wording]) -> ExerciseResult | None:
    """Score stored outcomes by today's points of the exercise and today's weights of its checks.

    Returns:
        The result with exact points; None if the outcomes are not enough to tell.
    """
    checks = [_worded(c, wording) for c in result.checks]
    weights = sum(c.weight for c in checks)
    conventions = sum(c.weight for c in checks if c.convention)
    if weights <= 0 or conventions > weights * MAX_CONVENTION_SHARE:
        return None  # a judge says what is wrong with it
    void = _void(result, exercise)
    if void is None:
        return None
    return given_points(replace(result, max_score=exercise.points), checks, void=void)


def _void(result: ExerciseResult, exercise: Exercise) -> bool | None:
    """Whether passed checks earned nothing: the code reached something forbidden, or the exercise counts as a whole."""
    passed = [c for c in result.checks if c.outcome is Outcome.PASSED]
    if not passed:
        return False
    if exercise.all_or_nothing and len(passed) < len(result.checks):
        return True
    weighty = [c for c in passed if c.weight > 0]
    return all(c.score == 0 for c in weighty) if weighty else None


def _worded(check: CheckResult, wording: Mapping[str, Wording]) -> CheckResult:
    """Return a check with today's weight, title and convention; the case of a parametrised check stays."""
    name, bracket, case = check.name.partition("[")
    found = wording.get(name)
    if found is None:
        return check
    title = found.title or Sentence(f"test_{check.name}", found.title.id)
    title = with_case(title, case.removesuffix("]") if bracket else "")
    return replace(check, weight=found.weight, title=title, convention=found.convention)
