"""The notebook's form: what editors, converters and people do to cells and to the file (item 5)."""

from __future__ import annotations

import base64
import copy
import json
import random
import re
from collections.abc import Callable
from typing import Any

import nbformat
from real.handin import SLUGS, SMALLEST, HandIn, code_cell, position

from autograder.course.notebook.cells import grade_id

from real.habit import Habit  # isort: skip

__all__ = ["HABITS"]


def _bare(handin: HandIn) -> None:
    """Drop every cell's metadata and id, as Colab and converters do."""
    for cell in handin.notebook.cells:
        cell.metadata = {}
    _no_ids(handin)


def _no_ids(handin: HandIn) -> None:
    handin.notebook.nbformat_minor = 2
    for cell in handin.notebook.cells:
        cell.pop("id", None)


def _bare_and(change: Callable[[HandIn], None]) -> Callable[[HandIn], None]:
    """Change the notebook, then drop the metadata."""

    def both(handin: HandIn) -> None:
        change(handin)
        _bare(handin)

    return both


def _colab(handin: HandIn) -> None:
    """Save as Colab does: nbgrader's metadata gone, its own written."""
    _bare(handin)
    handin.notebook.nbformat_minor = 0
    handin.notebook.metadata = {
        "colab": {"provenance": [], "gpuType": "T4"},
        "accelerator": "GPU",
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(handin.notebook.cells):
        cell.metadata = {"id": f"x{number}Ab", "colab": {"base_uri": "https://localhost:8080/"}}


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


def _solutions(handin: HandIn) -> list[Any]:
    return [
        c
        for c in handin.notebook.cells
        if c.cell_type == "code"
        and c.metadata.get("nbgrader", {}).get("solution")
        and not c.metadata["nbgrader"]["grade"]
    ]


def _two_cells_merged(handin: HandIn) -> None:
    """The second exercise's code stands in the first one's cell, as Jupyter merges cells."""
    first, second = _solutions(handin)[:2]
    first.source += "\n\n\n" + second.source
    handin.notebook.cells.remove(second)


def _all_in_one_cell(handin: HandIn) -> None:
    """All code stands in the first exercise's cell."""
    cells = _solutions(handin)
    cells[0].source = "\n\n\n".join(c.source for c in cells)
    for cell in cells[1:]:
        handin.notebook.cells.remove(cell)


def _reordered(handin: HandIn) -> None:
    """Exercises stand in another order, each with its test."""
    cells = handin.notebook.cells
    name = str(grade_id(_solutions(handin)[-1]))
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
    for cell in _solutions(handin):
        cell.source = f"from __future__ import annotations\n\n{cell.source}\n\n{grade_id(cell)}"


def _photos(handin: HandIn) -> None:
    """Outputs and attachments hold 8 MB of pictures."""
    picture = base64.b64encode(random.Random(2).randbytes(1 << 20)).decode()
    for cell in _solutions(handin)[:6]:
        cell.outputs = [nbformat.v4.new_output("display_data", {"image/png": picture, "text/plain": "<Figure>"})]
    handin.notebook.cells[0]["attachments"] = {"photo.png": {"image/png": picture}}


def _widgets(handin: HandIn) -> None:
    handin.notebook.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {f"{i}": {"v": "x" * 100} for i in range(5000)}}
    }
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "0%"}
    handin.smallest.outputs = [nbformat.v4.new_output("display_data", view)]


def _kernel(name: str, language: str = "python") -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        handin.notebook.metadata = {
            "kernelspec": {"name": name, "display_name": name, "language": language},
            "language_info": {"name": language, "version": "3.14.2", "file_extension": ".py"},
        }

    return change


def _no_metadata(handin: HandIn) -> None:
    handin.notebook.metadata = {}


def _minor(number: int) -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        handin.notebook.nbformat_minor = number

    return change


def _same_ids(handin: HandIn) -> None:
    for cell in handin.notebook.cells:
        cell["id"] = "same"


def _old_text(handin: HandIn) -> None:
    """Sources as lists of lines, and no ids: how notebooks were written in 2016."""
    _no_ids(handin)
    handin.notebook.nbformat_minor = 0
    for cell in handin.notebook.cells:
        cell["source"] = cell["source"].splitlines(keepends=True)


def _encoded(encode: Callable[[str], bytes]) -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        handin.encode = encode

    return change


def _windows_inside(handin: HandIn) -> None:
    for cell in handin.notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


def _compact(text: str) -> bytes:
    return json.dumps(json.loads(text), separators=(",", ":"), sort_keys=True).encode("ascii")


_CHANGES: dict[str, Callable[[HandIn], None]] = {
    "bare": _bare,
    "saved-by-colab": _colab,
    "bare-with-comments": _bare_and(_docstrings_deleted),
    "bare-with-cells-on-top": _bare_and(_pip_on_top),
    "bare-without-tests": _bare_and(_tests_deleted),
    "bare-without-prose": _bare_and(_prose_deleted),
    "bare-reordered": _bare_and(_reordered),
    "bare-and-split-imports": _bare_and(_imports_cell_split),
    "bare-with-edited-tests": _bare_and(_tests_edited),
    "bare-merged": _bare_and(_two_cells_merged),
    "no-ids": _no_ids,
    "same-ids": _same_ids,
    "minor-four": _minor(4),
    "minor-of-the-future": _minor(9),
    "old-text": _old_text,
    "no-kernel": _no_metadata,
    "kernel-of-conda": _kernel("conda-env-dl-py"),
    "kernel-of-an-environment": _kernel("my-venv (Python 3.13.1)"),
    "kernel-of-another-language": _kernel("ir", "R"),
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
    "photos": _photos,
    "widgets": _widgets,
    "windows-lines": _encoded(lambda text: text.replace("\n", "\r\n").encode()),
    "windows-lines-inside": _windows_inside,
    "byte-order-mark": _encoded(lambda text: b"\xef\xbb\xbf" + text.encode()),
    # Notepad's "Unicode": a mark says so, and nothing else that begins so is a notebook.
    "utf-16": _encoded(lambda text: text.encode("utf-16")),
    "compact": _encoded(_compact),
    "blank-lines-behind": _encoded(lambda text: b"\n" + text.encode() + b"\n\n  \n"),
}

#: The exercise's cell is gone; its code is there. The student is told where it was found.
_TOLD = {"two-merged", "all-in-one-cell", "bare", "saved-by-colab", "bare-merged"}

HABITS: list[Habit] = [
    Habit(
        f"form-{name}",
        5,
        change,
        (SLUGS[i % 4], SLUGS[(i + 1) % 4]),
        told=("cell",) if name in _TOLD else (),
        rare=i % 3 != 0,
    )
    for i, (name, change) in enumerate(_CHANGES.items())
]
