"""One judge process: zygotes, nbgrader's preprocessors, and one submission after another.

Started as `python -m autograder.engines.innotebook.judge FD PARENT`, like the judge of hidden checks. It needs no
gradebook: what it must know of it came with its setup.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection

from nbformat import NotebookNode

from autograder.course.gradebook.directories import Directories
from autograder.course.layout import Course
from autograder.engines.base import Ready
from autograder.engines.innotebook.marking import Marker, empty_grade
from autograder.engines.innotebook.messages import Handed, NotebookSetup, Ran
from autograder.engines.innotebook.pipeline import Pipeline
from autograder.engines.innotebook.release_record import RecordedNotebook
from autograder.engines.innotebook.run_notebook import cells_to_run, run_notebook
from autograder.engines.innotebook.side_files import Beside
from autograder.errors import AutograderError, SandboxError, SubmissionRejected, SubmissionTooLarge, UsageError
from autograder.sandbox import system
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.session import CellOutcome, session_limits
from autograder.sandbox.spec import Tier
from autograder.verdict import Status

__all__ = ["NotebookJudge"]


class NotebookJudge:
    """Holds what stays from one submission to the next; use as a context manager."""

    def __init__(self, setup: NotebookSetup) -> None:
        """Start the zygotes and make the preprocessors that the configuration lists.

        Raises:
            CourseError: if they cannot be used.
        """
        self._setup = setup
        self._tier = Tier(setup.tier)
        self._limits = session_limits(setup.settings.limits)
        self._assignment = setup.recorded.as_assignment(setup.course_root, setup.settings.limits)
        #: By kernel's name; the empty one is our shell.
        self._zygotes: dict[str, tuple[ZygoteProcess, Beside]] = {}
        try:
            for name in setup.kernels:
                # They warm up while this process imports nbgrader.
                self._zygote(name)
            rules = setup.settings.rules
            directories = Directories(Course(setup.course_root))
            pipeline = Pipeline(directories, setup.recorded, strict=rules.bad_notebook_stops_batch)
            self._marker = Marker(setup, setup.recorded, self._assignment, pipeline, rules)
            gc.collect()
            gc.freeze()
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

    def work(self, work: Handed) -> Ran:
        """Grade one submission; whatever goes wrong on our side leaves it ungraded."""
        try:
            return self._marker.mark(work, self._run)
        except SubmissionTooLarge as error:
            # Nothing of it ran, so it is no zero: a person raises the limit, or the student hands in less.
            return Ran(
                empty_grade(self._assignment, self._setup, work.student, work.sha256, Status.UNGRADED, str(error))
            )
        except SubmissionRejected as error:
            return self._marker.rejected(work, str(error))
        except Exception as error:  # noqa: BLE001 - our own fault must not cost the rest of the class
            traceback.print_exc()
            reason = f"the grader failed on this submission ({type(error).__name__}: {error}); grade again"
            return Ran(empty_grade(self._assignment, self._setup, work.student, work.sha256, Status.UNGRADED, reason))

    def _run(
        self, recorded: RecordedNotebook, notebook: NotebookNode, beside: Mapping[str, bytes]
    ) -> Mapping[int, CellOutcome]:
        cells = cells_to_run(notebook)
        for last in (False, True):
            zygote, folder = self._zygote(recorded.name)
            try:
                folder.fill(beside)
                return run_notebook(zygote, self._limits, cells, stop_at_error=self._setup.settings.stop_at_error)
            except SandboxError:
                # Once more with a new zygote: this one may have died for reasons of its own.
                self.close()
                if last:
                    raise
        raise AssertionError

    def _zygote(self, notebook: str) -> tuple[ZygoteProcess, Beside]:
        setup = self._setup
        found = setup.kernels[notebook]
        key = found[0].name if found else ""
        if key not in self._zygotes:
            zygote = ZygoteProcess(
                self._tier,
                hidden=[setup.course_root],
                libraries=setup.libraries,
                beside=True,
                kernel=found[0] if found else None,
                readable=[found[1], *setup.settings.readable] if found else [],
                # Tests may ask which of nbgrader's commands runs them.
                environment={"NBGRADER_EXECUTION": "autograde"},
            )
            assert zygote.beside is not None
            folder = Beside(zygote.beside, setup.own_files, trusted=self._tier is not Tier.C)
            self._zygotes[key] = zygote, folder
        return self._zygotes[key]


def serve(connection: Connection) -> None:
    """Take the setup and serve; tell the coordinator what prevents it."""
    setup: NotebookSetup = connection.recv()
    # nbgrader reports there what it puts right; results have it as notes.
    logging.disable(logging.WARNING)
    judge: NotebookJudge | None = None
    try:
        judge = NotebookJudge(setup)
        connection.send(Ready())
        while True:
            connection.send(judge.work(connection.recv()))
    except AutograderError as error:
        with contextlib.suppress(OSError):
            connection.send(Ready(str(error), final=isinstance(error, UsageError)))
    except (EOFError, BrokenPipeError):
        return
    finally:
        if judge is not None:
            judge.close()


def main() -> None:
    """Serve on the connection whose descriptor is the first argument."""
    # Whatever ends the coordinator ends this process, and the end of this one ends its zygotes and workers.
    system.die_with_parent()
    if os.getppid() != int(sys.argv[2]):
        return
    serve(Connection(int(sys.argv[1])))


if __name__ == "__main__":
    main()
