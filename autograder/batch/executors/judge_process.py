"""One judge process: start it, talk to it, end it. All executors use this class."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from autograder.engines.base import JudgeSetup, Work
from autograder.sandbox.forkserver import ForkServer, named_to_child

__all__ = ["MAX_LOST_IN_A_ROW", "SLACK_S", "START_S", "JudgeProcess", "patience_s"]

#: A judge that is not ready within this time never will be.
START_S = 180.0
#: A judge that is so long over its submission's own limit hangs.
SLACK_S = 60.0
#: If so many judges are lost before they are ready, that is no accident.
MAX_LOST_IN_A_ROW = 3
MAX_SAID = 4000
#: What all starts of CUDA for one submission may take; it does not count as the student's time.
CUDA_STARTS_S = 600.0
_PROGRAM = "autograder.engines.judge"


def patience_s(submission_s: float, device: str) -> float:
    """Return how long a judge may take for one submission, in seconds, given that submission's own limit."""
    return submission_s + (CUDA_STARTS_S if device == "cuda" else 0.0)


class JudgeProcess:
    """A judge that was started and told its setup; it writes messages about its own faults into a log."""

    def __init__(
        self, setup: JudgeSetup, log: Path, scratch: Path | None = None, zygotes: ForkServer | None = None
    ) -> None:
        """Start it.

        Args:
            setup: what it judges, and how.
            log: the file that it appends to.
            scratch: where it keeps its temporary files; None for the system's own place.
            zygotes: the server that makes its zygotes, if it can use usual ones.

        The kernel ends it together with the thread that calls this.
        """
        self._log = log
        self._read_bytes = 0
        ours, theirs = Pipe()
        environment = {
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            # There is a judge for each core: more threads would only slow each other down.
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        environment.pop("PYTEST_ADDOPTS", None)
        if scratch is not None:
            environment["TMPDIR"] = str(scratch)
        shared = None if zygotes is None else zygotes.share()
        if shared is not None:
            environment |= named_to_child(shared)
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as file, shared or contextlib.nullcontext():
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", _PROGRAM, str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno(), *([shared.fileno()] if shared is not None else [])],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=file,
                env=environment,
                # Ctrl-C at the terminal is for the coordinator, which then tells the judges.
                start_new_session=True,
            )
        theirs.close()
        self.connection: Connection[Any, Any] = ours
        with contextlib.suppress(OSError):  # it died just now; the next `receive` finds it
            ours.send(setup)

    def receive(self, timeout_s: float | None = None) -> Any:
        """Return the next message; wait for it, at most as long as the time limit, if there is one.

        Raises:
            TimeoutError: if there is none in time.
            EOFError: if the process is gone.
        """
        try:
            if timeout_s is not None and not self.connection.poll(timeout_s):
                raise TimeoutError
            return self.connection.recv()
        except OSError as error:
            raise (error if isinstance(error, TimeoutError) else EOFError) from None

    def send(self, work: Work) -> bool:
        """Give it a submission; False if the process is gone, which the next `receive` reports too."""
        try:
            self.connection.send(work)
        except OSError:
            return False
        return True

    def said(self) -> str:
        """Return the end of what it wrote since the last call."""
        with contextlib.suppress(OSError), self._log.open("rb") as file:
            file.seek(self._read_bytes)
            new = file.read()
            self._read_bytes += len(new)
            return new[-MAX_SAID:].decode("utf-8", "replace")
        return ""

    def kill(self) -> int:
        """End it and all that it started; return its exit code."""
        self.process.kill()
        return self.process.wait()

    def lost(self, patience_s: float) -> int:
        """Hang up and return the exit code of a process that ended by itself, or end it after a while."""
        self.connection.close()
        return self.ended(patience_s)

    def hang_up(self, *, hurry: bool = False) -> None:
        """Let it end by itself; in a hurry, end it in the middle of its work."""
        self.connection.close()
        if hurry:
            self.process.terminate()

    def ended(self, patience_s: float) -> int:
        """Wait a while for its end, then end it; return its exit code."""
        try:
            return self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            return self.kill()
