"""The class report counts right, and its CSV is safe to open."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path, PurePath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_samples import check, grade, hostile_grade

from autograder.course.assignment import Assignment
from autograder.feedback.plots import class_plots
from autograder.feedback.render import render_class
from autograder.feedback.summary import neutralise, summarize, write_summary
from autograder.sentences import Sentence
from autograder.verdict import Example, ExerciseResult, Grade, Outcome, Status, StudentFault


def _student(name: str, points: int, diagnosis: str | None = None) -> Grade:
    outcome = Outcome.PASSED if points == 5 else Outcome.FAILED
    result = ExerciseResult(
        "adam_step",
        Fraction(points),
        Fraction(5),
        (check(outcome),),
        diagnosis,
        diagnosis_title=Sentence(diagnosis) if diagnosis else None,
    )
    return grade(result, student=name)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_means_are_over_graded_submissions(assignment: Assignment) -> None:
    """A rejected or ungraded submission lowers no mean."""
    grades = [
        _student("a", 5),
        _student("b", 0, "adam-no-sqrt"),
        grade(student="c", status=Status.REJECTED, reason="no JSON"),
        grade(student="d", status=Status.UNGRADED, reason="worker died"),
    ]
    summary = summarize(grades, assignment)
    assert (summary.graded, summary.rejected, summary.ungraded, summary.total) == (2, 1, 1, 4)
    assert (summary.mean, summary.median) == ("2.5", "2.5")
    assert dict(summary.exercise_means)["adam_step"] == 0.5
    assert [line.reason for line in summary.others] == ["no JSON", "worker died"]


def test_doubt_is_worded_by_what_raises_it(assignment: Assignment) -> None:
    """Code that uses forbidden names is worded in one way, a test cell with an odd value in another."""
    doubtful = grade(ExerciseResult("adam_step", Fraction(0), Fraction(5), review=True), student="a")
    [said] = summarize([doubtful], assignment).alerts
    assert said.startswith("Code that could reach what the assignment forbids: a (adam_step). ")
    [said] = summarize([doubtful], replace(assignment, in_notebook=True)).alerts
    assert said.startswith("Points that the tests in the notebooks leave in doubt")
    assert "forbid" not in said


def test_an_empty_class_has_a_report(assignment: Assignment) -> None:
    """Nothing graded yet is no error."""
    summary = summarize([], assignment)
    assert class_plots(summary) == ()
    assert "<img" not in render_class(summary)


def test_more_than_a_fifth_with_one_mistake_is_an_alert(assignment: Assignment) -> None:
    """At a fifth there is no alert yet; above it the diagnosis and the check are named."""
    right = [_student(f"r{i}", 5) for i in range(12)]
    three = [_student(f"w{i}", 0, "adam-no-sqrt") for i in range(3)]
    assert summarize(right + three, assignment).alerts == ()
    alerts = summarize([*right, *three, _student("w3", 0, "adam-no-sqrt")], assignment).alerts
    assert alerts == ("4 of 16 share the diagnosis adam-no-sqrt (adam_step): look whether the text misleads.",)


def _unexplained(name: str, **fields: Any) -> Grade:
    checks = (check(Outcome.FAILED, title="The first step is lr long."), check(Outcome.FAILED, name="test_other"))
    return grade(ExerciseResult("adam_step", Fraction(0), Fraction(5), checks, **fields), student=name)


def test_many_who_fail_in_different_ways_are_no_alarm(assignment: Assignment) -> None:
    """An exercise that many find hard says nothing about its text, as long as their answers differ."""
    hard = [_unexplained(f"s{i}", alike=f"{i:016x}", headline="It differs.") for i in range(9)]
    assert summarize(hard, assignment).alerts == ()


@pytest.mark.parametrize("what", ["answers", "example", "raised"])
def test_answers_that_agree_without_an_idea_are_an_alarm(assignment: Assignment, what: str) -> None:
    """The alarm says what they have in common, which check all of them fail, and what to look at."""
    known: dict[str, dict[str, Any]] = {
        "answers": {"alike": "ab" * 8, "headline": "The first is 0.5 instead of 0.9."},
        "example": {"example": Example("f()", "tensor([1.])", "tensor([2.])", agrees=False)},
        "raised": {"fault": StudentFault("TypeError", "got an unexpected keyword argument 'eps'")},
    }
    fields = known[what]
    told = {
        "answers": "their numbers are the same; the first thing they read is “The first is 0.5 instead of 0.9.”",
        "example": "in the public example they all have tensor([2.]), where tensor([1.]) is expected",
        "raised": "their code raises TypeError: got an unexpected keyword argument 'eps'",
    }[what]
    class_ = [_unexplained(f"s{i}", **fields) for i in range(4)] + [_student(f"r{i}", 5) for i in range(12)]
    (said,) = summarize(class_, assignment).alerts
    assert said == (
        f"4 of 16 answer adam_step alike, and no known idea explains it: {told}. All of them fail “The first step is "
        "lr long.” and 1 more. Look whether the text of adam_step can be read so. If it can, correct the text or the "
        "check; if not, write the idea into misconceptions/."
    )
    assert summarize(class_[1:], assignment).alerts == ()


def test_a_known_idea_is_told_once(assignment: Assignment) -> None:
    """Equal answers that an idea explains raise only the alarm of that idea."""
    class_ = [_student(f"w{i}", 0, "adam-no-sqrt") for i in range(4)]
    named = [replace(g, exercises=tuple(replace(e, alike="ab" * 8) for e in g.exercises)) for g in class_]
    assert len(summarize(named, assignment).alerts) == 1


def test_untouched_stubs_do_not_accuse_a_check(assignment: Assignment) -> None:
    """A class that has not started says nothing about the checks."""
    summary = summarize([_student(f"s{i}", 0, "not-implemented") for i in range(5)], assignment)
    assert summary.failed_checks == ()
    assert summary.alerts == ("5 of 5 left adam_step untouched.",)


def test_plots_are_described_in_words(assignment: Assignment) -> None:
    """A reader who cannot see the plots reads the same numbers; the same class gives the same bytes."""
    summary = summarize([_student("a", 5), _student("b", 0)], assignment)
    plots = class_plots(summary)
    assert "0 to 10 %: 1, 10 to 20 %: 1" in plots[0].alt
    assert "adam_step 50 %" in plots[1].alt
    assert all(plot.png.startswith(b"\x89PNG") for plot in plots)
    assert class_plots(summary) == plots


def test_links_lead_to_the_feedback(assignment: Assignment) -> None:
    """Each student's page has a relative link, which cannot become an address of another kind."""
    name = 'javascript:alert("1")?#'
    pages = {name: PurePath("..") / "feedback" / name / "optimizers.html"}
    html = render_class(summarize([_student(name, 5)], assignment, pages))
    assert 'href="../feedback/javascript%3Aalert%28%221%22%29%3F%23/optimizers.html"' in html


def test_csv_has_a_line_per_student(assignment: Assignment, tmp_path: Path) -> None:
    """Points stand per exercise; an ungraded submission has no zeros."""
    path = tmp_path / "new" / "summary.csv"
    grades = [_student("a", 4, "adam-no-sqrt"), grade(student="b", status=Status.UNGRADED, reason="lost")]
    write_summary(path, grades, assignment)
    first, second = _rows(path)
    assert list(first)[:5] == ["student", "status", "score", "max_score", assignment.coded[0].id]
    assert (first["score"], first["adam_step"], first["sgd_step"]) == ("4", "4", "0")
    assert first["diagnoses"] == "adam_step:adam-no-sqrt"
    assert (second["status"], second["score"], second["adam_step"]) == ("ungraded", "", "")


@given(st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n=", "＝", " =", "\ufeff="]), st.text())
def test_no_cell_is_a_formula(assignment: Assignment, prefix: str, text: str) -> None:
    """With any beginning of a student's id or reason, no cell starts a formula, and rows stay rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "summary.csv"
        write_summary(path, [hostile_grade(prefix + text)], assignment)
        rows = _rows(path)
    assert len(rows) == 1
    assert not any(value.startswith(tuple("=+-@\t\r\n＝＋－＠")) for value in rows[0].values())


def test_plain_text_is_not_changed() -> None:
    """Only text that starts a formula gets an apostrophe."""
    assert neutralise("ada-lovelace") == "ada-lovelace"
    assert neutralise("=1+1") == "'=1+1"
