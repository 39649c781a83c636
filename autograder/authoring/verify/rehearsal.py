"""An assignment's hidden checks, run in this process: on the reference, its variants, and its stubs.

No student's code runs here, so nothing is confined; it is the fast way to repeat what the sandbox does.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import itertools
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.course.assignment import Assignment, Exercise
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.read import load_template
from autograder.course.notebook.variants import variant_text
from autograder.engines.hidden.collecting import collect_checks
from autograder.engines.hidden.diagnosis import Trace, load_module
from autograder.engines.hidden.fixtures import CheckInfo, Stage, stage_of
from autograder.engines.hidden.ideas import NamedIdeas
from autograder.engines.hidden.scoring import Examination, Grader
from autograder.errors import AssignmentError

__all__ = ["Collected", "Rehearsal", "Verdict", "collect", "defined_by"]


@dataclass(frozen=True)
class Verdict:
    """The result of one implementation: the checks that it failed, their messages, its diagnosis."""

    failed: tuple[str, ...]
    messages: tuple[str, ...]
    diagnosis: str | None
    conventions: frozenset[str]
    #: For the assignment's author: what the code or the check raised, which no student's page may show.
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collected:
    """The checks of an assignment, collected once; `rehearsal` sets their inputs' seed."""

    assignment: Assignment
    examination: Examination
    stage: Stage
    #: The exercises to look at; None for all.
    only: frozenset[str] | None = None

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises to look at, in the notebook's order."""
        return tuple(e for e in self.assignment.coded if self.only is None or e.id in self.only)

    def grader(self, seed: int) -> Grader:
        """Return a grader whose inputs come from that seed."""
        return Grader(self.assignment, self.examination, self.stage, seed=seed)

    def rehearsal(self, seed: int) -> Rehearsal:
        """Return the checks with that seed."""
        return Rehearsal(self.assignment, self.grader(seed), self.exercises)


@dataclass(frozen=True)
class Rehearsal:
    """The collected checks of an assignment with one seed."""

    assignment: Assignment
    grader: Grader
    #: The exercises to look at.
    exercises: tuple[Exercise, ...]

    @property
    def secret(self) -> Path:
        """The folder of the reference and its variants."""
        return self.assignment.secret_dir

    def checks(self, exercise: str) -> list[CheckInfo]:
        """Return the descriptions of an exercise's checks."""
        return [info for _, info in self.grader.examination.checks[exercise]]

    def own(self, path: Path) -> dict[str, Any]:
        """Execute a variant after its extra cells, as in its notebook, with the reference around it.

        Raises:
            AssignmentError: if it cannot be executed; names the file.
        """
        reference = self.grader.reference
        known = {name: value for name, value in reference.items() if not name.startswith("__")}
        module = load_module(path, {**self._setup, **known})
        names = vars(module)
        # Extra cells run first: an exercise that they define is an earlier attempt.
        own = {name: names[name] for name in self.defined_by(path)}
        with _unheard():
            around = {e.id: reference[e.id] for e in self.assignment.coded}
            for name, value in {**self._setup, **around}.items():
                names.setdefault(name, value)
            for source in getattr(module, "EXTRA_CELLS", []):
                # Magics need IPython, and a cell that fails ends only itself.
                if "%" not in source:
                    with contextlib.suppress(Exception):
                        exec(source, names)  # noqa: S102 - the assignment's own code
            names |= own
        return {**reference, **names}

    def defined_by(self, path: Path) -> list[str]:
        """Return the exercises that a variant has its own form of."""
        return defined_by(path, self.assignment)

    def stubs(self) -> dict[str, Any]:
        """Execute the template's own cells: what stands before the exercises, and their stubs."""
        names = dict(self._setup)
        with _unheard():
            for cell in self._cells:
                if grade_id(cell) in self._exercises:
                    exec(cell.source, names)  # noqa: S102 - as above
        return names

    @functools.cached_property
    def _exercises(self) -> frozenset[str]:
        return frozenset(e.id for e in self.assignment.coded)

    @functools.cached_property
    def _cells(self) -> list[Any]:
        """The template's code cells."""
        return [cell for cell in load_template(self.assignment).cells if cell.cell_type == "code"]

    @functools.cached_property
    def _setup(self) -> Mapping[str, Any]:
        """What the template's cells before the first exercise define: mostly imports."""
        names: dict[str, Any] = {"__name__": "notebook"}
        before = itertools.takewhile(lambda cell: grade_id(cell) not in self._exercises, self._cells)
        with _unheard():
            for cell in before:
                # A cell that needs IPython only changes what is shown.
                if not cell.source.lstrip().startswith(("%", "!")):
                    exec(cell.source, names)  # noqa: S102 - as above
        return names

    def remember(self, exercise: str) -> None:
        """Run the reference once for an exercise's checks, not again for each variant; a batch does the same.

        Raises:
            AssignmentError: if it does not pass a check; names the check.
        """
        with _unheard():
            self.grader.examiner.rehearse(exercise)
        _close_figures()

    def answers(self, exercise: str, namespace: Mapping[str, Any]) -> list[Trace]:
        """Return what an implementation answers to each check of its exercise."""
        with _unheard():
            traces, _ = self.grader.examine_trusted(exercise, namespace)
        _close_figures()
        return list(traces)

    def named(self, exercise: str, namespace: Mapping[str, Any]) -> NamedIdeas | None:
        """Return the ideas that an implementation shows, None if it passes every check."""
        with _unheard():
            traces, endings = self.grader.examine_trusted(exercise, namespace)
            failed = any(not t.passed for t in traces)
            found = self.grader.recognise(exercise, traces, endings) if failed else None
        _close_figures()
        return found

    def verdict(self, exercise: str, namespace: Mapping[str, Any]) -> Verdict:
        """Run the checks of its exercise on an implementation, and diagnose it."""
        with _unheard():
            traces, endings = self.grader.examine_trusted(exercise, namespace)
            failed = tuple(t.check for t in traces if not t.passed)
            lost = [e for t, e in zip(traces, endings, strict=True) if not t.passed]
            diagnosis = self.grader.name_idea(exercise, traces, endings) if failed else None
        _close_figures()
        conventions = frozenset(info.name for info in self.checks(exercise) if info.convention)
        faults = tuple(f"{e.fault.type}: {e.fault.message}" if e.fault else e.stumbled for e in lost)
        return Verdict(failed, tuple(e.message for e in lost), diagnosis, conventions, faults)


def defined_by(path: Path, assignment: Assignment) -> list[str]:
    """Return the exercises that a Python file defines, in the notebook's order, without executing it."""
    tree = ast.parse(variant_text(path))
    defined = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return [e.id for e in assignment.coded if e.id in defined]


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Keep warnings and prints of variants off the terminal."""
    nowhere = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        warnings.simplefilter("ignore")
        yield


def _close_figures() -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")


# -- collecting --------------------------------------------------------------------------------------------


def collect(assignment: Assignment, use: Callable[[Collected], None], only: frozenset[str] | None = None) -> None:
    """Collect an assignment's checks as a batch does, and let `use` run them; `only` limits them to these exercises.

    Raises:
        AssignmentError: if the checks cannot be collected; names the file.
    """
    done = False

    def hand_over(session: pytest.Session) -> None:
        nonlocal done
        if session.items:
            examination = Examination.from_items(session.items, assignment)
            use(Collected(assignment, examination, stage_of(session.config), only))
            done = True

    with _quiet_process():
        collected = collect_checks(assignment.checks_dir, hand_over)
    if collected.problems:
        where, report = collected.problems[0]
        last = "".join(report.strip().splitlines()[-1:])
        raise AssignmentError(f"{where} cannot be collected: {last[:500]}. Correct that file.")
    if not done:
        raise AssignmentError(
            f"{assignment.checks_dir}: there are no checks to be collected (pytest ends with {collected.code})."
        )


@contextlib.contextmanager
def _quiet_process() -> Iterator[None]:
    """Compute like a judge of a batch: in one thread, because threads would wait for each other; without a screen."""
    import matplotlib as mpl
    import torch

    threads = torch.get_num_threads()
    known = set(sys.modules)
    written, plugins = sys.dont_write_bytecode, os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    torch.set_num_threads(1)
    mpl.use("agg")
    sys.dont_write_bytecode = True
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        # pytest names a file by its path below the assignment; the next assignment may have a file of the same name.
        for name in set(sys.modules) - known:
            if name.partition(".")[0] == "checks":
                del sys.modules[name]
        sys.dont_write_bytecode = written
        if plugins is None:
            del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        else:
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = plugins
