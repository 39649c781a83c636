"""Plain view models of a feedback page: everything that the template shows, already worded and cleaned."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.feedback.pictures import PictureView

__all__ = [
    "ChangeView",
    "CheckView",
    "ExampleView",
    "ExerciseView",
    "FaultView",
    "IdeaView",
    "LineView",
    "RungView",
    "StopView",
    "StudentView",
    "WrittenView",
]


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check in a list, or several cases of it that ended alike.

    `word` says how it ended if it did not pass, `message` what went wrong.
    """

    passed: bool
    outcome: str
    word: str
    title: str
    message: str
    convention: bool
    cases: int = 1


@dataclass(frozen=True, slots=True)
class FaultView:
    """The student's own error and where it happened."""

    text: str
    cell: str
    line: int | None
    source: str


@dataclass(frozen=True, slots=True)
class StopView:
    """Where the notebook stopped outside its exercises, and why."""

    where: str
    source: str
    what: str
    cause: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """An input of the example that the student's code changed."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ExampleView:
    """A public example with both answers, and which of its inputs are not what they were."""

    code: str
    expected: str
    actual: str
    agrees: bool
    changed: tuple[ChangeView, ...] = ()


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the student's own cell; `raised` marks the one that stopped."""

    number: int
    text: str
    raised: bool


@dataclass(frozen=True, slots=True)
class RungView:
    """One step further, which the student opens when the one before was not enough."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class IdeaView:
    """A wrong idea that the numbers show, and what leads on from it, one after the other."""

    id: str
    title: str
    evidence: str
    rungs: tuple[RungView, ...]


@dataclass(frozen=True, slots=True)
class ExerciseView:
    """One section of the page. `state` is full, part, none or untouched; `brief` its row in the table."""

    id: str
    title: str
    score: str
    max_score: str
    state: str
    brief: str
    passed: tuple[CheckView, ...]
    others: tuple[CheckView, ...]
    explanations: tuple[str, ...]
    diagnosis: str
    diagnosis_title: str
    evidence: str
    rungs: tuple[RungView, ...]
    convention: bool
    explained: bool
    fault: FaultView | None
    example: ExampleView | None
    notes: tuple[str, ...]
    #: What to read first, where no single idea says it; all ideas where there are several; whether more is wrong.
    headline: str = ""
    ideas: tuple[IdeaView, ...] = ()
    unexplained: bool = False
    lines: tuple[LineView, ...] = ()
    picture: PictureView | None = None
    #: What a person has to say: how the points came about, and a comment; empty for nothing.
    given: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class WrittenView:
    """A question that a person grades."""

    id: str
    title: str
    max_score: str
    #: Empty as long as it waits.
    score: str = ""
    comment: str = ""
    #: Whether the cell is as it was handed out, and no person gave points.
    untouched: bool = False


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
    lead: str
    #: The points that a person has still to give, empty for none; whether `score` holds some that one gave.
    waiting: str
    by_hand: bool
    exercises: tuple[ExerciseView, ...]
    written: tuple[WrittenView, ...]
    notes: tuple[str, ...]
    #: What being late costs, in a sentence; empty where it was in time.
    late: str = ""
    stop: StopView | None = None
