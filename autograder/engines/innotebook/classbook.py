"""All results of a class, and what is made of them together: the summary, the class report, the pages again."""

from __future__ import annotations

import os
from pathlib import PurePath

from autograder.batch.interrupts import Interrupts
from autograder.batch.lock import exclusive
from autograder.batch.underway import Underway
from autograder.engines.innotebook.engine import Classroom
from autograder.engines.innotebook.ledger import Ledger
from autograder.engines.innotebook.penalties import Penalties
from autograder.engines.innotebook.record import NotebookRecorder
from autograder.errors import UsageError
from autograder.feedback.render import render_class
from autograder.feedback.summary import ClassSummary, summarize, write_summary
from autograder.files import write_atomically

__all__ = ["rewrite_notebook_reports", "write_notebook_class"]


def write_notebook_class(classroom: Classroom, ledger: Ledger) -> ClassSummary:
    """Write the summary and the class report; return what they show. Links lead to the first notebook's page."""
    write_summary(ledger.folder / "summary.csv", ledger, classroom.assignment)
    first = f"{classroom.notebooks[0]}.html"
    pages = {
        student: PurePath(
            os.path.relpath(classroom.directories.feedback(student, classroom.slug) / first, ledger.folder)
        )
        for student in ledger.students
    }
    summary = summarize(ledger, classroom.assignment, pages=pages)
    write_atomically(ledger.folder / "class.html", render_class(summary))
    return summary


def rewrite_notebook_reports(classroom: Classroom) -> int:
    """Write every feedback page, the summary and the class report again from the results; return how many students.

    What being late costs is worked out anew, for the gradebook too.

    Raises:
        UsageError: if nothing was graded yet, or a run is at it.
    """
    ledger = classroom.ledger()
    if not ledger.students:
        raise UsageError(f"{ledger.folder} holds no results; run `autograder grade {classroom.slug}` first.")
    written = 0
    with Interrupts() as interrupts, exclusive(ledger.folder, classroom.slug):
        penalties = Penalties(classroom.directories, classroom.recorded)
        recorder = NotebookRecorder(classroom, ledger, penalties, Underway(ledger.folder), interrupts)
        with recorder:
            for grade in ledger:
                recorder.rewrite(grade)
                written += 1
        write_notebook_class(classroom, ledger)
    return written
