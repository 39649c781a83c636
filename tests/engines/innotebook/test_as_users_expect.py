"""What a user of nbgrader would expect: times by cell, old gradebooks, `check`, and commands that are for others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from nbgrader_samples import APPS, Sample, code, exercise, make_course, notebook_of

from autograder.authoring.student_check import check_notebook
from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.cli import release, verify
from autograder.course.layout import Course
from autograder.engines.registry import open_engine
from autograder.errors import GradebookError, UsageError
from autograder.verdict import Outcome

SLUG = "ps"
#: Each takes longer than `Execute.timeout`, and only the first longer than its own time.
TIMES = ["import time\ntime.sleep(60)  # short", "import time\ntime.sleep(3)  # long"]


@pytest.mark.sandbox
def test_a_function_of_the_course_says_how_long_a_cell_may_take(tmp_path: Path) -> None:
    """`Execute.timeout_func` has priority over `Execute.timeout`, as in nbgrader."""
    root = tmp_path / "course"
    config = "c.Execute.timeout = 1\nc.Execute.timeout_func = lambda cell: 2 if 'short' in cell.source else None\n"
    make_course(root, SLUG, [Sample("p", exercise("", TIMES), {"a": exercise("x = 1", TIMES)})], config)
    report = grade_batch(open_engine(Course(root), SLUG), BatchOptions(jobs=1), SilentProgress())
    (grade,) = report.grades
    assert [e.checks[0].outcome for e in grade.exercises] == [Outcome.TIMEOUT, Outcome.PASSED]
    assert "2 s" in grade.exercises[0].checks[0].message
    for command in (verify, release):
        with pytest.raises(UsageError, match=f"`autograder {command.NAME}` is for assignments with hidden") as refused:
            verify.run([SLUG], course=root) if command is verify else release.run(SLUG, root)
        assert f"nbgrader generate_assignment {SLUG}" in str(refused.value)


def test_an_old_gradebook_is_told_how_to_be_raised(tmp_path: Path) -> None:
    """nbgrader's sample database, older than its last change of tables, is refused with the command to run."""
    shutil.copy(APPS / "gradebook.db", tmp_path / "gradebook.db")
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    with pytest.raises(GradebookError, match="`nbgrader db upgrade`"):
        open_engine(Course(tmp_path), "ps1")


@pytest.mark.sandbox
def test_check_runs_the_tests_that_such_a_notebook_shows(tmp_path: Path) -> None:
    """Each test has its own outcome, other notebooks can be used, and a cell whose tests are all hidden says so."""
    cells = [
        code("%run other.ipynb\ndef f(x):\n    return given(x)", "answer", solution=True),
        code("assert f(1) == 2", "cell-eebb", points=1),
        code("assert f(1) == 3, 'not three'", "test_wrong", points=1),
        code("", "all_hidden", points=1),
    ]
    (tmp_path / "p.ipynb").write_text(json.dumps(notebook_of(cells)), encoding="utf-8")
    other = notebook_of([code("def given(x):\n    return x + 1")])
    (tmp_path / "other.ipynb").write_text(json.dumps(other), encoding="utf-8")
    report = check_notebook(tmp_path / "p.ipynb")
    assert [(i.exercise, i.passed) for i in report.items] == [
        ("cell-eebb", True),
        ("wrong", False),
        ("all_hidden", True),
    ]
    assert report.items[1].message == "AssertionError: not three"
    assert "not shown here" in report.items[2].message
    assert report.own_tests
