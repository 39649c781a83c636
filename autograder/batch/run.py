"""The batch as a whole: what is there, what is left, who does it, and what is written in which order."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from autograder.assignment import Assignment
from autograder.batch.executor import Executor
from autograder.batch.journal import Journal
from autograder.batch.messages import Finished, JudgeSetup, Work
from autograder.batch.options import BatchOptions, BatchReport, Progress
from autograder.batch.outputs import empty_grade
from autograder.batch.plan import make_plan
from autograder.batch.pool import JudgePool
from autograder.batch.preview import Preview
from autograder.batch.record import Recorder
from autograder.course import Course
from autograder.device import resolve_device
from autograder.errors import UsageError
from autograder.gradebook.directories import Directories, Handin
from autograder.outputs import write_atomically
from autograder.report.changes import Change, compare
from autograder.report.render import render_class, render_student
from autograder.report.summary import summarize, write_summary
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade, Status

__all__ = ["grade_batch", "rewrite_reports"]


def grade_batch(course: Course, assignment: Assignment, options: BatchOptions, progress: Progress) -> BatchReport:
    """Grade what is new or changed, and write all that `grade` writes; a dry run keeps it as a preview instead.

    For each submission the notebook and the feedback are written first, then the gradebook, and its result
    last: a run that is interrupted anywhere does the rest, and only the rest, when it is started again.

    Raises:
        UsageError: if there is nothing to grade, or the machine's isolation is too weak.
        GraderFault: if the grader cannot work at all; single submissions are left `ungraded` instead.
    """
    started = time.monotonic()
    directories = Directories(course)
    handins = _selected(directories, assignment.slug, options.students)
    device = resolve_device(options.device)
    tier = choose_tier(_tier(options.min_tier)).tier
    journal = Journal.open(course.results_dir / assignment.slug, assignment, options.seed)
    journal.save(preview=options.dry_run)
    setup = JudgeSetup(course.root, assignment.slug, journal.seed, device, tier.value)
    plan = make_plan(handins, directories, journal, setup, force=options.force)
    grades = dict(plan.unchanged)
    progress.start(len(plan.tasks), len(handins) - len(plan.tasks))

    def lost(work: Work, reason: str) -> Finished:
        return Finished(empty_grade(assignment, setup, work.student, work.sha256, Status.UNGRADED, reason))

    preview = Preview(journal)
    try:
        if plan.everything:
            jobs = options.jobs or os.cpu_count() or 1
            log = (journal.preview_folder if options.dry_run else journal.folder) / ".grader.log"
            executor: Executor = JudgePool(setup, jobs, log, assignment.limits.submission_s, lost)
            sink = preview if options.dry_run else Recorder(directories, assignment, journal, plan.everything)
            with sink as recorder:
                for task, make in plan.ready:
                    known = make()
                    if known is None:
                        plan.tasks.append(task)
                    else:
                        recorder.take(known)
                        grades[known.grade.student] = known.grade
                # Whatever happens while results are written, the judges end.
                with contextlib.closing(executor.run(plan.tasks)) as results:
                    for finished in results if plan.tasks else ():
                        grade = journal.stamped(finished.grade)
                        recorder.take(replace(finished, grade=grade))
                        grades[grade.student] = grade
                        progress.advance(grade)
    finally:
        progress.finish()
        if not options.dry_run:
            everyone = _everyone(directories, assignment.slug, journal, grades)
            _write_class(course, assignment, everyone, directories)
    changes: tuple[Change, ...] = ()
    if options.dry_run:
        everyone = [grades[student] for student in sorted(grades)]
        changes = tuple(compare(journal.result(g.student), g) for g in everyone)
    else:
        # What is written now needs no preview any more.
        preview.forget(g.student for g in everyone if g.status is not Status.UNGRADED)
    notes = tuple(
        f"{directories.submitted('', assignment.slug).parent} has a folder {name}, which can be no student's id: "
        "it was left out. Rename it and run the command again."
        for name in directories.unusable(assignment.slug)
    )
    return BatchReport(
        grades=tuple(everyone),
        unchanged=len(plan.unchanged),
        seconds=time.monotonic() - started,
        seed=journal.seed,
        tier=tier.value,
        notes=notes,
        reevaluated=len(plan.reevaluated),
        previewed=len(plan.previewed),
        changes=changes,
    )


def _tier(name: str) -> Tier:
    try:
        return Tier(name.upper())
    except ValueError:
        raise UsageError(f"--min-tier {name!r}: there are the tiers A, B and C.") from None


def _selected(directories: Directories, slug: str, students: Sequence[str]) -> list[Handin]:
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


def _everyone(directories: Directories, slug: str, journal: Journal, grades: dict[str, Grade]) -> list[Grade]:
    """Return all results of the assignment, those of students who were not selected this time too."""
    everyone = dict(grades)
    for handin in directories.handins(slug):
        if handin.student not in everyone:
            earlier = journal.result(handin.student)
            if earlier is not None:
                everyone[handin.student] = earlier
    return [everyone[student] for student in sorted(everyone)]


def _write_class(course: Course, assignment: Assignment, grades: Sequence[Grade], directories: Directories) -> None:
    slug = assignment.slug
    folder = course.results_dir / slug
    write_summary(folder / "summary.csv", grades, assignment)
    pages = {
        g.student: PurePath(os.path.relpath(directories.feedback(g.student, slug) / f"{slug}.html", folder))
        for g in grades
    }
    write_atomically(folder / "class.html", render_class(summarize(grades, assignment, pages=pages)))


def rewrite_reports(course: Course, assignment: Assignment) -> int:
    """Write every feedback page, the summary and the class report again from the results; return how many.

    Raises:
        UsageError: if nothing was graded yet.
    """
    directories = Directories(course)
    folder = course.results_dir / assignment.slug
    journal = Journal.open(folder, assignment, None)
    grades = _everyone(directories, assignment.slug, journal, {})
    if not grades:
        raise UsageError(f"{folder} holds no results; run `autograder grade {assignment.slug}` first.")
    for grade in grades:
        page = render_student(grade, assignment)
        write_atomically(directories.feedback(grade.student, assignment.slug) / f"{assignment.slug}.html", page)
    _write_class(course, assignment, grades, directories)
    return len(grades)
