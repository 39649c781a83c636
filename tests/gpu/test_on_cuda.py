"""The same class on a GPU: student code on the device, the reference in float64 on the CPU."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from course_fixture import Classroom, make_classroom

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device and a CUDA build of torch"),
]

ON_CPU = "def sgd_step(param, grad, lr):\n    return (param - lr * grad).cpu()"


@pytest.fixture
def classroom(tmp_path: Path) -> Classroom:
    """A new course."""
    return make_classroom(tmp_path / "course")


def test_the_reference_has_full_marks_on_the_gpu(classroom: Classroom) -> None:
    """Every check passes with the student's tensors on the device."""
    classroom.hand_in("a", classroom.solved())
    grade = classroom.grades(device="cuda", jobs=1)["a"]
    assert grade.device == "cuda"
    assert grade.score == grade.max_score


def test_an_answer_on_the_cpu_is_diagnosed(classroom: Classroom) -> None:
    """A result that left the device is device-lost."""
    classroom.hand_in("a", classroom.edited("sgd_step", ON_CPU))
    exercises = {e.id: e for e in classroom.grades(device="cuda", jobs=1)["a"].exercises}
    assert exercises["sgd_step"].diagnosis == "device-lost"


def test_misconceptions_are_diagnosed_on_the_gpu_too(classroom: Classroom) -> None:
    """The numbers of a wrong idea are recognised wherever they were computed."""
    classroom.hand_in("a", classroom.solved("misconceptions/adam_swapped_betas"))
    exercises = {e.id: e for e in classroom.grades(device="cuda", jobs=1)["a"].exercises}
    assert exercises["adam_step"].diagnosis == "adam-swapped-betas"


def test_random_weights_and_models_are_judged_on_the_gpu(tmp_path: Path) -> None:
    """Generators, weights and models live on the device; statistics and variances are those of the CPU."""
    room = make_classroom(tmp_path / "xavier", "xavier")
    room.hand_in("right", room.solved())
    room.hand_in("wrong", room.solved("misconceptions/xavier_fan_in"))
    grades = room.grades(device="cuda", jobs=1)
    assert grades["right"].score == grades["right"].max_score
    exercises = {e.id: e for e in grades["wrong"].exercises}
    assert exercises["xavier_uniform_"].diagnosis == exercises["xavier_normal_"].diagnosis == "xavier-fan-in"
