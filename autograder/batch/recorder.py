"""The one place that writes the outputs of grading: notebooks, feedback, the gradebook and results, in that order.

A result is written last of a submission, so it shows that all else is there: however a run ends, the next one does
the rest, and only the rest. `underway` names the students whose older results are being replaced.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from autograder.batch.ending import flush_at_end
from autograder.batch.interrupts import Interrupts
from autograder.batch.pages import StudentPages
from autograder.batch.results import Results
from autograder.batch.task import Task
from autograder.batch.underway import Underway
from autograder.course.gradebook.writer import Entry, GradebookWriter
from autograder.engines.base import Engine, Finished
from autograder.files import RECEIPTS, copy_receipts, read_receipt, remove_with_receipts, write_atomically
from autograder.verdict import Grade, Status

__all__ = ["ResultRecorder"]

#: Results are committed to the gradebook together: one transaction costs as much as dozens of rows.
BATCH_SIZE = 50
BATCH_S = 3.0
#: nbgrader's own modes for autograded notebooks: nobody edits them by mistake, unless a group shares them.
AUTOGRADED_MODE, SHARED_MODE = 0o444, 0o664


class ResultRecorder:
    """Takes results as they come and keeps each that it took, interrupted or not; use as a context manager."""

    def __init__(
        self,
        engine: Engine,
        results: Results,
        tasks: Mapping[str, Task],
        underway: Underway,
        interrupts: Interrupts,
        pages: StudentPages,
    ) -> None:
        self._engine = engine
        self._results = results
        self._tasks = tasks
        self._underway = underway
        self._interrupts = interrupts
        self._pages = pages
        self._mode = SHARED_MODE if engine.directories.groupshared else AUTOGRADED_MODE
        self._gradebook = GradebookWriter(
            engine.directories,
            engine.assignment,
            engine.notebooks,
            engine.penalty,
            prepares=engine.prepares_gradebook,
            # After Ctrl-C nobody waits until another program unlocks the database.
            hurried=lambda: interrupts.requested,
        )
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
            if finished.grade.status is not Status.UNGRADED:
                self._write_files(finished, self._tasks[finished.grade.student])
            self._pending.append(finished)
            if len(self._pending) >= BATCH_SIZE or time.monotonic() - self._flushed > BATCH_S:
                self._flush()

    def revise(self, grades: Sequence[Grade]) -> None:
        """Write feedback, penalties and results again, where deadlines or manual scores changed and nothing else.

        Raises:
            GradebookError: if the gradebook cannot be written.
            OSError: if a file cannot; names it.
        """
        for first in range(0, len(grades), BATCH_SIZE):
            some = grades[first : first + BATCH_SIZE]
            with self._interrupts.held_off():
                for grade in some:
                    self._underway.begin(grade.student)
                    self.write_pages(grade)
                self._gradebook.write_penalties(some)
                for grade in some:
                    self._results.write(grade)
                self._underway.end(grade.student for grade in some)

    def write_pages(self, grade: Grade) -> None:
        """Write a student's pages again.

        Raises:
            GradebookError: if what a person entered cannot be read.
            OSError: if a file cannot be written; names it.
        """
        task = self._tasks[grade.student]
        for name, page in self._pages.of(grade).items():
            write_atomically(task.page(name), page)

    def _write_files(self, finished: Finished, task: Task) -> None:
        for name, text in finished.notebooks.items():
            write_atomically(task.autograded(name), text, mode=self._mode)
        for path in task.autograded_dir.glob("*.ipynb"):
            # An older run's notebook would show what was not handed in.
            if path.stem not in finished.notebooks:
                path.unlink()
        if finished.notebooks:
            self._write_beside(task)
            copy_receipts(task.submitted_dir, task.autograded_dir)
        else:
            remove_with_receipts(task.autograded(self._engine.notebooks[0]))
        for name, page in self._pages.of(finished.grade, finished.pages).items():
            write_atomically(task.page(name), page)
        copy_receipts(task.submitted_dir, task.feedback_dir)

    def _write_beside(self, task: Task) -> None:
        """Put the files that the notebooks show beside them, and remove those of an earlier hand-in."""
        files = self._engine.shown_beside(task.handin)
        if not files:
            return
        for path in sorted(task.autograded_dir.rglob("*"), reverse=True):
            name = path.relative_to(task.autograded_dir).as_posix()
            known = name in files or name in RECEIPTS or path.suffix == ".ipynb"
            if path.is_dir() and not path.is_symlink():
                with contextlib.suppress(OSError):
                    path.rmdir()
            elif not known:
                path.unlink()
        for name, content in files.items():
            write_atomically(task.autograded_dir / name, content, mode=self._mode)

    def _flush(self) -> None:
        if not self._pending:
            return
        self._gradebook.write([self._entry(finished) for finished in self._pending])
        for finished in self._pending:
            self._results.write(finished.grade)
        self._underway.end(f.grade.student for f in self._pending)
        self.written += len(self._pending)
        self._pending.clear()
        self._flushed = time.monotonic()

    def _entry(self, finished: Finished) -> Entry:
        grade = finished.grade
        return Entry(
            grade,
            read_receipt(self._tasks[grade.student].submitted_dir, "timestamp.txt"),
            rows=finished.rows,
            comments=finished.comments,
            penalise=self._engine.penalises(grade, self._results.result(grade.student)),
        )
