"""Cells that were moved, merged, split, copied, edited or deleted (item 5)."""

from __future__ import annotations

import copy
import random
import re
from typing import Any

from real.handin import SMALLEST, Change, HandIn, code_cell, position

from autograder.course.notebook.cells import grade_id

__all__ = ["CHANGES", "solutions"]


def _docstrings_deleted(handin: HandIn) -> None:
    """Delete the released docstrings, and put comments on top."""
    for cell in handin.notebook.cells:
        if grade_id(cell) and cell.cell_type == "code":
            cell.source = "# my solution\n" + re.sub(r'\n +""".*?"""', "", cell.source, flags=re.DOTALL)


def _pip_on_top(handin: HandIn) -> None:
    handin.notebook.cells.insert(0, code_cell("import sys\nprint(sys.version)"))
    handin.imports.source = "# all imports\n" + handin.imports.source


def _tests_deleted(handin: HandIn) -> None:
    handin.notebook.cells = [c for c in handin.notebook.cells if not str(grade_id(c)).startswith("test_")]


def _one_test_deleted(handin: HandIn) -> None:
    del handin.notebook.cells[position(handin, f"test_{SMALLEST[handin.slug]}")]


def _tests_edited(handin: HandIn) -> None:
    for cell in handin.notebook.cells:
        if str(grade_id(cell)).startswith("test_"):
            cell.source = "print('tried', 1)\n" + cell.source + "\nassert True"


def _prose_deleted(handin: HandIn) -> None:
    handin.notebook.cells = [c for c in handin.notebook.cells if c.cell_type == "code" or grade_id(c)]


def _imports_cell_split(handin: HandIn) -> None:
    """One cell for each import; the released cell is gone."""
    cell = handin.imports
    where = handin.notebook.cells.index(cell)
    lines = [line for line in cell.source.split("\n") if line.strip()]
    handin.notebook.cells[where : where + 1] = [code_cell(line) for line in lines]


def _imports_in_exercise(handin: HandIn) -> None:
    """The import cell was merged into the first exercise's cell."""
    cell = handin.imports
    handin.notebook.cells.remove(cell)
    first = next(c for c in handin.notebook.cells if grade_id(c) and c.cell_type == "code")
    first.source = cell.source + "\n\n\n" + first.source


def solutions(handin: HandIn) -> list[Any]:
    """Return the cells of all exercises that are code."""
    return [
        c
        for c in handin.notebook.cells
        if c.cell_type == "code"
        and c.metadata.get("nbgrader", {}).get("solution")
        and not c.metadata["nbgrader"]["grade"]
    ]


def _two_cells_merged(handin: HandIn) -> None:
    """The second exercise's code stands in the first one's cell, as Jupyter merges cells."""
    first, second = solutions(handin)[:2]
    first.source += "\n\n\n" + second.source
    handin.notebook.cells.remove(second)


def _all_in_one_cell(handin: HandIn) -> None:
    """All code stands in the first exercise's cell."""
    cells = solutions(handin)
    cells[0].source = "\n\n\n".join(c.source for c in cells)
    for cell in cells[1:]:
        handin.notebook.cells.remove(cell)


def _reordered(handin: HandIn) -> None:
    """Exercises stand in another order, each with its test."""
    cells = handin.notebook.cells
    name = str(grade_id(solutions(handin)[-1]))
    moved = [c for c in cells if grade_id(c) in {name, f"test_{name}"}]
    for cell in moved:
        cells.remove(cell)
    cells[2:2] = moved


def _shuffled_tests(handin: HandIn) -> None:
    """All tests were moved up in front of the exercises."""
    tests = [c for c in handin.notebook.cells if str(grade_id(c)).startswith("test_")]
    for cell in tests:
        handin.notebook.cells.remove(cell)
    random.Random(1).shuffle(tests)
    handin.notebook.cells[2:2] = tests


def _copied_cells(handin: HandIn) -> None:
    """The whole notebook was pasted under itself."""
    handin.notebook.cells += copy.deepcopy(handin.notebook.cells)


def _copied_exercise(handin: HandIn) -> None:
    """An exercise's cell was copied, and the copy kept."""
    where = position(handin, SMALLEST[handin.slug])
    handin.notebook.cells.insert(where, copy.deepcopy(handin.notebook.cells[where]))


def _stub_kept_below(handin: HandIn) -> None:
    """The released stub, with its metadata, was pasted back under the solution."""
    name = SMALLEST[handin.slug]
    stub = next(c for c in handin.empty.cells if grade_id(c) == name)
    handin.notebook.cells.insert(position(handin, name) + 1, copy.deepcopy(stub))


def _split_exercise(handin: HandIn) -> None:
    """A helper was split off into a cell above."""
    cell = handin.smallest
    handin.notebook.cells.insert(position(handin, SMALLEST[handin.slug]), code_cell("def _same(v):\n    return v"))
    cell.source += "\n\n_same(1)"


def _typed(handin: HandIn) -> None:
    """Every exercise's cell begins with an import for its types, and ends with a look at itself."""
    for cell in solutions(handin):
        cell.source = f"from __future__ import annotations\n\n{cell.source}\n\n{grade_id(cell)}"


#: By name, what was done to the cells.
CHANGES: dict[str, Change] = {
    "tests-deleted": _tests_deleted,
    "one-test-deleted": _one_test_deleted,
    "tests-edited": _tests_edited,
    "prose-deleted": _prose_deleted,
    "imports-split": _imports_cell_split,
    "imports-in-exercise": _imports_in_exercise,
    "two-merged": _two_cells_merged,
    "all-in-one-cell": _all_in_one_cell,
    "reordered": _reordered,
    "tests-on-top": _shuffled_tests,
    "pasted-under-itself": _copied_cells,
    "copied-exercise": _copied_exercise,
    "stub-kept-below": _stub_kept_below,
    "split-exercise": _split_exercise,
    "future-import-and-last-value": _typed,
    "docstrings-deleted": _docstrings_deleted,
    "cells-on-top": _pip_on_top,
}
