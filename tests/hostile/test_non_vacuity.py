"""The attacks are real: each wins something in a grader that runs hidden tests in the student's process."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from hostile.case import Case
from hostile.corpus import CASES
from hostile.enclosure import capped_disk, enclosed, needs_enclosure
from hostile.listeners import listeners
from hostile.target_course import make_target_course

pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.timeout(600)]

HERE = Path(__file__).resolve().parent


#: Wrong answers without any attack: they win nothing in any grader, or their win would mean nothing.
PLAINLY_WRONG = (
    "def scale(x, factor):\n    return x * 0 - 1",
    "def scale(x, factor):\n    return torch.zeros_like(x)",
    "def scale(x, factor):\n    return object()",
    "def scale(x, factor):\n    return None",
    "def scale(x, factor):\n    return x + factor",
    "def scale(x, factor):\n    raise ValueError('no')",
)


@pytest.fixture(scope="module")
def won(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run every attack that claims to win something through the unprotected grader."""
    needs_enclosure()
    with capped_disk(tmp_path_factory.mktemp("naive")) as disk:
        target = make_target_course(disk / "course")
        cases = {c.name: _source(c, str(target.root)) for c in CASES if c.wins}
        cases |= {f"plain {number}": ("scale", source) for number, source in enumerate(PLAINLY_WRONG)}
        given = {"cases": cases, "tokens": list(target.tokens.values())}
        (disk / "cases.json").write_text(json.dumps(given), encoding="utf-8")
        target.hand_in_all([])
        environment = {**os.environ, "TMPDIR": str(disk), "AUTOGRADER_CANARY": target.tokens["environment"]}
        command = [sys.executable, str(HERE / "naive_grader.py"), "cases.json", "won.json"]
        with listeners(target.tokens["outside"]):
            done = enclosed(command, disk, environment, 500)
        assert done.returncode == 0, done.stderr[-3000:]
        found: dict[str, str] = json.loads((disk / "won.json").read_text(encoding="utf-8"))
        return found


def _source(case: Case, root: str) -> tuple[str, str]:
    ((exercise, source),) = case.cells.items()
    return exercise, source.replace("{COURSE}", root)


def test_every_attack_wins_where_nothing_protects(won: dict[str, str]) -> None:
    """Points for attacks on scoring, a token or a hidden input for theft."""
    idle = [c.name for c in CASES if c.wins and won[c.name] != c.wins]
    assert not idle


def test_a_wrong_answer_alone_wins_nothing_there(won: dict[str, str]) -> None:
    """The unprotected grader does compare: without an attack it refuses wrong answers."""
    assert [won[f"plain {number}"] for number in range(len(PLAINLY_WRONG))] == [""] * len(PLAINLY_WRONG)
