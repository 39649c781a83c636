"""Writes what grading brings: notebooks and feedback as it comes, the gradebook in batches, each result last."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from autograder.assignment import Assignment
from autograder.batch.interrupts import Interrupts
from autograder.gradebook.directories import Directories
from autograder.innotebook.handin import NotebookTask
from autograder.innotebook.ledger import Ledger
from autograder.innotebook.messages import Ran
from autograder.innotebook.writer import NotebookEntry, NotebookWriter
from autograder.outputs import copy_receipts, read_receipt, write_atomically
from autograder.verdict import Status

__all__ = ["NotebookRecorder"]

BATCH_SIZE = 50
BATCH_S = 3.0
#: nbgrader's own modes: nobody edits autograded notebooks by mistake.
AUTOGRADED_MODE, SHARED_MODE = 0o444, 0o664


class NotebookRecorder:
    """Takes results as they come; use as a context manager. Interrupted or not: what it took is kept."""

    def __init__(
        self,
        directories: Directories,
        assignment: Assignment,
        ledger: Ledger,
        tasks: Sequence[NotebookTask],
        interrupts: Interrupts,
    ) -> None:
        self._ledger = ledger
        self.fingerprint = ledger.fingerprint
        self._tasks = {t.student: t for t in tasks}
        self._interrupts = interrupts
        self._mode = SHARED_MODE if directories.groupshared else AUTOGRADED_MODE
        self._gradebook = NotebookWriter(directories, assignment, hurried=lambda: interrupts.requested)
        self._pending: list[Ran] = []
        self._flushed = time.monotonic()
        #: How many submissions are written, results and all.
        self.written = 0

    def __enter__(self) -> Self:
        self._gradebook.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with self._interrupts.held_off():
                self._flush()
        finally:
            self._gradebook.__exit__(kind, error, trace)

    def take(self, ran: Ran) -> None:
        """Write a submission's files now, its rows and its result with the next batch.

        Raises:
            GradebookError: if the gradebook cannot be written.
        """
        with self._interrupts.held_off():
            if ran.grade.status is not Status.UNGRADED:
                self._write_files(ran, self._tasks[ran.grade.student])
            self._pending.append(ran)
            if len(self._pending) >= BATCH_SIZE or time.monotonic() - self._flushed > BATCH_S:
                self._flush()

    def _write_files(self, ran: Ran, task: NotebookTask) -> None:
        for name, text in ran.notebooks.items():
            write_atomically(task.autograded_dir / f"{name}.ipynb", text, mode=self._mode)
        for path in task.autograded_dir.glob("*.ipynb"):
            # An older run's notebook would show what was not handed in.
            if path.stem not in ran.notebooks:
                path.unlink()
        for name, page in ran.pages.items():
            write_atomically(task.feedback_dir / f"{name}.html", page)
        copy_receipts(task.submitted_dir, *([task.autograded_dir] if ran.notebooks else []), task.feedback_dir)

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        self._gradebook.write(
            [
                NotebookEntry(
                    ran.grade,
                    read_receipt(self._tasks[ran.grade.student].submitted_dir, "timestamp.txt"),
                    rows=ran.rows,
                    remarks=ran.remarks,
                    ran=frozenset(ran.notebooks),
                )
                for ran in pending
            ]
        )
        for ran in pending:
            self._ledger.write(ran.grade)
        self.written += len(pending)
        self._flushed = time.monotonic()
