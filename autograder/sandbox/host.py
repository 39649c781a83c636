"""The judge's handles on a zygote and on its workers."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder.errors import SandboxError, SandboxLate
from autograder.files import PACKAGE_DIR
from autograder.sandbox.channel import Channel, WorkerGone, WorkerLate
from autograder.sandbox.memory_watch import MemoryWatch
from autograder.sandbox.spec import KernelCommand, Tier, WorkerLimits, ZygoteSpec

__all__ = ["Death", "Worker", "ZygoteProcess"]

START_S = 120.0
SPAWN_S = 20.0
_SCRIPT = Path(__file__).with_name("zygote.py")


def _environment(cache: str, scratch: str) -> dict[str, str]:
    """Everything that the zygote is told by its environment, and so all that a student finds there."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": scratch,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        # The order of a set of strings must not make one run differ from the next.
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
        "MPLCONFIGDIR": cache,
        "IPYTHONDIR": scratch,
        **threads,
    }


def _cache_dir(scratch: str) -> str:
    """Where matplotlib keeps its list of fonts from one run to the next."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    path = os.path.join(base, "autograder", "matplotlib")
    try:
        os.makedirs(path, exist_ok=True)
    except OSError:
        return scratch
    return path if os.access(path, os.W_OK) else scratch


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker ended by itself: exit code (minus the signal's number) and processor time; None if unknown."""

    code: int | None = None
    cpu_s: float = 0.0
    #: Whether it was ended because it and what it started used too much memory together.
    memory: bool = False


class Worker:
    """One confined process with one connection; `kill` takes everything that it started along."""

    def __init__(self, zygote: ZygoteProcess, number: int, channel: Channel) -> None:
        self._zygote = zygote
        self._number = number
        self.channel = channel
        self.alive = True

    def kill(self, patience_s: float = 0.0) -> Death:
        """Kill it; returns when it is gone.

        Args:
            patience_s: how long to wait for a worker that is ending by itself, to learn how.

        Raises:
            SandboxError: if the zygote is gone or could not.
        """
        if not self.alive:
            return Death()
        self.alive = False
        self.channel.close()
        memory = self._zygote.watch.fired
        answer = self._zygote.ask({"op": "kill", "worker": self._number, "patience_s": patience_s})
        if not answer.get("gone"):
            raise SandboxError(f"worker {self._number} did not die")
        return Death(answer.get("code"), answer.get("cpu_s", 0.0), memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class ZygoteProcess:
    """A running zygote; use as a context manager."""

    def __init__(  # noqa: PLR0913 - one process, and much that can be asked of it
        self,
        tier: Tier,
        *,
        device: str = "cpu",
        hidden: Sequence[Path] = (),
        forbidden: Sequence[str] = (),
        forbidden_later: Sequence[str] = (),
        warm: bool = True,
        libraries: Sequence[str] = ("torch",),
        beside: bool = False,
        kernel: KernelCommand | None = None,
        readable: Sequence[Path] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it.

        Args:
            tier: how strong the isolation is to be.
            device: `cpu` or `cuda`.
            hidden: directories that workers must not see.
            forbidden: dotted names that raise when they are used.
            forbidden_later: those that raise only in workers that are spawned with them.
            warm: whether torch and the shell are loaded.
            libraries: what is loaded besides numpy and matplotlib.
            beside: whether workers find the files in `beside`, see there, where the notebook runs.
            kernel: a Jupyter kernel that runs cells in the place of the shell; in tier A only.
            readable: what that kernel reads besides the system's directories.
            environment: what a notebook finds in its environment besides what it always does.
        """
        self.tier = tier
        self.device = device
        self._scratch = tempfile.mkdtemp(prefix="autograder-")
        os.makedirs(f"{self._scratch}/stage")
        #: Where to put the files of a submission before its worker is spawned; None unless asked for.
        self.beside = Path(self._scratch, "beside") if beside else None
        if self.beside is not None:
            self.beside.mkdir(mode=0o755)
            if tier is Tier.C:
                # Without a mount a worker, who is another user there, comes by its way.
                os.chmod(self._scratch, 0o711)  # noqa: S103 - as above
        spec = ZygoteSpec(
            tier=tier.value,
            device=device,
            hidden=tuple(str(p) for p in (PACKAGE_DIR, *hidden)),
            stage=f"{self._scratch}/stage",
            forbidden=tuple(forbidden),
            forbidden_later=tuple(forbidden_later),
            warm=warm,
            libraries=tuple(libraries),
            beside=str(self.beside or ""),
            kernel=kernel,
            readable=tuple(str(p) for p in readable),
        )
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._log_path = Path(self._scratch, "log")
        with theirs, self._log_path.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-s",
                    "-P",
                    str(_SCRIPT),
                    str(theirs.fileno()),
                    spec.to_json(),
                    str(PACKAGE_DIR.parent),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**_environment(_cache_dir(self._scratch), self._scratch), **(environment or {})},
                cwd="/",
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        self._ready = False
        self._workers: set[int] = set()
        self.watch = MemoryWatch(self._process.pid)

    def wait_until_ready(self) -> None:
        """Wait for the zygote to be warm and confined; it warms up beside whoever started it.

        Raises:
            SandboxError: if it could not be set up.
        """
        if self._ready:
            return
        answer = self._receive(START_S)
        if not answer.get("ready"):
            raise SandboxError(f"the zygote could not be set up in tier {self.tier.value}: {answer.get('error')}")
        self._ready = True
        self.watch.start()

    def spawn(self, limits: WorkerLimits, forbidden: Sequence[str] = ()) -> Worker:
        """Fork a confined worker, in which these names are forbidden besides those of all workers.

        Raises:
            SandboxError: if it could not be made or confined.
        """
        self.wait_until_ready()
        self.watch.expect(limits.memory_bytes)
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                answer = self.ask(
                    {"op": "spawn", "limits": limits.to_json(), "forbidden": [*forbidden]}, theirs.fileno()
                )
        except SandboxError:
            ours.close()
            raise
        if "worker" not in answer:
            ours.close()
            raise SandboxError(f"no worker could be started: {answer.get('error')}")
        worker = Worker(self, int(answer["worker"]), Channel(ours))
        self._workers.add(int(answer["worker"]))
        try:
            problem = worker.channel.expect_ready(SPAWN_S)
        except (WorkerGone, WorkerLate) as error:
            worker.kill()
            kind = SandboxLate if isinstance(error, WorkerLate) else SandboxError
            raise kind(f"a new worker never became ready ({type(error).__name__})") from None
        if problem is not None:
            worker.kill()
            raise SandboxError(f"a worker could not be confined in tier {self.tier.value}: {problem}")
        return worker

    def ask(self, request: dict[str, Any], fd: int | None = None) -> dict[str, Any]:
        """Make one request on the control socket.

        Raises:
            SandboxError: if the zygote is gone.
        """
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], [] if fd is None else [fd])
        except OSError as error:
            raise SandboxError(f"the zygote is gone ({error}){self._log()}") from None
        return self._receive(SPAWN_S)

    def _receive(self, timeout_s: float) -> dict[str, Any]:
        ready, _, _ = select.select([self._control], [], [], timeout_s)
        if not ready:
            raise SandboxLate(f"the zygote did not answer within {timeout_s:g} s{self._log()}")
        try:
            data = self._control.recv(1 << 16)
        except ConnectionError:
            data = b""
        if not data:
            raise SandboxError(f"the zygote ended{self._log()}")
        answer: dict[str, Any] = json.loads(data)
        return answer

    def _log(self) -> str:
        try:
            tail = self._log_path.read_bytes()[-1500:].decode("utf-8", "replace").strip()
        except OSError:
            return ""
        return f": {tail}" if tail else ""

    @property
    def pid(self) -> int:
        """The process that was started, for measurements."""
        return self._process.pid

    def close(self) -> None:
        """End the zygote and every worker, and remove its directory."""
        self.watch.stop()
        self._control.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._end_left_over()
        with contextlib.suppress(OSError):
            shutil.rmtree(self._scratch)

    def _end_left_over(self) -> None:
        """End process groups that a zygote which was killed left behind; a namespace leaves none."""
        if self.tier is Tier.A:
            return
        for group in self._workers:
            # A number may belong to somebody else by now, but never in the zygote's own session.
            with contextlib.suppress(OSError):
                if os.getsid(group) == self._process.pid:
                    os.killpg(group, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
