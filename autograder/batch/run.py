"""The batch as a whole: what is there, what is left, who does it, and what is written in which order."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from autograder.assignment import Assignment
from autograder.batch.executor import Executor
from autograder.batch.interrupts import Interrupts
from autograder.batch.journal import Journal
from autograder.batch.lateness import Lateness
from autograder.batch.lock import exclusive
from autograder.batch.messages import Finished, JudgeSetup, Started, Work
from autograder.batch.options import BatchOptions, BatchReport, Progress
from autograder.batch.outputs import empty_grade
from autograder.batch.pool import JudgePool
from autograder.batch.record import Recorder
from autograder.batch.state import RunState
from autograder.batch.task import Task
from autograder.batch.underway import Underway
from autograder.course import Course
from autograder.device import resolve_device
from autograder.errors import AutograderError, Interrupted, OutputError, UsageError
from autograder.gradebook.directories import Directories, Handin
from autograder.outputs import explain, sweep, write_atomically
from autograder.report.render import render_class, render_student
from autograder.report.summary import summarize, write_summary
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade, Status

__all__ = ["grade_batch", "rewrite_reports"]

_SCRATCH = "autograder-run-"


def grade_batch(course: Course, assignment: Assignment, options: BatchOptions, progress: Progress) -> BatchReport:
    """Grade every submission that is new or changed, and write all that `grade` writes.

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
    handins = _selected(directories, slug, options.students)
    device = resolve_device(options.device)
    tier = choose_tier(_tier(options.min_tier)).tier
    folder = course.results_dir / slug
    counts = _Counts()
    with _told(counts), Interrupts() as interrupts, exclusive(folder, slug):
        _tidy(folder)
        journal = Journal.open(folder, assignment, options.seed)
        journal.save()
        setup = JudgeSetup(course.root, slug, journal.seed, device, tier.value)
        underway = Underway(folder)

        def holds(handin: Handin) -> Grade | None:
            if options.force:
                return None
            return journal.holds(handin.student, handin.notebook, device, tier.value)

        by_student = {h.student: Task.of(directories, slug, h) for h in handins}
        grades, tasks = _plan([(by_student[h.student], h) for h in handins], holds, underway)
        unchanged = len(grades)
        lateness = Lateness(directories, assignment, hurried=lambda: interrupts.requested)
        counts.total = len(tasks)

        def lost(work: Work, reason: str) -> Finished:
            return Finished(empty_grade(assignment, setup, work.student, work.sha256, Status.UNGRADED, reason))

        with _scratch(folder, counts) as scratch:
            progress.start(len(tasks), unchanged)
            try:
                grades |= lateness.revise(grades, journal)
                lateness.take_back((t.student for t in tasks), journal)
                if tasks:
                    jobs = options.jobs or os.cpu_count() or 1
                    log = journal.folder / ".grader.log"
                    executor: Executor = JudgePool(setup, jobs, log, assignment.limits.submission_s, lost, scratch)
                    counts.recorder = recorder = Recorder(
                        directories, assignment, journal, by_student, underway, interrupts, lateness
                    )
                    # Whatever happens while results are written, the judges end.
                    with recorder, contextlib.closing(executor.run(tasks)) as events:
                        for finished in _watched(events, progress, interrupts):
                            grade = lateness.of(replace(finished.grade, fingerprint=journal.fingerprint))
                            recorder.take(replace(finished, grade=grade))
                            grades[grade.student] = grade
                            progress.advance(grade)
            except Exception:
                # What there is, as far as that can be written now; the error itself is the one to be told.
                with contextlib.suppress(OSError):
                    _write_class(course, assignment, _everyone(directories, slug, journal, {}), directories)
                raise
            finally:
                progress.finish()
            everyone = _everyone(directories, slug, journal, grades)
            _write_class(course, assignment, everyone, directories)
    notes = _left_out(directories, slug)
    return BatchReport(tuple(everyone), unchanged, time.monotonic() - started, journal.seed, tier.value, notes)


def _left_out(directories: Directories, slug: str) -> tuple[str, ...]:
    """Say which folders hold no submission of anybody."""
    return tuple(
        f"{directories.submitted('', slug).parent} has a folder {name}, which can be no student's id: "
        "it was left out. Rename it and run the command again."
        for name in directories.unusable(slug)
    )


def _plan(
    handins: Sequence[tuple[Task, Handin]], holds: Callable[[Handin], Grade | None], underway: Underway
) -> tuple[dict[str, Grade], list[Task]]:
    """Return the results that stay, and what is to be graded."""
    grades: dict[str, Grade] = {}
    tasks = []
    for task, handin in handins:
        half_done = task.student in underway.students
        known = None if half_done else holds(handin)
        if known is not None and task.is_written(known.status):
            grades[task.student] = known
            continue
        tasks.append(task)
        if half_done:
            sweep(task.autograded_dir)
            sweep(task.feedback_dir)
    return grades, tasks


def _watched(events: Iterable[Started | Finished], progress: Progress, interrupts: Interrupts) -> Iterator[Finished]:
    """Pass results on, and what begins to whoever watches."""
    for event in events:
        interrupts.check()
        if isinstance(event, Started):
            progress.begin(event.student)
        else:
            yield event


@dataclass(slots=True)
class _Counts:
    """How far a run is, for its last words."""

    total: int = 0
    recorder: Recorder | None = None

    def last_words(self) -> str:
        done = self.recorder.written if self.recorder is not None else 0
        if done == self.total > 0:
            return (
                f"Interrupted: all {done} are graded. Run the same command again for the summary and the class report."
            )
        return f"Interrupted: {done} of {self.total} are graded and kept. Run the same command again for the rest."


@contextlib.contextmanager
def _told(counts: _Counts) -> Iterator[None]:
    """Turn what ends a run into the error that says so."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(counts.last_words()) from None
    except OSError as error:
        raise OutputError(explain(error)) from error


@contextlib.contextmanager
def _scratch(folder: Path, counts: _Counts) -> Iterator[Path]:
    """Make the directory that holds the judges' temporary files, and note for `status` that and how a run ends."""
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH))
    state = RunState.begin(counts.total, str(scratch))
    ending, told = "failed", ""
    try:
        state.write(folder)
        yield scratch
        ending = "finished"
    except KeyboardInterrupt:
        ending, told = "interrupted", counts.last_words()
        raise
    except AutograderError as error:
        told = str(error)
        raise
    except OSError as error:
        told = explain(error)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        with contextlib.suppress(OSError):
            replace(state, ending=ending, error=told).write(folder)


def _tidy(folder: Path) -> None:
    """Remove what a run that was killed left behind: unfinished files, and its judges' temporary ones."""
    sweep(folder)
    state = RunState.read(folder)
    if state is None or state.ending or not state.scratch or state.host != platform.node():
        return
    left = Path(state.scratch)
    with contextlib.suppress(OSError):
        # Only what such a run may have made: the name comes from a file.
        mine = left.lstat().st_uid == os.geteuid() and not left.is_symlink()
        if mine and left.name.startswith(_SCRATCH) and left.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(left, ignore_errors=True)


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

    What being late costs is worked out anew, for the gradebook too.

    Raises:
        UsageError: if nothing was graded yet, or a run is at it.
    """
    directories = Directories(course)
    folder = course.results_dir / assignment.slug
    journal = Journal.open(folder, assignment, None)
    grades = _everyone(directories, assignment.slug, journal, {})
    if not grades:
        raise UsageError(f"{folder} holds no results; run `autograder grade {assignment.slug}` first.")
    tasks = {h.student: Task.of(directories, assignment.slug, h) for h in directories.handins(assignment.slug)}
    with Interrupts() as interrupts, exclusive(folder, assignment.slug):
        lateness = Lateness(directories, assignment, hurried=lambda: interrupts.requested)
        revised = lateness.revise({g.student: g for g in grades}, journal)
        grades = [revised.get(g.student, g) for g in grades]
        for grade in grades:
            write_atomically(tasks[grade.student].feedback, render_student(grade, assignment))
        _write_class(course, assignment, grades, directories)
    return len(grades)
