"""Where a notebook stopped outside its exercises, and why: the cause in words that say what to do.

Such a stop costs no points, for what comes after it was run all the same. It is told because it is what a student, or
whoever set up the grader, can put right: a package that is missing here, a file that was not handed in.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Collection, Mapping, Sequence

from autograder.course.assignment import Limits
from autograder.engines.hidden.disclosure import is_memory
from autograder.sandbox.scenes import Cell
from autograder.sandbox.session import CellOutcome
from autograder.verdict import Stop, StudentFault

__all__ = ["first_stop"]

#: A stub that was left as it is; the exercise itself says so.
_UNTOUCHED = "NotImplementedError"
_MAX_TEXT = 300

#: Packages that are installed under another name than they are imported by.
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
        outcomes: how each ended, by its position.
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
        what = f"{fault.type}: {fault.message}" if fault.message else fault.type
        return Stop(cell.name, position, line, source, what[:_MAX_TEXT], kind, cause + elsewhere)
    return None


def _place(fault: StudentFault, stopped: Cell, cells: Sequence[Cell]) -> tuple[int | None, str, str]:
    """Return the line of the cell that stopped, the text that raised, and where that is if not in this cell."""
    for cell in (stopped, *cells):
        lines = cell.source.split("\n")
        if cell.name == fault.cell and fault.line is not None and fault.line <= len(lines):
            source = lines[fault.line - 1].strip()[:_MAX_TEXT]
            if cell is stopped:
                return fault.line, source, ""
            return None, source, f" (in {cell.name}, line {fault.line})"
    return None, "", ""


def _cause(fault: StudentFault, source: str, limits: Limits) -> tuple[str, str]:
    """Return the kind of a stop and its cause, as a clause."""
    for recognise in (_import, _syntax, _limit, _keyboard, _gpu, _network, _file, _name):
        found = recognise(fault, source, limits)
        if found is not None:
            return found
    if fault.type == "AssertionError":
        return "assertion", "an assertion of the notebook's own does not hold"
    return "other", f"it raised {fault.type[:80]}"


def _import(fault: StudentFault, source: str, limits: Limits) -> tuple[str, str] | None:
    del source, limits
    if fault.type not in {"ModuleNotFoundError", "ImportError"}:
        return None
    found = _MISSING.search(fault.message)
    if found is None:
        return "import", "the version that is installed here does not have it"
    module = found[1]
    if module == "google" or module.startswith("google.colab"):
        return "colab", "it exists only in Google Colab"
    package = module.partition(".")[0]
    return "package-missing", f"it is not installed here: `pip install {_INSTALLED_AS.get(package, package)}`"


def _syntax(fault: StudentFault, source: str, limits: Limits) -> tuple[str, str] | None:
    del limits
    if fault.type not in {"SyntaxError", "IndentationError", "TabError"}:
        return None
    here = ".".join(platform.python_version_tuple()[:2])
    if _NEWER.search(source):
        return "newer-python", f"this is the syntax of a newer Python; here it is Python {here}"
    return "syntax", f"Python {here} cannot read it"


def _limit(fault: StudentFault, source: str, limits: Limits) -> tuple[str, str] | None:
    del source
    said = {
        "CellTimeout": ("time", f"it ran longer than the {limits.cell_s:g} s that a cell has"),
        "ProcessorTime": ("time", f"the notebook used up its processor time, {limits.cpu_s} s"),
        "MemoryError": ("memory", f"it needed more memory than the {limits.memory_mib} MiB that a notebook has"),
        "MemoryOfAll": ("memory", f"it needed more memory than the {limits.memory_mib} MiB that a notebook has"),
        "SystemExit": ("exit", "the notebook ends itself here"),
        "ProcessEnded": ("exit", "it ended the Python process"),
    }
    if is_memory(fault):
        return said["MemoryError"]
    return said.get(fault.type)


def _keyboard(fault: StudentFault, source: str, limits: Limits) -> tuple[str, str] | None:
    del limits
    if fault.type == "StdinNotImplementedError" or (fault.type in {"EOFError", "RuntimeError"} and "input(" in source):
        return "keyboard", "it waits for the keyboard, and nobody is there while a notebook is graded"
    return None


def _gpu(fault: StudentFault, source: str, limits: Limits) -> tuple[str, str] | None:
    del source, limits
    text = fault.message.lower()
    if fault.type in {"RuntimeError", "AssertionError", "NotImplementedError"} or "accelerator" in fault.type.lower():
        return ("no-gpu", "there is no such device here") if any(sign in text for sign in _NO_GPU) else None
    return None


def _network(fault: StudentFault, source: str, limits: Limits) -> tuple[str, str] | None:
    del limits
    text = fault.message.lower()
    asks = fault.type in {"OSError", "PermissionError", "RuntimeError"} and any(sign in text for sign in _NETWORK)
    # The sandbox refuses sockets.
    asks = asks or (fault.type == "PermissionError" and any(sign in source.lower() for sign in _ASKS_NETWORK))
    if fault.type in _NETWORK_TYPES or asks:
        return "network", "there is no network here"
    return None


def _file(fault: StudentFault, source: str, limits: Limits) -> tuple[str, str] | None:
    del source, limits
    if fault.type != "FileNotFoundError" and "no such file" not in fault.message.lower():
        return None
    found = _QUOTED.search(fault.message)
    named = f"the file {found[1]}" if found else "the file"
    return "file-missing", f"{named} is not here: neither handed in nor part of the assignment"


def _name(fault: StudentFault, source: str, limits: Limits) -> tuple[str, str] | None:
    del source, limits
    if "is what this assignment asks you to write" in fault.message:
        return "forbidden", "the assignment asks you to write it, so it is taken away here"
    found = _NAME.search(fault.message) if fault.type == "NameError" else None
    return None if found is None else ("name", f"no cell above it defines {found[1]}")
