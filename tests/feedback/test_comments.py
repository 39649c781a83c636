"""What nbgrader's pages show beside our scores is text, for anything that a student wrote."""

from __future__ import annotations

from fractions import Fraction
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import check, grade, hostile_grade

from autograder.feedback.comments import comment_for, escape_markdown, report_text
from autograder.verdict import ExerciseResult, Grade, Outcome

LIVE = (
    "[link](http://a.b)",
    "![image](http://a.b/c.png)",
    "<b>bold</b>",
    "<http://a.b>",
    "http://a.b",
    "www.a.b",
    "me@a.b",
    "`code`",
    "**x**",
    "# x",
    "$x$",
    "$$x$$",
    r"\(x\)",
    r"\\[x\\]",
    r"\begin{a}x\end{a}",
    "&lt;b&gt;",
    "| a | b |\n|---|---|\n",
    "[^1]: x",
    "1. x",
    "- x",
    "\n\n    indented",
    "~~~\nx\n~~~",
)


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def _rendered(markdown: str) -> _Tags:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    return _Tags(markdown2html_mistune(markdown))


def _exercise(text: str) -> ExerciseResult:
    hostile: Grade = hostile_grade(text)
    return hostile.exercises[0]


@pytest.mark.parametrize("text", LIVE)
def test_nbconvert_shows_escaped_text_as_it_is(text: str) -> None:
    """The renderer of nbgrader's feedback makes only a paragraph of it."""
    page = _rendered("x " + escape_markdown(text))
    assert page.found == ["p"]
    plain = " ".join(text.split()).replace("$", "\uff04").replace("\\", "\uff3c")
    assert page.text.strip() == f"x {plain}"


@given(st.lists(st.sampled_from([*LIVE, "\n", " "]) | st.text()).map("".join))
def test_a_comment_has_only_our_markup(text: str) -> None:
    """With anything in the fields, there are paragraphs, one list, the bold diagnosis, no mathematics."""
    page = _rendered(comment_for(_exercise(text)))
    assert set(page.found) <= {"p", "strong", "ul", "li"}
    assert page.found.count("li") == len(Outcome) - 1
    assert page.found.count("ul") == page.found.count("strong") == 1
    assert not set("$\\") & set(page.text)


@pytest.mark.parametrize(
    "text",
    [
        "The bias_hat of step_2 is wrong (expected -0.5, 1e-8 too much): see `lr`.".replace("`", "'"),
        "TypeError (cell double, line 2)",
        "Is x == 2 * 3?".replace("*", "times"),
        "0.5 is not 1.",
        "That’s 100 %, a.b@c, {1: 2}!",
    ],
)
def test_plain_sentences_need_no_marks(text: str) -> None:
    """Formgrader shows a comment as it is written, with all marks."""
    assert escape_markdown(text) == text


@pytest.mark.parametrize(
    "text", ["# x", "- x", "+ x", "1. x", "12) x", "123. x", ": x", "=== x", "> x", "_x_ y_", "__x__"]
)
def test_no_line_begins_a_block(text: str) -> None:
    """Also if the text stands at the beginning, in a paragraph or a list."""
    assert _rendered(escape_markdown(text)).found == ["p"]
    assert set(_rendered(f"- {escape_markdown(text)}").found) <= {"ul", "li", "p"}
    assert _rendered(f"x\n\n{escape_markdown(text)}").found == ["p", "p"]


def test_full_marks_need_no_comment() -> None:
    """If everything passes, there is nothing to say."""
    assert comment_for(ExerciseResult("sgd_step", Fraction(1), Fraction(1), (check(),))) == ""


@given(st.text())
def test_a_report_has_a_line_per_check(text: str) -> None:
    """No text of a student adds a line, and no control character is left."""
    lines = report_text(_exercise(text)).split("\n")
    plain = report_text(_exercise("x")).split("\n")
    assert len(plain) - 1 <= len(lines) <= len(plain)
    assert all(line.isprintable() or not set(line) & set(map(chr, range(32))) for line in lines)


def test_a_report_reads_well() -> None:
    """The first line has the points, then each check with its outcome."""
    exercise = hostile_grade("too far").exercises[0]
    lines = report_text(exercise).split("\n")
    assert lines[0] == "Hidden checks: 2.5 / 5 points"
    assert lines[1] == "  passed   The sentence of a check that ended as passed."
    assert lines[2] == "  FAILED   The sentence of a check that ended as failed: too far"
    assert grade(exercise).score == exercise.score
