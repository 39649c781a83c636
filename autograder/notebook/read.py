"""Read a notebook that was handed in: be generous to what honest editors do, and never trust it.

Locked cells come from the template, whatever the student's copy says; every other cell is the student's.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment
from autograder.errors import AssignmentError, SubmissionRejected
from autograder.notebook.cells import grade_id, nbgrader_metadata

__all__ = ["RunCell", "Submission", "load_template", "parse_notebook", "read_submission"]

MAX_BYTES = 20 << 20
MAX_CELLS = 2000
MAX_CELL_CHARS = 1 << 20
_CELL_TYPES = {"code", "markdown", "raw"}


@dataclass(frozen=True, slots=True)
class RunCell:
    """A code cell to execute: its position, the name that a student knows it by, its text."""

    index: int
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A readable submission.

    `notebook` is in the current format, without outputs, its locked cells as in the template. `notes` say what
    was put right; `missing` holds the exercises whose solution cell is gone or is no code.
    """

    path: Path
    sha256: str
    notebook: NotebookNode
    cells: tuple[RunCell, ...]
    notes: tuple[str, ...]
    missing: frozenset[str]


def load_template(assignment: Assignment) -> NotebookNode:
    """Read an assignment's template notebook.

    Raises:
        AssignmentError: if it cannot be read, or lacks a cell that `assignment.toml` names.
    """
    path = assignment.template_path
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except Exception as error:  # noqa: BLE001 - nbformat raises anything on malformed input
        raise AssignmentError(f"{path} is not a notebook: {error}.") from None
    present = {grade_id(cell) for cell in notebook.cells}
    for exercise in assignment.exercises:
        for needed in {exercise.id, exercise.test_cell} - present:
            raise AssignmentError(
                f"{path} has no cell with the grade_id {needed!r}; add it or correct assignment.toml."
            )
    return notebook


def read_submission(path: Path, assignment: Assignment, template: NotebookNode) -> Submission:
    """Read the notebook that a student handed in.

    Raises:
        SubmissionRejected: if it is no notebook of this assignment; says what was found and what to do.
    """
    data = _read_bytes(path)
    notes: list[str] = []
    notebook = _upgrade(_parse(data), notes)
    _rebuild_cells(notebook, notes)
    known = {e.id for e in assignment.exercises} | {e.test_cell for e in assignment.exercises}
    if not any(grade_id(cell) in known for cell in notebook.cells):
        others = sorted({str(i) for cell in notebook.cells if (i := grade_id(cell))})
        what = (
            f"its cells belong to other exercises ({', '.join(others[:3])}, …)" if others else "none of its cells does"
        )
        raise SubmissionRejected(
            f"This notebook does not belong to the assignment {assignment.slug!r}: {what}. "
            "Hand in the notebook that was released, with its own cells filled in."
        )
    _drop_repeated_ids(notebook, notes)
    missing = _restore_locked(notebook, assignment, template, notes)
    return Submission(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        notebook=notebook,
        cells=_cells_to_run(notebook),
        notes=tuple(dict.fromkeys(notes)),
        missing=missing,
    )


def parse_notebook(path: Path) -> NotebookNode:
    """Read any notebook in the current format, with its nbgrader metadata and without outputs.

    Raises:
        SubmissionRejected: if it is none.
    """
    notebook = _upgrade(_parse(_read_bytes(path)), [])
    metadata = [dict(nbgrader_metadata(cell)) for cell in notebook.cells if isinstance(cell, Mapping)]
    _rebuild_cells(notebook, [])
    for cell, found in zip(notebook.cells, metadata, strict=False):
        if found:
            cell.metadata["nbgrader"] = nbformat.from_dict(found)
    return notebook


# -- bytes to JSON -----------------------------------------------------------------------------------------


def _read_bytes(path: Path) -> bytes:
    """Read a plain file of bounded size; follow no link, wait for no pipe."""
    try:
        if stat.S_ISLNK(os.lstat(path).st_mode):
            raise SubmissionRejected(f"{path.name} is a symbolic link; hand in the file itself.")
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise SubmissionRejected(f"{path.name} is not there; hand in the notebook under that name.") from None
    except OSError as error:
        raise SubmissionRejected(f"{path.name} cannot be read ({error.strerror}); hand it in again.") from None
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionRejected(f"{path.name} is not a plain file; hand in the notebook itself.")
        if status.st_size > MAX_BYTES:
            raise SubmissionRejected(
                f"{path.name} has {status.st_size / 1e6:.0f} MB; at most {MAX_BYTES >> 20} MiB are read. "
                "Clear the outputs (Kernel → Restart & Clear Output), save, and hand it in again."
            )
        data = file.read(MAX_BYTES + 1)
    if not data.strip():
        raise SubmissionRejected(f"{path.name} is empty; hand in the notebook again.")
    return data


def _parse(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
        parsed = json.loads(text)
    except UnicodeDecodeError as error:
        raise SubmissionRejected(
            f"The file is not UTF-8 text (byte {error.start}), so it is no notebook; "
            "save it with Jupyter and hand it in again."
        ) from None
    except json.JSONDecodeError as error:
        raise SubmissionRejected(
            f"The file is not a notebook: it is no valid JSON at line {error.lineno} ({error.msg}). "
            "Open it with Jupyter; if it opens, save it and hand it in again."
        ) from None
    except (RecursionError, ValueError):
        raise SubmissionRejected("The file is not a notebook: its JSON is nested or sized beyond reason.") from None
    if not isinstance(parsed, dict) or not ("cells" in parsed or "worksheets" in parsed):
        raise SubmissionRejected(
            "The file is JSON, but not a notebook: it has no cells. Hand in the .ipynb file itself."
        )
    return parsed


# -- JSON to notebook --------------------------------------------------------------------------------------


def _upgrade(parsed: dict[str, Any], notes: list[str]) -> NotebookNode:
    major, minor = parsed.get("nbformat"), parsed.get("nbformat_minor", 0)
    if type(major) is not int or type(minor) is not int:
        raise SubmissionRejected("The file is not a notebook: it does not say which nbformat it has.")
    if major > nbformat.current_nbformat:
        raise SubmissionRejected(
            f"The notebook has nbformat {major}, newer than the {nbformat.current_nbformat} that is known here; "
            "save it with an ordinary Jupyter."
        )
    if major < 3:  # noqa: PLR2004 - nbformat converts from 3 on
        raise SubmissionRejected(
            f"The notebook has nbformat {major}, too old to be read; save it with a current Jupyter."
        )
    try:
        notebook = nbformat.from_dict(parsed)
        if major < nbformat.current_nbformat:
            notes.append(f"The notebook had the older nbformat {major}; it was converted.")
            notebook = nbformat.convert(notebook, nbformat.current_nbformat)
    except Exception as error:  # noqa: BLE001 - nbformat raises anything on malformed input
        raise SubmissionRejected(
            f"The notebook cannot be read ({type(error).__name__}); open it with Jupyter, save it and hand it in again."
        ) from None
    if not isinstance(notebook.get("cells"), list):
        raise SubmissionRejected("The file is JSON, but not a notebook: its cells are no list.")
    if len(notebook.cells) > MAX_CELLS:
        raise SubmissionRejected(f"The notebook has {len(notebook.cells)} cells; at most {MAX_CELLS} are run.")
    return notebook


def _rebuild_cells(notebook: NotebookNode, notes: list[str]) -> None:
    """Make every cell a well-formed one of the current format, without outputs."""
    cells = []
    for position, cell in enumerate(notebook.cells, 1):
        if not isinstance(cell, Mapping) or cell.get("cell_type") not in _CELL_TYPES:
            notes.append(f"Cell {position} is no cell of a notebook; it was left out.")
            continue
        source = cell.get("source", "")
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        if not isinstance(source, str) or len(source) > MAX_CELL_CHARS:
            raise SubmissionRejected(
                f"Cell {position} of the notebook is no text, or longer than {MAX_CELL_CHARS} characters."
            )
        source = source.replace("\r\n", "\n").replace("\r", "\n")
        # Text that is no Unicode, such as half a surrogate pair, could not be written again.
        source = source.encode("utf-8", "replace").decode()
        found = nbgrader_metadata(cell)
        clean: dict[str, Any] = {
            "cell_type": cell["cell_type"],
            "id": f"c{position}",
            "metadata": {"nbgrader": {"grade_id": found["grade_id"]}} if grade_id(cell) else {},
            "source": source,
        }
        if cell["cell_type"] == "code":
            clean |= {"execution_count": None, "outputs": []}
        cells.append(nbformat.from_dict(clean))
    notebook.cells = cells
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5


def _drop_repeated_ids(notebook: NotebookNode, notes: list[str]) -> None:
    """Keep a grade_id on one cell only: on the last, whose definitions are the ones that hold."""
    last = {identifier: i for i, cell in enumerate(notebook.cells) if (identifier := grade_id(cell))}
    for i, cell in enumerate(notebook.cells):
        identifier = grade_id(cell)
        if identifier and last[identifier] != i:
            notes.append(f"The cell {identifier} is there more than once; all are run, and the last one counts.")
            cell.metadata.pop("nbgrader")


# -- the template's cells ----------------------------------------------------------------------------------


def _restore_locked(
    notebook: NotebookNode, assignment: Assignment, template: NotebookNode, notes: list[str]
) -> frozenset[str]:
    """Put the template's locked cells and metadata in place; return the exercises without a solution cell."""
    originals = {identifier: cell for cell in template.cells if (identifier := grade_id(cell))}
    missing = set()
    for exercise in assignment.exercises:
        position = _position(notebook, exercise.id)
        original = originals[exercise.id]
        if position is None:
            missing.add(exercise.id)
        elif notebook.cells[position].cell_type != original.cell_type:
            notes.append(
                f"The cell {exercise.id} was turned into a {notebook.cells[position].cell_type} cell; "
                f"as a {original.cell_type} cell it would have counted."
            )
            notebook.cells[position].metadata.pop("nbgrader")
            missing.add(exercise.id)
        else:
            notebook.cells[position].metadata = copy.deepcopy(original.metadata)
        if not exercise.written:
            _restore_test(notebook, exercise.id, exercise.test_cell, originals[exercise.test_cell], notes)
    known = set(originals)
    for cell in notebook.cells:
        if (identifier := grade_id(cell)) and identifier not in known:
            cell.metadata.pop("nbgrader")
    return frozenset(missing)


def _restore_test(notebook: NotebookNode, exercise: str, test: str, original: NotebookNode, notes: list[str]) -> None:
    position = _position(notebook, test)
    fresh = copy.deepcopy(original)
    if position is None:
        notes.append(f"The test cell {test} was deleted; it was put back.")
        after = _position(notebook, exercise)
        notebook.cells.insert(len(notebook.cells) if after is None else after + 1, fresh)
        return
    if notebook.cells[position].source.strip() != original.source.strip():
        notes.append(f"The test cell {test} was changed; the original was used.")
    notebook.cells[position] = fresh


def _position(notebook: NotebookNode, identifier: str) -> int | None:
    for i, cell in enumerate(notebook.cells):
        if grade_id(cell) == identifier:
            return i
    return None


def _cells_to_run(notebook: NotebookNode) -> tuple[RunCell, ...]:
    return tuple(
        RunCell(i, grade_id(cell) or f"cell {i + 1}", cell.source)
        for i, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    )
