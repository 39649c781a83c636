"""The judge by the tests in notebooks: zygotes, nbgrader's preprocessors, and one submission after another.

It needs no gradebook: its setup holds what the gradebook recorded.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.gradebook.directories import Directories
from autograder.course.layout import Course
from autograder.course.notebook.read import RunCell
from autograder.engines.base import Finished, JudgeSetup, Work
from autograder.engines.innotebook.marking import Marker
from autograder.engines.innotebook.messages import NotebookSetup
from autograder.engines.innotebook.pipeline import Pipeline
from autograder.engines.innotebook.pythons import OwnPython
from autograder.engines.innotebook.release_record import RecordedNotebook
from autograder.engines.innotebook.run_notebook import NotebookRun, cells_to_run, run_notebook
from autograder.engines.innotebook.settings import timeout_function
from autograder.engines.innotebook.side_files import Beside
from autograder.engines.innotebook.surroundings import python_path, readable_paths
from autograder.engines.judge import Serve, announce, tried_twice, worked
from autograder.errors import CourseError
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.session import session_limits
from autograder.sandbox.spec import KernelCommand, Tier

__all__ = ["NotebookJudge", "run"]


class NotebookJudge:
    """Holds what stays from one submission to the next; close it when done."""

    def __init__(self, setup: NotebookSetup) -> None:
        """Start the zygotes and make the preprocessors that the configuration lists.

        Raises:
            CourseError: if they cannot be used.
        """
        self._setup = setup
        self._tier = Tier(setup.tier)
        self._limits = session_limits(setup.settings.limits)
        self._assignment = setup.recorded.as_assignment(setup.course_root, setup.settings.limits)
        directories = Directories(Course(setup.course_root))
        self._timeout = timeout_function(directories)
        self._secrets = directories.secrets(setup.slug)
        #: By kernel's name; the empty one is our shell.
        self._zygotes: dict[str, tuple[ZygoteProcess, Beside]] = {}
        try:
            for name in setup.kernels:
                # They warm up while this process imports nbgrader.
                self._zygote(name)
            rules = setup.settings.rules
            pipeline = Pipeline(directories, setup.recorded, strict=rules.bad_notebook_stops_batch)
            self._marker = Marker(setup, setup.recorded, self._assignment, pipeline, rules)
            gc.collect()
            gc.freeze()
            announce("waiting for the process that students' code will run in")
            for zygote, _ in self._zygotes.values():
                zygote.wait_until_ready()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the zygotes."""
        for zygote, _ in self._zygotes.values():
            zygote.close()
        self._zygotes.clear()

    def work(self, work: Work) -> Finished:
        """Grade one submission; a failure on our side leaves it ungraded."""
        return worked(work, lambda w: self._marker.mark(w, self._run), self._marker.rejected, self._marker.ungraded)

    def _run(self, recorded: RecordedNotebook, notebook: NotebookNode, beside: Mapping[str, bytes]) -> NotebookRun:
        cells = cells_to_run(notebook)
        limits, seconds = self._limits, self._seconds(notebook, cells)
        if seconds is not None:
            limits = replace(limits, cell_s=limits.submission_s)

        def attempt() -> NotebookRun:
            zygote, folder = self._zygote(recorded.name)
            folder.fill(beside)
            return run_notebook(
                zygote, limits, cells, stop_at_error=self._setup.settings.stop_at_error, seconds=seconds
            )

        return tried_twice(attempt, lambda r: r.killed, self.close)

    def _seconds(self, notebook: NotebookNode, cells: Sequence[RunCell]) -> dict[int, float] | None:
        """Return the time of each cell that the course's `timeout_func` limits; None if it has no such function.

        Raises:
            CourseError: if the function fails.
        """
        if self._timeout is None:
            return None
        found = {}
        for cell in cells:
            try:
                seconds = self._timeout(notebook.cells[cell.index])
                if seconds and seconds > 0:
                    found[cell.index] = float(seconds)
            except Exception as error:
                raise CourseError(f"nbgrader_config.py: Execute.timeout_func: {error}.") from error
        return found

    def _readable(self, own: OwnPython | None, kernel: tuple[KernelCommand, Path] | None) -> list[Path]:
        """Return the paths that notebooks may read besides the system's files and those of their Python."""
        named = self._setup.settings.readable
        if own is not None:
            there = [Path(p) for p in own.path if os.path.isdir(p)]
            return readable_paths([*named, *there], self._secrets)
        # A kernel of Python lies in an environment of its own, two folders above its program.
        around = [Path(kernel[0].argv[0]).parent.parent] if kernel is not None else []
        around = [p for p in around if (p / "pyvenv.cfg").is_file() or (p / "conda-meta").is_dir()]
        return [*([kernel[1], *around] if kernel else []), *readable_paths(named, self._secrets)]

    def _environment(self) -> dict[str, str]:
        # Tests may ask which of nbgrader's commands runs them.
        found = {"NBGRADER_EXECUTION": "autograde", **self._setup.settings.environment}
        path = python_path(self._secrets)
        return {"PYTHONPATH": os.pathsep.join(path), **found} if path else found

    def _zygote(self, notebook: str) -> tuple[ZygoteProcess, Beside]:
        setup = self._setup
        found = setup.kernels[notebook]
        own = found if isinstance(found, OwnPython) else None
        kernel = found if isinstance(found, tuple) else None
        key = own.name if own else kernel[0].name if kernel else ""
        if key not in self._zygotes:
            zygote = ZygoteProcess(
                self._tier,
                hidden=[setup.course_root, *self._secrets],
                libraries=setup.libraries,
                beside=True,
                kernel=kernel[0] if kernel else None,
                readable=self._readable(own, kernel),
                environment={**(own.environment if own else {}), **self._environment()},
                python=own.program if own else "",
            )
            assert zygote.beside is not None
            folder = Beside(zygote.beside, setup.own_files, trusted=self._tier is not Tier.C)
            self._zygotes[key] = zygote, folder
        return self._zygotes[key]


def run(setup: JudgeSetup, serve: Serve) -> None:
    """Serve with a judge for this setup.

    Raises:
        CourseError: if the course's configuration cannot be used.
        SandboxError: if a zygote cannot be started.
    """
    assert isinstance(setup, NotebookSetup)
    # nbgrader logs what it puts right; results have it as notes.
    logging.disable(logging.WARNING)
    announce("loading nbgrader")
    judge = NotebookJudge(setup)
    try:
        serve(judge)
    finally:
        judge.close()
