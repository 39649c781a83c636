"""What a person entered in formgrader: points, extra credit and comments, by student and exercise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.opened import OpenGradebook

__all__ = ["ByHand", "HandCells", "read_by_hand"]


@dataclass(frozen=True, slots=True)
class ByHand:
    """A person's part in one exercise: points that replace the automatic ones (or None), extra points, a comment."""

    score: Fraction | None = None
    extra: Fraction = Fraction(0)
    comment: str = ""


@dataclass(frozen=True, slots=True)
class HandCells:
    """The cells of one notebook in which a person can enter something, each with the id of its exercise.

    `scores` are graded cells, `comments` those beside which formgrader has a box for comments.
    """

    scores: Mapping[str, str]
    comments: Mapping[str, str]


def read_by_hand(directories: Directories, slug: str, cells: Mapping[str, HandCells]) -> dict[str, dict[str, ByHand]]:
    """Return what was entered, by student and exercise.

    Args:
        directories: the folders of the course with the gradebook.
        slug: the assignment.
        cells: by notebook, the cells in which something can be entered.

    Raises:
        GradebookError: if the gradebook cannot be read.
    """
    with _Reader(directories) as gradebook:
        found: dict[str, dict[str, ByHand]] = gradebook.patiently(lambda: gradebook.by_hand(slug, cells))
        return found


class _Reader(OpenGradebook):
    def by_hand(self, slug: str, cells: Mapping[str, HandCells]) -> dict[str, dict[str, ByHand]]:
        from nbgrader.api import MissingEntry

        found: dict[str, dict[str, ByHand]] = defaultdict(dict)
        for name, where in cells.items():
            try:
                notebook = self._gradebook.find_notebook(name, slug)
            except MissingEntry:
                continue
            for student, identifier, score, extra in self._grades(notebook, where.scores):
                given = None if score is None else Fraction(score)
                found[student][identifier] = ByHand(given, Fraction(extra or 0))
            for student, identifier, comment in self._comments(notebook, where.comments):
                known = found[student].get(identifier, ByHand())
                both = f"{known.comment}\n{comment}" if known.comment else comment
                found[student][identifier] = replace(known, comment=both)
        return dict(found)

    def _grades(self, notebook: Any, exercises: Mapping[str, str]) -> Iterator[tuple[str, str, Any, Any]]:
        from nbgrader.api import Grade
        from sqlalchemy import or_

        graded = (*notebook.grade_cells, *notebook.task_cells)
        cells = {c.id: exercises[c.name] for c in graded if c.name in exercises}
        wanted = or_(Grade.manual_score.isnot(None), Grade.extra_credit != 0)
        columns = (Grade.cell_id, Grade.manual_score, Grade.extra_credit)
        for student, cell, score, extra in self._rows(notebook, Grade, columns, wanted):
            if cell in cells:
                yield student, cells[cell], score, extra

    def _comments(self, notebook: Any, exercises: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        from nbgrader.api import Comment

        commented = (*notebook.solution_cells, *notebook.task_cells)
        cells = {c.id: exercises[c.name] for c in commented if c.name in exercises}
        columns = (Comment.cell_id, Comment.manual_comment)
        for student, cell, comment in self._rows(notebook, Comment, columns, Comment.manual_comment.isnot(None)):
            if cell in cells and comment.strip():
                yield student, cells[cell], comment.strip()

    def _rows(self, notebook: Any, kind: Any, columns: tuple[Any, ...], wanted: Any) -> Any:
        """Return some columns of the wanted rows, after the student's id."""
        from nbgrader.api import SubmittedAssignment, SubmittedNotebook

        return (
            self._gradebook.db.query(SubmittedAssignment.student_id, *columns)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(kind, kind.notebook_id == SubmittedNotebook.id)
            .filter(SubmittedNotebook.notebook_id == notebook.id)
            .filter(wanted)
        )
