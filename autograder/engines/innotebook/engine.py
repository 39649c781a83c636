"""A class and an assignment that is graded by the tests in its notebooks, as every command needs to know them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.layout import Course
from autograder.engines.innotebook.handin import NotebookTask
from autograder.engines.innotebook.ledger import Ledger, fingerprint
from autograder.engines.innotebook.release_record import Recorded, read_recorded
from autograder.engines.innotebook.settings import Settings, read_settings

__all__ = ["Classroom", "has_hidden_checks", "open_classroom"]


def has_hidden_checks(course: Course, slug: str) -> bool:
    """Whether an assignment is graded by our checks; else by the tests in its notebooks."""
    return (course.root / "solutions" / slug).is_dir()


@dataclass(frozen=True, slots=True)
class Classroom:
    """What the gradebook and `nbgrader_config.py` say; `assignment` is what reports need to know of it."""

    course: Course
    directories: Directories
    recorded: Recorded
    settings: Settings
    assignment: Assignment

    @property
    def slug(self) -> str:
        """The assignment's name."""
        return self.assignment.slug

    @property
    def folder(self) -> Path:
        """Where results stand."""
        return self.course.results_dir / self.slug

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The names of its notebooks."""
        return tuple(n.name for n in self.recorded.notebooks)

    def taking_part(self, handins: Sequence[Handin] | None = None) -> list[Handin]:
        """Return those of the submissions, of all if none are given, that the configuration leaves in."""
        given = self.directories.handins(self.slug) if handins is None else handins
        return [h for h in given if self.directories.takes_part(h.student)]

    def tasks(self, handins: Sequence[Handin] | None = None) -> dict[str, NotebookTask]:
        """Return the folders of these submissions, of all if none are given, by student."""
        given = self.directories.handins(self.slug) if handins is None else handins
        return {h.student: NotebookTask.of(self.directories, self.slug, h) for h in given}

    def ledger(self) -> Ledger:
        """Return the results of everybody who handed in."""
        digest = fingerprint(self.course, self.directories, self.recorded)
        return Ledger(self.folder, digest, {h.student for h in self.directories.handins(self.slug)})


def open_classroom(course: Course, slug: str) -> Classroom:
    """Read what there is to know.

    Raises:
        AssignmentError: if the gradebook does not know the assignment.
        CourseError: if the configuration cannot be used.
    """
    directories = Directories(course)
    recorded = read_recorded(directories, slug)
    settings = read_settings(directories)
    return Classroom(course, directories, recorded, settings, recorded.as_assignment(course.root, settings.limits))
