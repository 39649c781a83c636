"""All results of an assignment, and what is made of them together: the summary, the class report, the pages again."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import PurePath

from autograder.batch.interrupts import Interrupts
from autograder.batch.lock import exclusive
from autograder.batch.pages import Pages
from autograder.batch.recorder import Recorder
from autograder.batch.results import Journal
from autograder.batch.underway import Underway
from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories
from autograder.course.layout import Course
from autograder.engines.hidden.lateness import Lateness
from autograder.engines.hidden.task import Task
from autograder.errors import UsageError
from autograder.feedback.render import render_class
from autograder.feedback.summary import ClassSummary, summarize, write_summary
from autograder.files import write_atomically
from autograder.verdict import Grade

__all__ = ["Results", "rewrite_reports", "write_class"]


class Results(Collection[Grade]):
    """The results of a class, read one after the other whenever they are gone through: a class may be large."""

    def __init__(self, journal: Journal, directories: Directories) -> None:
        self._journal = journal
        slug = journal.assignment.slug
        students = sorted(h.student for h in directories.handins(slug))
        self.students = tuple(s for s in students if journal.path(s).is_file())

    def __len__(self) -> int:
        return len(self.students)

    def __contains__(self, grade: object) -> bool:
        return isinstance(grade, Grade) and self._journal.result(grade.student) == grade

    def __iter__(self) -> Iterator[Grade]:
        found = map(self._journal.result, self.students)
        return (grade for grade in found if grade is not None)


def write_class(course: Course, assignment: Assignment, results: Results, directories: Directories) -> ClassSummary:
    """Write the summary and the class report; return what they show."""
    slug = assignment.slug
    folder = course.results_dir / slug
    write_summary(folder / "summary.csv", results, assignment)
    pages = {
        student: PurePath(os.path.relpath(directories.feedback(student, slug) / f"{slug}.html", folder))
        for student in results.students
    }
    summary = summarize(results, assignment, pages=pages)
    write_atomically(folder / "class.html", render_class(summary))
    return summary


def rewrite_reports(course: Course, assignment: Assignment) -> int:
    """Write every feedback page, the summary and the class report again from the results; return how many.

    What being late costs is worked out anew, for the gradebook too; pages have what was entered in formgrader.

    Raises:
        UsageError: if nothing was graded yet, or a run is at it.
    """
    directories = Directories(course)
    folder = course.results_dir / assignment.slug
    journal = Journal.open(folder, assignment, None)
    results = Results(journal, directories)
    if not results.students:
        raise UsageError(f"{folder} holds no results; run `autograder grade {assignment.slug}` first.")
    tasks = {h.student: Task.of(directories, assignment.slug, h) for h in directories.handins(assignment.slug)}
    written = 0
    with Interrupts() as interrupts, exclusive(folder, assignment.slug):
        lateness, pages = Lateness(directories, assignment), Pages(directories, assignment)
        late = tuple(lateness.revised(results))
        if late:
            underway = Underway(folder)
            with Recorder(directories, assignment, journal, tasks, underway, interrupts, lateness, pages) as recorder:
                recorder.revise(late)
        for grade in results:
            write_atomically(tasks[grade.student].feedback, pages.of(grade))
            written += 1
        write_class(course, assignment, results, directories)
    return written
