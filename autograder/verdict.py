"""What the grader says: frozen results, their JSON form and its schema.

Points are exact (`Fraction`) until `Grade.to_json` rounds them once for display.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

__all__ = [
    "CheckResult",
    "Example",
    "ExerciseResult",
    "Grade",
    "Lateness",
    "Outcome",
    "Status",
    "Stop",
    "StudentFault",
]

SCHEMA_VERSION = 1

#: Misconceptions that the grader recognises by itself: an assignment need not have a variant for them.
NOT_IMPLEMENTED = "not-implemented"
IN_PLACE = "in-place"
DTYPE_LOST = "dtype-lost"
DEVICE_LOST = "device-lost"
ACCUMULATES = "accumulates-over-calls"
OWN_IDS = frozenset({NOT_IMPLEMENTED, IN_PLACE, DTYPE_LOST, DEVICE_LOST, ACCUMULATES})


class Outcome(enum.StrEnum):
    """How one check ended."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    SKIPPED = "skipped"


class Status(enum.StrEnum):
    """How one submission ended."""

    GRADED = "graded"
    REJECTED = "rejected"
    UNGRADED = "ungraded"


@dataclass(frozen=True, slots=True)
class StudentFault:
    """The exception that a student's code raised, located in the student's own cells.

    `cell` is the cell's grade_id, or its 1-based position ("cell 7") where it has none; `line` counts
    from 1 within the cell and `source` is that line's text. All of it is the student's: escape it.
    """

    type: str
    message: str
    cell: str | None = None
    line: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a notebook stopped first outside its exercises; the rest was run all the same, so it costs no points.

    `position` counts the code cells from 1, `line` the lines of the cell; `source` is that line and `what` the
    exception, both the student's: escape them. `cause` is a clause in the grader's words, `kind` its short name.
    """

    cell: str
    position: int
    line: int | None
    source: str
    what: str
    kind: str
    cause: str


@dataclass(frozen=True, slots=True)
class Example:
    """A public, reproducible example: code to paste into the notebook, and both answers as text."""

    code: str
    expected: str
    actual: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one exercise; `title` is the sentence a student reads, `message` says what went wrong."""

    name: str
    outcome: Outcome
    weight: int
    score: Fraction
    title: str = ""
    message: str = ""
    seconds: float = 0.0
    convention: bool = False


@dataclass(frozen=True, slots=True)
class ExerciseResult:
    """All checks of one exercise, the points, and what the numbers say about the student's idea."""

    id: str
    score: Fraction
    max_score: Fraction
    checks: tuple[CheckResult, ...] = ()
    diagnosis: str | None = None
    notes: tuple[str, ...] = ()
    #: Whether a person should look at the exercise before its points count; the notes say why.
    review: bool = False
    diagnosis_title: str | None = None
    evidence: str | None = None
    hint: str | None = None
    example: Example | None = None
    fault: StudentFault | None = None


@dataclass(frozen=True, slots=True)
class Lateness:
    """How a submission stands to its deadline, and what that costs; the score is what it was.

    Moments are ISO 8601 in UTC; `submitted` is None where it is not known. `penalty` is in points: `percent` of
    what `of` names, `score` or `max_score`, never more than the score.
    """

    due: str
    submitted: str | None
    late_s: float
    percent: Fraction
    of: str
    penalty: Fraction


@dataclass(frozen=True, slots=True)
class Grade:
    """The verdict on one submission. `reason` is set unless the status is `graded`."""

    assignment: str
    student: str
    status: Status
    score: Fraction
    max_score: Fraction
    device: str
    tier: str
    seed: int
    submission_sha256: str
    reason: str | None = None
    exercises: tuple[ExerciseResult, ...] = ()
    notes: tuple[str, ...] = ()
    #: What else the verdict depends on: a digest of the assignment's files and the versions that graded.
    fingerprint: str = ""
    #: By exercise, digests of what its verdict depends on, so that a later run can tell what still holds.
    depends: Mapping[str, str] = field(default_factory=dict)
    seconds: float = field(default=0.0, compare=False)
    #: Only where the assignment has a deadline.
    late: Lateness | None = None
    #: Only where a cell that is no exercise stopped.
    stop: Stop | None = None

    @property
    def final_score(self) -> Fraction:
        """The score less what being late costs."""
        return self.score - (self.late.penalty if self.late else 0)

    def to_json(self) -> dict[str, Any]:
        """Return the stable JSON form that `schema.json` describes."""
        data = {
            "schema": SCHEMA_VERSION,
            "assignment": self.assignment,
            "student": self.student,
            "status": self.status.value,
            "score": _points(self.score),
            "max_score": _points(self.max_score),
            "device": self.device,
            "tier": self.tier,
            "seed": self.seed,
            "submission_sha256": self.submission_sha256,
            "fingerprint": self.fingerprint,
            **({"depends": dict(self.depends)} if self.depends else {}),
            "reason": self.reason,
            "notes": list(self.notes),
            "seconds": round(self.seconds, 4),
            "exercises": [_exercise_to_json(e) for e in self.exercises],
        }
        if self.late is not None:
            data["late"] = _late_to_json(self.late)
        if self.stop is not None:
            data["stop"] = asdict(self.stop)
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Grade:
        """Read a grade back; scores come back as the rounded values that were written."""
        return cls(
            assignment=data["assignment"],
            student=data["student"],
            status=Status(data["status"]),
            score=_exact(data["score"]),
            max_score=_exact(data["max_score"]),
            device=data["device"],
            tier=data["tier"],
            seed=data["seed"],
            submission_sha256=data["submission_sha256"],
            fingerprint=data.get("fingerprint", ""),
            depends=_depends_from_json(data.get("depends")),
            reason=data["reason"],
            notes=tuple(data.get("notes", ())),
            seconds=data.get("seconds", 0.0),
            exercises=tuple(_exercise_from_json(e) for e in data["exercises"]),
            late=None if data.get("late") is None else _late_from_json(data["late"]),
            stop=None if data.get("stop") is None else Stop(**data["stop"]),
        )


def _points(value: Fraction) -> float:
    """Round once, for display, to a ten-thousandth of a point."""
    return round(float(value), 4)


def _exact(value: float) -> Fraction:
    return Fraction(str(value))


def _late_to_json(late: Lateness) -> dict[str, Any]:
    return {
        "due": late.due,
        "submitted": late.submitted,
        "late_s": late.late_s,
        "percent": _points(late.percent),
        "of": late.of,
        "penalty": _points(late.penalty),
    }


def _late_from_json(data: dict[str, Any]) -> Lateness:
    return Lateness(
        due=data["due"],
        submitted=data["submitted"],
        late_s=data["late_s"],
        percent=_exact(data["percent"]),
        of=data["of"],
        penalty=_exact(data["penalty"]),
    )


def _depends_from_json(data: object) -> dict[str, str]:
    """Read the digests; whatever else stands there only means that nothing of the result holds."""
    if not isinstance(data, dict):
        return {}
    return {str(k): v for k, v in data.items() if isinstance(v, str)}


def _exercise_to_json(e: ExerciseResult) -> dict[str, Any]:
    return {
        "id": e.id,
        "score": _points(e.score),
        "max_score": _points(e.max_score),
        "diagnosis": e.diagnosis,
        "notes": list(e.notes),
        "review": e.review,
        "diagnosis_title": e.diagnosis_title,
        "evidence": e.evidence,
        "hint": e.hint,
        "example": None
        if e.example is None
        else {
            "code": e.example.code,
            "expected": e.example.expected,
            "actual": e.example.actual,
            "agrees": e.example.agrees,
        },
        "fault": None
        if e.fault is None
        else {
            "type": e.fault.type,
            "message": e.fault.message,
            "cell": e.fault.cell,
            "line": e.fault.line,
            "source": e.fault.source,
        },
        "checks": [
            {
                "name": c.name,
                "outcome": c.outcome.value,
                "weight": c.weight,
                "score": _points(c.score),
                "title": c.title,
                "message": c.message,
                "seconds": round(c.seconds, 4),
                "convention": c.convention,
            }
            for c in e.checks
        ],
    }


def _exercise_from_json(data: dict[str, Any]) -> ExerciseResult:
    return ExerciseResult(
        id=data["id"],
        score=_exact(data["score"]),
        max_score=_exact(data["max_score"]),
        diagnosis=data["diagnosis"],
        notes=tuple(data["notes"]),
        review=data.get("review", False),
        diagnosis_title=data.get("diagnosis_title"),
        evidence=data.get("evidence"),
        hint=data.get("hint"),
        example=None if data.get("example") is None else Example(**data["example"]),
        fault=None if data.get("fault") is None else StudentFault(**data["fault"]),
        checks=tuple(
            CheckResult(
                name=c["name"],
                outcome=Outcome(c["outcome"]),
                weight=c["weight"],
                score=_exact(c["score"]),
                title=c.get("title", ""),
                message=c["message"],
                seconds=c["seconds"],
                convention=c.get("convention", False),
            )
            for c in data["checks"]
        ),
    )
