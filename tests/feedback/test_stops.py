"""What stopped outside the exercises: in the lines for the class, and at the top of the student's page."""

from __future__ import annotations

from dataclasses import replace

from report_samples import grade, hostile_grade

from autograder.course.assignment import Assignment
from autograder.feedback.render import render_student
from autograder.feedback.stops import SHOWN, stop_lines
from autograder.feedback.summary import summarize
from autograder.sentences import Sentence
from autograder.verdict import Grade, Stop

MISSING = Stop(
    cell="cell 2",
    position=1,
    line=2,
    source="import torchinfo",
    what="ModuleNotFoundError: No module named 'torchinfo'",
    kind="package-missing",
    cause=Sentence("it is not installed here: `pip install torchinfo`"),
)
UNKNOWN = replace(
    MISSING, kind="other", cause=Sentence("it raised KeyError"), source="table['x']", position=5, cell="cell 9"
)


def stopped(*stops: Stop | None) -> list[Grade]:
    """Return a class whose notebooks had these stops."""
    return [grade(student=f"s{i}", stop=stop) for i, stop in enumerate(stops)]


def test_alike_stops_are_one_line() -> None:
    """The cause is told once, with the number of notebooks and the remedy."""
    assert stop_lines(stopped(*[MISSING] * 12, None)) == (
        "12 notebooks: `import torchinfo` in their first cell; it is not installed here: `pip install torchinfo`",
    )


def test_one_notebook_is_told_too() -> None:
    """A single missing package is as easy to install."""
    (line,) = stop_lines(stopped(None, replace(MISSING, position=3, cell="cell 7")))
    assert line.startswith("1 notebook: `import torchinfo` in cell 7; it is not installed here")


def test_different_places_are_not_listed() -> None:
    """The same cause in other cells, by other lines: the most frequent line is shown."""
    other = replace(MISSING, source="from torchinfo import summary", cell="cell 20", position=9)
    (line,) = stop_lines(stopped(MISSING, MISSING, other))
    assert line.startswith("3 notebooks: `import torchinfo` in different cells; ")


def test_an_unknown_cause_is_told_where_notebooks_share_it() -> None:
    """A student's own mistake in an extra cell is private."""
    assert stop_lines(stopped(UNKNOWN, MISSING)) == stop_lines(stopped(MISSING))
    assert len(stop_lines(stopped(UNKNOWN, UNKNOWN))) == 1


def test_many_causes_do_not_hide_the_other_lines() -> None:
    """A class report stays readable."""
    many = [replace(MISSING, cause=Sentence(f"it is not installed here: `pip install p{i}`")) for i in range(20)]
    lines = stop_lines(stopped(*many))
    assert len(lines) == SHOWN + 1
    assert lines[-1].startswith(f"{20 - SHOWN} more causes")


def test_they_stand_first_among_what_is_worth_a_look(assignment: Assignment) -> None:
    """In the terminal and in the class report."""
    assert summarize(stopped(MISSING), assignment).alerts[0] == stop_lines(stopped(MISSING))[0]


def test_it_stands_on_top_of_the_page(assignment: Assignment) -> None:
    """Cell, line, source, cause, and that it costs nothing."""
    page = render_student(grade(stop=MISSING), assignment)
    assert "cell 2, line 2" in page
    assert "import torchinfo" in page
    assert "pip install torchinfo" in page
    assert page.index('id="stop"') < page.index("<table>")
    assert 'id="stop"' not in render_student(grade(), assignment)


def test_what_a_student_wrote_is_harmless_there(assignment: Assignment) -> None:
    """The line and the exception are the student's text."""
    nasty = "<script>alert(1)</script>\x1b[31m"
    stop = replace(MISSING, cell=nasty, source=nasty, what=nasty, cause=Sentence(f"it raised {nasty}"))
    page = render_student(replace(hostile_grade("x"), stop=stop), assignment)
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\x1b" not in stop_lines(stopped(stop, stop))[0]
