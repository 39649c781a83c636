"""A judge that needs too much memory ends by itself and says so; a submission counts as the cause only after two."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.course.assignment import load_assignment
from autograder.engines.hidden.own_limit import MEMORY_CODE, breaks_the_judge, broken_grade
from autograder.files import PACKAGE_DIR
from autograder.verdict import Status

PROGRAM = """
from autograder.engines.hidden.own_limit import ends_out_of_memory, hold_to_limit
hold_to_limit(256 << 20)
with ends_out_of_memory():
    kept = bytearray({size})
"""


@pytest.mark.parametrize(("size", "code"), [("64 << 20", 0), ("1 << 30", MEMORY_CODE)])
def test_a_process_is_held_to_its_limit(size: str, code: int) -> None:
    """What fits is given; what does not ends the process with the code of its own."""
    done = subprocess.run([sys.executable, "-c", PROGRAM.format(size=size)], timeout=120, check=False)
    assert done.returncode == code


def test_one_death_or_a_death_from_outside_costs_nobody() -> None:
    """Only two judges that both ran out of their own memory tell of the submission."""
    assert breaks_the_judge([MEMORY_CODE, MEMORY_CODE])
    assert not breaks_the_judge([MEMORY_CODE])
    assert not breaks_the_judge([MEMORY_CODE, -9])


def test_what_breaks_judges_is_shown_to_a_person() -> None:
    """It has no points, and every exercise asks for a look."""
    assignment = load_assignment(PACKAGE_DIR.parent, "xavier")
    grade = broken_grade(assignment, "s1", seed=1, device="cpu", tier="A", sha256="0" * 64)
    assert grade.status is Status.GRADED
    assert grade.score == 0
    assert [e.review for e in grade.exercises] == [True] * len(assignment.coded)
