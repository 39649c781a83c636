"""Grades to render, honest and hostile."""

from __future__ import annotations

from fractions import Fraction

from autograder.verdict import CheckResult, Example, ExerciseResult, Grade, Outcome, Status, StudentFault


def check(outcome: Outcome = Outcome.PASSED, **changes: object) -> CheckResult:
    """Return one check that ended so."""
    fields: dict[str, object] = {
        "name": f"test_{outcome.value}",
        "outcome": outcome,
        "weight": 1,
        "score": Fraction(int(outcome is Outcome.PASSED)),
        "title": f"The sentence of a check that ended as {outcome.value}.",
        "message": "" if outcome is Outcome.PASSED else f"What went wrong: {outcome.value}.",
    }
    return CheckResult(**{**fields, **changes})  # type: ignore[arg-type]


def grade(*exercises: ExerciseResult, student: str = "ada", status: Status = Status.GRADED, **changes: object) -> Grade:
    """Return a grade whose score is the sum of its exercises."""
    fields: dict[str, object] = {
        "assignment": "optimizers",
        "student": student,
        "status": status,
        "score": sum((e.score for e in exercises), Fraction(0)),
        "max_score": Fraction(39),
        "device": "cpu",
        "tier": "A",
        "seed": 987654321,
        "submission_sha256": "0" * 64,
        "exercises": exercises,
    }
    return Grade(**{**fields, **changes})  # type: ignore[arg-type]


def hostile_grade(text: str) -> Grade:
    """Return a grade with `text` in every place that a student's code or notebook can reach."""
    fault = StudentFault(type=text, message=text, cell=text, line=3, source=text)
    checks = tuple(check(outcome, message=text) for outcome in Outcome)
    exercise = ExerciseResult(
        id="adam_step",
        score=Fraction(5, 2),
        max_score=Fraction(5),
        checks=checks,
        diagnosis="adam-no-sqrt",
        diagnosis_title="You divide by v̂.",
        evidence=text,
        hint="Take the root.",
        notes=(text,),
        example=Example(code="adam_step(p)", expected="tensor([1.])", actual=text, agrees=False),
        fault=fault,
    )
    return grade(exercise, student=text, notes=(text,), reason=text)
