"""Throughput of `--executor dask` with one worker and with two, on a dask cluster of processes on this machine.

Grades honest `optimizers` submissions with everything that `grade` writes, first on one worker process with one thread,
then on two. The rate counts from the first result on, because the time before it is the judges' start. Prints a
Markdown table.

    .venv/bin/python benchmarks/cluster.py --submissions 40
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import tempfile
import time
from pathlib import Path

import distributed
import torch
from throughput import SLUG, hand_in

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.course.assignment import load_assignment
from autograder.course.layout import init_course
from autograder.engines.registry import open_engine
from autograder.verdict import Grade


class Clock(SilentProgress):
    """Notes when results come."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def advance(self, grade: Grade) -> None:
        """Note the time."""
        assert grade.status == "graded", grade.reason
        self.times.append(time.monotonic())

    @property
    def rate(self) -> float:
        """Submissions per second after the first."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=40, help="how many to grade each time")
    options = parser.parse_args()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, torch {torch.__version__}"
    rows = [("machine", f"{machine}, dask {distributed.__version__}")]
    rates = []
    with tempfile.TemporaryDirectory() as folder:
        course = init_course(Path(folder, "course"))
        assignment = load_assignment(course.root, SLUG)
        hand_in(course, assignment, options.submissions)
        for workers in (1, 2):
            with distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None, local_directory=folder
            ) as cluster:
                clock = Clock()
                batch = BatchOptions(device="cpu", force=True, executor="dask", scheduler=cluster.scheduler_address)
                started = time.monotonic()
                grade_batch(open_engine(course, assignment.slug), batch, clock)
                took = time.monotonic() - started
            rates.append(clock.rate)
            rows += [
                (f"{options.submissions} submissions on {workers} worker(s), start included", f"{took:.1f} s"),
                ("… rate after the first result", f"{clock.rate:.2f} per second"),
            ]
    rows += [
        ("two workers against one", f"{rates[1] / rates[0]:.2f}"),
        ("peak resident memory at home", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB"),
    ]
    print("| what | figure |\n|---|---|")
    for what, figure in rows:
        print(f"| {what} | {figure} |")


if __name__ == "__main__":
    main()
