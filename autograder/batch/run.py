"""The batch as a whole: what is there, what is left, who does it, and what is written in which order."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.batch.class_report import Results, write_class
from autograder.batch.ending import Counts, scratch, tidy, told
from autograder.batch.executors.choose import Place, place_for
from autograder.batch.interrupts import Interrupts
from autograder.batch.lock import exclusive
from autograder.batch.options import BatchOptions, BatchReport, Progress
from autograder.batch.pages import Pages
from autograder.batch.plan import Plan, make_plan
from autograder.batch.preview import Preview
from autograder.batch.recorder import Recorder
from autograder.batch.results import PREVIEW, Journal
from autograder.batch.underway import Underway
from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.layout import Course
from autograder.engines.base import Finished, JudgeSetup, Started, Work
from autograder.engines.hidden.lateness import Lateness
from autograder.engines.hidden.texts import empty_grade
from autograder.errors import UsageError
from autograder.feedback.changes import Change, compare
from autograder.feedback.summary import ClassSummary
from autograder.files import sweep, write_atomically
from autograder.verdict import Status

__all__ = ["grade_batch", "left_out", "selected"]


def grade_batch(course: Course, assignment: Assignment, options: BatchOptions, progress: Progress) -> BatchReport:
    """Grade what is new or changed, and write all that `grade` writes; a dry run keeps it as a preview instead.

    For each submission the notebook and the feedback are written first, then the gradebook, and its result
    last: a run that is interrupted anywhere does the rest, and only the rest, when it is started again.

    Raises:
        UsageError: if there is nothing to grade, another run is at it, or the machine's isolation is too weak.
        GraderFault: if the grader cannot work at all; single submissions are left `ungraded` instead.
        Interrupted: after Ctrl-C, SIGTERM or SIGHUP; no process is left, and what is written is whole.
    """
    started = time.monotonic()
    directories = Directories(course)
    slug = assignment.slug
    handins = selected(directories, slug, options.students)
    folder = course.results_dir / slug
    counts = Counts()
    with (
        told(counts),
        Interrupts() as interrupts,
        exclusive(folder, slug),
        place_for(assignment, options) as place,
    ):
        # A dry run leaves everything as it is but its own folder.
        noted = folder / PREVIEW if options.dry_run else folder
        tidy(noted)
        journal = Journal.open(folder, assignment, options.seed)
        journal.save(preview=options.dry_run)
        setup = JudgeSetup(course.root, slug, journal.seed, place.device, place.weakest.value)
        underway = Underway(folder)
        anew = options.force or underway.students
        plan = make_plan(handins, directories, journal, [(place.device, t.value) for t in place.tiers], anew=anew)
        counts.total = len(plan.tasks)
        lateness = Lateness(directories, assignment)
        with scratch(noted, counts) as temporary:
            batch = _Batch(
                course, assignment, options, progress, directories, journal, setup, lateness, place, temporary
            )
            if options.dry_run:
                batch.preview(plan, interrupts)
            else:
                batch.write(plan, interrupts, underway, counts)
    return BatchReport(
        grades=batch.grades,
        unchanged=len(plan.unchanged),
        seconds=time.monotonic() - started,
        seed=journal.seed,
        tier=setup.tier,
        notes=left_out(directories, slug),
        reevaluated=len(plan.reevaluated),
        previewed=len(plan.previewed),
        changes=tuple(batch.changes),
        feedback=directories.feedback("STUDENT", slug) / f"{slug}.html",
        summary=batch.summary,
    )


@dataclass(slots=True)
class _Batch:
    """One run, when it is known what there is to do."""

    course: Course
    assignment: Assignment
    options: BatchOptions
    progress: Progress
    directories: Directories
    journal: Journal
    setup: JudgeSetup
    lateness: Lateness
    place: Place
    #: For the judges' temporary files.
    temporary: Path
    grades: Results = field(init=False)
    changes: list[Change] = field(default_factory=list)
    summary: ClassSummary | None = None

    def __post_init__(self) -> None:
        self.grades = Results(self.journal, self.directories)

    def write(self, plan: Plan, interrupts: Interrupts, underway: Underway, counts: Counts) -> None:
        """Grade and write everything."""
        pages = Pages(self.directories, self.assignment)
        recorder = Recorder(
            self.directories, self.assignment, self.journal, plan.folders, underway, interrupts, self.lateness, pages
        )
        preview = Preview(self.journal)
        try:
            holding = (g for s in plan.unchanged if (g := self.journal.result(s)) is not None)
            late = tuple(self.lateness.revised(holding))
            if late:
                with recorder:
                    recorder.revise(late)
            self._refresh(plan, pages)
            for student in underway.students & plan.folders.keys():
                sweep(plan.folders[student].autograded_dir)
                sweep(plan.folders[student].feedback_dir)
            counts.recorder = recorder
            if plan.everything:
                # Whatever happens while results are written, the judges end.
                with recorder, contextlib.closing(self._finished(plan, interrupts)) as all_finished:
                    for finished in all_finished:
                        recorder.take(finished)
                        # What is written now needs no preview any more.
                        if finished.grade.status is not Status.UNGRADED:
                            preview.forget([finished.grade.student])
        except Exception:
            # What there is, as far as that can be written now; the error itself is the one to be told.
            with contextlib.suppress(Exception):
                self._write_class()
            raise
        self._write_class()

    def _refresh(self, plan: Plan, pages: Pages) -> None:
        """Write pages again to which a person has added something since, and nothing else."""
        for student in plan.unchanged:
            page = plan.folders[student].feedback
            if pages.is_outdated(student, page) and (grade := self.journal.result(student)) is not None:
                write_atomically(page, pages.of(grade))

    def _write_class(self) -> None:
        self.grades = Results(self.journal, self.directories)
        self.summary = write_class(self.course, self.assignment, self.grades, self.directories)

    def preview(self, plan: Plan, interrupts: Interrupts) -> None:
        """Grade, keep what comes of it, and write nothing else."""
        preview = Preview(self.journal)
        with contextlib.closing(self._finished(plan, interrupts)) as all_finished:
            for finished in all_finished:
                preview.take(finished)
                self.changes.append(compare(self.journal.result(finished.grade.student), finished.grade))
        for student in plan.unchanged:
            before = self.journal.result(student)
            if before is not None:
                self.changes.append(compare(before, self.lateness.of(before)))
        self.changes.sort(key=lambda change: change.student)

    def _finished(self, plan: Plan, interrupts: Interrupts) -> Generator[Finished]:
        """Go through what is known already, then through what is graded now."""
        tasks = list(plan.tasks)
        self.progress.start(len(tasks), len(plan.folders) - len(tasks))
        try:
            for task, make in plan.ready:
                interrupts.check()
                known = make()
                if known is None:
                    tasks.append(task)
                else:
                    yield replace(known, grade=self.lateness.of(known.grade))
            if not tasks:
                return
            folder = self.journal.preview_folder if self.options.dry_run else self.journal.folder
            executor = self.place.executor(self.setup, folder / ".grader.log", self.temporary, self._lost)
            with contextlib.closing(executor.run(tasks)) as events:
                for finished in _watched(events, self.progress, interrupts):
                    grade = self.lateness.of(self.journal.stamped(finished.grade))
                    yield replace(finished, grade=grade)
                    self.progress.advance(grade)
        finally:
            self.progress.finish()

    def _lost(self, work: Work, reason: str) -> Finished:
        return Finished(empty_grade(self.assignment, self.setup, work.student, work.sha256, Status.UNGRADED, reason))


def _watched(events: Iterable[Started | Finished], progress: Progress, interrupts: Interrupts) -> Iterator[Finished]:
    """Pass results on, and what begins to whoever watches."""
    for event in events:
        interrupts.check()
        if isinstance(event, Started):
            progress.begin(event.student)
        else:
            yield event


def left_out(directories: Directories, slug: str) -> tuple[str, ...]:
    """Say which folders hold no submission of anybody."""
    return tuple(
        f"{directories.submitted('', slug).parent} has a folder {name}, which can be no student's id: "
        "it was left out. Rename it and run the command again."
        for name in directories.unusable(slug)
    )


def selected(directories: Directories, slug: str, students: Sequence[str]) -> list[Handin]:
    """Return what these students handed in, or everybody.

    Raises:
        UsageError: if that is nothing.
    """
    handins = directories.handins(slug)
    if students:
        known = {h.student for h in handins}
        unknown = sorted(set(students) - known)
        if unknown:
            raise UsageError(
                f"{unknown[0]!r} has handed in nothing for {slug!r}; "
                f"{directories.submitted('*', slug)} is where submissions are looked for."
            )
        handins = [h for h in handins if h.student in students]
    if not handins:
        raise UsageError(
            f"There are no submissions for {slug!r}: none in {directories.submitted('*', slug)}. "
            "Collect them with `nbgrader collect` or `nbgrader zip_collect`, or copy them there."
        )
    return handins
