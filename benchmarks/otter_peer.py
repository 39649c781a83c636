"""Otter-Grader as a second peer: one notebook at a time through `otter run`, with the visible tests.

It gets its own environment, made once in `build/otter`, which borrows torch and matplotlib from this one.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.read import load_template

__all__ = ["Otter", "prepare"]

PACKAGE = "otter-grader>=6"
MAX_S = 900


class Otter:
    """An installed otter with the tests of one assignment."""

    def __init__(self, folder: Path, autograder: Path) -> None:
        self._otter = folder / "bin" / "otter"
        self._autograder = autograder

    def run(self, notebook: Path, output: Path) -> float:
        """Grade one notebook; return the seconds of wall time that it took."""
        output.mkdir(parents=True, exist_ok=True)
        command = [self._otter, "run", "-a", self._autograder, "-o", output, "--no-logo", notebook.name]
        started = time.perf_counter()
        done = subprocess.run(command, cwd=notebook.parent, capture_output=True, text=True, timeout=MAX_S, check=False)
        seconds = time.perf_counter() - started
        if done.returncode != 0 or not (output / "results.json").is_file():
            sys.exit(f"otter run ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return seconds


def prepare(folder: Path, work: Path, assignment: Assignment) -> Otter | None:
    """Install otter into `folder` if needed, and pack the assignment's visible tests; return None if that fails."""
    if not (folder / "bin" / "otter").exists():
        venv.create(folder, with_pip=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
        if subprocess.run(pip, timeout=MAX_S, check=False).returncode != 0:
            return None
    # Its own packages come first; packages that it lacks are found here.
    site = next(folder.glob("lib/python3*/site-packages"))
    (site / "zz-borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    tests = work / "tests"
    tests.mkdir(parents=True)
    template = load_template(assignment)
    for exercise in assignment.coded:
        source = next(c.source for c in template.cells if grade_id(c) == exercise.test_cell)
        (tests / f"{exercise.id}.py").write_text(_test(exercise.id, float(exercise.points), source), encoding="utf-8")
    packed = work / "autograder.zip"
    flags = ["--no-config", "--no-requirements", "--no-environment"]
    made = subprocess.run(
        [folder / "bin" / "otter", "generate", "-t", tests, "-o", packed, *flags],
        cwd=work,
        capture_output=True,
        text=True,
        timeout=MAX_S,
        check=False,
    )
    return Otter(folder, packed) if made.returncode == 0 else None


def _test(name: str, points: float, source: str) -> str:
    """Write a visible test in otter's doctest format; what it prints is not compared."""
    code = f">>> import contextlib, io\n>>> with contextlib.redirect_stdout(io.StringIO()):\n...     exec({source!r})\n"
    case = {"code": code, "hidden": False, "locked": False}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    return f"OK_FORMAT = True\n\ntest = { ({'name': name, 'points': points, 'suites': [suite]})!r}\n"
