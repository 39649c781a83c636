"""For everything that a worker sends, its judge stays small, says what was cut, and grades the next one as usual."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile.enclosure import capped_disk, enclosed, needs_enclosure

pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.timeout(600)]

HERE = Path(__file__).resolve().parent
MAX_JUDGE_BYTES = 600 << 20
#: Outputs, and as much again for the class's own text and pictures.
MAX_NOTEBOOK_BYTES = 26 << 20


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Grade one submission of each kind that sends too much, and an honest one."""
    needs_enclosure()
    with capped_disk(tmp_path_factory.mktemp("flooded")) as disk:
        environment = {**os.environ, "TMPDIR": str(disk), "PYTHONPATH": str(HERE.parent), "AUTOGRADER_CANARY": "0" * 32}
        done = enclosed([sys.executable, str(HERE / "flooded_judge.py"), str(disk)], disk, environment, 500)
        assert done.returncode == 0, done.stderr[-3000:]
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def test_the_judge_stays_small(flooded: dict[str, Any]) -> None:
    """One judge graded all of them, below 600 MiB at every moment."""
    (peak,) = flooded["peaks"].values()
    assert peak < MAX_JUDGE_BYTES


def test_the_notebooks_that_are_written_stay_small(flooded: dict[str, Any]) -> None:
    """Also with repeated pictures and repeated outputs."""
    assert max(flooded["written"].values()) < MAX_NOTEBOOK_BYTES


def test_nobody_else_pays(flooded: dict[str, Any]) -> None:
    """All of them are graded; the honest notebook and the one with many pictures have all their points."""
    grades = flooded["grades"]
    assert {g["status"] for g in grades.values()} == {"graded"}
    for honest in ("honest", "markdown", "pictures", "texts", "sleepers"):
        assert grades[honest]["score"] == grades[honest]["of"]


def test_what_is_cut_is_said_with_its_limit(flooded: dict[str, Any]) -> None:
    """With the entry that raises it."""
    for student in ("pictures", "texts"):
        assert "`outputs_mib` under `[limits]`" in " ".join(flooded["grades"][student]["notes"])
    assert "`output_kib` under `[limits]`" in " ".join(flooded["grades"]["figures"]["notes"])
