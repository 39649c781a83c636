"""The class at a glance: counts, means, what went wrong most, and one line per student."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from urllib.parse import quote

from autograder.course.assignment import Assignment
from autograder.feedback.lateness import class_lateness, duration, unused_extensions, without_stamp
from autograder.feedback.stops import stop_lines
from autograder.feedback.table import neutralise, write_summary
from autograder.feedback.tally import Count, Tally
from autograder.feedback.text import listed, one_line, points
from autograder.feedback.totals import Total
from autograder.sentences import Sentence
from autograder.verdict import CheckResult, Example, Grade, Outcome, Status, StudentFault

__all__ = ["ClassSummary", "Line", "neutralise", "summarize", "write_summary"]

#: How many rows the class report's tables of diagnoses and checks have.
SHOWN = 12
#: So many characters of a verdict's texts are kept while the class is counted.
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Line:
    """One student in the class report; `href` is where the feedback is, empty if unknown."""

    student: str
    status: str
    score: str
    percent: int | None
    diagnoses: str
    reason: str
    href: str = ""
    late: str = ""
    #: What the points are made of, where a person gave some or some wait for a person.
    parts: str = ""


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """What the class report and the terminal's table show.

    Means are over graded submissions only, before what being late costs.
    """

    title: str
    slug: str
    graded: int
    rejected: int
    ungraded: int
    max_score: str
    mean: str
    median: str
    shares: tuple[float, ...]
    exercise_means: tuple[tuple[str, float], ...]
    diagnoses: tuple[Count, ...]
    failed_checks: tuple[Count, ...]
    alerts: tuple[str, ...]
    lines: tuple[Line, ...]
    late: str = ""

    @property
    def total(self) -> int:
        """All submissions."""
        return self.graded + self.rejected + self.ungraded

    @property
    def others(self) -> tuple[Line, ...]:
        """The students without a score of their own: rejected and ungraded."""
        return tuple(line for line in self.lines if line.status != Status.GRADED.value)


def summarize(
    results: Iterable[Grade],
    assignment: Assignment,
    pages: Mapping[str, PurePath] | None = None,
    totals: Mapping[str, Total] | None = None,
) -> ClassSummary:
    """Count and average.

    Args:
        results: all results of the assignment; read one after the other, so that a large class need not be in memory.
        assignment: whose results they are.
        pages: each student's feedback page, relative to where the class report will be; links go there.
        totals: the gradebook's points by student, a person's included; they replace those of the results.
    """
    known = totals or {}
    grades = [_slim(g) for g in results]
    graded = [g for g in grades if g.status is Status.GRADED]
    scored = [
        (known[g.student].score, known[g.student].max_score) if g.student in known else (g.score, g.max_score)
        for g in graded
    ]
    scores = [score for score, _ in scored]
    tally = Tally(graded)
    means = []
    for e in assignment.coded:
        shares = [float(r.score / r.max_score) for g in graded for r in g.exercises if r.id == e.id and r.max_score]
        means.append((e.id, statistics.fmean(shares) if shares else 0.0))
    return ClassSummary(
        title=assignment.title,
        slug=assignment.slug,
        graded=len(graded),
        rejected=sum(g.status is Status.REJECTED for g in grades),
        ungraded=sum(g.status is Status.UNGRADED for g in grades),
        max_score=points(max((of for _, of in scored), default=assignment.max_score)),
        mean=points(statistics.mean(scores)) if scores else "–",
        median=points(statistics.median(scores)) if scores else "–",
        shares=tuple(float(score / of) for score, of in scored if of),
        exercise_means=tuple(means),
        diagnoses=tally.diagnoses()[:SHOWN],
        failed_checks=tally.failed_checks()[:SHOWN],
        alerts=(
            *stop_lines(graded),
            *_reviews(graded, assignment),
            *without_stamp(grades),
            *unused_extensions(grades, assignment),
            *tally.alerts(),
            *_waiting(known),
        ),
        lines=tuple(_line(g, pages or {}, known.get(g.student)) for g in grades),
        late=class_lateness(grades),
    )


def _slim(grade: Grade) -> Grade:
    """Return a verdict without what only its student needs; it has a hundredth of the size."""
    exercises = tuple(
        replace(
            e,
            diagnosis_title=e.diagnosis_title and _shared(e.diagnosis_title),
            checks=tuple(
                CheckResult(_shared(c.name), c.outcome, c.weight, c.score, title=_shared(c.title))
                for c in e.checks
                if c.outcome is not Outcome.PASSED
            ),
            notes=(),
            # These show whose answers agree.
            example=e.example and Example("", _brief(e.example.expected), _brief(e.example.actual), e.example.agrees),
            fault=e.fault and StudentFault(_brief(e.fault.type), _brief(e.fault.message)),
            headline=e.headline and _brief(e.headline),
            evidence=None,
            hint=None,
            diagnoses=(),
            source=None,
            picture=None,
        )
        for e in grade.exercises
    )
    return replace(grade, exercises=exercises, notes=(), depends={})


def _brief(text: str) -> Sentence:
    return _shared(text[:_LONGEST])


def _shared(text: str) -> Sentence:
    """Return one object for equal texts, without the values that only a student's page needs."""
    return _same(str(text))


@functools.lru_cache(maxsize=4096)
def _same(text: str) -> Sentence:
    return Sentence(text)


def _reviews(graded: Sequence[Grade], assignment: Assignment) -> tuple[str, ...]:
    """Name the students whose work a person should look at before the points count."""
    wanted = [(g.student, e.id) for g in graded for e in g.exercises if e.review]
    if not wanted:
        return ()
    shown = listed((f"{one_line(student, 100)} ({exercise})" for student, exercise in wanted), SHOWN)
    doubt = (
        "Points that the tests in the notebooks leave in doubt (an odd value, a missing cell, an unreadable notebook)"
        if assignment.in_notebook
        else "Code that could reach what the assignment forbids"
    )
    said = f"{doubt}: {shown}. "
    return (said + "The notes in their results say where; formgrader asks for a manual grade.",)


def _waiting(totals: Mapping[str, Total]) -> tuple[str, ...]:
    """Say how many points a person has still to give."""
    waiting = {student: t.waiting for student, t in totals.items() if t.waiting}
    if not waiting:
        return ()
    named = listed((one_line(s, 100) for s in sorted(waiting)), SHOWN)
    return (f"Answers of {len(waiting)} of {len(totals)} wait for a person in formgrader: {named}.",)


def _line(grade: Grade, pages: Mapping[str, PurePath], total: Total | None) -> Line:
    found = ", ".join(f"{e.id}: {e.diagnosis}" for e in grade.exercises if e.diagnosis)
    graded = grade.status is Status.GRADED
    score, of = (grade.score, grade.max_score) if total is None else (total.score, total.max_score)
    page = pages.get(grade.student)
    return Line(
        student=one_line(grade.student, 200),
        status=grade.status.value,
        score="–" if grade.status is Status.UNGRADED else points(score),
        percent=max(0, min(100, int(100 * score / of))) if graded and of else None,
        diagnoses=one_line(found),
        reason=one_line(grade.reason or ""),
        # Quoted as a path: no scheme and no query can come of a student's id.
        href="" if page is None else quote(page.as_posix()),
        late=_late(grade, total),
        parts=_parts(total),
    )


def _parts(total: Total | None) -> str:
    if total is None or not (total.by_hand or total.waiting):
        return ""
    parts = [f"of {points(total.max_score)}: {points(total.automatic)} automatic"]
    if total.by_hand:
        parts.append(f"{points(total.by_hand)} by hand")
    if total.waiting:
        parts.append(f"{points(total.waiting)} wait")
    return ", ".join(parts)


def _late(grade: Grade, total: Total | None) -> str:
    late = grade.late
    if late is None or not late.late_s:
        return ""
    penalty = late.penalty if total is None else total.penalty
    costs = f": −{points(penalty)}, {points(total.final)} count" if penalty and total else ""
    costs = costs or (f": −{points(penalty)}" if penalty else "")
    return f"{duration(late.late_s)} late{costs}"
