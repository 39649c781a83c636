"""What a student hands in: a notebook, its file's name, and the files beside it; and the places that people change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.notebook.cells import grade_id

__all__ = ["FULL_ONLY", "PLACES", "SLUGS", "SMALLEST", "Change", "HandIn", "code_cell", "position"]

#: The assignments that only the full run tries habits on.
FULL_ONLY = ("tensors", "modules", "activations", "training")
SLUGS = ("optimizers", "sequential", "xavier", "gradients", *FULL_ONLY)
#: The first function that each assignment asks for.
SMALLEST = {
    "optimizers": "sgd_step",
    "sequential": "build_mlp",
    "xavier": "fans",
    "gradients": "sigmoid_grad",
    "tensors": "even_grid",
    "modules": "output_size",
    "activations": "sigmoid",
    "training": "steps_per_epoch",
}


@dataclass
class HandIn:
    """One hand-in while a habit changes it.

    `notebook` is solved at first and `empty` is the released one. `name` is the notebook's file, relative to the
    folder of the hand-in; `files` are other files, `sizes` are files of that many zero bytes. `encode` turns the
    notebook's text into the file's bytes.
    """

    slug: str
    notebook: NotebookNode
    empty: NotebookNode
    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    encode: Callable[[str], bytes] = str.encode

    @property
    def smallest(self) -> Any:
        """The cell of the first function."""
        return self.exercise(SMALLEST[self.slug])

    @property
    def imports(self) -> Any:
        """The first code cell."""
        return next(c for c in self.notebook.cells if c.cell_type == "code")

    def exercise(self, name: str) -> Any:
        """Return the first cell with a grade_id."""
        return next(c for c in self.notebook.cells if grade_id(c) == name)

    def beside(self, name: str, text: str) -> None:
        """Hand in a text beside the notebook."""
        self.files[name] = text.encode()

    def text(self, notebook: NotebookNode | None = None) -> str:
        """Return a notebook as JSON, by default the solved one; keep what a habit did to its form."""
        import json

        return json.dumps(notebook or self.notebook, ensure_ascii=False, indent=1) + "\n"

    def write(self, folder: Path) -> None:
        """Write everything into the folder of the hand-in."""
        contents = {self.name: self.encode(self.text()), **self.files}
        for name, data in contents.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        for name, size in self.sizes.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.truncate(size)


Change = Callable[[HandIn], None]


def code_cell(source: str) -> Any:
    """Return an extra cell of the student's."""
    return nbformat.v4.new_code_cell(source)


def position(handin: HandIn, name: str) -> int:
    """Return the position of an exercise's cell."""
    return next(i for i, c in enumerate(handin.notebook.cells) if grade_id(c) == name)


# -- the places where a text goes -----------------------------------------------------------------------------


def _on_top(handin: HandIn, source: str) -> None:
    handin.imports.source = f"{source}\n{handin.imports.source}"


def _at_foot(handin: HandIn, source: str) -> None:
    handin.imports.source += f"\n{source}"


def _first(handin: HandIn, source: str) -> None:
    handin.notebook.cells.insert(0, code_cell(source))


def _after_imports(handin: HandIn, source: str) -> None:
    handin.notebook.cells.insert(handin.notebook.cells.index(handin.imports) + 1, code_cell(source))


def _middle(handin: HandIn, source: str) -> None:
    """Put it between the cell of a function and its test."""
    handin.notebook.cells.insert(position(handin, SMALLEST[handin.slug]) + 1, code_cell(source))


def _last(handin: HandIn, source: str) -> None:
    handin.notebook.cells.append(code_cell(source))


def _in_exercise(handin: HandIn, source: str) -> None:
    handin.smallest.source = f"{source}\n{handin.smallest.source}"


def _under_exercise(handin: HandIn, source: str) -> None:
    handin.smallest.source += f"\n\n{source}"


#: By name: a function that puts a text at a place of the notebook.
PLACES: dict[str, Callable[[HandIn, str], None]] = {
    "on-top": _on_top,
    "at-foot": _at_foot,
    "first": _first,
    "after-imports": _after_imports,
    "middle": _middle,
    "last": _last,
    "in-exercise": _in_exercise,
    "under-exercise": _under_exercise,
}
