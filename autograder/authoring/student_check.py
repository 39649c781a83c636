"""`autograder check`: a student's notebook against its own public examples, locally and without any secret.

The notebook runs in a plain Jupyter kernel, a process of its own; nothing of `solutions/` is needed or read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.course.characters import uncoloured
from autograder.course.notebook.cells import grade_id, is_grade, is_solution
from autograder.errors import SubmissionRejected, UsageError

__all__ = ["LocalItem", "LocalReport", "check_notebook"]

CELL_S = 60
_SYNTAX = re.compile(r"\([^()]*line (\d+)\)\s*$")


@dataclass(frozen=True, slots=True)
class LocalItem:
    """One exercise: whether its examples agree; None where it is not implemented yet."""

    exercise: str
    passed: bool | None
    message: str = ""
    line: int | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class LocalReport:
    """All exercises in notebook order."""

    items: tuple[LocalItem, ...]

    @property
    def ok(self) -> bool:
        """Whether everything that is there agrees."""
        return all(item.passed for item in self.items)


def check_notebook(path: Path, exercise: str | None = None) -> LocalReport:
    """Run a notebook and report on the examples in its test cells.

    Args:
        path: the student's notebook.
        exercise: only this one; the cells before its test still run.

    Raises:
        UsageError: if the file is no notebook with exercises, or has no such exercise.
    """
    from autograder.course.notebook.read import parse_notebook

    try:
        notebook = parse_notebook(path)
    except SubmissionRejected as error:
        raise UsageError(str(error)) from None
    tests = {
        identifier: position
        for position, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell) and (identifier := grade_id(cell))
    }
    exercises = [t.removeprefix("test_") for t in tests]
    if not tests:
        raise UsageError(
            f"{path} has no test cells, so there are no public examples to run; is it an assignment's notebook?"
        )
    if exercise is not None and exercise not in exercises:
        raise UsageError(f"{path} has no exercise {exercise!r}; it has: {', '.join(exercises)}.")
    if exercise is not None:
        notebook.cells = notebook.cells[: tests[f"test_{exercise}"] + 1]
    _execute(notebook, path.resolve().parent)
    wanted = [exercise] if exercise is not None else exercises
    return LocalReport(tuple(_item(name, notebook, tests[f"test_{name}"]) for name in wanted))


def _execute(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Run every cell in a fresh kernel; a cell that fails does not stop the ones after it."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    client = NotebookClient(
        notebook,
        timeout=CELL_S,
        kernel_name="python3",
        allow_errors=True,
        interrupt_on_timeout=True,
        # Files beside the notebook are found from it.
        resources={"metadata": {"path": str(folder)}},
        # Else the kernel tells every student that its sockets on loopback are not encrypted.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    try:
        client.execute()
    except (DeadKernelError, CellTimeoutError):
        # What ran before is in the notebook; what did not has no output and says so.
        return


def _item(name: str, notebook: nbformat.NotebookNode, position: int) -> LocalItem:
    cell = notebook.cells[position]
    error = next((o for o in cell.outputs if o.output_type == "error"), None)
    if error is not None and error.ename == "NotImplementedError":
        return LocalItem(name, passed=None, message="not implemented yet")
    if error is not None:
        return _failed(name, notebook, error)
    if cell.execution_count is None:
        return LocalItem(
            name, passed=False, message="was not reached: an earlier cell ended the kernel or took too long"
        )
    printed = "".join(str(o.text) for o in cell.outputs if o.output_type == "stream")
    if "not implemented yet" in printed:
        return LocalItem(name, passed=None, message="not implemented yet")
    return LocalItem(name, passed=True)


def _failed(name: str, notebook: nbformat.NotebookNode, error: Any) -> LocalItem:
    """Describe an error; where the exercise's own cell failed already, that error is the one to mend."""
    own = _own_error(notebook, name)
    shown = own if own is not None and error.ename == "NameError" else error
    message = str(shown.evalue).strip() or "an assertion of the example does not hold"
    line, source = _location(shown)
    syntax = _SYNTAX.search(message)
    if shown.ename.endswith(("SyntaxError", "IndentationError", "TabError")) and syntax:
        # The file that it names exists for the kernel only; the line is the cell's.
        message, line = message[: syntax.start()].strip(), int(syntax.group(1))
        lines = next(c.source for c in notebook.cells if grade_id(c) == name).split("\n")
        source = lines[line - 1].strip() if 0 < line <= len(lines) else None
    return LocalItem(name, passed=False, message=f"{shown.ename}: {message}", line=line, source=source)


def _own_error(notebook: nbformat.NotebookNode, name: str) -> Any:
    for cell in notebook.cells:
        if grade_id(cell) == name and cell.cell_type == "code":
            return next((o for o in cell.outputs if o.output_type == "error"), None)
    return None


def _location(error: Any) -> tuple[int | None, str | None]:
    """Find the innermost line of a notebook cell in a traceback as IPython writes it."""
    found: tuple[int | None, str | None] = (None, None)
    for text in _lines(error):
        arrow = re.match(r"^-+> (\d+) (.*)$", text)
        if arrow:
            found = int(arrow.group(1)), arrow.group(2).strip()
    return found


def _lines(error: Any) -> Iterator[str]:
    for block in error.traceback:
        yield from uncoloured(block).splitlines()
