"""One notebook through a worker: every cell in order, and the outputs as they are scored and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from autograder.course.notebook.cells import grade_id, is_grade, is_solution
from autograder.course.notebook.harmless import harmless_output
from autograder.course.notebook.read import RunCell
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.session import Cell, CellOutcome, Session, SessionLimits
from autograder.sentences import say
from autograder.verdict import StudentFault

__all__ = ["NotebookRun", "NotebookSession", "cells_to_run", "run_notebook", "with_outputs"]


class NotebookSession(Session):
    """Runs all cells; with `stop_at_error` none after the first that fails, as `allow_errors = False` does."""

    def __init__(
        self,
        zygote: ZygoteProcess,
        limits: SessionLimits,
        cells: Sequence[Cell],
        *,
        stop_at_error: bool,
        seconds: Mapping[int, float] | None = None,
    ) -> None:
        super().__init__(zygote, limits, cells)
        self._seconds = seconds or {}
        self._stop_at_error = stop_at_error
        self._failed: str | None = None

    def _run_cell(self, cell: Cell, limit_s: float, after: str | None) -> tuple[CellOutcome, bool]:
        if self._failed is not None:
            fault = StudentFault("NotRun", say("innotebook.not-run-after", cell=self._failed), cell.name)
            return CellOutcome(fault=fault), False
        outcome, lost = super()._run_cell(cell, min(limit_s, self._seconds.get(cell.index, limit_s)), after)
        if self._stop_at_error and outcome.fault is not None:
            self._failed = cell.name
        return outcome, lost


def cells_to_run(notebook: NotebookNode) -> tuple[RunCell, ...]:
    """Return the code cells that are not empty."""
    return tuple(
        RunCell(
            index,
            grade_id(cell) or f"cell {index + 1}",
            cell.source,
            strict=is_grade(cell) and not is_solution(cell),
        )
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    )


@dataclass(frozen=True, slots=True)
class NotebookRun:
    """What each cell showed, by its position, and whether something other than the grader killed a process."""

    outcomes: Mapping[int, CellOutcome]
    killed: bool
    #: Whether a limit of time was reached while it waited long for a processor.
    starved: bool = False


def run_notebook(
    zygote: ZygoteProcess,
    limits: SessionLimits,
    cells: Sequence[RunCell],
    *,
    stop_at_error: bool,
    seconds: Mapping[int, float] | None = None,
) -> NotebookRun:
    """Run cells in a new worker; `seconds` holds the limits of single cells, by their position.

    Raises:
        SandboxError: if no worker can be started.
    """
    session = NotebookSession(zygote, limits, cells, stop_at_error=stop_at_error, seconds=seconds)
    session.strict = frozenset(cell.index for cell in cells if cell.strict)
    try:
        session.run()
    finally:
        session.close()
    lost = CellOutcome(fault=StudentFault("NotRun", say("innotebook.not-run-processes")))
    outcomes = {cell.index: session.outcomes.get(cell.index, lost) for cell in cells}
    return NotebookRun(outcomes, session.killed, session.starved)


def with_outputs(notebook: NotebookNode, outcomes: Mapping[int, CellOutcome]) -> None:
    """Put the harmless outputs of the cells into the notebook, in place.

    A cell that failed has an error among its outputs, even if the student's code hid it.
    """
    for index, outcome in outcomes.items():
        cell = notebook.cells[index]
        outputs = [clean for output in outcome.outputs if (clean := harmless_output(output)) is not None]
        failed = outcome.fault is not None or outcome.timeout or outcome.crashed
        if failed and not any(o["output_type"] == "error" for o in outputs):
            fault = outcome.fault or StudentFault("CellTimeout", say("innotebook.not-run-time"))
            line = f"{fault.type}: {fault.message}"
            shown = {"ename": fault.type, "evalue": str(fault.message), "traceback": [line]}
            outputs.append({"output_type": "error", **shown})
        cell.outputs = [nbformat.from_dict(output) for output in outputs]
        cell.execution_count = outcome.execution_count
