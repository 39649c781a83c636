"""An assignment's hidden checks, run in this process: on the reference, its variants, and its stubs."""

from __future__ import annotations

import ast
import contextlib
import io
import math
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.assignment import Assignment, load_assignment
from autograder.diagnosis import load_module
from autograder.grade import Examination, Grader
from autograder.notebook.cells import grade_id
from autograder.notebook.read import load_template
from autograder.plugin import stage_of
from autograder.single import REPLAY

__all__ = ["Rehearsal", "Verdict", "rehearse"]

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Verdict:
    """How an implementation of one exercise fared: the checks that it failed, what they said, its diagnosis."""

    failed: tuple[str, ...]
    messages: tuple[str, ...]
    diagnosis: str | None
    conventions: frozenset[str]


@dataclass(frozen=True)
class Rehearsal:
    """The collected checks of an assignment with one seed."""

    assignment: Assignment
    grader: Grader

    @property
    def secret(self) -> Path:
        """The folder of the reference and its variants."""
        return self.assignment.secret_dir

    def own(self, path: Path) -> dict[str, Any]:
        """Execute a variant after its extra cells, as its notebook would be, with the reference around it."""
        module = load_module(path)
        names = vars(module)
        # Extra cells come first: what they define of an exercise is an earlier attempt.
        own = {name: names[name] for name in self.defined_by(path)}
        reference = self.grader._reference
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            around = {e.id: reference[e.id] for e in self.assignment.coded}
            for name, value in {"math": math, "np": np, "torch": torch, "nn": torch.nn, **around}.items():
                names.setdefault(name, value)
            for source in getattr(module, "EXTRA_CELLS", []):
                # Magics need IPython, and a cell that fails ends itself alone.
                if "%" not in source:
                    with contextlib.suppress(ZeroDivisionError):
                        exec(source, names)
            names |= own
        return {**reference, **names}

    def defined_by(self, path: Path) -> list[str]:
        """Return the exercises that a variant has a form of its own of."""
        tree = ast.parse(path.read_text(encoding="utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        return [e.id for e in self.assignment.coded if e.id in defined]

    def stubs(self) -> dict[str, Any]:
        """Execute the template's own cells."""
        names: dict[str, Any] = {"__name__": "notebook"}
        exercises = {e.id for e in self.assignment.coded}
        cells = [c for c in load_template(self.assignment).cells if c.cell_type == "code"]
        for cell in cells:
            if cell is cells[0] or grade_id(cell) in exercises:
                exec(cell.source, names)
        return names

    def verdict(self, exercise: str, namespace: Mapping[str, Any]) -> Verdict:
        """Put an implementation through the checks of its exercise, and diagnose it."""
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            found = self.grader.examiner.run_local(exercise, namespace)
            traces, endings = [t for t, _ in found], [e for _, e in found]
            failed = tuple(t.check for t in traces if not t.passed)
            messages = tuple(e.message for t, e in found if not t.passed)
            asked = self.assignment.exercise(exercise)
            diagnosis = self.grader._diagnose(asked, traces, endings) if failed else None
        checks = self.grader.examination.checks[exercise]
        return Verdict(failed, messages, diagnosis, frozenset(info.name for _, info in checks if info.convention))


def rehearse(slug: str, seed: int, use: Callable[[Rehearsal], None]) -> None:
    """Collect an assignment's checks as a batch does, and let `use` run them."""
    assignment = load_assignment(ROOT, slug)
    done: list[bool] = []

    class Loop:
        def pytest_collection_finish(self, session: pytest.Session) -> None:
            session.config.stash[REPLAY] = True

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            examination = Examination.from_items(session.items, assignment)
            grader = Grader(assignment, examination, stage_of(session.config), seed=seed)
            grader.prove_reference()
            use(Rehearsal(assignment, grader))
            done.append(True)
            return True

    arguments = [
        str(assignment.checks_dir),
        *("-c", os.devnull),
        f"--rootdir={assignment.secret_dir}",
        "--import-mode=importlib",
        "--assert=plain",
        *("-p", "autograder.plugin", "-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler"),
        "--capture=no",
    ]
    with _single_threaded(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        pytest.main(arguments, plugins=[Loop()])
    assert done, f"the checks of {slug} did not run to their end"


@contextlib.contextmanager
def _single_threaded() -> Iterator[None]:
    """Compute as a judge of a batch does: threads would wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
