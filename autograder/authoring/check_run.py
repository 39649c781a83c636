"""Run a notebook's cells as the grader does, as far as this machine allows.

The cells run in a confined process forked from a warm one, in the strongest tier that this machine has. A student's
own code on the student's own machine needs no protection, but the same rules. Where no such process can be made, a
plain Jupyter kernel runs the cells, and a note says so.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.authoring.check_source import Checked
from autograder.course.assignment import Limits
from autograder.course.notebook.bounds import megabytes
from autograder.course.notebook.listing import ListedFile, list_folder, shown
from autograder.course.notebook.read import RunCell
from autograder.errors import SandboxError
from autograder.sandbox.cells import CellOutcome
from autograder.sandbox.forbidden import refusal
from autograder.sentences import Sentence, say
from autograder.verdict import StudentFault

if TYPE_CHECKING:
    from autograder.sandbox.session import Session

__all__ = ["Ran", "run_cells"]

MAX_FILES = 500
LOAD_S = 120
#: torch loads `torch._dynamo` with its first optimizer, which takes seconds.
_LOADED = "try:\n    import matplotlib.pyplot, numpy, torch, torch._dynamo\nexcept ImportError:\n    pass"
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_ARROW = re.compile(r"^-+> (\d+) (.*)$")
_FRAME = re.compile(r"^Cell In\[(\d+)\], line (\d+)")
_LINE = re.compile(r"line (\d++)\)\Z")


@dataclass(frozen=True, slots=True)
class Ran:
    """What each cell showed, by its position, and whether the forbidden names were taken away."""

    outcomes: Mapping[int, CellOutcome]
    taken_away: bool
    notes: tuple[Sentence, ...] = ()


def run_cells(checked: Checked, cells: Sequence[RunCell]) -> Ran:
    """Run these cells of a notebook, in order."""
    notes: list[Sentence] = []
    try:
        return _confined(checked, cells, notes)
    except (SandboxError, OSError, AttributeError, ImportError) as error:
        # Python has no such calls and modules on other systems.
        reason = str(error).split("\n", 1)[0][:200]
        notes.append(say("check.plain-kernel", reason=reason))
        return Ran(_in_kernel(cells, checked), taken_away=False, notes=tuple(notes))


def _confined(checked: Checked, cells: Sequence[RunCell], notes: list[Sentence]) -> Ran:
    """Run cells in a process like the grader's.

    Raises:
        SandboxError, OSError, AttributeError, ImportError: where this machine has no such process.
    """
    if sys.platform == "win32":
        raise SandboxError("Windows has no such process")
    from autograder.engines.beside import Beside
    from autograder.sandbox.host import ZygoteProcess
    from autograder.sandbox.probe import probe
    from autograder.sandbox.session import Session, session_limits
    from autograder.sandbox.spec import LIBRARIES

    ours = checked.assignment is not None
    forbidden = checked.assignment.forbidden if checked.assignment is not None else ()
    hidden = [checked.assignment.secret_dir] if checked.assignment is not None else []
    # The exercises of an unknown assignment are not known: its tests stand in the notebook, and all cells are one.
    libraries, exercises = (LIBRARIES, checked.tests) if ours else ((), {})
    lists = checked.assignment.forbidden_lists if checked.assignment is not None else ()
    with ZygoteProcess(
        probe().tier, hidden=hidden, forbidden=forbidden, forbidden_lists=lists, beside=True, libraries=libraries
    ) as zygote:
        zygote.wait_until_ready()
        assert zygote.beside is not None
        Beside(zygote.beside, _beside(checked, notes), trusted=False)
        session = Session(zygote, session_limits(checked.limits), cells, exercises=exercises)
        if not ours:
            session.strict = frozenset(checked.tests.values())
        try:
            session.run()
            _where_forbidden(session, checked)
        finally:
            # What the cells showed is known; how their process ends does not matter here.
            with contextlib.suppress(SandboxError):
                session.close()
        return Ran(session.outcomes, taken_away=True, notes=tuple(notes))


def _where_forbidden(session: Session, checked: Checked) -> None:
    """Run the examples of an exercise that forbids something of its own once more, without what it forbids."""
    for exercise in checked.assignment.coded if checked.assignment is not None else ():
        known = session.outcomes.get(checked.tests.get(exercise.id, -1))
        if exercise.forbidden and known is not None and known.fault is None:
            session.forbidden = exercise.forbidden
            (cell,) = (c for c in session.cells if c.index == checked.tests[exercise.id])
            again = session.run_in_copy(cell)
            # Only a refusal counts: an example that agreed may fail now because of what later cells changed.
            if again.fault is not None and refusal("").strip() in again.fault.message:
                session.outcomes[cell.index] = replace(again, outputs=known.outputs)


def _beside(checked: Checked, notes: list[Sentence]) -> dict[str, Path]:
    """Return the files that the notebook finds beside it, the course's own among them."""
    found: dict[str, Path] = {}
    left = checked.limits.beside_mib << 20
    large: list[ListedFile] = []
    for entry in sorted(list_folder(checked.folder).files, key=lambda e: (e.depth, e.size)):
        notebook = ".ipynb" in entry.name.casefold()
        # A test may run or read another notebook; those of an assignment with hidden checks need none.
        if (notebook and checked.assignment is not None) or len(found) >= MAX_FILES:
            continue
        if entry.size > left:
            large.append(entry)
            continue
        left -= entry.size
        found[entry.name] = entry.path
    if large:
        named = ", ".join(f"{shown(e.name)} ({megabytes(e.size)})" for e in large[:3])
        notes.append(say("check.left-out", files=named, most=checked.limits.beside_mib))
    if checked.assignment is not None:
        public = checked.assignment.public_dir
        own = {e.name: e.path for e in list_folder(public).files if not e.name.endswith((".ipynb", ".toml"))}
        found.update(own)
    return found


# -- a plain kernel ----------------------------------------------------------------------------------------


def _in_kernel(cells: Sequence[RunCell], checked: Checked) -> dict[int, CellOutcome]:
    """Run cells in a fresh Jupyter kernel; a cell that fails does not stop the ones after it."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    # The grader's process has these loaded before a notebook runs, so the first cell's time does not count them.
    sources = [_LOADED, *(cell.source for cell in cells)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    first, limit_s = notebook.cells[0], max(1, round(checked.limits.cell_s))
    client = NotebookClient(
        notebook,
        timeout_func=lambda cell: LOAD_S if cell is first else limit_s,
        kernel_name="python3",
        allow_errors=True,
        interrupt_on_timeout=True,
        # Files beside the notebook are found from it.
        resources={"metadata": {"path": str(checked.folder)}},
        # Otherwise the kernel tells every student that its sockets on loopback are not encrypted.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    dead = False
    try:
        client.execute()
    except (DeadKernelError, CellTimeoutError):
        # What ran is in the notebook; the first cell that has no number ended the kernel.
        dead = True
    names = {
        made.execution_count: cell for made, cell in zip(notebook.cells[1:], cells, strict=True) if made.execution_count
    }
    outcomes: dict[int, CellOutcome] = {}
    fault: StudentFault | None
    for made, cell in zip(notebook.cells[1:], cells, strict=True):
        if made.execution_count is None:
            if dead:
                fault = StudentFault("ProcessEnded", say("sandbox.cell-ended"), cell.name)
                outcomes[cell.index] = CellOutcome(fault=fault, crashed=True)
            break
        error = next((o for o in made.outputs if o.output_type == "error"), None)
        fault = None if error is None else _fault(error, cell, names, checked.limits)
        timeout = fault is not None and fault.type == "CellTimeout"
        outcomes[cell.index] = CellOutcome(list(made.outputs), made.execution_count, fault, timeout)
    return outcomes


def _fault(error: Any, cell: RunCell, names: Mapping[int, RunCell], limits: Limits) -> StudentFault:
    """Read a traceback as IPython writes it; the fault is at the innermost line of a cell."""
    where, line, source = cell, None, None
    for text in _lines(error):
        frame, arrow = _FRAME.match(text), _ARROW.match(text)
        if frame:
            where, line = names.get(int(frame[1]), cell), int(frame[2])
            source = _line(where, line)
        elif arrow and line is not None:
            line, source = int(arrow[1]), arrow[2].strip()
    kind, message = str(error.ename), str(error.evalue)
    message = message.strip()
    named = _LINE.search(message) if kind.endswith(("SyntaxError", "IndentationError", "TabError")) else None
    if named:
        # The message names a file that only the kernel knows; the line is the cell's.
        message, where, line = message.rpartition("(")[0].strip(), cell, int(named[1])
        source = _line(cell, line)
    if kind == "KeyboardInterrupt":
        kind, message = "CellTimeout", say("sandbox.cell-late", limit=f"{limits.cell_s:g}")
    return StudentFault(kind, message, where.name, line, source)


def _line(cell: RunCell, line: int) -> str | None:
    lines = cell.source.split("\n")
    return lines[line - 1].strip() if 0 < line <= len(lines) else None


def _lines(error: Any) -> Iterator[str]:
    for block in error.traceback:
        yield from _ANSI.sub("", block).splitlines()
