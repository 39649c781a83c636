"""Plain view models: everything that a template shows, already worded and cleaned."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.report.text import clean, points
from autograder.verdict import CheckResult, ExerciseResult, Grade, Outcome, Status

__all__ = ["CheckView", "ExerciseView", "StudentView", "student_view"]

_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "not passed",
    Outcome.ERROR: "raised an error",
    Outcome.TIMEOUT: "took too long",
    Outcome.CRASHED: "ended the process",
    Outcome.SKIPPED: "not run",
}


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check in a list."""

    passed: bool
    outcome: str
    word: str
    title: str
    message: str
    convention: bool


@dataclass(frozen=True, slots=True)
class FaultView:
    """The student's own error and where it happened."""

    text: str
    where: str
    source: str


@dataclass(frozen=True, slots=True)
class ExampleView:
    """A public example with both answers."""

    code: str
    expected: str
    actual: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class ExerciseView:
    """One section of the page."""

    id: str
    title: str
    score: str
    max_score: str
    state: str
    passed: tuple[CheckView, ...]
    others: tuple[CheckView, ...]
    untouched: bool
    diagnosis: str
    diagnosis_title: str
    evidence: str
    hint: str
    convention: bool
    fault: FaultView | None
    example: ExampleView | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenView:
    """A question that a person grades."""

    title: str
    max_score: str


@dataclass(frozen=True, slots=True)
class StudentView:
    """A whole feedback page."""

    title: str
    student: str
    status: str
    reason: str
    score: str
    max_score: str
    percent: int
    exercises: tuple[ExerciseView, ...]
    written: tuple[WrittenView, ...]
    notes: tuple[str, ...]


def student_view(grade: Grade, assignment: Assignment) -> StudentView:
    """Word a grade for the student; neither the seed nor any hidden value is in it."""
    titles = {e.id: e.title for e in assignment.exercises}
    share = float(grade.score / grade.max_score) if grade.max_score else 0.0
    return StudentView(
        title=assignment.title,
        student=clean(grade.student, 200),
        status=grade.status.value,
        reason=clean(grade.reason or ""),
        score=points(grade.score),
        max_score=points(grade.max_score),
        percent=int(share * 100) if grade.status is Status.GRADED else 0,
        exercises=tuple(_exercise(e, titles.get(e.id, e.id)) for e in grade.exercises),
        written=tuple(WrittenView(e.title, points(e.points)) for e in assignment.exercises if e.written),
        notes=tuple(clean(n) for n in grade.notes),
    )


def _exercise(result: ExerciseResult, title: str) -> ExerciseView:
    checks = [_check(c) for c in result.checks]
    untouched = result.diagnosis == "not-implemented"
    failed = [c for c in checks if not c.passed]
    state = "full" if not failed else "none" if not result.score else "part"
    fault = None
    if result.fault is not None and not untouched:
        where = clean(result.fault.cell or "", 200)
        if result.fault.line is not None:
            where += f", line {result.fault.line}" if where else f"line {result.fault.line}"
        text = f"{clean(result.fault.type, 200)}: {clean(result.fault.message, 1000)}"
        fault = FaultView(text, where, clean(result.fault.source or "", 500))
    example = None
    if result.example is not None and not untouched:
        example = ExampleView(
            code=clean(result.example.code),
            expected=clean(result.example.expected),
            actual=clean(result.example.actual),
            agrees=result.example.agrees,
        )
    return ExerciseView(
        id=result.id,
        title=title,
        score=points(result.score),
        max_score=points(result.max_score),
        state=state,
        passed=tuple(c for c in checks if c.passed),
        others=tuple(failed),
        untouched=untouched,
        diagnosis=result.diagnosis or "",
        diagnosis_title=result.diagnosis_title or "",
        evidence=clean(result.evidence or ""),
        hint=result.hint or "",
        convention=bool(failed) and all(c.convention for c in failed),
        fault=fault,
        example=example,
        notes=tuple(clean(n) for n in result.notes),
    )


def _check(check: CheckResult) -> CheckView:
    return CheckView(
        passed=check.outcome is Outcome.PASSED,
        outcome=check.outcome.value,
        word=_WORDS[check.outcome],
        title=check.title or check.name.replace("_", " "),
        message=clean(check.message),
        convention=check.convention,
    )
