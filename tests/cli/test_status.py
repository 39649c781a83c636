"""`autograder status`: counts from what lies on the disk, the run that is going on, the last error, the next step."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tiny_course import TinyCourse
from typer.testing import CliRunner

from autograder.batch.lock import exclusive
from autograder.batch.results import Results
from autograder.batch.state import RunState
from autograder.batch.underway import Underway
from autograder.cli import app
from autograder.engines.hidden.engine import HiddenEngine
from autograder.errors import BusyError
from autograder.files import file_sha256
from autograder.verdict import Grade, Status


@pytest.fixture
def batch(tiny: TinyCourse) -> TinyCourse:
    """Six submissions: graded, rejected, ungraded, edited since, half written, and one that waits."""
    engine = HiddenEngine(tiny.course, "tiny")
    results = Results(engine, 7)
    results.save_seed()
    for student in ("done", "bad", "lost", "edited", "half", "waits"):
        path = tiny.hand_in(student, tiny.solved())
        if student == "waits":
            continue
        status = {"bad": Status.REJECTED, "lost": Status.UNGRADED}.get(student, Status.GRADED)
        results.write(
            Grade(
                "tiny", student, status, Fraction(5), Fraction(5), "cpu", "A", 7, file_sha256(path) or "",
                fingerprint=engine.depends.fingerprint,
            )
        )  # fmt: skip
        for folder, name in (("autograded", "tiny.ipynb"), ("feedback", "tiny.html")):
            target = tiny.root / folder / student / "tiny" / name
            target.parent.mkdir(parents=True)
            target.write_text("something", encoding="utf-8")
        if student == "edited":
            path.write_text("{}", encoding="utf-8")
        if student == "half":
            Underway(results.folder).begin(student)
    return tiny


def status(course: TinyCourse, *options: str) -> str:
    """Return what the command prints."""
    result = CliRunner().invoke(app, ["status", "tiny", "--course", str(course.root), *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def status_json(course: TinyCourse) -> dict[str, Any]:
    """Return what it says to programs."""
    said: dict[str, Any] = json.loads(status(course, "--json"))
    return said


def folder(course: TinyCourse) -> Path:
    """Return where results stand."""
    return course.course.results_dir / "tiny"


def test_every_submission_is_counted_once(batch: TinyCourse) -> None:
    """Graded, rejected, ungraded, changed (edited or half written) and waiting."""
    said = status_json(batch)
    assert {k: said[k] for k in ("graded", "rejected", "ungraded", "changed", "waiting")} == {
        "graded": 1,
        "rejected": 1,
        "ungraded": 1,
        "changed": 2,
        "waiting": 1,
    }
    assert (said["submissions"], said["left"], said["running"], said["run"]) == (6, 4, False, None)
    assert "run `autograder grade tiny`: it grades 4" in status(batch)


def test_a_page_that_is_gone_counts_as_changed(batch: TinyCourse) -> None:
    """What `grade` would make again does not count as done; an empty file counts as none."""
    (batch.root / "feedback/bad/tiny/tiny.html").unlink()
    (batch.root / "autograded/done/tiny/tiny.ipynb").write_bytes(b"")
    assert status_json(batch)["changed"] == 4


def test_a_run_that_goes_on_is_named(batch: TinyCourse) -> None:
    """With its process and its number of submissions; meanwhile `grade` and `report` are refused, in the same words."""
    with exclusive(folder(batch), "tiny"):
        RunState.begin(total=4).write(folder(batch))
        said = status_json(batch)
        assert said["running"]
        assert (said["run"]["pid"], said["run"]["ending"]) == (os.getpid(), "running")
        assert f"process {os.getpid()} on" in status(batch)
        with pytest.raises(BusyError, match=f"Another run is at 'tiny' \\(process {os.getpid()}"):
            exclusive(folder(batch), "tiny").__enter__()
    assert not status_json(batch)["running"]


@pytest.mark.parametrize(
    ("ending", "error", "words"),
    [
        ("", "", "was killed; what it had written is kept"),
        ("finished", "", "came to its end"),
        ("interrupted", "Interrupted: 2 of 4 are graded and kept.", "Interrupted: 2 of 4"),
        ("failed", "/course/results: No space left on device", "No space left"),
    ],
)
def test_the_last_run_is_told(batch: TinyCourse, ending: str, error: str, words: str) -> None:
    """How it ended, and its error."""
    replace(RunState.begin(total=4), ending=ending, error=error).write(folder(batch))
    assert words in status(batch)
    run = status_json(batch)["run"]
    assert (run["ending"], run["error"]) == (ending or "killed", error or None)


def test_nothing_is_written(batch: TinyCourse) -> None:
    """The command changes nothing; an unreadable note of a run counts as none."""
    (folder(batch) / ".run.json").write_text("{", encoding="utf-8")
    before = {p: p.stat().st_mtime_ns for p in batch.root.rglob("*")}
    assert status_json(batch)["run"] is None
    assert {p: p.stat().st_mtime_ns for p in batch.root.rglob("*")} == before


def test_without_submissions_it_says_where_they_come_from(tiny: TinyCourse) -> None:
    """A new course is no error."""
    assert "nbgrader collect" in status(tiny)
