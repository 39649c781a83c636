"""How far a batch is: a bar on a terminal, a line every few seconds elsewhere, JSON lines for programs."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.cli.console import error_console

if TYPE_CHECKING:
    from autograder.batch import Progress
    from autograder.verdict import Grade

__all__ = ["Figures", "JsonProgress", "LineProgress", "progress_for_terminal"]

EVERY_S = 5.0
#: How many of the students in flight are named.
NAMED = 4


def progress_for_terminal() -> Progress:
    """Return the progress display that fits where standard error goes."""
    return BarProgress() if sys.stderr.isatty() else LineProgress()


class Figures:
    """Counts what the displays show; their base class."""

    def __init__(self) -> None:
        self.total = self.unchanged = self.done = self.rejected = self.ungraded = 0
        #: What the judges do before the first of them is ready; empty from then on.
        self.phase = ""
        #: Students being graded now, longest first, and since when.
        self.in_flight: dict[str, float] = {}
        self.started = self._first = 0.0

    def start(self, total: int, skipped: int) -> None:
        """Begin to count; one display may show several batches, one after the other."""
        self.total, self.unchanged = total, skipped
        self.done = self.rejected = self.ungraded = 0
        self.started = time.monotonic()

    def warm(self, phase: str) -> None:
        """Note what the judges do; a judge that starts later, beside others, is not shown."""
        if not self.done and not self.in_flight:
            self.phase = phase

    def begin(self, student: str) -> None:
        """Note who is in flight; a student who is begun again keeps the place."""
        self.phase = ""
        self.in_flight.setdefault(student, time.monotonic())

    def advance(self, grade: Grade) -> None:
        """Count."""
        if not self.done:
            self._first = time.monotonic()
        self.done += 1
        self.rejected += grade.status == "rejected"
        self.ungraded += grade.status == "ungraded"
        self.in_flight.pop(grade.student, None)

    @property
    def failed(self) -> int:
        """How many were rejected or are left ungraded."""
        return self.rejected + self.ungraded

    def counted(self) -> str:
        """Return how many were rejected and are left ungraded; empty if there are none."""
        counts = ((self.rejected, "rejected"), (self.ungraded, "ungraded"))
        return ", ".join(f"{count} {what}" for count, what in counts if count)

    def last_words(self) -> str:
        """Say what this run did, and how long it took."""
        graded = f"{self.done - self.failed} graded"
        unchanged = f"{self.unchanged} unchanged" if self.unchanged else ""
        told = ", ".join(part for part in (graded, self.counted(), unchanged) if part)
        return f"{told}, in {self.seconds:.1f} s"

    @property
    def rate(self) -> float | None:
        """Submissions per second from the first result on: the time before it is the judges' start."""
        now = time.monotonic()
        if self.done <= 1 or now <= self._first:
            return None
        return (self.done - 1) / (now - self._first)

    @property
    def remaining_s(self) -> float | None:
        """Seconds that the rest takes at this rate."""
        rate = self.rate
        return None if rate is None else (self.total - self.done) / rate

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def named_in_flight(self) -> str:
        """Name some of those in flight, the longest first; empty if nobody is."""
        from autograder.feedback.text import listed, one_line

        return listed((one_line(s, 40) for s in list(self.in_flight)), NAMED)


class _Every:
    """Calls something every few seconds from a thread of its own: a batch may wait long for one submission."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(EVERY_S):
            self._action()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()


class LineProgress(Figures):
    """Plain lines on standard error, for logs."""

    def __init__(self) -> None:
        super().__init__()
        self._clock: _Every | None = None

    def start(self, total: int, skipped: int) -> None:
        """Say what is to be done."""
        super().start(total, skipped)
        _say(f"{total} to grade" + (f", {skipped} unchanged" if skipped else "") + " …")
        if total:
            self._clock = _Every(self.tell)

    def warm(self, phase: str) -> None:
        """Say each phase once."""
        before = self.phase
        super().warm(phase)
        if self.phase not in {before, ""}:
            _say(f"{self.phase} …")

    def tell(self) -> None:
        """Print a line."""
        rate, remaining = self.rate, self.remaining_s
        estimate = "" if rate is None or remaining is None else f"{rate:.1f}/s, about {remaining:.0f} s left"
        told = ", ".join(part for part in (f"{self.done}/{self.total}", estimate, self.counted()) if part)
        doing = self.phase or (f"at {self.named_in_flight()}" if self.in_flight else "")
        _say(told + (f"; {doing}" if doing else ""))

    def say(self, text: str) -> None:
        """Print a line."""
        _say(text)

    def finish(self) -> None:
        """Say how long it took."""
        if self._clock is not None:
            self._clock.stop()
        _say(self.last_words())


class BarProgress(Figures):
    """A bar on a terminal, with rate, time left, failures and the students in flight."""

    def __init__(self) -> None:
        super().__init__()
        self._bar: Any = None
        self._task: Any = None

    def start(self, total: int, skipped: int) -> None:
        """Draw it."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        super().start(total, skipped)
        if skipped:
            _say(f"{skipped} unchanged")
        self._bar = Progress(
            TextColumn("{task.fields[doing]}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[rate]}"),
            TextColumn("{task.fields[latest]}", markup=False),
            console=error_console(),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task("grading", total=total, doing="starting", rate="", latest="")

    def warm(self, phase: str) -> None:
        """Show what the judges do."""
        super().warm(phase)
        self._show()

    def begin(self, student: str) -> None:
        """Show who is in flight."""
        super().begin(student)
        self._show()

    def advance(self, grade: Grade) -> None:
        """Move on."""
        super().advance(grade)
        self._bar.update(self._task, advance=1)
        self._show()

    def _show(self) -> None:
        rate, remaining = self.rate, self.remaining_s
        speed = "" if rate is None or remaining is None else f"{rate:.1f}/s, {_clock_time(remaining)} left"
        latest = "; ".join(part for part in (self.counted(), self.phase or self.named_in_flight()) if part)
        self._bar.update(self._task, doing="starting" if self.phase else "grading", rate=speed, latest=latest)

    def say(self, text: str) -> None:
        """Print a line; nothing is drawn yet."""
        _say(text)

    def finish(self) -> None:
        """Take it away."""
        if self._bar is not None:
            self._bar.stop()
            _say(self.last_words())


class JsonProgress(Figures):
    """One JSON object per line on standard output; docs/commands.md describes each."""

    def __init__(self) -> None:
        super().__init__()
        self._clock: _Every | None = None
        self._writing = threading.Lock()

    def emit(self, event: str, **fields: object) -> None:
        """Write one line, whole and at once."""
        with self._writing:
            sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
            sys.stdout.flush()

    def start(self, total: int, skipped: int) -> None:
        """Say what is to be done."""
        super().start(total, skipped)
        self.emit("start", total=total, unchanged=skipped)
        if total:
            self._clock = _Every(self.tell)

    def warm(self, phase: str) -> None:
        """Say what a judge does before it is ready."""
        super().warm(phase)
        self.emit("warming", phase=phase)

    def begin(self, student: str) -> None:
        """Say who is in flight."""
        super().begin(student)
        self.emit("begin", student=student)

    def advance(self, grade: Grade) -> None:
        """Say what somebody got; points and reason stand in the results."""
        super().advance(grade)
        self.emit(
            "done",
            student=grade.student,
            status=grade.status.value,
            score=float(grade.score),
            max_score=float(grade.max_score),
            done=self.done,
            total=self.total,
        )

    def tell(self) -> None:
        """Say how far it is."""
        self.emit(
            "progress",
            done=self.done,
            total=self.total,
            failed=self.failed,
            rejected=self.rejected,
            ungraded=self.ungraded,
            rate=None if self.rate is None else round(self.rate, 3),
            remaining_s=None if self.remaining_s is None else round(self.remaining_s, 1),
            in_flight=list(self.in_flight),
        )

    def say(self, text: str) -> None:
        """Say it."""
        self.emit("note", message=text)

    def finish(self) -> None:
        """Say it a last time."""
        if self._clock is not None:
            self._clock.stop()
            self.tell()


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _say(text: str) -> None:
    error_console().print(text, markup=False)
