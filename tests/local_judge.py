"""An assignment's hidden checks, collected as a batch collects them, and its own files put through them here.

Nothing of a student runs: reference, wrong variants and honest solutions are trusted, and no sandbox is needed.
"""

from __future__ import annotations

import contextlib
import io
import os
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.assess import Ending
from autograder.assignment import Assignment
from autograder.diagnosis import Misconception, Trace, load_module
from autograder.grade import Examination, Grader
from autograder.plugin import stage_of
from autograder.single import REPLAY

__all__ = ["LocalJudge", "with_local_judge"]


class LocalJudge:
    """A grader for trusted code; see `with_local_judge`."""

    def __init__(self, assignment: Assignment, session: pytest.Session) -> None:
        self.assignment = assignment
        self.examination = Examination.from_items(session.items, assignment)
        self._stage = stage_of(session.config)
        self.seed(1)

    def seed(self, seed: int) -> None:
        """Draw other inputs from now on."""
        self._grader = Grader(self.assignment, self.examination, self._stage, seed=seed)

    @property
    def misconceptions(self) -> tuple[Misconception, ...]:
        """The known wrong ideas."""
        return self._grader.misconceptions

    def prove_reference(self) -> None:
        """See `Grader.prove_reference`."""
        self._grader.prove_reference()

    def run(self, exercise: str, functions: dict[str, Any]) -> tuple[list[Trace], list[Ending]]:
        """Put functions through an exercise's checks, with the reference's where they are missing."""
        with _quiet():
            found = self._grader._run_local(exercise, {**self._grader._reference, **functions})
        return [trace for trace, _ in found], [ending for _, ending in found]

    def diagnose(self, exercise: str, functions: dict[str, Any]) -> tuple[str | None, list[Trace], list[Ending]]:
        """Return the misconception that a failed answer is said to show, and what the checks saw."""
        traces, endings = self.run(exercise, functions)
        with _quiet():
            return self._grader._diagnose(self.assignment.exercise(exercise), traces, endings), traces, endings

    def honest(self, path: Path) -> dict[str, Any]:
        """Load an honest solution as a notebook would: its extra cells first, the names of the setup cell around."""
        module = load_module(path)
        around: dict[str, Any] = {"math": __import__("math"), "np": np, "torch": torch, "nn": torch.nn}
        around |= {e.id: self._grader._reference[e.id] for e in self.assignment.coded}
        own = {e.id: getattr(module, e.id) for e in self.assignment.coded if hasattr(module, e.id)}
        for source in getattr(module, "EXTRA_CELLS", ()):
            if "%" not in source:
                with _quiet(), contextlib.suppress(ZeroDivisionError):
                    exec(source, around)
        for name, value in {**around, **own}.items():
            if name in own or not hasattr(module, name):
                setattr(module, name, value)
        return own


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Variants print and warn like students; in a worker nobody hears it."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def with_local_judge(assignment: Assignment, work: Callable[[LocalJudge], None]) -> None:
    """Collect the assignment's checks by pytest, as a batch does, and call `work` with their judge."""

    class Plugin:
        problem: BaseException | None = None
        done = False

        def pytest_collection_finish(self, session: pytest.Session) -> None:
            # Or the plugin would start a worker for a notebook of its own.
            session.config.stash[REPLAY] = True

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            threads = torch.get_num_threads()
            torch.set_num_threads(1)
            try:
                work(LocalJudge(assignment, session))
                self.done = True
            except BaseException as error:  # noqa: BLE001 - raised again outside of this inner pytest
                self.problem = error
            finally:
                torch.set_num_threads(threads)
            return True

    plugin = Plugin()
    arguments = [
        str(assignment.checks_dir),
        "-c",
        os.devnull,
        f"--rootdir={assignment.secret_dir}",
        "--import-mode=importlib",
        "--assert=plain",
        "-p",
        "autograder.plugin",
        "-p",
        "no:terminal",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:logging",
        "--capture=no",
    ]
    pytest.main(arguments, plugins=[plugin])
    if plugin.problem is not None:
        raise plugin.problem
    assert plugin.done, "the checks were not collected"
