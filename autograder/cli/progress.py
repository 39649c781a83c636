"""How far a batch is: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from autograder.cli.console import error_console

if TYPE_CHECKING:
    from autograder.batch import Progress
    from autograder.verdict import Grade

__all__ = ["LineProgress", "progress_for_terminal"]

EVERY_S = 5.0


def progress_for_terminal() -> Progress:
    """Return the progress display that fits where standard error goes."""
    return _BarProgress() if sys.stderr.isatty() else LineProgress()


class LineProgress:
    """Plain lines, for logs."""

    def __init__(self) -> None:
        self._total = self._done = self._failed = 0
        self._started = self._printed = self._first = 0.0

    def start(self, total: int, skipped: int) -> None:
        """Say what is to be done."""
        self._total = total
        self._started = self._printed = time.monotonic()
        _say(f"{total} to grade" + (f", {skipped} unchanged" if skipped else "") + " …")

    def advance(self, grade: Grade) -> None:
        """Count, and print now and then."""
        now = time.monotonic()
        if not self._done:
            self._first = now
        self._done += 1
        self._failed += grade.status != "graded"
        if now - self._printed >= EVERY_S:
            self._printed = now
            _say(f"{self._done}/{self._total}, {self._estimate(now)}{self._failed} not graded")

    def _estimate(self, now: float) -> str:
        """Rate and time left, reckoned from the first result: what comes before it is the judges' start."""
        if self._done == 1 or now <= self._first:
            return ""
        rate = (self._done - 1) / (now - self._first)
        return f"{rate:.1f}/s, about {(self._total - self._done) / rate:.0f} s left, "

    def finish(self) -> None:
        """Say how long it took."""
        _say(f"{self._done}/{self._total} in {time.monotonic() - self._started:.1f} s")


class _BarProgress:
    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None
        self._failed = 0

    def start(self, total: int, skipped: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        if skipped:
            _say(f"{skipped} unchanged")
        self._bar = Progress(
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[latest]}", markup=False),
            console=error_console(),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task("grading", total=total, rate="", latest="")

    def advance(self, grade: Grade) -> None:
        from autograder.report.text import clean

        self._failed += grade.status != "graded"
        speed = self._bar.tasks[0].speed
        latest = clean(grade.student, 40) + (f", {self._failed} not graded" if self._failed else "")
        self._bar.update(self._task, advance=1, rate=f"{speed:.1f}/s" if speed else "", latest=latest)

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.stop()


def _say(text: str) -> None:
    error_console().print(text, markup=False)
