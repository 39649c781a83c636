"""What a student is told of an exercise that did not pass: the ideas that it shows, and one sentence to read first.

The first sentence is, in this order: an exception that no idea explains; an answer of another form; the ideas; how far
the public example is off; the first check that failed. An idea that explains everything comes before all others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.course.assignment import Exercise
from autograder.engines.hidden.dependencies import hint_text, rung_text
from autograder.engines.hidden.diagnosis import Misconception
from autograder.engines.hidden.disclosure import MISSING_NAME
from autograder.engines.hidden.ideas import NamedIdeas
from autograder.engines.hidden.in_source import late_name, other_default
from autograder.engines.hidden.layers import other_layer
from autograder.engines.hidden.recognisers import difference, other_form, unchanged
from autograder.engines.hidden.signature import other_signature, unused_parameter
from autograder.feedback.wording import ideas_sentence
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

#: NamedIdeas by a check alone, nothing is known of where the difference comes from.
_REPEATED_HINT = (
    "Either something outlives the call (a global variable, a default argument that is changed, a list or a gradient "
    "that is never cleared), or the call changes what it was given, or it draws random numbers without the seed."
)
#: The numbers of a check that pins a convention are wrong for whatever else is wrong.
_NOT_TOLD = "Whether this holds does not show yet: something else is wrong that changes these numbers too."
#: Longer tensors stand on the page alone.
_LONGEST_CHANGE = 200
_CASE = re.compile(r"\.( \([^()]*\))$")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is to explain an exercise with, all of it public or the student's own."""

    exercise: Exercise
    named: NamedIdeas
    known: Mapping[str, Misconception]
    #: The reference's function or class, whose signature the released notebook shows.
    due: object = None
    #: The exercise's own cell.
    source: str = ""
    #: The public example with both answers, and those as values; the student's is None where it raised.
    example: tuple[Example, Any, Any] | None = None
    #: Whether the example gave a value.
    answered: bool = False
    fault: StudentFault | None = None
    #: The ids of all exercises, which have cells of their own.
    exercises: Sequence[str] = ()
    #: The failed checks of a dtype whose answers have that dtype, and other numbers.
    aside: frozenset[str] = frozenset()
    #: The tensors that the public example gives, with their parameters' names.
    inputs: Sequence[tuple[str, Any]] = ()


def explained(result: ExerciseResult, evidence: Evidence) -> ExerciseResult:
    """Return a result with its diagnoses and the sentence that comes first."""
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
    """Let a check of a convention or of a dtype not speak of it where the numbers are wrong for another reason."""
    failed = [c for c in result.checks if c.outcome in {Outcome.FAILED, Outcome.ERROR}]
    shown = any(evidence.known[i].convention for i in evidence.named.ids if i in evidence.known)
    aside = {c.name for c in failed if c.name in evidence.aside or (c.convention and not shown)}
    if not aside or all(c.name in aside for c in failed):
        return result
    checks = (
        replace(c, outcome=Outcome.SKIPPED, message=_NOT_TOLD) if c in failed and c.name in aside else c
        for c in result.checks
    )
    left = tuple(name for name in result.unexplained if name not in aside)
    return replace(result, checks=tuple(checks), unexplained=left)


def _diagnosis(evidence: Evidence, identifier: str) -> Diagnosis:
    known = evidence.known[identifier]
    shown = evidence.example
    # Beside another idea an answer has other numbers than this one alone would give.
    alone = shown is not None and len(evidence.named.ids) == 1
    numbers = known.evidence(evidence.exercise.id, shown[1], shown[2]) if shown and alone else None
    if identifier == IN_PLACE and shown is not None and numbers is None:
        numbers = _before_and_after(shown[0])
    hint = known.hint
    if identifier == ACCUMULATES and evidence.named.how == "said":
        hint = _REPEATED_HINT
    told = hint_text(hint, known.usual_in if known.convention else "")
    question, worked = (rung_text(getattr(known.module, name, None)) for name in ("QUESTION", "WORKED"))
    return Diagnosis(known.id, known.title, numbers, told, question, worked)


def _before_and_after(example: Example) -> str | None:
    """Say what became of an input of the public example."""
    for change in example.changed:
        if len(change.before) + len(change.after) <= _LONGEST_CHANGE:
            return f"In the example, {change.name} was {change.before} before your call and is {change.after} after it."
    return None


# -- the first sentence ------------------------------------------------------------------------------------


def _headline(result: ExerciseResult, evidence: Evidence) -> str:
    failed = [c for c in result.checks if c.outcome not in {Outcome.PASSED, Outcome.SKIPPED}]
    ideas = ideas_sentence(result.diagnoses)
    complete = evidence.named.how in {"one", "apart", "pair"} or NOT_IMPLEMENTED in evidence.named.ids
    if ideas and complete:
        return ideas
    # A model that cannot be called stops in torch's own lines: which layer does not fit says more.
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
    )


def _late(evidence: Evidence) -> str:
    """Speak of a name that is looked up after its loop, where the public example is wrong."""
    if evidence.example is None or evidence.example[0].agrees:
        return ""
    name = late_name(evidence.source)
    if name is None:
        return ""
    return (
        f"A function that you make in a loop looks `{name}` up when it runs: the loop is over then, and they all see "
        f"the last `{name}`. Hand it over when the function is made: a default argument `{name}={name}`."
    )


def _default(evidence: Evidence) -> str:
    return other_default(evidence.source, evidence.exercise.id, evidence.due) or ""


def _layer(evidence: Evidence) -> str:
    if evidence.example is None or not evidence.answered:
        return ""
    shown, yours, expected = evidence.example
    return other_layer(yours, expected, evidence.exercise.id, shown.code) or ""


def _unused(evidence: Evidence) -> str:
    name = evidence.exercise.id
    unused = unused_parameter(evidence.source, name, evidence.due)
    if unused is None:
        return ""
    return f"Your `{name}` never uses its `{unused}`: a number in its place is right for that one value only."


def _stopped(failed: Sequence[CheckResult], result: ExerciseResult, evidence: Evidence) -> str:
    """Say what ended the code, if no idea explains it and it is the first that happened."""
    fault = evidence.fault
    unexplained = [c for c in failed if not result.diagnoses or c.name in result.unexplained]
    if not unexplained or unexplained[0].outcome is Outcome.FAILED:
        return ""
    if unexplained[0].outcome is not Outcome.ERROR or fault is None:
        return unexplained[0].message
    name = evidence.exercise.id
    if fault.type == MISSING_NAME:
        return f"Your notebook does not define `{name}`: its cell is missing, has another name in it, or failed."
    if fault.type == "TypeError":
        other = other_signature(evidence.source, name, evidence.due)
        if other is not None:
            return other
    raised = f"{fault.type}: {fault.message.rstrip('.')}" if fault.message else fault.type
    where = f" in line {fault.line} of the cell {fault.cell}" if fault.cell and fault.line else ""
    line = f" (`{fault.source.strip()}`)" if fault.source and fault.source.strip() else ""
    if fault.cell in evidence.exercises and fault.cell != name:
        return f"Because of your `{fault.cell}`, which `{name}` calls: it raised {raised}{where}{line}."
    if not where:
        raised += ", when it was called"
    return f"Your `{name}` raised {raised}{where}{line}."


def _form(evidence: Evidence) -> str:
    if evidence.example is None or not evidence.answered:
        return ""
    _, yours, expected = evidence.example
    return other_form(yours, expected, evidence.exercise.id) or ""


def _numbers(evidence: Evidence) -> str:
    if evidence.example is None or not evidence.answered or evidence.example[0].agrees:
        return ""
    _, yours, expected = evidence.example
    name = evidence.exercise.id
    found = unchanged(yours, expected, name, evidence.inputs) or difference(yours, expected, name)
    return f"In the public example {found}." if found else ""


def _first_check(failed: Sequence[CheckResult], evidence: Evidence) -> str:
    """Say which check failed first, and how; the public example does not show it."""
    other = other_signature(evidence.source, evidence.exercise.id, evidence.due)
    if other is not None:
        return other
    if not failed:
        return ""
    first = failed[0]
    # A case stands in brackets after the sentence.
    title = _CASE.sub(r"\1", (first.title or first.name.replace("_", " ")).rstrip("."))
    right = evidence.example is not None and evidence.answered and evidence.example[0].agrees
    lead = "The public example is right, but this is not yet: " if right else "This does not hold yet: "
    more = f" {first.message}" if first.message else ""
    return f"{lead}{title}.{more}"
