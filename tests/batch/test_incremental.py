"""After a change only what depends on it runs again, and the outcome is that of a full run; previews; `diff`."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tiny_course import TinyCourse, cell, make_tiny_course
from typer.testing import CliRunner

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.batch.status import outlook
from autograder.batch.task import Task
from autograder.cli import app
from autograder.engines.base import Work
from autograder.feedback.changes import Kind
from autograder.verdict import Grade

pytestmark = pytest.mark.sandbox

#: The first check of each exercise writes down that it ran, and on whom.
DOUBLE = '''"""Checks of `double`."""
from pathlib import Path

import pytest

from autograder.checks import fail

pytestmark = pytest.mark.exercise("double")


def test_of_one(student):
    """Twice one is two."""
    with Path({log!r}).open("a") as log:
        log.write(f"double-{type(student.tools._transport).__name__} ")
    assert student.double(1) == 2


@pytest.mark.weight(2)
def test_of_many(student):
    """Twice 10 is 20."""
    if student.double(10) != 20:
        fail("That is not twice 10.")
'''
COUNTER = '''"""Checks of `Counter`."""
from pathlib import Path

import pytest

pytestmark = pytest.mark.exercise("Counter")


def test_up(student):
    """Counts up by one."""
    with Path({log!r}).open("a") as log:
        log.write(f"counter-{type(student.tools._transport).__name__} ")
    assert student.tools.example("Counter().up()") == 1


def test_start(student):
    """Starts where it is told to."""
    assert student.tools.example("Counter(3).up()") == 4
'''
NONE: dict[str, int] = {"double": 0, "counter": 0}
RIGHT_COUNTER = (
    "class Counter:\n    def __init__(self, start=0):\n        self.n = start\n\n"
    "    def up(self, by=1):\n        self.n += by\n        return self.n"
)
IDEA = '"""You return the number itself."""\n\nHINT = "Twice!"\n\n\ndef double(x):\n    return x\n'


class Desk:
    """The course, and the means to grade, to edit and to see what there is."""

    def __init__(self, tiny: TinyCourse) -> None:
        self.tiny = tiny
        self.root = tiny.root
        self.secret = tiny.assignment.secret_dir
        self.log = tiny.root / "ran.txt"
        self.results = tiny.course.results_dir / "tiny"

    def grade(self, **options: Any) -> tuple[BatchReport, dict[str, int]]:
        """Grade with one judge; return the report, and for how many submissions each exercise was to run."""
        self.log.unlink(missing_ok=True)
        given = BatchOptions(**{"jobs": 1, "device": "cpu", "seed": 7, **options})
        asked: list[frozenset[str]] = []
        load = Task.load

        def noted(task: Task) -> Work:
            work = load(task)
            if work.student != "broken":
                asked.append(frozenset(NONE) if work.exercises is None else work.exercises)
            return work

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Task, "load", noted)
            report = grade_batch(self.tiny.engine, given, SilentProgress())
        ran = {name: sum(name in exercises for exercises in asked) for name in NONE}
        words = self.log.read_text(encoding="utf-8").split() if self.log.exists() else []
        # The reference and variants run beside the checks; answers that are the reference's may need no check.
        for name, count in ran.items():
            assert words.count(f"{name}-RemoteTransport") <= count
        return report, ran

    def edit(self, path: Path, old: str, new: str) -> None:
        """Replace a text that must be there."""
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    @property
    def double(self) -> Path:
        """The file of checks."""
        return self.secret / "checks" / "test_01_double.py"

    def reprice(self, exercise: str, points: int) -> None:
        """Give an exercise other points, in both places: assignment.toml and the template."""
        toml = self.tiny.assignment.public_dir / "assignment.toml"
        before, mark, after = toml.read_text(encoding="utf-8").partition(f'id = "{exercise}"')
        head, _, tail = after.partition("points = ")
        rest = tail.partition("\n")[2]
        toml.write_text(f"{before}{mark}{head}points = {points}\n{rest}", encoding="utf-8")
        notebook = self.tiny.template()
        cell(notebook, f"test_{exercise}")["metadata"]["nbgrader"]["points"] = points
        self.tiny.assignment.template_path.write_text(json.dumps(notebook), encoding="utf-8")

    def written(self) -> dict[str, Any]:
        """Return all that grading writes, durations aside."""
        found: dict[str, Any] = {}
        for path in sorted(self.results.glob("[!.]*.json")):
            data = json.loads(path.read_text(encoding="utf-8"))
            data.pop("seconds")
            for exercise in data["exercises"]:
                for check in exercise["checks"]:
                    check.pop("seconds")
            found[path.name] = data
        for pattern in ("autograded/*/tiny/*", "feedback/*/tiny/*"):
            found |= {str(p.relative_to(self.root)): p.read_text() for p in sorted(self.root.glob(pattern))}
        found["gradebook"] = self.gradebook()
        return found

    def gradebook(self) -> list[tuple[Any, ...]]:
        """Return scores and comments as nbgrader's database has them."""
        path = self.root / "gradebook.db"
        if not path.exists():
            return []
        with sqlite3.connect(path) as database:
            scores = database.execute(
                "SELECT s.student_id, b.name, g.auto_score, c.max_score FROM grade g "
                "JOIN submitted_notebook n ON g.notebook_id = n.id "
                "JOIN submitted_assignment s ON n.assignment_id = s.id "
                "JOIN base_cell b ON g.cell_id = b.id JOIN grade_cells c ON c.id = b.id ORDER BY 1, 2"
            ).fetchall()
            comments = database.execute("SELECT auto_comment FROM comment ORDER BY 1").fetchall()
        database.close()
        return [*scores, *comments]

    def bytes(self) -> dict[str, bytes]:
        """Return every file that a dry run must not touch."""
        folders = ("results", "autograded", "feedback")
        paths = [p for folder in folders for p in (self.root / folder).rglob("*") if p.is_file()]
        kept = {str(p): p.read_bytes() for p in paths if ".preview" not in p.parts}
        return kept | {"gradebook": self.gradebook().__repr__().encode()}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A course with four hand-ins; the tests of this file go on where the one before ended."""
    tiny = make_tiny_course(tmp_path_factory.mktemp("incremental") / "course")
    template = tiny.template()
    # An object's repr would differ from run to run.
    cell(template, "test_Counter")["source"] = "print(Counter().up())"
    tiny.assignment.template_path.write_text(json.dumps(template), encoding="utf-8")
    made = Desk(tiny)
    made.double.write_text(DOUBLE.replace("{log!r}", repr(str(made.log))), encoding="utf-8")
    counter = made.secret / "checks" / "test_02_counter.py"
    counter.write_text(COUNTER.replace("{log!r}", repr(str(made.log))), encoding="utf-8")
    (made.secret / "misconceptions").mkdir()
    (made.secret / "misconceptions" / "not_doubled.py").write_text(IDEA, encoding="utf-8")
    for student, double, has_counter in (
        ("right", "def double(x):\n    print('x')\n    return 2 * x", True),
        ("same", "def double(x):\n    return x", True),
        ("three", "def double(x):\n    return 3 * x", False),
        ("plus", "def double(x):\n    return x + 1", True),
    ):
        notebook = tiny.solved()
        cell(notebook, "double")["source"] = double
        for test in ("test_double", "test_Counter"):
            # Reading notes that a hand-in has other points than today's template.
            cell(notebook, test)["metadata"]["nbgrader"].pop("points")
        if has_counter:
            cell(notebook, "Counter")["source"] = RIGHT_COUNTER
        tiny.hand_in(student, notebook, "2026-03-01 12:30:00.000000 UTC")
    tiny.hand_in("broken", "{")
    return made


@pytest.fixture(scope="module")
def first(desk: Desk) -> dict[str, Grade]:
    """The first run."""
    report, ran = desk.grade()
    assert ran == {"counter": 4, "double": 4}
    return {g.student: g for g in report.grades}


def test_the_course_is_graded(desk: Desk, first: dict[str, Grade]) -> None:
    """Scores before anything is edited; a second run finds nothing to do."""
    assert {s: round(float(g.score), 4) for s, g in first.items()} == {
        "right": 5,
        "same": 3,
        "three": 0,
        "plus": 3.6667,
        "broken": 0,
    }
    assert first["same"].exercises[0].diagnosis == "not-doubled"
    report, ran = desk.grade()
    assert (report.unchanged, ran) == (5, NONE)


def test_points_weights_and_titles_are_applied_without_running_code(desk: Desk, first: dict[str, Grade]) -> None:
    """`diff` knows them before, `grade` writes them."""
    del first
    desk.reprice("double", 6)
    desk.edit(desk.double, "@pytest.mark.weight(2)", "@pytest.mark.weight(3)")
    desk.edit(desk.double, "Twice one is two.", "Two is twice one.")
    before = desk.bytes()
    found = outlook(desk.tiny.engine)
    assert not found.pending
    assert {c.student: (c.kind, c.before, c.after) for c in found.changes} == {
        "right": (Kind.UP, 5, 9),
        "same": (Kind.UNCHANGED, 3, 3),
        "three": (Kind.UNCHANGED, 0, 0),
        "plus": (Kind.UP, Fraction("3.6667"), Fraction("4.5")),
        "broken": (Kind.UNCHANGED, 0, 0),
    }
    assert desk.bytes() == before
    report, ran = desk.grade()
    assert ran == NONE
    assert (report.reevaluated, report.unchanged) == (5, 0)
    anew = desk.written()
    assert anew["right.json"]["exercises"][0]["checks"][0]["title"] == "Two is twice one."
    assert ("right", "test_double", 6.0, 6.0) in anew["gradebook"]
    assert "Hidden checks: 6 / 6" in anew["autograded/right/tiny/tiny.ipynb"]
    assert desk.grade()[0].unchanged == 5


def test_an_edited_check_runs_its_own_exercise_only(desk: Desk, first: dict[str, Grade]) -> None:
    """A dry run grades that exercise and writes nothing; `grade` takes it over; all is as after a full run."""
    del first
    desk.edit(desk.double, "student.double(1) == 2", "student.double(2) == 4")
    before = desk.bytes()
    pending = outlook(desk.tiny.engine).pending
    assert {(p.student, p.exercises) for p in pending} == {(s, ("double",)) for s in ("right", "same", "three", "plus")}

    report, ran = desk.grade(dry_run=True)
    assert ran == {"double": 4, "counter": 0}
    assert desk.bytes() == before
    changes = {c.student: c for c in report.changes}
    assert {s: c.kind for s, c in changes.items()} == {
        "right": Kind.UNCHANGED,
        "same": Kind.UNCHANGED,
        "three": Kind.UNCHANGED,
        "plus": Kind.DOWN,
        "broken": Kind.UNCHANGED,
    }
    assert [(c.exercise, c.name) for c in changes["plus"].checks] == [("double", "of_one")]

    shown = CliRunner().invoke(app, ["diff", "tiny", "--course", str(desk.root), "--csv", str(desk.root / "c.csv")])
    assert shown.exit_code == 0, shown.output
    assert "double: of_one: up for 0, down for 1" in shown.stdout
    with (desk.root / "c.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["student"], row["change"], row["score_before"], row["score_after"]) == ("plus", "down", "4.5", "3")
    assert (row["outcome_before"], row["outcome_after"]) == ("passed", "failed")

    report, ran = desk.grade()
    assert ran == NONE
    assert (report.previewed, report.reevaluated) == (4, 1)
    assert not list((desk.results / ".preview").glob("[!.]*.json"))
    assert desk.grade()[0].unchanged == 5


def test_an_edited_misconception_runs_what_is_wrong_only(desk: Desk, first: dict[str, Grade]) -> None:
    """Right exercises do not run; a new hand-in runs whole; the outcome is that of a full run.

    A changed hint alone runs nothing.
    """
    del first
    desk.edit(desk.secret / "misconceptions" / "not_doubled.py", "return x", "return 1 * x")
    desk.edit(desk.secret / "misconceptions" / "not_doubled.py", "Twice!", "Add it to itself.")
    (desk.secret / "answers.md").write_text("Because it is so.", encoding="utf-8")
    desk.reprice("Counter", 5)
    desk.tiny.hand_in("three", desk.tiny.solved())
    report, ran = desk.grade()
    assert (report.reevaluated, report.unchanged) == (2, 0)  # what was right, and what cannot be read
    assert ran == {"double": 3, "counter": 1}
    partial = desk.written()
    assert partial["same.json"]["exercises"][0]["hint"] == "Add it to itself."
    assert partial["three.json"]["score"] == 6
    assert partial["right.json"]["score"] == 11
    _, ran = desk.grade(force=True)
    assert ran == {"double": 4, "counter": 4}
    assert desk.written() == partial


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("depends"),
        lambda data: data.update(depends=["double"]),
        lambda data: data.update(depends={"": 1, "double": None}),
        lambda data: data["exercises"].pop(),
        lambda data: data.pop("exercises"),
    ],
)
def test_a_record_that_cannot_be_read_means_grading_again(
    desk: Desk, first: dict[str, Grade], spoil: Callable[[Any], Any]
) -> None:
    """None of it is used, and nothing fails."""
    del first
    path = desk.results / "right.json"
    text = path.read_text(encoding="utf-8")
    data = json.loads(text)
    spoil(data)
    data["fingerprint"] = "other"
    path.write_text(json.dumps(data), encoding="utf-8")
    try:
        found = outlook(desk.tiny.engine)
        assert "Counter" in {e for p in found.pending if p.student == "right" for e in p.exercises}
    finally:
        path.write_text(text, encoding="utf-8")
