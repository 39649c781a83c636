"""One class, graded by `nbgrader autograde` and here: the same scores except what docs/nbgrader.md lists."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader_samples import (
    APPS,
    GUIDE,
    Sample,
    Scores,
    autotest,
    exercise,
    make_course,
    read_scores,
    run_nbgrader,
)

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.course.layout import Course
from autograder.engines.innotebook.release_record import in_students_process
from autograder.engines.registry import open_engine
from autograder.verdict import Outcome, Status

# nbgrader alone starts a dozen kernels.
pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.timeout(900)]

SLUG = "samples"
CONFIG = """
c.Execute.timeout = 20
c.LateSubmissionPlugin.penalty_method = "zero"
c.CourseDirectory.directory_structure = "{nbgrader_step}/{assignment_id}/{student_id}"
"""
SWITCHES = """
c.InNotebook.stderr_fails = True
c.InNotebook.odd_results_pass = True
c.InNotebook.death_fails_submission = True
"""
LOUD = "import warnings\ndef f():\n    warnings.warn('slow')\n    return 1"
ODD = ["float('nan')", "-1", "f() == 1", "0.5", "1 / 0", "'ok'"]
DIES = "import os\ndef f():\n    return 1\ndef die():\n    os._exit(0)"
LATE = "2020-01-01 00:00:00 UTC"


def samples() -> list[Sample]:
    """Return the sample course's notebooks, some of nbgrader's test notebooks, and our differences."""
    guide = [
        Sample(
            name,
            GUIDE / "source" / "ps1" / f"{name}.ipynb",
            {s: GUIDE / "submitted" / s / "ps1" / f"{name}.ipynb" for s in ("bitdiddle", "hacker")},
        )
        for name in ("problem1", "problem2")
    ]
    handed_in = ("submitted-changed", "submitted-cheat-attempt", "submitted-cheat-attempt-alternative")
    return [
        *guide,
        Sample("p1", APPS / "submitted-unchanged.ipynb", {name: APPS / f"{name}.ipynb" for name in handed_in}),
        autotest("multi", "changed"),
        Sample(
            "open_relative_file",
            APPS / "open_relative_file.ipynb",
            {"opens": APPS / "open_relative_file.ipynb"},
            [APPS / "data.txt"],
        ),
        Sample(
            "validating",
            APPS / "validating-environment-variable.ipynb",
            {"opens": APPS / "validating-environment-variable.ipynb"},
        ),
        Sample("stderr", exercise("", ["assert f() == 1", "assert f() == 2"]), {"warns": exercise(LOUD, ["", ""])}),
        Sample("odd", exercise("", ODD), {"odd": exercise("def f():\n    return 1", ODD)}),
        Sample("death", exercise("", ["f()\nNone", "die()", "assert f()"]), {"dies": exercise(DIES, ["", "", ""])}),
    ]


@dataclass(frozen=True)
class Both:
    """The scores of the same class from nbgrader and from us, by default and with all switches."""

    root: Path
    report: BatchReport
    nbgrader: Scores
    ours: Scores
    switched: Scores
    penalties: tuple[Any, Any]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Grade the class three times."""
    root = tmp_path_factory.mktemp("parity") / "ours"
    make_course(root, SLUG, samples(), CONFIG)
    # A course whose folders are in another order than nbgrader's own.
    shutil.move(root / "submitted", root / "by_student")
    for student in (root / "by_student").iterdir():
        target = root / "submitted" / SLUG / student.name
        shutil.copytree(student / SLUG, target)
    (root / "submitted" / SLUG / "hacker" / "timestamp.txt").write_text(LATE, encoding="utf-8")
    due(root)
    theirs = root.with_name("theirs")
    shutil.copytree(root, theirs)
    done = run_nbgrader(theirs, "autograde", SLUG)
    assert "dies" in done.stderr, "nbgrader gives up on the notebook that ends its process"
    native = read_scores(theirs, SLUG)
    report = grade(root)
    ours = read_scores(root, SLUG)
    late = penalties(theirs), penalties(root)
    switched_root = root.with_name("switched")
    shutil.copytree(root, switched_root)
    config = switched_root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + SWITCHES, encoding="utf-8")
    (switched_root / "gradebook.db").unlink()
    shutil.copy(theirs / "gradebook.db", switched_root)
    forget(switched_root)
    grade(switched_root)
    return Both(root, report, native, ours, read_scores(switched_root, SLUG), late)


def grade(root: Path) -> Any:
    """Grade the class here."""
    return grade_batch(open_engine(Course(root), SLUG), BatchOptions(jobs=1), SilentProgress())


def due(root: Path) -> None:
    """Set a date after which a submission is late."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment(SLUG, duedate="2019-12-31 00:00:00 UTC")


def forget(root: Path) -> None:
    """Remove every submission from a gradebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        for student in [s.id for s in gradebook.students]:
            gradebook.remove_student(student)


def penalties(root: Path) -> dict[tuple[str, str], float | None]:
    """Return the late penalty of each notebook."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {
            (s.student.id, n.name): n.late_submission_penalty
            for s in gradebook.assignment_submissions(SLUG)
            for n in s.notebooks
            if s.student.id != "dies"
        }


def of(scores: Scores, student: str, notebook: str) -> list[float | None]:
    """Return a notebook's cell scores in the order of their names."""
    return [v for (s, n, _), v in sorted(scores.items()) if (s, n) == (student, notebook)]


def total(scores: Scores, student: str) -> float:
    """Return the sum of a student's scores."""
    return sum(v or 0.0 for (s, _, _), v in scores.items() if s == student)


def test_every_cell_of_nbgraders_own_samples_has_nbgraders_score(both: Both) -> None:
    """Cells that need a manual grade are included; the sample course's students have their known scores."""
    on_purpose = {"warns", "odd", "dies"}
    same = {key for key in both.nbgrader if key[0] not in on_purpose}
    assert {key: both.ours[key] for key in same} == {key: both.nbgrader[key] for key in same}
    assert len(same) > 80
    assert total(both.ours, "bitdiddle") == 1.5
    assert total(both.ours, "hacker") == 3.0
    assert of(both.ours, "changed", "autotest-multi") == [1.0, 1.0, 1.0, 0.0] or total(both.ours, "changed") == 3


def test_where_we_differ_it_is_on_purpose(both: Both) -> None:
    """A warning is no failure, odd values get no full marks, and a dead process costs only the cells that it hit."""
    assert of(both.nbgrader, "warns", "stderr") == [0, 0]
    assert of(both.ours, "warns", "stderr") == [2, 0]
    assert of(both.nbgrader, "odd", "odd") == [2, 2, 2, 0.5, 0, 2]
    assert of(both.ours, "odd", "odd") == [0, 0, 2, 0.5, 0, 2]
    assert of(both.nbgrader, "dies", "death") == [None, None, None]
    assert of(both.ours, "dies", "death") == [2, 0, 2]


def test_the_switches_restore_nbgraders_way(both: Both) -> None:
    """With them every cell has nbgrader's score; the crashed submission has none there either."""
    scored = {key: value for key, value in both.nbgrader.items() if key[0] != "dies"}
    assert {key: both.switched.get(key) for key in scored} == scored
    assert of(both.switched, "dies", "death") == []


def test_late_penalties_are_those_of_the_courses_plugin(both: Both) -> None:
    """Nbgrader's rule `zero` takes a late student's whole score, and no other student's."""
    theirs, ours = both.penalties
    assert ours == theirs
    assert ours["hacker", "problem1"] > 0
    assert ours["bitdiddle", "problem1"] is None


def test_results_say_where_the_tests_ran(both: Both) -> None:
    """Every result has the note; a cell that ended its process is a crash, with the reason."""
    by_student = {g.student: g for g in both.report.grades}
    assert all(g.status is Status.GRADED and g.notes[0] == in_students_process() for g in by_student.values())
    died = {e.id: e.checks[0].outcome for e in by_student["dies"].exercises if e.id.startswith("death/")}
    assert died == {
        "death/test_0": Outcome.PASSED,
        "death/test_1": Outcome.CRASHED,
        "death/test_2": Outcome.PASSED,
    }
    ended = next(e.checks[0].message for e in by_student["dies"].exercises if e.id == "death/test_1")
    assert ended.id.startswith("sandbox.cell-ended")
    odd = [e for e in by_student["odd"].exercises if e.review and e.id.startswith("odd/")]
    assert {note.id for e in odd for note in e.notes} == {"innotebook.note"}
    assert {e.checks[0].message.id for e in odd} == {"innotebook.odd-value"}
    assert [e.id for e in odd] == ["odd/test_0", "odd/test_1"]


def test_formgrader_finds_what_nbgrader_would_have_left(both: Both) -> None:
    """Autograded notebooks are valid, carry the source's checksums and the run's outputs; receipts are copied."""
    folder = both.root / "autograded" / SLUG / "hacker"
    assert (folder / "timestamp.txt").read_text(encoding="utf-8") == LATE
    theirs = both.root.with_name("theirs") / "autograded" / SLUG / "hacker"
    assert {p.name for p in folder.glob("*.ipynb")} == {p.name for p in theirs.glob("*.ipynb")}
    for path in folder.glob("*.ipynb"):
        ours = nbformat.read(path, as_version=4)
        nbformat.validate(ours)
        native = nbformat.read(theirs / path.name, as_version=4)
        assert [c.metadata.get("nbgrader", {}).get("checksum") for c in ours.cells] == [
            c.metadata.get("nbgrader", {}).get("checksum") for c in native.cells
        ]
        kinds = [[o.output_type for o in c.get("outputs", ())] for c in ours.cells]
        assert kinds == [[o.output_type for o in c.get("outputs", ())] for c in native.cells]
    pages = {p.stem: p.read_text(encoding="utf-8") for p in (both.root / "feedback" / SLUG / "hacker").glob("*.html")}
    assert set(pages) >= {"problem1", "problem2"}
    # The page has the notebook, with our sentence beside each graded cell.
    notebook = pages["problem1"].partition('id="notebook"')[2]
    assert "def squares(n):" in notebook
    assert "1 of 1 points" in notebook
    assert "<strong>" in notebook


def test_an_unchanged_class_is_not_run_again(both: Both) -> None:
    """The second run finds everything done; the same work with another time stamp is late by that time."""
    stamp = "2019-03-01 12:30:00 UTC"
    report = grade(both.root)
    assert report.unchanged == len(report.grades) == len(both.report.grades)
    (both.root / "submitted" / SLUG / "bitdiddle" / "timestamp.txt").write_text(stamp, encoding="utf-8")
    again = grade(both.root)
    assert again.unchanged == len(again.grades) - 1
    for folder in ("autograded", "feedback"):
        assert (both.root / folder / SLUG / "bitdiddle" / "timestamp.txt").read_text(encoding="utf-8") == stamp
