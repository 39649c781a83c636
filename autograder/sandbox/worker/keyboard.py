"""There is no keyboard here: what waits for input fails as in a kernel without one, and debuggers are skipped."""

from __future__ import annotations

import builtins
import getpass
import pdb  # noqa: T100 - to replace it
import sys
from typing import NoReturn

from IPython.core import debugger
from IPython.core.error import StdinNotImplementedError

from autograder.sandbox.worker.refusals import decline

__all__ = ["pass_debugger", "take_keyboard_away"]


def take_keyboard_away() -> None:
    """Replace what reads from a keyboard, in this process and all its forks."""
    builtins.input = _input
    getpass.getpass = _getpass
    sys.breakpointhook = pass_debugger
    pdb.set_trace = debugger.set_trace = pass_debugger
    pdb.post_mortem = pdb.pm = pass_debugger


def _input(*_: object) -> NoReturn:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _getpass(*_: object, **__: object) -> NoReturn:
    raise StdinNotImplementedError("getpass was called, but this frontend does not support input requests.")


def pass_debugger(*_: object, **__: object) -> None:
    """Stand for `breakpoint()`, `pdb.set_trace()` and their like."""
    decline("A call of the debugger", "nobody can answer it here")
