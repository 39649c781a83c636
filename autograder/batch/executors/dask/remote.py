"""What runs inside a dask worker: it keeps judges warm, one for each task that runs there at a time.

A judge is a process of its own with its own zygote and sandbox; the dask worker only passes bytes on. The
assignment lies in a private folder as long as the batch lasts.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import platform
import shutil
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import autograder
from autograder.batch.executors.dask.messages import Answer, Lost, Offer, Order, Unprepared, Unusable
from autograder.batch.executors.judge_process import MAX_LOST_IN_A_ROW, SLACK_S, START_S, JudgeProcess
from autograder.engines.base import JudgeSetup, Warming, Work
from autograder.errors import AutograderError, DeviceError, DeviceFault
from autograder.sandbox.device import resolve_device, share_for
from autograder.sandbox.probe import ProbeResult, probe, prove_cuda
from autograder.sandbox.spec import Tier
from autograder.sentences import say

if TYPE_CHECKING:
    from distributed import Worker

__all__ = ["describe", "dismiss", "grade", "own_versions", "prepare"]

#: A coordinator that gives no work for so long is gone, or has forgotten this worker: its secret files are removed.
IDLE_S = 120.0
STOP_S = 5.0


def own_versions() -> dict[str, str]:
    """Return the versions that a verdict depends on, without builds: torch for CPU and for CUDA are the same."""
    found = {"python": ".".join(platform.python_version_tuple()[:2]), "autograder": autograder.__version__}
    for package in ("torch", "numpy", "ipython", "nbformat"):
        try:
            found[package] = version(package).partition("+")[0]
        except PackageNotFoundError:
            found[package] = "missing"
    return found


async def describe(dask_worker: Worker) -> Offer:
    """Say what this worker offers."""
    return await asyncio.to_thread(_describe, dask_worker)


def _describe(worker: Worker) -> Offer:
    resources = dict(worker.state.total_resources)
    if probe.cache_info().currsize and probe().tier is not Tier.A:
        probe.cache_clear()  # what failed on a busy machine may hold today
    # A zygote dies with the thread that started it; this one outlives the probe.
    found = _LAUNCHER.submit(probe).result()
    no_cuda = cuda_tier = None
    if "GPU" in resources:
        try:
            resolve_device("cuda")
            cuda_tier = _LAUNCHER.submit(_cuda).result().tier
        except (DeviceError, DeviceFault) as error:
            no_cuda = str(error)
    return Offer(
        host=platform.node(),
        threads=worker.state.nthreads,
        resources=resources,
        versions=own_versions(),
        tier=found.tier,
        weakness="; ".join(f"tier {tier.value}: {problem}" for tier, problem in found.problems),
        no_cuda=no_cuda,
        cuda_tier=cuda_tier,
    )


@functools.cache
def _cuda() -> ProbeResult:
    """Start CUDA inside a worker; return the tier and what it finds. A failure is not cached."""
    return prove_cuda(Tier.C)


async def prepare(order: Order, dask_worker: Worker) -> str | None:
    """Unpack the assignment for a batch; return what prevents it. A second call changes nothing."""
    return await asyncio.to_thread(_prepare, order, dask_worker)


def _prepare(order: Order, worker: Worker) -> str | None:
    with _LOCK:
        if order.key in _BENCHES:
            return None
        try:
            _BENCHES[order.key] = _Bench(order, worker)
        except (OSError, AutograderError) as error:
            return str(error)
    return None


def grade(key: str, work: Work, *, alone: bool = False) -> Answer | Lost | Unprepared | Unusable:
    """Grade one submission on a judge of this worker; runs in one of dask's threads.

    With `alone` the worker's idle judges end first, and a fresh one gets the submission.
    """
    from distributed import get_worker

    address = get_worker().address
    with _LOCK:
        bench = _BENCHES.get(key)
        if bench is None:
            return Unprepared(address)
        bench.busy += 1
    try:
        return bench.grade(work, address, alone=alone)
    finally:
        with _LOCK:
            bench.busy -= 1
            bench.used = time.monotonic()


async def dismiss(key: str) -> None:
    """End a batch's judges, even those at work, and remove its files."""
    with _LOCK:
        bench = _BENCHES.pop(key, None)
    if bench is not None:
        await asyncio.to_thread(bench.close)


def _moved(setup: JudgeSetup, root: Path, worker: Worker) -> JudgeSetup:
    """Return the setup for this worker: its tier, and a part of its GPU for each submission that runs at a time."""
    if setup.device != "cuda":
        return setup.moved(root, probe().tier.value)
    found = _LAUNCHER.submit(_cuda).result()
    slots = max(1, int(worker.state.total_resources.get("GPU", 1)))
    return replace(setup.moved(root, found.tier.value), share=share_for(found.device, slots))


class _Bench:
    """The judges of one batch on this worker, and their folder."""

    def __init__(self, order: Order, worker: Worker) -> None:
        self.busy = 0
        self.used = time.monotonic()
        self._order = order
        # If this worker is killed, dask removes the folder when the next one starts there.
        self.folder = Path(tempfile.mkdtemp(prefix="autograder-", dir=worker.local_directory))
        try:
            order.bundle.unpack(self.folder / "course")
            self._setup = _moved(order.setup, self.folder / "course", worker)
            self._scratch = self.folder / "scratch"
            self._scratch.mkdir(mode=0o700)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self._idle: list[JudgeProcess] = []
        self._all: list[JudgeProcess] = []
        self._started = 0
        self._closed = False
        threading.Thread(target=self._reap, name="autograder-reaper", daemon=True).start()

    def grade(self, work: Work, address: str, *, alone: bool = False) -> Answer | Lost | Unprepared | Unusable:
        if alone:
            while (idle := self._take()) is not None:
                self._discard(idle)
        judge = self._take() or self._start(address)
        if not isinstance(judge, JudgeProcess):
            return judge
        try:
            judge.send(work)
            finished = judge.receive(self._order.submission_s + SLACK_S)
        except (EOFError, TimeoutError) as error:
            late = isinstance(error, TimeoutError)
            reason = say("batch.judge-silent") if late else say("batch.judge-ended")
            code = self._discard(judge)
            return Lost(reason, address, judge.said(), code)
        answer = Answer(finished, judge.said())
        with _LOCK:
            self._idle.append(judge)
        return answer

    def _take(self) -> JudgeProcess | None:
        with _LOCK:
            return self._idle.pop() if self._idle else None

    def _start(self, address: str) -> JudgeProcess | Unprepared | Unusable:
        reason = said = ""
        for _ in range(MAX_LOST_IN_A_ROW):
            with _LOCK:
                if self._closed:
                    return Unprepared(address)
                self._started += 1
                log = self.folder / f"judge-{self._started}.log"
                # Not in dask's thread, which may end before the judge does.
                judge = _LAUNCHER.submit(JudgeProcess, self._setup, log, self._scratch).result()
                self._all.append(judge)
            try:
                while isinstance(ready := judge.receive(START_S), Warming):
                    pass
            except (EOFError, TimeoutError) as error:
                reason = f"{type(error).__name__}, exit code {self._discard(judge)}"
                said = judge.said()
                continue
            if ready.problem is None:
                return judge
            self._discard(judge)
            return Unusable(address, ready.problem, ready.final, judge.said())
        return Unusable(address, f"no grading process can be started ({reason})", final=False, said=said)

    def _discard(self, judge: JudgeProcess) -> int:
        with _LOCK, contextlib.suppress(ValueError):
            self._all.remove(judge)
        return judge.kill()

    def close(self) -> None:
        """End everything; a thread that waits for a judge gets `EOFError`."""
        with _LOCK:
            if self._closed:
                return
            self._closed = True
            idle, everyone = self._idle, self._all
            self._idle, self._all = [], []
        for judge in everyone:
            if judge not in idle:
                judge.kill()
        for judge in idle:
            judge.lost(STOP_S)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _reap(self) -> None:
        while not self._closed:
            time.sleep(min(IDLE_S, 1.0))
            with _LOCK:
                idle = not self.busy and time.monotonic() - self.used > IDLE_S
                if idle:
                    _BENCHES.pop(self._order.key, None)
            if idle:
                self.close()


_LOCK = threading.RLock()
_BENCHES: dict[str, _Bench] = {}

#: The kernel ends a judge when the thread that started it ends; this one lasts as long as the process.
_LAUNCHER = ThreadPoolExecutor(1, thread_name_prefix="autograder-launcher")
