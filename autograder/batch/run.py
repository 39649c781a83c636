"""The batch as a whole: which submissions there are, which are left, who grades them, and what is written when."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.batch.class_report import with_lateness_of_today, write_class
from autograder.batch.ending import RunProgress, scratch, tidy, told
from autograder.batch.executors.choose import Site, site_for
from autograder.batch.handins import left_out, selected
from autograder.batch.interrupts import Interrupts
from autograder.batch.lock import exclusive
from autograder.batch.options import BatchOptions, BatchReport, Progress
from autograder.batch.pages import StudentPages
from autograder.batch.plan import Plan, make_plan
from autograder.batch.preflight import refusal, run_preflight
from autograder.batch.preview import Preview
from autograder.batch.recorder import ResultRecorder
from autograder.batch.results import PREVIEW, Results
from autograder.batch.underway import Underway
from autograder.engines.base import Engine, Finished, JudgeSetup, Preflight, Started, Warming, Work
from autograder.errors import UsageError
from autograder.feedback.changes import Change, compare
from autograder.feedback.summary import ClassSummary
from autograder.files import sweep, write_atomically
from autograder.sentences import Sentence
from autograder.verdict import Grade, Status

__all__ = ["grade_batch"]


def grade_batch(engine: Engine, options: BatchOptions, progress: Progress) -> BatchReport:
    """Grade what is new or changed, and write all that `grade` writes; a dry run keeps it as a preview instead.

    For each submission the notebooks and the feedback are written first, then the gradebook, and its result
    last. A run that is interrupted anywhere does the rest, and only the rest, when it is started again.

    Raises:
        UsageError: if there is nothing to grade, another run is at it, the machine's isolation is too weak, the
            instructor's own notebooks lack something here, or the options ask for what this assignment does not have.
        GraderFault: if the grader cannot work at all; single submissions are left `ungraded` instead.
        Interrupted: after Ctrl-C, SIGTERM or SIGHUP; no process is left, and what is written is whole.
    """
    started = time.monotonic()
    slug, directories = engine.assignment.slug, engine.directories
    handins = selected(engine, options.students)
    folder = engine.course.results_dir / slug
    counts = RunProgress()
    with (
        told(counts),
        Interrupts() as interrupts,
        exclusive(folder, slug),
        site_for(engine, options) as site,
    ):
        # A dry run changes only its own folder.
        noted = folder / PREVIEW if options.dry_run else folder
        tidy(noted)
        results = Results(engine, options.seed)
        results.save_seed(preview=options.dry_run)
        setup = engine.setup(results.seed, site.device, site.weakest.value)
        underway = Underway(folder)
        where = [(site.device, tier.value) for tier in site.tiers]
        plan = make_plan(engine, handins, results, where, anew=options.force or underway.students)
        counts.total = len(plan.tasks)
        # Deadlines that cannot be read are an error before anything runs.
        _ = engine.penalty
        with scratch(noted, counts) as temporary:
            preflight = run_preflight(engine, setup, site, noted, temporary, progress) if plan.tasks else Preflight()
            if preflight.missing and not options.go_on:
                raise UsageError(refusal(preflight))
            batch = _Batch(engine, options, progress, results, setup, site, interrupts, temporary)
            if options.dry_run:
                batch.preview(plan)
            else:
                batch.write(plan, underway, counts)
    first = engine.notebooks[0] if len(engine.notebooks) == 1 else "NOTEBOOK"
    return BatchReport(
        grades=results,
        unchanged=len(plan.unchanged),
        seconds=time.monotonic() - started,
        seed=results.seed,
        tier=setup.tier,
        notes=left_out(engine),
        remarks=(site.remark,) if site.remark else (),
        reevaluated=len(plan.reevaluated),
        previewed=len(plan.previewed),
        changes=tuple(batch.changes),
        feedback=directories.feedback("STUDENT", slug) / f"{first}.html",
        summary=batch.summary,
        preflight=(*preflight.missing, *preflight.warnings),
    )


@dataclass(slots=True)
class _Batch:
    """One run, once its plan is made."""

    engine: Engine
    options: BatchOptions
    progress: Progress
    results: Results
    setup: JudgeSetup
    site: Site
    interrupts: Interrupts
    #: For the judges' temporary files.
    temporary: Path
    changes: list[Change] = field(default_factory=list)
    summary: ClassSummary | None = None

    def write(self, plan: Plan, underway: Underway, counts: RunProgress) -> None:
        """Grade and write everything; if something goes wrong on the way, the class report is written all the same."""
        pages = StudentPages(self.engine, self.options.language)
        recorder = ResultRecorder(self.engine, self.results, plan.folders, underway, self.interrupts, pages)
        try:
            self._write(plan, underway, counts, pages, recorder)
        except Exception:
            # The report of what there is, if it can be written now; the first error is the one to report.
            with contextlib.suppress(Exception):
                self.summary = write_class(self.engine, self.results)
            raise
        self.summary = write_class(self.engine, self.results)

    def _write(
        self, plan: Plan, underway: Underway, counts: RunProgress, pages: StudentPages, recorder: ResultRecorder
    ) -> None:
        preview = Preview(self.engine, self.results)
        holding = (grade for s in plan.unchanged if (grade := self.results.result(s)) is not None)
        late = tuple(with_lateness_of_today(self.engine, holding))
        if late:
            with recorder:
                recorder.revise(late)
        self._refresh(plan, pages)
        for student in underway.students & plan.folders.keys():
            sweep(plan.folders[student].autograded_dir)
            sweep(plan.folders[student].feedback_dir)
        counts.recorder = recorder
        if not plan.everything:
            return
        # The judges end even if writing the results fails.
        with recorder, contextlib.closing(self._finished(plan)) as all_finished:
            for finished in all_finished:
                recorder.take(finished)
                # A preview of what is now written is of no use any more.
                if finished.grade.status is not Status.UNGRADED:
                    preview.forget(finished.grade.student)

    def _refresh(self, plan: Plan, pages: StudentPages) -> None:
        """Write pages again to which a person added something, or which are to be in another language."""
        for student in plan.unchanged:
            task = plan.folders[student]
            outdated = [n for n in self.engine.notebooks if pages.is_outdated(student, n, task.page(n))]
            if outdated and (grade := self.results.result(student)) is not None:
                for name, page in pages.of(grade).items():
                    if name in outdated:
                        write_atomically(task.page(name), page)

    def preview(self, plan: Plan) -> None:
        """Grade, keep the outcome as a preview, and write nothing else."""
        preview = Preview(self.engine, self.results)
        with contextlib.closing(self._finished(plan)) as all_finished:
            for finished in all_finished:
                preview.take(finished)
                self.changes.append(compare(self.results.result(finished.grade.student), finished.grade))
        for student in plan.unchanged:
            before = self.results.result(student)
            if before is not None:
                self.changes.append(compare(before, self._with_lateness(before)))
        self.changes.sort(key=lambda change: change.student)

    def _with_lateness(self, grade: Grade) -> Grade:
        return replace(grade, late=self.engine.lateness(grade))

    def _finished(self, plan: Plan) -> Generator[Finished]:
        """Yield the results that are known already, then those that are graded now."""
        tasks = list(plan.tasks)
        self.progress.start(len(tasks), len(plan.folders) - len(tasks))
        try:
            for task, make in plan.ready:
                self.interrupts.check()
                known = make()
                if known is None:
                    tasks.append(task)
                else:
                    yield replace(known, grade=self._with_lateness(known.grade))
            if not tasks:
                return
            folder = self.results.preview_folder if self.options.dry_run else self.results.folder
            executor = self.site.executor(self.setup, folder / ".grader.log", self.temporary, self._lost)
            with contextlib.closing(executor.run(tasks)) as events:
                for finished in self._watched(events):
                    grade = self._with_lateness(self.engine.stamp(finished.grade))
                    yield replace(finished, grade=grade)
                    self.progress.advance(grade)
                    if finished.stop:
                        raise UsageError(finished.stop)
        finally:
            self.progress.finish()

    def _watched(self, events: Iterable[Started | Warming | Finished]) -> Iterator[Finished]:
        """Yield the results, and tell the progress display what begins."""
        for event in events:
            self.interrupts.check()
            if isinstance(event, Started):
                self.progress.begin(event.student)
            elif isinstance(event, Warming):
                self.progress.warm(event.phase)
            else:
                yield event

    def _lost(self, work: Work, reason: Sentence, *, broken: bool = False) -> Finished:
        return self.engine.broken(self.setup, work) if broken else self.engine.ungraded(self.setup, work, reason)
