"""Where a notebook stopped outside its exercises, and why: the cause in words that say what to do.

Such a stop costs no points, because the cells after it were run all the same. It is told because the student or the
instructor can correct it: a package that is missing here, a file that was not handed in.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Collection, Mapping, Sequence

from autograder.course.assignment import Limits
from autograder.engines.hidden.disclosure import is_memory
from autograder.sandbox.scenes import Cell
from autograder.sandbox.session import CellOutcome
from autograder.sentences import Sentence, say
from autograder.verdict import Stop, StudentFault

__all__ = ["first_stop"]

#: The kind of a stop, and its cause as a clause.
_Cause = tuple[str, Sentence]
#: Raised by a stub that was left as it is; the exercise itself says so.
_UNTOUCHED = "NotImplementedError"
_MAX_TEXT = 300

#: Packages whose name for `pip install` is not the name for `import`.
_INSTALLED_AS = {
    "autograder": "torch-autograder",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
_MISSING = re.compile(r"No module named '([A-Za-z_][A-Za-z0-9_.]{0,80})'")
_NAME = re.compile(r"name '([A-Za-z_][A-Za-z0-9_]{0,80})' is not defined")
_QUOTED = re.compile(r"'([^']{1,120})'")
_NEWER = re.compile(
    r"^\s*type\s+\w+.*="  # 3.12: a name for a type
    r"|\b(def|class)\s+\w+\s*\["  # 3.12: parameters for types
    r"|^\s*except\s+[\w.]+\s*,.*:\s*$"  # 3.14: several exceptions without brackets
    r"|\bt[\"']"  # 3.14: templates
    r"|f[\"'].*\{.*[\"'].*\}"  # 3.12: any quotes inside
)
_NO_GPU = ("cuda", "nvidia", "mps", "xpu", "no gpu", "hip gpu")
_NETWORK_TYPES = frozenset(
    {
        "URLError",
        "HTTPError",
        "gaierror",
        "ConnectionError",
        "ConnectTimeout",
        "ConnectionRefusedError",
        "MaxRetryError",
        "NewConnectionError",
        "NameResolutionError",
        "SSLError",
        "LocalEntryNotFoundError",
        "OfflineModeIsEnabled",
    }
)
_NETWORK = ("urlopen error", "name resolution", "network is unreachable", "max retries exceeded", "http")
_ASKS_NETWORK = ("socket", "http", "requests.", "download", "connect", "url")


def first_stop(
    cells: Sequence[Cell], outcomes: Mapping[int, CellOutcome], graded: Collection[str], limits: Limits
) -> Stop | None:
    """Return the first stop in a cell that is neither an exercise's nor its test, None if there is none.

    Args:
        cells: the notebook's code cells as they were handed in; the source line is taken from here.
        outcomes: how each ended, by the cell's position.
        graded: the names of the cells that hold an exercise or its test.
        limits: the assignment's.
    """
    for position, cell in enumerate(cells, 1):
        outcome = outcomes.get(cell.index)
        fault = outcome.fault if outcome is not None else None
        if cell.name in graded or fault is None or fault.type == _UNTOUCHED:
            continue
        line, source, elsewhere = _place(fault, cell, cells)
        kind, cause = _cause(fault, source, limits)
        if elsewhere is not None:
            cause = say("exercise.stop-elsewhere", cause=cause, cell=elsewhere[0], line=elsewhere[1])
        what = f"{fault.type}: {fault.message}" if fault.message else fault.type
        return Stop(cell.name, position, line, source, what[:_MAX_TEXT], kind, cause)
    return None


def _place(fault: StudentFault, stopped: Cell, cells: Sequence[Cell]) -> tuple[int | None, str, tuple[str, int] | None]:
    """Return the line in the cell that stopped, the text that raised, and its cell and line if that is another cell."""
    for cell in (stopped, *cells):
        lines = cell.source.split("\n")
        if cell.name == fault.cell and fault.line is not None and fault.line <= len(lines):
            source = lines[fault.line - 1].strip()[:_MAX_TEXT]
            if cell is stopped:
                return fault.line, source, None
            return None, source, (cell.name, fault.line)
    return None, "", None


def _cause(fault: StudentFault, source: str, limits: Limits) -> _Cause:
    """Return the kind of a stop and its cause, as a clause."""
    for recognise in (_import, _syntax, _limit, _keyboard, _gpu, _network, _file, _name):
        found = recognise(fault, source, limits)
        if found is not None:
            return found
    if fault.type == "AssertionError":
        return "assertion", say("exercise.stop-assertion")
    return "other", say("exercise.stop-raised", kind=fault.type[:80])


def _import(fault: StudentFault, source: str, limits: Limits) -> _Cause | None:
    del source, limits
    if fault.type not in {"ModuleNotFoundError", "ImportError"}:
        return None
    found = _MISSING.search(fault.message)
    if found is None:
        return "import", say("exercise.stop-import")
    module = found[1]
    if module == "google" or module.startswith("google.colab"):
        return "colab", say("exercise.stop-colab")
    package = module.partition(".")[0]
    return "package-missing", say("exercise.stop-package", package=_INSTALLED_AS.get(package, package))


def _syntax(fault: StudentFault, source: str, limits: Limits) -> _Cause | None:
    del limits
    if fault.type not in {"SyntaxError", "IndentationError", "TabError"}:
        return None
    here = ".".join(platform.python_version_tuple()[:2])
    if _NEWER.search(source):
        return "newer-python", say("exercise.stop-newer-python", here=here)
    return "syntax", say("exercise.stop-syntax", here=here)


def _limit(fault: StudentFault, source: str, limits: Limits) -> _Cause | None:
    del source
    if is_memory(fault) or fault.type == "MemoryOfAll":
        return "memory", say("exercise.stop-memory", limit=limits.memory_mib)
    match fault.type:
        case "CellTimeout":
            return "time", say("exercise.stop-cell-time", limit=f"{limits.cell_s:g}")
        case "ProcessorTime":
            return "time", say("exercise.stop-processor-time", limit=limits.cpu_s)
        case "SystemExit":
            return "exit", say("exercise.stop-exit")
        case "ProcessEnded":
            return "exit", say("exercise.stop-process-ended")
    return None


def _keyboard(fault: StudentFault, source: str, limits: Limits) -> _Cause | None:
    del limits
    if fault.type == "StdinNotImplementedError" or (fault.type in {"EOFError", "RuntimeError"} and "input(" in source):
        return "keyboard", say("exercise.stop-keyboard")
    return None


def _gpu(fault: StudentFault, source: str, limits: Limits) -> _Cause | None:
    del source, limits
    text = fault.message.lower()
    if fault.type in {"RuntimeError", "AssertionError", "NotImplementedError"} or "accelerator" in fault.type.lower():
        return ("no-gpu", say("exercise.stop-no-device")) if any(sign in text for sign in _NO_GPU) else None
    return None


def _network(fault: StudentFault, source: str, limits: Limits) -> _Cause | None:
    del limits
    text = fault.message.lower()
    asks = fault.type in {"OSError", "PermissionError", "RuntimeError"} and any(sign in text for sign in _NETWORK)
    # The sandbox refuses sockets.
    asks = asks or (fault.type == "PermissionError" and any(sign in source.lower() for sign in _ASKS_NETWORK))
    if fault.type in _NETWORK_TYPES or asks:
        return "network", say("exercise.stop-network")
    return None


def _file(fault: StudentFault, source: str, limits: Limits) -> _Cause | None:
    del source, limits
    if fault.type != "FileNotFoundError" and "no such file" not in fault.message.lower():
        return None
    found = _QUOTED.search(fault.message)
    if found is None:
        return "file-missing", say("exercise.stop-file")
    return "file-missing", say("exercise.stop-file-named", file=found[1])


def _name(fault: StudentFault, source: str, limits: Limits) -> _Cause | None:
    del source, limits
    if "is what this assignment asks you to write" in fault.message:
        return "forbidden", say("exercise.stop-forbidden")
    found = _NAME.search(fault.message) if fault.type == "NameError" else None
    return None if found is None else ("name", say("exercise.stop-name", name=found[1]))
