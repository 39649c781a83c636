"""The whole life of an assignment: nbgrader's own programs, a real exchange directory, and `autograder` between them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from gradebooks import gradebook
from tiny_course import TinyCourse, cell
from typer.testing import CliRunner

from autograder.cli import app

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = "Because <img src=x onerror=alert(1)><script>alert(2)</script>."
NAME = "bob_tiny_attempt_2026-01-30-20-30-10.ipynb"


@dataclass(frozen=True)
class Person:
    """Somebody at a terminal: a working directory with nbgrader's configuration, and a home."""

    folder: Path
    home: Path

    @contextlib.contextmanager
    def seated(self) -> Iterator[None]:
        """Be this person for a while."""
        places = {n: str(self.home) for n in ("HOME", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in places.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            yield

    def nbgrader(self, *arguments: str) -> str:
        """Run one of nbgrader's commands to its end; return what it says.

        In this process: each start of Python with nbgrader costs more than all that the commands do.
        """
        from jupyter_core.application import NoStart
        from nbgrader.apps.nbgraderapp import NbGraderApp

        said = io.StringIO()
        with self.seated(), warnings.catch_warnings(), contextlib.redirect_stderr(said):
            warnings.simplefilter("ignore")
            program = NbGraderApp.instance()
            try:
                program.initialize(list(arguments))
                # How a program ends whose command has done its work.
                with contextlib.suppress(NoStart):
                    program.start()
            except SystemExit as end:
                assert not end.code, said.getvalue()
            finally:
                program.reset()
        return said.getvalue()

    def autograder(self, *arguments: str) -> str:
        """Run one of our commands in the course; return what it says."""
        with self.seated():
            result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture
def exchange(tmp_path: Path) -> Path:
    """A directory that everybody may write to."""
    made = tmp_path / "exchange"
    made.mkdir()
    made.chmod(0o777)
    return made


def person(folder: Path, home: Path, exchange: Path, more: str = "") -> Person:
    """Seat somebody."""
    folder.mkdir(parents=True, exist_ok=True)
    home.mkdir()
    (folder / "nbgrader_config.py").write_text(
        f'c = get_config()\nc.CourseDirectory.course_id = "demo"\nc.Exchange.root = {str(exchange)!r}\n{more}',
        encoding="utf-8",
    )
    return Person(folder, home)


def edit(path: Path, **sources: str) -> None:
    """Work on a notebook: put these sources into its cells."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for grade_id, source in sources.items():
        cell(notebook, grade_id)["source"] = source
    path.write_text(json.dumps(notebook), encoding="utf-8")


def scores(tiny: TinyCourse, student: str) -> tuple[dict[str, float | None], str | None, str]:
    """Return the automatic scores, the comment beside `double` and when it was handed in, as nbgrader has them."""
    with gradebook(tiny) as opened:
        submission = opened.find_submission("tiny", student)
        notebook = submission.notebooks[0]
        found = {g.name: g.auto_score for g in notebook.grades}
        comment = opened.find_comment("double", "tiny", "tiny", student).auto_comment
        return found, comment, str(submission.timestamp)


def collector_of_the_documentation() -> str:
    """Return the plugin that docs/nbgrader.md shows."""
    page = (ROOT / "docs" / "nbgrader.md").read_text(encoding="utf-8")
    [source] = re.findall(r"^```python\n(# collector\.py.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    return str(source)


def test_from_the_release_to_what_the_student_reads(tiny: TinyCourse, exchange: Path, tmp_path: Path) -> None:
    """One hands in through the exchange, one through a learning platform; both are graded at once."""
    tiny.add_checks()
    teacher = person(tiny.root, tmp_path / "teacher-home", exchange)
    ada = person(tmp_path / "ada", tmp_path / "ada-home", exchange, 'c.CourseDirectory.student_id = "ada"\n')

    # The teacher releases; nothing of the solution leaves the course.
    assert "nbgrader release_assignment tiny" in teacher.autograder("release", "tiny")
    assert "Released as: demo tiny" in teacher.nbgrader("release_assignment", "tiny")
    released = [path for path in exchange.rglob("*") if path.is_file()]
    assert {path.name for path in released} == {"tiny.ipynb", "data.csv"}
    assert not [path for path in released if "secret" in path.read_text(encoding="utf-8")]

    # The student fetches, works and submits.
    ada.nbgrader("fetch_assignment", "tiny")
    notebook = ada.folder / "tiny" / "tiny.ipynb"
    edit(notebook, double="def double(x):\n    return abs(2 * x)", q_why=HOSTILE)
    assert "Submitted as: demo tiny" in ada.nbgrader("submit", "tiny")

    # The teacher collects, from the exchange and from a learning platform's download, and grades.
    teacher.nbgrader("collect", "tiny")
    archive = tiny.root / "downloaded" / "tiny" / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "all.zip", "w") as packed:
        packed.writestr(NAME, json.dumps(tiny.solved()))
    (tiny.root / "collector.py").write_text(collector_of_the_documentation(), encoding="utf-8")
    assert "1 files collected" in teacher.nbgrader("zip_collect", "tiny", "--collector=collector.Downloads")
    assert "graded     2" in teacher.autograder("grade", "tiny", "--jobs", "1", "--device", "cpu")

    found, comment, at = scores(tiny, "ada")
    assert found == {"test_double": 1.0, "test_Counter": 0.0, "q_why": None}
    assert comment is not None
    assert "A negative number is not doubled" in comment
    stamp = (tiny.root / "submitted" / "ada" / "tiny" / "timestamp.txt").read_text(encoding="utf-8")
    assert stamp.startswith(at)
    found, comment, at = scores(tiny, "bob")
    assert (found["test_double"], comment, at) == (2.0, None, "2026-01-30 20:30:10")

    # What the student fetches is our page: nbgrader's generate_feedback leaves it alone.
    ours = (tiny.root / "feedback" / "ada" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert "Skipping existing assignment" in teacher.nbgrader("generate_feedback", "tiny")
    teacher.nbgrader("release_feedback", "tiny", "--student", "ada")
    ada.nbgrader("fetch_feedback", "tiny")
    fetched = ada.folder / "tiny" / "feedback" / stamp / "tiny.html"
    assert fetched.read_text(encoding="utf-8") == ours
    assert "A negative number is not doubled." in ours
    assert "Twice minus three is minus six" in ours
    assert "Four is not doubled" not in ours

    # nbgrader's own page, where it is asked for: our comment and our report beside the cells, nothing live.
    teacher.nbgrader("generate_feedback", "tiny", "--force")
    teacher.nbgrader("release_feedback", "tiny", "--student", "ada")
    ada.nbgrader("fetch_feedback", "tiny")
    theirs = fetched.read_text(encoding="utf-8")
    assert theirs != ours
    assert "A negative number is not doubled" in theirs
    assert "Hidden checks: 1 / 2 points" in theirs
    assert "<script>alert(2)" not in theirs
    assert "<img src=x" not in theirs

    # `report` brings ours back.
    assert "2 feedback pages" in teacher.autograder("report", "tiny")
    assert (tiny.root / "feedback" / "ada" / "tiny" / "tiny.html").read_text(encoding="utf-8") == ours

    # A second attempt: only the student who handed in anew is graded anew.
    edit(notebook, double="def double(x):\n    return 2 * x")
    ada.nbgrader("submit", "tiny")
    assert "Updating submission: ada tiny" in teacher.nbgrader("collect", "tiny", "--update")
    said = teacher.autograder("grade", "tiny", "--jobs", "1", "--device", "cpu")
    assert re.search(r"graded +2", said)
    assert scores(tiny, "ada")[0]["test_double"] == 2.0
    teacher.nbgrader("release_feedback", "tiny", "--student", "ada")
    ada.nbgrader("fetch_feedback", "tiny")
    pages = sorted((ada.folder / "tiny" / "feedback").glob("*/tiny.html"))
    assert [("A negative number" in page.read_text(encoding="utf-8")) for page in pages] == [True, False]
    assert os.path.basename(pages[0].parent) == stamp
