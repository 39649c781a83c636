"""A course small enough to release, hand in and grade within seconds: a function, a class, a question."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.course.assignment import Assignment, load_assignment
from autograder.course.layout import Course
from autograder.engines.base import Engine
from autograder.engines.registry import open_engine

__all__ = ["TinyCourse", "make_tiny_course"]

TOML = """
title = "Tiny"

[[exercise]]
id = "double"
title = "Double"
points = 2

[[exercise]]
id = "Counter"
title = "Counter"
points = 3

[[exercise]]
id = "q_why"
title = "Why"
points = 1
written = true
"""

DOUBLE = '''def double(x):
    """Return twice `x`."""
    raise NotImplementedError'''

COUNTER = '''class Counter:
    """Counts."""

    def __init__(self, start=0):
        """Start somewhere."""
        raise NotImplementedError

    def up(self, by=1):
        """Count up."""
        raise NotImplementedError'''

SOLUTION = '''"""The reference."""

import math


def double(x):
    """Return twice `x`."""
    # Adding is exact.
    return x + x  # secret-double


class Counter:
    """Counts."""

    def __init__(self, start=0):
        """Start somewhere."""
        self.count = start  # secret-init

    def up(self, by=1):
        """Count up."""
        for _ in range(by):
            self.count += 1
        return self.count
'''

CHECKS = '''"""Hidden checks of the tiny course: quickly run, for what is not about numbers."""

import pytest

from autograder.checks import fail


@pytest.mark.exercise("double")
def test_doubles_whole_numbers(student):
    """Twice four is eight."""
    if student.double(4) != 8:
        fail("Four is not doubled.")


@pytest.mark.exercise("double")
def test_doubles_negative_numbers(student):
    """Twice minus three is minus six."""
    if student.double(-3) != -6:
        fail("A negative number is not doubled.")


@pytest.mark.exercise("Counter")
def test_counts(student):
    """From one, two up is three."""
    if student.tools.example("Counter(1).up(2)") != 3:
        fail("It does not count.")
'''


@dataclass(frozen=True)
class TinyCourse:
    """The course, its one assignment, and the means to make hand-ins for it."""

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

    def template(self) -> dict[str, Any]:
        """Return the template as plain JSON, for a test to edit."""
        data: dict[str, Any] = json.loads(self.assignment.template_path.read_text(encoding="utf-8"))
        return data

    def solved(self) -> dict[str, Any]:
        """Return the template with a student's right answers."""
        notebook = self.template()
        cell(notebook, "double")["source"] = "def double(x):\n    return 2 * x"
        cell(notebook, "q_why")["source"] = "Because."
        return notebook

    def add_checks(self) -> Path:
        """Write hidden checks, without which nothing can be graded; return their file."""
        path = self.assignment.checks_dir / "test_tiny.py"
        path.write_text(CHECKS, encoding="utf-8")
        return path

    def hand_in(self, student: str, notebook: object, timestamp: str | None = None) -> Path:
        """Put a notebook (JSON data, text or bytes) where nbgrader collects submissions."""
        path = self.root / "submitted" / student / "tiny" / "tiny.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(notebook, bytes):
            path.write_bytes(notebook)
        else:
            text = notebook if isinstance(notebook, str) else json.dumps(notebook)
            path.write_text(text, encoding="utf-8")
        if timestamp is not None:
            (path.parent / "timestamp.txt").write_text(timestamp, encoding="utf-8")
        return path


def cell(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """Return the cell with that grade_id."""
    for found in notebook["cells"]:
        if found["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            assert isinstance(found, dict)
            return found
    raise KeyError(grade_id)


def make_tiny_course(root: Path) -> TinyCourse:
    """Write the course into `root`."""
    public, secret = root / "assignments" / "tiny", root / "solutions" / "tiny"
    (secret / "checks").mkdir(parents=True)
    public.mkdir(parents=True)
    (public / "assignment.toml").write_text(TOML, encoding="utf-8")
    (public / "data.csv").write_text("x\n1\n", encoding="utf-8")
    (secret / "solution.py").write_text(SOLUTION, encoding="utf-8")
    cells = [
        nbformat.v4.new_markdown_cell("# Tiny <br> notebook"),
        _code("import math", "setup", locked=True),
        _code(DOUBLE, "double", solution=True),
        _code("print(double(2))", "test_double", points=2),
        _code(COUNTER, "Counter", solution=True),
        _code("print(Counter())", "test_Counter", points=3),
        nbformat.v4.new_markdown_cell("Why?"),
        _answer("YOUR ANSWER HERE", "q_why", points=1),
    ]
    for number, made in enumerate(cells):
        made["id"] = f"tiny-{number}"
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, public / "tiny.ipynb")
    return TinyCourse(Course(root), load_assignment(root, "tiny"))


def _code(
    source: str, grade_id: str, *, solution: bool = False, locked: bool = False, points: int | None = None
) -> Any:
    made = nbformat.v4.new_code_cell(source)
    made.metadata["nbgrader"] = _metadata(grade_id, solution=solution, locked=locked, points=points)
    return made


def _answer(source: str, grade_id: str, *, points: int) -> Any:
    made = nbformat.v4.new_markdown_cell(source)
    made.metadata["nbgrader"] = _metadata(grade_id, solution=True, locked=False, points=points)
    return made


def _metadata(grade_id: str, *, solution: bool, locked: bool, points: int | None) -> dict[str, Any]:
    grade = points is not None
    metadata: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": locked or (grade and not solution),
        "task": False,
    }
    if grade:
        metadata["points"] = points
    return metadata
