"""A course of two exercises about tensors, and notebooks for it that differ from a right one in a named place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from tiny_course import TinyCourse, cell, make_tiny_course

from autograder.authoring.verify.rehearsal import Collected, collect
from autograder.course.assignment import load_assignment
from autograder.course.notebook.read import load_template, parse_submission
from autograder.engines.hidden.scoring import Grader
from autograder.sandbox.channel import Channel
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.scenes import Scene
from autograder.sandbox.session import Session, State
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade

__all__ = ["ALL", "LIMITS", "RIGHT", "Notebook", "Seen", "grade_all"]

SOLUTION = '''"""The reference."""

import torch


def double(x):
    """Return twice `x`."""
    return x + x


def Counter(x):
    """Return what is left of `x` beyond one, summed row by row."""
    return torch.stack([sum(row) for row in x - torch.ones(x.shape[-1], dtype=x.dtype)])
'''
DOUBLE = '''"""Doubling: values, the gradient, and by an example with names that students use too."""

import pytest
import torch

from autograder.checks import close, fail

pytestmark = pytest.mark.exercise("double")


def test_doubles(student, reference, draw):
    """Twice a vector."""
    x = draw.normal(3)
    close(student.double(x), reference.double(x))


def test_keeps_the_way_back(student):
    """The gradient of twice a vector is two."""
    example = """
p = torch.ones(3, requires_grad=True)
w = double(p).sum()
w.backward()
[float(g) for g in p.grad]
"""
    if student.tools.example(example) != [2.0, 2.0, 2.0]:
        fail("The gradient is another one.")


def test_rounds_in_no_place(student, draw):
    """A number in single precision stays in it."""
    x = draw.normal(3).float()
    if student.double(x).dtype != torch.float32:
        fail("Another dtype comes out.")
'''
COUNTER = '''"""What is left beyond one."""

import pytest

from autograder.checks import close


@pytest.mark.exercise("Counter")
def test_sums_the_rest(student, reference, draw):
    """The sum of what is left."""
    x = draw.normal(2, 3)
    close(student.Counter(x), reference.Counter(x))


@pytest.mark.exercise("Counter")
def test_sums_small_numbers(student, reference, draw):
    """The same for numbers near zero."""
    x = draw.normal(2, 3) / 100
    close(student.Counter(x), reference.Counter(x))
'''
RIGHT = {
    "double": "import torch\n\ndef double(x):\n    return 2 * x",
    "Counter": "def Counter(x):\n    ones = torch.ones(x.shape[-1], dtype=x.dtype)\n"
    "    return torch.stack([sum(row) for row in x - ones])",
}
LIMITS = "\n[limits]\ncell_s = 1\ncheck_s = 4\nsubmission_s = 6\n"
ALL = {"double": 2.0, "Counter": 3.0}


@dataclass(frozen=True)
class Notebook:
    """A right notebook and its differences: other answers, cells at the top, in the middle, at the end."""

    top: str = ""
    middle: str = ""
    end: str = ""
    ends: tuple[str, ...] = ()
    tops: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)

    def json(self, tiny: TinyCourse) -> dict[str, Any]:
        """Return it as it is handed in."""
        notebook = tiny.template()
        for name, source in {**RIGHT, **self.answers}.items():
            cell(notebook, name)["source"] = source
        cell(notebook, "test_double")["source"] = "print(double(2))"
        places = {"top": 1, "middle": 4}
        for where in ("middle", "top"):
            if getattr(self, where):
                notebook["cells"].insert(places[where], _code(getattr(self, where), f"the-{where}"))
        notebook["cells"][1:1] = [_code(source, f"top-{i}") for i, source in enumerate(self.tops)]
        ends = [*([self.end] if self.end else []), *self.ends]
        notebook["cells"] += [_code(source, f"end-{i}") for i, source in enumerate(ends)]
        return notebook


def _code(source: str, identifier: str) -> dict[str, Any]:
    made = nbformat.v4.new_code_cell(source)
    made["id"] = identifier
    return dict(made)


@dataclass(frozen=True)
class Seen:
    """A verdict, and in how many copies of the notebook's state, and in which ones, exercises were examined."""

    grade: Grade
    scenes: tuple[Scene | None, ...]

    @property
    def scores(self) -> dict[str, float]:
        """The points by exercise."""
        return {e.id: float(e.score) for e in self.grade.exercises}

    @property
    def notes(self) -> str:
        """All notes."""
        return "\n".join([*self.grade.notes, *(note for e in self.grade.exercises for note in e.notes)])

    @property
    def messages(self) -> list[str]:
        """The messages of checks."""
        return [c.message for e in self.grade.exercises for c in e.checks if c.message]


def grade_all(folder: Path, tier: Tier, notebooks: Mapping[str, Notebook]) -> dict[str, Seen]:
    """Grade notebooks with one zygote of a tier."""
    tiny = make_tiny_course(folder)
    (tiny.assignment.secret_dir / "solution.py").write_text(SOLUTION, encoding="utf-8")
    (tiny.assignment.checks_dir / "test_01_double.py").write_text(DOUBLE, encoding="utf-8")
    (tiny.assignment.checks_dir / "test_02_Counter.py").write_text(COUNTER, encoding="utf-8")
    toml = tiny.assignment.public_dir / "assignment.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + LIMITS, encoding="utf-8")
    tiny = replace(tiny, assignment=load_assignment(tiny.root, "tiny"))
    found: dict[str, Seen] = {}

    def use(collected: Collected) -> None:
        grader = collected.grader(7)
        grader.prove_reference()
        with ZygoteProcess(tier, hidden=[tiny.root]) as zygote:
            for name, notebook in notebooks.items():
                found[name] = _graded(tiny, grader, zygote, notebook)

    collect(tiny.assignment, use)
    return found


def _graded(tiny: TinyCourse, grader: Grader, zygote: ZygoteProcess, notebook: Notebook) -> Seen:
    data = nbformat.writes(nbformat.from_dict(notebook.json(tiny))).encode()
    submission = parse_submission(data, grader.assignment, load_template(grader.assignment))
    scenes: list[Scene | None] = []
    fork: Callable[[Session, Scene | None, State], Channel] = Session.fork

    def noted(session: Session, scene: Scene | None = None, state: State = State.AS_LEFT) -> Channel:
        scenes.append(scene)
        return fork(session, scene, state)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "fork", noted)
        grade = grader.grade("ada", submission, zygote).grade
    return Seen(grade, tuple(scenes))
