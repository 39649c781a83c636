"""Word a grade for its student."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from autograder.assignment import Assignment
from autograder.report.lateness import lateness
from autograder.report.text import clean, one_line, points
from autograder.report.views import (
    CheckView,
    ExampleView,
    ExerciseView,
    FaultView,
    StudentView,
    WrittenView,
)
from autograder.verdict import CheckResult, ExerciseResult, Grade, Outcome, Status

__all__ = ["student_view"]

_UNTOUCHED = "not-implemented"
#: What an undefined name is recorded as; no type that Python raises, so it is worded and not shown.
_MISSING_NAME = "MissingName"
#: A check that is never reached is recorded with the outcome of the one that broke the exercise.
_NOT_RUN = "Not run"

_WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "",
    Outcome.ERROR: "raised an error",
    Outcome.TIMEOUT: "took too long",
    Outcome.CRASHED: "Python ended",
    Outcome.SKIPPED: "not run",
}

_EXPLANATIONS = {
    Outcome.TIMEOUT: "Each check has a time limit. Look for a loop that does not end, or for far more work "
    "than the exercise asks for.",
    Outcome.CRASHED: "The Python process that ran your code ended before it answered, so there was nothing "
    "to compare. Calls such as os._exit do that, and so does running out of memory.",
    Outcome.SKIPPED: "A check is not run while a simpler one that it builds on does not pass. Put that one "
    "right first.",
}


def student_view(grade: Grade, assignment: Assignment) -> StudentView:
    """Word a grade for the student; neither the seed nor any hidden value is in it."""
    titles = {e.id: e.title for e in assignment.exercises}
    exercises = tuple(_exercise(e, titles.get(e.id, e.id)) for e in grade.exercises)
    return StudentView(
        title=assignment.title,
        student=one_line(grade.student, 200),
        status=grade.status.value,
        reason=clean(grade.reason or ""),
        score=points(grade.score),
        max_score=points(grade.max_score),
        percent=int(100 * grade.score / grade.max_score) if grade.max_score else 0,
        lead=_lead(exercises) if grade.status is Status.GRADED else "",
        exercises=exercises,
        waiting=points(sum((e.points for e in assignment.exercises if e.written), Fraction(0))),
        written=tuple(WrittenView(e.title, points(e.points)) for e in assignment.exercises if e.written),
        notes=tuple(clean(n, 1000) for n in grade.notes),
        late=lateness(grade),
    )


def _lead(exercises: tuple[ExerciseView, ...]) -> str:
    full = sum(e.state == "full" for e in exercises)
    untouched = sum(e.state == "untouched" for e in exercises)
    if exercises and full == len(exercises):
        return "Every automatic check passes. Well done!"
    if exercises and untouched == len(exercises):
        return "All exercises still hold their stubs: there is nothing to check yet."
    parts = [f"{full} of {len(exercises)} exercises complete"]
    if len(exercises) - full - untouched:
        parts.append(f"{len(exercises) - full - untouched} to look at again")
    if untouched:
        parts.append(f"{untouched} not started")
    return ", ".join(parts) + "."


def _exercise(result: ExerciseResult, title: str) -> ExerciseView:
    checks = _checks(result.checks)
    others = tuple(c for c in checks if not c.passed)
    untouched = bool(others) and result.diagnosis == _UNTOUCHED
    state = "untouched" if untouched else "none" if not result.score else "part" if others else "full"
    if not checks:
        state = "full" if result.score == result.max_score else "none"
    broken = {c.outcome for c in result.checks}
    return ExerciseView(
        id=result.id,
        title=title,
        score=points(result.score),
        max_score=points(result.max_score),
        state=state,
        brief=_brief(result, state),
        passed=tuple(c for c in checks if c.passed),
        others=others,
        explanations=tuple(text for outcome, text in _EXPLANATIONS.items() if outcome in broken),
        diagnosis=one_line(result.diagnosis or "", 100),
        diagnosis_title=clean(result.diagnosis_title or "", 500),
        evidence=clean(result.evidence or "", 1000),
        hint=clean(result.hint or "", 1000),
        convention=bool(others) and all(c.convention for c in others),
        # A convention's hint may have said already where the other form is usual, and what it costs.
        explained="usual in" in (result.hint or ""),
        fault=None if untouched else _fault(result),
        example=None if untouched else _example(result),
        notes=tuple(clean(n, 1000) for n in result.notes),
    )


def _brief(result: ExerciseResult, state: str) -> str:
    if state == "full":
        return "all checks passed"
    if state == "untouched":
        return "not started"
    if result.diagnosis_title:
        return one_line(result.diagnosis_title, 200)
    total = len(result.checks)
    others = sum(c.outcome is not Outcome.PASSED for c in result.checks)
    return f"{others} of {total} {'check' if total == 1 else 'checks'} not passed"


def _checks(results: tuple[CheckResult, ...]) -> list[CheckView]:
    """Word the checks; what ends several in the same way is told once, cases of one check together."""
    told: set[str] = set()
    views: list[CheckView] = []
    for check in results:
        message = clean(check.message, 1000)
        shown = Outcome.SKIPPED if message.startswith(_NOT_RUN) else check.outcome
        if check.outcome not in {Outcome.PASSED, Outcome.FAILED}:
            message, again = ("" if message in told else message), message
            told.add(again)
        elif check.outcome is Outcome.FAILED and not message:
            message = "This does not hold for your answer."
        view = CheckView(
            passed=check.outcome is Outcome.PASSED,
            outcome=shown.value,
            word=_WORDS[shown],
            title=clean(check.title, 500) or one_line(check.name.replace("_", " ")),
            message="" if check.outcome is Outcome.PASSED else message,
            convention=check.convention,
        )
        if views and replace(views[-1], cases=1) == view:
            view = replace(view, cases=views.pop().cases + 1)
        views.append(view)
    return views


def _fault(result: ExerciseResult) -> FaultView | None:
    fault = result.fault
    if fault is None:
        return None
    message = clean(fault.message, 1000)
    text = f"{one_line(fault.type, 100)}: {message}" if message else one_line(fault.type, 100)
    if not message:
        text += " (its message is not shown: it could hold the hidden inputs)"
    if fault.type == _MISSING_NAME:
        text = f"{message[:1].upper()}{message[1:]}."
    return FaultView(
        text=text,
        cell=one_line(fault.cell or "", 100),
        line=fault.line,
        source=clean(fault.source or "", 300).rstrip(),
    )


def _example(result: ExerciseResult) -> ExampleView | None:
    example = result.example
    if example is None:
        return None
    return ExampleView(
        code=clean(example.code).strip("\n"),
        expected=clean(example.expected),
        actual=clean(example.actual),
        agrees=example.agrees,
    )
