"""Word a grade for its student."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from autograder.course.assignment import Assignment, Exercise
from autograder.course.gradebook.byhand import ByHand
from autograder.course.late import penalty
from autograder.feedback.language import ENGLISH, Language
from autograder.feedback.lateness import lateness
from autograder.feedback.pictures import picture_view
from autograder.feedback.text import clean, one_line, points
from autograder.feedback.views import (
    ChangeView,
    CheckView,
    ExampleView,
    ExerciseView,
    FaultView,
    IdeaView,
    LineView,
    RungView,
    StopView,
    StudentView,
    WrittenView,
)
from autograder.sentences import Sentence, say, together
from autograder.verdict import IN_PLACE, NOT_IMPLEMENTED, CheckResult, Diagnosis, ExerciseResult, Grade, Outcome, Status

__all__ = ["ideas_sentence", "student_view"]

_PAIR = 2
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
#: The type that is recorded for an undefined name. Python has no such type, so the page says it in words.
_MISSING_NAME, _NOT_DEFINED = "MissingName", "the notebook does not define "
#: A check that is never reached is recorded with the outcome of the one that broke the exercise.
_NOT_RUN = "Not run"

_WORDS = {
    Outcome.ERROR: "page.ended-error",
    Outcome.TIMEOUT: "page.ended-timeout",
    Outcome.CRASHED: "page.ended-crashed",
    Outcome.SKIPPED: "page.ended-skipped",
}

_EXPLANATIONS = {
    Outcome.TIMEOUT: "page.explain-timeout",
    Outcome.CRASHED: "page.explain-crashed",
    Outcome.SKIPPED: "page.explain-skipped",
}


def student_view(
    grade: Grade, assignment: Assignment, by_hand: Mapping[str, ByHand], language: Language = ENGLISH
) -> StudentView:
    """Word a grade for the student; neither the seed nor any hidden value is in it.

    Where a person entered points they count, as in nbgrader, and the page says so.
    """
    titles = {e.id: language.of(_title(assignment, e.id, e.title)) for e in assignment.exercises}
    exercises = tuple(
        _exercise(e, titles.get(e.id, e.id), language, hides=not assignment.in_notebook) for e in grade.exercises
    )
    questions = [e for e in assignment.exercises if e.written]
    # A rejected submission has no answers that somebody could read.
    settled = {e.id for e in questions} if grade.status is Status.REJECTED else set(grade.untouched)
    open_ones = [e for e in questions if e.id not in settled and _given(by_hand, e.id).score is None]
    extra = sum((b.extra for b in by_hand.values()), Fraction(0))
    changed = bool(extra) or any(b.score is not None for b in by_hand.values())
    score, max_score = grade.score, grade.max_score
    if changed:
        score = sum((_counted(e, by_hand) for e in grade.exercises), extra)
        score += sum((_given(by_hand, e.id).score or Fraction(0) for e in questions), Fraction(0))
    max_score += sum((e.points for e in questions if e not in open_ones), Fraction(0))
    waiting = sum((e.points for e in open_ones), Fraction(0))
    return StudentView(
        title=language.of(_title(assignment, "title", assignment.title)),
        student=one_line(grade.student, 200),
        status=grade.status.value,
        reason=language.clean(grade.reason or ""),
        score=points(score),
        max_score=points(max_score),
        percent=max(0, min(100, int(100 * score / max_score))) if max_score else 0,
        lead=language.of(_lead(exercises)) if grade.status is Status.GRADED else "",
        exercises=tuple(
            _with_hand(view, result, _given(by_hand, result.id), language)
            for view, result in zip(exercises, grade.exercises, strict=True)
        ),
        waiting=points(waiting) if waiting else "",
        by_hand=changed,
        written=tuple(_question(e, titles[e.id], _given(by_hand, e.id), untouched=e.id in settled) for e in questions),
        notes=tuple(language.clean(n, 1000) for n in grade.notes),
        late=language.of(lateness(_counting(grade, score, assignment) if changed else grade)),
        stop=_stop(grade, language),
    )


def _title(assignment: Assignment, place: str, title: str) -> str:
    """Return a title with its place in the assignment's file, which only hidden checks have."""
    if assignment.in_notebook:
        return title
    return Sentence(title, f"course.{assignment.slug}/assignment.toml:{place}")


def _given(by_hand: Mapping[str, ByHand], exercise: str) -> ByHand:
    return by_hand.get(exercise, ByHand())


def _counted(result: ExerciseResult, by_hand: Mapping[str, ByHand]) -> Fraction:
    given = _given(by_hand, result.id).score
    return result.score if given is None else given


def _counting(grade: Grade, score: Fraction, assignment: Assignment) -> Grade:
    """Return the grade with all points, a person's too: being late costs a part of them."""
    if grade.late is None:
        return grade
    full = sum((e.points for e in assignment.exercises), Fraction(0))
    costs = penalty(grade.late.percent, grade.late.of, score, full)
    return replace(grade, score=score, late=replace(grade.late, penalty=costs))


def _with_hand(view: ExerciseView, result: ExerciseResult, hand: ByHand, language: Language) -> ExerciseView:
    """Return the section with a person's points in place of the checks', and what the person wrote."""
    view = replace(view, comment=clean(hand.comment))
    if hand.score is None and not hand.extra:
        return view
    score = (result.score if hand.score is None else hand.score) + hand.extra
    given, automatic = points(score), points(result.score)
    said = (
        say("page.given-with-extra", points=given, extra=points(hand.extra), automatic=automatic)
        if hand.extra
        else say("page.given", points=given, automatic=automatic)
    )
    brief = say("page.brief-by-hand", brief=view.brief)
    state = view.state
    if state != "untouched":
        state = "full" if score >= result.max_score else "part" if score > 0 else "none"
    return replace(view, score=given, state=state, brief=language.of(brief), given=language.of(said))


def _question(exercise: Exercise, title: str, hand: ByHand, *, untouched: bool) -> WrittenView:
    left = untouched and hand.score is None
    given = Fraction(0) if left else hand.score
    score = "" if given is None else points(given + hand.extra)
    return WrittenView(exercise.id, title, points(exercise.points), score, clean(hand.comment), left)


def _lead(exercises: tuple[ExerciseView, ...]) -> Sentence:
    full = sum(e.state == "full" for e in exercises)
    untouched = sum(e.state == "untouched" for e in exercises)
    total = len(exercises)
    again = total - full - untouched
    if exercises and full == total:
        return say("page.lead-full")
    if exercises and untouched == total:
        return say("page.lead-untouched")
    if again and untouched:
        return say("page.lead-again-and-untouched", full=full, total=total, again=again, untouched=untouched)
    if again:
        return say("page.lead-again", full=full, total=total, again=again)
    if untouched:
        return say("page.lead-not-started", full=full, total=total, untouched=untouched)
    return say("page.lead", full=full, total=total)


def _exercise(result: ExerciseResult, title: str, language: Language, *, hides: bool) -> ExerciseView:
    checks = _checks(result.checks, language)
    others = tuple(c for c in checks if not c.passed)
    untouched = bool(others) and result.diagnosis == NOT_IMPLEMENTED
    state = "untouched" if untouched else "none" if not result.score else "part" if others else "full"
    if not checks:
        state = "full" if result.score == result.max_score else "none"
    broken = {c.outcome for c in result.checks}
    example = None if untouched else _example(result)
    # The page shows before and after.
    shown = result.diagnosis == IN_PLACE and example is not None and bool(example.changed)
    return ExerciseView(
        id=result.id,
        title=title,
        score=points(result.score),
        max_score=points(result.max_score),
        state=state,
        brief=_brief(result, state, language),
        passed=tuple(c for c in checks if c.passed),
        others=others,
        explanations=tuple(language.of(say(text)) for outcome, text in _EXPLANATIONS.items() if outcome in broken),
        diagnosis=one_line(result.diagnosis or "", 100),
        diagnosis_title=language.clean(result.diagnosis_title or "", 500),
        evidence="" if shown else language.clean(result.evidence or "", 1000),
        rungs=_rungs(_first(result), language),
        convention=bool(others) and all(c.convention for c in others),
        # A convention's hint may have said already where the other form is usual, and what it costs.
        explained="usual in" in (result.hint or ""),
        fault=None if untouched else _fault(result, language, hides=hides),
        example=example,
        notes=tuple(language.clean(n, 1000) for n in result.notes),
        headline="" if untouched else language.clean(_headline(result), 1000),
        ideas=_ideas(result, language) if len(result.diagnoses) > 1 else (),
        unexplained=bool(result.unexplained),
        lines=() if untouched or not others else _lines(result),
        picture=None if result.picture is None or not others else picture_view(result.picture, language),
    )


def _first(result: ExerciseResult) -> Diagnosis:
    """Return the first idea; results before there were several hold it in the exercise."""
    if result.diagnoses:
        return result.diagnoses[0]
    return Diagnosis(result.diagnosis or "", result.diagnosis_title or Sentence(), result.evidence, result.hint)


def _rungs(idea: Diagnosis, language: Language) -> tuple[RungView, ...]:
    """Return what leads on from an idea, as far as its author wrote it: a question, a hint, a worked example."""
    texts = (
        (say("page.rung-question"), idea.question),
        (say("page.rung-hint"), idea.hint),
        (say("page.rung-worked"), idea.worked),
    )
    # Columns that an author lined up would break apart on a phone.
    return tuple(
        RungView(language.of(name), _GAP.sub("  ", language.clean(text, 2000))) for name, text in texts if text
    )


def _lines(result: ExerciseResult) -> tuple[LineView, ...]:
    """Return the lines of the student's own cell."""
    raised = result.fault.line if result.fault is not None and result.fault.cell == result.id else None
    lines = clean(result.source or "", 20_000).rstrip().split("\n")
    if lines == [""]:
        return ()
    return tuple(LineView(i, line, i == raised) for i, line in enumerate(lines, 1))


def _headline(result: ExerciseResult) -> Sentence:
    """Return what comes first where the box of a single idea, or that of an exception, does not say it."""
    found = result.headline or Sentence()
    fault = result.fault
    if fault is not None and fault.line is not None and found.startswith(f"Your `{result.id}` raised {fault.type}"):
        return Sentence()
    said = [d.title for d in result.diagnoses if d.title]
    return Sentence() if any(title in found for title in said) else found


def _ideas(result: ExerciseResult, language: Language) -> tuple[IdeaView, ...]:
    return tuple(
        IdeaView(
            one_line(d.id, 100),
            language.clean(d.title, 500),
            language.clean(d.evidence or "", 1000),
            _rungs(d, language),
        )
        for d in result.diagnoses
    )


def _brief(result: ExerciseResult, state: str, language: Language) -> str:
    if state == "full":
        return language.of(say("page.brief-full"))
    if state == "untouched":
        return language.of(say("page.not-started"))
    if len(result.diagnoses) > 1:
        return language.one_line(together(*(d.title for d in result.diagnoses)), 300)
    if result.diagnosis_title:
        return language.one_line(result.diagnosis_title, 200)
    if result.headline:
        return language.one_line(result.headline, 200)
    others = sum(c.outcome is not Outcome.PASSED for c in result.checks)
    return language.of(say("page.brief-not-passed", others=others, total=len(result.checks)))


def _checks(results: tuple[CheckResult, ...], language: Language) -> list[CheckView]:
    """Word the checks; what ends several in the same way is told once, cases of one check together."""
    told: set[str] = set()
    views: list[CheckView] = []
    for check in results:
        message = language.clean(check.message, 1000)
        shown = Outcome.SKIPPED if check.message.startswith(_NOT_RUN) else check.outcome
        if check.outcome not in {Outcome.PASSED, Outcome.FAILED}:
            message, again = ("" if message in told else message), message
            told.add(again)
        elif check.outcome is Outcome.FAILED and not message:
            message = language.of(say("page.does-not-hold"))
        view = CheckView(
            passed=check.outcome is Outcome.PASSED,
            outcome=shown.value,
            word=language.of(say(_WORDS[shown])) if shown in _WORDS else "",
            title=language.clean(check.title, 500) or one_line(check.name.replace("_", " ")),
            message="" if check.outcome is Outcome.PASSED else message,
            convention=check.convention,
        )
        if views and replace(views[-1], cases=1) == view:
            view = replace(view, cases=views.pop().cases + 1)
        views.append(view)
    return views


def _fault(result: ExerciseResult, language: Language, *, hides: bool) -> FaultView | None:
    fault = result.fault
    if fault is None:
        return None
    message = language.clean(fault.message, 1000)
    text = f"{one_line(fault.type, 100)}: {message}" if message else one_line(fault.type, 100)
    if not message and hides:
        text = language.of(say("page.fault-without-message", fault=text))
    if fault.type == _MISSING_NAME:
        text = language.of(say("page.not-defined", name=clean(fault.message, 1000).removeprefix(_NOT_DEFINED)))
    return FaultView(
        text=text,
        cell=one_line(fault.cell or "", 100),
        line=fault.line,
        source=clean(fault.source or "", 300).rstrip(),
    )


def _stop(grade: Grade, language: Language) -> StopView | None:
    stop = grade.stop
    if stop is None:
        return None
    where = one_line(stop.cell, 100)
    return StopView(
        where=where if stop.line is None else language.of(say("page.cell-and-line", cell=where, line=stop.line)),
        source=one_line(stop.source, 300),
        what=one_line(stop.what, 400),
        cause=language.clean(stop.cause, 400),
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
        changed=tuple(ChangeView(one_line(c.name, 100), clean(c.before), clean(c.after)) for c in example.changed),
    )


def ideas_sentence(diagnoses: Sequence[Diagnosis]) -> Sentence:
    """Return the sentence that names the wrong ideas of an exercise; empty if there are none."""
    if not diagnoses:
        return Sentence()
    if len(diagnoses) == 1:
        (only,) = diagnoses
        return together(only.title, only.evidence or Sentence())
    first, second = diagnoses[0].title, diagnoses[1].title
    if len(diagnoses) == _PAIR:
        return say("exercise.two-ideas", first=first, second=second)
    return say("exercise.three-ideas", first=first, second=second, third=diagnoses[2].title)
