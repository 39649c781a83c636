"""nbgrader's sample course, copied to many students: `autograder grade` against `nbgrader autograde`, in one run.

Both grade the same submissions of two notebooks by the tests in them. nbgrader grades only the first few, because it
grades one after another and its time is linear. Prints a Markdown table.

    make bench
    .venv/bin/python benchmarks/innotebook.py --students 100 --jobs 2 --peer 5
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from nbgrader_samples import environment, read_scores, sample_course

SLUG = "ps1"
MAX_S = 3600


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=100, help="how many to grade here")
    parser.add_argument("--jobs", type=int, default=2, help="parallel judges")
    parser.add_argument("--peer", type=int, default=5, help="how many of them nbgrader autogrades")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "ours"), Path(folder, "theirs")
        sample_course(ours)
        shutil.copytree(ours, theirs)
        multiply(ours, options.students)
        multiply(theirs, options.peer)
        command = [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            SLUG,
            "--jobs",
            str(options.jobs),
            "--course",
            str(ours),
        ]
        wall, cpu = measure(command, Path.cwd())
        each, each_cpu = wall / options.students, cpu / options.students
        wall, cpu = measure([sys.executable, "-m", "nbgrader", "autograde", SLUG], theirs)
        peer, peer_cpu = wall / options.peer, cpu / options.peer
        native, scores = read_scores(theirs, SLUG), read_scores(ours, SLUG)
        same = all(scores[key] == value for key, value in native.items())
    rows = [
        ("machine", f"{os.cpu_count()} cores, {platform.machine()}"),
        (f"autograder grade, {options.students} students, --jobs {options.jobs}", f"{each * options.students:.1f} s"),
        ("… per student (two notebooks), start included", f"{each:.3f} s"),
        (f"nbgrader autograde, {options.peer} of the same, per student", f"{peer:.2f} s"),
        ("the same scores, cell by cell", "yes" if same else "NO"),
        ("processor time per student, here and nbgrader", f"{each_cpu:.3f} s, {peer_cpu:.2f} s"),
        ("ratio", f"{peer / each:.1f}"),
        ("ratio of processor times", f"{peer_cpu / each_cpu:.1f}"),
    ]
    print("| nbgrader's sample course | figure |\n|---|---|")
    for what, figure in rows:
        print(f"| {what} | {figure} |")


def multiply(root: Path, count: int) -> None:
    """Hand the sample course's two submissions in for this many students, in turn."""
    samples = sorted((root / "submitted").iterdir())
    kept = root / "samples"
    kept.mkdir()
    for path in samples:
        path.rename(kept / path.name)
    for i in range(count):
        shutil.copytree(kept / samples[i % len(samples)].name, root / "submitted" / f"s{i:04d}")
    shutil.rmtree(kept)


def measure(command: list[str], folder: Path) -> tuple[float, float]:
    """Run a program to its end; return the seconds of wall time and of processor time that it took."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=MAX_S, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
