"""The process that tries mutants: it collects the checks once, and forks for each mutant.

Started as `python -m autograder.authoring.verify.mutant_host`, with a request as JSON on standard input; it writes
one JSON line for each trial. It must not compute a gradient itself: after that, a gradient in a fork would hang.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from autograder.authoring.verify.rehearsal import Collected, collect
from autograder.course.assignment import load_assignment
from autograder.sandbox import system

__all__ = ["LEAST_CPU_S", "main"]

#: The memory that a fork may use beyond what this process has.
MEMORY_BYTES = 3 << 30
#: The processor time of one mutant: this or FACTOR times the reference's, the larger of the two.
LEAST_CPU_S = 3.0
FACTOR = 10.0
#: Wall time without any progress, for a mutant that sleeps or waits for itself. It is long, because a busy machine is
#: no reason to call a mutant killed.
WALL_S = 60.0
#: Processor time in WALL_S that counts as progress.
PROGRESS_S = 0.05
ABREAST = 2

SURVIVED, KILLED, BROKEN = 0, 1, 3


@dataclass(frozen=True, slots=True)
class _Trial:
    """One text of the reference, to be put through the checks of some exercises."""

    number: int
    exercises: Sequence[str]
    source: str
    cpu_s: float


@dataclass(frozen=True, slots=True)
class _Child:
    """A fork at work."""

    trial: _Trial
    pidfd: int
    pid: int
    deadline: float
    cpu_s: float = 0.0


class _Host:
    """Forks one child for each trial, two at a time, and says how each ended."""

    def __init__(self, collected: Collected, out: TextIO) -> None:
        self._collected = collected
        self._grader = collected.grader(1)
        self._out = out
        page = resource.getpagesize()
        self._limit = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * page + MEMORY_BYTES

    def serve(self, request: dict[str, Any]) -> None:
        """Try the reference for each exercise, then every mutant."""
        source = self._collected.assignment.solution_path.read_text(encoding="utf-8")
        exercises = [e.id for e in self._collected.assignment.coded]
        usual: dict[str, float] = {}
        for number, exercise in enumerate(exercises):
            for _, how, cpu_s in self._run([_Trial(-1 - number, (exercise,), source, WALL_S)]):
                self._say(number=-1 - number, how=how, exercise=exercise)
                usual[exercise] = cpu_s
        trials = [
            _Trial(i, m["exercises"], m["source"], max(LEAST_CPU_S, FACTOR * sum(usual[e] for e in m["exercises"])))
            for i, m in enumerate(request["mutants"])
        ]
        for trial, how, _ in self._run(trials):
            self._say(number=trial.number, how=how)

    def _say(self, **answer: Any) -> None:
        self._out.write(json.dumps(answer) + "\n")
        self._out.flush()

    def _run(self, trials: Sequence[_Trial]) -> Iterator[tuple[_Trial, str, float]]:
        waiting = list(reversed(trials))
        running: dict[int, _Child] = {}
        while waiting or running:
            while waiting and len(running) < ABREAST:
                child = self._fork(waiting.pop())
                running[child.pidfd] = child
            soonest = min(child.deadline for child in running.values())
            ready, _, _ = select.select(list(running), [], [], max(0.0, soonest - time.monotonic()))
            for child in [c for c in running.values() if c.deadline <= time.monotonic()]:
                used_s = _cpu_s(child.pid)
                if used_s > child.cpu_s + PROGRESS_S:
                    running[child.pidfd] = replace(child, deadline=time.monotonic() + WALL_S, cpu_s=used_s)
                    continue
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, signal.SIGKILL)
            for pidfd in ready:
                child = running.pop(pidfd)
                os.close(pidfd)
                _, status, used = os.wait4(child.pid, 0)
                yield child.trial, _how(os.waitstatus_to_exitcode(status)), used.ru_utime + used.ru_stime

    def _fork(self, trial: _Trial) -> _Child:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            code = BROKEN
            try:
                system.die_with_parent()
                if os.getppid() == parent:
                    code = self._try(trial)
            except MemoryError:
                code = KILLED
            except BaseException:  # noqa: BLE001 - the child must not go on in the parent's code
                traceback.print_exc()
            finally:
                os._exit(code)
        return _Child(trial, os.pidfd_open(pid), pid, time.monotonic() + WALL_S)

    def _try(self, trial: _Trial) -> int:
        """In the child: whether any check of these exercises notices the change."""
        resource.setrlimit(resource.RLIMIT_AS, (self._limit, self._limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # The signal's usual action ends a trial that takes too long.
        signal.setitimer(signal.ITIMER_PROF, trial.cpu_s)
        module = types.ModuleType("_autograder_mutant")
        sys.modules[module.__name__] = module
        try:
            exec(compile(trial.source, "mutant", "exec"), vars(module))  # noqa: S102 - the assignment's own code
        except Exception:  # noqa: BLE001 - not even defining it works
            return KILLED
        for exercise in trial.exercises:
            if not self._grader.passes_trusted(exercise, vars(module)):
                return KILLED
        return SURVIVED


def _cpu_s(pid: int) -> float:
    """Return the processor time of a child that was not waited for yet."""
    # The program's name stands in brackets and may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _how(code: int) -> str:
    if code in {SURVIVED, KILLED, BROKEN}:
        return {SURVIVED: "survived", KILLED: "killed", BROKEN: "broken"}[code]
    return "time" if -code in {signal.SIGPROF, signal.SIGKILL} else "crashed"


def main() -> None:
    """Answer the request on standard input."""
    system.die_with_parent()
    request = json.load(sys.stdin)
    # What a check or a mutant prints must not mix with the answers.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    assignment = load_assignment(Path(request["root"]), request["slug"])
    collect(assignment, lambda collected: _Host(collected, out).serve(request))


if __name__ == "__main__":
    main()
