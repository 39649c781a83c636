"""The autograded notebook: what formgrader shows, with the outputs of the run and our report beside each test.

Formgrader renders this file in the instructor's session, so nothing that a student wrote can act in it.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.notebook.cells import SCHEMA_VERSION, grade_id, is_grade, is_solution, nbgrader_metadata
from autograder.course.notebook.compose import cleared
from autograder.course.notebook.harmless import harmless_output
from autograder.course.notebook.prose import Prose, harmless_prose, literal, visible
from autograder.course.notebook.read import Submission

__all__ = ["CellRun", "autograded_notebook", "checksum", "disarm", "is_untouched", "with_other_reports"]


@dataclass(frozen=True, slots=True)
class CellRun:
    """What a cell showed when it ran."""

    outputs: Sequence[Mapping[str, Any]] = field(default_factory=list)
    execution_count: int | None = None


def autograded_notebook(
    submission: Submission,
    assignment: Assignment,
    source: NotebookNode,
    runs: Mapping[int, CellRun],
    reports: Mapping[str, str],
) -> NotebookNode:
    """Return the submission with its outputs, as nbgrader's `autograde` would leave it.

    Args:
        submission: the notebook as it was read.
        assignment: the assignment.
        source: the instructor's notebook. nbgrader's checksums are those of its cells without the solutions, so that
            an answer that was never touched is recognised.
        runs: what each cell showed, by its position.
        reports: by exercise id, the text that comes first in the output of its test cell.
    """
    notebook = copy.deepcopy(submission.notebook)
    recorded = cleared(source)
    originals = {identifier: cell for cell in recorded.cells if (identifier := grade_id(cell))}
    own_prose = {cell.source for cell in recorded.cells if cell.cell_type != "code"}
    tests = {e.test_cell: e.id for e in assignment.coded}
    for index, cell in enumerate(notebook.cells):
        identifier = grade_id(cell)
        if identifier in originals:
            original = originals[identifier]
            cell.metadata["nbgrader"] = nbformat.from_dict(_metadata(original))
        if cell.cell_type != "code":
            if cell.source not in own_prose:
                disarm(cell)
            continue
        cell.source = visible(cell.source)
        run = runs.get(index, CellRun())
        outputs = [clean for output in run.outputs if (clean := harmless_output(output)) is not None]
        if identifier in tests and tests[identifier] in reports:
            outputs.insert(0, _report(reports[tests[identifier]]))
        cell.outputs = [nbformat.from_dict(output) for output in outputs]
        cell.execution_count = run.execution_count
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"c{number}"
    return notebook


def with_other_reports(
    notebook: NotebookNode, assignment: Assignment, source: NotebookNode, reports: Mapping[str, str]
) -> NotebookNode:
    """Return a notebook that `autograded_notebook` made with other points and reports, but the same outputs."""
    notebook = copy.deepcopy(notebook)
    originals = {identifier: cell for cell in cleared(source).cells if (identifier := grade_id(cell))}
    tests = {e.test_cell: e.id for e in assignment.coded}
    for cell in notebook.cells:
        identifier = grade_id(cell)
        if identifier in originals:
            cell.metadata["nbgrader"] = nbformat.from_dict(_metadata(originals[identifier]))
        if cell.cell_type == "code" and identifier in tests and tests[identifier] in reports:
            cell.outputs = [nbformat.from_dict(_report(reports[tests[identifier]])), *cell.outputs[1:]]
    return notebook


def _report(text: str) -> dict[str, str]:
    return {"output_type": "stream", "name": "stdout", "text": text.rstrip("\n") + "\n"}


def disarm(cell: NotebookNode) -> None:
    """Make a student's Markdown harmless; a raw cell is shown as it is written."""
    prose = (
        Prose(literal(cell.source)) if cell.cell_type == "raw" else harmless_prose(cell.source, cell.get("attachments"))
    )
    cell.cell_type = "markdown"
    cell.source = prose.source
    cell.pop("attachments", None)
    if prose.attachments:
        cell.attachments = nbformat.from_dict(prose.attachments)


def _metadata(original: NotebookNode) -> dict[str, Any]:
    found = dict(nbgrader_metadata(original))
    found |= {
        "schema_version": SCHEMA_VERSION,
        "cell_type": original.cell_type,
        "checksum": checksum(original),
    }
    return found


def is_untouched(cell: NotebookNode) -> bool:
    """Whether an answer's cell is as it was released, by the checksum that the release recorded."""
    return bool(nbgrader_metadata(cell).get("checksum") == checksum(cell))


def checksum(cell: NotebookNode) -> str:
    """Return nbgrader's checksum of a cell: MD5 over its text, type, flags, grade_id and points.

    Importing nbgrader for it would cost each judge more than a hundred milliseconds; a test compares the two.
    """
    grade, solution = is_grade(cell), is_solution(cell)
    locked = not solution and (grade or nbgrader_metadata(cell).get("locked") is True)
    digest = hashlib.md5(usedforsecurity=False)
    for part in (cell.source, cell.cell_type, str(grade), str(solution), str(locked), str(grade_id(cell))):
        digest.update(part.encode("utf-8"))
    if grade:
        digest.update(str(float(nbgrader_metadata(cell)["points"])).encode())
    return digest.hexdigest()
