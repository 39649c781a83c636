"""A judge's process: the same loop for every engine.

Started as `python -m autograder.engines.judge FD PARENT`. It takes its setup and then one submission after another
from the connection with that descriptor, and ends when the connection closes.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import NoReturn, TypeVar

from autograder.engines.base import Finished, Judge, JudgeSetup, Ready, Warming, Work
from autograder.engines.own_limit import ends_out_of_memory, hold_to_limit
from autograder.errors import (
    AutograderError,
    DeviceFault,
    SandboxError,
    SubmissionRejected,
    SubmissionTooLarge,
    UsageError,
)
from autograder.files import explain
from autograder.sandbox import system
from autograder.sandbox.forkserver import adopt
from autograder.sentences import Sentence, say
from autograder.verdict import Grade

__all__ = ["Serve", "after_a_wait", "announce", "main", "serve", "tried_twice", "worked"]

#: Called by an engine's `run` when its judge is ready: answers the coordinator until it hangs up.
Serve = Callable[[Judge], None]
_T = TypeVar("_T")
#: The note on a submission that waited for a processor also when it ran alone.
BUSY = say("exercise.processors-busy")
#: Gets told what this process does before it is ready; None where nobody listens.
_coordinator: Connection | None = None


def announce(phase: str) -> None:
    """Tell the coordinator what this judge does before it is ready."""
    if _coordinator is not None:
        # If the coordinator is gone, the next read ends this judge.
        with contextlib.suppress(OSError):
            _coordinator.send(Warming(phase))


def serve(connection: Connection) -> None:
    """Take the setup and let its engine judge; tell the coordinator if something prevents that."""
    global _coordinator  # noqa: PLW0603 - one judge to a process
    setup: JudgeSetup = connection.recv()
    _coordinator = connection
    problem: Ready | None = None

    def answer(judge: Judge) -> None:
        connection.send(Ready())
        # CUDA's driver reserves any number of addresses.
        if setup.device != "cuda":
            hold_to_limit()
        while True:
            try:
                work = connection.recv()
            except EOFError:
                return
            with ends_out_of_memory():
                connection.send(judge.work(work))

    try:
        importlib.import_module(setup.JUDGE).run(setup, answer)
    except AutograderError as error:
        problem = Ready(str(error), final=isinstance(error, UsageError), of_device=isinstance(error, DeviceFault))
    except (EOFError, BrokenPipeError):
        return
    except OSError as error:
        problem = Ready(explain(error))
    if problem is not None:
        with contextlib.suppress(OSError):  # the coordinator may be gone: another judge had the same problem
            connection.send(problem)


def worked(
    work: Work,
    grade: Callable[[Work], Finished],
    rejected: Callable[[Work, Sentence], Finished],
    ungraded: Callable[[Work, Sentence], Finished],
) -> Finished:
    """Grade one submission; it is rejected if it cannot be read, and ungraded after a failure of our own.

    A submission beyond a limit is ungraded too: it did not run, so it is no zero. A person raises the limit, or the
    student hands in less.

    Raises:
        MemoryError: if there is none left, see `autograder.engines.own_limit`.
    """
    try:
        return grade(work)
    except SubmissionTooLarge as error:
        return ungraded(work, error.reason)
    except SubmissionRejected as error:
        return rejected(work, error.reason)
    except MemoryError:
        raise
    except DeviceFault as fault:
        traceback.print_exc()
        return replace(ungraded(work, say("exercise.grader-without-gpu", fault=str(fault))), alone=fault.memory)
    except Exception as error:  # noqa: BLE001 - our own fault must not cost the rest of the class
        traceback.print_exc()
        reason = say("exercise.grader-failed", kind=type(error).__name__, error=str(error))
        return ungraded(work, reason)


def tried_twice(attempt: Callable[[], _T], killed: Callable[[_T], bool], renew: Callable[[], None]) -> _T:
    """Try again, once, when the sandbox failed or something other than the grader killed a worker.

    Args:
        attempt: runs a notebook.
        killed: whether a process of that run was killed from outside, or by a system without memory; the notebook may
            be innocent.
        renew: ends the zygotes, which may be the ones that failed.

    Raises:
        SandboxError: if it fails a second time.
    """
    for last in (False, True):
        try:
            found = attempt()
        except SandboxError as error:
            renew()
            # A notebook that found too little memory beside others is tried again when they are done.
            if last or (isinstance(error, DeviceFault) and error.memory):
                raise
            continue
        if last or not killed(found):
            return found
    raise AssertionError


def after_a_wait(grade: Grade) -> Grade:
    """Return the grade of a submission that ran out of time twice while other programs had the processors.

    A person has to look at the exercises that lost points: the code may be no slower than others'.
    """
    exercises = tuple(replace(e, review=True) if e.score < e.max_score else e for e in grade.exercises)
    return replace(grade, exercises=exercises, notes=(*grade.notes, BUSY))


def _end(*_: object) -> NoReturn:
    """Exit in good order, so that the zygote and its workers end before this process."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(0)


def main() -> None:
    """Serve on the connection whose descriptor is the first argument."""
    # When the coordinator ends, this process ends, and with it its zygotes and workers.
    system.die_with_parent()
    if os.getppid() != int(sys.argv[2]):
        return
    signal.signal(signal.SIGTERM, _end)
    adopt()
    # This file runs as `__main__`; engines import it under its name, and call `announce` there.
    importlib.import_module("autograder.engines.judge").serve(Connection(int(sys.argv[1])))


if __name__ == "__main__":
    main()
