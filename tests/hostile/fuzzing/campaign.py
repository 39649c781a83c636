"""Run the coverage-guided fuzzer on one target for a limited time, and read its report."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Campaign", "fuzz"]

_ENGINE = Path(__file__).with_name("engine.py")
#: For the imports, the seeds, and an input of the longest allowed time, on a busy machine.
_START_S = 300


@dataclass(frozen=True)
class Campaign:
    """What one run tried, and what it found.

    `edges` and `features` are libFuzzer's counts of covered branches of `autograder`; `finding` is the end of its
    report if an input failed, and `input` that input.
    """

    target: str
    seconds: float
    executions: int
    edges: int
    features: int
    corpus: int
    finding: str | None
    input: bytes | None

    @property
    def per_second(self) -> float:
        """Executions per second."""
        return self.executions / self.seconds if self.seconds else 0.0


def fuzz(jobs: Sequence[str], seconds: int, *, seed: int = 0) -> dict[str, Campaign]:
    """Fuzz each job, `TARGET` or `TARGET:PLANTED`, for this many seconds; return the results by name.

    Raises:
        RuntimeError: if the fuzzer itself did not work.
    """
    with tempfile.TemporaryDirectory(prefix="fuzz") as name:
        folder = Path(name)
        done = subprocess.run(
            [sys.executable, str(_ENGINE), name, str(seconds), *jobs, f"--seed={seed}"],
            env={**os.environ, "TMPDIR": name, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_START_S + len(jobs) * (max(seconds, 150) + _START_S),
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"the fuzzer ended with {done.returncode}:\n{done.stderr[-3000:]}")
        return {job: _read(job, seconds, folder) for job in jobs}


def _read(job: str, seconds: int, folder: Path) -> Campaign:
    log = (folder / f"{job}.log").read_text(encoding="utf-8", errors="replace")
    found = folder / f"{job}.found"
    status = re.findall(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)", log, re.MULTILINE)
    elapsed = re.search(r"^Done \d+ runs in (\d+) second", log, re.MULTILINE)
    reported = re.search(r"=== Uncaught Python exception: ===|^==\d+== ?ERROR: ", log, re.MULTILINE)
    # One of the seeds may be a finding already.
    if reported is None and (elapsed is None or not status):
        raise RuntimeError(f"the fuzzer did not work:\n{log[-3000:]}")
    stats = dict(re.findall(r"^stat::(\w+):\s+(\d+)", log, re.MULTILINE))
    executions, edges, features, kept = (int(n) for n in status[-1]) if status else (0, 0, 0, 0)
    return Campaign(
        target=job,
        seconds=float(elapsed.group(1)) if elapsed else float(seconds),
        executions=int(stats.get("number_of_executed_units", executions)),
        edges=edges,
        features=features,
        corpus=kept,
        finding=log[reported.start() :][:4000] if reported else None,
        input=found.read_bytes() if found.exists() else None,
    )
