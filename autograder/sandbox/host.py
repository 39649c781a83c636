"""The judge's handles on a zygote and on its workers."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder.errors import DeviceFault, SandboxError, SandboxLate
from autograder.files import PACKAGE_DIR
from autograder.sandbox import system
from autograder.sandbox.channel import Channel, Readiness, WorkerGone, WorkerLate
from autograder.sandbox.confine import NOBODY
from autograder.sandbox.faults import device_failure
from autograder.sandbox.footprint import proportional_bytes
from autograder.sandbox.forkserver import Forked, in_use
from autograder.sandbox.memory_watch import MemoryWatch
from autograder.sandbox.rooms import Rooms
from autograder.sandbox.spec import LIBRARIES, KernelCommand, Tier, WorkerLimits, ZygoteSpec
from autograder.sandbox.trees import TreeSize, plan_copy, remove_tree
from autograder.verdict import StudentFault

__all__ = ["Death", "Worker", "ZygoteProcess", "zygote_environment"]

START_S = 120.0
SPAWN_S = 20.0
#: What libraries reserve and never use: the second line behind the watch on memory.
SPARE_ADDRESS_BYTES = 128 << 30
#: A worker's, where CUDA starts in it: of several that start at once each waits for the others.
CUDA_SPAWN_S = 90.0
#: Which GPU, and where the driver and its helpers lie.
_CUDA_NAMES = ("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "LD_LIBRARY_PATH")
_SCRIPT = Path(__file__).with_name("zygote.py")


def zygote_environment(scratch: str, device: str) -> dict[str, str]:
    """Return all that the zygote is told by its environment, and so all that a student finds there."""
    given = {name: os.environ[name] for name in _CUDA_NAMES if name in os.environ} if device == "cuda" else {}
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
        # The driver would keep compiled kernels among the student's files.
        "CUDA_CACHE_DISABLE": "1",
        "MPLCONFIGDIR": _cache_dir(scratch),
        "IPYTHONDIR": scratch,
        # pandas loads pyarrow where it is installed, whose allocator would start a thread: no fork could keep it.
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        **threads,
        **given,
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
    #: Which limit it and what it started were ended for, `memory` or `files`; empty if for none.
    limit: str = ""


class Worker:
    """One confined process with one connection; `kill` takes everything that it started along."""

    def __init__(self, zygote: ZygoteProcess, number: int, channel: Channel, room: Path | None) -> None:
        self._zygote = zygote
        self._number = number
        self._room = room
        self.channel = channel
        self.alive = True
        #: What it said when it was ready.
        self.ready: Readiness | None = None
        #: What was asked for: limits, and the files beside the notebook.
        self.asked: tuple[object, ...] = ()
        #: Called when the watch is to look at it.
        self.watched: Callable[[], None] = lambda: None

    def copy(self, wanted: Any, deadline_s: float) -> Channel:
        """Return a connection to a copy of the process as it is now; `wanted` tells it how things are to stand in it.

        Raises:
            WorkerGone, WorkerLate: as named.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self.channel.send_descriptor(theirs.fileno(), deadline_s, wanted)
        except (WorkerGone, WorkerLate):
            ours.close()
            raise
        return Channel(ours)

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
        limit = self._zygote.watch.fired
        before_s = 0.0 if self.ready is None else self.ready.cpu_s
        self._zygote.watch.hurry()
        answer = self._zygote.ask({"op": "kill", "worker": self._number, "patience_s": patience_s})
        if not answer.get("gone"):
            raise SandboxError(f"worker {self._number} did not die")
        self._zygote.leave(self._room)
        return Death(answer.get("code"), max(0.0, answer.get("cpu_s", 0.0) - before_s), limit)

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
        forbidden_lists: Sequence[Sequence[str]] = (),
        warm: bool = True,
        libraries: Sequence[str] = LIBRARIES,
        beside: bool = False,
        kernel: KernelCommand | None = None,
        readable: Sequence[Path] = (),
        environment: Mapping[str, str] | None = None,
        share: float = 1.0,
        python: str = "",
    ) -> None:
        """Start it.

        Args:
            tier: how strong the isolation is to be.
            device: `cpu` or `cuda`.
            hidden: directories that workers must not see.
            forbidden: dotted names that raise when they are used.
            forbidden_lists: lists of names that raise only in copies of a worker that are made with one.
            warm: whether torch and the shell are loaded.
            libraries: what is loaded besides numpy and matplotlib.
            beside: whether workers find the files in `beside`, see there, where the notebook runs.
            kernel: a Jupyter kernel that runs cells in the place of the shell; in tier A only.
            readable: what notebooks read besides the system's directories; what is hidden beneath it stays so.
            environment: what a notebook finds in its environment besides what it always does.
            share: the part of a GPU's memory that a worker may have.
            python: the interpreter; default the one that runs this.
        """
        self.tier = tier
        self.device = device
        self._scratch = tempfile.mkdtemp(prefix="autograder-")
        os.makedirs(f"{self._scratch}/stage")
        #: Where to put the files of a submission before its worker is spawned; None unless asked for.
        self.beside = Path(self._scratch, "beside") if beside else None
        if self.beside is not None:
            self.beside.mkdir(mode=0o755)
            if tier is Tier.C or (tier is Tier.B and system.lacks(system.CAP_DAC_READ_SEARCH)):
                # Without a mount a worker, who is another user there, comes by its way.
                os.chmod(self._scratch, 0o711)  # noqa: S103 - as above
        # In tier A a worker's own mount bounds it.
        self._rooms = None if tier is Tier.A else Rooms(NOBODY if os.geteuid() == 0 else None)
        self._spec = ZygoteSpec(
            tier=tier.value,
            device=device,
            hidden=tuple(dict.fromkeys(q for p in (PACKAGE_DIR, *hidden) for q in (str(p), os.path.realpath(p)))),
            stage=f"{self._scratch}/stage",
            forbidden=tuple(forbidden),
            forbidden_lists=tuple(map(tuple, forbidden_lists)),
            warm=warm,
            libraries=tuple(libraries),
            beside=str(self.beside or ""),
            kernel=kernel,
            readable=tuple(str(p) for p in readable),
            rooms="" if self._rooms is None else str(self._rooms.base),
            share=share,
        )
        self._python = python or sys.executable
        #: The libraries that workers load themselves, since the zygote cannot: known when it is ready.
        self.left_out: tuple[str, ...] = ()
        self._environment = {**zygote_environment(self._scratch, device), **(environment or {})}
        self._log_path = Path(self._scratch, "log")
        self._ready = False
        #: Whether it is to be as a fork server makes it.
        self._usual = warm and kernel is None and device == "cpu" and not python and not environment
        self._usual = self._usual and self._spec.libraries == LIBRARIES
        self._process: subprocess.Popen[bytes] | Forked
        self.watch = MemoryWatch()
        self._workers: set[int] = set()
        self._reserve: Worker | None = None
        #: Of the files in `beside`: a worker in reserve has a copy of them.
        self.beside_digest = b""
        self._launch()

    def _launch(self) -> None:
        """Start the process: a fork of one that has loaded everything, if there is one and it has what is wanted."""
        server = in_use() if self._usual else None
        if server is not None:
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs, self._log_path.open("wb") as log:
                forked = server.ask(self._spec.to_json(), self._environment, theirs.fileno(), log.fileno())
            if forked is not None:
                self._process = forked
                return
            self._control.close()
        self._launch_program()

    def _launch_program(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._log_path.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    self._python,
                    "-s",
                    "-P",
                    str(_SCRIPT),
                    str(theirs.fileno()),
                    self._spec.to_json(),
                    str(PACKAGE_DIR.parent),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                cwd="/",
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Wait for the zygote to be warm and confined; it warms up while its starter goes on.

        A library that starts a thread, or ends the process that loads it, is left out: the zygote starts again
        without it, and each notebook that imports it loads it itself.

        Raises:
            SandboxError: if it could not be set up.
        """
        if isinstance(self._process, Forked) and not self._process.made():
            self._control.close()
            self._launch_program()
        while not self._ready:
            answer, loading = self._first_answer()
            if answer.get("ready"):
                self._ready = True
                self.watch.begin(self._process.pid)
            elif not self._do_without(answer, loading):
                raise SandboxError(f"the zygote could not be set up in tier {self.tier.value}: {answer.get('error')}")

    def _first_answer(self) -> tuple[dict[str, Any], str]:
        """Return what the zygote says when it is set up or cannot be, and the library that it was loading."""
        loading = ""
        while True:
            try:
                answer = self._receive(START_S)
            except SandboxError:
                if not loading:
                    raise
                return {"error": f"loading {loading} ended or stopped it{self._log()}"}, loading
            if "loading" not in answer:
                return answer, loading
            loading = answer["loading"]

    def _do_without(self, answer: Mapping[str, Any], loading: str) -> bool:
        """Start again without the library that is in the way; False if there is none to be left out."""
        optional = [name for name in self._spec.libraries if name != "torch"]
        # A thread that begins later than its library was loaded may be any library's.
        in_the_way = [loading] if loading in optional else optional if answer.get("threads") and not loading else []
        if not in_the_way:
            return False
        self.left_out = (*self.left_out, *in_the_way)
        kept = tuple(name for name in self._spec.libraries if name not in in_the_way)
        self._spec = replace(self._spec, libraries=kept)
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._launch()
        return True

    def spawn(self, limits: WorkerLimits, *, bare: bool = False) -> Worker:
        """Fork a confined worker.

        A bare one finds no files and no GPU.

        Raises:
            SandboxError: if it could not be made or confined.
            DeviceFault: if that is because the GPU did not start in it.
        """
        if self.device != "cuda" or bare:
            worker = self._begin(limits, bare=bare)
            self._wait_for(worker, cuda=False)
            return worker
        reserved = self._from_reserve(limits)
        worker = reserved or self._begin(limits)
        self._wait_for(worker, cuda=True)
        # What the driver took by now is not the notebook's.
        self.watch.base_bytes = sum(map(proportional_bytes, self.watch.processes()))
        self._reserve = self._begin_aside(limits)
        return worker

    def _begin(self, limits: WorkerLimits, *, bare: bool = False, aside: bool = False) -> Worker:
        """Fork a worker, without waiting until it is confined; one that is put `aside` is not watched yet.

        Raises:
            SandboxError: if it could not be made.
        """
        self.wait_until_ready()
        asked = (limits, self.beside_digest)
        spare = SPARE_ADDRESS_BYTES if self.watch.sees_memory else 0
        limits = replace(limits, address_bytes=limits.memory_bytes + spare)
        # Where no mount of its own gives the worker a directory, it has one that is watched from now on.
        room = None if self._rooms is None else self._rooms.new()
        given = TreeSize() if bare or self.beside is None else plan_copy(str(self.beside))[0]
        watched = functools.partial(self.watch.expect, limits, room, given.stored_bytes, given.entries)
        if not aside:
            watched()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                request = {
                    "op": "spawn",
                    "limits": limits.to_json(),
                    "room": "" if room is None else str(room),
                    "beside": not bare and self.beside is not None,
                    "device": not bare,
                }
                answer = self.ask(request, theirs.fileno())
        except SandboxError:
            ours.close()
            self.leave(room)
            raise
        if "worker" not in answer:
            ours.close()
            self.leave(room)
            raise SandboxError(f"no worker could be started: {answer.get('error')}")
        worker = Worker(self, int(answer["worker"]), Channel(ours), room)
        worker.asked, worker.watched = asked, watched
        self._workers.add(int(answer["worker"]))
        return worker

    # -- a worker in reserve -------------------------------------------------------------------------------

    def _begin_aside(self, limits: WorkerLimits) -> Worker | None:
        """Begin a worker for the next `spawn`: CUDA starts in it while a notebook runs in the present one.

        No student's code runs at this moment, so all that is new beneath the zygote is this worker.
        """
        before = set(self.watch.processes())
        try:
            worker = self._begin(limits, aside=True)
        except SandboxError:
            # The next `spawn` says so.
            return None
        self.watch.aside = set(self.watch.processes()) - before
        return worker

    def _from_reserve(self, limits: WorkerLimits) -> Worker | None:
        """Return the worker in reserve, ready, if it is what is asked for; end it if it is not."""
        worker, self._reserve = self._reserve, None
        self.watch.aside = set()
        if worker is None:
            return None
        if worker.asked != (limits, self.beside_digest):
            worker.kill()
            return None
        worker.watched()
        try:
            self._wait_for(worker, cuda=True)
        except DeviceFault:
            # It may have found no memory beside the one before it.
            return None
        return worker

    def prove_device(self, limits: WorkerLimits) -> None:
        """Start the GPU anew in a worker that no student has seen; the next `spawn` of the same kind gets that one.

        No other worker may be alive.

        Raises:
            DeviceFault: if it does not start there.
        """
        old, self._reserve = self._reserve, None
        if old is not None:
            old.kill()
        worker = self._begin_aside(limits)
        if worker is None:
            raise self._no_start("no worker can be begun")
        self._wait_for(worker, cuda=True)
        self._reserve = worker

    def _wait_for(self, worker: Worker, *, cuda: bool) -> None:
        """Wait until a worker is confined, and its GPU has started, unless that is known.

        Raises:
            SandboxError, DeviceFault: if it is not.
        """
        if worker.ready is not None:
            return
        try:
            found = worker.channel.expect_ready(CUDA_SPAWN_S if cuda else SPAWN_S)
        except (WorkerGone, WorkerLate) as error:
            worker.kill()
            if cuda:
                how = "ended" if isinstance(error, WorkerGone) else f"took longer than {CUDA_SPAWN_S:g} s"
                raise self._no_start(f"its process {how} while CUDA started") from None
            kind = SandboxLate if isinstance(error, WorkerLate) else SandboxError
            raise kind(f"a new worker never became ready ({type(error).__name__})") from None
        if found.problem is not None:
            worker.kill()
            if found.of_device:
                raise self._no_start(found.problem)
            raise SandboxError(f"a worker could not be confined in tier {self.tier.value}: {found.problem}")
        worker.ready = found

    def _no_start(self, problem: str) -> DeviceFault:
        memory = device_failure(StudentFault("", problem)) == "memory"
        remedy = "Free memory of the GPU, or give fewer --jobs" if memory else "See `autograder doctor`"
        tier = self.tier.value
        told = f"CUDA does not start in a worker of tier {tier}: {problem}. {remedy}, or grade with --device cpu"
        return DeviceFault(told, memory=memory)

    def leave(self, room: Path | None) -> None:
        """Remove the directory of a worker that is gone."""
        if self._rooms is not None and room is not None:
            self._rooms.remove(room)

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
        if self._rooms is not None:
            self._rooms.close()
        remove_tree(self._scratch)

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
