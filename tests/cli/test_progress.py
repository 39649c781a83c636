"""How far a batch is: a bar for people, lines for logs."""

from __future__ import annotations

import io
import json
import sys
import threading
from fractions import Fraction

import pytest

from autograder.cli.progress import BarProgress, JsonProgress, LineProgress, progress_for_terminal
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
        display.begin(f"s{number + 1}")
        display.advance(grade_of(f"s{number}", Status.REJECTED if number == 3 else Status.GRADED))
        if number % 10 == 9:
            display.tell()
    display.finish()
    assert capsys.readouterr().err.splitlines() == [
        "40 to grade, 2 unchanged …",
        "10/40, 2.0/s, about 15 s left, 1 rejected; at s10",
        "20/40, 2.0/s, about 10 s left, 1 rejected; at s20",
        "30/40, 2.0/s, about 5 s left, 1 rejected; at s30",
        "40/40, 2.0/s, about 0 s left, 1 rejected; at s40",
        "39 graded, 1 rejected, 2 unchanged, in 20.0 s",
    ]


def test_slow_start_is_not_taken_for_the_rate(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The judges' start takes seconds and does not count; one result alone gives no rate."""
    now = [0.0]
    monkeypatch.setattr("autograder.cli.progress.time.monotonic", lambda: now[0])
    display = LineProgress()
    display.start(total=61, skipped=0)
    for moment in (20.0, 30.0):
        now[0] = moment
        display.advance(grade_of("s"))
        display.tell()
    display.finish()
    assert capsys.readouterr().err.splitlines()[1:-1] == [
        "1/61",
        "2/61, 0.1/s, about 590 s left",
    ]


def test_lines_come_while_nothing_is_finished(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that waits long for one submission still says that it lives, and whom it waits for."""
    monkeypatch.setattr("autograder.cli.progress.EVERY_S", 0.01)
    told = threading.Event()
    display = LineProgress()
    tell = display.tell

    def tell_and_say_so() -> None:
        tell()
        told.set()

    monkeypatch.setattr(display, "tell", tell_and_say_so)
    display.start(total=2, skipped=0)
    display.begin("ada")
    assert told.wait(10)
    display.finish()
    assert "at ada" in capsys.readouterr().err


def test_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar counts, and names who is in flight; their ids are plain text."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    now = [0.0]
    monkeypatch.setattr("autograder.cli.progress.time.monotonic", lambda: now[0])
    display = progress_for_terminal()
    display.start(total=200, skipped=0)
    for student in ("[red]ada\x1b[2J", "bob", "cleo", "dan", "eve", "fay"):
        display.begin(student)
    for student in ("bob", "cleo"):
        now[0] += 0.5
        display.advance(grade_of(student, Status.UNGRADED))
    display.finish()
    shown = stream.getvalue()
    assert "2/200" in shown
    assert "2.0/s, 1:39 left" in shown
    assert "2 ungraded; [red]ada" in shown
    assert shown.rstrip().endswith("0 graded, 2 ungraded, in 1.0 s")
    assert "dan, eve, fay" in shown
    assert "\x1b[2J" not in shown


def test_programs_get_json_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One object per line on standard output, nothing on standard error."""
    now = [0.0]
    monkeypatch.setattr("autograder.cli.progress.time.monotonic", lambda: now[0])
    display = JsonProgress()
    display.start(total=3, skipped=1)
    for student in ("ada", "zoë"):
        display.begin(student)
    for student in ("ada", "zoë"):
        now[0] += 2
        display.advance(grade_of(student))
    display.begin("eve")
    display.finish()
    out, err = capsys.readouterr()
    assert err == ""
    assert [json.loads(line) for line in out.splitlines()] == [
        {"event": "start", "total": 3, "unchanged": 1},
        {"event": "begin", "student": "ada"},
        {"event": "begin", "student": "zoë"},
        {"event": "done", "student": "ada", "status": "graded", "score": 1.0, "max_score": 1.0, "done": 1, "total": 3},
        {"event": "done", "student": "zoë", "status": "graded", "score": 1.0, "max_score": 1.0, "done": 2, "total": 3},
        {"event": "begin", "student": "eve"},
        {
            "event": "progress",
            "done": 2,
            "total": 3,
            "failed": 0,
            "rejected": 0,
            "ungraded": 0,
            "rate": 0.5,
            "remaining_s": 2.0,
            "in_flight": ["eve"],
        },
    ]


def test_finish_without_start_is_quiet() -> None:
    """A batch that fails before it starts still ends."""
    BarProgress().finish()


def test_log_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard error is a file, there is no bar."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert isinstance(progress_for_terminal(), LineProgress)


def test_judges_that_warm_up_say_what_they_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each phase is a line, once, until the first submission begins; judges that start beside others are silent."""
    monkeypatch.setattr("autograder.cli.progress.time.monotonic", lambda: 0.0)
    display = LineProgress()
    display.start(total=29, skipped=0)
    for phase in ("loading torch", "loading torch", "trying the checks"):
        display.warm(phase)
    display.tell()
    display.begin("ada")
    display.warm("loading torch")
    display.tell()
    display.finish()
    assert capsys.readouterr().err.splitlines()[1:-1] == [
        "loading torch …",
        "trying the checks …",
        "0/29; trying the checks",
        "0/29; at ada",
    ]


def test_the_bar_shows_what_judges_do_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal does not stand at `grading 0/29` while nothing is graded yet."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    display = BarProgress()
    display.start(total=29, skipped=1)
    display.warm("loading torch")
    display._bar.refresh()
    warming = stream.getvalue()
    display.begin("ada")
    display._bar.refresh()
    display.finish()
    assert "starting" in warming
    assert "loading torch" in warming
    assert "grading" not in warming
    later = stream.getvalue().removeprefix(warming)
    assert "grading" in later
    assert "loading torch" not in later
    assert later.rstrip().endswith("0 graded, 1 unchanged, in 0.0 s")


def test_a_second_batch_is_counted_anew(capsys: pytest.CaptureFixture[str]) -> None:
    """The demo of several assignments shows each class with the same display."""
    display = LineProgress()
    for total in (2, 3):
        display.start(total, 0)
        display.advance(grade_of("ada", Status.REJECTED))
        assert (display.done, display.total, display.rejected) == (1, total, 1)
        display.finish()
    assert capsys.readouterr().err.count("1 rejected, in ") == 2
