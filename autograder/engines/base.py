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
    """What a judge needs to know once. `JUDGE` names the module whose `run` judges with such a setup.

    `USUAL` says whether its zygote is like that of other judges, so that a fork server can make it.
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
    """A judge that is not ready yet says what it does: for whoever waits."""

    phase: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The judge is ready for its first submission; or it says why it cannot be."""

    problem: str | None = None
    #: Whether the course's own files are to blame: no other judge would do better.
    final: bool = False
    #: Whether the GPU is: another judge beside those that have one may find no room on it.
    of_device: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """One submission: its files by their path below the submission's directory.

    `problem` says why there is nothing to grade, `too_large` that a limit is why, and `unread` the same of single
    notebooks by their path. `notes` say what was found instead or left out, `review` why a person is to look, `folder`
    what was handed in. `exercises` are those to run, None for all of them; `kept` are the results of the others.
    `alone` says that it ran out of time before, while others had the processors; now nothing else of the batch runs.
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
    """A judge has this student's submission now. It is said again when another judge gets it."""

    student: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A grade and what is to be written with it.

    `notebooks` (as they ran) and `pages` (the student's feedback) are by the notebook's name; `rows` and `comments`
    are for the gradebook. `stop` says why the whole batch has to end here, where a course asked for that. `alone` says
    that one more try, when nothing else runs, may end otherwise: a GPU had no room, or a limit of time was reached
    while the notebook waited long for a processor.
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
    """How much of an earlier result holds today: all of it, some exercises, or nothing, and why not all.

    `grade` is today's grade where nothing has to run for it; `same` says that it is the stored one, unchanged.
    Otherwise `kept` are the exercises that need not run again, for the submission with the digest `sha256`.
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
    """What a run of the instructor's own notebooks tells: what their environment lacks, and what else to look at."""

    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Folders(Protocol):
    """Where the files of one submission are."""

    @property
    def autograded_dir(self) -> Path:
        """What formgrader shows."""

    @property
    def feedback_dir(self) -> Path:
        """What the student gets back."""


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
        """What the assignment consists of."""

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The names of its notebooks, without `.ipynb`; each has a feedback page."""

    @property
    def devices(self) -> frozenset[str]:
        """Where its notebooks can run: `cpu`, `cuda`."""

    @property
    def seeded(self) -> bool:
        """Whether its inputs are drawn from a seed that the batch keeps."""

    @property
    def rebuilds(self) -> bool:
        """Whether `rebuilt` can make everything that is written of a stored grade."""

    @property
    def submission_s(self) -> float:
        """The wall time of one submission, in seconds."""

    # -- what goes in --

    def setup(self, seed: int, device: str, tier: str) -> JudgeSetup:
        """Return what a judge on this machine is told.

        Raises:
            CourseError: if this machine lacks a program that the notebooks need.
        """

    def bundle(self) -> Mapping[str, bytes]:
        """Return the course's files that a judge on another machine needs, by their path below its root."""

    def digest(self, handin: Handin) -> str:
        """Return the digest of what was handed in, as `load` gives it; empty where nothing can be read."""

    def load(self, handin: Handin, reuse: Reuse) -> Work:
        """Read what was handed in. What is wrong with it is said in the work; `reuse` says what need not run."""

    # -- before the class --

    def instructors_work(self) -> Work | None:
        """Return the instructor's own notebooks as a submission; None where there is none to be tried."""

    def preflight(self, finished: Finished) -> Preflight:
        """Return what a run of them tells."""

    # -- grades --

    def reuse(self, earlier: Grade) -> Reuse:
        """Return what holds of a grade of the same submission with the same seed."""

    def stamp(self, grade: Grade) -> Grade:
        """Return a new grade stamped with the fingerprint of what it was made under."""

    def exact(self, grade: Grade) -> Grade:
        """Return a stored grade of today with exact points, where its file has rounded ones."""

    def is_current(self, grade: Grade) -> bool:
        """Whether a grade was made under the assignment, the configuration and the versions of today."""

    def shown_beside(self, handin: Handin) -> Mapping[str, bytes]:
        """Return what formgrader is to find beside the graded notebooks, by its path there."""

    def rebuilt(self, grade: Grade, folders: Folders) -> Finished | None:
        """Return a grade that needed no run with all that is written of it; None if an earlier file is missing."""

    def ungraded(self, setup: JudgeSetup, work: Work, reason: Sentence) -> Finished:
        """Return the result of a submission that the grader failed on."""

    def broken(self, setup: JudgeSetup, work: Work) -> Finished:
        """Return the result of a submission that breaks every judge: ungraded, for a person to look at."""

    # -- lateness --

    def lateness(self, grade: Grade) -> Lateness | None:
        """Return what being late costs by today's deadlines; None where nothing is to be said."""

    def penalises(self, grade: Grade, before: Grade | None) -> bool:
        """Whether this engine decides the penalty in the gradebook, given the stored grade from before."""

    @property
    def penalty(self) -> NotebookPenalty:
        """The rule that the gradebook's writer asks once a notebook's rows are written."""

    def final_penalty(self, row: StudentRow, grade: Grade) -> Fraction | None:
        """Return what being late costs by the gradebook's points of today; None if only the gradebook knows."""

    # -- pages and rows --

    def page(self, notebook: str, grade: Grade, by_hand: Mapping[str, ByHand], language: Language = ENGLISH) -> str:
        """Return the student's page of one notebook, with what a person entered by exercise."""

    def exercises_of(self, notebook: str) -> Sequence[str]:
        """Return the ids of the exercises that one notebook holds, written questions too."""

    def hand_cells(self) -> Mapping[str, HandCells]:
        """Return by notebook which exercise a graded cell and a commented cell belong to."""

    @property
    def prepares_gradebook(self) -> bool:
        """Whether the assignment's own rows are made by the grader, as far as they are not there."""


# -- the judge's side ----------------------------------------------------------------------------------------


class Judge(Protocol):
    """What grades submissions inside a judge's process, one after the other."""

    def work(self, work: Work) -> Finished:
        """Grade one submission. Whatever goes wrong on our side leaves it ungraded."""
