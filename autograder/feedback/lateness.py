"""Word how late a submission is and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from autograder.course.assignment import Assignment
from autograder.feedback.text import listed, one_line, points
from autograder.sentences import Sentence, say, together
from autograder.verdict import Grade

__all__ = ["class_lateness", "duration", "lateness", "unused_extensions", "without_stamp"]

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def duration(seconds: float) -> str:
    """Write a duration with its two largest units, rounded down: `2 d 3 h`, `14 min 5 s`."""
    left = max(1, int(seconds))
    parts: list[tuple[int, str]] = []
    for size, unit in _UNITS:
        if left >= size or parts:
            parts.append((left // size, unit))
            left %= size
    return " ".join(f"{count} {unit}" for count, unit in parts[:2] if count)


def lateness(grade: Grade) -> Sentence:
    """Return the sentence for the student, empty where there is nothing to say."""
    late = grade.late
    if late is None or late.submitted is None or not late.late_s:
        return Sentence()
    after, due, percent = duration(late.late_s), _moment(late.due), points(late.percent)
    if not late.percent:
        return say("page.late-costs-nothing", after=after, due=due)
    costs = (
        say("page.late-of-all", after=after, due=due, percent=percent)
        if late.of == "max_score"
        else say("page.late-of-yours", after=after, due=due, percent=percent)
    )
    if grade.status.value != "graded":
        return costs
    counts = say("page.late-counts", penalty=points(late.penalty), final=points(grade.final_score))
    return together(costs, counts)


def class_lateness(grades: Sequence[Grade]) -> str:
    """Return how many of a class are late and what that costs them, empty where nobody is."""
    late = [g for g in grades if g.late is not None and g.late.late_s]
    if not late:
        return ""
    total = sum((g.late.penalty for g in late if g.late), Fraction(0))
    return f"{len(late)} of {len(grades)}, −{points(total)} points in all" if total else f"{len(late)} of {len(grades)}"


def without_stamp(grades: Sequence[Grade]) -> tuple[str, ...]:
    """Name the students whose lateness is not known."""
    unknown = [one_line(g.student, 100) for g in grades if g.late is not None and g.late.submitted is None]
    if not unknown:
        return ()
    text = f"No readable timestamp.txt: {listed(unknown)}. Whether they are late is not known; nothing is taken off."
    return (text,)


def unused_extensions(grades: Sequence[Grade], assignment: Assignment) -> tuple[str, ...]:
    """Name the students who have an extension and handed in nothing: a mistyped id would cost somebody points."""
    unused = sorted(set(assignment.extensions) - {g.student for g in grades})
    if not unused:
        return ()
    names = listed(one_line(student, 100) for student in unused)
    return (f"{assignment.extensions_path.name} names {names}: no such student has handed in anything.",)


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC"
