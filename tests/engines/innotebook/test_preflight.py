"""The instructor's own notebook runs first: what it lacks stops the class, with the remedy."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from nbgrader_samples import Sample, code, exercise, make_course, notebook_of
from typer.testing import CliRunner

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.cli import app
from autograder.course.layout import Course
from autograder.engines.registry import open_engine
from autograder.errors import UsageError
from autograder.verdict import Status

pytestmark = pytest.mark.sandbox

SLUG = "ps"
SOLUTION = "### BEGIN SOLUTION\n{}\n### END SOLUTION"


class Saying(SilentProgress):
    """Keeps the messages that it gets."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        """Keep it."""
        self.said.append(text)


def grade(
    root: Path, progress: SilentProgress | None = None, *, go_on: bool = False, force: bool = False
) -> BatchReport:
    """Grade the class here."""
    options = BatchOptions(jobs=1, go_on=go_on, force=force)
    return grade_batch(open_engine(Course(root), SLUG), options, progress or SilentProgress())


Make = Callable[..., Path]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """Make a course whose one student hands in the instructor's solution."""

    def make(answer: str, tests: Sequence[str], config: str = "", *, solved: bool = True) -> Path:
        root = tmp_path / "course"
        source = exercise(SOLUTION.format(answer) if solved else "# nothing here", tests)
        make_course(root, SLUG, [Sample("p", source, {"a": exercise(answer, tests)})], config)
        return root

    return make


#: What a cell does, and the words that say what it lacks and what to do.
LACKING = [
    (
        "import no_such_package",
        ("'no_such_package'", "pip install no_such_package.", "no_such_package.py", "source/ps/"),
    ),
    ("import skimage_too.io", ("'skimage_too'",)),
    ("open('numbers.csv')", ("'numbers.csv'", "Put it into", "source/ps/")),
    ("open('/srv/no-such/set.csv')", ("c.InNotebook.readable = ['/srv/no-such']",)),
    (
        "import urllib.request\nurllib.request.urlopen('https://example.org/data.csv')",
        ("https://example.org/data.csv", "no network"),
    ),
    ("import os\nos.environ['COURSE_DATA']", ("COURSE_DATA", "c.InNotebook.environment")),
    ("!git --version", ("git --version`", "c.InNotebook.kernels = True")),
    ("import subprocess\nsubprocess.run(['/usr/bin/git', '--version'])", ("/usr/bin/git", "c.InNotebook.kernels")),
]


def test_what_the_solution_lacks_stops_the_class_or_is_told(tmp_path: Path) -> None:
    """Nothing is graded; the message names cell, thing and remedy. With a switch the class is graded, with a note."""
    cells = [code(source) for source, _ in LACKING]
    cells += [code(SOLUTION.format("x = 1"), "answer", solution=True), code("assert False", "test", points=1)]
    root = tmp_path / "course"
    make_course(root, SLUG, [Sample("p", notebook_of(cells), {"a": notebook_of(cells)})])
    with pytest.raises(UsageError) as stopped:
        grade(root)
    said = str(stopped.value).split("\n  - ")
    assert len(said) == len(LACKING) + 1, said
    for number, ((_, words), line) in enumerate(zip(LACKING, said[1:], strict=True), 1):
        for word in (f"p.ipynb, cell {number}: ", *words):
            assert word in line
    assert "--go-on" in said[-1]
    assert not (root / "results" / SLUG / "a.json").exists()
    assert not (root / "autograded").exists()
    done = CliRunner().invoke(app, ["grade", SLUG, "--course", str(root), "--jobs", "1", "--go-on", "--json"])
    assert done.exit_code == 0, done.output
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    (end,) = [e for e in events if e["event"] == "end"]
    assert len(end["preflight"]) == len(LACKING)
    assert end["graded"] == 1


@pytest.mark.full
def test_a_solution_without_full_marks_warns_and_is_not_run_again(made: Make) -> None:
    """The class is graded and the cell is named; the next run repeats the warning without running anything."""
    root = made("x = 1", ["assert x == 1", "assert x == 2, 'x is not two'"])
    first, second = Saying(), Saying()
    report = grade(root, first)
    assert [g.status for g in report.grades] == [Status.GRADED]
    (warning,) = report.preflight
    assert "test_1: 0 of 2 (AssertionError: x is not two)" in warning
    assert first.said[0] == "The instructor's own notebook first …"
    assert grade(root, second, force=True).preflight == (warning,)
    assert second.said == []
    source = root / "source" / SLUG / "p.ipynb"
    source.write_text(source.read_text(encoding="utf-8").replace("x = 1", "x = 2"), encoding="utf-8")
    (changed,) = grade(root, second, force=True).preflight
    assert "test_0: 0 of 2" in changed
    assert second.said


def test_a_release_without_solutions_tells_what_comes_before_the_stubs(tmp_path: Path) -> None:
    """A missing package is told wherever it is imported; a missing file that a stub should have written is not."""
    cells = [
        code("import no_such_package_here"),
        code("pass", "answer", solution=True),
        code("import made_by_the_answer", "test_module", points=1),
        code("assert open('made_by_the_answer.csv').read()", "test_file", points=1),
        code("%%writefile made_by_the_answer.py\nx = 1"),
    ]
    root = tmp_path / "course"
    make_course(root, SLUG, [Sample("p", notebook_of(cells), {"a": notebook_of(cells)})])
    (root / "source" / SLUG / "p.ipynb").unlink()
    with pytest.raises(UsageError) as stopped:
        grade(root)
    assert "no_such_package_here" in str(stopped.value)
    assert "made_by_the_answer" not in str(stopped.value)


@pytest.mark.full
def test_what_a_notebook_copes_with_is_nothing_missing(made: Make) -> None:
    """An import inside `try`, an expected error, a program that no points depend on."""
    answer = "try:\n    import no_such_package_here\nexcept ImportError:\n    x = 1\n!git --version"
    report = grade(made(answer, ["assert x == 1"]))
    assert [g.score for g in report.grades] == [2]
    (warning,) = report.preflight
    assert "git --version" in warning
