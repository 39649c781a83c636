"""The short table after a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.cli.console import output_console

if TYPE_CHECKING:
    from autograder.batch import BatchReport
    from autograder.course.assignment import Assignment
    from autograder.course.layout import Course

__all__ = ["advice_for_formgrader", "outcome_fields", "print_outcome"]

SHOWN = 6
#: Where Jupyter serves it, unless somebody asks for another port or this one is in use.
FORMGRADER = "http://localhost:8888/formgrader"


def outcome_fields(report: BatchReport, assignment: Assignment) -> dict[str, object]:
    """Return the outcome for programs."""
    from autograder.feedback.summary import summarize

    summary = report.summary or summarize(report.grades, assignment)
    return {
        "graded": summary.graded,
        "rejected": summary.rejected,
        "ungraded": summary.ungraded,
        "unchanged": report.unchanged,
        "seconds": round(report.seconds, 3),
        "tier": report.tier,
        "not_graded": [
            {"student": line.student, "status": line.status, "reason": line.reason} for line in summary.others
        ],
        "notes": list(report.notes),
        "preflight": list(report.preflight),
        "remarks": list(report.remarks),
        "alerts": list(summary.alerts),
    }


def print_outcome(report: BatchReport, course: Course, assignment: Assignment) -> None:
    """Print counts, the mean, the most frequent diagnoses, what was not graded and why, and where to look."""
    from rich.table import Table

    from autograder.feedback.summary import summarize

    summary = report.summary or summarize(report.grades, assignment)
    console = output_console()
    table = Table(box=None, show_header=False, pad_edge=False)
    counts = ((report.unchanged, "unchanged"), (report.reevaluated, "scored anew"), (report.previewed, "as previewed"))
    table.add_row("graded", str(summary.graded))
    table.add_row("rejected", str(summary.rejected))
    table.add_row("ungraded", str(summary.ungraded))
    aside = ", ".join(f"{n} {what}" for n, what in counts if n)
    if aside:
        table.add_row("of these", aside)
    table.add_row("mean", f"{summary.mean} of {summary.max_score} points")
    if summary.late:
        table.add_row("late", summary.late)
    table.add_row("isolation", f"tier {report.tier}")
    for i, count in enumerate(summary.diagnoses[:SHOWN]):
        table.add_row("diagnoses" if i == 0 else "", f"{count.count:>4}  {count.name}  ({count.exercise})")
    console.print(table)
    for line in summary.lines:
        if line.status != "graded":
            console.print(f"{line.status}: {line.student}: {line.reason}", markup=False)
    for note in report.notes:
        console.print(f"left out: {note}", markup=False)
    for found in report.preflight:
        console.print(f"note: {found}", markup=False)
    for alert in (*report.remarks, *summary.alerts):
        console.print(f"note: {alert}", markup=False)
    root = course.root
    console.print(f"Results      {course.results_dir / assignment.slug}/  (one JSON each, summary.csv, class.html)")
    console.print(f"Feedback     {report.feedback}")
    console.print(f"Formgrader   run `jupyter lab` in {root}, then open {FORMGRADER}")
    advice = advice_for_formgrader(course)
    if advice:
        console.print(advice, markup=False, soft_wrap=True)


def advice_for_formgrader(course: Course) -> str:
    """Return advice on the line that makes formgrader's button *Autograde* call us; empty if it calls us already."""
    from autograder.course.formgrader import SETTING, calls_us
    from autograder.course.gradebook.directories import Directories

    if calls_us(Directories(course).config):
        return ""
    return (
        "Do not press Autograde there: it would run students' code outside the sandbox and replace these scores. "
        f"With this line in nbgrader_config.py it calls `autograder grade` instead: {SETTING}"
    )
