"""The assignments that the documentation explains are sound: reference, stubs, misconceptions, sandbox."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from sample_assignment import follow_page, lines_by_hand, make_from_page, page

from autograder.authoring.verify import SilentVerifyProgress, VerifyOptions, verify_assignment
from autograder.cli import main


@pytest.mark.full
@pytest.mark.sandbox
@pytest.mark.timeout(300)
def test_the_exercises_of_the_page_about_asking_are_sound(tmp_path: Path) -> None:
    """Arrays, gradients, optimizers, objects, masks, plots: right work passes in a worker, each idea is recognised."""
    make_from_page(tmp_path, "asking", "asking.md")
    report = verify_assignment(tmp_path, "asking", VerifyOptions(seeds=2), SilentVerifyProgress())
    assert [f for f in report.findings if "is failed by no variant" not in f.problem] == []
    assert (report.exercises, report.wrong, report.false_alarms) == (14, 14, 0)
    assert report.notebooks > 0


@pytest.mark.sandbox
@pytest.mark.timeout(300)
def test_who_follows_the_worked_example_has_a_sound_assignment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Attention: the page says how many lines are written by hand, at most 400, and `verify` finds nothing."""
    count = lines_by_hand("attention.md")
    assert count <= 400
    assert f"{count} lines" in page("attention.md")
    (tmp_path / "assignments").mkdir()

    def run(words: list[str]) -> None:
        monkeypatch.setattr("sys.argv", ["autograder", *words, "--course", str(tmp_path)])
        with contextlib.suppress(SystemExit):
            main()

    follow_page(tmp_path, "attention", "attention.md", run)
    silent = SilentVerifyProgress()
    assert verify_assignment(tmp_path, "attention", VerifyOptions(static=True), silent).findings == ()
    report = verify_assignment(tmp_path, "attention", VerifyOptions(seeds=2), silent)
    assert report.findings == ()
    assert (report.exercises, report.points, report.written_points) == (3, "10", "2")
