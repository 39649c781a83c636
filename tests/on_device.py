"""Grading on a CUDA device, real or simulated, in one tier, and what a student is told of it."""

from __future__ import annotations

import re

import pytest
from course_fixture import Classroom

from autograder.batch.executors import choose
from autograder.sandbox.probe import ProbeResult
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade

__all__ = ["in_tier", "patient", "told"]


def told(grade: Grade) -> tuple[object, object, list[object]]:
    """Return what a student is told, without durations."""
    exercises: list[object] = [
        (e.id, e.score, e.diagnosis, [(c.name, c.outcome, c.message) for c in e.checks]) for e in grade.exercises
    ]
    return grade.status, grade.score, exercises


def patient(room: Classroom) -> Classroom:
    """Give notebooks ten times their time: each operator of the simulated device goes through Python."""
    file = room.assignment.public_dir / "assignment.toml"
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"^(cell_s|check_s|submission_s) = (\d+)", r"\1 = \g<2>0", text, flags=re.MULTILINE)
    file.write_text(text.replace("[limits]", "[limits]\nchecks_s = 1200.0"), encoding="utf-8")
    return room


def in_tier(tier: Tier, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grade in one tier, also where this machine offers others."""
    monkeypatch.setattr(choose, "prove_cuda", lambda _: ProbeResult(tier, ()))
