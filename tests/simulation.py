"""Batches on the simulated device: zygotes that find it, and judges with such zygotes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from simulated_cuda import Fault

from autograder.batch.executors import choose, judge_process
from autograder.files import PACKAGE_DIR
from autograder.sandbox import host

__all__ = ["Fault", "runs", "simulate"]

_HERE = Path(__file__).resolve().parent


def runs(folder: Path) -> list[list[int]]:
    """Return for each submission how often its sessions ran its notebook; what is told once is forgotten.

    A submission's first session is the one that it is examined in; each that follows lends one exercise a function.
    """
    file = folder / "runs"
    text = file.read_text(encoding="ascii") if file.exists() else ""
    file.unlink(missing_ok=True)
    return [[len(session) for session in one.split("(")[1:]] for one in text.split("#")[1:]]


_ZYGOTE = """
import sys
sys.path[:0] = [{here!r}, {root!r}]
from simulated_cuda import Fault, install
device = install({start_s!r}, {faults!r})
sys.path.remove({here!r})
from autograder.sandbox import zygote

serve = zygote.Zygote.serve

def counted(self):
    # From here on each fork is a worker.
    device.worker = 0
    serve(self)

zygote.Zygote.serve = counted
zygote.main()
"""

_JUDGE = """
from pathlib import Path
from autograder.sandbox import host
count = Path({folder!r}, "judges")
number = len(count.read_bytes()) if count.exists() else 0
count.write_bytes(bytes(number + 1))
host._SCRIPT = Path({scripts!r}[number >= {judges!r}])
from autograder.engines.hidden.scoring import Grader
from autograder.sandbox.session import Session

def counted(method, mark):
    def count(self, *args, **kwargs):
        with Path({folder!r}, "runs").open("ab") as file:
            file.write(mark)
        return method(self, *args, **kwargs)
    return count

Grader.grade = counted(Grader.grade, b"#")
Session.__init__ = counted(Session.__init__, b"(")
Session._run_cells = counted(Session._run_cells, b".")
{before}
from autograder.engines import judge
judge.main()
"""


def simulate(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    faults: Sequence[Fault] = (),
    *,
    start_s: float = 0.0,
    judges: int = 1000,
    before: str = "",
) -> None:
    """Let all zygotes find a simulated device, also those of judges in other processes.

    Args:
        folder: an empty folder, for two programs.
        monkeypatch: undoes this at the end.
        faults: what goes wrong on the device.
        start_s: how long its start takes, in seconds.
        judges: how many judges have these faults; later ones have none.
        before: code that each judge runs before it starts.
    """
    script, sound = folder / "simulated_zygote.py", folder / "sound_zygote.py"
    known = {"here": str(_HERE), "root": str(PACKAGE_DIR.parent)}
    script.write_text(_ZYGOTE.format(**known, start_s=start_s, faults=list(faults)), encoding="utf-8")
    sound.write_text(_ZYGOTE.format(**known, start_s=start_s, faults=[]), encoding="utf-8")
    chosen = {"folder": str(folder), "scripts": (str(script), str(sound)), "judges": judges, "before": before}
    (folder / "simulated_judge.py").write_text(_JUDGE.format(**chosen), encoding="utf-8")
    monkeypatch.setattr(host, "_SCRIPT", script)
    monkeypatch.setattr(judge_process, "_PROGRAM", "simulated_judge")
    monkeypatch.setattr(choose, "resolve_device", lambda wanted: "cpu" if wanted == "cpu" else "cuda")
    monkeypatch.setenv("PYTHONPATH", f"{folder}:{PACKAGE_DIR.parent}")
