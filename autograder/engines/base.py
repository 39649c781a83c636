"""What an engine is, and what its coordinator and its judges say to each other.

An engine knows how one kind of assignment is graded; the batch knows everything else. Messages are pickled
dataclasses, because both sides are trusted. A submission travels as bytes and its results come back as values: a
judge may run on another machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, Self

from autograder.course.assignment import Assignment
from autograder.feedback.language import ENGLISH, Language
from autograder.sentences import Sentence
from autograder.verdict import ExerciseResult, Grade, Status

if TYPE_CHECKING:
    from autograder.course.gradebook.byhand import ByHand, HandCells
    from autograder.course.gradebook.directories import Directories, Handin
    from autograder.course.gradebook.rows import CellRow
    from autograder.course.gradebook.standings import StudentRow
    from autograder.course.gradebook.writer import NotebookPenalty
    from autograder.course.layout import Course
    from autograder.verdict import Lateness

__all__ = [
    "Engine",
    "Finished",
    "Folders",
    "Judge",
    "JudgeSetup",
    "Preflight",
    "Ready",
    "Reuse",
    "Started",
    "Warming",
    "Work",
    "empty_grade",
]


# -- messages ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JudgeSetup:
    """What a judge has to know once. `JUDGE` names the module whose `run` takes such a setup.

    `USUAL` says whether its zygote is like those of other judges, so that a fork server can make it.
    """

    JUDGE: ClassVar[str] = "autograder.engines.hidden.judge"
    USUAL: ClassVar[bool] = True

    course_root: Path
    slug: str
    seed: int
    device: str
    tier: str
    #: The part of a GPU's memory that a notebook may have.
    share: float = field(default=1.0, kw_only=True)

    def moved(self, root: Path, tier: str) -> Self:
        """Return the setup for another machine, where `Engine.bundle` was unpacked below `root`.

        Raises:
            CourseError: if that machine lacks a program that the notebooks need.
        """
        return replace(self, course_root=root, tier=tier)


@dataclass(frozen=True, slots=True)
class Warming:
    """What a judge does that is not ready yet."""

    phase: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The judge is ready for its first submission; or `problem` says why it cannot be."""

    problem: str | None = None
    #: Whether the course's own files are to blame: no other judge would do better.
    final: bool = False
    #: Whether the GPU is to blame: it may have no room for one more judge.
    of_device: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """One submission: its files by their path below the submission's directory.

    `problem` says why there is nothing to grade, and `too_large` that a limit is the reason. `unread` holds the problem
    of each notebook that cannot be read, by its path. `notes` say what was found in another place or left out, `review`
    says why a person has to look, and `folder` lists what was handed in. `exercises` are the ones to run, None for all;
    `kept` are the results of the others. `alone` says that the submission ran out of time while other programs had the
    processors: this time nothing else of the batch runs.
    """

    student: str
    sha256: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    problem: Sentence | None = None
    notes: tuple[Sentence, ...] = ()
    exercises: frozenset[str] | None = None
    kept: tuple[ExerciseResult, ...] = ()
    unread: Mapping[str, Sentence] = field(default_factory=dict)
    review: Sentence = field(default=Sentence())
    folder: Sentence = field(default=Sentence())
    too_large: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """A judge has this student's submission now. Sent again when another judge gets it."""

    student: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A grade, and what to write with it.

    `notebooks` (as they ran) and `pages` (the student's feedback) are by the notebook's name; `rows` and `comments`
    are for the gradebook. `stop` says why the whole batch has to end here, where a course asked for that. `alone` says
    that one more try may end differently when nothing else runs: a GPU had no room, or the notebook reached a limit of
    time after a long wait for a processor.
    """

    grade: Grade
    notebooks: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[CellRow, ...] = ()
    comments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    stop: str = ""
    alone: bool = False


def empty_grade(
    assignment: Assignment,
    setup: JudgeSetup,
    work: Work,
    status: Status,
    reason: Sentence | None,
    notes: tuple[Sentence, ...] = (),
) -> Grade:
    """Return the grade, without points, of a submission that was not run."""
    return Grade(
        assignment=assignment.slug,
        student=work.student,
        status=status,
        score=Fraction(0),
        max_score=assignment.max_score,
        device=setup.device,
        tier=setup.tier,
        seed=setup.seed,
        submission_sha256=work.sha256,
        reason=reason,
        notes=notes,
    )


# -- the coordinator's side ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reuse:
    """How much of an earlier result is still valid: all of it, some exercises, or nothing; `why` says why not all.

    `grade` is today's grade where nothing has to run; `same` says that it is the stored one, unchanged. Otherwise
    `kept` are the exercises that need not run again, for the submission with the digest `sha256`.
    """

    grade: Grade | None = None
    same: bool = False
    kept: tuple[ExerciseResult, ...] = ()
    sha256: str = ""
    why: str = ""

    def outdated(self, assignment: Assignment) -> tuple[str, ...]:
        """Return the exercises that have to run."""
        if self.grade is not None:
            return ()
        held = {e.id for e in self.kept}
        return tuple(e.id for e in assignment.coded if e.id not in held)


@dataclass(frozen=True, slots=True)
class Preflight:
    """What a run of the instructor's own notebooks shows: what their environment lacks, and other warnings."""

    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Folders(Protocol):
    """Where the files of one submission are."""

    @property
    def autograded_dir(self) -> Path:
        """The folder that formgrader shows."""

    @property
    def feedback_dir(self) -> Path:
        """The folder with the student's feedback."""


class Engine(Protocol):
    """One assignment of one course, in the coordinator: imports neither torch nor pytest."""

    @property
    def course(self) -> Course:
        """The course."""

    @property
    def directories(self) -> Directories:
        """The course's folders, as nbgrader is configured."""

    @property
    def assignment(self) -> Assignment:
        """The assignment."""

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The names of its notebooks, without `.ipynb`; each has a feedback page."""

    @property
    def devices(self) -> frozenset[str]:
        """The devices that its notebooks can run on: `cpu`, `cuda`."""

    @property
    def seeded(self) -> bool:
        """Whether its inputs are drawn from a seed, which the batch keeps."""

    @property
    def rebuilds(self) -> bool:
        """Whether `rebuilt` can write all files of a stored grade again."""

    @property
    def submission_s(self) -> float:
        """The wall time of one submission, in seconds."""

    # -- what goes in --

    def setup(self, seed: int, device: str, tier: str) -> JudgeSetup:
        """Return the setup of a judge on this machine.

        Raises:
            CourseError: if this machine lacks a program that the notebooks need.
        """

    def bundle(self) -> Mapping[str, bytes]:
        """Return the course's files that a judge on another machine needs, by their path below its root."""

    def digest(self, handin: Handin) -> str:
        """Return the digest of what was handed in, as `load` gives it; empty where nothing can be read."""

    def load(self, handin: Handin, reuse: Reuse) -> Work:
        """Read what was handed in. The work says what is wrong with it; `reuse` says what need not run."""

    # -- before the class --

    def instructors_work(self) -> Work | None:
        """Return the instructor's own notebooks as a submission; None where there are none to try."""

    def preflight(self, finished: Finished) -> Preflight:
        """Return what a run of these notebooks shows."""

    # -- grades --

    def reuse(self, earlier: Grade) -> Reuse:
        """Return how much of a grade is still valid; submission and seed are the same."""

    def stamp(self, grade: Grade) -> Grade:
        """Return the grade stamped with its fingerprint."""

    def exact(self, grade: Grade) -> Grade:
        """Return a stored grade that is current with exact points; its file has rounded ones."""

    def is_current(self, grade: Grade) -> bool:
        """Whether a grade was made with today's assignment, configuration and versions."""

    def shown_beside(self, handin: Handin) -> Mapping[str, bytes]:
        """Return the files that formgrader shows beside the graded notebooks, by their path there."""

    def rebuilt(self, grade: Grade, folders: Folders) -> Finished | None:
        """Return a grade that needed no run, with what to write for it; None if an earlier file is missing."""

    def ungraded(self, setup: JudgeSetup, work: Work, reason: Sentence) -> Finished:
        """Return the result of a submission that the grader failed on."""

    def broken(self, setup: JudgeSetup, work: Work) -> Finished:
        """Return the result of a submission that breaks every judge: ungraded, and a person has to look at it."""

    # -- lateness --

    def lateness(self, grade: Grade) -> Lateness | None:
        """Return what being late costs by today's deadlines; None where there is nothing to say."""

    def penalises(self, grade: Grade, before: Grade | None) -> bool:
        """Whether this engine decides the penalty in the gradebook, given the stored grade from before."""

    @property
    def penalty(self) -> NotebookPenalty:
        """The rule that the gradebook's writer asks after it has written a notebook's rows."""

    def final_penalty(self, row: StudentRow, grade: Grade) -> Fraction | None:
        """Return the penalty for being late by the gradebook's points of today; None if only the gradebook knows it."""

    # -- pages and rows --

    def page(self, notebook: str, grade: Grade, by_hand: Mapping[str, ByHand], language: Language = ENGLISH) -> str:
        """Return the student's page of one notebook, with what a person entered by exercise."""

    def exercises_of(self, notebook: str) -> Sequence[str]:
        """Return the ids of the exercises in one notebook, written questions too."""

    def hand_cells(self) -> Mapping[str, HandCells]:
        """Return, by notebook, the exercise of each graded cell and of each cell with a comment."""

    @property
    def prepares_gradebook(self) -> bool:
        """Whether the grader makes the assignment's own rows in the gradebook where they are missing."""


# -- the judge's side ----------------------------------------------------------------------------------------


class Judge(Protocol):
    """Grades submissions in a judge's process, one after the other."""

    def work(self, work: Work) -> Finished:
        """Grade one submission. A failure of our own leaves it ungraded."""
