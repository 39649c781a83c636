"""A judge that needs too much memory ends by itself and says so; a submission counts as the cause only after two."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny_course import cell, make_tiny_course

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.engines.own_limit import BROKEN, MEMORY_CODE, breaks_the_judge
from autograder.engines.registry import open_engine
from autograder.verdict import Status

PROGRAM = """
from autograder.engines.own_limit import ends_out_of_memory, hold_to_limit
hold_to_limit(256 << 20)
with ends_out_of_memory():
    kept = bytearray({size})
"""


@pytest.mark.parametrize(("size", "code"), [("64 << 20", 0), ("1 << 30", MEMORY_CODE)])
def test_a_process_is_held_to_its_limit(size: str, code: int) -> None:
    """Memory within the limit is given; more ends the process with an exit code of its own."""
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(size=size)], timeout=120, check=False)
    assert done.returncode == code


def test_one_death_or_a_death_from_outside_costs_nobody() -> None:
    """Only two judges that both ran out of their own memory blame the submission."""
    assert breaks_the_judge([MEMORY_CODE, MEMORY_CODE])
    assert not breaks_the_judge([MEMORY_CODE])
    assert not breaks_the_judge([MEMORY_CODE, -9])


BOMB = """
import pytest


@pytest.mark.exercise("double")
def test_doubles(student):
    \"\"\"Twice each number; a stand-in for reading that takes all memory.\"\"\"
    if float(student.double(__import__("torch").ones(1))[0]) == 3.0:
        kept = bytearray(8 << 30)
    assert float(student.double(__import__("torch").ones(1))[0]) == 2.0


@pytest.mark.exercise("Counter")
def test_counts(student):
    \"\"\"The other exercise.\"\"\"
    assert float(student.double(__import__("torch").ones(1))[0]) == 2.0
"""


@pytest.mark.full
@pytest.mark.sandbox
def test_what_breaks_two_judges_costs_no_neighbour(tmp_path: Path) -> None:
    """It is tried again alone; then it is ungraded, with a reason, and every exercise asks a person to look."""
    tiny = make_tiny_course(tmp_path / "course")
    (tiny.assignment.checks_dir / "test_all.py").write_text(BOMB, encoding="utf-8")
    for student, factor in (("a", 2), ("b", 3), ("c", 2)):
        notebook: Any = tiny.solved()
        cell(notebook, "double")["source"] = f"def double(x):\n    return {factor} * x"
        tiny.hand_in(student, notebook)
    engine = open_engine(tiny.course, tiny.assignment.slug)
    report = grade_batch(engine, BatchOptions(jobs=1, min_tier="C"), SilentProgress())
    grades = {g.student: g for g in report.grades}
    assert [grades[s].status for s in "abc"] == [Status.GRADED, Status.UNGRADED, Status.GRADED]
    assert grades["b"].reason == BROKEN
    assert [e.review for e in grades["b"].exercises] == [True] * len(tiny.assignment.coded)
    assert grades["a"].score == grades["c"].score == grades["a"].max_score
    log = (engine.course.results_dir / tiny.assignment.slug / ".grader.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
