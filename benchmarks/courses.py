"""Grade courses of many kinds with `nbgrader autograde` and here, in tiers A and B, and compare cell by cell.

Prints a Markdown table with the seconds of each, starts included. A difference that is in the parity table of
docs/nbgrader.md is shown with its row there; the exit code is 1 if there is any other. The courses import more than
the grader needs:

    .venv/bin/python -m pip install pyarrow scikit-learn plotly tqdm
    .venv/bin/python benchmarks/courses.py
"""

from __future__ import annotations

import argparse
import fnmatch
import functools
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from course_samples import CourseSample, courses
from nbgrader_samples import Scores, environment, put, read_scores, run_nbgrader

SLUG = "ps"
MAX_S = 1800
DOCS = Path(__file__).resolve().parent.parent / "docs" / "nbgrader.md"
#: `autograder`, in a tier that the machine offers besides its strongest.
_IN_TIER = """
import sys
from autograder.cli import main
from autograder.sandbox import probe
from autograder.sandbox.spec import Tier
tier = Tier(sys.argv.pop(1))
probe.probe = lambda: probe.ProbeResult(tier, ())
main()
"""


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="*", help="names of courses, with * and ?")
    parser.add_argument("--tiers", default="AB", help="the tiers to try")
    parser.add_argument("--jobs", type=int, default=2, help="parallel judges")
    parser.add_argument("--keep", type=Path, help="leave the courses in this directory")
    options = parser.parse_args()
    rows, found, failed = [], [], []
    with tempfile.TemporaryDirectory() as name:
        for sample in courses():
            if not fnmatch.fnmatch(sample.name, options.only):
                continue
            missing = [m for m in sample.needs if find_spec(m) is None]
            if missing:
                failed.append(f"{sample.name}: not graded, for {', '.join(missing)} is not installed")
                continue
            folder = (options.keep or Path(name)) / sample.name.replace(", ", "-").replace(" ", "-")
            _open_to_others(folder)
            variables = make(folder / "base", sample)
            native, seconds = by_nbgrader(folder, variables)
            times, same = [f"{seconds:.1f} s"], []
            for tier in options.tiers:
                ours, seconds, log = by_us(folder, tier, options.jobs, variables)
                times.append(f"{seconds:.1f} s")
                differ = [
                    key for key in sorted(native.keys() | ours.keys()) if native.get(key, -1) != ours.get(key, -1)
                ]
                found += [Difference(sample, tier, *key, native.get(key), ours.get(key)) for key in differ]
                same.append(str(len(native) - len(differ)))
                if not ours:
                    failed.append(f"{sample.name}, tier {tier}: nothing was graded. {log}")
            students = len({s for s, _, _ in native})
            shown = " and ".join(dict.fromkeys(same))
            rows.append(f"| {sample.name} | {students} | {len(native)} | {shown} | {' | '.join(times)} |")
            print(rows[-1], file=sys.stderr, flush=True)
    heads = ["course", "students", "cells", "the same", "nbgrader", *(f"here, tier {tier}" for tier in options.tiers)]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    print("\n".join(rows))
    named = lines_of([d for d in found if d.row])
    unnamed = [*lines_of([d for d in found if not d.row]), *failed]
    for title, lines in (("as docs/nbgrader.md says", named), ("and no row says so", unnamed)):
        if lines:
            print(f"\nDifferent, {title}:\n\n" + "\n".join(f"- {line}" for line in lines))
    return 1 if unnamed else 0


@dataclass(frozen=True)
class Difference:
    """A cell whose scores differ; `row` is its row in the parity table, empty if it has none."""

    sample: CourseSample
    tier: str
    student: str
    notebook: str
    cell: str
    native: float | None
    ours: float | None

    @property
    def row(self) -> str:
        """See above."""
        reasons = self.sample.differs
        reason = reasons.get((self.student, self.cell)) or reasons.get(("*", self.cell))
        return next((row for row in _rows() if reason and row.startswith(reason)), "")


def lines_of(found: Sequence[Difference]) -> list[str]:
    """Describe the differences; those alike for several students and tiers get one line."""
    lines: dict[str, list[Difference]] = {}
    for d in found:
        words = f"{d.sample.name}, {d.notebook}/{d.cell}: {d.native} by nbgrader, {d.ours} here"
        lines.setdefault(f"{words} ({d.row})" if d.row else words, []).append(d)
    return [
        f"{words}; {', '.join(sorted({d.student for d in ds}))}; tiers {''.join(sorted({d.tier for d in ds}))}"
        for words, ds in lines.items()
    ]


@functools.cache
def _rows() -> list[str]:
    """Return the first column of the parity table."""
    text = DOCS.read_text(encoding="utf-8").partition("## Where we differ on purpose")[2].partition("\n## ")[0]
    return [line.split(" | ")[0].lstrip("| ") for line in text.splitlines() if line.startswith("| ")]


def _open_to_others(folder: Path) -> None:
    """Make a directory that other users may read: workers run as other users."""
    folder.mkdir(parents=True)
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.getuid() and path != Path("/"):
            path.chmod(path.stat().st_mode | 0o055)


# -- the courses -----------------------------------------------------------------------------------------------


def make(root: Path, sample: CourseSample) -> dict[str, str]:
    """Make a course, release it, and hand everything in; return the variables of its environment."""
    source = root / "source" / SLUG
    for name, notebook in sample.notebooks.items():
        put(notebook, source / f"{name}.ipynb")
    _write(source, sample.files)
    (root / "nbgrader_config.py").write_text(f"c = get_config()\n{sample.config}", encoding="utf-8")
    variables = {**sample.variables, **(_kernel(root.parent / "environment") if sample.kernel else {})}
    done = run_nbgrader(root, "generate_assignment", SLUG)
    assert done.returncode == 0, done.stderr
    for student in ("right", "blank", *sample.answers):
        folder = root / "submitted" / student / SLUG
        shutil.copytree(root / "release" / SLUG, folder)
        for path in folder.glob("*.ipynb"):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            if student != "blank":
                _answer(notebook, sample.notebooks[path.stem], sample.answers.get(student, {}))
            put(notebook, path)
        _write(folder, sample.beside.get(student, {}))
    return variables


def _answer(notebook: dict[str, Any], solved: Mapping[str, Any], answers: Mapping[str, str]) -> None:
    """Fill the released notebook in, in place: with the answers, and with the solution in all other cells."""
    given = {_grade_id(cell): cell["source"] for cell in solved["cells"]}
    for cell in notebook["cells"]:
        name = _grade_id(cell)
        if name and cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = answers.get(name, _without_marks(given[name]))


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _without_marks(source: str) -> str:
    return "\n".join(line for line in source.split("\n") if "### BEGIN" not in line and "### END" not in line)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _kernel(root: Path) -> dict[str, str]:
    """Make an environment with modules of its own in each way, and a kernel for it; return variables that find it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(root / "kenv")], check=True)
    (packages,) = (root / "kenv" / "lib").glob("python*/site-packages")
    argv = [str(root / "kenv" / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Course", "language": "python", "env": {"OF_THE_KERNEL": "yes"}}
    editable = {"url": f"file://{root}/project", "dir_info": {"editable": True}}
    info = packages / "editable_package-1.dist-info"
    files = {
        packages / "ours.pth": f"{sysconfig.get_path('purelib')}\n",
        packages / "only_in_the_course.py": "TWO = 2\n",
        packages / "more.pth": f"{root}/more\n",
        packages / "editable.pth": f"{root}/project/src\n",
        info / "METADATA": "Metadata-Version: 2.1\nName: editable_package\nVersion: 1\n",
        info / "direct_url.json": json.dumps(editable),
        root / "more" / "by_a_path_file.py": "VALUE = 3\n",
        root / "project" / "src" / "editable_package.py": "from pathlib import Path\nVALUE = 4\n"
        "DATA = Path(__file__).parent.parent / 'data.txt'\n",
        root / "project" / "data.txt": "data",
        root / "pythonpath" / "by_pythonpath.py": "VALUE = 5\n",
        root / "jupyter" / "kernels" / "course-env" / "kernel.json": json.dumps(spec),
    }
    for path, content in files.items():
        _write(path.parent, {path.name: content.encode()})
    return {"JUPYTER_PATH": str(root / "jupyter"), "PYTHONPATH": str(root / "pythonpath")}


# -- both graders ----------------------------------------------------------------------------------------------


def by_nbgrader(folder: Path, variables: Mapping[str, str]) -> tuple[Scores, float]:
    """Grade a copy of the course with nbgrader; return its scores and seconds."""
    root = folder / "nbgrader"
    shutil.copytree(folder / "base", root)
    seconds, _ = _run([sys.executable, "-m", "nbgrader", "autograde", SLUG], root, variables)
    return read_scores(root, SLUG), seconds


def by_us(folder: Path, tier: str, jobs: int, variables: Mapping[str, str]) -> tuple[Scores, float, str]:
    """Grade a copy of the course here; return its scores, its seconds and what was printed."""
    root = folder / f"tier-{tier}"
    shutil.copytree(folder / "base", root)
    command = [sys.executable, "-c", _IN_TIER, tier, "grade", SLUG, "--jobs", str(jobs), "--course", str(root)]
    seconds, log = _run(command, root, variables)
    graded = (root / "results" / SLUG).is_dir()
    return (read_scores(root, SLUG) if graded else {}), seconds, log


def _run(command: list[str], folder: Path, variables: Mapping[str, str]) -> tuple[float, str]:
    started = time.perf_counter()
    env = {**environment(), **variables}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=MAX_S, check=False)
    log = f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    folder.with_suffix(".log").write_text(log, encoding="utf-8")
    return time.perf_counter() - started, log[-1500:]


if __name__ == "__main__":
    sys.exit(main())
