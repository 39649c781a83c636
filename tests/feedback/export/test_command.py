"""`autograder export` as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest
from class_of_records import make_class
from gradebook_courses import copy_of
from tiny_course import TinyCourse
from typer.testing import CliRunner

from autograder.cli import app
from autograder.errors import UsageError


@pytest.fixture(scope="module")
def graded(released: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyCourse:
    """Make the class once; exports only read."""
    return make_class(copy_of(released, tmp_path_factory.mktemp("class") / "course"))


def run(graded: TinyCourse, *arguments: str) -> tuple[int, str]:
    """Return exit code and output."""
    result = CliRunner().invoke(app, ["export", "tiny", "--course", str(graded.root), *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_each_format_goes_to_its_place(graded: TinyCourse) -> None:
    """Under results/, and the command says where and for how many."""
    folder = graded.root / "results" / "tiny" / "export"
    for to, name in (("csv", "grades.csv"), ("gradescope", "gradescope"), ("junit", "junit.xml")):
        code, output = run(graded, "--to", to)
        assert code == 0
        assert f"13 grades: {folder / name}" in output
        assert "note: 10 of 14 still wait for a person in formgrader" in output
        assert (folder / name).exists()


def test_who_has_no_row_is_a_finding(graded: TinyCourse, tmp_path: Path) -> None:
    """Exit code 1, with the names; all others are written."""
    template = tmp_path / "canvas.csv"
    template.write_text("Student,ID,SIS Login ID,Section,tiny (12)\nAda,1,ada,,\nBob,2,bob,,\n", encoding="utf-8")
    output = tmp_path / "filled.csv"
    code, said = run(graded, "--to", "canvas", "--template", str(template), "-o", str(output))
    assert code == 1
    assert "finding: No row in" in said
    assert output.read_text(encoding="utf-8").splitlines()[1:] == ["Ada,1,ada,,2", "Bob,2,bob,,1.575"]


def test_a_template_that_is_not_there_is_said(graded: TinyCourse, tmp_path: Path) -> None:
    """And the message says what to name instead."""
    with pytest.raises(UsageError, match=r"none\.csv cannot be read: No such file.*Name the file"):
        run(graded, "--to", "moodle", "--template", str(tmp_path / "none.csv"))
