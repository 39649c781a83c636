"""The class at a glance: counts, means, diagnoses, and one line per student."""

from __future__ import annotations

import csv
import io
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.outputs import write_atomically
from autograder.report.text import clean, points
from autograder.verdict import Grade, Outcome, Status

__all__ = ["ClassSummary", "neutralise", "summarize", "write_summary"]

#: When this part of a class makes one mistake, the assignment's text may be what is wrong.
ALERT_SHARE = 0.2
ALERT_MIN = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One student in the class report."""

    student: str
    status: str
    score: str
    percent: int | None
    diagnoses: str
    reason: str


@dataclass(frozen=True, slots=True)
class Count:
    """How often something occurred."""

    name: str
    exercise: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """What the class report and the terminal's table show."""

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

    @property
    def total(self) -> int:
        """All submissions."""
        return self.graded + self.rejected + self.ungraded


def summarize(grades: Sequence[Grade], assignment: Assignment) -> ClassSummary:
    """Count and average; means are over graded submissions only."""
    graded = [g for g in grades if g.status is Status.GRADED]
    scores = [float(g.score) for g in graded]
    diagnoses = _diagnoses(graded)
    failed = _failed_checks(graded)
    means = []
    for e in assignment.coded:
        shares = [float(r.score / r.max_score) for g in graded for r in g.exercises if r.id == e.id]
        means.append((e.id, statistics.fmean(shares) if shares else 0.0))
    return ClassSummary(
        title=assignment.title,
        slug=assignment.slug,
        graded=len(graded),
        rejected=sum(g.status is Status.REJECTED for g in grades),
        ungraded=sum(g.status is Status.UNGRADED for g in grades),
        max_score=points(assignment.max_score),
        mean=points(statistics.fmean(scores)) if scores else "–",
        median=points(statistics.median(scores)) if scores else "–",
        shares=tuple(float(g.score / g.max_score) for g in graded if g.max_score),
        exercise_means=tuple(means),
        diagnoses=diagnoses,
        failed_checks=failed,
        alerts=_alerts(diagnoses, failed, len(graded)),
        lines=tuple(_line(g) for g in grades),
    )


def _diagnoses(graded: Sequence[Grade]) -> tuple[Count, ...]:
    counter: Counter[tuple[str, str, str]] = Counter()
    for grade in graded:
        for e in grade.exercises:
            if e.diagnosis:
                counter[e.diagnosis, e.id, e.diagnosis_title or ""] += 1
    return tuple(Count(name, exercise, title, n) for (name, exercise, title), n in counter.most_common(12))


def _failed_checks(graded: Sequence[Grade]) -> tuple[Count, ...]:
    counter: Counter[tuple[str, str, str]] = Counter()
    for grade in graded:
        for e in grade.exercises:
            for c in e.checks:
                if c.outcome not in {Outcome.PASSED, Outcome.SKIPPED}:
                    counter[c.name, e.id, c.title] += 1
    return tuple(Count(name, exercise, title, n) for (name, exercise, title), n in counter.most_common(12))


def _alerts(diagnoses: Sequence[Count], failed: Sequence[Count], graded: int) -> tuple[str, ...]:
    least = max(ALERT_MIN, ALERT_SHARE * graded)
    found = [
        f"{c.count} of {graded} share the diagnosis {c.name} in {c.exercise}: look whether the text misleads."
        for c in diagnoses
        if c.count > least and c.name != "not-implemented"
    ]
    # One per exercise: who fails one check of it mostly fails others too.
    worst: dict[str, Count] = {}
    for c in failed:
        if c.count > least:
            worst.setdefault(c.exercise, c)
    found += [
        f"{c.count} of {graded} do not pass “{c.title}” in {c.exercise}: look at that check and its text."
        for c in worst.values()
    ]
    return tuple(found)


def _line(grade: Grade) -> Line:
    share = int(float(grade.score / grade.max_score) * 100) if grade.max_score else 0
    found = ", ".join(f"{e.id}: {e.diagnosis}" for e in grade.exercises if e.diagnosis)
    done = grade.status is Status.GRADED
    return Line(
        student=clean(grade.student, 200),
        status=grade.status.value,
        score="–" if grade.status is Status.UNGRADED else points(grade.score),
        percent=share if done else None,
        diagnoses=found,
        reason=clean(grade.reason or "", 500),
    )


def neutralise(text: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def write_summary(path: Path, grades: Sequence[Grade], assignment: Assignment) -> None:
    """Write one CSV line per student: status, points, points per exercise, diagnoses, reason."""
    exercises = [e.id for e in assignment.coded]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["student", "status", "score", "max_score", *exercises, "diagnoses", "reason"])
    for grade in grades:
        by_id = {e.id: e for e in grade.exercises}
        ungraded = grade.status is Status.UNGRADED
        cells = ["" if ungraded else points(by_id[e].score) if e in by_id else "0" for e in exercises]
        found = " ".join(f"{e.id}:{e.diagnosis}" for e in grade.exercises if e.diagnosis)
        writer.writerow(
            [
                neutralise(clean(grade.student, 200)),
                grade.status.value,
                "" if ungraded else points(grade.score),
                points(grade.max_score),
                *cells,
                neutralise(found),
                neutralise(" ".join(clean(grade.reason or "", 500).split())),
            ]
        )
    write_atomically(path, buffer.getvalue())
