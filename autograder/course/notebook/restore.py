"""Put the template's locked cells and settings back into a student's notebook."""

from __future__ import annotations

import copy
from collections.abc import Container

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.notebook.cells import grade_id, is_solution, settings
from autograder.sentences import Sentence, say

__all__ = ["restore"]


def restore(
    notebook: NotebookNode,
    assignment: Assignment,
    template: NotebookNode,
    notes: list[Sentence],
    elsewhere: Container[str] = (),
) -> frozenset[str]:
    """Change the notebook in place: locked cells and all nbgrader settings become the template's.

    `elsewhere` are exercises that another exercise's cell defines, so they are not missing.

    Returns:
        The exercises whose solution cell is gone or is no code any more. Their code may be in another cell.
    """
    originals = {identifier: cell for cell in template.cells if (identifier := grade_id(cell))}
    found = _one_each(notebook, originals, notes)
    for identifier, cell in found.items():
        theirs, ours = settings(cell), settings(originals[identifier])
        # A locked cell whose text was changed too gets another note.
        if _as_released(cell, originals[identifier]) and any(value != ours.get(name) for name, value in theirs.items()):
            notes.append(say("reading.settings-changed", cell=identifier))
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
    coded = {e.id for e in assignment.coded}
    tests = {e.test_cell: e.id for e in assignment.coded}
    missing = set()
    for identifier, original in originals.items():
        if not is_solution(original):
            _restore_locked(notebook, identifier, original, found, notes, after=tests.get(identifier))
        elif (identifier in found or identifier not in elsewhere) and not _restore_answer(
            notebook, identifier, original, found.get(identifier), notes, coded=identifier in coded
        ):
            missing.add(identifier)
    return frozenset(missing & {e.id for e in assignment.exercises})


def _one_each(
    notebook: NotebookNode, originals: dict[str, NotebookNode], notes: list[Sentence]
) -> dict[str, NotebookNode]:
    """Find the cell that each grade_id means.

    Copying a cell copies its grade_id. All copies are run, so the last definition holds; a copy with another type
    counts only if there is no other. A stub beside a copy that was filled in is not a cell of the exercise any more.
    """
    found: dict[str, NotebookNode] = {}
    _leave_stubs_out(notebook, originals, notes)
    for cell in notebook.cells:
        identifier = grade_id(cell)
        if identifier not in originals:
            continue
        assert identifier is not None
        if identifier in found:
            notes.append(say("reading.cell-repeated", cell=identifier))
        kind = originals[identifier].cell_type
        if identifier not in found or cell.cell_type == kind or found[identifier].cell_type != kind:
            found[identifier] = cell
    return found


def _leave_stubs_out(notebook: NotebookNode, originals: dict[str, NotebookNode], notes: list[Sentence]) -> None:
    """Empty the copies of an answer's cell that still hold its stub, if another copy was filled in."""
    copies: dict[str, list[NotebookNode]] = {}
    for cell in notebook.cells:
        identifier = grade_id(cell)
        if identifier in originals and is_solution(originals[identifier]) and cell.cell_type == "code":
            copies.setdefault(identifier, []).append(cell)
    for identifier, cells in copies.items():
        stub = originals[identifier].source.strip()
        stubs = [cell for cell in cells if cell.source.strip() == stub]
        if stubs and len(stubs) < len(cells):
            notes.append(say("reading.stub-repeated", cell=identifier))
            for cell in stubs:
                cell.source = ""
                cell.metadata.pop("nbgrader", None)


def _restore_locked(
    notebook: NotebookNode,
    identifier: str,
    original: NotebookNode,
    found: dict[str, NotebookNode],
    notes: list[Sentence],
    *,
    after: str | None,
) -> None:
    fresh = copy.deepcopy(original)
    cell = found.get(identifier)
    if cell is not None:
        if not _as_released(cell, original):
            notes.append(say("reading.locked-changed", cell=identifier))
        notebook.cells[_position(notebook, cell)] = fresh
        return
    notes.append(say("reading.locked-deleted", cell=identifier))
    if after is None:
        # Set-up that other cells need.
        notebook.cells.insert(0, fresh)
    elif after in found:
        notebook.cells.insert(_position(notebook, found[after]) + 1, fresh)
    else:
        notebook.cells.append(fresh)


def _as_released(cell: NotebookNode, original: NotebookNode) -> bool:
    """Whether a locked cell has its released text; of an answer's cell, any text is allowed."""
    same = (cell.cell_type, cell.source.strip()) == (original.cell_type, original.source.strip())
    return same or is_solution(original)


def _restore_answer(
    notebook: NotebookNode,
    identifier: str,
    original: NotebookNode,
    cell: NotebookNode | None,
    notes: list[Sentence],
    *,
    coded: bool,
) -> bool:
    """Give the student's cell its settings; False if there is no such cell."""
    if cell is None:
        notes.append(say("reading.cell-missing", cell=identifier))
        if not coded:
            # Formgrader scores a question in its cell; without a cell it would wait for a score for ever.
            notebook.cells.append(copy.deepcopy(original))
        return False
    if cell.cell_type != original.cell_type:
        if coded:
            notes.append(say("reading.cell-no-code", cell=identifier, kind=cell.cell_type))
            return False
        cell.cell_type = original.cell_type
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    cell.metadata = copy.deepcopy(original.metadata)
    return True


def _position(notebook: NotebookNode, cell: NotebookNode) -> int:
    return next(i for i, candidate in enumerate(notebook.cells) if candidate is cell)
