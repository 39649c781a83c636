"""`autograder grade` for an assignment without hidden checks: the whole class, by the tests in its notebooks."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.batch import BatchOptions, BatchReport, Progress
from autograder.batch.ending import Counts, scratch, tidy, told
from autograder.batch.executors.choose import tier_named
from autograder.batch.executors.local import JudgePool
from autograder.batch.interrupts import Interrupts
from autograder.batch.lock import exclusive
from autograder.batch.results import PREVIEW
from autograder.batch.run import left_out, selected
from autograder.batch.underway import Underway
from autograder.engines.base import Finished, Started, Work
from autograder.engines.innotebook.classbook import write_notebook_class
from autograder.engines.innotebook.engine import Classroom
from autograder.engines.innotebook.handin import NotebookTask
from autograder.engines.innotebook.kernels import kernels_of
from autograder.engines.innotebook.ledger import Ledger
from autograder.engines.innotebook.libraries import libraries_of
from autograder.engines.innotebook.marking import empty_grade
from autograder.engines.innotebook.messages import NotebookSetup, Ran
from autograder.engines.innotebook.penalties import Penalties
from autograder.engines.innotebook.preview import NotebookPreview
from autograder.engines.innotebook.record import NotebookRecorder
from autograder.engines.innotebook.side_files import source_files
from autograder.errors import UsageError
from autograder.feedback.changes import Change, compare
from autograder.files import sweep
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade, Status

__all__ = ["grade_notebooks"]

_JUDGE = "autograder.engines.innotebook.judge"


def grade_notebooks(classroom: Classroom, options: BatchOptions, progress: Progress) -> BatchReport:
    """Grade what is new or changed, and write all that `grade` writes; a dry run keeps it as a preview instead.

    Raises:
        UsageError: if there is nothing to grade, another run is at it, the machine's isolation is too weak, or the
            options ask for what there is not here.
        CourseError: if a kernel, or the course's plugin for late submissions, cannot be had.
        GraderFault: if the grader cannot work at all; single submissions are left `ungraded` instead.
        Interrupted: if somebody ended it; what is done is kept.
    """
    _check(classroom.slug, options)
    started = time.monotonic()
    directories, slug, folder = classroom.directories, classroom.slug, classroom.folder
    tasks = classroom.tasks(classroom.taking_part(selected(directories, slug, options.students)))
    counts = Counts()
    with told(counts), Interrupts() as interrupts, exclusive(folder, slug):
        # A dry run leaves everything as it is but its own folder.
        noted = folder / PREVIEW if options.dry_run else folder
        tidy(noted)
        tier = choose_tier(tier_named(options.min_tier)).tier
        setup = _setup(classroom, tier)
        ledger, underway = classroom.ledger(), Underway(folder)
        plan = _Plan.of(tasks, ledger, tier.value, underway, force=options.force)
        counts.total = len(plan.tasks)
        with scratch(noted, counts) as temporary:
            batch = _Batch(classroom, options, progress, ledger, setup, interrupts, temporary)
            if options.dry_run:
                batch.preview(plan)
            else:
                batch.write(plan, underway, counts)
        summary = None if options.dry_run else write_notebook_class(classroom, ledger)
    return BatchReport(
        grades=ledger,
        unchanged=len(plan.unchanged),
        seconds=time.monotonic() - started,
        seed=0,
        tier=tier.value,
        notes=left_out(directories, slug),
        previewed=len(plan.previewed),
        changes=tuple(sorted(batch.changes, key=lambda change: change.student)),
        feedback=directories.feedback("STUDENT", slug) / _page(classroom),
        summary=summary,
    )


def _setup(classroom: Classroom, tier: Tier) -> NotebookSetup:
    """Return what judges are told; a kernel that is not there is found out before anything runs."""
    directories, recorded, settings = classroom.directories, classroom.recorded, classroom.settings
    folders = [directories.source(classroom.slug), directories.release(classroom.slug)]
    return NotebookSetup(
        classroom.course.root,
        classroom.slug,
        0,
        "cpu",
        tier.value,
        recorded=recorded,
        settings=settings,
        own_files=source_files(directories, classroom.slug),
        libraries=libraries_of(recorded, folders),
        kernels=kernels_of(recorded, tier=tier, always=settings.kernels),
    )


def _page(classroom: Classroom) -> str:
    """Name the page of a notebook; there is one for each."""
    names = classroom.notebooks
    return f"{names[0]}.html" if len(names) == 1 else "NOTEBOOK.html"


@dataclass(slots=True)
class _Plan:
    """The submissions by what is to be done: nothing, taking a preview over, running."""

    unchanged: list[str] = field(default_factory=list)
    #: With the digest of what was handed in.
    previewed: list[tuple[NotebookTask, str]] = field(default_factory=list)
    tasks: list[NotebookTask] = field(default_factory=list)

    @classmethod
    def of(cls, tasks: dict[str, NotebookTask], ledger: Ledger, tier: str, underway: Underway, *, force: bool) -> _Plan:
        """Look at every submission; no code runs for that."""
        plan, preview = cls(), NotebookPreview(ledger)
        for student, task in tasks.items():
            if force or student in underway.students:
                plan.tasks.append(task)
                continue
            if ledger.result(student) is None and not preview.holds_any(student):
                plan.tasks.append(task)
                continue
            sha256 = task.load().sha256
            if ledger.holds(task, tier, sha256):
                plan.unchanged.append(student)
            elif preview.valid(student, sha256, tier) is not None:
                plan.previewed.append((task, sha256))
            else:
                plan.tasks.append(task)
        return plan


@dataclass(slots=True)
class _Batch:
    """One run, when it is known what there is to do."""

    classroom: Classroom
    options: BatchOptions
    progress: Progress
    ledger: Ledger
    setup: NotebookSetup
    interrupts: Interrupts
    #: For the judges' temporary files.
    temporary: Path
    changes: list[Change] = field(default_factory=list)

    def write(self, plan: _Plan, underway: Underway, counts: Counts) -> None:
        """Grade and write everything."""
        directories, slug = self.classroom.directories, self.classroom.slug
        preview = NotebookPreview(self.ledger)
        penalties = Penalties(directories, self.classroom.recorded)
        for student in underway.students:
            sweep(directories.autograded(student, slug))
            sweep(directories.feedback(student, slug))
        recorder = NotebookRecorder(self.classroom, self.ledger, penalties, underway, self.interrupts)
        counts.recorder = recorder
        # Whatever happens while results are written, the judges end.
        with recorder, contextlib.closing(self._ran(plan)) as all_ran:
            for student in plan.unchanged:
                earlier = self.ledger.result(student)
                if earlier is not None:
                    recorder.revise(earlier)
            for ran in all_ran:
                recorder.take(ran)
                # What is written now needs no preview any more.
                if ran.grade.status is not Status.UNGRADED:
                    preview.forget(ran.grade.student)

    def preview(self, plan: _Plan) -> None:
        """Grade, keep what comes of it, and write nothing else."""
        preview = NotebookPreview(self.ledger)
        with contextlib.closing(self._ran(plan)) as all_ran:
            for ran in all_ran:
                preview.take(ran)
                self._compare(ran.grade)
        for student in plan.unchanged:
            earlier = self.ledger.result(student)
            if earlier is not None:
                self._compare(earlier)

    def _compare(self, grade: Grade) -> None:
        self.changes.append(compare(self.ledger.result(grade.student), grade))

    def _ran(self, plan: _Plan) -> Generator[Ran]:
        """Go through what a dry run found, then through what is graded now."""
        tasks = list(plan.tasks)
        preview = NotebookPreview(self.ledger)
        self.progress.start(len(tasks), len(plan.unchanged) + len(plan.previewed))
        try:
            for task, sha256 in plan.previewed:
                self.interrupts.check()
                known = preview.valid(task.student, sha256)
                if known is None:
                    tasks.append(task)
                else:
                    yield known
            if tasks:
                yield from self._run(tasks)
        finally:
            self.progress.finish()

    def _run(self, tasks: list[NotebookTask]) -> Iterator[Ran]:
        folder = self.ledger.folder / PREVIEW if self.options.dry_run else self.ledger.folder
        pool = JudgePool(
            self.setup,
            self.options.jobs or os.cpu_count() or 1,
            folder / ".grader.log",
            self.classroom.settings.limits.submission_s * len(self.classroom.notebooks),
            self._lost,
            self.temporary,
            module=_JUDGE,
        )
        with contextlib.closing(pool.run(tasks)) as events:
            for event in events:
                self.interrupts.check()
                if isinstance(event, Started):
                    self.progress.begin(event.student)
                    continue
                assert isinstance(event, Ran)
                grade = replace(event.grade, fingerprint=self.ledger.fingerprint)
                yield replace(event, grade=grade)
                self.progress.advance(grade)
                if event.stop:
                    raise UsageError(
                        f"{event.stop}. The batch ends here because nbgrader_config.py sets "
                        "InNotebook.bad_notebook_stops_batch; without it this one submission would be rejected."
                    )

    def _lost(self, work: Work, reason: str) -> Finished:
        assignment = self.classroom.assignment
        return Ran(empty_grade(assignment, self.setup, work.student, work.sha256, Status.UNGRADED, reason))


def _check(slug: str, options: BatchOptions) -> None:
    """Refuse what only assignments with hidden checks have."""
    what = f"{slug!r} is graded by the tests in its notebooks"
    if options.device == "cuda":
        raise UsageError(f"{what}, and those run on the CPU.")
    if options.executor != "local":
        raise UsageError(f"{what}; that is done on this machine only. Leave --executor out.")
