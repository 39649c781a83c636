"""How far a batch is: a bar for people, lines for logs."""

from __future__ import annotations

import io
import sys
from fractions import Fraction

import pytest

from autograder.cli.progress import BarProgress, LineProgress, progress_for_terminal
from autograder.verdict import Grade, Status


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def grade_of(student: str, status: Status = Status.GRADED) -> Grade:
    """Return some grade."""
    return Grade("tiny", student, status, Fraction(1), Fraction(1), "cpu", "A", 1, "")


def test_lines_say_how_many_how_fast_and_how_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line at the start, one every few seconds, one at the end; nothing per submission."""
    now = [100.0]
    monkeypatch.setattr("autograder.cli.progress.time.monotonic", lambda: now[0])
    display = LineProgress()
    display.start(total=40, skipped=2)
    for number in range(40):
        now[0] += 0.5
        display.advance(grade_of(f"s{number}", Status.REJECTED if number == 3 else Status.GRADED))
    display.finish()
    assert capsys.readouterr().err.splitlines() == [
        "40 to grade, 2 unchanged …",
        "10/40, 2.0/s, about 15 s left, 1 not graded",
        "20/40, 2.0/s, about 10 s left, 1 not graded",
        "30/40, 2.0/s, about 5 s left, 1 not graded",
        "40/40, 2.0/s, about 0 s left, 1 not graded",
        "40/40 in 20.0 s",
    ]


def test_slow_start_is_not_taken_for_the_rate(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The judges' start takes seconds and does not count; from one result nothing is reckoned."""
    now = [0.0]
    monkeypatch.setattr("autograder.cli.progress.time.monotonic", lambda: now[0])
    display = LineProgress()
    display.start(total=61, skipped=0)
    for moment in (20.0, 30.0):
        now[0] = moment
        display.advance(grade_of("s"))
    assert capsys.readouterr().err.splitlines()[1:] == [
        "1/61, 0 not graded",
        "2/61, 0.1/s, about 590 s left, 0 not graded",
    ]


def test_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar counts and shows the latest student, whose id is text and nothing else."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    display = progress_for_terminal()
    display.start(total=2, skipped=0)
    display.advance(grade_of("[red]ada\x1b[2J"))
    display.advance(grade_of("bob", Status.UNGRADED))
    display.finish()
    shown = stream.getvalue()
    assert "2/2" in shown
    assert "bob, 1 not graded" in shown
    assert "\x1b[2J" not in shown


def test_finish_without_start_is_quiet() -> None:
    """A batch that fails before it starts still ends."""
    BarProgress().finish()


def test_log_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard error is a file, there is no bar."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert isinstance(progress_for_terminal(), LineProgress)
