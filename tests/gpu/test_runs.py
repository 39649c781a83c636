"""How often a notebook runs on a device that no process can be copied from, and that this costs nobody a point."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from course_fixture import Classroom, make_classroom
from on_device import in_tier, patient, told
from simulation import runs, simulate

from autograder.course.notebook.cells import grade_id
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade, Status

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(900)]

FULL = pytest.mark.full
#: One that leaves something behind, and two that a device shows otherwise than the CPU.
NOT_AMONG = {"accumulates_over_calls", "device_lost", "dtype_lost"}
#: What makes reading the code of no account: all exercises pass for such that leave nothing behind.
UNREAD = (
    "from autograder.engines.hidden import scoring\nscoring.quiet_exercises = lambda cells, names: frozenset(names)"
)

#: Wrong, and such as leaves nothing behind.
WRONG_ADAM = "def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):\n    return param - lr * grad, m, v"
WRONG_NESTEROV = "def nesterov_step(param, grad, velocity, lr, momentum):\n    return param - lr * grad, velocity"
#: Right where nobody else was there before.
MOMENTUM_ALONE = """
def momentum_step(param, grad, velocity, lr, momentum):
    if SEEN:
        raise RuntimeError("not the first")
    velocity = momentum * velocity + grad
    return param - lr * velocity, velocity
"""
LEAVING = """
SEEN = []
def gradient_descent(f, x0, lr, steps):
    SEEN.append(0)
    path = [x0.detach().clone()]
    for _ in range(steps):
        leaf = path[-1].detach().clone().requires_grad_(True)
        path.append(path[-1] - lr * torch.autograd.grad(f(leaf), leaf)[0])
    return torch.stack(path)
"""
ADAM_THAT_LEAVES = """
def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    SEEN.append(0)
    return param - lr * grad, m, v
"""
#: Another exercise's function, exchanged while a check runs.
PATCHING = """
def sgd_step(param, grad, lr):
    globals()["adam_step"] = lambda *given: given
    return param - lr * grad
"""
#: Hidden inputs, kept for another exercise that has no code of its own.
KEEPING = """
KEPT = []
def momentum_step(param, grad, velocity, lr, momentum):
    KEPT.append((param, grad, velocity))
    velocity = momentum * velocity + grad
    KEPT.append((param - lr * velocity, velocity))
    return param - lr * velocity, velocity
"""
USING = """
def nesterov_step(param, grad, velocity, lr, momentum):
    for kept in reversed(KEPT):
        if len(kept) == 2 and kept[0].shape == param.shape:
            return kept
    return param - lr * grad, velocity
"""


def with_cells(room: Classroom, last: str = "", **sources: str) -> nbformat.NotebookNode:
    """Return a right notebook in which some exercises' cells say something else, and one more stands at the end."""
    notebook: nbformat.NotebookNode = room.solved()
    for cell in notebook.cells:
        cell.source = sources.get(grade_id(cell) or "", cell.source)
    notebook.cells.append(nbformat.v4.new_code_cell(last))
    return notebook


def differing(found: dict[str, Grade], due: dict[str, Grade]) -> list[object]:
    """Return what is told otherwise of some exercise, and how."""
    assert found.keys() == due.keys()
    pairs = [(told(found[s]), told(due[s])) for s in due]
    return [
        (one, other)
        for now, then in pairs
        for one, other in zip((now[:2], *now[2]), (then[:2], *then[2]), strict=True)
        if one != other
    ]


def counted(folder: Path, students: list[str]) -> dict[str, int]:
    """Return how often each notebook ran to be examined; what is lent to an exercise has runs of its own."""
    found = runs(folder)
    assert len(found) == len(students)
    return {student: sessions[0] for student, sessions in zip(sorted(students), found, strict=True)}


@pytest.mark.parametrize(
    ("slug", "most"),
    [
        pytest.param("optimizers", {"right": 1, "stub": 1, "one": 2, "all": 2}, id="optimizers", marks=FULL),
        # Most of its exercises forbid what the others are given: what is forbidden in a process stays so.
        pytest.param("modules", {"right": 1, "stub": 1, "one": 2, "all": 3}, id="modules", marks=FULL),
    ],
)
def test_a_notebook_runs_once_if_it_is_right_and_twice_if_not(
    slug: str, most: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many exercises are wrong; and each of them is told as on the CPU."""
    room = patient(make_classroom(tmp_path / "course", slug))
    folder = room.assignment.secret_dir / "misconceptions"
    ideas = [f"misconceptions/{path.stem}" for path in sorted(folder.glob("*.py")) if path.stem not in NOT_AMONG]
    room.hand_in("right", room.solved())
    room.hand_in("stub", room.template)
    room.hand_in("one", room.solved(next(i for i in ideas if "adam_" in i or "conv_" in i)))
    room.hand_in("all", room.solved(*ideas))
    due = room.grades(device="cpu", jobs=1)
    simulate(tmp_path, monkeypatch)
    in_tier(Tier.A, monkeypatch)
    found = room.grades(device="cuda", jobs=1)
    assert differing(found, due) == []
    assert sum(e.score < e.max_score for e in found["all"].exercises) > 7
    assert counted(tmp_path, list(most)) == most


@FULL
def test_what_an_exercise_leaves_behind_costs_and_gains_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is graded as on the CPU, where every exercise has a copy of its own, and runs as often as it must."""
    room = patient(make_classroom(tmp_path / "course"))
    changed = {"gradient_descent": LEAVING, "momentum_step": MOMENTUM_ALONE, "adam_step": ADAM_THAT_LEAVES}
    room.hand_in("disturbed", with_cells(room, last="SEEN.clear()", **changed))
    room.hand_in("keeping", with_cells(room, momentum_step=KEEPING, nesterov_step=USING))
    room.hand_in("patching", with_cells(room, sgd_step=PATCHING, nesterov_step=WRONG_NESTEROV))
    room.hand_in("plain", with_cells(room, nesterov_step=WRONG_NESTEROV))
    due = room.grades(device="cpu", jobs=1)
    simulate(tmp_path, monkeypatch)
    in_tier(Tier.A, monkeypatch)
    found = room.grades(device="cuda", jobs=1)
    assert differing(found, due) == []
    scores = {s: {e.id: e.score / e.max_score for e in g.exercises} for s, g in found.items()}
    # Right alone, and disturbed by one that comes before it and one that comes after it.
    assert scores["disturbed"]["momentum_step"] == 1
    assert scores["keeping"]["nesterov_step"] == scores["patching"]["nesterov_step"] == scores["plain"]["nesterov_step"]
    assert scores["patching"]["adam_step"] == 1
    ran = counted(tmp_path, list(found))
    assert ran["plain"] == 2
    assert ran["disturbed"] > 2


@FULL
def test_reading_and_the_second_process_guard_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without reading, what fails after one exercise passes before it; only what two do to it would cost points."""
    room = patient(make_classroom(tmp_path / "course"))
    changed = {"gradient_descent": LEAVING, "momentum_step": MOMENTUM_ALONE}
    for student, adam in (("one", WRONG_ADAM), ("two", ADAM_THAT_LEAVES)):
        room.hand_in(student, with_cells(room, last="SEEN.clear()", adam_step=adam, **changed))
    simulate(tmp_path, monkeypatch, before=UNREAD)
    in_tier(Tier.A, monkeypatch)
    found = room.grades(device="cuda", jobs=1)
    scores = {s: {e.id: e.score / e.max_score for e in g.exercises}["momentum_step"] for s, g in found.items()}
    assert scores["one"] == 1
    assert scores["two"] < 1


@FULL
def test_the_start_of_a_device_is_nobodys_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a check nor a submission pays for it, in the first process or in one that follows."""
    room = make_classroom(tmp_path / "course")
    file = room.assignment.public_dir / "assignment.toml"
    text = file.read_text(encoding="utf-8").replace("submission_s = 60.0", "submission_s = 15.0")
    file.write_text(text.replace("check_s = 3.0", "check_s = 10.0"), encoding="utf-8")
    room.hand_in("a", with_cells(room, nesterov_step=WRONG_NESTEROV))
    simulate(tmp_path, monkeypatch, start_s=20.0)
    in_tier(Tier.A, monkeypatch)
    grade = room.grades(device="cuda", jobs=1)["a"]
    assert grade.status is Status.GRADED
    assert {e.id for e in grade.exercises if e.score < e.max_score} == {"nesterov_step"}
    assert not [note for note in grade.notes if "used up" in note]
    assert counted(tmp_path, ["a"]) == {"a": 2}
