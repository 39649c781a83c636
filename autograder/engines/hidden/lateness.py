"""What being late costs, by today's deadlines: worked out beside grading, and again without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from autograder.course.assignment import Assignment
from autograder.course.gradebook.deadlines import read_deadlines, submitted_at
from autograder.course.gradebook.directories import Directories
from autograder.course.late import Deadlines
from autograder.verdict import Grade

__all__ = ["Lateness"]


class Lateness:
    """The deadlines of one run.

    Raises:
        AssignmentError: if there is a rule and no deadline.
        GradebookError: if the gradebook cannot be read.
    """

    def __init__(self, directories: Directories, assignment: Assignment) -> None:
        self._directories = directories
        self._assignment = assignment
        self._deadlines: Deadlines | None = read_deadlines(directories, assignment)

    def of(self, grade: Grade) -> Grade:
        """Return the verdict with what being late costs; the score is what it was."""
        if self._deadlines is None:
            return replace(grade, late=None)
        folder = self._directories.submitted(grade.student, self._assignment.slug)
        return replace(grade, late=self._deadlines.judge(grade, submitted_at(folder)))

    def revised(self, grades: Iterable[Grade]) -> Iterator[Grade]:
        """Go through verdicts that hold, but not what being late costs; `Recorder.revise` writes them.

        Those that a penalty applies to are among them in any case: what a person gave may have changed since.
        """
        return (now for grade in grades if _differs(now := self.of(grade), grade))

    def taken_back(self, grades: Iterable[Grade], before: Callable[[str], Grade | None]) -> list[Grade]:
        """Return new verdicts whose students have a penalty by a rule that is gone; `before` tells the last result.

        Without a rule nothing is said about penalties: one that nbgrader's own plugin wrote is left alone.
        """
        if self._deadlines is not None:
            return []
        return [g for g in grades if (old := before(g.student)) is not None and old.late is not None]


def _differs(now: Grade, then: Grade) -> bool:
    return now.to_json().get("late") != then.to_json().get("late") or (now.late is not None and now.late.percent > 0)
