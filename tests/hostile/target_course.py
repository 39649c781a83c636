"""A small course as a target: three exercises, hidden checks, a reference, and tokens in forbidden places.

A token is `canary_` and 32 random hexadecimal digits. The attacks know that form; no token may come out.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from hostile.case import Case

from autograder.course.assignment import Assignment, load_assignment
from autograder.course.layout import Course

__all__ = ["FACTOR", "SOLVED", "TargetCourse", "make_target_course"]

#: A number that only hidden checks use: it must not come back to a student.
FACTOR = 1234.5678125

TOML = """
title = "Target"
forbidden = ["torch.optim.SGD", "torch.optim.sgd", "torch._fused_sgd_", "torch.optim._functional"]

[limits]
cell_s = 1.5
check_s = 1.0
submission_s = 10.0
cpu_s = 10
memory_mib = 2048
processes = 24
output_kib = 256
files_mib = 8

[[exercise]]
id = "scale"
title = "Scale a tensor"
points = 4
example = "scale(torch.tensor([1.0, 2.0], dtype=torch.float64), 3.0)"

[[exercise]]
id = "total"
title = "Add whole numbers"
points = 2
example = "total([1, 2, 3])"

[[exercise]]
id = "Descent"
title = "Gradient descent as an optimizer"
points = 4
"""

STUBS = {
    "scale": 'def scale(x, factor):\n    """Return x times factor."""\n    raise NotImplementedError',
    "total": 'def total(numbers):\n    """Return the sum of whole numbers."""\n    raise NotImplementedError',
    "Descent": 'class Descent(torch.optim.Optimizer):\n    """p becomes p - lr * g."""\n\n'
    '    def __init__(self, params, lr):\n        """Take parameters and a step length."""\n'
    "        raise NotImplementedError\n\n"
    '    def step(self):\n        """Take a step."""\n        raise NotImplementedError',
}

SOLVED = {
    "scale": "def scale(x, factor):\n    return x * factor",
    "total": "def total(numbers):\n    return sum(numbers)",
    "Descent": "class Descent(torch.optim.Optimizer):\n"
    "    def __init__(self, params, lr):\n        super().__init__(params, {'lr': lr})\n\n"
    "    @torch.no_grad()\n    def step(self):\n        for group in self.param_groups:\n"
    "            for p in group['params']:\n                if p.grad is not None:\n"
    "                    p -= group['lr'] * p.grad",
}

SOLUTION = '''"""The reference of the target. TOKEN"""

import torch

SECRET = "TOKEN"


def scale(x, factor):
    """Return x times factor."""
    return x * factor  # TOKEN


def total(numbers):
    """Return the sum of whole numbers."""
    return sum(numbers)


class Descent(torch.optim.Optimizer):
    """p becomes p - lr * g."""

    def __init__(self, params, lr):
        """Take parameters and a step length."""
        super().__init__(params, {"lr": lr})

    def step(self):
        """Take a step."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.data -= group["lr"] * p.grad
'''

CHECKS = '''"""Hidden checks of the target. TOKEN"""

import pytest
import torch

from autograder.checks import close, fail, inputs_unchanged, repeatable

SECRET = "TOKEN"
FACTOR = @FACTOR@


@pytest.mark.exercise("scale")
def test_multiplies(student, reference, draw):
    """Every element is multiplied."""
    token = SECRET
    for shape in ((5,), (5,), (2, 3), (5,)):
        x = draw.normal(*shape)
        close(student.scale(x, FACTOR), reference.scale(x, FACTOR), "the product")
    assert token


@pytest.mark.exercise("scale")
@pytest.mark.needs("multiplies")
def test_leaves_its_inputs_alone(student, draw):
    """The inputs are the same afterwards, and a second call gives the same answer."""
    repeatable(student, "scale", draw.normal(4), 2.5)
    inputs_unchanged(student)


@pytest.mark.exercise("total")
def test_adds(student, reference):
    """Small and large numbers are added exactly."""
    for numbers in ([1, 2, 3], [10**20, -7], []):
        answer = student.total(numbers)
        if type(answer) is not int or answer != reference.total(numbers):
            fail("The sum is another one.")


@pytest.mark.exercise("Descent")
def test_walks(student, reference, draw):
    """Three steps against the gradient."""
    start, steps = [draw.normal(4)], [[draw.normal(4)] for _ in range(3)]
    mine, due = (side.tools.optimizer("Descent", start, lr=0.05) for side in (student, reference))
    close(mine.run(steps), due.run(steps), "the path", levels=("step", "parameter"))
'''


@dataclass(frozen=True)
class TargetCourse:
    """The course, and the tokens by their place."""

    course: Course
    assignment: Assignment
    tokens: dict[str, str]

    @property
    def root(self) -> Path:
        """The course's folder."""
        return self.course.root

    def notebook(self, cells: dict[str, str] | None = None) -> dict[str, Any]:
        """Return the template with these cells filled in."""
        data: dict[str, Any] = json.loads(self.assignment.template_path.read_text(encoding="utf-8"))
        for cell in data["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if cells and name in cells:
                cell["source"] = cells[name].replace("{COURSE}", str(self.root))
        return data

    def hand_in(self, case: Case) -> None:
        """Hand a case in."""
        data: Any = self.notebook(dict(case.cells))
        path = self.root / "submitted" / case.student / "target" / "target.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        if case.edit is not None:
            changed = case.edit(data)
            data = data if changed is None else changed
        if callable(data):
            data(path)
        elif isinstance(data, bytes):
            path.write_bytes(data)
        elif isinstance(data, str):
            path.write_text(data, encoding="utf-8")
        else:
            path.write_text(json.dumps(data), encoding="utf-8")

    def hand_in_all(self, cases: Sequence[Case]) -> None:
        """Hand in every case, and two neighbours: one with a token, one with everything right."""
        for case in cases:
            self.hand_in(case)
        self.hand_in(
            Case("neighbour", "", cells={**SOLVED, "total": f"# {self.tokens['neighbour']}\n{SOLVED['total']}"})
        )
        for odd in ("right\u202eleft", "<script>alert(1)</script>".replace("/", "\\"), 'quote"quote'):
            (self.root / "submitted" / odd / "target").mkdir(parents=True)
        self.hand_in(Case("zz-honest", "", cells=SOLVED))


def make_target_course(root: Path) -> TargetCourse:
    """Write the course into `root`."""
    places = ("solution", "checks", "environment", "neighbour", "course", "git", "outside")
    tokens = {place: f"canary_{secrets.token_hex(16)}" for place in places}
    public, secret = root / "assignments" / "target", root / "solutions" / "target"
    (secret / "checks").mkdir(parents=True)
    public.mkdir(parents=True)
    (public / "assignment.toml").write_text(TOML, encoding="utf-8")
    (secret / "solution.py").write_text(SOLUTION.replace("TOKEN", tokens["solution"]), encoding="utf-8")
    checks = CHECKS.replace("TOKEN", tokens["checks"]).replace("@FACTOR@", repr(FACTOR))
    (secret / "checks" / "test_target.py").write_text(checks, encoding="utf-8")
    (root / "private-notes.txt").write_text(tokens["course"], encoding="utf-8")
    (root / ".git").mkdir()
    (root / ".git" / "COMMIT_EDITMSG").write_text(tokens["git"], encoding="utf-8")
    # Beside the course, like other people's files in a home directory.
    (root.parent / "outside.txt").write_text(tokens["outside"], encoding="utf-8")
    os.chmod(root.parent / "outside.txt", 0o644)
    cells = [_cell("import torch", "setup", locked=True)]
    for number, (name, stub) in enumerate(STUBS.items()):
        cells.append(_cell(stub, name, solution=True))
        cells.append(_cell("pass", f"test_{name}", points=(4, 2, 4)[number]))
    for number, cell in enumerate(cells):
        cell["id"] = f"target-{number}"
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, public / "target.ipynb")
    return TargetCourse(Course(root), load_assignment(root, "target"), tokens)


def _cell(
    source: str, grade_id: str, *, solution: bool = False, locked: bool = False, points: int | None = None
) -> Any:
    made = nbformat.v4.new_code_cell(source)
    grade = points is not None
    made.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": locked or grade,
        "task": False,
    } | ({"points": points} if grade else {})
    return made
