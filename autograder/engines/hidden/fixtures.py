"""The pytest plugin with the fixtures and markers of hidden checks, and the stage that the fixtures read.

In a batch, the collected checks run once for each submission, see `scoring`; `pytest_plugin` adds what plain pytest
needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograder.engines.hidden.places import place_of, with_case
from autograder.sentences import Sentence

if TYPE_CHECKING:
    from autograder.checks.numerics.draw import Draw
    from autograder.checks.student import Student

__all__ = ["NEEDLESS", "CheckInfo", "Stage", "check_info", "check_place", "stage_of"]

#: Plugins of pytest that run around every check and are not needed here.
NEEDLESS = (
    "terminal",
    "cacheprovider",
    "logging",
    "warnings",
    "faulthandler",
    "threadexception",
    "unraisableexception",
    "junitxml",
    "pastebin",
    "doctest",
    "stepwise",
    "debugging",
    "setuponly",
    "setupplan",
    "skipping",
)

_MARKERS = (
    "exercise(id): the exercise that a hidden check belongs to",
    "weight(n): how much a hidden check counts within its exercise; default 1",
    "needs(*names): checks of the same exercise that must pass first, or this one is skipped",
    "convention: the check pins a convention that is usual elsewhere in another form",
    "diagnosis(error=id): the misconception to name when the student's code raises in this check",
)


@dataclass(slots=True)
class Stage:
    """What the fixtures give to the check that runs now; `examine` sets it."""

    student: Student | None = None
    reference: Student | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """What the markers and the docstring of a check say."""

    name: str
    exercise: str
    weight: int
    needs: tuple[str, ...]
    convention: bool
    error_diagnosis: str | None
    title: Sentence
    path: Path


_STAGE = pytest.StashKey[Stage]()


def stage_of(config: pytest.Config) -> Stage:
    """Return this run's stage."""
    return config.stash.setdefault(_STAGE, Stage())


def check_info(item: pytest.Item) -> CheckInfo | None:
    """Read a check's markers; None if it belongs to no exercise."""
    exercise = item.get_closest_marker("exercise")
    if exercise is None:
        return None
    weight = item.get_closest_marker("weight")
    needs = item.get_closest_marker("needs")
    diagnosis = item.get_closest_marker("diagnosis")
    function = getattr(item, "obj", None)
    callspec = getattr(item, "callspec", None)
    title = " ".join((getattr(function, "__doc__", None) or item.name).split())
    return CheckInfo(
        name=item.name.removeprefix("test_"),
        exercise=str(exercise.args[0]),
        weight=int(weight.args[0]) if weight else 1,
        needs=tuple(str(n) for n in needs.args) if needs else (),
        convention=item.get_closest_marker("convention") is not None,
        error_diagnosis=str(diagnosis.kwargs["error"]) if diagnosis and "error" in diagnosis.kwargs else None,
        title=with_case(Sentence(title, check_place(item)), callspec.id if callspec is not None else ""),
        path=item.path,
    )


def check_place(item: pytest.Item) -> str:
    """Return the id of a check, for example `course.optimizers/checks/test_adam.py::test_bias_correction`."""
    function = item.name.partition("[")[0]
    # Joined by two colons, as pytest joins them.
    return place_of(item.path, item.path.parents[1], f":{function}")


# -- fixtures ----------------------------------------------------------------------------------------------


def _command(request: pytest.FixtureRequest) -> str:
    """Return the command that grades a notebook with the checks in this folder."""
    return f"pytest solutions/{request.path.parents[1].name}"


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student:
    """What the notebook under test defined: `student.NAME(...)` calls its function NAME in the worker."""
    found = stage_of(request.config).student
    if found is None:
        pytest.skip(f"no submission is being graded: run `{_command(request)}`, or that with --submission NOTEBOOK")
    return found


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> Student:
    """The reference solution, computing in float64 on the CPU."""
    found = stage_of(request.config).reference
    if found is None:
        pytest.skip(f"no assignment is being graded: run `{_command(request)}`")
    return found


@pytest.fixture
def draw(request: pytest.FixtureRequest) -> Draw:
    """Random inputs from the batch's seed and the check's name: the same for every student."""
    from autograder.checks.numerics.draw import Draw

    marker = request.node.get_closest_marker("exercise")
    exercise = str(marker.args[0]) if marker else ""
    return Draw(stage_of(request.config).seed, f"{exercise}/{request.node.name}")


@pytest.fixture
def device() -> str:
    """Where the code under test computes: `cpu` or `cuda`; always `cpu` for the reference and for known wrong ideas."""
    from autograder.checks.assertions import current_device

    return current_device.get()


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
