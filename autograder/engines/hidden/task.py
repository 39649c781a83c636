"""One submission as the coordinator knows it: what was handed in, and where its outputs go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.notebook.bounds import Bounds
from autograder.course.notebook.find import Found, read_found
from autograder.course.notebook.listing import described, list_folder
from autograder.engines.base import Work
from autograder.engines.hidden.reuse import Standing
from autograder.verdict import ExerciseResult, Status

__all__ = ["Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """One submission and its folders, and what of an earlier result holds if the notebook has this digest still."""

    slug: str
    student: str
    notebook: Path
    submitted_dir: Path
    autograded_dir: Path
    feedback_dir: Path
    kept: tuple[ExerciseResult, ...] = ()
    kept_sha256: str = ""
    exercises: frozenset[str] | None = None
    found: Found = field(default_factory=Found)
    bounds: Bounds = field(default_factory=Bounds)

    @classmethod
    def of(cls, directories: Directories, slug: str, handin: Handin) -> Task:
        """Name the folders of what a student handed in."""
        return cls(
            slug=slug,
            student=handin.student,
            notebook=handin.notebook or handin.directory / f"{slug}.ipynb",
            submitted_dir=handin.directory,
            autograded_dir=directories.autograded(handin.student, slug),
            feedback_dir=directories.feedback(handin.student, slug),
            found=handin.found,
            bounds=directories.bounds(slug),
        )

    @property
    def autograded(self) -> Path:
        """The notebook that formgrader shows."""
        return self.autograded_dir / f"{self.slug}.ipynb"

    @property
    def feedback(self) -> Path:
        """The page that the student gets."""
        return self.feedback_dir / f"{self.slug}.html"

    def keeping(self, standing: Standing, assignment: Assignment) -> Task:
        """Return the task of running only what is outdated."""
        if not standing.kept:
            return self
        exercises = frozenset(standing.outdated(assignment))
        return replace(self, kept=standing.kept, kept_sha256=standing.submission_sha256, exercises=exercises)

    def load(self) -> Work:
        """Read the notebook; what is wrong with the file is told in the result."""
        read = read_found(self.found, self.submitted_dir, self.slug, self.bounds)
        if read.content is None:
            return Work(self.student, read.sha256, problem=read.problem, notes=read.notes, too_large=read.too_large)
        work = Work(
            self.student,
            read.sha256,
            read.content,
            notes=read.notes,
            review=self.found.review,
            folder=described(list_folder(self.submitted_dir)),
        )
        if self.kept and read.sha256 == self.kept_sha256:
            return replace(work, exercises=self.exercises, kept=self.kept)
        return work

    def is_written(self, status: Status) -> bool:
        """Whether the files of an earlier run are still there."""
        if not _has_content(self.feedback):
            return False
        return status is not Status.GRADED or _has_content(self.autograded)


def _has_content(path: Path) -> bool:
    """Whether it is a file with something in it: after a power cut an unwritten one may be empty."""
    return path.is_file() and path.stat().st_size > 0
