"""`autograder grade` for an assignment without hidden checks: the whole class, by the tests in its notebooks."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import PurePath
from typing import Self

import autograder
from autograder.assignment import Assignment
from autograder.batch import BatchOptions, BatchReport, Progress
from autograder.batch.journal import Journal
from autograder.batch.messages import Finished, Work
from autograder.batch.pool import JudgePool
from autograder.batch.run import all_results, selected, tier_named
from autograder.course import Course
from autograder.errors import UsageError
from autograder.gradebook.directories import CONFIG, Directories
from autograder.innotebook.beside import source_files
from autograder.innotebook.handin import NotebookTask
from autograder.innotebook.messages import NotebookSetup, Ran
from autograder.innotebook.recorded import Recorded, read_recorded
from autograder.innotebook.settings import read_settings
from autograder.innotebook.submission import empty_grade
from autograder.innotebook.writer import NotebookEntry, NotebookWriter
from autograder.outputs import copy_receipts, read_receipt, write_atomically
from autograder.report.render import render_class
from autograder.report.summary import summarize, write_summary
from autograder.sandbox.probe import choose_tier
from autograder.verdict import Grade, Status

__all__ = ["grade_notebooks", "has_hidden_checks"]

BATCH_SIZE = 50
BATCH_S = 3.0
AUTOGRADED_MODE, SHARED_MODE = 0o444, 0o664
_JUDGE = "autograder.innotebook.judge"


def has_hidden_checks(course: Course, slug: str) -> bool:
    """Whether an assignment is graded by our checks; else by the tests in its notebooks."""
    return (course.root / "solutions" / slug).is_dir()


def grade_notebooks(
    course: Course, slug: str, options: BatchOptions, progress: Progress
) -> tuple[BatchReport, Assignment]:
    """Grade every submission that is new or changed; return the report, and what reports need of the assignment.

    Raises:
        UsageError: if the gradebook does not know the assignment, there is nothing to grade, the configuration
            cannot be used, or the machine's isolation is too weak.
        GraderFault: if the grader cannot work at all.
    """
    started = time.monotonic()
    directories = Directories(course)
    if options.device == "cuda":
        raise UsageError(f"{slug!r} is graded by the tests in its notebooks, and those run on the CPU.")
    recorded = read_recorded(directories, slug)
    settings = read_settings(directories)
    assignment = recorded.as_assignment(course.root, settings.limits)
    handins = [h for h in selected(directories, slug, options.students) if directories.takes_part(h.student)]
    tier = choose_tier(tier_named(options.min_tier)).tier
    setup = NotebookSetup(course.root, slug, 0, "cpu", tier.value, recorded=recorded)
    journal = Journal(course.results_dir / slug, 0, _fingerprint(course, directories, recorded))
    grades: dict[str, Grade] = {}
    tasks = []
    for handin in handins:
        task = NotebookTask.of(directories, slug, handin)
        known = None if options.force else _known(journal, task, tier.value)
        if known is not None:
            grades[handin.student] = known
        else:
            tasks.append(task)
    unchanged = len(grades)
    progress.start(len(tasks), unchanged)

    def lost(work: Work, reason: str) -> Finished:
        return Ran(empty_grade(assignment, setup, work.student, work.sha256, Status.UNGRADED, reason))

    try:
        if tasks:
            patience_s = settings.limits.submission_s * len(recorded.notebooks)
            jobs = options.jobs or os.cpu_count() or 1
            pool = JudgePool(setup, jobs, journal.folder / ".grader.log", patience_s, lost, _JUDGE)
            with (
                _Recorder(directories, assignment, journal, tasks) as recorder,
                contextlib.closing(pool.run(tasks)) as results,
            ):
                for finished in results:
                    assert isinstance(finished, Ran)
                    grade = replace(finished.grade, fingerprint=journal.fingerprint)
                    recorder.take(replace(finished, grade=grade))
                    grades[grade.student] = grade
                    progress.advance(grade)
                    if finished.stop:
                        raise UsageError(
                            f"{finished.stop}. The batch ends here because nbgrader_config.py sets "
                            "InNotebook.bad_notebook_stops_batch; without it this one submission would be rejected."
                        )
    finally:
        progress.finish()
        whole = all_results(directories, slug, journal, grades)
        _write_class(course, assignment, whole, directories, recorded)
    return BatchReport(tuple(whole), unchanged, time.monotonic() - started, 0, tier.value), assignment


def _write_class(
    course: Course, assignment: Assignment, grades: Sequence[Grade], directories: Directories, recorded: Recorded
) -> None:
    folder = course.results_dir / recorded.slug
    write_summary(folder / "summary.csv", grades, assignment)
    first = f"{recorded.notebooks[0].name}.html"
    pages = {
        g.student: PurePath(os.path.relpath(directories.feedback(g.student, recorded.slug) / first, folder))
        for g in grades
    }
    write_atomically(folder / "class.html", render_class(summarize(grades, assignment, pages=pages)))


def _known(journal: Journal, task: NotebookTask, tier: str) -> Grade | None:
    """Return an earlier result that grading again would only repeat."""
    grade = journal.result(task.student)
    if grade is None or grade.status is Status.UNGRADED:
        return None
    if (grade.fingerprint, grade.tier) != (journal.fingerprint, tier):
        return None
    if not task.is_written(graded=grade.status is Status.GRADED):
        return None
    return grade if grade.submission_sha256 == task.load().sha256 else None


def _fingerprint(course: Course, directories: Directories, recorded: Recorded) -> str:
    """Return a digest of all that a verdict depends on besides the submission."""
    config = course.root / CONFIG
    digest = hashlib.sha256(config.read_bytes() if config.is_file() else b"")
    for part in (autograder.__version__, *map(version, ("torch", "ipython", "nbgrader")), repr(recorded)):
        digest.update(part.encode() + b"\0")
    for name, path in source_files(directories, recorded.slug).items():
        digest.update(name.encode("utf-8", "surrogateescape") + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


class _Recorder:
    """Writes files as results come, the gradebook in batches, and each result last."""

    def __init__(
        self, directories: Directories, assignment: Assignment, journal: Journal, tasks: Sequence[NotebookTask]
    ) -> None:
        self._journal = journal
        self._tasks = {t.student: t for t in tasks}
        self._mode = SHARED_MODE if directories.groupshared else AUTOGRADED_MODE
        self._gradebook = NotebookWriter(directories, assignment)
        self._pending: list[Ran] = []
        self._flushed = time.monotonic()

    def __enter__(self) -> Self:
        self._gradebook.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._flush()
        finally:
            self._gradebook.__exit__(None, None, None)

    def take(self, ran: Ran) -> None:
        """Write a submission's files now, its rows and its result with the next batch."""
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
        for ran in self._pending:
            self._journal.write(ran.grade)
        self._pending.clear()
        self._flushed = time.monotonic()
