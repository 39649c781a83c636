"""One record per student: the gradebook's points, our verdict, and what being late costs by today's deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from autograder.batch.results import Journal
from autograder.course.assignment import Assignment, load_assignment
from autograder.course.gradebook.deadlines import read_deadlines, submitted_at
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.standings import CellScore, Standing, read_standings
from autograder.course.late import penalty
from autograder.course.layout import Course
from autograder.engines.innotebook.engine import Classroom, has_hidden_checks, open_classroom
from autograder.engines.innotebook.penalties import Penalties
from autograder.verdict import Grade

__all__ = ["Record", "Source", "collect", "source_of"]


@dataclass(frozen=True, slots=True)
class Record:
    """What any format needs of one student. `standing` is None where no points exist yet, which is no zero."""

    student: str
    standing: Standing | None
    grade: Grade | None
    penalty: Fraction
    submitted: datetime | None
    #: When the verdict was written, in UTC.
    graded_at: datetime | None

    @property
    def cells(self) -> Mapping[str, CellScore]:
        """The graded cells by grade_id, in the gradebook's order."""
        return self.standing.cells if self.standing else {}

    @property
    def score(self) -> Fraction:
        """All points, those of a person too, before what being late costs."""
        return sum((c.score for c in self.cells.values()), Fraction(0))

    @property
    def max_score(self) -> Fraction:
        """All points that there are, written questions included."""
        return sum((c.max_score for c in self.cells.values()), Fraction(0))

    @property
    def final(self) -> Fraction:
        """What counts."""
        return max(Fraction(0), self.score - self.penalty)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The cells that wait for a person."""
        return tuple(name for name, cell in self.cells.items() if cell.waiting)


class Source(Protocol):
    """Where the records of an assignment come from, be it graded by hidden checks or by the tests in its notebooks."""

    @property
    def assignment(self) -> Assignment:
        """What it consists of."""

    @property
    def directories(self) -> Directories:
        """Where its submissions are."""

    def standings(self) -> Mapping[str, Standing]:
        """Return the gradebook's rows by student; cells by `Exercise.test_cell`."""

    def path(self, student: str) -> Path:
        """Return where a student's verdict stands."""

    def result(self, student: str) -> Grade | None:
        """Return a student's verdict, None if there is none."""

    def penalty(self, standing: Standing, grade: Grade) -> Fraction | None:
        """Return what being late costs by the points of today; None if only the gradebook knows."""


def source_of(course: Course, slug: str) -> Source:
    """Return where an assignment's records come from.

    Raises:
        AssignmentError: if there is no such assignment, or its files cannot be used.
        CourseError: if the configuration cannot be used.
        GradebookError: if the gradebook cannot be read.
    """
    if has_hidden_checks(course, slug):
        return _Checked(course, load_assignment(course.root, slug))
    return _InNotebook(open_classroom(course, slug))


class _Checked:
    """Hidden checks: our own files say what being late costs."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.assignment = assignment
        self.directories = Directories(course)
        self._journal = Journal.open(course.results_dir / assignment.slug, assignment, None)
        self._deadlines = read_deadlines(self.directories, assignment)
        self.path = self._journal.path
        self.result = self._journal.result

    def standings(self) -> Mapping[str, Standing]:
        return read_standings(self.directories, self.assignment.slug)

    def penalty(self, standing: Standing, grade: Grade) -> Fraction | None:
        moment = submitted_at(self.directories.submitted(grade.student, self.assignment.slug))
        late = self._deadlines.judge(grade, moment) if self._deadlines else None
        if late is None:
            return None
        cells = standing.cells.values()
        score = sum((c.score for c in cells), Fraction(0))
        return penalty(late.percent, late.of, score, sum((c.max_score for c in cells), Fraction(0)))


class _InNotebook:
    """Test cells: nbgrader's dates and plugin say what being late costs."""

    def __init__(self, classroom: Classroom) -> None:
        self.assignment = classroom.assignment
        self.directories = classroom.directories
        self._classroom = classroom
        self._penalties = Penalties(classroom.directories, classroom.recorded)
        ledger = classroom.ledger()
        self.path = ledger.path
        self.result = ledger.result

    def standings(self) -> Mapping[str, Standing]:
        several = len(self._classroom.notebooks) > 1
        return read_standings(self.directories, self.assignment.slug, qualified=several)

    def penalty(self, standing: Standing, grade: Grade) -> Fraction | None:
        return self._penalties.of_cells(grade.student, {name: c.score for name, c in standing.cells.items()})


def collect(source: Source) -> list[Record]:
    """Return a record for everybody who handed in, by student.

    Raises:
        GradebookError: if the gradebook cannot be read.
    """
    slug = source.assignment.slug
    standings = source.standings()
    folders = {h.student: h.directory for h in source.directories.handins(slug)}
    found = []
    for student in sorted({*standings, *folders}):
        standing = standings.get(student)
        folder = folders.get(student)
        grade = source.result(student) if folder else None
        found.append(
            Record(
                student=student,
                standing=standing,
                grade=grade,
                penalty=_penalty(source, standing, grade),
                submitted=submitted_at(folder) if folder else standings[student].timestamp,
                graded_at=datetime.fromtimestamp(source.path(student).stat().st_mtime, UTC) if grade else None,
            )
        )
    return found


def _penalty(source: Source, standing: Standing | None, grade: Grade | None) -> Fraction:
    """Work the penalty out anew: the gradebook's is of the points that there were when it was written."""
    if standing is None:
        return Fraction(0)
    found = source.penalty(standing, grade) if grade else None
    return standing.penalty if found is None else found
