"""One total for each student, by the gradebook: what the page, the class report and the summary say alike."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from autograder.course.assignment import Assignment
from autograder.course.gradebook.standings import StudentRow

__all__ = ["Total", "total_of"]


@dataclass(frozen=True, slots=True)
class Total:
    """The points of one submission.

    `automatic` are those that no person changed, `by_hand` a person's and extra credit, `max_score` all points but
    those of questions that wait for their first; these are `waiting`. `cells` are the points of each exercise.
    """

    automatic: Fraction
    by_hand: Fraction
    penalty: Fraction
    max_score: Fraction
    waiting: Fraction
    cells: dict[str, Fraction]

    @property
    def score(self) -> Fraction:
        """All points that there are now."""
        return self.automatic + self.by_hand

    @property
    def final(self) -> Fraction:
        """What counts, with what being late costs."""
        return max(Fraction(0), self.score - self.penalty)


def total_of(row: StudentRow, assignment: Assignment, penalty: Fraction) -> Total:
    """Return the total of a student's row in the gradebook.

    Args:
        row: the points of its cells.
        assignment: whose exercises they are.
        penalty: what being late costs by these points.
    """
    automatic = by_hand = max_score = waiting = Fraction(0)
    cells = {}
    for exercise in assignment.exercises:
        cell = row.cells.get(exercise.test_cell)
        if cell is not None:
            cells[exercise.id] = cell.score
            by_hand += cell.score if cell.by_hand else cell.extra
            automatic += 0 if cell.by_hand else cell.score - cell.extra
        if exercise.written and (cell is None or not cell.scored):
            waiting += exercise.points
        else:
            max_score += exercise.points
    return Total(automatic, by_hand, penalty, max_score, waiting, cells)
