"""Grades to render, honest and hostile."""

from __future__ import annotations

from fractions import Fraction

from autograder.sentences import Sentence
from autograder.verdict import (
    ChangedInput,
    CheckResult,
    Curve,
    Diagnosis,
    Example,
    ExerciseResult,
    Grade,
    Outcome,
    Picture,
    Status,
    StudentFault,
)


def _said(changes: dict[str, object]) -> dict[str, object]:
    """Return the fields of a result with plain texts for students as such."""
    texts = {"title", "message", "reason"}
    return {name: Sentence(v) if name in texts and type(v) is str else v for name, v in changes.items()}


def check(outcome: Outcome = Outcome.PASSED, **changes: object) -> CheckResult:
    """Return one check that ended so."""
    fields: dict[str, object] = {
        "name": f"test_{outcome.value}",
        "outcome": outcome,
        "weight": 1,
        "score": Fraction(int(outcome is Outcome.PASSED)),
        "title": Sentence(f"The sentence of a check that ended as {outcome.value}."),
        "message": Sentence("" if outcome is Outcome.PASSED else f"What went wrong: {outcome.value}."),
    }
    return CheckResult(**{**fields, **_said(changes)})  # type: ignore[arg-type]


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
    return Grade(**{**fields, **_said(changes)})  # type: ignore[arg-type]


def picture(text: str = "", kind: str = "path") -> Picture:
    """Return a picture of a path that goes wrong, with `text` for all its words."""
    due = tuple((float(i), 1.0 / (1 + i)) for i in range(8))
    mine = tuple((float(i), (-2.0) ** i) for i in range(8))
    words = Sentence(text)
    return Picture(kind, words, words, words, (Curve(words, mine, due),))


def hostile_grade(text: str) -> Grade:
    """Return a grade with `text` in every place that a student's code or notebook can reach."""
    fault = StudentFault(type=text, message=text, cell=text, line=3, source=text)
    said = Sentence(text)
    checks = tuple(check(outcome, message=said) for outcome in Outcome)
    idea = Diagnosis(
        "adam-no-sqrt",
        Sentence("You divide by v̂."),
        said,
        Sentence("Take the root."),
        Sentence("Which root?"),
        Sentence("√4 is 2."),
    )
    exercise = ExerciseResult(
        id="adam_step",
        score=Fraction(5, 2),
        max_score=Fraction(5),
        checks=checks,
        diagnosis="adam-no-sqrt",
        diagnosis_title=idea.title,
        evidence=said,
        hint=idea.hint,
        notes=(said,),
        example=Example("adam_step(p)", "tensor([1.])", text, agrees=False, changed=(ChangedInput(text, "1", text),)),
        fault=fault,
        headline=said or None,
        diagnoses=(idea,),
        unexplained=("test_failed",),
        source=text or None,
        picture=picture(text),
        alike="0123456789abcdef",
    )
    return grade(exercise, student=text, notes=(said,), reason=said)
