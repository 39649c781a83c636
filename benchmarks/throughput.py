"""Seconds per submission and memory, side by side with nbgrader and otter, in one run.

Makes a course in a temporary directory, hands in honest `optimizers` notebooks (the reference and the honest variants
in turn), and grades them with all hidden checks, autograded notebooks, gradebook and feedback. Then nbgrader autogrades
some of the same notebooks and generates their feedback, and `otter run`, if it can be installed, grades some with the
visible tests. Prints a Markdown table.

    make bench
    .venv/bin/python benchmarks/throughput.py --submissions 100 --jobs 2 --peer 10 --otter 0
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

import nbformat
import torch
from otter_peer import prepare

from autograder.authoring.release import release
from autograder.course.assignment import Assignment, load_assignment
from autograder.course.gradebook.directories import put_scripts_on_path
from autograder.course.layout import Course, init_course
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import load_template

SLUG = "optimizers"
MAX_S = 1800


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--submissions", type=int, default=500, help="how many to grade here")
    parser.add_argument("--jobs", type=int, default=2, help="parallel judges")
    parser.add_argument("--peer", type=int, default=10, help="how many of them nbgrader autogrades")
    parser.add_argument("--otter", type=int, default=3, help="how many of them otter grades; 0 leaves it out")
    options = parser.parse_args()
    put_scripts_on_path()
    with tempfile.TemporaryDirectory() as folder:
        course = init_course(Path(folder, "course"))
        assignment = load_assignment(course.root, SLUG)
        release(course, assignment)
        hand_in(course, assignment, options.submissions)
        peer = Path(folder, "peer")
        for name in ("source", "nbgrader_config.py", "gradebook.db"):
            copy(course.root / name, peer / name)
        for i in range(options.peer):
            copy(course.root / "submitted" / student(i), peer / "submitted" / student(i))

        grade = [sys.executable, "-m", "autograder", "grade", SLUG, "--jobs", str(options.jobs), "--device", "cpu"]
        ours = run(grade, course.root)
        theirs = run(nbgrader("autograde"), peer)
        feedback = run(nbgrader("generate_feedback"), peer)
        otter = measure_otter(options.otter, Path(folder), course, assignment)
        memory = Memory()
        with memory:
            run([*grade, "--force"], course.root)
    each = ours / options.submissions
    both = (theirs + feedback) / options.peer
    peer_each = theirs / options.peer
    rows = [
        ("machine", f"{os.cpu_count()} cores, {platform.machine()}, torch {torch.__version__}"),
        (f"autograder grade, {options.submissions} submissions, --jobs {options.jobs}", f"{ours:.1f} s"),
        ("… per submission, start included", f"{each:.3f} s"),
        (f"nbgrader autograde, {options.peer} of the same", f"{theirs:.1f} s"),
        ("… per submission", f"{peer_each:.2f} s"),
        ("… with generate_feedback", f"{both:.2f} s"),
        (f"otter run, {options.otter} of the same, per submission", f"{otter:.2f} s" if otter else "not measured"),
        ("ratio to nbgrader autograde", f"{peer_each / each:.1f}"),
        ("ratio with its feedback", f"{both / each:.1f}"),
        ("ratio to otter run", f"{otter / each:.1f}" if otter else "–"),
        ("peak resident memory of a judge", f"{memory.judge_mib:.0f} MiB"),
        ("memory added by a worker (PSS), median", f"{memory.worker_mib:.0f} MiB"),
        ("peak proportional memory of everything", f"{memory.total_mib:.0f} MiB"),
    ]
    print("| what | figure |\n|---|---|")
    for what, figure in rows:
        print(f"| {what} | {figure} |")


def measure_otter(count: int, folder: Path, course: Course, assignment: Assignment) -> float | None:
    """Return otter's seconds per submission, None if otter cannot be installed."""
    otter = prepare(Path("build/otter").absolute(), folder / "otter", assignment) if count else None
    if otter is None:
        return None
    notebooks = [course.root / "submitted" / student(i) / SLUG / f"{SLUG}.ipynb" for i in range(count)]
    return sum(otter.run(notebook, folder / "otter" / f"out{i}") for i, notebook in enumerate(notebooks)) / count


def student(number: int) -> str:
    """Return a student's id."""
    return f"s{number:04d}"


def hand_in(course: Course, assignment: Assignment, count: int) -> None:
    """Hand in honest notebooks in turn."""
    template = load_template(assignment)
    honest = [None, *sorted((assignment.secret_dir / "honest").glob("*.py"))]
    texts = []
    for path in honest:
        modules = [assignment.solution_path] if path is None else [path, assignment.solution_path]
        texts.append(nbformat.writes(compose_submission(assignment, template, modules)))
    for i in range(count):
        folder = course.root / "submitted" / student(i) / SLUG
        folder.mkdir(parents=True)
        (folder / f"{SLUG}.ipynb").write_text(texts[i % len(texts)], encoding="utf-8")


def copy(source: Path, target: Path) -> None:
    """Copy a file or a folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)


def nbgrader(command: str) -> list[str]:
    """Return nbgrader's own command line."""
    return [sys.executable, "-m", "nbgrader", command, SLUG]


def run(command: list[str], folder: Path) -> float:
    """Run a program to its end; return the seconds of wall time it took."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=MAX_S, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return seconds


class Memory:
    """Measures the processes below this one; use as a context manager around what is measured."""

    def __init__(self) -> None:
        self.judge_mib = 0.0
        self.total_mib = 0.0
        self._workers: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    @property
    def worker_mib(self) -> float:
        """The median of the memory that a worker and its forks do not share."""
        return sorted(self._workers)[len(self._workers) // 2] if self._workers else 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            total = 0.0
            for pid, depth, judge in descendants(os.getpid()):
                pss = proportional_mib(pid)
                total += pss
                if judge and depth == 0:
                    self.judge_mib = max(self.judge_mib, peak_mib(pid))
                # judge → zygote's waiting parent → zygote → worker → forks for the exercises
                if depth == 3 and pss:
                    self._workers.append(pss)
            self.total_mib = max(self.total_mib, total)


def descendants(root: int) -> list[tuple[int, int, bool]]:
    """Return (pid, depth below its judge, whether it is a judge or below one) of every process below `root`."""
    found = []
    stack = [(root, -1)]
    while stack:
        pid, depth = stack.pop()
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        here = 0 if b"autograder.engines.hidden.judge" in command else depth
        if pid != root:
            found.append((pid, here, here >= 0))
        stack += [(int(child), here + 1 if here >= 0 else -1) for child in children]
    return found


def proportional_mib(pid: int) -> float:
    """Return the proportional set size, 0 where it cannot be read."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def peak_mib(pid: int) -> float:
    """Return the largest resident set size so far."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


if __name__ == "__main__":
    main()
