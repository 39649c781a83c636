"""Starting one judge process; whoever starts it speaks to it over the connection."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from autograder.engines.base import JudgeSetup

__all__ = ["JUDGE", "MAX_LOST_IN_A_ROW", "SLACK_S", "START_S", "start_judge"]

#: A judge that is not ready by then never will be.
START_S = 180.0
#: A judge that answers later than this after its submission's own limit hangs.
SLACK_S = 60.0
MAX_LOST_IN_A_ROW = 3
#: The program that judges by hidden checks.
JUDGE = "autograder.engines.hidden.judge"


def start_judge(
    setup: JudgeSetup, log: Path, scratch: Path | None = None, module: str = JUDGE
) -> tuple[subprocess.Popen[bytes], Connection[Any, Any]]:
    """Start a judge that appends to `log` what it has to say of its own faults, and tell it its setup.

    It keeps its temporary files in `scratch`, or where everybody does. The kernel ends it together with the thread
    that calls this.
    """
    ours, theirs = Pipe()
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        # Two judges on two cores: more threads would only get in each other's way.
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    environment.pop("PYTEST_ADDOPTS", None)
    if scratch is not None:
        environment["TMPDIR"] = str(scratch)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, str(theirs.fileno()), str(os.getpid())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=file,
            env=environment,
            # Ctrl-C at the terminal is for the coordinator, which then tells the judges.
            start_new_session=True,
        )
    theirs.close()
    with contextlib.suppress(OSError):  # it died just now; whoever listens finds it
        ours.send(setup)
    return process, ours
