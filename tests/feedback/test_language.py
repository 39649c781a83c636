"""A student's page in another language, from a stored result: what is translated, what stays, what is refused."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from report_samples import check, grade, hostile_grade, picture

from autograder.course.assignment import Assignment
from autograder.course.layout import templates_dir
from autograder.errors import CourseError
from autograder.feedback.language import ENGLISH, Language, read_language
from autograder.feedback.notebook_view import CellNote, ShownCell
from autograder.feedback.render import language_of, render_student
from autograder.sentences import Sentence, english, say, together
from autograder.verdict import ExerciseResult, Grade, Outcome

#: An id with a value, as any part of the grader says them.
SHAPE = Sentence("2 of 3 checks not passed", "page.brief-not-passed", {"others": 2, "total": 3})
PLACE = "optimizers/checks/test_sgd.py::test_step"
PAGE = r'''
feedback-for = "Rückmeldung für {student}"
points = "{score} von {max_score} Punkten"
not-passed = "Nicht <bestanden> & mehr"
rung-hint = "Ein Hinweis"
cell-and-line = "Zeile {line} von {cell}"
percent = '{percent} "Prozent"'
late-costs-nothing = "Abgegeben {after} nach {due}: kostet nichts."
picture-lines = """
Deins: {points} Punkte von {first} bis {last}. Richtig: {right_points} von {right_first} bis {right_last}."""

[brief-not-passed]
by = "others"
one = "{others} von {total} ist falsch"
other = "{others} von {total} sind falsch"
'''


def folder(root: Path, **files: str) -> Path:
    """Write a translation into German."""
    made = root / "de"
    made.mkdir(exist_ok=True)
    for name, text in files.items():
        (made / f"{name}.toml").write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def german(tmp_path: Path) -> Language:
    """A part of the page, a phrase, and what an author wrote."""
    course = f'"{PLACE}" = "Ein Schritt {{geht}} bergab."\n"optimizers/assignment.toml:title" = "Optimierer"\n'
    phrases = '"the step" = "der Schritt"\n'
    return read_language(folder(tmp_path, page=PAGE, course=course, phrases=phrases, common='and = " und "\n'))


def stored(result: Grade) -> Grade:
    """Return a grade as a file gives it back."""
    return Grade.from_json(json.loads(json.dumps(result.to_json())))


def text(html: str) -> str:
    """Return a page without its tags and style, with its white space joined."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def sample() -> Grade:
    """Return a verdict with sentences of several kinds."""
    titled = Sentence("One step goes down.", f"course.{PLACE}")
    one = Sentence("1 of 3 checks not passed", "page.brief-not-passed", {"others": 1, "total": 3})
    failed = check(Outcome.FAILED, title=titled, message=together(SHAPE, one))
    other = check(Outcome.FAILED, name="test_other", message=Sentence("Old words without an id."))
    result = ExerciseResult(
        "sgd_step", Fraction(1, 2), Fraction(1), (failed, other), headline=one, notes=(SHAPE, Sentence("An old note."))
    )
    return grade(result, notes=(one,))


def test_a_page_is_written_in_another_language_from_a_stored_result(assignment: Assignment, german: Language) -> None:
    """The page's own words, messages with their numbers, notes and titles; what has no entry stays English."""
    html = render_student(stored(sample()), assignment, language=german)
    page = text(html)
    assert '<html lang="de">' in html
    assert 'Rückmeldung für <strong class="foreign">ada</strong>' in html
    assert "<h1>Optimierer</h1>" in html
    for words in (
        "0.5 von 1 Punkten",
        "2 von 3 sind falsch 1 von 3 ist falsch",
        "Ein Schritt {geht} bergab.",
        "An old note.",
        "Old words without an id.",
        "Back to the overview",
    ):
        assert words in page
    for words in ("Feedback for", "checks not passed", "One step goes down", "Not passed"):
        assert words not in page


def test_english_is_what_it_is_without_a_translation(assignment: Assignment) -> None:
    """A stored result gives the page that was written when it was graded."""
    html = render_student(stored(sample()), assignment)
    assert html == render_student(sample(), assignment)
    assert '<html lang="en">' in html
    assert "Feedback for" in html


def test_a_translation_is_text_and_no_markup(assignment: Assignment, german: Language) -> None:
    """A translator's angle brackets and quotes are shown, in texts and in attributes; a student's too."""
    html = render_student(stored(hostile_grade("<b>x</b>")), assignment, language=german)
    assert "<h3>Nicht &lt;bestanden&gt; &amp; mehr</h3>" in html
    assert 'aria-label="6 &#34;Prozent&#34;"' in html
    assert "<b>x" not in html
    assert "<summary>Ein Hinweis</summary>" in html


def test_a_picture_is_told_in_the_language(assignment: Assignment, german: Language) -> None:
    """Who cannot see it hears the same."""
    wrong = ExerciseResult("sgd_step", Fraction(0), Fraction(1), (check(Outcome.FAILED),), picture=picture())
    html = render_student(stored(grade(wrong)), assignment, language=german)
    assert 'aria-label="Deins: 8 Punkte von (0, 1) bis (7, −128). Richtig: 8 von (0, 1) bis (7, 0.125)."' in html


def test_what_stands_beside_a_cell_of_the_notebook_is_translated(assignment: Assignment, german: Language) -> None:
    """The cells of a notebook on the page have the grader's sentences too."""
    cells = (ShownCell(code="assert True", beside=CellNote("x", SHAPE, "part")),)
    html = render_student(grade(), assignment, cells=cells, language=german)
    assert "2 von 3 sind falsch" in html


def test_a_list_among_the_values_has_the_languages_and() -> None:
    """As German joins names."""
    made = Language(
        {"page.brief-by-hand": "Zu: {brief}", "common.and": " und ", "phrases.the step": "der Schritt"}, "de"
    )
    assert made.of(say("page.brief-by-hand", brief=("the step", "b", "c"))) == "Zu: der Schritt, b und c"


def test_the_head_of_a_page_tells_its_language(assignment: Assignment, german: Language) -> None:
    """A later run knows which pages are in another one."""
    assert language_of(render_student(grade(), assignment, language=german)) == "de"
    assert language_of(render_student(grade(), assignment)) == ENGLISH.name
    assert language_of("<!doctype html><title><html lang='x'></title>") == ""


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ('no-such-entry = "x"', "page.no-such-entry is unknown"),
        ('points = "{score} Punkte"', "page.points leaves out {max_score}"),
        ('points = "{score} von {max_score} {kind}"', "page.points names {kind}; there is only {max_score}, {score}"),
        ('back = "Zurück {hier}"', "page.back names {hier}; there is only none"),
        ('[points]\nby = "score"\none = "{score} {max_score}"', "page.points must be a text, or a table"),
        ('[points]\nby = "n"\nother = "{score} {max_score}"', "page.points names {n}"),
        ("points = 3", "must be a text, or a table of texts"),
        ("points = ", "cannot be read"),
        ("", "no file there"),
    ],
)
def test_a_translation_that_does_not_fit_is_refused(tmp_path: Path, page: str, problem: str) -> None:
    """The message names the entry and what is wrong with it."""
    with pytest.raises(CourseError, match=re.escape(problem)):
        read_language(folder(tmp_path, page=page))


@pytest.mark.parametrize("name", ["de", "German words", ""])
def test_a_folder_must_be_there_and_have_the_name_of_a_language(tmp_path: Path, name: str) -> None:
    """The name becomes a page's `lang`."""
    with pytest.raises(CourseError, match="translation"):
        read_language(tmp_path / name)


def test_a_text_for_a_table_and_a_table_for_a_text_are_fine(tmp_path: Path) -> None:
    """Languages have other forms than English."""
    table = '[passed-count]\nby = "count"\none = "{count} da"\nother = "{count} sind da"'
    page = f'brief-not-passed = "{{others}}/{{total}} falsch"\n{table}'
    made = read_language(folder(tmp_path, page=page))
    assert made.of(SHAPE) == "2/3 falsch"
    assert made.of(say("page.passed-count", count=1)) == "1 da"


def test_the_english_catalogue_is_a_translation_of_itself(tmp_path: Path) -> None:
    """A copy of it can be used at once; it has what every sentence needs."""
    from autograder.feedback.language import _problem

    assert not [name for name, entry in english().items() if _problem(name, entry)]


@pytest.mark.parametrize("template", ["student.html.j2", "notebook.html.j2"])
def test_a_template_of_the_students_page_has_no_words_of_its_own(template: str) -> None:
    """Each word that it shows comes from the catalogue."""
    source = (templates_dir() / template).read_text(encoding="utf-8")
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    assert not re.findall(r'(?:alt|aria-label|title)="[^"]*[A-Za-z][^"]*"', source)
    assert not re.findall(r"[A-Za-z]+", re.sub(r"<[^>]*>", "", source))
