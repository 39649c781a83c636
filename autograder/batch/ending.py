"""How a run ends: its last message, its note for `status`, and how the leftovers of a killed run are removed."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from autograder.batch.interrupts import Interrupts
from autograder.batch.state import RunState
from autograder.errors import AutograderError, GradebookError, Interrupted, OutputError
from autograder.files import explain, sweep

__all__ = ["RunProgress", "flush_at_end", "scratch", "tidy", "told"]

_SCRATCH = "autograder-run-"


class Writing(Protocol):
    """Writes what was graded."""

    @property
    def written(self) -> int:
        """How many submissions are written for good."""


@dataclass(slots=True)
class RunProgress:
    """How far a run is, for its last words."""

    total: int = 0
    recorder: Writing | None = None

    def last_words(self) -> str:
        """Say how much of an interrupted run is kept."""
        done = self.recorder.written if self.recorder is not None else 0
        if done == self.total > 0:
            return (
                f"Interrupted: all {done} are graded. Run the same command again for the summary and the class report."
            )
        return f"Interrupted: {done} of {self.total} are graded and kept. Run the same command again for the rest."


def flush_at_end(flush: Callable[[], None], interrupts: Interrupts, error: BaseException | None) -> None:
    """Write what is left to write when a run ends, with an error or without.

    Raises:
        GradebookError, OSError: as `flush` does, where nothing had gone wrong before.
    """
    if error is None:
        with interrupts.held_off():
            flush()
    elif not isinstance(error, GradebookError):
        # Keep what can be kept. If something else goes wrong now, the first error is still the one to report.
        with contextlib.suppress(GradebookError, OSError, KeyboardInterrupt), interrupts.held_off():
            flush()


@contextlib.contextmanager
def told(counts: RunProgress) -> Iterator[None]:
    """Turn the exception that ends a run into an error with a message for people."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(counts.last_words()) from None
    except OSError as error:
        raise OutputError(explain(error)) from error


@contextlib.contextmanager
def scratch(folder: Path, counts: RunProgress) -> Iterator[Path]:
    """Make the directory that holds the judges' temporary files, and note for `status` how a run ends."""
    made = Path(tempfile.mkdtemp(prefix=_SCRATCH))
    state = RunState.begin(counts.total, str(made))
    ending, told = "failed", ""
    try:
        state.write(folder)
        yield made
        ending = "finished"
    except KeyboardInterrupt:
        ending, told = "interrupted", counts.last_words()
        raise
    except AutograderError as error:
        told = str(error)
        raise
    except OSError as error:
        told = explain(error)
        raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
        with contextlib.suppress(OSError):
            replace(state, ending=ending, error=told).write(folder)


def tidy(folder: Path) -> None:
    """Remove what a killed run left behind: unfinished files, and its judges' temporary ones."""
    sweep(folder)
    state = RunState.read(folder)
    if state is None or state.ending or not state.scratch or state.host != platform.node():
        return
    left = Path(state.scratch)
    with contextlib.suppress(OSError):
        # The name comes from a file, so only a folder that such a run can have made is removed.
        mine = left.lstat().st_uid == os.geteuid() and not left.is_symlink()
        if mine and left.name.startswith(_SCRATCH) and left.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(left, ignore_errors=True)
