"""Assignments that are graded by the tests in their notebooks, as the coordinator knows them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePosixPath

import autograder
from autograder.course.gradebook.byhand import ByHand, HandCells
from autograder.course.gradebook.directories import CONFIG, Directories, Handin
from autograder.course.gradebook.standings import StudentRow
from autograder.course.layout import Course
from autograder.engines.base import Finished, Folders, JudgeSetup, Preflight, Reuse, Work, empty_grade
from autograder.engines.innotebook.handin import files_digest, load_work
from autograder.engines.innotebook.kernels import kernels_of, not_installed
from autograder.engines.innotebook.libraries import libraries_of
from autograder.engines.innotebook.messages import OWN_FILES, NotebookSetup
from autograder.engines.innotebook.pages import NotebookPages
from autograder.engines.innotebook.penalties import NbgraderLateRule
from autograder.engines.innotebook.preflight import Instructors, read_instructors, what_is_missing
from autograder.engines.innotebook.pythons import OwnPython
from autograder.engines.innotebook.release_record import in_students_process, read_recorded
from autograder.engines.innotebook.settings import bounds_of_course, read_settings
from autograder.engines.innotebook.side_files import source_files
from autograder.engines.own_limit import BROKEN, for_a_person
from autograder.feedback.language import ENGLISH, Language
from autograder.sandbox.spec import Tier
from autograder.sentences import Sentence
from autograder.verdict import Grade, Lateness, Status

__all__ = ["NotebookEngine"]

#: Kinds of files that a browser shows or offers to save, but does not run.
_INERT = frozenset({".csv", ".gif", ".jpeg", ".jpg", ".json", ".md", ".pdf", ".png", ".py", ".tsv", ".txt"})


def _version(package: str) -> str:
    """Return a package's version; empty where it is not installed, as torch need not be."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


class NotebookEngine:
    """Grades by nbgrader's test cells and rules, from what the gradebook recorded; an `engines.base.Engine`.

    Raises:
        AssignmentError: if the gradebook does not know the assignment.
        CourseError: if the configuration cannot be used.
    """

    #: The tests in notebooks run on the CPU.
    devices = frozenset({"cpu"})
    seeded = False
    rebuilds = False
    prepares_gradebook = False

    def __init__(self, course: Course, slug: str) -> None:
        self.course = course
        self.directories = Directories(course)
        self.recorded = read_recorded(self.directories, slug)
        self.settings = read_settings(self.directories)
        self.assignment = self.recorded.as_assignment(course.root, self.settings.limits)
        self.notebooks = tuple(n.name for n in self.recorded.notebooks)
        self.submission_s = self.settings.limits.submission_s * len(self.notebooks)
        self._pages = NotebookPages(self.recorded, self.assignment)

    @functools.cached_property
    def fingerprint(self) -> str:
        """A digest of all that a grade depends on besides the submission."""
        config = self.course.root / CONFIG
        digest = hashlib.sha256(config.read_bytes() if config.is_file() else b"")
        versions = map(_version, ("torch", "ipython", "nbgrader"))
        for part in (autograder.__version__, *versions, repr(self.recorded)):
            digest.update(part.encode() + b"\0")
        for name, path in source_files(self.directories, self.recorded).items():
            digest.update(name.encode("utf-8", "surrogateescape") + hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    # -- what goes in --------------------------------------------------------------------------------------

    def setup(self, seed: int, device: str, tier: str) -> JudgeSetup:
        """Return the setup for a judge on this machine.

        Raises:
            CourseError: if a notebook's kernel is not installed here.
        """
        slug = self.assignment.slug
        folders = [self.directories.source(slug), self.directories.release(slug)]
        return NotebookSetup(
            self.course.root,
            slug,
            seed,
            device,
            tier,
            recorded=self.recorded,
            settings=self.settings,
            own_files=source_files(self.directories, self.recorded),
            libraries=libraries_of(
                self.recorded, folders, preload=self.settings.preload, leave_out=self.settings.leave_out
            ),
            kernels=kernels_of(self.recorded, tier=Tier(tier), always=self.settings.kernels),
        )

    def bundle(self) -> Mapping[str, bytes]:
        """Return nbgrader's configuration and the course's own files beside the notebooks."""
        files = {}
        config = self.course.root / CONFIG
        if config.is_file():
            files[CONFIG] = config.read_bytes()
        for name, path in source_files(self.directories, self.recorded).items():
            files[f"{OWN_FILES}/{name}"] = path.read_bytes()
        return files

    def digest(self, handin: Handin) -> str:
        """Return the digest of everything that was handed in."""
        return load_work(handin, self.directories).sha256

    def load(self, handin: Handin, reuse: Reuse) -> Work:
        """Read everything that was handed in; these notebooks always run whole."""
        return load_work(handin, self.directories)

    # -- before the class ----------------------------------------------------------------------------------

    @functools.cached_property
    def _instructors(self) -> Instructors | None:
        return read_instructors(self.directories, self.recorded, bounds_of_course(self.directories))

    def instructors_work(self) -> Work | None:
        """Return the source notebooks, or the release, as a submission."""
        found = self._instructors
        if found is None:
            return None
        handed = found.handed
        return Work("", files_digest(handed.files), handed.files, notes=handed.notes, unread=handed.unread)

    def preflight(self, finished: Finished) -> Preflight:
        """Return what the environment lacks, by a run of the instructor's notebooks."""
        if self._instructors is None:
            return Preflight()
        source = self.directories.source(self.assignment.slug)
        kernels = kernels_of(self.recorded, tier=Tier(finished.grade.tier), always=self.settings.kernels)
        programs = {name: k.program for name, k in kernels.items() if isinstance(k, OwnPython)}
        found = what_is_missing(
            finished,
            self.assignment.exercises,
            self.recorded,
            instructors=self._instructors,
            source=source,
            programs=programs,
        )
        unknown = tuple(
            f"The notebooks name the Jupyter kernel {name!r}, which is not installed here, so the grader's own Python "
            f"runs them. To let theirs run them: `python -m ipykernel install --user --name {name}`, by its Python."
            for name in not_installed(self.recorded)
        )
        return replace(found, warnings=(*found.warnings, *unknown))

    # -- grades --------------------------------------------------------------------------------------------

    def reuse(self, earlier: Grade) -> Reuse:
        """Return what holds of a grade of the same submission."""
        if self.is_current(earlier):
            return Reuse(earlier, same=True)
        return Reuse(why="the release, the course's files, nbgrader_config.py or a version changed")

    def stamp(self, grade: Grade) -> Grade:
        """Return the grade stamped with its fingerprint."""
        return replace(grade, fingerprint=self.fingerprint)

    def exact(self, grade: Grade) -> Grade:
        """Return the grade: points of test cells are stored exactly."""
        return grade

    def is_current(self, grade: Grade) -> bool:
        """Whether a grade was made with today's release, configuration and versions."""
        return grade.fingerprint == self.fingerprint

    def shown_beside(self, handin: Handin) -> Mapping[str, bytes]:
        """Return the course's own files, and the student's files that a browser does not run."""
        handed = load_work(handin, self.directories).files
        shown = {name: content for name, content in handed.items() if PurePosixPath(name).suffix.lower() in _INERT}
        own = source_files(self.directories, self.recorded)
        return shown | {name: path.read_bytes() for name, path in own.items() if not name.endswith(".ipynb")}

    def rebuilt(self, grade: Grade, folders: Folders) -> Finished | None:
        """Return None: rows and comments of an earlier run are not kept."""
        return None

    def ungraded(self, setup: JudgeSetup, work: Work, reason: Sentence) -> Finished:
        """Return the result of a submission that the grader failed on."""
        notes = (in_students_process(),)
        return Finished(empty_grade(self.assignment, setup, work, Status.UNGRADED, reason, notes))

    def broken(self, setup: JudgeSetup, work: Work) -> Finished:
        """Return the result of a submission that breaks every judge."""
        finished = self.ungraded(setup, work, BROKEN)
        return replace(finished, grade=for_a_person(finished.grade, self.assignment))

    # -- lateness ------------------------------------------------------------------------------------------

    @functools.cached_property
    def penalty(self) -> NbgraderLateRule:
        """nbgrader's rule, with the dates that hold when it is first used.

        Raises:
            CourseError: if the course's plugin cannot be made.
            GradebookError: if the gradebook cannot be read.
        """
        return NbgraderLateRule(self.directories, self.recorded)

    def lateness(self, grade: Grade) -> Lateness | None:
        """Return what being late costs by today's dates."""
        return self.penalty.of(grade)

    def penalises(self, grade: Grade, before: Grade | None) -> bool:
        """Return True: nbgrader writes a penalty, or none, whenever it grades."""
        return True

    def final_penalty(self, row: StudentRow, grade: Grade) -> Fraction | None:
        """Return what being late costs by the gradebook's points of today."""
        return self.penalty.of_cells(grade.student, {name: c.score for name, c in row.cells.items()})

    # -- pages and rows ------------------------------------------------------------------------------------

    def page(self, notebook: str, grade: Grade, by_hand: Mapping[str, ByHand], language: Language = ENGLISH) -> str:
        """Return the student's page of one notebook."""
        late = None if grade.late is None else self.penalty.of_notebook(grade, notebook, by_hand)
        path = self.directories.autograded(grade.student, self.assignment.slug) / f"{notebook}.ipynb"
        try:
            ran = path.read_text(encoding="utf-8")
        except OSError:
            # What was not handed in, or could not be read, has no graded notebook.
            ran = ""
        return self._pages.page(grade, notebook, late, by_hand, ran=ran, language=language)

    def exercises_of(self, notebook: str) -> Sequence[str]:
        """Return the ids of a notebook's graded cells."""
        prefix = self.recorded.exercise_id(notebook, "")
        return [e.id for e in self.assignment.exercises if e.id.startswith(prefix)]

    def hand_cells(self) -> Mapping[str, HandCells]:
        """Return the cells in which a person can enter points and comments.

        A comment beside a solution cell without points belongs to the next graded cell, whose tests are about it.
        """
        found = {}
        for notebook in self.recorded.notebooks:
            names = (*notebook.points, *(c.name for c in notebook.task_cells))
            scores = {name: self.recorded.exercise_id(notebook.name, name) for name in names}
            comments: dict[str, str] = {}
            waiting: list[str] = []
            for cell in notebook.source_cells:
                if cell.name in notebook.solutions or cell.name in scores:
                    waiting.append(cell.name)
                if cell.name in scores:
                    comments |= dict.fromkeys(waiting, scores[cell.name])
                    waiting = []
            last = next(reversed(comments.values()), None)
            if last is not None:
                comments |= dict.fromkeys(waiting, last)
            found[notebook.name] = HandCells(scores, comments)
        return found
