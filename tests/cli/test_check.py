"""`autograder check`: a student's notebook against its own examples, in a real kernel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat

EXAMPLE = """try:
    assert {call}, "{message}"
    print("agrees")
except NotImplementedError:
    print("not implemented yet")"""


def notebook_of(**answers: tuple[str, str, str]) -> nbformat.NotebookNode:
    """Return a notebook: by exercise the source, what its example asserts, and the example's message."""
    cells = []
    for name, (source, call, message) in answers.items():
        flags = {"schema_version": 3, "task": False}
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata["nbgrader"] = {**flags, "grade_id": name, "grade": False, "solution": True, "locked": False}
        test = nbformat.v4.new_code_cell(EXAMPLE.format(call=call, message=message))
        test.metadata["nbgrader"] = {
            **flags,
            "grade_id": f"test_{name}",
            "grade": True,
            "solution": False,
            "locked": True,
            "points": 1,
        }
        cells += [cell, test]
    return nbformat.v4.new_notebook(cells=cells)


def check(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as a student does."""
    command = [sys.executable, "-m", "autograder", "check", str(path), *options]
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_check_says_what_agrees_what_is_wrong_and_what_is_to_do(tmp_path: Path) -> None:
    """One row per exercise; the words of the example's assert are shown as text; findings end with code 1."""
    path = tmp_path / "mine.ipynb"
    nbformat.write(
        notebook_of(
            right=("def right(x):\n    return 2 * x", "right(2) == 4", ""),
            wrong=("def wrong(x):\n    return 3 * x", "wrong(2) == 4", "[bold]twice, not thrice"),
            stub=("def stub(x):\n    raise NotImplementedError", "stub(2) == 4", ""),
            raises=("def raises(x):\n    y = 1\n    return x / 0", "raises(2) == 4", ""),
        ),
        path,
    )
    before = path.read_bytes()
    done = check(path)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    rows = done.stdout.splitlines()
    assert rows[0].split() == ["ok", "right"]
    assert rows[1].startswith("WRONG  wrong")
    assert "[bold]twice, not thrice" in rows[1]
    assert any(row.split() == ["to", "do", "stub", "not", "implemented", "yet"] for row in rows)
    assert any(row.startswith("WRONG  raises") and "ZeroDivisionError" in row for row in rows)
    assert any(row.strip() == "line 3: return x / 0" for row in rows)
    assert rows[-1].startswith("1 of 4 exercises agree")
    assert path.read_bytes() == before


def test_check_of_one_exercise(tmp_path: Path) -> None:
    """Only that one is reported; if it agrees, all is fine."""
    path = tmp_path / "mine.ipynb"
    nbformat.write(
        notebook_of(
            wrong=("def wrong(x):\n    return 3 * x", "wrong(2) == 4", ""),
            right=("def right(x):\n    return 2 * x", "right(2) == 4", ""),
        ),
        path,
    )
    done = check(path, "--exercise", "right")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].split() == ["ok", "right"]
    assert "wrong" not in done.stdout


def test_check_of_an_exercise_that_is_not_there(tmp_path: Path) -> None:
    """The message lists those that are."""
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(notebook_of(right=("", "True", ""))), encoding="utf-8")
    done = check(path, "--exercise", "adam_step")
    assert done.returncode == 2
    assert "no exercise 'adam_step'; it has: right." in done.stderr
