"""One total for each student, from the gradebook: page, class report and summary show the same."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from autograder.course.assignment import Assignment
from autograder.course.gradebook.standings import StudentRow

__all__ = ["Total", "total_of"]


@dataclass(frozen=True, slots=True)
class Total:
    """The points of one submission.

    `automatic` are those that no person changed, `by_hand` those that a person gave, extra credit included. `waiting`
    are the points of questions that have none yet, `max_score` those of all other exercises. `cells` are the points of
    each exercise.
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
        assignment: the assignment with these exercises.
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
