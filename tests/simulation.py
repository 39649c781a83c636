"""Batches on the simulated device: zygotes that find it, and judges whose zygotes do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from simulated_cuda import Fault

from autograder.batch.executors import choose, judge_process
from autograder.files import PACKAGE_DIR
from autograder.sandbox import host

__all__ = ["Fault", "simulate"]

_HERE = Path(__file__).resolve().parent

_ZYGOTE = """
import sys
sys.path[:0] = [{here!r}, {root!r}]
from simulated_cuda import Fault, install
install({start_s!r}, {faults!r})
sys.path.remove({here!r})
from autograder.sandbox import zygote
zygote.main()
"""

_JUDGE = """
from pathlib import Path
from autograder.sandbox import host
host._SCRIPT = Path({script!r})
from autograder.engines import judge
judge.main()
"""


def simulate(
    folder: Path, monkeypatch: pytest.MonkeyPatch, faults: Sequence[Fault] = (), *, start_s: float = 0.0
) -> None:
    """Let all zygotes find a simulated device, those of judges in processes of their own too.

    Args:
        folder: an empty one, for two programs.
        monkeypatch: takes it back.
        faults: what goes wrong on the device.
        start_s: what starting it takes, in seconds.
    """
    script = folder / "simulated_zygote.py"
    known = {"here": str(_HERE), "root": str(PACKAGE_DIR.parent)}
    script.write_text(_ZYGOTE.format(**known, start_s=start_s, faults=list(faults)), encoding="utf-8")
    (folder / "simulated_judge.py").write_text(_JUDGE.format(script=str(script)), encoding="utf-8")
    monkeypatch.setattr(host, "_SCRIPT", script)
    monkeypatch.setattr(judge_process, "_PROGRAM", "simulated_judge")
    monkeypatch.setattr(choose, "resolve_device", lambda wanted: "cpu" if wanted == "cpu" else "cuda")
    monkeypatch.setenv("PYTHONPATH", f"{folder}:{PACKAGE_DIR.parent}")
