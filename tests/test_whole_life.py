"""The whole life of an assignment: nbgrader's programs, a real exchange directory, `autograder` between them."""

from __future__ import annotations

import contextlib
import io
import json
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
                # A program raises this when its command is done.
                with contextlib.suppress(NoStart):
                    program.start()
            except SystemExit as end:
                if end.code:
                    pytest.fail(said.getvalue())
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


@dataclass(frozen=True)
class Scene:
    """A course, who teaches it, and a student with a working directory of her own."""

    tiny: TinyCourse
    exchange: Path
    teacher: Person
    ada: Person

    @property
    def notebook(self) -> Path:
        """The student's copy."""
        return self.ada.folder / "tiny" / "tiny.ipynb"

    @property
    def feedback(self) -> Path:
        """Her page in the course."""
        return self.tiny.root / "feedback" / "ada" / "tiny" / "tiny.html"

    def stamp(self, folder: str = "submitted") -> str:
        """Return when she handed in what is there."""
        return (self.tiny.root / folder / "ada" / "tiny" / "timestamp.txt").read_text(encoding="utf-8")

    def grade(self) -> str:
        """Grade what is new."""
        return self.teacher.autograder("grade", "tiny", "--jobs", "1", "--device", "cpu")

    def fetched(self) -> str:
        """Release the feedback and let the student fetch it; return the page of the last attempt."""
        self.teacher.nbgrader("release_feedback", "tiny", "--student", "ada")
        self.ada.nbgrader("fetch_feedback", "tiny")
        return (self.ada.folder / "tiny" / "feedback" / self.stamp() / "tiny.html").read_text(encoding="utf-8")


def test_from_the_release_to_what_the_student_reads(tiny: TinyCourse, exchange: Path, tmp_path: Path) -> None:
    """One hands in through the exchange, one through a learning platform; both are graded at once."""
    tiny.add_checks()
    teacher = person(tiny.root, tmp_path / "teacher-home", exchange)
    ada = person(tmp_path / "ada", tmp_path / "ada-home", exchange, 'c.CourseDirectory.student_id = "ada"\n')
    scene = Scene(tiny, exchange, teacher, ada)
    hand_out(scene)
    hand_in(scene)
    download(scene)
    grade(scene)
    hand_back(scene)
    add_by_hand(scene)
    hand_in_again(scene)


def hand_out(scene: Scene) -> None:
    """The teacher releases, and no part of the solution leaves the course; the student fetches."""
    assert "nbgrader release_assignment tiny" in scene.teacher.autograder("release", "tiny")
    assert "Released as: demo tiny" in scene.teacher.nbgrader("release_assignment", "tiny")
    released = [path for path in scene.exchange.rglob("*") if path.is_file()]
    assert {path.name for path in released} == {"tiny.ipynb", "data.csv"}
    assert not [path for path in released if "secret" in path.read_text(encoding="utf-8")]
    assert "Fetched as: demo tiny" in scene.ada.nbgrader("fetch_assignment", "tiny")


def hand_in(scene: Scene) -> None:
    """The student works and submits, the teacher collects."""
    edit(scene.notebook, double="def double(x):\n    return abs(2 * x)", q_why=HOSTILE)
    assert "Submitted as: demo tiny" in scene.ada.nbgrader("submit", "tiny")
    assert "Collecting submission: ada tiny" in scene.teacher.nbgrader("collect", "tiny")


def download(scene: Scene) -> None:
    """Another student's notebook is in an archive from a learning platform."""
    archive = scene.tiny.root / "downloaded" / "tiny" / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "all.zip", "w") as packed:
        packed.writestr(NAME, json.dumps(scene.tiny.solved()))
    (scene.tiny.root / "collector.py").write_text(collector_of_the_documentation(), encoding="utf-8")
    assert "1 files collected" in scene.teacher.nbgrader("zip_collect", "tiny", "--collector=collector.Downloads")


def grade(scene: Scene) -> None:
    """Scores, comments and the time of handing in are in nbgrader's gradebook."""
    assert re.search(r"graded +2", scene.grade())
    found, comment, at = scores(scene.tiny, "ada")
    assert found == {"test_double": 1.0, "test_Counter": 0.0, "q_why": None}
    assert comment is not None
    assert "A negative number is not doubled" in comment
    assert scene.stamp().startswith(at)
    found, comment, at = scores(scene.tiny, "bob")
    assert (found["test_double"], comment, at) == (2.0, None, "2026-01-30 20:30:10")


def hand_back(scene: Scene) -> None:
    """The student fetches our page, or nbgrader's where that was asked for; `report` brings ours back."""
    ours = scene.feedback.read_text(encoding="utf-8")
    assert "Skipping existing assignment" in scene.teacher.nbgrader("generate_feedback", "tiny")
    assert scene.fetched() == ours
    assert "A negative number is not doubled." in ours
    assert "Twice minus three is minus six" in ours
    assert "Four is not doubled" not in ours

    scene.teacher.nbgrader("generate_feedback", "tiny", "--force")
    theirs = scene.fetched()
    assert theirs != ours
    assert "A negative number is not doubled" in theirs
    assert "Hidden checks: 1 / 2 points" in theirs
    assert "<script>alert(2)" not in theirs
    assert "<img src=x" not in theirs
    scene.grade()
    assert scene.feedback.read_text(encoding="utf-8") == theirs

    assert "feedback of 2 students" in scene.teacher.autograder("report", "tiny")
    assert scene.fetched() == ours


def add_by_hand(scene: Scene) -> None:
    """What a person enters in the gradebook comes onto the page with the next `grade`, and stays there."""
    with gradebook(scene.tiny) as opened:
        opened.find_grade("q_why", "tiny", "tiny", "ada").manual_score = 1.0
        opened.find_grade("test_double", "tiny", "tiny", "ada").manual_score = 1.5
        opened.find_comment("double", "tiny", "tiny", "ada").manual_comment = "Nearly, <b>Ada</b>."
        opened.db.commit()
    assert re.search(r"of these +2 unchanged\b", scene.grade())
    page = scene.fetched()
    assert "<strong>2.5</strong> <span>of 6 points, those from your instructor included</span>" in page
    assert "Your instructor gave 1.5 points; the automatic checks gave 1." in page
    assert "Nearly, &lt;b&gt;Ada&lt;/b&gt;." in page
    assert "A negative number is not doubled." in page
    assert page == scene.feedback.read_text(encoding="utf-8")


def hand_in_again(scene: Scene) -> None:
    """The same work handed in once more runs no code, and its feedback reaches the new attempt."""
    before, page = scene.stamp(), scene.feedback.read_text(encoding="utf-8")
    scene.ada.nbgrader("submit", "tiny")
    assert "Updating submission: ada tiny" in scene.teacher.nbgrader("collect", "tiny", "--update")
    assert scene.stamp() != before
    assert re.search(r"of these +1 unchanged, 1 scored anew", scene.grade())
    assert scene.stamp("autograded") == scene.stamp("feedback") == scene.stamp()
    assert scene.stamp().startswith(scores(scene.tiny, "ada")[2])
    assert scene.fetched() == page
    assert len(list((scene.ada.folder / "tiny" / "feedback").glob("*/tiny.html"))) == 2
