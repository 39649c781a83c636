"""A course in which every student computes and plots: how much of a notebook's time is not the student's own.

The student's own time is the time of the same cells in a fork of a process with loaded libraries, IPython's shell and
inline plots, and nothing else: no sandbox, no scores, no files. Our time is the cost of more students after everything
has started: the difference between two classes. Each student has other numbers, so that every figure has to be drawn.
Prints a Markdown table; on a busy machine read the processor times.

    make bench
    .venv/bin/python benchmarks/own_time.py --students 20
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from innotebook import measure
from nbgrader_samples import Sample, code, environment, make_course, notebook_of

SLUG = "ps"
LOOPS = 60_000
GIVEN = "import numpy as np\nimport matplotlib.pyplot as plt\nrng = np.random.default_rng({seed})"
WALK = """
def walk(steps):
    place, path = 0.0, [0.0]
    for step in rng.normal(size=steps):
        place += step - 0.01 * place
        path.append(place)
    return np.array(path)
paths = [walk({loops}) for _ in range(4)]
"""
PLOT = """
fig, axes = plt.subplots(2, 2, figsize=(8, 6))
for ax, path in zip(axes.flat, paths):
    ax.plot(path[::50], label='path')
    ax.set_title(f'ends at {{path[-1]:.2f}}')
    ax.legend()
plt.show()
"""
FIT = """
A = np.stack([np.ones(400), np.arange(400.0)], axis=1)
fits = [np.linalg.lstsq(A, path[:400], rcond=None)[0] for path in paths]
plt.figure()
plt.hist(np.concatenate(paths), bins=60)
plt.xlabel('place')
plt.show()
"""
TESTS = ("assert len(paths) == 4 and all(len(p) == {loops} + 1 for p in paths)", "assert np.shape(fits) == (4, 2)")


def notebook(seed: int, *, answered: bool = True) -> dict[str, Any]:
    """Return a student's notebook."""
    answers = [code(text.format(loops=LOOPS), f"answer_{i}", solution=True) for i, text in enumerate((WALK, PLOT, FIT))]
    if not answered:
        answers = [{**cell, "source": ""} for cell in answers]
    tests = [code(text.format(loops=LOOPS), f"test_{i}", points=1) for i, text in enumerate(TESTS)]
    return notebook_of([code(GIVEN.format(seed=seed)), answers[0], tests[0], *answers[1:], tests[1]])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--students", type=int, default=20, help="in the smaller class; the larger has three times as many"
    )
    parser.add_argument("--peer", type=int, default=3, help="how many of them nbgrader autogrades")
    options = parser.parse_args()
    few, many = options.students, 3 * options.students
    with tempfile.TemporaryDirectory() as folder:
        first, second = grade(Path(folder, "few"), few), grade(Path(folder, "many"), many)
        each, each_cpu = ((b - a) / (many - few) for a, b in zip(first, second, strict=True))
        theirs = Path(folder, "theirs")
        make(theirs, options.peer)
        peer, peer_cpu = measure([sys.executable, "-m", "nbgrader", "autograde", SLUG], theirs)
    own, own_cpu = alone(few)
    rows = [
        ("the student's own cells, in a warm process", own, own_cpu),
        ("here, one more student in the class", each, each_cpu),
        (f"nbgrader autograde, {options.peer} students", peer / options.peer, peer_cpu / options.peer),
    ]
    print("| each student computes and plots, --jobs 1 | seconds | of processor |\n|---|---|---|")
    for what, seconds, cpu in rows:
        print(f"| {what} | {seconds:.3f} | {cpu:.3f} |")
    print(f"| … of it not the student's own | {1 - own / each:.0%} | {1 - own_cpu / each_cpu:.0%} |")


def make(root: Path, students: int) -> None:
    """Make the course with this many students."""
    handed_in = {f"s{i:03d}": notebook(i) for i in range(students)}
    make_course(root, SLUG, [Sample("p", notebook(0, answered=False), handed_in)])


def grade(root: Path, students: int) -> tuple[float, float]:
    """Grade a class here; return the seconds of wall and processor time."""
    make(root, students)
    # Only the cost of each student counts.
    shutil.rmtree(root / "source")
    shutil.rmtree(root / "release")
    command = [sys.executable, "-m", "autograder", "grade", SLUG, "--jobs", "1", "--course", str(root)]
    return measure(command, Path.cwd())


_ALONE = """
import json, os, resource, sys, time
from IPython.core.interactiveshell import InteractiveShell
import matplotlib.pyplot, numpy
os.environ['MPLBACKEND'] = 'module://matplotlib_inline.backend_inline'
class Shell(InteractiveShell):
    def enable_gui(self, gui=None):
        pass
shell = Shell.instance()
shown = []
shell.display_pub.publish = lambda data, *_, **__: shown.append(data)
shell.enable_matplotlib('inline')
for cells in json.load(sys.stdin):
    child = os.fork()
    if not child:
        started, before = time.perf_counter(), time.process_time()
        for cell in cells:
            result = shell.run_cell(cell)
            assert result.success, cell
        assert sum('image/png' in data for data in shown) == 2, shown
        os.write(1, json.dumps([time.perf_counter() - started, time.process_time() - before]).encode() + b"\\n")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""


def alone(students: int) -> tuple[float, float]:
    """Return the seconds of wall and processor time of a student's cells alone."""
    cells = [[c["source"] for c in notebook(i)["cells"]] for i in range(students)]
    done = subprocess.run(
        [sys.executable, "-c", _ALONE],
        input=json.dumps(cells),
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    assert len(found) == students, done.stdout[-2000:]
    return sum(w for w, _ in found) / students, sum(c for _, c in found) / students


if __name__ == "__main__":
    main()
