"""Every command on a class that is graded by the tests in its notebooks: the story of one assignment, in order."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from nbgrader_samples import Sample, exercise, make_course, put, read_scores
from typer.testing import CliRunner

from autograder.cli import app
from autograder.errors import CourseError

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300)]

SLUG = "ps"
#: A tenth for each day begun, by a plugin of the course's own.
CONFIG = """
import math
from nbgrader.plugins import BasePlugin
class Tenths(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * math.ceil(total_seconds_late / 86400) / 10
c.AssignLatePenalties.plugin_class = Tenths
c.CourseDirectory.student_id_exclude = "nobody"
c.CourseDirectory.feedback_directory = "pages"
"""
TESTS = ["assert f() == 1", "f() / 2"]
#: Both notebooks have cells of the same names.
RIGHT, WRONG, ODD = ("def f():\n    return " + value for value in ("1", "2", "float('nan')"))
STAMP, LATE = "2026-03-01 12:00:00 UTC", "2026-03-03 01:00:00 UTC"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A released assignment of two notebooks, due a day and a half before `late` handed in."""
    made = tmp_path_factory.mktemp("commands") / "course"
    answers = {"ada": (RIGHT, RIGHT), "late": (RIGHT, WRONG), "odd": (RIGHT, ODD), "nobody": (RIGHT, RIGHT)}
    samples = [
        Sample(name, exercise("", TESTS), {s: exercise(a[i], TESTS) for s, a in answers.items()})
        for i, name in enumerate(("one", "two"))
    ]
    make_course(made, SLUG, samples, CONFIG)
    for student in answers:
        stamp = made / "submitted" / student / SLUG / "timestamp.txt"
        stamp.write_text(LATE if student == "late" else STAMP, encoding="utf-8")
    due(made, "2026-03-01 13:00:00 UTC")
    return made


@contextmanager
def gradebook(root: Path) -> Iterator[Any]:
    """Open the course's gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db") as opened:
        yield opened


def due(root: Path, date: str) -> None:
    """Set everybody's deadline."""
    with gradebook(root) as opened:
        opened.update_or_create_assignment(SLUG, duedate=date)


def run(root: Path, command: str, *options: str, code: int = 0) -> str:
    """Run a command; return what it prints."""
    result = CliRunner().invoke(app, [command, SLUG, "--course", str(root), *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


def verdict(root: Path, student: str) -> dict[str, Any]:
    """Return a student's result."""
    found: dict[str, Any] = json.loads((root / "results" / SLUG / f"{student}.json").read_text(encoding="utf-8"))
    return found


def penalties(root: Path) -> dict[tuple[str, str], float | None]:
    """Return the late penalty of each notebook that has one."""
    with gradebook(root) as opened:
        return {
            (s.student.id, n.name): n.late_submission_penalty
            for s in opened.assignment_submissions(SLUG)
            for n in s.notebooks
            if n.late_submission_penalty is not None
        }


def test_a_dry_run_shows_scores_and_writes_none(root: Path) -> None:
    """Before it, `diff` only says that nothing is graded; after it, both show the scores that `grade` would write."""
    assert "3 to run: not graded yet (one/test_0, one/test_1, two/test_0, two/test_1): ada, late, odd" in run(
        root, "diff"
    )
    said = json.loads(run(root, "grade", "--dry-run", "--json").splitlines()[-2])
    assert {s["student"]: s["after"] for s in said["students"]} == {"ada": 5.0, "late": 3.5, "odd": 2.5}
    assert not list(root.glob("autograded/*")) + list(root.glob("pages/*")) + list(root.glob("results/ps/*.json"))
    assert read_scores(root, SLUG) == {}
    assert json.loads(run(root, "status", "--json"))["waiting"] == 3
    assert "new: ada, late, odd" in run(root, "diff")


def test_grade_takes_the_preview_over(root: Path) -> None:
    """Nothing is run again; the terminal names the pages by their file names, and says what is in doubt."""
    said = run(root, "grade")
    assert re.search(r"graded +3\b", said)
    assert re.search(r"of these +3 as previewed", said)
    assert str(root / "pages" / "STUDENT" / SLUG / "NOTEBOOK.html") in said.replace("\n", "")
    assert "the tests in the notebooks leave in doubt" in said
    assert "forbids" not in said
    assert "odd (two/test_1)" in said
    assert {k: v for k, v in read_scores(root, SLUG).items() if k[1] == "two"} == {
        ("ada", "two", "test_0"): 2.0,
        ("ada", "two", "test_1"): 0.5,
        ("late", "two", "test_0"): 0.0,
        ("late", "two", "test_1"): 1.0,
        ("odd", "two", "test_0"): 0.0,
        ("odd", "two", "test_1"): 0.0,
    }
    status = json.loads(run(root, "status", "--json"))
    assert (status["graded"], status["left"]) == (3, 0)


def test_late_notebooks_are_penalised_one_by_one(root: Path) -> None:
    """The course's plugin decides: nbgrader's field, the results, each page and the summary show the same penalty."""
    assert penalties(root) == {("late", "one"): 0.5, ("late", "two"): 0.2}
    late = verdict(root, "late")
    assert (late["score"], late["late"]["penalty"], late["late"]["late_s"]) == (3.5, 0.7, 36 * 3600)
    assert verdict(root, "ada")["late"]["penalty"] == 0
    pages = {
        name: (root / "pages" / "late" / SLUG / f"{name}.html").read_text(encoding="utf-8") for name in ("one", "two")
    }
    assert "1 d 12 h after your deadline" in pages["one"]
    assert "−0.5, so 2 points count" in pages["one"]
    assert "−0.2, so 0.8 points count" in pages["two"]
    assert "deadline" not in (root / "pages" / "ada" / SLUG / "one.html").read_text(encoding="utf-8")


def test_every_format_has_the_points_of_both_notebooks(root: Path, tmp_path: Path) -> None:
    """Cells of the same name in two notebooks are distinguished; a manual score counts, also for the late penalty."""
    with gradebook(root) as opened:
        opened.find_grade("test_0", "two", SLUG, "late").manual_score = 2
        opened.db.commit()
    run(root, "export", "--to", "csv")
    folder = root / "results" / SLUG / "export"
    with (folder / "grades.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert [rows["late"][c] for c in ("score", "late_penalty", "final_score", "max_score")] == [
        "5.5",
        "1.1",
        "4.4",
        "8",
    ]
    assert [rows["late"][f"{n}/test_{i}"] for n in ("one", "two") for i in (0, 1)] == ["2", "0.5", "2", "1"]
    assert rows["odd"]["waiting"] == "two/test_1"
    run(root, "export", "--to", "gradescope")
    late = json.loads((folder / "gradescope" / "late.json").read_text(encoding="utf-8"))
    assert (late["score"], late["extra_data"]["late_penalty"]) == (4.4, 1.1)
    assert [(t["tags"], t["score"], t["max_score"]) for t in late["tests"]] == [
        (["one/test_0"], 2.0, 2.0),
        (["one/test_1"], 0.5, 2.0),
        (["two/test_0"], 2.0, 2.0),
        (["two/test_1"], 1.0, 2.0),
    ]
    run(root, "export", "--to", "junit")
    suites = ET.parse(folder / "junit.xml").getroot()
    odd = next(s for s in suites if s.get("name") == "odd")
    assert {c.get("classname"): c.find("failure") is None for c in odd.iter("testcase")} == {
        "one/test_0": True,
        "one/test_1": False,
        "two/test_0": False,
        "two/test_1": False,
    }
    downloads = {
        "canvas": "Student,ID,SIS Login ID,Section,ps (12)\nA,1,ada,,\nL,2,late,,\nO,3,odd,,\n",
        "moodle": "Identifier,ID number,Grade,Feedback comments\nX 1,ada,,\nX 2,late,,\nX 3,odd,,\n",
    }
    for to, text in downloads.items():
        template, output = tmp_path / f"{to}.csv", tmp_path / f"{to}-filled.csv"
        template.write_text(text, encoding="utf-8")
        run(root, "export", "--to", to, "--template", str(template), "-o", str(output))
        lines = list(csv.reader(output.open(newline="", encoding="utf-8")))
        assert [line[4 if to == "canvas" else 2] for line in lines[1:]] == ["5", "4.4", "2.5"]
        assert to == "canvas" or "two/test_0: 2 of 2" in lines[2][3]


def test_report_writes_pages_and_penalties_again(root: Path) -> None:
    """The pages have the earlier manual score, which `grade` would use too; nothing is run."""
    assert penalties(root)["late", "two"] == 0.2
    page = root / "pages" / "ada" / SLUG / "two.html"
    page.unlink()
    assert "The feedback of 3 students" in run(root, "report")
    assert page.is_file()
    assert penalties(root) == {("late", "one"): 0.5, ("late", "two"): 0.6}
    late = (root / "pages" / "late" / SLUG / "two.html").read_text(encoding="utf-8")
    assert "Your instructor gave 2 points; the automatic checks gave 0." in late
    assert "−0.6, so 2.4 points count" in late
    assert "instructor gave" not in (root / "pages" / "late" / SLUG / "one.html").read_text(encoding="utf-8")


def test_a_moved_deadline_takes_effect_without_a_run(root: Path) -> None:
    """Penalties disappear, pages and results follow, and no submission is graded again."""
    due(root, "2026-04-01 00:00:00 UTC")
    assert "3 unchanged" in run(root, "grade")
    assert penalties(root) == {}
    assert verdict(root, "late")["late"]["late_s"] == 0
    assert "deadline" not in (root / "pages" / "late" / SLUG / "one.html").read_text(encoding="utf-8")


def test_what_is_handed_in_anew_is_previewed(root: Path, tmp_path: Path) -> None:
    """One submission is run; the table and the CSV name the cell, and the stored score stays."""
    put(exercise(RIGHT, TESTS), root / "submitted" / "odd" / SLUG / "two.ipynb")
    assert json.loads(run(root, "status", "--json"))["changed"] == 1
    assert "1 to run: handed in anew" in run(root, "diff")
    changes = tmp_path / "changes.csv"
    said = run(root, "grade", "--dry-run", "--csv", str(changes))
    assert "1 up, 0 down, 2 unchanged" in said
    with changes.open(newline="", encoding="utf-8") as file:
        rows = [(r["student"], r["exercise"], r["check_before"], r["check_after"]) for r in csv.DictReader(file)]
    assert rows == [("odd", "two/test_0", "0", "2"), ("odd", "two/test_1", "0", "0.5")]
    assert verdict(root, "odd")["score"] == 2.5
    assert re.search(r"of these +2 unchanged, 1 as previewed", run(root, "grade"))
    assert verdict(root, "odd")["score"] == 5
    assert not list((root / "results" / SLUG / ".preview").glob("[!.]*.json"))


def test_a_kernel_that_is_not_installed_is_told_before_anything_runs(root: Path) -> None:
    """The message has the notebook's name and the remedy; no earlier file is changed."""
    with gradebook(root) as opened:
        opened.update_or_create_notebook("two", SLUG, kernelspec='{"name": "ir", "language": "R"}')
    before = (root / "results" / SLUG / "ada.json").stat()
    with pytest.raises(CourseError, match=r"two\.ipynb needs the Jupyter kernel 'ir'.*jupyter kernelspec list"):
        run(root, "grade")
    assert (root / "results" / SLUG / "ada.json").stat() == before
