"""A real dask scheduler and real workers on loopback, each a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import autograder

__all__ = ["DaskCluster", "dask_cluster"]

START_S = 60.0
_ROOT = Path(autograder.__file__).resolve().parents[1]


@dataclass
class DaskCluster:
    """The scheduler's address, and the workers' processes in the order of their start."""

    folder: Path
    address: str = ""
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def add_worker(self, *options: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread; it registers when it is ready."""
        number = len(self.workers)
        scratch = self.folder / f"scratch-{number}"
        worker = self.start(
            f"worker-{number}",
            "dask_worker",
            self.address,
            *("--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", "--no-dashboard"),
            *("--local-directory", str(scratch), "--death-timeout", "60", *options),
        )
        self.workers.append(worker)
        return worker

    def start(self, name: str, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one of dask's programs; it writes to its own log."""
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                cwd=self.folder,
            )

    def left_over(self) -> list[Path]:
        """Return what the grader left in the workers' folders."""
        return list(self.folder.glob("scratch-*/**/autograder-*"))


@contextlib.contextmanager
def dask_cluster(folder: Path, workers: int) -> Iterator[DaskCluster]:
    """Start a scheduler and workers; end them all afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = DaskCluster(folder)
    scheduler = cluster.start("scheduler", "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    try:
        cluster.address = _address(folder / "scheduler.log", scheduler)
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        for process in (*cluster.workers, scheduler):
            process.terminate()
        for process in (*cluster.workers, scheduler):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(log: Path, scheduler: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and scheduler.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            if "Scheduler at:" in line:
                return line.split()[-1]
        time.sleep(0.05)
    raise AssertionError(f"the scheduler did not start: {log.read_text(encoding='utf-8')}")
