"""`autograder grade` for an assignment without hidden checks: the whole class, by the tests in its notebooks."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import replace
from pathlib import Path, PurePath

from autograder.batch import BatchOptions, BatchReport, Progress
from autograder.batch.ending import Counts, scratch, tidy, told
from autograder.batch.interrupts import Interrupts
from autograder.batch.lock import exclusive
from autograder.batch.messages import Finished, Started, Work
from autograder.batch.place import tier_named
from autograder.batch.pool import JudgePool
from autograder.batch.run import left_out, selected
from autograder.course import Course
from autograder.errors import UsageError
from autograder.gradebook.directories import Directories
from autograder.innotebook.handin import NotebookTask
from autograder.innotebook.ledger import Ledger, fingerprint
from autograder.innotebook.messages import NotebookSetup, Ran
from autograder.innotebook.record import NotebookRecorder
from autograder.innotebook.recorded import read_recorded
from autograder.innotebook.settings import read_settings
from autograder.innotebook.submission import empty_grade
from autograder.outputs import write_atomically
from autograder.report.render import render_class
from autograder.report.summary import ClassSummary, summarize, write_summary
from autograder.sandbox.probe import choose_tier
from autograder.verdict import Status

__all__ = ["NotebookBatch", "has_hidden_checks"]

_JUDGE = "autograder.innotebook.judge"


def has_hidden_checks(course: Course, slug: str) -> bool:
    """Whether an assignment is graded by our checks; else by the tests in its notebooks."""
    return (course.root / "solutions" / slug).is_dir()


class NotebookBatch:
    """One class and one assignment; `assignment` is what reports need to know of it.

    Raises:
        UsageError: if the gradebook does not know the assignment, the configuration cannot be used, or the options
            ask for what there is not here.
    """

    def __init__(self, course: Course, slug: str, options: BatchOptions) -> None:
        _check(slug, options)
        self._course = course
        self._options = options
        self._directories = Directories(course)
        self._recorded = read_recorded(self._directories, slug)
        self._settings = read_settings(self._directories)
        self.assignment = self._recorded.as_assignment(course.root, self._settings.limits)

    def grade(self, progress: Progress) -> BatchReport:
        """Grade every submission that is new or changed, and write all that `grade` writes.

        Raises:
            UsageError: if there is nothing to grade, or the machine's isolation is too weak.
            GraderFault: if the grader cannot work at all.
            Interrupted: if somebody ended it; what is done is kept.
        """
        started = time.monotonic()
        slug, options, directories = self.assignment.slug, self._options, self._directories
        handins = [h for h in selected(directories, slug, options.students) if directories.takes_part(h.student)]
        folder = self._course.results_dir / slug
        everybody = {h.student for h in directories.handins(slug)}
        counts = Counts()
        with told(counts), Interrupts() as interrupts, exclusive(folder, slug):
            tidy(folder)
            tier = choose_tier(tier_named(options.min_tier)).tier
            setup = NotebookSetup(self._course.root, slug, 0, "cpu", tier.value, recorded=self._recorded)
            ledger = Ledger(folder, fingerprint(self._course, directories, self._recorded), everybody)
            all_tasks = [NotebookTask.of(directories, slug, h) for h in handins]
            tasks = [t for t in all_tasks if options.force or not ledger.holds(t, tier.value)]
            counts.total = len(tasks)
            progress.start(len(tasks), len(all_tasks) - len(tasks))
            try:
                with scratch(folder, counts) as temporary:
                    if tasks:
                        recorder = NotebookRecorder(directories, self.assignment, ledger, tasks, interrupts)
                        counts.recorder = recorder
                        self._run(setup, tasks, recorder, temporary, progress, interrupts)
            finally:
                progress.finish()
            summary = self._write_class(ledger)
        return BatchReport(
            grades=ledger,
            unchanged=len(all_tasks) - len(tasks),
            seconds=time.monotonic() - started,
            seed=0,
            tier=tier.value,
            notes=left_out(directories, slug),
            summary=summary,
        )

    def _run(
        self,
        setup: NotebookSetup,
        tasks: list[NotebookTask],
        recorder: NotebookRecorder,
        temporary: Path,
        progress: Progress,
        interrupts: Interrupts,
    ) -> None:
        digest = recorder.fingerprint

        def lost(work: Work, reason: str) -> Finished:
            return Ran(empty_grade(self.assignment, setup, work.student, work.sha256, Status.UNGRADED, reason))

        log = self._course.results_dir / self.assignment.slug / ".grader.log"
        patience_s = self._settings.limits.submission_s * len(self._recorded.notebooks)
        pool = JudgePool(
            setup, self._options.jobs or os.cpu_count() or 1, log, patience_s, lost, temporary, module=_JUDGE
        )
        # Whatever happens while results are written, the judges end.
        with recorder, contextlib.closing(pool.run(tasks)) as events:
            for event in events:
                interrupts.check()
                if isinstance(event, Started):
                    progress.begin(event.student)
                    continue
                assert isinstance(event, Ran)
                grade = replace(event.grade, fingerprint=digest)
                recorder.take(replace(event, grade=grade))
                progress.advance(grade)
                if event.stop:
                    raise UsageError(
                        f"{event.stop}. The batch ends here because nbgrader_config.py sets "
                        "InNotebook.bad_notebook_stops_batch; without it this one submission would be rejected."
                    )

    def _write_class(self, ledger: Ledger) -> ClassSummary:
        write_summary(ledger.folder / "summary.csv", ledger, self.assignment)
        first = f"{self._recorded.notebooks[0].name}.html"
        pages = {
            student: PurePath(
                os.path.relpath(self._directories.feedback(student, self.assignment.slug) / first, ledger.folder)
            )
            for student in ledger.students
        }
        summary = summarize(ledger, self.assignment, pages=pages)
        write_atomically(ledger.folder / "class.html", render_class(summary))
        return summary


def _check(slug: str, options: BatchOptions) -> None:
    """Refuse what only assignments with hidden checks have."""
    what = f"{slug!r} is graded by the tests in its notebooks"
    if options.device == "cuda":
        raise UsageError(f"{what}, and those run on the CPU.")
    if options.executor != "local":
        raise UsageError(f"{what}; that is done on this machine only. Leave --executor out.")
    if options.dry_run:
        raise UsageError(f"{what}; there is no --dry-run of that.")
