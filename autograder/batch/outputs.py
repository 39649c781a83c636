"""What a judge writes of one submission: the autograded notebook, the feedback page, the texts for nbgrader."""

from __future__ import annotations

import contextlib
import functools
from fractions import Fraction
from pathlib import Path

import nbformat

from autograder.assignment import Assignment
from autograder.batch.journal import file_sha256
from autograder.batch.messages import Finished, JudgeSetup, Task
from autograder.grade import Graded
from autograder.notebook.autograded import CellRun, autograded_notebook
from autograder.notebook.compose import compose_source
from autograder.notebook.read import Submission
from autograder.outputs import copy_receipts, write_atomically
from autograder.report.comments import comment_for, report_text
from autograder.report.render import render_student
from autograder.verdict import Grade, Status

__all__ = ["OutputWriter", "empty_grade"]

#: nbgrader's own mode for autograded notebooks: nobody edits them by mistake.
AUTOGRADED_MODE = 0o444


def empty_grade(assignment: Assignment, setup: JudgeSetup, task: Task, status: Status, reason: str) -> Grade:
    """Return the grade of a submission that could not be run."""
    return Grade(
        assignment=assignment.slug,
        student=task.student,
        status=status,
        score=Fraction(0),
        max_score=assignment.max_score,
        device=setup.device,
        tier=setup.tier,
        seed=setup.seed,
        submission_sha256=file_sha256(task.notebook) or "",
        reason=reason,
    )


class OutputWriter:
    """Writes everything but the result itself, which the coordinator writes last."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment

    @functools.cached_property
    def _source(self) -> nbformat.NotebookNode:
        return compose_source(self._assignment)

    def write_graded(self, graded: Graded, submission: Submission, task: Task) -> Finished:
        """Write the notebook with its outputs, and the feedback."""
        grade = graded.grade
        runs = {index: CellRun(outcome.outputs, outcome.execution_count) for index, outcome in graded.outcomes.items()}
        reports = {e.id: report_text(e) for e in grade.exercises}
        notebook = autograded_notebook(submission, self._assignment, self._source, runs, reports)
        target = task.autograded_dir / f"{self._assignment.slug}.ipynb"
        write_atomically(target, nbformat.writes(notebook) + "\n", mode=AUTOGRADED_MODE)
        self._write_feedback(grade, task)
        copy_receipts(task.submitted_dir, task.autograded_dir, task.feedback_dir)
        comments = {e.id: comment_for(e) for e in grade.exercises}
        return Finished(grade, _timestamp(task.submitted_dir), comments)

    def write_rejected(self, grade: Grade, task: Task) -> Finished:
        """Write the feedback that says why nothing could be graded; an older run's notebook goes."""
        with contextlib.suppress(FileNotFoundError):
            (task.autograded_dir / f"{self._assignment.slug}.ipynb").unlink()
        self._write_feedback(grade, task)
        copy_receipts(task.submitted_dir, task.feedback_dir)
        return Finished(grade, _timestamp(task.submitted_dir))

    def _write_feedback(self, grade: Grade, task: Task) -> None:
        page = render_student(grade, self._assignment)
        write_atomically(task.feedback_dir / f"{self._assignment.slug}.html", page)


def _timestamp(submitted: Path) -> str | None:
    try:
        return (submitted / "timestamp.txt").read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def is_written(status: Status, task: Task, slug: str) -> bool:
    """Whether the files of an earlier run are still there."""
    if not (task.feedback_dir / f"{slug}.html").is_file():
        return False
    return status is not Status.GRADED or (task.autograded_dir / f"{slug}.ipynb").is_file()
