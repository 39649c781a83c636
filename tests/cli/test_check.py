"""`autograder check`: a student's notebook against its own examples, run as the grader runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.check_needs import needed_cells
from autograder.authoring.check_source import open_notebook
from autograder.authoring.student_check import check_notebook
from autograder.course.assignment import load_assignment
from autograder.course.layout import builtin_course_dir
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import RunCell, load_template
from autograder.errors import SandboxError, UsageError

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
    assert rows[-1].startswith("1 of 4 tests of this notebook pass")
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


# -- as the grader does ------------------------------------------------------------------------------------

WRONG = {
    "sgd_step": "def sgd_step(param, grad, lr):\n    new = param\n    while True:\n        new = new - lr * grad",
    "momentum_step": "def momentum_step(param, grad, velocity, lr, momentum)\n    return param",
    "adam_step": "def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):\n    # Down.\n    return m / 'a'",
    "adagrad_step": "def adagrad_step(param, grad, s, lr, eps):\n    raise SystemExit",
    "Adam": "class Adam(torch.optim.Adam):\n    pass",
    "rmsprop_step": (
        "def rmsprop_step(param, grad, s, lr, alpha, eps):\n"
        "    optimizer = getattr(torch.optim, 'RMS' + 'prop')\n    return param, s"
    ),
}


def solved(**answers: str) -> nbformat.NotebookNode:
    """Return the notebook of `optimizers` filled in by the reference, but for these cells."""
    assignment = load_assignment(builtin_course_dir(), "optimizers")
    notebook = compose_submission(assignment, load_template(assignment), [assignment.solution_path])
    for cell in notebook.cells:
        if grade_id(cell) in answers:
            cell.source = answers[str(grade_id(cell))]
    return notebook


def rows(done: subprocess.CompletedProcess[str]) -> dict[str, list[str]]:
    """Return what is said of each exercise: its row, and the lines beneath it."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in done.stdout.splitlines():
        if line.startswith(("ok", "WRONG", "to do")):
            current = found.setdefault(line.removeprefix("to do").split()[line[:5] != "to do"], [])
        current.append(line.strip())
    return found


@pytest.mark.sandbox
def test_limits_lines_and_forbidden_names_are_the_graders(tmp_path: Path) -> None:
    """A loop ends after the assignment's four seconds, and each row names cell, line and cause."""
    path = tmp_path / "optimizers (1).ipynb"
    nbformat.write(solved(**WRONG), path)
    done = check(path)
    assert done.returncode == 1, done.stderr
    found = rows(done)
    assert found["gradient_descent"] == ["ok     gradient_descent"]
    assert "limit on time in sgd_step, line " in found["sgd_step"][0]
    assert "4 s for a cell" in found["sgd_step"][0]
    assert "SyntaxError" in found["momentum_step"][0]
    assert found["momentum_step"][1].startswith("line 1: def momentum_step")
    assert "TypeError" in found["adam_step"][0]
    assert found["adam_step"][1] == "line 3: return m / 'a'"
    assert found["adagrad_step"][0].startswith("WRONG  adagrad_step")
    assert found["Adam"][0].startswith("WRONG  Adam")
    assert "torch.optim.Adam is what this assignment asks you to write" in found["Adam"][0]
    assert found["Adam"][1].startswith("line 1: class Adam(torch.optim.Adam)")
    assert "reaches torch.optim.RMSprop" in " ".join(found["rmsprop_step"])
    assert found["Momentum"] == ["ok     Momentum"]
    assert "optimizers (1).ipynb” and not optimizers.ipynb; it counts all the same" in done.stderr


@pytest.mark.sandbox
def test_one_exercise_runs_only_the_cells_that_it_needs(tmp_path: Path) -> None:
    """Not the loop of another one, nor training between; but a helper, and the imports."""
    notebook = solved(
        gradient_descent="def gradient_descent(f, x0, lr, steps):\n    while True:\n        pass",
        sgd_step="def sgd_step(param, grad, lr):\n    return helper(param, lr * grad)",
    )
    position = next(i for i, c in enumerate(notebook.cells) if grade_id(c) == "sgd_step")
    helper = nbformat.v4.new_code_cell("def helper(a, b):\n    return torch.sub(a, b)")
    training = nbformat.v4.new_code_cell("import time\nwhile True:\n    time.sleep(1)")
    notebook.cells[position:position] = [training, helper]
    (tmp_path / "nested").mkdir()
    path = tmp_path / "nested" / "mine.ipynb.txt"
    nbformat.write(notebook, path)
    started = time.monotonic()
    done = check(tmp_path / "nested", "--exercise", "sgd_step")
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - started < 120
    assert list(rows(done)) == ["sgd_step"]


def test_the_cells_that_an_exercise_needs() -> None:
    """By the names that they bind and take: helpers of helpers, imports, constants, settings; nothing else."""
    sources = {
        "imports": "import math\nimport torch",
        "seed": "torch.manual_seed(0)",
        "training": "for i in range(10**9):\n    loss = i",
        "constant": "BASE = math.pi",
        "helper": "def helper(x):\n    return x + BASE",
        "other": "def other(x):\n    return 0",
        "test_other": "assert other(1) == 0\nresult = other(2)",
        "mine": "def mine(x):\n    return helper(x)",
        "magic": "%matplotlib inline\nfrom math import sqrt",
        "test_mine": "result = mine(1)\nassert sqrt(result) > 0",
        "after": "mine(2)",
    }
    cells = [RunCell(i, name, source) for i, (name, source) in enumerate(sources.items())]
    tests = {"other": 6, "mine": 9}
    needed = [c.name for c in needed_cells(cells, "mine", tests)]
    assert needed == ["imports", "seed", "constant", "helper", "mine", "magic", "test_mine"]
    assert [c.name for c in needed_cells(cells, "other", tests)] == ["imports", "seed", "other", "test_other"]


@pytest.mark.parametrize(
    "name", ["optimizers (1).ipynb", "Optimizers.IPYNB", "optimizers.ipynb.txt", "mine.json", "hw/optimizers.ipynb"]
)
def test_a_notebook_is_opened_under_any_name_and_from_its_folder(tmp_path: Path, name: str) -> None:
    """As a file, as a folder, in an archive: always the same cells, limits and exercises."""
    path = tmp_path / "work" / name
    path.parent.mkdir(parents=True)
    nbformat.write(solved(), path)
    archive = tmp_path / "work.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(path, "optimizers copy.ipynb")
        packed.writestr("__MACOSX/._optimizers.ipynb", "x")
    for given in (path, tmp_path / "work", archive):
        opened = open_notebook(given)
        assert opened.assignment is not None
        assert opened.assignment.slug == "optimizers"
        assert opened.limits == opened.assignment.limits
        assert len(opened.tests) == 11
        assert {c.name for c in opened.cells} >= set(opened.tests)


def test_a_notebook_without_metadata_is_checked(tmp_path: Path) -> None:
    """Its cells are known by their texts, as they are when it is graded."""
    notebook = json.loads(nbformat.writes(solved()))
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id")
    path = tmp_path / "optimizers.ipynb"
    path.write_text(json.dumps({**notebook, "metadata": {}}), encoding="utf-8")
    opened = open_notebook(path)
    assert len(opened.tests) == 11
    assert any("recognised by" in note for note in opened.notes)


@pytest.mark.parametrize(
    ("files", "given", "says"),
    [
        ({"mine.py": b"x = 1\n"}, "optimizers.ipynb", "is not there. What is there: “mine.py” (6 bytes, a Python"),
        ({"a.ipynb": b"{}", "b.ipynb": b"{}"}, ".", "holds more than one notebook; name the one to check. What is"),
        ({"report.pdf": b"%PDF"}, ".", "holds no notebook. What is there: “report.pdf” (4 bytes, a PDF)"),
        ({"optimizers.ipynb": b"x"}, "optimizers.ipynb", "no valid JSON"),
        ({"optimizers.ipynb": b'{"cells": [], "nbformat": 4}'}, "optimizers.ipynb", "has no test cells"),
        ({"hw.zip": b"PK\x03\x04"}, "hw.zip", "hw.zip"),
    ],
)
def test_what_cannot_be_checked_is_told_with_what_is_there(
    tmp_path: Path, files: dict[str, bytes], given: str, says: str
) -> None:
    """The words are those of a rejection."""
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as caught:
        open_notebook(tmp_path / given)
    assert says in str(caught.value)


def test_a_machine_without_the_graders_process_uses_a_kernel_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same limits, lines and forbidden names, as far as a plain kernel goes."""

    def fail(*_: object, **__: object) -> None:
        raise SandboxError("no namespaces here")

    monkeypatch.setattr("autograder.sandbox.host.ZygoteProcess", fail)
    path = tmp_path / "optimizers.ipynb"
    nbformat.write(solved(**{k: WRONG[k] for k in ("sgd_step", "adam_step", "Adam", "momentum_step")}), path)
    report = check_notebook(path)
    items = {item.exercise: item for item in report.items}
    assert any("plain Jupyter kernel" in note and "no namespaces here" in note for note in report.notes)
    assert items["gradient_descent"].passed
    assert "limit on time in sgd_step" in items["sgd_step"].message
    assert (items["adam_step"].cell, items["adam_step"].line) == ("adam_step", 3)
    assert items["momentum_step"].message.startswith("SyntaxError")
    assert items["momentum_step"].line == 1
    assert not items["Adam"].passed
    assert "torch.optim.Adam" in items["Adam"].message
