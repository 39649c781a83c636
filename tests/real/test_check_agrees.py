"""`autograder check` and `grade` say the same of the same notebooks (item 9).

It runs them in a plain kernel as the current user, so only habits that leave the machine alone are tried here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from course_fixture import Classroom, make_classroom
from real.corpus import HABITS
from real.gradings import FULL, hand_in, solved
from real.habit import Habit

#: No points of these depend on what a machine has, and none of them changes a machine.
_OFTEN = (
    "torchinfo",
    "helper-after-a-missing-package",
    "name-error",
    "grad-off",
    "function-deleted",
    "constant-changed-later",
    "file-browser-copy",
    "form-saved-by-colab",
)
_RARELY = (
    "colab-drive",
    "gpu-asserted",
    "default-device-cuda",
    "raise",
    "sys-exit",
    "unfinished-function",
    "input",
    "own-assertion",
    "matplotlib-widget",
    "use-tkagg",
    "default-dtype-double",
    "warnings-are-errors",
    "errstate-raises",
    "letters",
    "float-and-int",
    "sum-and-list",
    "function-again",
    "class-again",
    "chain-again",
    "sigmoid-with-autograd",
    "endless-at-the-end",
    "endless-in-the-middle",
    "training-at-the-end",
    "stub-above-the-solution",
    "form-two-merged",
    "form-all-in-one-cell",
    "form-tests-on-top",
    "form-bare-with-comments",
    "file-text-ending",
    "file-surname",
    "photos-over-20-mb",
)
_BY_NAME = {habit.name: habit for habit in HABITS}
_CHOSEN = [_BY_NAME[name] for name in ((*_OFTEN, *_RARELY) if FULL else _OFTEN[::6])]


def check(path: Path) -> subprocess.CompletedProcess[str]:
    """Run `autograder check` as a student does."""
    environment = {**os.environ, "COLUMNS": "200"}
    command = [sys.executable, "-m", "autograder", "check", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=path.parent)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("habit", _CHOSEN, ids=[h.name for h in _CHOSEN])
def test_check_says_what_grade_says(tmp_path: Path, habit: Habit) -> None:
    """Every exercise of a right notebook agrees with its examples, with any cells around it."""
    classroom = make_classroom(tmp_path / "course", habit.slugs[0])
    hand_in(classroom, habit, "me")
    done = check(_notebook(classroom))
    exercises = len(classroom.assignment.coded)
    if habit.but:
        assert all(word in done.stdout + done.stderr for word in habit.told), done.stderr
        return
    assert f"{exercises} of {exercises} exercises agree" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.timeout(300)
def test_check_names_what_is_forbidden(tmp_path: Path) -> None:
    """A subclass of torch's own Adam gets no points from grade, and check says so first."""
    classroom = make_classroom(tmp_path / "course")
    notebook = solved(classroom.assignment)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "Adam":
            cell.source = "class Adam(torch.optim.Adam):\n    pass"
    done = check(classroom.hand_in("me", notebook))
    line = next(line for line in done.stdout.splitlines() if line.split()[1:2] == ["Adam"])
    assert not line.startswith("ok"), line
    assert "torch.optim.Adam" in done.stdout
    assert done.returncode == 1


@pytest.mark.timeout(300)
def test_check_names_what_one_exercise_forbids(tmp_path: Path) -> None:
    """The exercise that uses it does not agree; another one that uses it does."""
    classroom = make_classroom(tmp_path / "course")
    path = classroom.assignment.public_dir / "assignment.toml"
    entry = 'id = "sgd_step"\n'
    path.write_text(
        path.read_text(encoding="utf-8").replace(entry, f'{entry}forbidden = ["torch.lerp"]\n'), encoding="utf-8"
    )
    notebook = solved(classroom.assignment)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name == "sgd_step":
            cell.source = "step = torch.lerp\ndef sgd_step(param, grad, lr):\n    return step(param, param - grad, lr)"
        elif name == "momentum_step":
            cell.source = (
                "def momentum_step(param, grad, velocity, lr, momentum):\n    velocity = momentum * velocity + grad\n"
                "    return torch.lerp(param, param - velocity, lr), velocity"
            )
    done = check(classroom.hand_in("me", notebook))
    rows = {line.split()[1]: line for line in done.stdout.splitlines() if line.startswith(("ok", "WRONG"))}
    assert "torch.lerp is what this assignment asks you to write" in rows["sgd_step"], done.stdout
    assert rows["momentum_step"].startswith("ok"), done.stdout


def _notebook(classroom: Classroom) -> Path:
    """Return the largest file that was handed in, which is the notebook."""
    folder = classroom.root / "submitted" / "me" / classroom.assignment.slug
    files = [p for p in folder.rglob("*") if p.is_file() and "checkpoint" not in p.name]
    return max(files, key=lambda p: p.stat().st_size)
