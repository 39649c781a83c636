"""Tells whether an exception comes from a notebook's code or from what a check did with its answer."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

__all__ = ["raised_in_notebook"]

#: The folders of this package, of Python and of the installed packages.
_OTHERS = tuple(
    {
        str(Path(__file__).resolve().parents[2]),
        *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        *(path for path in sys.path if path.endswith(("-packages", "lib-dynload"))),
    }
)
#: How tracebacks name a check's own text and Python's import machinery.
_TEXTS = ("<example>", "<frozen ")
_MAX_FRAMES = 2000


def raised_in_notebook(error: BaseException) -> bool:
    """Whether the traceback passes through a line of the notebook or of a file beside it."""
    trace = error.__traceback__
    for _ in range(_MAX_FRAMES):
        if trace is None:
            return False
        if not trace.tb_frame.f_code.co_filename.startswith((*_OTHERS, *_TEXTS)):
            return True
        trace = trace.tb_next
    return True
