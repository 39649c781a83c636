"""Students' pages with what no judge knows: what being late costs, and what a person entered in formgrader."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from autograder.course.gradebook.byhand import ByHand, read_by_hand
from autograder.engines.base import Engine
from autograder.feedback.render import entered, is_ours
from autograder.verdict import Grade

__all__ = ["StudentPages"]

#: Where a page says who made it, and of what.
_HEAD_BYTES = 2048


class StudentPages:
    """The pages of one run. What was entered is read once, when the first page is to be made."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @functools.cached_property
    def _by_hand(self) -> dict[str, dict[str, ByHand]]:
        engine = self._engine
        return read_by_hand(engine.directories, engine.assignment.slug, engine.hand_cells())

    def of(self, grade: Grade, made: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return a student's pages by notebook: those that were made, unless there is more to say.

        Raises:
            GradebookError: if the gradebook cannot be read.
        """
        late = grade.late is not None and grade.late.late_s > 0
        if made is not None and not late and not self._by_hand.get(grade.student):
            return dict(made)
        names = self._engine.notebooks
        return {name: self._engine.page(name, grade, self._entered(grade.student, name)) for name in names}

    def is_outdated(self, student: str, notebook: str, page: Path) -> bool:
        """Whether something else was entered since a page was written.

        A page that another program wrote there, such as nbgrader's generate_feedback, is left alone.

        Raises:
            GradebookError: if the gradebook cannot be read.
        """
        try:
            with page.open("rb") as file:
                head = file.read(_HEAD_BYTES).decode("utf-8", "replace")
        except OSError:
            return False
        return is_ours(head) and entered(head) != entered(self._entered(student, notebook))

    def _entered(self, student: str, notebook: str) -> dict[str, ByHand]:
        ours = set(self._engine.exercises_of(notebook))
        return {e: given for e, given in self._by_hand.get(student, {}).items() if e in ours}
