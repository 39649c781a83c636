"""Changes of scores on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograder.cli.console import error_console, output_console

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.text import Text

    from autograder.batch import Pending
    from autograder.feedback.changes import Change, CheckChange

__all__ = ["changes_fields", "print_changes", "write_changes"]

#: The most changes in a table; the CSV file has all.
SHOWN = 40


def print_changes(
    changes: Sequence[Change], pending: Sequence[Pending] = (), *, slug: str, max_checks: int = 6
) -> None:
    """Print the changes as a table."""
    _print_table(changes, max_checks)
    _print_totals(changes)
    _print_pending(pending, slug)


def write_changes(path: Path, changes: Sequence[Change]) -> None:
    """Write every change as CSV, and print the file's name."""
    from autograder.feedback.changes import changes_csv
    from autograder.files import write_atomically

    write_atomically(path, changes_csv(changes))
    error_console().print(f"Every change is in {path}", markup=False)


def changes_fields(changes: Sequence[Change], pending: Sequence[Pending]) -> dict[str, object]:
    """Return the changes for programs."""
    from autograder.feedback.changes import changes_json

    told = [{"student": p.student, "reason": p.reason, "exercises": list(p.exercises)} for p in pending]
    return {**changes_json(changes), "pending": told}


def _print_table(changes: Sequence[Change], max_checks: int) -> None:
    from rich.table import Table

    from autograder.feedback.changes import Kind
    from autograder.feedback.text import and_more, one_line, points

    shown = [c for c in changes if c.kind in {Kind.UP, Kind.DOWN, Kind.SHIFTED}]
    if not shown:
        return
    console = output_console()
    table = Table(box=None, pad_edge=False)
    for heading in ("student", "before", "after", ""):
        table.add_column(heading, justify="left" if heading in {"student", ""} else "right")
    table.add_column("by", overflow="fold")
    for change in shown[:SHOWN]:
        lines = [_told(c) for c in change.checks[:max_checks]]
        lines += filter(None, [and_more(len(change.checks), max_checks)])
        assert change.before is not None
        assert change.after is not None
        cells = [one_line(change.student, 60), points(change.before), points(change.after), change.kind.value]
        table.add_row(*(_plain(cell) for cell in cells), _plain("\n".join(lines) or "whole submission"))
    console.print(table)
    if len(shown) > SHOWN:
        console.print(f"{and_more(len(shown), SHOWN)}: --csv FILE has them all")


def _told(c: CheckChange) -> str:
    from autograder.feedback.changes import outcome
    from autograder.feedback.text import points

    before, after = (points(0 if side is None else side.score) for side in (c.before, c.after))
    was, is_now = outcome(c.before), outcome(c.after)
    how = f"{was} → {is_now}" if was != is_now else is_now
    return f"{c.exercise}: {c.name}  {how}  {before} → {after}"


def _plain(text: str) -> Text:
    """Return text in which nothing is markup."""
    from rich.text import Text

    return Text(text)


def _print_totals(changes: Sequence[Change]) -> None:
    from autograder.feedback.changes import Kind, totals
    from autograder.feedback.text import listed, one_line

    counted = totals(changes)
    console = output_console()
    words = {Kind.SHIFTED: "same score by other checks", Kind.UNKNOWN: "ungraded"}
    parts = [f"{n} {words.get(kind, kind.value)}" for kind, n in counted.kinds.items() if n or kind in _ALWAYS]
    console.print(", ".join(parts))
    for exercise, name, more, fewer in counted.checks[:SHOWN]:
        if more or fewer:
            console.print(f"  {exercise}: {name}: up for {more}, down for {fewer}", markup=False)
    fresh = [c for c in changes if c.kind is Kind.NEW]
    if fresh:
        names = listed((one_line(c.student, 60) for c in fresh), SHOWN)
        console.print(f"new: {names}", markup=False)


_ALWAYS = ("up", "down", "unchanged")


def _print_pending(pending: Sequence[Pending], slug: str) -> None:
    """Print the students whose change only a run can tell, one line for each reason."""
    from autograder.feedback.text import listed, one_line

    console = output_console()
    by_reason: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for p in pending:
        by_reason.setdefault((p.reason, p.exercises), []).append(one_line(p.student, 60))
    for (reason, exercises), students in by_reason.items():
        named = f"{reason} ({', '.join(exercises)}): {listed(students, SHOWN)}"
        console.print(f"{len(students)} to run: {named}", markup=False)
    if pending:
        console.print(f"Run `autograder grade {slug} --dry-run` to see what these would score.", markup=False)
