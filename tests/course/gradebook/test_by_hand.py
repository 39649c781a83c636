"""What a person entered is read back, and a student's page says it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from gradebooks import gradebook
from grades_written import entry, writer_of
from tiny_course import TinyCourse

from autograder.batch.pages import StudentPages
from autograder.course.gradebook.byhand import ByHand, read_by_hand
from autograder.course.gradebook.directories import Directories
from autograder.engines.hidden.engine import HiddenEngine
from autograder.feedback.render import render_student
from autograder.verdict import ExerciseResult, Grade, Lateness, Status


def grade(student: str) -> Grade:
    """Return a verdict: nothing for double, full marks for Counter."""
    return Grade(
        assignment="tiny",
        student=student,
        status=Status.GRADED,
        score=Fraction(3),
        max_score=Fraction(5),
        device="cpu",
        tier="A",
        seed=1,
        submission_sha256="0" * 64,
        exercises=(
            ExerciseResult("double", Fraction(0), Fraction(2)),
            ExerciseResult("Counter", Fraction(3), Fraction(3)),
        ),
    )


def test_what_was_entered_is_read_and_nothing_else(course: TinyCourse) -> None:
    """Points, zero points, extra points and comments are read; empty fields count as nothing."""
    directories = Directories(course.course)
    assert read_by_hand(directories, "tiny", HiddenEngine(course.course, "tiny").hand_cells()) == {}
    with writer_of(course.course, course.assignment) as writer:
        writer.write([entry(course.assignment, grade(s), None, {"double": "automatic"}) for s in ("ada", "bob", "eve")])
    with gradebook(course) as opened:
        opened.find_grade("test_double", "tiny", "tiny", "ada").manual_score = 0.0
        opened.find_grade("test_Counter", "tiny", "tiny", "ada").extra_credit = 0.5
        opened.find_comment("double", "tiny", "tiny", "ada").manual_comment = " See <b>me</b>. "
        opened.find_grade("q_why", "tiny", "tiny", "bob").manual_score = 0.75
        opened.find_comment("q_why", "tiny", "tiny", "eve").manual_comment = " "
        opened.find_grade("test_double", "tiny", "tiny", "eve").extra_credit = 0.0
        opened.db.commit()
    assert read_by_hand(directories, "tiny", HiddenEngine(course.course, "tiny").hand_cells()) == {
        "ada": {
            "double": ByHand(Fraction(0), comment="See <b>me</b>."),
            "Counter": ByHand(extra=Fraction(1, 2)),
        },
        "bob": {"q_why": ByHand(Fraction(3, 4))},
    }


def test_the_page_counts_what_was_entered(tiny: TinyCourse) -> None:
    """It replaces the checks' points, or is added to them, or is for written answers; comments are shown as text."""
    by_hand = {
        "double": ByHand(Fraction(3, 2), comment="See <b>me</b>.\nSoon."),
        "Counter": ByHand(extra=Fraction(1, 2)),
    }
    plain = render_student(grade("ada"), tiny.assignment)
    assert "<strong>3</strong> <span>of 5 points from automatic checks; 1 more wait" in plain
    assert "instructor gave" not in plain
    page = render_student(grade("ada"), tiny.assignment, by_hand=by_hand)
    assert "<strong>5</strong> <span>of 5 points, those from your instructor included; 1 more wait" in page
    assert "Your instructor gave 1.5 points; the automatic checks gave 0." in page
    assert "Your instructor gave 3.5 points, 0.5 of them extra; the automatic checks gave 3." in page
    assert "See &lt;b&gt;me&lt;/b&gt;.\nSoon." in page
    whole = render_student(grade("ada"), tiny.assignment, by_hand={"q_why": ByHand(Fraction(1), comment="Yes.")})
    assert "<strong>4</strong> <span>of 6 points, those from your instructor included</span>" in whole
    assert "written answer: graded by your instructor" in whole
    assert "Yes." in whole


@pytest.mark.parametrize(("of", "costs", "counts"), [("score", "0.5", "4.5"), ("max_score", "0.6", "4.4")])
def test_being_late_costs_a_part_of_all_points(tiny: TinyCourse, of: str, costs: str, counts: str) -> None:
    """nbgrader's field for the penalty and `export` say the same."""
    late = Lateness("2026-11-30T22:59:00+00:00", "2026-12-01T10:00:00+00:00", 39660.0, Fraction(10), of, Fraction(1, 3))
    by_hand = {"double": ByHand(Fraction(2))}
    page = render_student(replace(grade("ada"), late=late), tiny.assignment, by_hand=by_hand)
    assert f"Here that is −{costs}, so {counts} points count." in page


def test_a_page_is_outdated_when_something_else_was_entered(sqlite_course: TinyCourse) -> None:
    """Also if an entry was taken back; a page that is not ours is left alone."""
    page = sqlite_course.root / "page.html"
    with writer_of(sqlite_course.course, sqlite_course.assignment) as writer:
        writer.write([entry(sqlite_course.assignment, grade("ada"))])

    def enter(score: float | None) -> StudentPages:
        with gradebook(sqlite_course) as opened:
            opened.find_grade("q_why", "tiny", "tiny", "ada").manual_score = score
            opened.db.commit()
        return StudentPages(HiddenEngine(sqlite_course.course, "tiny"))

    for score in (1.0, 0.5, None):
        pages = enter(score)
        assert not page.exists() or pages.is_outdated("ada", "tiny", page) is True
        page.write_text(pages.of(grade("ada"))["tiny"], encoding="utf-8")
        assert not pages.is_outdated("ada", "tiny", page)
    page.write_text("<!DOCTYPE html><title>another program's</title>", encoding="utf-8")
    assert not enter(1.0).is_outdated("ada", "tiny", page)
    assert not enter(1.0).is_outdated("ada", "tiny", page.with_name("none.html"))
