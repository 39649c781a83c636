"""The one place that writes what grading brings: notebooks, feedback, the gradebook, results, in that order.

A result is the last thing written of a submission, so it says that all else is there: whatever ends a run, the
next one does the rest, and only the rest. Where an older result stands, `underway` says that it is being replaced.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from autograder.batch.ending import flush_at_end
from autograder.batch.interrupts import Interrupts
from autograder.batch.pages import Pages
from autograder.batch.results import Journal
from autograder.batch.underway import Underway
from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.writer import Entry, GradebookWriter
from autograder.engines.base import Finished
from autograder.engines.hidden.lateness import Lateness
from autograder.engines.hidden.task import Task
from autograder.files import copy_receipts, read_receipt, remove_with_receipts, write_atomically
from autograder.verdict import Grade, Status

__all__ = ["Recorder"]

#: Results are committed to the gradebook together: one transaction costs as much as dozens of rows.
BATCH_SIZE = 50
BATCH_S = 3.0
#: nbgrader's own mode for autograded notebooks: nobody edits them by mistake.
AUTOGRADED_MODE = 0o444


class Recorder:
    """Takes results as they come; use as a context manager. Interrupted or not: what it took is kept."""

    def __init__(
        self,
        directories: Directories,
        assignment: Assignment,
        journal: Journal,
        tasks: Mapping[str, Task],
        underway: Underway,
        interrupts: Interrupts,
        lateness: Lateness,
        pages: Pages,
    ) -> None:
        self._lateness = lateness
        self._pages = pages
        self._journal = journal
        self._tasks = tasks
        self._underway = underway
        self._interrupts = interrupts
        # Somebody who pressed Ctrl-C does not wait for another program to let go of the database.
        self._gradebook = GradebookWriter(directories, assignment, hurried=lambda: interrupts.requested)
        self._pending: list[Finished] = []
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
            flush_at_end(self._flush, self._interrupts, error)
        finally:
            self._gradebook.__exit__(kind, error, trace)

    def take(self, finished: Finished) -> None:
        """Write a submission's files now, its rows and its result with the next batch.

        Raises:
            GradebookError: if the gradebook cannot be written.
            OSError: if a file cannot; names it.
        """
        with self._interrupts.held_off():
            self._underway.begin(finished.grade.student)
            self._write_files(finished, self._tasks[finished.grade.student])
            self._pending.append(finished)
            if len(self._pending) >= BATCH_SIZE or time.monotonic() - self._flushed > BATCH_S:
                self._flush()

    def revise(self, grades: Sequence[Grade]) -> None:
        """Write feedback, penalties and results again, where deadlines or manual scores changed and nothing else.

        Raises:
            GradebookError: if the gradebook cannot be written.
        """
        for first in range(0, len(grades), BATCH_SIZE):
            some = grades[first : first + BATCH_SIZE]
            with self._interrupts.held_off():
                for grade in some:
                    self._underway.begin(grade.student)
                    write_atomically(self._tasks[grade.student].feedback, self._pages.of(grade))
                self._gradebook.write_penalties(some)
                for grade in some:
                    self._journal.write(grade)
                self._underway.end(grade.student for grade in some)

    def _write_files(self, finished: Finished, task: Task) -> None:
        status = finished.grade.status
        if status is Status.UNGRADED:
            return
        if finished.autograded is not None:
            write_atomically(task.autograded, finished.autograded, mode=AUTOGRADED_MODE)
            copy_receipts(task.submitted_dir, task.autograded_dir)
        else:
            # An older run's notebook would show what was not handed in.
            remove_with_receipts(task.autograded)
        if finished.feedback is not None:
            write_atomically(task.feedback, self._pages.of(finished.grade, finished.feedback))
            copy_receipts(task.submitted_dir, task.feedback_dir)

    def _flush(self) -> None:
        entries = [
            Entry(f.grade, read_receipt(self._tasks[f.grade.student].submitted_dir, "timestamp.txt"), f.comments)
            for f in self._pending
        ]
        if not entries:
            return
        self._gradebook.write(entries)
        self._gradebook.write_penalties(
            self._lateness.taken_back((f.grade for f in self._pending), self._journal.result)
        )
        for finished in self._pending:
            self._journal.write(finished.grade)
        self._underway.end(f.grade.student for f in self._pending)
        self.written += len(self._pending)
        self._pending.clear()
        self._flushed = time.monotonic()
