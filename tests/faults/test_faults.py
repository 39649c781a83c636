"""At least 300 faults at random places, from a fixed seed: nothing is lost, doubled or half-written.

`benchmarks/faults.py` runs any number. A failure names its seed and its chain.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile.enclosure import capped_disk, enclosed, needs_enclosure

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
SEED = 20260
#: With AUTOGRADER_CORPUS=full three hundred, which take three minutes.
REPLAYED, REAL = (299, 2) if os.environ.get("AUTOGRADER_CORPUS", "") == "full" else (15, 0)


def campaign(disk: Path, *options: str) -> dict[str, Any]:
    """Run a campaign in the enclosure; returns its report."""
    needs_enclosure()
    paths = [str(ROOT / "tests"), str(ROOT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "AUTOGRADER_CANARY": ""}
    with capped_disk(disk) as capped:
        os.chmod(capped, 0o755)
        command = [sys.executable, "-m", "faults.campaign", str(capped), *options]
        done = enclosed(command, capped, environment, 850)
    assert done.stdout.strip(), done.stderr[-3000:]
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    sys.stdout.write(json.dumps(report, indent=1))
    return report


def test_whatever_hits_a_batch_the_next_run_makes_it_good(tmp_path: Path) -> None:
    """Kills, full disks, locked and read-only files, interrupts, lost judges, zygotes and workers."""
    numbers = ["--seed", str(SEED), "--replayed", str(REPLAYED), "--real", str(REAL), "--broken", "60"]
    report = campaign(tmp_path / "disk", *numbers)
    assert not report["failures"], "\n\n".join(report["failures"])
    assert sum(report["replayed"].values()) >= REPLAYED
    assert sum(report.get("real", {}).values()) >= REAL
    assert all(report["replayed"].values())
    # And they do find a grader that forgets what it had begun: a result without its files.
    assert report["found_in_broken"]
