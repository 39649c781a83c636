"""`autograder check`: a student's notebook against its own public examples, locally and without any secret.

The notebook runs as it does when it is graded: in the same kind of process, with the same limits, without the same
names, and with the locked cells that were released. Nothing in `solutions/` is needed or read.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.authoring.check_needs import needed_cells
from autograder.authoring.check_run import Ran, run_cells
from autograder.authoring.check_source import Checked, open_notebook
from autograder.course.assignment import Limits
from autograder.course.nearest import did_you_mean
from autograder.course.notebook.listing import list_folder
from autograder.course.notebook.read import RunCell
from autograder.engines.hidden.disclosure import cell_fault, limit_reached
from autograder.engines.hidden.scrutiny.find import MAX_MODULE, scrutinise
from autograder.engines.hidden.scrutiny.finding import CodeFinding
from autograder.errors import UsageError
from autograder.sandbox.cells import CellOutcome
from autograder.sentences import Sentence, say
from autograder.verdict import StudentFault

__all__ = ["LocalItem", "LocalReport", "check_notebook"]

#: What a test cell prints while the stub is still there.
NOT_YET = "not implemented yet"


@dataclass(frozen=True, slots=True)
class LocalItem:
    """One exercise: whether its examples agree; None where it is not implemented yet.

    `cell`, `line` and `source` say where it went wrong; `notes` hold what else there is to say.
    """

    exercise: str
    passed: bool | None
    message: Sentence = field(default=Sentence())
    line: int | None = None
    source: str | None = None
    cell: str | None = None
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalReport:
    """All exercises in notebook order, and notes on the notebook as a whole."""

    items: tuple[LocalItem, ...]
    notes: tuple[Sentence, ...] = ()
    #: Whether the tests are the notebook's own, and not the public examples of hidden checks.
    own_tests: bool = False

    @property
    def ok(self) -> bool:
        """Whether all examples agree."""
        return all(item.passed for item in self.items)


def check_notebook(path: Path, exercise: str | None = None) -> LocalReport:
    """Run a notebook and report on the examples in its test cells.

    Args:
        path: the student's notebook, under any name, or a folder or an archive with it.
        exercise: only this one, and only the cells that it needs.

    Raises:
        UsageError: if the file is no notebook with exercises, or has no such exercise; says what is there.
    """
    checked = open_notebook(path)
    if exercise is not None and exercise not in checked.tests:
        meant = did_you_mean(exercise, checked.tests)
        there = ", ".join(checked.tests)
        raise UsageError(say("check.no-exercise", path=str(path), exercise=repr(exercise), there=there, meant=meant))
    cells: Sequence[RunCell] = checked.cells
    if exercise is not None:
        cells = needed_cells(cells, exercise, checked.tests)
    ran = run_cells(checked, cells)
    findings: Mapping[str, Sequence[CodeFinding]] = {}
    if checked.assignment is not None:
        findings = scrutinise(checked.cells, checked.assignment, _modules_beside(checked.folder))
    wanted = [exercise] if exercise is not None else list(checked.tests)
    items = tuple(_item(name, checked, ran, findings.get(name, ())) for name in wanted)
    return LocalReport(items, (*checked.notes, *ran.notes), own_tests=checked.assignment is None)


def _modules_beside(folder: Path) -> dict[str, bytes]:
    """Return the modules in the notebook's folder and below it, by their paths there."""
    found: dict[str, bytes] = {}
    for file in list_folder(folder).files:
        if file.name.endswith(".py") and file.size <= MAX_MODULE:
            with contextlib.suppress(OSError):
                found[file.name] = file.path.read_bytes()
    return found


def _item(name: str, checked: Checked, ran: Ran, findings: Sequence[CodeFinding]) -> LocalItem:
    item = _outcome(name, checked, ran.outcomes)
    same = next((f for f in findings if (f.cell, f.line) == (item.cell, item.line) and f.target), None)
    if same is not None and not item.passed:
        # The finding names what was taken away; Python's own message tells less.
        item = replace(item, message=same.sentence)
    proven = next((f for f in findings if f.proven), None)
    if proven is not None and item.passed:
        item = LocalItem(name, passed=False, message=proven.sentence)
    elif item.passed and not ran.taken_away and findings and not findings[0].doubtful:
        # Here the names are still there; when the notebook is graded they are not.
        item = LocalItem(name, passed=False, message=findings[0].sentence)
    told = tuple(f.sentence for f in findings if f.sentence != item.message and (f.doubtful or not item.passed))
    return replace(item, notes=told)


def _outcome(name: str, checked: Checked, outcomes: Mapping[int, CellOutcome]) -> LocalItem:
    outcome = outcomes.get(checked.tests[name])
    if checked.tests[name] not in {cell.index for cell in checked.cells}:
        return LocalItem(name, passed=True, message=say("check.nothing-to-run"))
    own = cell_fault(name, checked.cells, outcomes)
    if outcome is None or (outcome.timeout and outcome.fault is None):
        if own is not None:
            return _failed(name, own, checked.limits)
        late = say("check.not-run", limit=f"{checked.limits.submission_s:g}")
        return LocalItem(name, passed=False, message=late)
    fault = outcome.fault
    if fault is not None and fault.type == "NotImplementedError":
        return LocalItem(name, passed=None, message=say("check.not-yet"))
    if fault is None:
        printed = "".join(str(o.get("text", "")) for o in outcome.outputs if o.get("output_type") == "stream")
        if NOT_YET in printed:
            return LocalItem(name, passed=None, message=say("check.not-yet"))
        return LocalItem(name, passed=True)
    # If the exercise's own cell failed already, the student has to repair that error first.
    return _failed(name, own if own is not None and fault.type == "NameError" else fault, checked.limits)


def _failed(name: str, fault: StudentFault, limits: Limits) -> LocalItem:
    message = fault.message.strip()
    if fault.type == "AssertionError" and not message:
        message = say("check.assertion")
    words = say("check.raised", kind=fault.type, message=message) if message else Sentence(fault.type)
    limit = limit_reached(fault, limits)
    if limit is not None:
        own = fault.type in {"CellTimeout", "ProcessorTime", "MemoryOfAll"}
        words = limit if own else say("check.limit-and-cause", limit=limit, raised=words)
    return LocalItem(name, passed=False, message=words, line=fault.line, source=fault.source, cell=fault.cell)
