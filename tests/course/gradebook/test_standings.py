"""What is read back from the gradebook is what nbgrader itself counts, in a file and on a server."""

from __future__ import annotations

from fractions import Fraction

from class_of_records import ODD, make_class
from gradebooks import gradebook
from tiny_course import TinyCourse

from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.standings import read_standings


def test_standings_are_what_nbgrader_counts(course: TinyCourse) -> None:
    """Scores, maxima and penalties of everybody agree with nbgrader's own sums."""
    made = make_class(course)
    found = read_standings(Directories(made.course), "tiny")
    assert set(found) == {"ada", "bob", "rejected", *ODD}
    with gradebook(made) as opened:
        for student, standing in found.items():
            theirs = opened.find_submission("tiny", student)
            assert float(sum(c.score for c in standing.cells.values())) == theirs.score
            assert float(sum(c.max_score for c in standing.cells.values())) == theirs.max_score == 6
            assert float(standing.penalty) == theirs.late_submission_penalty
            waiting = [c.waiting for c in standing.cells.values()]
            assert any(waiting) == theirs.needs_manual_grade
    ada = found["ada"]
    assert (ada.last_name, ada.email, ada.lms_user_id) == ("=Lovelace, Countess", "ada@x.org", "4711")
    assert ada.cells["q_why"].by_hand
    assert not found["zoë"].cells["q_why"].scored
    assert found["bob"].penalty == Fraction(0.125)


def test_an_assignment_that_the_gradebook_does_not_know_has_no_standings(sqlite_course: TinyCourse) -> None:
    """This is so before anything is released or graded."""
    assert read_standings(Directories(sqlite_course.course), "other") == {}
