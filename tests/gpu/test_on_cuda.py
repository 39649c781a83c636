"""A class on a GPU: student code on the device, the reference in float64 on the CPU; real and simulated."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from course_fixture import make_classroom
from on_device import in_tier, patient, told

from autograder.sandbox.spec import Tier

pytestmark = [pytest.mark.sandbox, pytest.mark.usefixtures("world")]

#: A wrong idea of each assignment, and a style that is right.
WRONG = {
    "activations": "misconceptions/ce_softmax_twice",
    "gradients": "misconceptions/profile_reversed",
    "modules": "misconceptions/conv_mean",
    "optimizers": "misconceptions/adam_swapped_betas",
    "sequential": "misconceptions/chain_python_list",
    "tensors": "misconceptions/mse_broadcasts",
    "training": "misconceptions/epoch_divides_twice",
    "xavier": "misconceptions/xavier_fan_in",
}
STYLES = {
    "activations": "honest/one_hot_and_einsum",
    "gradients": "honest/hooks_and_classes",
    "modules": "honest/like_the_library",
    "optimizers": "honest/numpy_inside",
    "sequential": "honest/own_layers",
    "tensors": "honest/numpy_inside",
    "training": "honest/functional",
    "xavier": "honest/full_backward_hooks",
}
#: The assignment of `make test`, with tensors, drawn numbers and models; `make test-full` grades all.
FEW = {"xavier"}
ON_CPU = "def sgd_step(param, grad, lr):\n    return (param - lr * grad).cpu()"
#: A cell that ends its process, on a real device in the middle of a kernel.
KILLED = """
import os, torch
if torch.cuda.is_available() and hasattr(torch._C, "_cuda_sleep"):
    torch.cuda._sleep(1 << 40)
os.abort()
"""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("slug", [pytest.param(s, marks=[] if s in FEW else pytest.mark.full) for s in sorted(WRONG)])
def test_verdicts_are_those_of_the_cpu(slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference, another style, a wrong idea and the stubs are judged as on the CPU."""
    room = patient(make_classroom(tmp_path / "course", slug))
    room.hand_in("right", room.solved())
    room.hand_in("mixed", room.solved(WRONG[slug], STYLES[slug]))
    room.hand_in("stub", room.template)
    in_tier(Tier.A, monkeypatch)
    due = room.grades(device="cpu", jobs=1)
    found = room.grades(device="cuda", jobs=1)
    assert {g.device for g in found.values()} == {"cuda"}
    assert due["right"].score == due["right"].max_score > due["mixed"].score > due["stub"].score
    assert {s: told(g) for s, g in found.items()} == {s: told(g) for s, g in due.items()}


@pytest.mark.full
@pytest.mark.parametrize("tier", [Tier.B, Tier.C])
def test_other_tiers_grade_the_same(tier: Tier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Full marks without namespaces, and without any isolation."""
    room = make_classroom(tmp_path / "course")
    room.hand_in("right", room.solved())
    in_tier(tier, monkeypatch)
    grade = room.grades(device="cuda", jobs=1, min_tier="C")["right"]
    assert (grade.tier, grade.score) == (tier.value, grade.max_score)


def test_an_answer_on_the_cpu_is_diagnosed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result that left the device is device-lost; on the CPU it could not be seen."""
    room = make_classroom(tmp_path / "course")
    room.hand_in("a", room.edited("sgd_step", ON_CPU))
    in_tier(Tier.A, monkeypatch)
    exercises = {e.id: e for e in room.grades(device="cuda", jobs=1)["a"].exercises}
    assert exercises["sgd_step"].diagnosis == "device-lost"


@pytest.mark.full
def test_two_judges_share_a_device(tmp_path: Path) -> None:
    """One of eight hand-ins ends its process in a kernel, and right work has full marks."""
    room = make_classroom(tmp_path / "course")
    killed = room.solved()
    cell = {**killed.cells[-1], "id": "killed", "cell_type": "code", "source": KILLED, "metadata": {}}
    killed.cells.append(nbformat.from_dict({**cell, "outputs": [], "execution_count": None}))
    room.hand_in("killed", killed)
    for number in range(7):
        room.hand_in(f"right{number}", room.solved())
    grades = room.grades(device="cuda", jobs=2)
    assert {s: g.score for s, g in grades.items()} == {s: g.max_score for s, g in grades.items()}
