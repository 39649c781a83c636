"""Classes of a thousand, three thousand and ten thousand: time per submission, and the grader's memory.

The assignment is small, so that the benchmark measures the batch and not the students' code. Each class is graded in
its own course; then everything again, with nothing changed, and the reports.

    .venv/bin/python benchmarks/scale.py --classes 1000 3000 10000
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAX_S = 3600


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classes", type=int, nargs="+", default=[1000, 3000, 10000], help="students of each class")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="parallel judges")
    options = parser.parse_args()
    print(
        "| students | graded in | per submission | grader's peak memory | judge's peak memory | nothing changed "
        "| reports again | class.html |\n|---|---|---|---|---|---|---|---|"
    )
    for students in options.classes:
        with tempfile.TemporaryDirectory() as folder:
            print(row(Path(folder, "course"), students, options.jobs), flush=True)


def row(course: Path, students: int, jobs: int) -> str:
    """Grade one class."""
    run([sys.executable, "-m", "autograder", "init", str(course)], course.parent)
    run([sys.executable, "-m", "autograder", "new", "small"], course)
    import nbformat

    from autograder.course.assignment import load_assignment
    from autograder.course.notebook.compose import compose_submission
    from autograder.course.notebook.read import load_template

    assignment = load_assignment(course, "small")
    template = load_template(assignment)
    texts = [
        nbformat.writes(compose_submission(assignment, template, modules))
        for modules in ([assignment.solution_path], [])
    ]
    for i in range(students):
        folder = course / "submitted" / f"s{i:05d}" / "small"
        folder.mkdir(parents=True)
        # One in ten has done nothing yet.
        (folder / "small.ipynb").write_text(texts[i % 10 == 0], encoding="utf-8")
    grade = [sys.executable, "-m", "autograder", "grade", "small", "--jobs", str(jobs)]
    seconds, peak, judge = run(grade, course)
    again, _, _ = run(grade, course)
    report, _, _ = run([sys.executable, "-m", "autograder", "report", "small"], course)
    page = (course / "results" / "small" / "class.html").stat().st_size
    return (
        f"| {students} | {seconds:.0f} s | {1000 * seconds / students:.0f} ms | {peak:.0f} MiB | {judge:.0f} MiB "
        f"| {again:.1f} s | {report:.1f} s | {page / 1e6:.1f} MB |"
    )


def run(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Run a program to its end; return seconds of wall time, its own peak memory and its largest judge's, in MiB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    peak = judge = 0.0
    while process.poll() is None:
        if time.perf_counter() - started > MAX_S:
            process.kill()
            sys.exit(f"{' '.join(command)} took more than an hour")
        peak = max(peak, high_water_mib(process.pid))
        judge = max([judge, *(high_water_mib(child) for child in children(process.pid))])
        time.sleep(0.1)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{process.communicate()[1][-2000:]}")
    return time.perf_counter() - started, peak, judge


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def high_water_mib(pid: int) -> float:
    """Return the largest resident set size so far, 0 where it cannot be read."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


if __name__ == "__main__":
    main()
