"""The grader's results as frozen classes, and their form in the results' files.

Each class is declared once: pydantic derives reading, writing and the schema of a file from it. The fields are in the
file's order.

Points are exact (`Fraction`) until `Grade.to_json` rounds them once for display.
"""

from __future__ import annotations

import enum
import functools
from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any

from autograder.sentences import Sentence
from autograder.verdict.in_file import Digests, InFile, Points, Seconds, arrange, key

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = [
    "ChangedInput",
    "CheckResult",
    "Curve",
    "Diagnosis",
    "Example",
    "ExerciseResult",
    "Grade",
    "Lateness",
    "Outcome",
    "Picture",
    "Status",
    "Stop",
    "StudentFault",
]

#: The version of the results' format: the first number changes if readers must change, the second if keys are added.
SCHEMA_VERSION = 1
SCHEMA_MINOR = 5

#: Misconceptions that the grader recognises by itself, without a variant in the assignment.
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
class StudentFault(InFile):
    """The exception that a student's code raised, located in the student's own cells.

    `cell` is the cell's grade_id, or its 1-based position ("cell 7") where it has none; `line` counts
    from 1 within the cell and `source` is that line's text. All of it is the student's: escape it. If the grader ended
    the code, `message` is a sentence of ours.
    """

    type: str
    message: str | Sentence
    cell: str | None = None
    line: int | None = field(default=None, metadata=key(strict=True, minimum=1))
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Stop(InFile):
    """The first place outside the exercises where a notebook stopped; the rest was run, so it costs no points.

    `position` counts the code cells from 1, `line` the lines of the cell; `source` is that line and `what` the
    exception, both the student's: escape them. `cause` is a clause in the grader's words, `kind` its short name.
    """

    cell: str
    position: int = field(metadata=key("Counts the code cells.", strict=True, minimum=1))
    line: int | None
    source: str = field(metadata=key("That line; the student's text."))
    what: str = field(metadata=key("The exception; the student's text."))
    kind: str = field(
        metadata=key(
            "For example package-missing, colab, no-gpu, newer-python, syntax, network, keyboard, file-missing, time, "
            "memory, exit, assertion, name, other."
        )
    )
    cause: Sentence = field(metadata=key("A clause in the grader's words."))


@dataclass(frozen=True, slots=True)
class ChangedInput(InFile):
    """An input of the public example that the student's code changed, as text; `after` is the student's text."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Example(InFile):
    """A public, reproducible example: code to paste into the notebook, and both answers as text."""

    code: str
    expected: str
    actual: str
    agrees: bool = field(metadata=key(strict=True))
    changed: tuple[ChangedInput, ...] = field(
        default=(),
        metadata=key("The example's inputs that the student's code changed, and the reference does not.", omitted=True),
    )


@dataclass(frozen=True, slots=True)
class Curve(InFile):
    """Points of a picture, the student's and the right ones, as (x, y); all are finite."""

    label: Sentence
    yours: tuple[tuple[float, float], ...]
    expected: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Picture(InFile):
    """The numbers of a picture of a public example, from the student's code and from the right one."""

    kind: str = field(metadata=key("path, curve or histogram."))
    title: Sentence
    x: Sentence
    y: Sentence
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class CheckResult(InFile):
    """One check of one exercise; `title` is the sentence that a student reads, `message` says what went wrong."""

    name: str
    outcome: Outcome
    weight: int = field(metadata=key(strict=True, minimum=1))
    score: Points
    title: Sentence = field(default=Sentence(), metadata=key("The sentence that a student reads."))
    message: Sentence = field(default=Sentence(), metadata=key("What went wrong, empty if nothing did.", always=True))
    seconds: Seconds = field(default=0.0, metadata=key(always=True))
    convention: bool = field(
        default=False,
        metadata=key("Whether the check pins a convention that is usual elsewhere in another form.", strict=True),
    )


@dataclass(frozen=True, slots=True)
class Diagnosis(InFile):
    """A wrong idea that an exercise's numbers show, in words for its student."""

    id: str
    title: Sentence = field(default=Sentence())
    evidence: Sentence | None = None
    hint: Sentence | None = None
    question: Sentence | None = field(
        default=None, metadata=key("What the student may ask first, before the hint.", omitted=True)
    )
    worked: Sentence | None = field(
        default=None, metadata=key("A worked example of the same kind, with other numbers.", omitted=True)
    )


@dataclass(frozen=True, slots=True)
class ExerciseResult(InFile):
    """All checks of one exercise, its points, and the wrong ideas that the numbers show."""

    id: str
    score: Points
    max_score: Points
    checks: tuple[CheckResult, ...] = field(default=(), metadata=key(always=True, last=True))
    diagnosis: str | None = field(
        default=None,
        metadata=key("The id of the misconception that the numbers show, null if none was recognised.", always=True),
    )
    notes: tuple[Sentence, ...] = field(default=(), metadata=key(always=True))
    review: bool = field(
        default=False,
        metadata=key(
            "Whether a person should look at the exercise before its points count; the notes say why.", strict=True
        ),
    )
    diagnosis_title: Sentence | None = None
    evidence: Sentence | None = None
    hint: Sentence | None = None
    example: Example | None = None
    fault: StudentFault | None = None
    headline: Sentence | None = field(
        default=None,
        metadata=key("What the student should read first; only where a check did not pass.", omitted=True),
    )
    diagnoses: tuple[Diagnosis, ...] = field(
        default=(),
        metadata=key("All misconceptions that the numbers show together; the first is `diagnosis`.", omitted=True),
    )
    unexplained: tuple[str, ...] = field(
        default=(),
        metadata=key("The failed checks that the diagnoses do not explain, if there are any of both.", omitted=True),
    )
    source: str | None = field(
        default=None,
        metadata=key("The exercise's own cell, where a check did not pass; the student's text.", omitted=True),
    )
    picture: Picture | None = field(
        default=None, metadata=key("A picture of the public example, where it shows what is wrong.", omitted=True)
    )
    alike: str | None = field(
        default=None,
        metadata=key(
            "A digest of the answers to the failed checks: equal answers have equal ones. Not for students.",
            omitted=True,
        ),
    )


@dataclass(frozen=True, slots=True)
class Lateness(InFile):
    """How late a submission is, and what that costs; the score itself does not change.

    Moments are ISO 8601 in UTC; `submitted` is None if it is not known. `penalty` is in points: `percent` of what `of`
    names, `score` or `max_score`, at most the score.
    """

    due: str = field(metadata=key("The student's own deadline, in UTC.", format="date-time"))
    submitted: str | None = field(
        metadata=key("When it was handed in, in UTC; null if that is not known.", format="date-time")
    )
    late_s: float = field(metadata=key(strict=True, minimum=0))
    percent: Points = field(metadata=key(maximum=100))
    of: str = field(metadata=key("What the percentage is of.", enum=["score", "max_score"]))
    penalty: Points = field(metadata=key("Points that being late costs, at most the score."))


@dataclass(frozen=True, slots=True)
class Grade(InFile):
    """The verdict on one submission. `reason` is set unless the status is `graded`."""

    assignment: str
    student: str
    status: Status
    score: Points
    max_score: Points = field(metadata=key("What is graded automatically; written questions are not in it."))
    device: str = field(metadata=key(enum=["cpu", "cuda"]))
    tier: str = field(metadata=key(enum=["A", "B", "C"]))
    seed: int = field(metadata=key(strict=True, minimum=0))
    submission_sha256: str = field(metadata=key(pattern="^([0-9a-f]{64})?$"))
    _: KW_ONLY
    fingerprint: str = field(
        default="", metadata=key("A digest of the assignment's files and of the versions that graded.")
    )
    depends: Digests = field(
        default_factory=dict,
        metadata=key(
            "By exercise, digests of what its verdict depends on; a later run tells by them what holds.", omitted=True
        ),
    )
    reason: Sentence | None = field(
        default=None, metadata=key("Why a submission was rejected or left ungraded.", always=True)
    )
    notes: tuple[Sentence, ...] = ()
    seconds: Seconds = field(default=0.0, compare=False)
    exercises: tuple[ExerciseResult, ...] = field(default=(), metadata=key(always=True))
    untouched: tuple[str, ...] = field(
        default=(),
        metadata=key(
            "The written questions that were left as they were handed out: they have 0 points, and wait for nobody.",
            omitted=True,
        ),
    )
    late: Lateness | None = field(
        default=None,
        metadata=key(
            "How the submission stands to its deadline; only where the assignment has one. The score is what it was.",
            omitted=True,
        ),
    )
    stop: Stop | None = field(
        default=None,
        metadata=key(
            "Only where a cell that is no exercise stopped: the first such stop. What comes after it was run as well.",
            omitted=True,
        ),
    )

    @property
    def final_score(self) -> Points:
        """The score minus what being late costs."""
        return self.score - (self.late.penalty if self.late else 0)

    def to_json(self) -> dict[str, Any]:
        """Return the stable JSON form that `result.schema.json` describes."""
        data = _form().dump_python(self, mode="json", warnings=False)
        arrange(self, data)
        return {"schema": SCHEMA_VERSION, "schema_minor": SCHEMA_MINOR, **data}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Grade:
        """Read a grade back; scores are the rounded values that were written.

        Raises:
            ValueError: naming the keys that are missing or hold wrong values.
        """
        return _form().validate_python(data)


@functools.cache
def _form() -> TypeAdapter[Grade]:
    from pydantic import TypeAdapter

    return TypeAdapter(Grade)
