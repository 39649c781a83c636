"""What is written from all results together: the summary, the class report, and all pages again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

from autograder.batch.interrupts import Interrupts
from autograder.batch.lock import exclusive
from autograder.batch.pages import StudentPages
from autograder.batch.recorder import ResultRecorder
from autograder.batch.records import read_totals
from autograder.batch.results import Results
from autograder.batch.task import Task
from autograder.batch.underway import Underway
from autograder.engines.base import Engine
from autograder.errors import UsageError
from autograder.feedback.language import ENGLISH, Language
from autograder.feedback.render import render_class
from autograder.feedback.summary import ClassSummary, summarize, write_summary
from autograder.feedback.table import read_scores
from autograder.files import write_atomically
from autograder.verdict import Grade

__all__ = ["Rewritten", "rewrite_reports", "with_lateness_of_today", "write_class"]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """How many students' pages were written again, and the points before and after of each student whose changed."""

    students: int
    changed: tuple[tuple[str, str, str], ...] = ()


def write_class(engine: Engine, results: Results) -> ClassSummary:
    """Write the summary and the class report; return what they show. Links lead to the first notebook's page."""
    slug = engine.assignment.slug
    totals = read_totals(engine, results)
    write_summary(results.folder / "summary.csv", results, engine.assignment, totals)
    first = f"{engine.notebooks[0]}.html"
    pages = {
        student: PurePath(os.path.relpath(engine.directories.feedback(student, slug) / first, results.folder))
        for student in results.students
    }
    summary = summarize(results, engine.assignment, pages=pages, totals=totals)
    write_atomically(results.folder / "class.html", render_class(summary))
    return summary


def with_lateness_of_today(engine: Engine, grades: Iterable[Grade]) -> Iterator[Grade]:
    """Yield the grades whose lateness is to be written again; `ResultRecorder.revise` does that.

    Grades with a penalty are always among them, because the points that a person gave may have changed since.
    """
    for grade in grades:
        now = replace(grade, late=engine.lateness(grade))
        before, after = grade.to_json().get("late"), now.to_json().get("late")
        if before != after or (now.late is not None and (now.late.percent > 0 or now.late.penalty > 0)):
            yield now


def rewrite_reports(engine: Engine, language: Language = ENGLISH) -> Rewritten:
    """Write every feedback page, the summary and the class report again, from the results and the gradebook.

    What being late costs is worked out anew, for the gradebook too; pages have what was entered in formgrader, and
    their sentences are written in `language`.

    Raises:
        UsageError: if nothing was graded yet, or a run is at it.
    """
    results = Results(engine)
    slug = engine.assignment.slug
    if not results.students:
        raise UsageError(f"{results.folder} holds no results; run `autograder grade {slug}` first.")
    tasks = {h.student: Task.of(engine, h) for h in engine.directories.handins(slug)}
    written = 0
    summary = results.folder / "summary.csv"
    before = read_scores(summary)
    with Interrupts() as interrupts, exclusive(results.folder, slug):
        pages, underway = StudentPages(engine, language), Underway(results.folder)
        recorder = ResultRecorder(engine, results, tasks, underway, interrupts, pages)
        late = tuple(with_lateness_of_today(engine, results))
        if late:
            with recorder:
                recorder.revise(late)
        for grade in results:
            recorder.write_pages(grade)
            written += 1
        write_class(engine, results)
    after = read_scores(summary)
    changed = tuple((s, before[s], after[s]) for s in after if s in before and before[s] != after[s])
    return Rewritten(written, changed)
