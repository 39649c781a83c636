"""One submission as the batch knows it: what was handed in, and where its outputs go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from autograder.course.gradebook.directories import Handin
from autograder.engines.base import Engine, Reuse, Work
from autograder.files import has_content
from autograder.verdict import Status

__all__ = ["Task"]

NOTHING_HOLDS = Reuse()


@dataclass(frozen=True, slots=True)
class Task:
    """One submission, its folders, and how much of an earlier result holds while the submission is the same."""

    engine: Engine
    handin: Handin
    autograded_dir: Path
    feedback_dir: Path
    reuse: Reuse = NOTHING_HOLDS

    @classmethod
    def of(cls, engine: Engine, handin: Handin) -> Task:
        """Return the task of a hand-in, with its folders."""
        slug, directories = engine.assignment.slug, engine.directories
        student = handin.student
        return cls(engine, handin, directories.autograded(student, slug), directories.feedback(student, slug))

    @property
    def student(self) -> str:
        """The student who handed it in."""
        return self.handin.student

    @property
    def submitted_dir(self) -> Path:
        """Where it was handed in."""
        return self.handin.directory

    def autograded(self, notebook: str) -> Path:
        """Return the path of the notebook that formgrader shows."""
        return self.autograded_dir / f"{notebook}.ipynb"

    def page(self, notebook: str) -> Path:
        """Return the path of the student's page."""
        return self.feedback_dir / f"{notebook}.html"

    def keeping(self, reuse: Reuse) -> Task:
        """Return the task that runs only what is outdated."""
        return replace(self, reuse=reuse) if reuse.kept else self

    def load(self) -> Work:
        """Read what was handed in; only now, so that memory holds few submissions at a time."""
        return self.engine.load(self.handin, self.reuse)

    def is_written(self, status: Status) -> bool:
        """Whether the files of an earlier run are still there, with something in each of them."""
        if not all(has_content(self.page(name)) for name in self.engine.notebooks):
            return False
        if status is not Status.GRADED:
            return True
        # A student may hand in some of several notebooks.
        there = [path for name in self.engine.notebooks if (path := self.autograded(name)).exists()]
        return bool(there) and all(map(has_content, there))
