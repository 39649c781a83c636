"""Students check on machines that cannot confine a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tiny_course import TinyCourse

import autograder

PROGRAM = Path(__file__).with_name("without_linux.py")


def test_windows_runs_a_plain_kernel(tiny: TinyCourse) -> None:
    """Without Linux's modules and calls the notebook runs in a Jupyter kernel, and the command says so."""
    notebook = tiny.hand_in("ada", tiny.solved())
    command = [sys.executable, str(PROGRAM), "check", str(notebook)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tiny.root)
    assert done.returncode == 1, done.stderr
    assert "ok     double" in done.stdout, done.stdout + done.stderr
    assert "to do  Counter" in done.stdout
    assert "a plain Jupyter kernel runs it" in done.stderr
    assert "(Windows has no such process)" in done.stderr


def test_the_program_takes_away_what_the_sandbox_needs() -> None:
    """In that state the sandbox itself cannot be imported."""
    code = "import without_linux as w; w.take_away(); import autograder.sandbox.host"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=PROGRAM.parent)
    assert done.returncode == 1
    assert Path(autograder.__file__).parent.joinpath("sandbox").as_posix() in done.stderr
