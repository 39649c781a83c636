"""What a student may read about an exception that the student's own code raised.

The worker reports the exception's type and message, and during a hidden check they could carry the check's inputs out.
So only what the judge can confirm is told: the kind of a built-in exception, a line of the student's own notebook, and
a message that the public example gives as well.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence

from autograder.course.assignment import Limits
from autograder.engines.hidden.accountant import kinds_beside, tellable_lines
from autograder.sandbox.cells import Cell, CellOutcome
from autograder.sentences import Sentence, say
from autograder.verdict import StudentFault

__all__ = [
    "MISSING_NAME",
    "cell_fault",
    "confirmed_fault",
    "is_memory",
    "known_type",
    "limit_reached",
    "shown_source",
]

MISSING_NAME = "MissingName"

#: How much of an exercise's cell its page shows.
_MOST_LINES = 120
_LONGEST_LINE = 300

_MEMORY = ("not enough memory", "can't allocate memory", "cannot allocate memory", "unable to allocate")
_THREADS = ("can't start new thread", "resource temporarily unavailable", "[errno 11]")
_DISK = ("[errno 28]", "[errno 27]", "[errno 122]", "no space left on device", "file too large")
_DESCRIPTORS = ("[errno 24]", "too many open files")


def known_type(name: str) -> str | None:
    """Return the name if it is a built-in exception's, else None: any other name could spell something out."""
    found = getattr(builtins, name, None)
    return name if isinstance(found, type) and issubclass(found, BaseException) else None


def confirmed_fault(
    fault: StudentFault, exercise: str, cells: Sequence[Cell], public: StudentFault | None
) -> StudentFault:
    """Return the part of a hidden check's fault that may be told.

    Args:
        fault: the worker's claim.
        exercise: the id of the exercise that was checked.
        cells: the notebook's cells as they were handed in; the source line comes from here.
        public: the exception that the public example raised, if any; the example's inputs are no secret.
    """
    if fault.type == MISSING_NAME:
        return StudentFault(MISSING_NAME, f"the notebook does not define {exercise}")
    cell, line, source = None, None, None
    if public is not None and (public.type, public.cell, public.line) == (fault.type, fault.cell, fault.line):
        # The public example shows all of it.
        kind, message, tellable = public.type, public.message, list(cells)
    else:
        own = next((c.source for c in cells if c.name == exercise), "")
        others = [c for c in cells if c.name != exercise]
        count, more = tellable_lines(own, [c.source for c in others])
        tellable = [c for c in cells if c.name == exercise and count] + others[:more]
        kind, message = (fault.type if fault.type in kinds_beside(count) else "Exception"), ""
    for candidate in tellable:
        lines = candidate.source.split("\n")
        if candidate.name == fault.cell and fault.line is not None and fault.line <= len(lines):
            found = lines[fault.line - 1][:500]
            if message or (found.strip() and not found.lstrip().startswith("#")):
                cell, line, source = candidate.name, fault.line, found
    return StudentFault(kind, message, cell, line, source)


def cell_fault(exercise: str, cells: Sequence[Cell], outcomes: Mapping[int, CellOutcome]) -> StudentFault | None:
    """Return the exception of the exercise's own cell; it explains why a name is not defined."""
    for cell in cells:
        outcome = outcomes.get(cell.index)
        if cell.name == exercise and outcome is not None and outcome.fault is not None:
            return outcome.fault
    return None


def shown_source(source: str, fault: StudentFault | None, exercise: str) -> str | None:
    """Return the lines of the exercise's cell that its page shows.

    A long cell is cut at its end, so that line numbers stay right. None if the cell is empty, or if the line of the
    fault would be cut off; then the page shows that line alone.
    """
    lines = [line[:_LONGEST_LINE] for line in source.split("\n")[:_MOST_LINES]]
    far = fault is not None and fault.cell == exercise and fault.line is not None and fault.line > _MOST_LINES
    return "\n".join(lines).rstrip() or None if not far else None


def is_memory(fault: StudentFault) -> bool:
    """Whether an exception says that the memory was used up."""
    return fault.type == "MemoryError" or any(sign in fault.message.lower() for sign in _MEMORY)


def limit_reached(fault: StudentFault, limits: Limits) -> Sentence | None:
    """Say which of the assignment's limits caused an exception; None if no limit did."""
    text = fault.message.lower()
    where = _where(fault)
    if is_memory(fault):
        return say("hidden.limit-memory", where=where, mib=limits.memory_mib)
    if fault.type in {"RuntimeError", "BlockingIOError"} and any(sign in text for sign in _THREADS):
        return say("hidden.limit-processes", where=where, count=limits.processes)
    if fault.type == "OSError" and any(sign in text for sign in _DISK):
        return say("hidden.limit-files", where=where, mib=limits.files_mib, count=limits.files)
    if fault.type == "OSError" and any(sign in text for sign in _DESCRIPTORS):
        return say("hidden.limit-open-files", where=where)
    if fault.type == "CellTimeout":
        return say("hidden.limit-time", where=where, seconds=f"{limits.cell_s:g}")
    if fault.type == "ProcessorTime":
        return say("hidden.limit-processor-time", where=where, seconds=str(limits.cpu_s))
    if fault.type == "MemoryOfAll":
        return say("hidden.limit-memory-of-all", where=where, mib=limits.memory_mib)
    if fault.type == "FilesOfAll":
        return say("hidden.limit-files-of-all", where=where, mib=limits.files_mib, count=limits.files)
    return None


def _where(fault: StudentFault) -> Sentence:
    if not fault.cell:
        return Sentence()
    if fault.line is None:
        return say("hidden.in-cell", cell=fault.cell)
    return say("hidden.in-line", cell=fault.cell, line=fault.line)
