"""The package that authors of checks import: its examples run, and its types are right."""

from __future__ import annotations

import ast
import doctest
import inspect
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib as mpl
import pytest
import torch

from autograder import checks
from autograder.checks import Draw, Student, Tools
from autograder.checks.student import LocalTransport

ROOT = Path(__file__).parents[2]
CHECK_FILES = sorted([*ROOT.glob("solutions/*/checks/*.py"), *ROOT.glob("templates/new/secret/checks/*.py")])
#: Names of types, which have no docstring of their own.
ALIASES = {"Layout", "Plan"}
OPERATIONS = sorted({n for owner in Tools.__mro__[:-1] for n in vars(owner) if not n.startswith("_")})


@pytest.fixture(scope="module")
def notebook() -> dict[str, Any]:
    """The notebook that the package's docstring shows."""
    mpl.use("Agg")
    shown = (checks.__doc__ or "").split("is imported:\n\n")[1]
    namespace: dict[str, Any] = {}
    exec(compile(textwrap.dedent(shown), "<docstring>", "exec"), namespace)
    return namespace


@pytest.mark.parametrize("name", [n for n in checks.__all__ if n not in ALIASES] + [f"Tools.{n}" for n in OPERATIONS])
def test_the_example_of_a_name_says_what_happens(name: str, notebook: dict[str, Any]) -> None:
    """Every public name, and every operation of `student.tools`, has an example, and its output is right."""
    owner, _, method = name.partition(".")
    found = getattr(checks, owner)
    documented = getattr(found, method) if method else found
    parameters = {"scale_": ("x", "factor"), "double": ("x",)}
    globs = {n: getattr(checks, n) for n in checks.__all__} | {
        "torch": torch,
        "draw": Draw(1, name),
        "student": Student(LocalTransport(notebook), parameters),
        "reference": Student(LocalTransport(notebook, promote=True), parameters),
    }
    # Other tests of this process may have changed them.
    torch.set_printoptions(profile="default")  # type: ignore[no-untyped-call]
    text = inspect.getdoc(documented) or ""
    example = doctest.DocTestParser().get_doctest(text, globs, name, None, None)
    assert example.examples, f"{name} has no example"
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=told.append)
    assert result.failed == 0, "".join(told)


def test_every_public_name_is_listed() -> None:
    """`__all__` is sorted, and names what the package imports for checks, and nothing else."""
    assert sorted(checks.__all__) == checks.__all__
    public = {n for n, v in vars(checks).items() if not n.startswith("_") and not isinstance(v, ModuleType)}
    assert public - {"annotations"} == set(checks.__all__)


@pytest.mark.parametrize("path", CHECK_FILES, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_checks_import_from_one_place(path: Path) -> None:
    """The package's hidden checks import only `autograder.checks` from it."""
    modules = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    assert {name for name in modules if name.partition(".")[0] == "autograder"} <= {"autograder.checks"}


TYPED = '''"""Checks of a course, with types."""

import pytest
import torch

from autograder.checks import (
    CheckFailure,
    Claim,
    Draw,
    Drawing,
    Generator,
    Kept,
    Law,
    Layout,
    Model,
    Optimizer,
    Plan,
    Scratch,
    Student,
    StudentError,
    close,
    expect_model,
    fail,
    follows,
    inputs_unchanged,
    linear,
    repeatable,
    same_numbers,
    sequential,
    uniform,
)

pytestmark = pytest.mark.exercise("double")
PLAN: Plan = sequential(linear(3, 1))
LAW: Law = uniform(0, 1)


def sizes(layout: Layout) -> list[tuple[int, ...]]:
    """Return the shapes."""
    return [shape for shape, _ in layout.values()]


@pytest.mark.weight(2)
def test_doubles(student: Student, reference: Student, draw: Draw, device: str) -> None:
    """The double is twice as large."""
    x: torch.Tensor = draw.normal(3, 2)
    close(student.double(x), reference.double(x), "the double")
    inputs_unchanged(student)
    close(repeatable(student, "double", x), 2 * x, f"the double on {device}")


def test_uses_the_tools(student: Student, reference: Student, draw: Draw) -> None:
    """Everything has a type."""
    model: Model = student.tools.model(PLAN)
    claim: Claim = expect_model(model).claim
    generator: Generator = student.tools.generator(draw.integer(1, 9))
    follows(student.noise(4096, generator), LAW, "the noise")
    kept: Kept = student.tools.kept("double", 2)
    file: Scratch = student.tools.scratch("a.pt")
    written: str | None = file.read_text()
    optimizer: Optimizer = student.tools.optimizer("Descent", [draw.normal(2)], lr=0.1)
    after: list[torch.Tensor] = optimizer.step([draw.normal(2)])
    found: Drawing | None = student.tools.drawing("violins", after)
    if found is None:
        fail("The function has to return the Axes.")
    if found.titled("noise") and claim.kinds() and kept.read() and written and sizes(model.layout()):
        same_numbers(model, reference.tools.model(PLAN), draw.normal(5, 3), 1)
    try:
        student.double("two")
    except StudentError as error:
        raise CheckFailure(error.fault.type) from None
'''


@pytest.mark.full
def test_types_hold_in_a_check_of_a_course(tmp_path: Path) -> None:
    """mypy --strict accepts a typed check outside this repository, and finds a wrong type in it."""
    right, wrong = tmp_path / "test_right.py", tmp_path / "test_wrong.py"
    right.write_text(TYPED, encoding="utf-8")
    wrong.write_text(TYPED.replace("draw.integer(1, 9)", "draw.normal(1, 9)"), encoding="utf-8")
    said = {path.stem: _mypy(path) for path in (right, wrong)}
    assert said["test_right"] == ""
    assert 'Argument 1 to "generator" of "Operations" has incompatible type "Tensor"' in said["test_wrong"]
    assert _mypy(*sorted((ROOT / "templates" / "new" / "secret" / "checks").glob("*.py"))) == ""


def _mypy(*paths: Path) -> str:
    """Return what mypy finds in files outside the repository, without its settings."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--config-file=",
        f"--cache-dir={os.devnull}",
        *map(str, paths),
    ]
    return subprocess.run(command, cwd=paths[0].parent, capture_output=True, text=True, check=False).stdout
