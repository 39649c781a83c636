"""What being late costs, by today's deadlines: worked out beside grading, and again without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from autograder.assignment import Assignment
from autograder.batch.journal import Journal
from autograder.gradebook.deadlines import read_deadlines, submitted_at
from autograder.gradebook.directories import Directories
from autograder.gradebook.writer import GradebookWriter
from autograder.late import Deadlines
from autograder.outputs import write_atomically
from autograder.report.render import render_student
from autograder.verdict import Grade

__all__ = ["Lateness"]


class Lateness:
    """The deadlines of one run.

    Raises:
        AssignmentError: if there is a rule and no deadline.
        GradebookError: if the gradebook cannot be read.
    """

    def __init__(
        self, directories: Directories, assignment: Assignment, *, hurried: Callable[[], bool] = lambda: False
    ) -> None:
        self._hurried = hurried
        self._directories = directories
        self._assignment = assignment
        self._deadlines: Deadlines | None = read_deadlines(directories, assignment)

    def of(self, grade: Grade) -> Grade:
        """Return the verdict with what being late costs; the score is what it was."""
        if self._deadlines is None:
            return replace(grade, late=None)
        folder = self._directories.submitted(grade.student, self._assignment.slug)
        return replace(grade, late=self._deadlines.judge(grade, submitted_at(folder)))

    def page(self, grade: Grade, made: str) -> str:
        """Return the student's page: judges know no deadlines, so one that has to speak of lateness is made here."""
        late = grade.late is not None and grade.late.late_s > 0
        return render_student(grade, self._assignment) if late else made

    def revise(self, grades: Mapping[str, Grade], journal: Journal) -> dict[str, Grade]:
        """Write feedback, penalties and results again, in that order, where lateness changed and nothing else.

        Those that a penalty applies to are among them in any case: what a person gave may have changed since.

        Returns:
            The verdicts that were written, by student.
        """
        revised = {student: now for student, grade in grades.items() if _differs(now := self.of(grade), grade)}
        if revised:
            self._write(revised.values(), journal)
        return revised

    def take_back(self, students: Iterable[str], journal: Journal) -> None:
        """Where there is no rule any more, take the penalties back of those who are graded again.

        Their new verdicts know nothing of a penalty, and one that nbgrader's own plugin wrote would be left alone.
        """
        if self._deadlines is not None:
            return
        before = [grade for s in students if (grade := journal.result(s)) is not None and grade.late is not None]
        if before:
            with GradebookWriter(self._directories, self._assignment, hurried=self._hurried) as gradebook:
                gradebook.write_penalties([replace(grade, late=None) for grade in before])

    def _write(self, grades: Iterable[Grade], journal: Journal) -> None:
        found = list(grades)
        for grade in found:
            write_atomically(self._page_of(grade.student), render_student(grade, self._assignment))
        with GradebookWriter(self._directories, self._assignment, hurried=self._hurried) as gradebook:
            gradebook.write_penalties(found)
        for grade in found:
            journal.write(grade)

    def _page_of(self, student: str) -> Path:
        return self._directories.feedback(student, self._assignment.slug) / f"{self._assignment.slug}.html"


def _differs(now: Grade, then: Grade) -> bool:
    return now.to_json().get("late") != then.to_json().get("late") or (now.late is not None and now.late.percent > 0)
