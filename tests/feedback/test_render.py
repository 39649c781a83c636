"""Feedback pages say what happened, and no text of a student becomes markup."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import check, grade, hostile_grade

from autograder.course.assignment import Assignment
from autograder.feedback.plots import Plot
from autograder.feedback.render import render_class, render_student
from autograder.feedback.summary import summarize
from autograder.sentences import Sentence
from autograder.verdict import Example, ExerciseResult, Outcome, Status

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</code></pre></title></style><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% for x in y %}",
    "javascript:alert(1)",
    "<!-- <base href=//x>",
    "\x1b]0;title\x07\u202e\u2066",
)
MARKUP = st.lists(st.sampled_from([*HOSTILE, "<", ">", '"', "'", "&", "&lt;", "\n"]) | st.text()).map("".join)


class _Page(HTMLParser):
    """Every tag with its attributes, and the text without the style sheet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.odd: list[str] = []
        self._texts: list[str] = []
        self._in_style = False
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            if name in {"href", "src"}:
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if not self._in_style:
            self._texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_pi(self, data: str) -> None:
        self.odd.append(data)


@given(MARKUP)
def test_text_of_a_student_never_becomes_markup(assignment: Assignment, text: str) -> None:
    """With any text in every field, the page has the tags and attributes of a harmless one."""
    harmless = _Page(render_student(hostile_grade("x"), assignment))
    page = _Page(render_student(hostile_grade(text or "x"), assignment))
    # Fewer tags, if a text is empty after cleaning and its paragraph is left out; never another kind.
    assert set(page.tags) <= set(harmless.tags)
    # Each line of the student's cell is a span or two, and text between backticks is set as code.
    counted = [[tag for tag in p.tags if tag[0] not in {"span", "code"}] for p in (page, harmless)]
    assert len(counted[0]) <= len(counted[1])
    assert page.links == harmless.links
    assert not page.odd


@given(MARKUP)
def test_the_class_report_escapes_too(assignment: Assignment, text: str) -> None:
    """Students' ids and reasons stay text in the class report."""

    def page(name: str) -> _Page:
        rejected = replace(hostile_grade(name), status=Status.REJECTED)
        return _Page(render_class(summarize([rejected], assignment)))

    assert page(text or "x").tags == page("x").tags


@pytest.mark.parametrize("status", list(Status))
def test_a_page_asks_nothing_of_anybody(assignment: Assignment, status: Status) -> None:
    """There is no script and no address: only anchors in the page and data URIs."""
    plot = Plot(b"\x89PNG\r\n\x1a\n", "A loss that falls.")
    html = render_student(replace(hostile_grade("x"), status=status), assignment, [plot])
    page = _Page(html)
    assert all(link.startswith(("#", "data:")) for link in page.links)
    assert "script" not in {tag for tag, _ in page.tags}
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert "url(" not in html
    assert "@import" not in html


def test_every_link_of_the_overview_has_its_target(assignment: Assignment) -> None:
    """Each row of the score table leads to its exercise."""
    results = [ExerciseResult(e.id, e.points, e.points, (check(),)) for e in assignment.coded]
    page = _Page(render_student(grade(*results), assignment))
    anchors = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert anchors == set(page.ids)
    assert {f"exercise-{e.id}" for e in assignment.coded} <= anchors


def test_a_full_score_is_said_plainly(assignment: Assignment) -> None:
    """Full marks read as full marks, and written answers as waiting."""
    results = [ExerciseResult(e.id, e.points, e.points, (check(),)) for e in assignment.coded]
    text = _Page(render_student(grade(*results), assignment)).text
    assert "39 of 39 points from automatic checks; 3 more wait for your instructor" in text
    assert "Every automatic check passes" in text
    assert "written answer: waits for your instructor" in text
    assert "Not passed" not in text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.FAILED, ""),
        (Outcome.ERROR, "raised an error"),
        (Outcome.TIMEOUT, "Look for a loop that does not end"),
        (Outcome.CRASHED, "ended before it answered"),
        (Outcome.SKIPPED, "Put that one right first"),
    ],
)
def test_each_outcome_is_explained(assignment: Assignment, outcome: Outcome, words: str) -> None:
    """A check that did not pass shows its sentence, what went wrong, and what that outcome means."""
    result = ExerciseResult("sgd_step", Fraction(0), Fraction(1), (check(outcome),))
    text = _Page(render_student(grade(result), assignment)).text
    assert f"ended as {outcome.value}." in text
    assert f"What went wrong: {outcome.value}." in text
    assert words in text


def test_an_untouched_stub_gets_a_friendly_word(assignment: Assignment) -> None:
    """An empty stub is not reported as errors."""
    checks = (check(Outcome.ERROR), check(Outcome.ERROR))
    result = ExerciseResult("sgd_step", Fraction(0), Fraction(1), checks, diagnosis="not-implemented")
    text = _Page(render_student(grade(result), assignment)).text
    assert "You have not started this one yet" in text
    assert "What went wrong" not in text


def test_the_student_sees_diagnosis_error_and_example(assignment: Assignment) -> None:
    """The exercise has everything that helps: idea, evidence, hint, error with its line, both answers."""
    text = _Page(render_student(hostile_grade("visible words"), assignment)).text
    for words in ("You divide by v̂.", "Take the root.", "adam-no-sqrt", "line 3", "Expected tensor([1.])"):
        assert words in text
    assert text.count("visible words") >= 8


def test_a_convention_says_that_it_is_one(assignment: Assignment) -> None:
    """If only a convention differs, the student reads that it is usual elsewhere."""
    checks = (check(), check(Outcome.FAILED, convention=True))
    result = ExerciseResult(
        "adam_step", Fraction(4), Fraction(5), checks, diagnosis="x", diagnosis_title=Sentence("You add eps inside.")
    )
    text = _Page(render_student(grade(result), assignment)).text
    assert "usual convention elsewhere, so it costs only the check below" in text


def test_a_rejected_page_says_what_to_do(assignment: Assignment) -> None:
    """The page has the reason and the remedy, and no table of zeros."""
    text = _Page(render_student(grade(status=Status.REJECTED, reason="It is no JSON."), assignment)).text
    assert "could not be graded It is no JSON." in text
    assert "hand it in again" in text


def test_an_ungraded_page_is_no_zero(assignment: Assignment) -> None:
    """Our own fault is named as ours, without its details and without a score."""
    text = _Page(render_student(grade(status=Status.UNGRADED, reason="zygote died"), assignment)).text
    assert "The grader itself failed" in text
    assert "not a zero" in text
    assert "zygote" not in text
    assert "0 of 39" not in text


def test_the_seed_is_not_on_the_page(assignment: Assignment) -> None:
    """With the seed a student could draw the hidden inputs."""
    sample = hostile_grade("x")
    assert str(sample.seed) in json.dumps(sample.to_json())
    assert str(sample.seed) not in render_student(sample, assignment)


def test_cases_of_one_check_stand_together(assignment: Assignment) -> None:
    """Checks with the same sentence that end alike are one entry."""
    result = ExerciseResult("sgd_step", Fraction(1), Fraction(1), (check(), check(), check()))
    text = _Page(render_student(grade(result), assignment)).text
    assert text.count("ended as passed") == 1
    assert "3 cases" in text


def test_an_example_that_agrees_is_not_shown_as_wrong(assignment: Assignment) -> None:
    """If the public example is right, the page says so instead of showing two equal answers."""
    example = Example("sgd_step(p)", "tensor([1.])", "tensor([1.])", agrees=True)
    result = ExerciseResult("sgd_step", Fraction(0), Fraction(1), (check(Outcome.FAILED),), example=example)
    text = _Page(render_student(grade(result), assignment)).text
    assert "Here your answer is right" in text
    assert "Expected" not in text


def test_rendering_is_fast(assignment: Assignment) -> None:
    """The templates are compiled once: a page costs milliseconds."""
    sample = hostile_grade("some text " * 50)
    render_student(sample, assignment)
    best = min(_seconds(sample, assignment) for _ in range(20))
    assert best < 0.02


def _seconds(sample: Any, assignment: Assignment) -> float:
    started = time.perf_counter()
    render_student(sample, assignment)
    return time.perf_counter() - started
