"""One line tells the grading person, once for the class, what stopped the same cells and what to install (item 2)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from course_fixture import make_classroom
from real.corpus import HABITS
from real.gradings import hand_in

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(600)]
_MISSING = next(h for h in HABITS if h.name == "torchinfo")


@pytest.mark.full
def test_the_summary_groups_what_is_missing(tmp_path: Path) -> None:
    """Three notebooks import a missing package: one line names it, the number of notebooks, and the remedy."""
    classroom = make_classroom(tmp_path / "course")
    for student in ("ada", "emmy", "sofia"):
        hand_in(classroom, _MISSING, student)
    hand_in(classroom, None, "grace")
    command = [
        sys.executable,
        "-m",
        "autograder",
        "grade",
        "optimizers",
        "--jobs",
        "2",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "300"}, cwd=classroom.root
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "torchinfo" in line]
    assert lines, done.stdout + done.stderr
    said = " ".join(lines)
    assert "3 notebooks" in said
    assert "pip install torchinfo" in said
    page = (classroom.root / "feedback" / "ada" / "optimizers" / "optimizers.html").read_text(encoding="utf-8")
    assert page.index("torchinfo") < page.index("gradient_descent"), "the stop stands on top of the page"
