"""One record per student: the gradebook's points, our verdict, and what being late costs by today's deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from autograder.assignment import Assignment
from autograder.batch.journal import Journal
from autograder.course import Course
from autograder.gradebook.deadlines import read_deadlines, submitted_at
from autograder.gradebook.directories import Directories
from autograder.gradebook.standings import CellScore, Standing, read_standings
from autograder.late import Deadlines, penalty
from autograder.verdict import Grade

__all__ = ["Record", "collect"]


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


def collect(course: Course, assignment: Assignment) -> list[Record]:
    """Return a record for everybody who handed in, by student.

    Raises:
        GradebookError: if the gradebook cannot be read.
    """
    directories = Directories(course)
    slug = assignment.slug
    deadlines = read_deadlines(directories, assignment)
    standings = read_standings(directories, slug)
    journal = Journal.open(course.results_dir / slug, assignment, None)
    folders = {h.student: h.directory for h in directories.handins(slug)}
    found = []
    for student in sorted({*standings, *folders}):
        standing = standings.get(student)
        folder = folders.get(student)
        grade = journal.result(student) if folder else None
        moment = submitted_at(folder) if folder else standings[student].timestamp
        path = journal.path(student)
        found.append(
            Record(
                student=student,
                standing=standing,
                grade=grade,
                penalty=_penalty(standing, grade, deadlines, moment),
                submitted=moment,
                graded_at=datetime.fromtimestamp(path.stat().st_mtime, UTC) if grade else None,
            )
        )
    return found


def _penalty(
    standing: Standing | None, grade: Grade | None, deadlines: Deadlines | None, moment: datetime | None
) -> Fraction:
    """Work the penalty out anew: the gradebook's is of the points that there were when it was written."""
    if standing is None:
        return Fraction(0)
    late = deadlines.judge(grade, moment) if deadlines and grade else None
    if late is None:
        return standing.penalty
    cells = standing.cells.values()
    score = sum((c.score for c in cells), Fraction(0))
    return penalty(late.percent, late.of, score, sum((c.max_score for c in cells), Fraction(0)))
