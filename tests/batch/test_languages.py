"""The students' pages of a class in another language: from stored results, and as it is graded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from class_of_records import make_class, verdict
from nbgrader_samples import Sample, exercise, make_course, put
from tiny_course import TinyCourse

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.batch.results import Results
from autograder.cli import main
from autograder.course.layout import Course
from autograder.engines.base import Engine
from autograder.engines.registry import open_engine
from autograder.feedback.language import Language, read_language
from autograder.sentences import Sentence, say

DOCS = Path(__file__).parents[2] / "docs" / "languages.md"
BLOCK = re.compile(r"`(de/\w+\.toml)`(?:(?!```).)*?```toml\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^autograder (report tiny .*)$", re.MULTILINE)

Run = Callable[[str], tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process; returns the exit code and what it printed."""

    def run(line: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["autograder", *line.split()])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out + err

    return run


def translation(root: Path) -> Path:
    """Write the translation of the documentation into a course."""
    (root / "de").mkdir()
    files = BLOCK.findall(DOCS.read_text(encoding="utf-8"))
    for name, text in files:
        (root / name).write_text(text, encoding="utf-8")
    assert [name for name, _ in files] == ["de/page.toml", "de/common.toml", "de/phrases.toml", "de/course.toml"]
    return root / "de"


def test_the_result_of_the_documentation_says_what_it_says() -> None:
    """The text is its template with its values."""
    [text] = re.findall(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    shown = json.loads(text)
    assert say(shown["message_id"], **shown["values"]) == shown["message"]


def said(course: TinyCourse) -> Results:
    """Give ada a result whose sentences have ids, as the grader writes it."""
    results = Results(open_engine(course.course, "tiny"))
    known = results.result("ada")
    assert known is not None
    double, counter = verdict("ada").exercises
    title = Sentence("From one, two up is three.", "course.tiny/checks/test_tiny.py::test_counts")
    checks = tuple(replace(c, title=title, message=Sentence()) for c in counter.checks)
    results.write(replace(known, exercises=(double, replace(counter, checks=checks))))
    return Results(open_engine(course.course, "tiny"))


def test_the_example_of_the_documentation(sqlite_course: TinyCourse, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its translation and its command give German pages of stored results, and change nothing else."""
    course = make_class(sqlite_course)
    results = said(course)
    before = [grade.to_json() for grade in results]
    translation(course.root)
    monkeypatch.chdir(course.root)
    [command] = COMMAND.findall(DOCS.read_text(encoding="utf-8"))
    code, told = run(command)
    assert code == 0, told
    assert "feedback of 14 students" in told
    page = (course.root / "feedback" / "ada" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    for words in (
        '<html lang="de">',
        "<h1>Winzig</h1>",
        "Rückmeldung für",
        "0 von 2 Aufgaben sind fertig, 2 noch einmal ansehen.",
        "<h3>Nicht bestanden</h3>",
        "Von eins aus sind zwei Schritte drei.",
        "Das gilt für deine Antwort nicht.",
        "Zurück zur Übersicht",
    ):
        assert words in page
    assert [grade.to_json() for grade in Results(open_engine(course.course, "tiny"))] == before
    report = (course.root / "results" / "tiny" / "class.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in report
    assert "Class report for" in report
    code, told = run("report tiny")
    assert code == 0, told
    page = (course.root / "feedback" / "ada" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert "Feedback for" in page


def test_a_wrong_translation_is_refused_before_a_page_is_written(
    sqlite_course: TinyCourse, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry is named, with exit code 2."""
    course = make_class(sqlite_course)
    folder = translation(course.root)
    monkeypatch.chdir(course.root)
    with (folder / "page.toml").open("a", encoding="utf-8") as file:
        file.write('\n[points-by-hand]\nby = "max_score"\nother = "Punkte"\n')
    for command in ("report tiny --language de", "grade tiny --language de"):
        code, told = run(command)
        assert code == 2
        assert "page.points-by-hand leaves out {max_score}" in " ".join(told.split())
    assert not (course.root / "feedback").exists()


def hidden(tiny: TinyCourse) -> Engine:
    """Make a course with hidden checks, and a class of one."""
    tiny.add_checks()
    tiny.hand_in("ada", tiny.solved())
    return tiny.engine


def in_notebooks(root: Path) -> Engine:
    """Make a course whose tests stand in its notebooks, and a class of one."""
    tests = ["assert double(1) == 2"]
    make_course(root, "tiny", [Sample("tiny", exercise("", tests), {})])
    put(exercise("def double(x):\n    return 3 * x", tests), root / "submitted" / "ada" / "tiny" / "tiny.ipynb")
    return open_engine(Course(root), "tiny")


def graded(engine: Engine, language: Language | None) -> tuple[int, str]:
    """Grade; returns how many were unchanged, and ada's page."""
    report = grade_batch(engine, BatchOptions(jobs=1, device="cpu", language=language), SilentProgress())
    page = engine.directories.feedback("ada", "tiny") / "tiny.html"
    return report.unchanged, page.read_text(encoding="utf-8")


@pytest.mark.sandbox
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["hidden checks", pytest.param("tests in notebooks", marks=pytest.mark.full)])
def test_a_class_is_graded_in_a_language(tiny: TinyCourse, tmp_path: Path, kind: str) -> None:
    """At once; what is unchanged is written again in the language that is asked for, and only then."""
    engine = hidden(tiny) if kind == "hidden checks" else in_notebooks(tmp_path / "notebooks")
    german = read_language(translation(tmp_path))
    unchanged, page = graded(engine, german)
    assert unchanged == 0
    assert '<html lang="de">' in page
    assert "Rückmeldung für" in page
    assert ('id="notebook"' in page) == (kind == "tests in notebooks")
    assert graded(engine, None) == (1, page)
    unchanged, english = graded(engine, Language())
    assert unchanged == 1
    assert '<html lang="en">' in english
    assert "Feedback for" in english
    assert graded(engine, german) == (1, page)
