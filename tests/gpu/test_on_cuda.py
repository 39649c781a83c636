"""A class on a GPU: student code on the device, the reference in float64 on the CPU; real and simulated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from course_fixture import make_classroom

from autograder.batch.executors import choose
from autograder.sandbox.probe import ProbeResult
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("world")]

#: A wrong idea of each assignment, and a style that is right.
WRONG = {
    "gradients": "misconceptions/profile_reversed",
    "optimizers": "misconceptions/adam_swapped_betas",
    "sequential": "misconceptions/chain_python_list",
    "xavier": "misconceptions/xavier_fan_in",
}
STYLES = {
    "gradients": "honest/hooks_and_classes",
    "optimizers": "honest/numpy_inside",
    "sequential": "honest/own_layers",
    "xavier": "honest/full_backward_hooks",
}
ON_CPU = "def sgd_step(param, grad, lr):\n    return (param - lr * grad).cpu()"
#: The first try after a process that ended in the middle of a kernel.
KILLED = """
import os, torch
if torch.cuda.is_available() and hasattr(torch._C, "_cuda_sleep"):
    torch.cuda._sleep(1 << 40)
os.abort()
"""


def told(grade: Grade) -> object:
    """Return what a student is told, without durations."""
    exercises = [
        (e.id, e.score, e.diagnosis, [(c.name, c.outcome, c.message) for c in e.checks]) for e in grade.exercises
    ]
    return grade.status, grade.score, exercises


def in_tier(tier: Tier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grade in one tier, whatever else this machine offers."""
    monkeypatch.setattr(choose, "prove_cuda", lambda _: ProbeResult(tier, ()))


@pytest.mark.parametrize("slug", sorted(WRONG))
def test_verdicts_are_those_of_the_cpu(slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference, another style, a wrong idea and the stubs are judged as on the CPU."""
    room = make_classroom(tmp_path / "course", slug)
    room.hand_in("right", room.solved())
    room.hand_in("mixed", room.solved(WRONG[slug], STYLES[slug]))
    room.hand_in("stub", room.template)
    in_tier(Tier.A, monkeypatch)
    due = room.grades(device="cpu", jobs=1)
    found = room.grades(device="cuda", jobs=1)
    assert {g.device for g in found.values()} == {"cuda"}
    assert due["right"].score == due["right"].max_score > due["mixed"].score > due["stub"].score
    assert {s: told(g) for s, g in found.items()} == {s: told(g) for s, g in due.items()}


@pytest.mark.parametrize("tier", [Tier.B, Tier.C])
def test_other_tiers_grade_the_same(tier: Tier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Full marks without namespaces, and without any isolation."""
    room = make_classroom(tmp_path / "course")
    room.hand_in("right", room.solved())
    in_tier(tier, monkeypatch)
    grade = room.grades(device="cuda", jobs=1, min_tier="C")["right"]
    assert (grade.tier, grade.score) == (tier.value, grade.max_score)


class TestOneClass:
    """One course for several hand-ins, two judges on one device."""

    @pytest.fixture
    def grades(self, tmp_path: Path) -> dict[str, Grade]:
        """Grade an answer on the CPU, one that ends its process in a kernel, and six that are right."""
        room = make_classroom(tmp_path / "course")
        room.hand_in("cpu", room.edited("sgd_step", ON_CPU))
        killed: Any = room.solved()
        cell = killed.cells[-1]
        killed.cells.append({**cell, "id": "x", "cell_type": "code", "source": KILLED, "outputs": [], "metadata": {}})
        killed.cells[-1]["execution_count"] = None
        room.hand_in("killed", killed)
        for number in range(6):
            room.hand_in(f"right{number}", room.solved())
        return room.grades(device="cuda", jobs=2)

    def test_each_has_its_verdict(self, grades: dict[str, Grade]) -> None:
        """Device-lost is named, a process that ends costs nothing before it, right work has full marks."""
        exercises = {e.id: e for e in grades["cpu"].exercises}
        assert exercises["sgd_step"].diagnosis == "device-lost"
        assert {s: g.score for s, g in grades.items() if s != "cpu"} == {
            s: g.max_score for s, g in grades.items() if s != "cpu"
        }
