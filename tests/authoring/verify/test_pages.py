"""What the documentation explains is an assignment that is sound: reference, stubs, misconceptions, sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_assignment import make_from_page

from autograder.authoring.verify import SilentVerifyProgress, VerifyOptions, verify_assignment


@pytest.mark.sandbox
@pytest.mark.timeout(300)
def test_the_exercises_of_the_page_about_asking_are_sound(tmp_path: Path) -> None:
    """Arrays, gradients, optimizers, objects, masks, plots: right work passes in a worker, each idea is recognised."""
    make_from_page(tmp_path, "asking", "asking.md")
    report = verify_assignment(tmp_path, "asking", VerifyOptions(seeds=2), SilentVerifyProgress())
    assert [f for f in report.findings if "is failed by no variant" not in f.problem] == []
    assert (report.exercises, report.wrong, report.false_alarms) == (10, 10, 0)
    assert report.notebooks > 0
