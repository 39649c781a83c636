"""A course with the built-in assignments, and hand-ins composed from its variants."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.course.assignment import Assignment, load_assignment
from autograder.course.layout import Course, init_course
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import load_template
from autograder.engines.base import Engine
from autograder.engines.registry import open_engine
from autograder.verdict import Grade

__all__ = ["Classroom", "make_classroom"]


@dataclass(frozen=True)
class Classroom:
    """A course, one of its assignments, and the means to hand in and grade."""

    course: Course
    assignment: Assignment

    @property
    def engine(self) -> Engine:
        """The assignment's engine, with its files as they are now."""
        return open_engine(self.course, self.assignment.slug)

    @property
    def root(self) -> Path:
        """The course's folder."""
        return self.course.root

    def solved(self, *modules: str) -> Any:
        """Return a notebook that solves everything; named variants (`honest/x`) come first."""
        secret = self.assignment.secret_dir
        paths = [secret / f"{m}.py" for m in modules]
        return compose_submission(self.assignment, self.template, [*paths, self.assignment.solution_path])

    def edited(self, exercise: str, source: str) -> Any:
        """Return a right notebook in which one exercise's cell has another source."""
        notebook = self.solved()
        for cell in notebook.cells:
            if grade_id(cell) == exercise:
                cell.source = source
        return notebook

    @property
    def template(self) -> Any:
        """The notebook with stubs."""
        return load_template(self.assignment)

    def path(self, student: str) -> Path:
        """Return where a student's notebook is handed in."""
        return self.root / "submitted" / student / self.assignment.slug / f"{self.assignment.slug}.ipynb"

    def hand_in(self, student: str, notebook: Any) -> Path:
        """Hand in a notebook, JSON data, text or bytes."""
        path = self.path(student)
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(notebook, bytes):
            path.write_bytes(notebook)
        elif isinstance(notebook, str):
            path.write_text(notebook, encoding="utf-8")
        elif isinstance(notebook, nbformat.NotebookNode):
            path.write_text(nbformat.writes(notebook), encoding="utf-8")
        else:
            path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    def grade(self, **options: Any) -> BatchReport:
        """Grade everything on the CPU with a known seed."""
        given: dict[str, Any] = {"jobs": 2, "device": "cpu", "seed": 7, "min_tier": "B", **options}
        return grade_batch(self.engine, BatchOptions(**given), SilentProgress())

    def grades(self, **options: Any) -> dict[str, Grade]:
        """Grade and return the results by student."""
        return {g.student: g for g in self.grade(**options).grades}

    def feedback(self, student: str) -> str:
        """Return a student's feedback page."""
        page = self.root / "feedback" / student / self.assignment.slug / f"{self.assignment.slug}.html"
        return page.read_text(encoding="utf-8")


def make_classroom(root: Path, slug: str = "optimizers") -> Classroom:
    """Make the built-in course in `root`."""
    course = init_course(root)
    return Classroom(course, load_assignment(course.root, slug))
