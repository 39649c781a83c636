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
from autograder.batch.pool import JudgePool
from autograder.batch.record import Recorder
from autograder.batch.task import Task
from autograder.course import Course
from autograder.device import resolve_device
from autograder.errors import UsageError
from autograder.gradebook.directories import Directories, Handin
from autograder.outputs import write_atomically
from autograder.report.render import render_class, render_student
from autograder.report.summary import summarize, write_summary
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade, Status

__all__ = ["all_results", "grade_batch", "rewrite_reports", "selected", "tier_named"]


def grade_batch(course: Course, assignment: Assignment, options: BatchOptions, progress: Progress) -> BatchReport:
    """Grade every submission that is new or changed, and write all that `grade` writes.

    For each submission the notebook and the feedback are written first, then the gradebook, and its result
    last: a run that is interrupted anywhere does the rest, and only the rest, when it is started again.

    Raises:
        UsageError: if there is nothing to grade, or the machine's isolation is too weak.
        GraderFault: if the grader cannot work at all; single submissions are left `ungraded` instead.
    """
    started = time.monotonic()
    directories = Directories(course)
    handins = selected(directories, assignment.slug, options.students)
    device = resolve_device(options.device)
    tier = choose_tier(tier_named(options.min_tier)).tier
    journal = Journal.open(course.results_dir / assignment.slug, assignment, options.seed)
    journal.save()
    setup = JudgeSetup(course.root, assignment.slug, journal.seed, device, tier.value)

    grades: dict[str, Grade] = {}
    tasks = []
    for handin in handins:
        task = Task.of(directories, assignment.slug, handin)
        known = None if options.force else journal.holds(handin.student, handin.notebook, device, tier.value)
        if known is not None and task.is_written(known.status):
            grades[handin.student] = known
        else:
            tasks.append(task)
    unchanged = len(grades)
    progress.start(len(tasks), unchanged)

    def lost(work: Work, reason: str) -> Finished:
        return Finished(empty_grade(assignment, setup, work.student, work.sha256, Status.UNGRADED, reason))

    try:
        if tasks:
            jobs = options.jobs or os.cpu_count() or 1
            log = journal.folder / ".grader.log"
            executor: Executor = JudgePool(setup, jobs, log, assignment.limits.submission_s, lost)
            with (
                Recorder(directories, assignment, journal, {t.student: t for t in tasks}) as recorder,
                # Whatever happens while results are written, the judges end.
                contextlib.closing(executor.run(tasks)) as results,
            ):
                for finished in results:
                    grade = replace(finished.grade, fingerprint=journal.fingerprint)
                    recorder.take(replace(finished, grade=grade))
                    grades[grade.student] = grade
                    progress.advance(grade)
    finally:
        progress.finish()
        everyone = all_results(directories, assignment.slug, journal, grades)
        _write_class(course, assignment, everyone, directories)
    notes = tuple(
        f"{directories.submitted('', assignment.slug).parent} has a folder {name}, which can be no student's id: "
        "it was left out. Rename it and run the command again."
        for name in directories.unusable(assignment.slug)
    )
    return BatchReport(tuple(everyone), unchanged, time.monotonic() - started, journal.seed, tier.value, notes)


def tier_named(name: str) -> Tier:
    """Return the tier of that name.

    Raises:
        UsageError: if there is none.
    """
    try:
        return Tier(name.upper())
    except ValueError:
        raise UsageError(f"--min-tier {name!r}: there are the tiers A, B and C.") from None


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


def all_results(directories: Directories, slug: str, journal: Journal, grades: dict[str, Grade]) -> list[Grade]:
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
    grades = all_results(directories, assignment.slug, journal, {})
    if not grades:
        raise UsageError(f"{folder} holds no results; run `autograder grade {assignment.slug}` first.")
    for grade in grades:
        page = render_student(grade, assignment)
        write_atomically(directories.feedback(grade.student, assignment.slug) / f"{assignment.slug}.html", page)
    _write_class(course, assignment, grades, directories)
    return len(grades)
