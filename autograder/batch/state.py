"""What a run says about itself in `results/<slug>/.run.json`, for `status` and for the run after it."""

from __future__ import annotations

import json
import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder.files import write_atomically

__all__ = ["RunState"]

_NAME = ".run.json"


@dataclass(frozen=True, slots=True)
class RunState:
    """The last run: who, since when, and how it ended; `ending` is empty while it lasts, and after a SIGKILL."""

    pid: int
    host: str
    #: Seconds since 1970.
    since: float
    #: Submissions that it had to grade.
    total: int
    #: Where its processes keep their temporary files.
    scratch: str = ""
    #: finished, interrupted or failed
    ending: str = ""
    error: str = ""

    @classmethod
    def begin(cls, total: int, scratch: str = "") -> RunState:
        """Describe the run of this process."""
        return cls(os.getpid(), platform.node(), time.time(), total, scratch)

    @classmethod
    def read(cls, folder: Path) -> RunState | None:
        """Return what the last run said; None if there was none, or it cannot be read."""
        try:
            data = json.loads((folder / _NAME).read_text(encoding="utf-8"))
            return cls(
                pid=int(data["pid"]),
                host=str(data["host"]),
                since=float(data["since"]),
                total=int(data["total"]),
                scratch=str(data["scratch"]),
                ending=str(data["ending"]),
                error=str(data["error"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        """Write it into the folder."""
        write_atomically(folder / _NAME, json.dumps(asdict(self)) + "\n", mode=0o600)

    @property
    def began(self) -> str:
        """When it began, in local time."""
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.since))

    @property
    def who(self) -> str:
        """Name the process for a person."""
        return f"process {self.pid} on {self.host}, since {self.began}"
