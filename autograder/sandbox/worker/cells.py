"""Runs one cell within its time, and tells what it showed and where it failed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from IPython.core.error import StdinNotImplementedError

from autograder.sandbox.worker.carry_on import carry_on
from autograder.sandbox.worker.descriptors import drain_descriptors
from autograder.sandbox.worker.outputs import COLLECTOR, captured, safe_str
from autograder.sandbox.worker.pictures import postponing
from autograder.sandbox.worker.refusals import REFUSALS
from autograder.sandbox.worker.shell import MAX_TEXT_OUTPUT, WorkerShell

__all__ = ["CellTimeout", "ProcessorTime", "locate_error", "remember_cell", "run_cell"]


class CellTimeout(KeyboardInterrupt):
    """The cell ran longer than its limit; raised inside it, as Jupyter interrupts a kernel."""


class ProcessorTime(KeyboardInterrupt):
    """The notebook used up its processor time; raised inside the cell that was running."""


def run_cell(
    shell: WorkerShell,
    source: str,
    *,
    limit_s: float,
    limit_bytes: int,
    name: str,
    undrawn: bool = False,
    strict: bool = False,
    after: str | None = None,
) -> dict[str, Any]:
    """Run one cell; return its nbformat outputs, whether it ended well, and where it failed.

    With `undrawn`, an output may have its figure under the key `undrawn` instead of a picture.
    With `strict` the cell tests other cells, and it ends where something is refused. `after` says what is run after a
    statement that stopped: None for nothing, as in Jupyter; "all" for the rest of the cell; with "definitions" only
    definitions are run, from the beginning.
    """
    COLLECTOR.reset(limit_bytes)
    REFUSALS.start(strict=strict)
    error: BaseException | None = None
    with captured(), postponing(wanted=undrawn, room_bytes=limit_bytes // 2), _alarm(limit_s):
        try:
            if after is None:
                result = shell.run_cell(source, store_history=True)
                error = result.error_before_exec or result.error_in_exec
            else:
                late = (CellTimeout, ProcessorTime)
                error = carry_on(shell, source, late, only_definitions=after == "definitions")
        except (CellTimeout, ProcessorTime) as late:
            error = late
            shell.showtraceback()
    printed = drain_descriptors(MAX_TEXT_OUTPUT)
    if printed:
        COLLECTOR.stream("stdout", printed)
    remember_cell(shell, name)
    return {
        "outputs": COLLECTOR.finish(),
        "cut": COLLECTOR.truncated,
        "error": None if error is None else locate_error(error),
        "timeout": isinstance(error, CellTimeout),
        "count": shell.execution_count - 1,
    }


_CELL_NAMES: dict[str, str] = {}


def remember_cell(shell: WorkerShell, name: str) -> None:
    """Note which compiled file belongs to the last cell, so that tracebacks can name the cell."""
    number = shell.execution_count - 1
    for filename, cell_number in getattr(shell.compile, "_filename_map", {}).items():
        if cell_number == number and filename not in _CELL_NAMES:
            _CELL_NAMES[filename] = name


def locate_error(error: BaseException) -> dict[str, Any]:
    """Describe an exception by strings and numbers only: type, message, and the innermost student line."""
    import linecache

    place: dict[str, Any] = {"cell": None, "line": None, "source": None}
    if isinstance(error, SyntaxError) and error.filename in _CELL_NAMES:
        text = error.text if isinstance(error.text, str) else ""
        place = {"cell": _CELL_NAMES[error.filename], "line": error.lineno, "source": text.rstrip()[:500]}
    trace = error.__traceback__
    for _ in range(2000):
        if trace is None:
            break
        filename = trace.tb_frame.f_code.co_filename
        if filename in _CELL_NAMES:
            line = linecache.getline(filename, trace.tb_lineno).strip("\n")
            place = {"cell": _CELL_NAMES[filename], "line": trace.tb_lineno, "source": line[:500]}
        trace = trace.tb_next
    return {
        "type": type(error).__name__[:200],
        # A SyntaxError's text ends in the name of a file that a student has never seen.
        "message": safe_str(error.msg if isinstance(error, SyntaxError) else error)[:2000],
        # An exercise that asks for input is written, although IPython's exception for that is a NotImplementedError.
        "not_implemented": isinstance(error, NotImplementedError) and not isinstance(error, StdinNotImplementedError),
        **place,
    }


@contextmanager
def _alarm(limit_s: float) -> Iterator[None]:
    def ring(_signum: int, _frame: object) -> None:
        raise CellTimeout(f"this cell ran longer than {limit_s:g} s")

    def spent(_signum: int, _frame: object) -> None:
        raise ProcessorTime("this notebook used up its processor time")

    signal.signal(signal.SIGXCPU, spent)
    signal.signal(signal.SIGALRM, ring)
    # It rings again: a student's `except:` that swallows the first interrupt meets another.
    signal.setitimer(signal.ITIMER_REAL, limit_s, 0.25)
    try:
        yield
    finally:
        with suppress(CellTimeout, ProcessorTime):
            signal.signal(signal.SIGXCPU, signal.SIG_IGN)
            signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
