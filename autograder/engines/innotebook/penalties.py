"""What being late costs where nbgrader decides: its gradebook's dates, and the plugin that the course names.

As with hidden checks, none of this changes a score: it is worked out beside grading, and again without a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from autograder.course.gradebook.byhand import ByHand
from autograder.course.gradebook.deadlines import read_duedate, zoned_timestamp
from autograder.course.gradebook.directories import Directories
from autograder.course.late import Deadlines, LateRule
from autograder.engines.innotebook.release_record import Recorded
from autograder.errors import CourseError
from autograder.files import read_receipt
from autograder.verdict import Grade, Lateness, Status

__all__ = ["NbgraderLateRule", "late_plugin"]


class NbgraderLateRule:
    """The dates of a class, read once, and nbgrader's rule.

    Raises:
        CourseError: if the course's plugin cannot be made.
        GradebookError: if the gradebook cannot be read.
    """

    def __init__(self, directories: Directories, recorded: Recorded) -> None:
        self._directories = directories
        self._recorded = recorded
        due, extensions = read_duedate(directories, recorded.slug)
        self._deadlines = None if due is None else Deadlines(LateRule(), due, extensions)
        self._plugin = late_plugin(directories)

    def of_points(self, student: str, points: float, late_s: float) -> float | None:
        """Return what is taken off a notebook's points, a person's included; None if the rule says nothing.

        Raises:
            CourseError: if the course's plugin fails.
        """
        if self._plugin is None or late_s <= 0:
            return None
        try:
            found = self._plugin.late_submission_penalty(student, points, late_s)
            return None if found is None else min(max(0.0, float(found)), points)
        except Exception as error:
            raise CourseError(f"nbgrader_config.py: the plugin for late submissions: {error}.") from error

    def of(self, grade: Grade) -> Lateness | None:
        """Return how late a submission is and what that costs of its automatic points; None without a date."""
        points = {name: _sum(grade, self._recorded.exercise_id(name, "")) for name in self._names}
        return self._of_points(grade, points, grade.max_score)

    def of_notebook(self, grade: Grade, notebook: str, by_hand: Mapping[str, ByHand] | None = None) -> Lateness | None:
        """Return the same for one notebook, with a person's points: nbgrader penalises notebooks one by one."""
        prefix = self._recorded.exercise_id(notebook, "")
        mine = {e.id: e for e in grade.exercises if e.id.startswith(prefix)}
        points = {identifier: e.score for identifier, e in mine.items()}
        for identifier, hand in (by_hand or {}).items():
            given = points.get(identifier, Fraction(0)) if hand.score is None else hand.score
            points[identifier] = given + hand.extra
        total = sum(points.values(), Fraction(0))
        full = sum((e.max_score for e in mine.values()), Fraction(0))
        return self._of_points(grade, {notebook: total}, max(full, total))

    def of_rows(self, submitted: Any, grade: Grade) -> float | None:
        """Do as nbgrader's AssignLatePenalties, with the plugin that the course names.

        Raises:
            CourseError: if that plugin fails.
        """
        late_s = self._late_s(grade.student) or 0.0
        if late_s <= 0 or submitted.notebook.name not in self.graded(grade.student):
            return None
        from sqlalchemy.orm import object_session

        database = object_session(submitted)
        assert database is not None
        # The score is the sum of rows that were written just now.
        database.refresh(submitted, ["score"])
        return self.of_points(grade.student, submitted.score, late_s)

    def of_cells(self, student: str, cells: Mapping[str, Fraction]) -> Fraction | None:
        """Return what being late costs a submission by the points of its cells today; None without a date."""
        late_s = self._late_s(student)
        if late_s is None:
            return None
        total = Fraction(0)
        for name in self.graded(student):
            prefix = self._recorded.exercise_id(name, "")
            points = sum((score for cell, score in cells.items() if cell.startswith(prefix)), Fraction(0))
            total += Fraction(self.of_points(student, float(points), late_s) or 0)
        return total

    def graded(self, student: str) -> list[str]:
        """Return the notebooks of a student that were graded: nbgrader penalises no others."""
        folder = self._directories.autograded(student, self._recorded.slug)
        return [name for name in self._names if (folder / f"{name}.ipynb").is_file()]

    # -- dates and sums ----------------------------------------------------------------------------------------

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(n.name for n in self._recorded.notebooks)

    def _submitted(self, student: str) -> datetime | None:
        return zoned_timestamp(read_receipt(self._directories.submitted(student, self._recorded.slug), "timestamp.txt"))

    def _late_s(self, student: str) -> float | None:
        """Return the seconds after the student's own deadline; None where either time is not known."""
        moment = self._submitted(student)
        if self._deadlines is None or moment is None:
            return None
        return max(0.0, (moment.replace(tzinfo=UTC) - self._deadlines.due_for(student)).total_seconds())

    def _of_points(self, grade: Grade, points: Mapping[str, Fraction], full: Fraction) -> Lateness | None:
        if self._deadlines is None or grade.status is Status.UNGRADED:
            return None
        found = [self.of_points(grade.student, float(p), self._late_s(grade.student) or 0.0) for p in points.values()]
        costs = sum((Fraction(p or 0) for p in found), Fraction(0))
        total = sum(points.values(), Fraction(0))
        moment = self._submitted(grade.student)
        return Lateness(
            due=self._deadlines.due_for(grade.student).isoformat(),
            submitted=None if moment is None else moment.replace(tzinfo=UTC).isoformat(),
            late_s=round(self._late_s(grade.student) or 0.0, 3),
            # A plugin names points, not a percentage.
            percent=100 * costs / total if total else Fraction(0),
            of="score",
            penalty=min(costs, full),
        )


def _sum(grade: Grade, prefix: str) -> Fraction:
    return sum((e.score for e in grade.exercises if e.id.startswith(prefix)), Fraction(0))


def late_plugin(directories: Directories) -> Any:
    """Make the plugin; None if the course does not use the preprocessor that asks it."""
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.utils.importstring import import_item

    try:
        listed = Autograde(coursedir=None, config=directories.config).autograde_preprocessors
        kinds = [import_item(p) if isinstance(p, str) else p for p in listed]
        wanted = next((k for k in kinds if isinstance(k, type) and issubclass(k, AssignLatePenalties)), None)
        if wanted is None:
            return None
        preprocessor = wanted(config=directories.config)
        if not preprocessor.enabled:
            return None
        preprocessor.init_plugin()
    except Exception as error:  # noqa: BLE001 - a plugin of the course's raises what it likes
        raise CourseError(f"nbgrader_config.py: the plugin for late submissions: {error}.") from None
    return preprocessor.plugin_inst
