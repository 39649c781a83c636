"""Writes what grading brings: notebooks and feedback as it comes, the gradebook in batches, each result last."""

from __future__ import annotations

import time
from dataclasses import replace
from types import TracebackType
from typing import Self

from autograder.batch.ending import flush_at_end
from autograder.batch.interrupts import Interrupts
from autograder.batch.underway import Underway
from autograder.engines.innotebook.engine import Classroom
from autograder.engines.innotebook.ledger import Ledger
from autograder.engines.innotebook.messages import Ran
from autograder.engines.innotebook.pages import Pages
from autograder.engines.innotebook.penalties import Penalties
from autograder.engines.innotebook.writer import NotebookEntry, NotebookWriter
from autograder.files import copy_receipts, read_receipt, write_atomically
from autograder.verdict import Grade, Status

__all__ = ["NotebookRecorder"]

BATCH_SIZE = 50
BATCH_S = 3.0
#: nbgrader's own modes: nobody edits autograded notebooks by mistake.
AUTOGRADED_MODE, SHARED_MODE = 0o444, 0o664


class NotebookRecorder:
    """Takes results as they come; use as a context manager. Interrupted or not: what it took is kept."""

    def __init__(
        self,
        classroom: Classroom,
        ledger: Ledger,
        penalties: Penalties,
        underway: Underway,
        interrupts: Interrupts,
    ) -> None:
        self._ledger = ledger
        self._penalties = penalties
        self._underway = underway
        self._interrupts = interrupts
        self._tasks = classroom.tasks()
        self._pages = Pages(classroom.recorded, classroom.assignment)
        self._mode = SHARED_MODE if classroom.directories.groupshared else AUTOGRADED_MODE
        # Somebody who pressed Ctrl-C does not wait for another program to let go of the database.
        self._gradebook = NotebookWriter(
            classroom.directories, classroom.assignment, penalties, hurried=lambda: interrupts.requested
        )
        self._pending: list[Ran] = []
        self._revised: list[Grade] = []
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

    def take(self, ran: Ran) -> Grade:
        """Write a submission's files now, its rows and its result with the next batch; return what its result says.

        Raises:
            GradebookError: if the gradebook cannot be written.
            OSError: if a file cannot; names it.
        """
        grade = replace(ran.grade, fingerprint=self._ledger.fingerprint, late=self._penalties.of(ran.grade))
        with self._interrupts.held_off():
            if grade.status is not Status.UNGRADED:
                self._underway.begin(grade.student)
                self._write_files(replace(ran, grade=grade))
            self._pending.append(replace(ran, grade=grade))
            self._flush_if_due()
        return grade

    def revise(self, grade: Grade) -> None:
        """Write the pages, the penalty and the result of an earlier verdict again, where being late costs otherwise.

        Where there is a penalty that is so in any case: what a person gave may have changed since.

        Raises:
            GradebookError: if the gradebook cannot be written.
            OSError: if a file cannot; names it.
        """
        late = self._penalties.of(grade)
        before, now = (replace(grade, late=x).to_json().get("late") for x in (grade.late, late))
        if before != now or (late is not None and late.penalty > 0):
            self.rewrite(grade)

    def rewrite(self, grade: Grade) -> None:
        """Write the pages, the penalty and the result of an earlier verdict again.

        Raises:
            GradebookError: if the gradebook cannot be written.
            OSError: if a file cannot; names it.
        """
        grade = replace(grade, late=self._penalties.of(grade))
        with self._interrupts.held_off():
            self._underway.begin(grade.student)
            for name, page in self._pages.of(grade, self._penalties.of_notebook).items():
                write_atomically(self._tasks[grade.student].feedback_dir / f"{name}.html", page)
            self._revised.append(grade)
            self._flush_if_due()

    def _write_files(self, ran: Ran) -> None:
        task = self._tasks[ran.grade.student]
        for name, text in ran.notebooks.items():
            write_atomically(task.autograded_dir / f"{name}.ipynb", text, mode=self._mode)
        for path in task.autograded_dir.glob("*.ipynb"):
            # An older run's notebook would show what was not handed in.
            if path.stem not in ran.notebooks:
                path.unlink()
        late = ran.grade.late
        # Judges know no deadlines: a page that has to speak of lateness is made here.
        known = late is None or late.late_s <= 0
        pages = ran.pages if known else self._pages.of(ran.grade, self._penalties.of_notebook)
        for name, page in pages.items():
            write_atomically(task.feedback_dir / f"{name}.html", page)
        copy_receipts(task.submitted_dir, *([task.autograded_dir] if ran.notebooks else []), task.feedback_dir)

    def _flush_if_due(self) -> None:
        full = len(self._pending) + len(self._revised) >= BATCH_SIZE
        if full or time.monotonic() - self._flushed > BATCH_S:
            self._flush()

    def _flush(self) -> None:
        self._gradebook.write(
            [
                NotebookEntry(
                    ran.grade,
                    read_receipt(self._tasks[ran.grade.student].submitted_dir, "timestamp.txt"),
                    rows=ran.rows,
                    remarks=ran.remarks,
                    ran=frozenset(ran.notebooks),
                )
                for ran in self._pending
            ]
        )
        self._gradebook.write_penalties(self._revised)
        grades = [*(ran.grade for ran in self._pending), *self._revised]
        for grade in grades:
            self._ledger.write(grade)
        self._underway.end(g.student for g in grades)
        self.written += len(self._pending)
        self._pending.clear()
        self._revised.clear()
        self._flushed = time.monotonic()
