"""The clean, warm process that workers are forked from.

Run as a script with a clean environment: `python -s -P zygote.py CONTROL_FD SPEC ROOT`; ROOT is the directory
that the package is imported from. It imports what notebooks import, builds the shell, confines itself, and then
obeys three requests on its control socket: `spawn` (with the worker's socket attached), `kill`, and the end of the
stream, which ends it and everything it started.
No student's code ever runs in this process.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

if __name__ == "__main__":
    # Only for the imports below; the entry is gone again before a worker exists.
    sys.path.insert(0, sys.argv[3])

from autograder.sandbox import confine, system
from autograder.sandbox.forking import serve_forks
from autograder.sandbox.huge_pages import collapse_memory
from autograder.sandbox.spec import WorkerLimits, ZygoteSpec
from autograder.sandbox.trees import remove_tree
from autograder.sandbox.worker import cuda
from autograder.sandbox.worker.descriptors import capture_descriptors
from autograder.sandbox.worker.files import settle_in
from autograder.sandbox.worker.serve import announce, serve

if TYPE_CHECKING:
    from autograder.sandbox.worker.shell import WorkerShell

MAX_CONTROL = 1 << 16
KILL_WAIT_S = 15.0
#: Rounds of ending orphans: each may leave its own.
MAX_ORPHANS = 1000


class Zygote:
    """The state of the serving loop: what is set up, and which workers are alive."""

    def __init__(self, control: socket.socket, spec: ZygoteSpec, root: str) -> None:
        self.control = control
        self.root = root
        self.spec = spec
        self.shell: WorkerShell | None = None
        self.own_namespace: int | None = None
        self.allowed: list[str] = []
        self.workers: set[int] = set()
        self.masked: list[str] = []
        self.listed: list[str] = []

    def prepare(self) -> None:
        """Import, build, confine."""
        if self.spec.kernel is not None:
            from autograder.sandbox.worker.kernel import prepare_client

            prepare_client()
            gc.collect()
            gc.freeze()
        elif self.spec.warm:
            from autograder.sandbox.worker.forbid import get_ready, source_files
            from autograder.sandbox.worker.operators import close_kernel_handles, close_prepared_kernels
            from autograder.sandbox.worker.warm import warm_up

            self.shell = warm_up(
                self.spec.forbidden, device=self.spec.device, libraries=self.spec.libraries, loading=self._loading
            )
            all_names = [*self.spec.forbidden, *(n for names in self.spec.forbidden_lists for n in names)]
            self.masked = source_files(all_names)
            for names in self.spec.forbidden_lists:
                get_ready(names)
            if any(name.startswith(("torch.", "aten::")) for name in all_names):
                close_prepared_kernels()
                close_kernel_handles()
            gc.collect()
            gc.freeze()
            collapse_memory()
        self.allowed = confine.allowed_paths(device=self.spec.device)
        if self.spec.kernel is not None:
            self.allowed = confine.with_programs(self.allowed, self.spec.readable)
        elif self.spec.tier == "A":
            self.allowed = confine.with_readable(self.allowed, self.spec.readable)
        sys.path[:] = [p for p in sys.path if p != self.root or any(p == a for a in self.allowed)]
        if self.spec.tier == "A":
            self.own_namespace = confine.enter_namespaces(self.spec, self.allowed, self.masked)
        else:
            hidden = [*self.spec.hidden, *self.masked]
            self.allowed, self.listed = confine.without(self.allowed, hidden)
            # A directory that may be listed shows the names of its hidden entries too. Python needs to list only its
            # own directories.
            readable = confine.with_readable((), self.spec.readable)
            self.allowed += confine.without([p for p in readable if p not in hidden], hidden)[0]
            if self.spec.beside:
                self.allowed.append(self.spec.beside)
            # A process that outlives its parent becomes a child of this one, which ends it.
            system.become_subreaper()
        for name in ("MPLCONFIGDIR", "IPYTHONDIR", "TORCHINDUCTOR_CACHE_DIR"):
            os.environ.pop(name, None)

    def _loading(self, library: str) -> None:
        """Tell the judge which library is loaded next: if that ends this process, the judge starts one without it."""
        self.control.sendall(json.dumps({"loading": library}).encode())

    def serve(self) -> None:
        """Answer requests until the judge is gone."""
        self.control.sendall(json.dumps({"ready": True}).encode())
        while True:
            data, fds, _, _ = socket.recv_fds(self.control, MAX_CONTROL, 1)
            if not data:
                break
            request = json.loads(data)
            if request["op"] == "spawn":
                answer = self._spawn(request, fds[0])
            else:
                answer = self._kill(request["worker"], patience_s=request["patience_s"])
            self.control.sendall(json.dumps(answer).encode())
        for worker in list(self.workers):
            self._kill(worker)
        if self.spec.rooms:
            # The judge does this itself, unless it was killed.
            remove_tree(self.spec.rooms)

    def _spawn(self, request: dict[str, Any], worker_fd: int) -> dict[str, object]:
        try:
            with confine.nested_pid_namespace(self.own_namespace):
                worker = os.fork()
        except OSError as error:
            os.close(worker_fd)
            return {"error": f"fork: {error}"}
        if worker == 0:
            self._become_worker(worker_fd, request)
        os.close(worker_fd)
        self.workers.add(worker)
        return {"worker": worker}

    def _become_worker(self, worker_fd: int, request: dict[str, Any]) -> None:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            sock = socket.socket(fileno=worker_fd)
            capture = capture_descriptors()
            _close_all_but(sock.fileno(), capture)
            system.die_with_parent()
            found: dict[str, Any] = {}
            device = self.spec.device if request["device"] else "cpu"
            start = functools.partial(self._start_cuda, found) if device == "cuda" else None
            try:
                spec = self.spec if request["beside"] else replace(self.spec, beside="")
                limits = WorkerLimits(**request["limits"])
                private = confine.confine_worker(spec, limits, self.allowed, self.listed, request["room"], start)
                settle_in(private, python=self.spec.kernel is None, times_stay=self.spec.tier == "B")
            except cuda.DidNotStart as error:
                announce(sock, str(error), of_device=True)
            except Exception as error:  # noqa: BLE001 - the judge decides; no student's code ran yet
                announce(sock, f"{type(error).__name__}: {error}")
            else:
                announce(sock, None, device=found, cpu_s=time.process_time() if start else 0.0)
                if self.spec.kernel is not None:
                    from autograder.sandbox.worker.kernel import serve_kernel

                    serve_kernel(sock, self.spec.kernel)
                elif self.shell is not None:
                    serve(sock, self.shell, device, private)
                code = 0
        finally:
            os._exit(code)

    def _start_cuda(self, found: dict[str, Any]) -> None:
        found |= cuda.start(self.spec.share)

    def _kill(self, worker: int, patience_s: float = 0.0) -> dict[str, object]:
        """Kill a worker and all that it started; say whether it is gone, and how it ended if it ended by itself."""
        if worker not in self.workers:
            return {"gone": True}
        pidfd = os.pidfd_open(worker)
        # Its socket closes a moment before it can be waited for.
        ended = bool(select.select([pidfd], [], [], patience_s)[0])
        for kill in (os.kill, os.killpg):
            # In a namespace the end of its first process ends all others; elsewhere the whole group is killed.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(worker, signal.SIGKILL)
        try:
            gone = bool(select.select([pidfd], [], [], KILL_WAIT_S)[0])
        finally:
            os.close(pidfd)
        answer: dict[str, object] = {"gone": gone}
        if gone:
            _, status, used = os.wait4(worker, 0)
            self.workers.discard(worker)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                answer |= {"code": code, "cpu_s": used.ru_utime + used.ru_stime}
        if self.own_namespace is None:
            _end_orphans(self.workers)
        return answer


def _end_orphans(workers: set[int]) -> None:
    """End the processes that a worker left behind, where no namespace did: they are this one's children now."""
    for _ in range(MAX_ORPHANS):
        left = [pid for pid in system.children() if pid not in workers]
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _close_all_but(*kept: int) -> None:
    """Close every descriptor above the standard three except these."""
    start = 3
    for fd in sorted(kept):
        os.closerange(start, fd)
        start = fd + 1
    os.closerange(start, 4096)


def main() -> None:
    """Serve on the descriptor that the first argument names; with `--forks` before it, make zygotes that serve."""
    root = sys.argv[3]
    if sys.argv[1] == "--forks":
        from autograder.sandbox.worker.warm import load_usual

        owner = socket.socket(fileno=int(sys.argv[2]))
        load_usual()
        serve_forks(owner, lambda control, spec: run(control, spec, root))
    else:
        run(socket.socket(fileno=int(sys.argv[1])), sys.argv[2], root)


def run(control: socket.socket, spec: str, root: str) -> NoReturn:
    """Be a zygote."""
    sys.argv[:] = ["ipykernel"]
    sys.orig_argv[:] = []
    zygote = Zygote(control, ZygoteSpec.from_json(spec), root)
    # The judge has a limit of its own, which a zygote must not inherit; workers set theirs.
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    # While it warms up it does not look at its socket. Later it does, and ends its workers before itself.
    system.die_with_parent()
    try:
        zygote.prepare()
        system.outlive_parent()
    except Exception as error:  # noqa: BLE001 - told to the judge, which decides
        message = f"{type(error).__name__}: {error}"
        answer = {"ready": False, "error": message[:2000], "threads": type(error).__name__ == "StartsThread"}
        with contextlib.suppress(OSError):
            control.sendall(json.dumps(answer).encode())
        os._exit(1)
    with contextlib.suppress(ConnectionError):
        zygote.serve()
    os._exit(0)


if __name__ == "__main__":
    main()
