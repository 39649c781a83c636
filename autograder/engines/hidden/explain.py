"""What a student is told of an exercise that did not pass: the wrong ideas in it, and one sentence to read first.

The first sentence is the first of these that there is: an exception that no idea explains; an answer of another form;
the ideas; how far the public example is off; the first check that failed. An idea that explains everything comes before
all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.course.assignment import Exercise
from autograder.engines.hidden.dependencies import RUNGS, hint_text, rung_text
from autograder.engines.hidden.diagnosis import Misconception
from autograder.engines.hidden.disclosure import MISSING_NAME
from autograder.engines.hidden.ideas import NamedIdeas
from autograder.engines.hidden.in_source import late_name, other_default
from autograder.engines.hidden.layers import other_layer
from autograder.engines.hidden.places import without_case
from autograder.engines.hidden.recognisers import difference, other_form, unchanged
from autograder.engines.hidden.signature import other_signature, unused_parameter
from autograder.feedback.wording import ideas_sentence
from autograder.sentences import Sentence, say, together
from autograder.verdict import (
    ACCUMULATES,
    IN_PLACE,
    NOT_IMPLEMENTED,
    CheckResult,
    Diagnosis,
    Example,
    ExerciseResult,
    Outcome,
    StudentFault,
)

__all__ = ["Evidence", "explained"]

#: Longer tensors stand on the page alone.
_LONGEST_CHANGE = 200


@dataclass(frozen=True, slots=True)
class Evidence:
    """What can explain an exercise, all of it public or the student's own."""

    exercise: Exercise
    named: NamedIdeas
    known: Mapping[str, Misconception]
    #: The reference's function or class, whose signature the released notebook shows.
    due: object = None
    #: The exercise's own cell.
    source: str = ""
    #: The public example with both answers, and those as values; the student's is None where it raised.
    example: tuple[Example, Any, Any] | None = None
    #: Whether the student's code gave an answer to the example.
    answered: bool = False
    fault: StudentFault | None = None
    #: The ids of all exercises, which have cells of their own.
    exercises: Sequence[str] = ()
    #: The failed checks of a dtype whose answers have the right dtype and wrong numbers.
    aside: frozenset[str] = frozenset()
    #: The tensors that the public example gives, with their parameters' names.
    inputs: Sequence[tuple[str, Any]] = ()


def explained(result: ExerciseResult, evidence: Evidence) -> ExerciseResult:
    """Return the result with its diagnoses and the sentence that comes first."""
    example = evidence.example[0] if evidence.example else None
    result = replace(result, example=example, fault=evidence.fault)
    diagnoses = tuple(_diagnosis(evidence, i) for i in evidence.named.ids if i in evidence.known)
    if diagnoses:
        first = diagnoses[0]
        result = replace(
            result,
            diagnosis=first.id,
            diagnosis_title=first.title,
            evidence=first.evidence,
            hint=first.hint,
            diagnoses=diagnoses,
            unexplained=evidence.named.unexplained,
        )
    result = _folded(result, evidence)
    return replace(result, headline=_headline(result, evidence))


def _folded(result: ExerciseResult, evidence: Evidence) -> ExerciseResult:
    """Mark checks of a convention or a dtype as skipped where the numbers are wrong for another reason."""
    failed = [c for c in result.checks if c.outcome in {Outcome.FAILED, Outcome.ERROR}]
    shown = any(evidence.known[i].convention for i in evidence.named.ids if i in evidence.known)
    aside = {c.name for c in failed if c.name in evidence.aside or (c.convention and not shown)}
    if not aside or all(c.name in aside for c in failed):
        return result
    # Any other mistake makes the numbers of a check of a convention wrong too.
    not_told = say("exercise.not-told")
    checks = (
        replace(c, outcome=Outcome.SKIPPED, message=not_told) if c in failed and c.name in aside else c
        for c in result.checks
    )
    left = tuple(name for name in result.unexplained if name not in aside)
    return replace(result, checks=tuple(checks), unexplained=left)


def _diagnosis(evidence: Evidence, identifier: str) -> Diagnosis:
    known = evidence.known[identifier]
    shown = evidence.example
    # With two ideas the answer has other numbers than with one: evidence is about one idea alone.
    alone = shown is not None and len(evidence.named.ids) == 1
    numbers = known.evidence(evidence.exercise.id, shown[1], shown[2]) if shown and alone else None
    if identifier == IN_PLACE and shown is not None and numbers is None:
        numbers = _before_and_after(shown[0])
    hint = known.hint
    if identifier == ACCUMULATES and evidence.named.how == "said":
        # Only a check says so: the cause is not known.
        hint = say("exercise.repeated-hint")
    told = hint_text(hint, known.usual_in if known.convention else Sentence())
    question, worked = (rung_text(getattr(known.module, name, None), known.place(name)) for name in RUNGS)
    return Diagnosis(known.id, known.title, numbers, told, question, worked)


def _before_and_after(example: Example) -> Sentence | None:
    """Say how an input of the public example was changed."""
    for change in example.changed:
        if len(change.before) + len(change.after) <= _LONGEST_CHANGE:
            return say("exercise.before-and-after", name=change.name, before=change.before, after=change.after)
    return None


# -- the first sentence ------------------------------------------------------------------------------------


def _headline(result: ExerciseResult, evidence: Evidence) -> Sentence:
    failed = [c for c in result.checks if c.outcome not in {Outcome.PASSED, Outcome.SKIPPED}]
    ideas = ideas_sentence(result.diagnoses)
    complete = evidence.named.how in {"one", "apart", "pair"} or NOT_IMPLEMENTED in evidence.named.ids
    if ideas and complete:
        return ideas
    # A model that cannot be called stops in torch's own lines: the layer that does not fit says more.
    stopped = _layer(evidence) or _stopped(failed, result, evidence)
    return (
        stopped
        or _form(evidence)
        or ideas
        or _late(evidence)
        or _unused(evidence)
        or _default(evidence)
        or _numbers(evidence)
        or _first_check(failed, evidence)
        or Sentence()
    )


def _late(evidence: Evidence) -> Sentence | None:
    """Say which name is looked up after its loop, where the public example is wrong."""
    if evidence.example is None or evidence.example[0].agrees:
        return None
    name = late_name(evidence.source)
    return None if name is None else say("exercise.looked-up-late", name=name)


def _default(evidence: Evidence) -> Sentence | None:
    return other_default(evidence.source, evidence.exercise.id, evidence.due)


def _layer(evidence: Evidence) -> Sentence | None:
    if evidence.example is None or not evidence.answered:
        return None
    shown, yours, expected = evidence.example
    return other_layer(yours, expected, evidence.exercise.id, shown.code)


def _unused(evidence: Evidence) -> Sentence | None:
    name = evidence.exercise.id
    unused = unused_parameter(evidence.source, name, evidence.due)
    return None if unused is None else say("exercise.unused-parameter", exercise=name, parameter=unused)


def _stopped(failed: Sequence[CheckResult], result: ExerciseResult, evidence: Evidence) -> Sentence | None:
    """Say what ended the code, if no idea explains that and it happened in the first failed check."""
    fault = evidence.fault
    unexplained = [c for c in failed if not result.diagnoses or c.name in result.unexplained]
    if not unexplained or unexplained[0].outcome is Outcome.FAILED:
        return None
    if unexplained[0].outcome is not Outcome.ERROR or fault is None:
        return unexplained[0].message
    name = evidence.exercise.id
    if fault.type == MISSING_NAME:
        return say("exercise.not-defined", exercise=name)
    if fault.type == "TypeError":
        other = other_signature(evidence.source, name, evidence.due)
        if other is not None:
            return other
    if fault.cell and fault.cell in evidence.exercises and fault.cell != name:
        return _earlier_raised(fault, fault.cell, name)
    return _raised(fault, name)


def _raised(fault: StudentFault, exercise: str) -> Sentence:
    what = _exception(fault)
    if not fault.cell or not fault.line:
        return say("exercise.raised-when-called", exercise=exercise, what=what)
    source = (fault.source or "").strip()
    if not source:
        return say("exercise.raised-in", exercise=exercise, what=what, cell=fault.cell, line=fault.line)
    return say("exercise.raised-at", exercise=exercise, what=what, cell=fault.cell, line=fault.line, source=source)


def _earlier_raised(fault: StudentFault, earlier: str, exercise: str) -> Sentence:
    """Say what an earlier exercise raised; `earlier` is its id, and the name of its cell."""
    what = _exception(fault)
    if not fault.line:
        return say("exercise.earlier-raised", earlier=earlier, exercise=exercise, what=what)
    source = (fault.source or "").strip()
    if not source:
        return say("exercise.earlier-raised-in", earlier=earlier, exercise=exercise, what=what, line=fault.line)
    return say(
        "exercise.earlier-raised-at", earlier=earlier, exercise=exercise, what=what, line=fault.line, source=source
    )


def _exception(fault: StudentFault) -> str:
    if isinstance(fault.message, Sentence) and fault.message:
        return say("exercise.exception", type=fault.type, message=fault.message)
    return f"{fault.type}: {fault.message.rstrip('.')}" if fault.message else fault.type


def _form(evidence: Evidence) -> Sentence | None:
    if evidence.example is None or not evidence.answered:
        return None
    _, yours, expected = evidence.example
    return other_form(yours, expected, evidence.exercise.id)


def _numbers(evidence: Evidence) -> Sentence | None:
    if evidence.example is None or not evidence.answered or evidence.example[0].agrees:
        return None
    _, yours, expected = evidence.example
    name = evidence.exercise.id
    found = unchanged(yours, expected, name, evidence.inputs) or difference(yours, expected, name)
    return say("exercise.in-the-example", found=found) if found else None


def _first_check(failed: Sequence[CheckResult], evidence: Evidence) -> Sentence | None:
    """Say which check failed first, and how; the public example does not show this."""
    other = other_signature(evidence.source, evidence.exercise.id, evidence.due)
    if other is not None:
        return other
    if not failed:
        return None
    first = failed[0]
    title, case = without_case(first.title or Sentence(first.name.replace("_", " ")))
    title = _ended(title)
    right = evidence.example is not None and evidence.answered and evidence.example[0].agrees
    if right and case:
        lead = say("exercise.example-right-case", title=title, case=case)
    elif right:
        lead = say("exercise.example-right", title=title)
    elif case:
        lead = say("exercise.not-yet-case", title=title, case=case)
    else:
        lead = say("exercise.not-yet", title=title)
    return together(lead, first.message)


def _ended(title: Sentence) -> Sentence:
    """Return a title with a full stop, which nearly every author writes."""
    return title if title.endswith((".", "!", "?")) else Sentence(f"{title}.", title.id, title.values)
