"""The students' pages: nbgrader keeps one for each notebook."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from autograder.course.assignment import Assignment
from autograder.engines.innotebook.release_record import Recorded
from autograder.feedback.render import render_student
from autograder.verdict import Grade, Lateness, Status

__all__ = ["Pages"]

#: Says what being late costs one notebook.
LateOf = Callable[[Grade, str], Lateness | None]


def _never(_grade: Grade, _notebook: str) -> None:
    """Say nothing about lateness."""


class Pages:
    """Renders the pages of one assignment from verdicts alone."""

    def __init__(self, recorded: Recorded, assignment: Assignment) -> None:
        self._recorded = recorded
        self._assignment = assignment

    def of(self, grade: Grade, late: LateOf = _never) -> dict[str, str]:
        """Return the page of each notebook; a submission that was not graded has its reason on each."""
        return {n.name: self._page(grade, n.name, late) for n in self._recorded.notebooks}

    def _page(self, grade: Grade, notebook: str, late: LateOf) -> str:
        if grade.status is not Status.GRADED:
            return render_student(replace(grade, late=late(grade, notebook)), self._assignment)
        prefix = self._recorded.exercise_id(notebook, "")
        mine = tuple(r for r in grade.exercises if r.id.startswith(prefix))
        part = replace(
            grade,
            exercises=mine,
            score=sum((r.score for r in mine), Fraction(0)),
            max_score=sum((r.max_score for r in mine), Fraction(0)),
            late=late(grade, notebook),
        )
        return render_student(part, self._part(notebook))

    @functools.cache  # noqa: B019 - it lives as long as its process
    def _part(self, notebook: str) -> Assignment:
        prefix = self._recorded.exercise_id(notebook, "")
        kept = tuple(e for e in self._assignment.exercises if e.id.startswith(prefix))
        several = len(self._recorded.notebooks) > 1
        title = f"{self._assignment.title}: {notebook}" if several else self._assignment.title
        return replace(self._assignment, title=title, exercises=kept)
