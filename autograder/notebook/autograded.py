"""The autograded notebook: what formgrader shows, with the outputs of the run and our report beside each test.

Formgrader renders this file in the instructor's session, so nothing live of a student's goes into it: of rich
outputs only plain text and PNG images stay.
"""

from __future__ import annotations

import base64
import binascii
import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment
from autograder.notebook.cells import SCHEMA_VERSION, grade_id, is_grade, is_solution, nbgrader_metadata
from autograder.notebook.read import Submission

__all__ = ["CellRun", "autograded_notebook", "checksum"]

MAX_TEXT = 100_000
_PNG = b"\x89PNG\r\n\x1a\n"
_KINDS = {"stream", "display_data", "execute_result", "error"}


@dataclass(frozen=True, slots=True)
class CellRun:
    """What a cell showed when it ran."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
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
        submission: what was read.
        assignment: whose exercises they are.
        source: the instructor's notebook, whose checksums nbgrader expects.
        runs: what each cell showed, by its position.
        reports: by exercise id, the text to stand first in its test cell's output.
    """
    notebook = copy.deepcopy(submission.notebook)
    originals = {identifier: cell for cell in source.cells if (identifier := grade_id(cell))}
    tests = {e.test_cell: e.id for e in assignment.coded}
    for index, cell in enumerate(notebook.cells):
        identifier = grade_id(cell)
        if identifier in originals:
            original = originals[identifier]
            cell.metadata["nbgrader"] = nbformat.from_dict(_metadata(original))
        if cell.cell_type != "code":
            continue
        run = runs.get(index, CellRun())
        outputs = [clean for output in run.outputs if (clean := _harmless(output)) is not None]
        if identifier in tests and tests[identifier] in reports:
            text = reports[tests[identifier]]
            outputs.insert(0, {"output_type": "stream", "name": "stdout", "text": text.rstrip("\n") + "\n"})
        cell.outputs = [nbformat.from_dict(output) for output in outputs]
        cell.execution_count = run.execution_count
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"c{number}"
    return notebook


def _metadata(original: NotebookNode) -> dict[str, Any]:
    found = dict(nbgrader_metadata(original))
    found |= {
        "schema_version": SCHEMA_VERSION,
        "cell_type": original.cell_type,
        "checksum": checksum(original),
    }
    return found


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


def _harmless(output: Mapping[str, Any]) -> dict[str, Any] | None:
    """Reduce an output to what a page can show without running or fetching anything."""
    kind = output.get("output_type")
    if kind not in _KINDS:
        return None
    if kind == "stream":
        return {**output, "text": _plain(output["text"])}
    if kind == "error":
        return {
            "output_type": "error",
            "ename": _plain(output["ename"])[:200],
            "evalue": _plain(output["evalue"])[:2000],
            "traceback": [_plain(line) for line in output["traceback"]][:400],
        }
    data = output["data"]
    kept: dict[str, Any] = {}
    if "text/plain" in data:
        kept["text/plain"] = _plain(data["text/plain"])
    if "image/png" in data and _is_png(data["image/png"]):
        kept["image/png"] = data["image/png"]
    if not kept:
        kept["text/plain"] = f"[an output of type {_plain(', '.join(sorted(data)))[:100]} is not shown here]"
    clean = {"output_type": kind, "data": kept, "metadata": {}}
    if kind == "execute_result":
        clean["execution_count"] = output.get("execution_count")
    return clean


def _plain(text: str) -> str:
    """Keep printable text, tabs and line ends; terminal control sequences would be turned into HTML."""
    # isprintable is false for control characters, for those that reverse text, and for half surrogate pairs.
    return "".join(c if c in "\n\t" or c.isprintable() else "\ufffd" for c in text[:MAX_TEXT])


def _is_png(text: str) -> bool:
    try:
        return base64.b64decode("".join(text.split()), validate=True).startswith(_PNG)
    except (binascii.Error, ValueError):
        return False
