"""An adversary uses all messages about a hidden check to spell out its input, through the real `grade`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tiny_course import cell, make_tiny_course

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.engines.hidden.accountant import MOST
from autograder.verdict import CheckResult, ExerciseResult

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300), pytest.mark.full]

#: The number of inputs; the adversary tries to tell each from all others.
INPUTS = 700

CHECKS = f"""
import pytest, torch
from autograder.checks.assertions import close

@pytest.mark.exercise("double")
@pytest.mark.parametrize("k", range({INPUTS}))
def test_doubles(student, reference, k):
    '''The answer is twice the number.'''
    x = torch.arange(6, dtype=torch.float64) + 10 * k
    close(student.double(x), reference.double(x), "the double")

@pytest.mark.exercise("Counter")
def test_counts(student):
    assert student.tools.example("Counter(1).up(2)") == 3
"""

#: Each way to answer is tried for another input: types of exceptions on many lines, a class and a message with the
#: number, shapes, types of values, factors, places, and how long it takes.
ADVERSARY = """
import torch, time, os, builtins
KINDS = [e for n in sorted(dir(builtins)) if isinstance(e := getattr(builtins, n), type) and issubclass(e, Exception)]
def double(x):
    k = round(float(x[0])) // 10
    right, way, k = 2 * x, k % 7, k // 7
    if way == 0:
        return right * (1 + k / 100)
    if way == 1:
        right[k % 6] += 1 + k
        return right
    if way == 2:
        return right.reshape(*([1] * (k % 8)), -1).to([torch.float32, torch.float64, torch.int64][k % 3])[..., : k + 1]
    if way == 3:
        time.sleep(0.004 * (k % 16))
        return right
    if way == 4:
        return [None, "%d" % k, [k] * k, {k: k}, type("K%d" % k, (), {})(), float("nan"), right.numpy(), k][k % 8]
    kind = KINDS[k % len(KINDS)] if way == 5 else type("Told%d" % k, (Exception,), {})
    try:
        error = kind("the number is %d" % k)
    except Exception:
        error = ValueError(k)
"""


def adversary() -> str:
    """Return the code, which can raise on any of many lines."""
    lines = [f"    if k % 24 == {n}:\n        raise error" for n in range(24)]
    return ADVERSARY + "\n".join(lines) + "\n"


def told(exercise: ExerciseResult, check: CheckResult) -> str:
    """Return everything that is told about a check."""
    fault = exercise.fault
    return json.dumps([check.outcome.value, check.message, check.seconds, fault.source if fault else None])


def test_what_is_told_of_a_check_is_one_of_256(tmp_path: Path) -> None:
    """For any answers, the student reads one of few texts, and no number of the inputs."""
    tiny = make_tiny_course(tmp_path / "course")
    (tiny.assignment.checks_dir / "test_tiny.py").write_text(CHECKS, encoding="utf-8")
    notebook = tiny.solved()
    cell(notebook, "double")["source"] = adversary()
    tiny.hand_in("eve", notebook)
    report = grade_batch(tiny.engine, BatchOptions(jobs=1, device="cpu"), SilentProgress())
    (grade,) = report.grades
    exercise = grade.exercises[0]
    assert len(exercise.checks) == INPUTS
    texts = {told(exercise, check) for check in exercise.checks}
    # It does spell something out, in each of its ways.
    assert 30 < len(texts) <= MOST
    folder = tiny.root / "feedback" / "eve" / "tiny"
    shown = (folder / "tiny.html").read_text(encoding="utf-8")
    stored = (tiny.root / "results" / "tiny" / "eve.json").read_text(encoding="utf-8")
    for place in (shown, stored):
        assert not re.search(r"Told\d|K\d+\b|the number is \d", place.replace(ADVERSARY, ""))
