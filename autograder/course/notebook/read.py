"""Read a notebook that was handed in: accept what honest editors do to it, and never trust it.

Locked cells come from the template, never from the student's copy; every other cell is the student's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.notebook.belongs import check_assignment, read_template
from autograder.course.notebook.bounds import Bounds, bounds_of
from autograder.course.notebook.cells import grade_id, is_solution, nbgrader_metadata
from autograder.course.notebook.file import parse_json, read_notebook
from autograder.course.notebook.identify import identify
from autograder.course.notebook.normalise import well_formed
from autograder.course.notebook.restore import restore
from autograder.errors import AssignmentError
from autograder.sentences import Sentence

__all__ = [
    "RunCell",
    "Submission",
    "cells_to_run",
    "load_template",
    "parse_notebook",
    "parse_submission",
    "read_submission",
]


@dataclass(frozen=True, slots=True)
class RunCell:
    """A code cell to execute: its position, the name that a student knows it by, its text.

    `strict`: it tests other cells, so it ends when something is refused.
    """

    index: int
    name: str
    source: str
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """A readable submission.

    `notebook` is in the current format, without outputs, with locked cells as in the template. `notes` say what was put
    right; `missing` holds the exercises whose solution cell is gone or is no code. `review` says why a person should
    look before the points count, and is empty if nobody needs to.
    """

    sha256: str
    notebook: NotebookNode
    cells: tuple[RunCell, ...]
    notes: tuple[Sentence, ...]
    missing: frozenset[str]
    review: Sentence = field(default=Sentence())
    #: Exercises whose own cells still hold the released stub.
    untouched: frozenset[str] = frozenset()


def load_template(assignment: Assignment) -> NotebookNode:
    """Read an assignment's template notebook.

    Raises:
        AssignmentError: if it cannot be read, or its cells do not fit `assignment.toml`.
    """
    path = assignment.template_path
    notebook = read_template(assignment)
    cells = {identifier: cell for cell in notebook.cells if (identifier := grade_id(cell))}
    for exercise in assignment.exercises:
        for needed in (exercise.id, exercise.test_cell):
            if needed not in cells:
                raise AssignmentError(
                    f"{path} has no cell with the grade_id {needed!r}; add it or correct assignment.toml."
                )
        if not is_solution(cells[exercise.id]):
            raise AssignmentError(f"{path}: mark the cell {exercise.id!r} as a solution in its metadata.")
        points = nbgrader_metadata(cells[exercise.test_cell]).get("points")
        if points != exercise.points:
            raise AssignmentError(
                f"{path}: the cell {exercise.test_cell!r} gives {points} points, "
                f"assignment.toml {exercise.points}; make them the same."
            )
    return notebook


def read_submission(path: Path, assignment: Assignment, template: NotebookNode) -> Submission:
    """Read the notebook that a student handed in.

    Raises:
        SubmissionRejected: if it cannot be read, or as for `parse_submission`.
    """
    notes: list[Sentence] = []
    content = read_notebook(path, bounds_of(assignment), notes)
    submission = parse_submission(content, assignment, template)
    return replace(submission, notes=(*notes, *submission.notes))


def parse_submission(data: bytes, assignment: Assignment, template: NotebookNode) -> Submission:
    """Read the bytes of a notebook that a student handed in.

    Raises:
        SubmissionRejected: if it is no notebook of this assignment; says what was found and what to do.
    """
    notes: list[Sentence] = []
    notebook = well_formed(parse_json(data), notes, bounds_of(assignment))
    check_assignment(notebook, assignment, template)
    elsewhere = identify(notebook, assignment, template, notes)
    missing = restore(notebook, assignment, template, notes, elsewhere)
    return Submission(
        sha256=hashlib.sha256(data).hexdigest(),
        notebook=notebook,
        cells=cells_to_run(notebook),
        notes=tuple(dict.fromkeys(notes)),
        missing=missing,
        untouched=_untouched(notebook, template),
    )


def _untouched(notebook: NotebookNode, template: NotebookNode) -> frozenset[str]:
    stubs = {grade_id(cell): cell.source.strip() for cell in template.cells if cell.cell_type == "code"}
    names = (n for cell in notebook.cells if (n := grade_id(cell)) and cell.source.strip() == stubs.get(n))
    return frozenset(names)


def parse_notebook(path: Path) -> NotebookNode:
    """Read any notebook in the current format, with its nbgrader metadata and without outputs.

    Raises:
        SubmissionRejected: if it is no notebook.
    """
    bounds = Bounds()
    return well_formed(parse_json(read_notebook(path, bounds, [])), [], bounds)


def cells_to_run(notebook: NotebookNode) -> tuple[RunCell, ...]:
    """Return the code cells with names; a cell without a grade_id is named by its position in the submission."""
    return tuple(
        RunCell(i, grade_id(cell) or f"cell {cell['id'].removeprefix('c')}", cell.source)
        for i, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    )
