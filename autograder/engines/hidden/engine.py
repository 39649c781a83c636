"""The engine of assignments with hidden checks: the coordinator's side."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import PurePosixPath

from autograder.course.assignment import Assignment, load_assignment
from autograder.course.gradebook.byhand import ByHand, HandCells
from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.gradebook.standings import StudentRow
from autograder.course.layout import Course
from autograder.engines.base import Finished, Folders, JudgeSetup, Preflight, Reuse, Work, empty_grade
from autograder.engines.hidden.dependencies import Dependencies, dependencies
from autograder.engines.hidden.handin import load_work
from autograder.engines.hidden.lateness import OwnLateRule
from autograder.engines.hidden.reuse import exact, reusable
from autograder.engines.hidden.texts import Texts
from autograder.engines.own_limit import BROKEN, for_a_person
from autograder.feedback.language import ENGLISH, Language
from autograder.feedback.render import render_student
from autograder.sentences import Sentence
from autograder.verdict import Grade, Lateness, Status

__all__ = ["HiddenEngine"]


class HiddenEngine:
    """Grades by the checks in `solutions/SLUG/checks/`; an `engines.base.Engine`.

    Raises:
        AssignmentError: if the assignment's files cannot be used.
        CourseError: if the configuration cannot be used.
    """

    devices = frozenset({"cpu", "cuda"})
    seeded = True
    rebuilds = True
    prepares_gradebook = True

    def __init__(self, course: Course, slug: str) -> None:
        self.course = course
        self.assignment: Assignment = load_assignment(course.root, slug)
        self.directories = Directories(course)
        self.notebooks: tuple[str, ...] = (slug,)
        self.submission_s = self.assignment.limits.total_s

    @functools.cached_property
    def depends(self) -> Dependencies:
        """The digests of the assignment's files.

        Raises:
            AssignmentError: if one of them cannot be read.
        """
        return dependencies(self.assignment)

    # -- what goes in --------------------------------------------------------------------------------------

    def setup(self, seed: int, device: str, tier: str) -> JudgeSetup:
        """Return the setup of a judge on this machine."""
        return JudgeSetup(self.course.root, self.assignment.slug, seed, device, tier)

    def bundle(self) -> Mapping[str, bytes]:
        """Return the files of the assignment's two folders; a symbolic link is replaced by the file behind it."""
        files = {}
        folders = (("assignments", self.assignment.public_dir), ("solutions", self.assignment.secret_dir))
        for kind, folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    name = PurePosixPath(kind, self.assignment.slug, path.relative_to(folder).as_posix())
                    files[str(name)] = path.read_bytes()
        return files

    def digest(self, handin: Handin) -> str:
        """Return the digest of what was handed in; empty where nothing can be read."""
        return load_work(handin, self.directories, self.assignment).sha256

    def load(self, handin: Handin, reuse: Reuse) -> Work:
        """Read what was handed in; only the exercises run that `reuse` does not keep."""
        work = load_work(handin, self.directories, self.assignment)
        if not reuse.kept or work.sha256 != reuse.sha256:
            return work
        return replace(work, exercises=frozenset(reuse.outdated(self.assignment)), kept=reuse.kept)

    # -- before the class ----------------------------------------------------------------------------------

    def instructors_work(self) -> Work | None:
        """Return None: `autograder verify` runs the reference."""
        return None

    def preflight(self, finished: Finished) -> Preflight:
        """Return an empty preflight: there is no instructor's notebook to run."""
        return Preflight()

    # -- grades --------------------------------------------------------------------------------------------

    def reuse(self, earlier: Grade) -> Reuse:
        """Return how much of a grade is still valid; submission and seed are the same."""
        return reusable(earlier, self.assignment, self.depends)

    def stamp(self, grade: Grade) -> Grade:
        """Return the grade stamped with the digests of the assignment's files."""
        return replace(grade, fingerprint=self.depends.fingerprint, depends=self.depends.record())

    def exact(self, grade: Grade) -> Grade:
        """Return a stored grade that is current with exact points."""
        return exact(grade, self.assignment, self.depends)

    def is_current(self, grade: Grade) -> bool:
        """Whether a grade was made with today's files and versions."""
        return grade.fingerprint == self.depends.fingerprint

    def shown_beside(self, handin: Handin) -> Mapping[str, bytes]:
        """Return no files: pictures are in the notebook."""
        return {}

    def rebuilt(self, grade: Grade, folders: Folders) -> Finished | None:
        """Return a grade that was scored anew, with the earlier run's notebook; None if that cannot be read."""
        return Texts(self.assignment).of_reevaluated(grade, folders.autograded_dir / f"{self.assignment.slug}.ipynb")

    def ungraded(self, setup: JudgeSetup, work: Work, reason: Sentence) -> Finished:
        """Return the result of a submission that the grader failed on."""
        return Finished(empty_grade(self.assignment, setup, work, Status.UNGRADED, reason))

    def broken(self, setup: JudgeSetup, work: Work) -> Finished:
        """Return the result of a submission that breaks every judge."""
        finished = self.ungraded(setup, work, BROKEN)
        return replace(finished, grade=for_a_person(finished.grade, self.assignment))

    # -- lateness ------------------------------------------------------------------------------------------

    @functools.cached_property
    def penalty(self) -> OwnLateRule:
        """The rule of `assignment.toml`, with the deadlines of the moment of its first use.

        Raises:
            AssignmentError: if there is a rule and no deadline.
            GradebookError: if the gradebook cannot be read.
        """
        return OwnLateRule(self.directories, self.assignment)

    def lateness(self, grade: Grade) -> Lateness | None:
        """Return what being late costs by today's deadlines."""
        return self.penalty.of(grade)

    def penalises(self, grade: Grade, before: Grade | None) -> bool:
        """Whether the rule decides the penalty in the gradebook."""
        return self.penalty.decides(grade, before)

    def final_penalty(self, row: StudentRow, grade: Grade) -> Fraction | None:
        """Return the penalty for being late by the gradebook's points of today."""
        return self.penalty.final(row, grade)

    # -- pages and rows ------------------------------------------------------------------------------------

    def page(self, notebook: str, grade: Grade, by_hand: Mapping[str, ByHand], language: Language = ENGLISH) -> str:
        """Return the student's page."""
        return render_student(grade, self.assignment, by_hand=by_hand, language=language)

    def exercises_of(self, notebook: str) -> Sequence[str]:
        """Return the ids of all exercises."""
        return [e.id for e in self.assignment.exercises]

    def hand_cells(self) -> Mapping[str, HandCells]:
        """Return the cells in which a person can enter points and comments."""
        exercises = self.assignment.exercises
        cells = HandCells({e.test_cell: e.id for e in exercises}, {e.id: e.id for e in exercises})
        return {self.assignment.slug: cells}
