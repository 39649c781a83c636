"""Students' pages with what no judge knows: what being late costs, and what a person entered in formgrader."""

from __future__ import annotations

import functools
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.gradebook.byhand import ByHand, read_by_hand
from autograder.course.gradebook.directories import Directories
from autograder.feedback.render import entered, is_ours, render_student
from autograder.verdict import Grade

__all__ = ["Pages"]

#: Where a page says who made it, and of what.
_HEAD_BYTES = 2048


class Pages:
    """The pages of one run. What was entered is read once, when the first page is to be made."""

    def __init__(self, directories: Directories, assignment: Assignment) -> None:
        self._directories = directories
        self._assignment = assignment

    @functools.cached_property
    def _by_hand(self) -> dict[str, dict[str, ByHand]]:
        return read_by_hand(self._directories, self._assignment)

    def of(self, grade: Grade, made: str | None = None) -> str:
        """Return a student's page: the one that was made, unless there is more to say.

        Raises:
            GradebookError: if the gradebook cannot be read.
        """
        by_hand = self._by_hand.get(grade.student, {})
        late = grade.late is not None and grade.late.late_s > 0
        if made is not None and not late and not by_hand:
            return made
        return render_student(grade, self._assignment, by_hand=by_hand)

    def is_outdated(self, student: str, page: Path) -> bool:
        """Whether something else was entered since a page was written.

        One that another program wrote there, nbgrader's generate_feedback, is left to it.

        Raises:
            GradebookError: if the gradebook cannot be read.
        """
        try:
            with page.open("rb") as file:
                head = file.read(_HEAD_BYTES).decode("utf-8", "replace")
        except OSError:
            return False
        return is_ours(head) and entered(head) != entered(self._by_hand.get(student, {}))
