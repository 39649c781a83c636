"""Python files as material for notebooks: they are read and taken apart, never executed."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course.notebook.variants import variant_text
from autograder.errors import AssignmentError

__all__ = ["Definition", "Module", "read_module", "segment"]

Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file, taken apart without being executed.

    `prelude` holds its imports, constants and helpers; `extra_cells` the entries of `EXTRA_CELLS`.
    """

    path: Path
    lines: list[str]
    definitions: dict[str, Definition]
    prelude: str
    extra_cells: tuple[str, ...]


def read_module(path: Path) -> Module:
    """Take a Python file apart; its definitions include those that its `EDITS` make of the reference.

    Raises:
        AssignmentError: if it is not valid Python, or an edit does not fit.
    """
    try:
        text = variant_text(path)
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        # For deeply nested code the parser raises a MemoryError without a message.
        reason = str(error) or "nested too deeply"
        raise AssignmentError(f"{path} cannot be read as Python: {reason}.") from None
    # Lines as Python counts them; splitlines() would also split at form feeds and Unicode's separators.
    lines = text.split("\n")
    definitions: dict[str, Definition] = {}
    prelude: list[str] = []
    extra: tuple[str, ...] = ()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            definitions[node.name] = node
            if node.name.startswith("_"):
                prelude.append(segment(lines, node))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                prelude.append(segment(lines, node))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = target.id if isinstance(target, ast.Name) else ""
            if name == "EXTRA_CELLS" and node.value is not None:
                extra = _literal_texts(node.value, path)
            elif name not in {"EDITS", "HINT", "QUESTION", "WORKED", "CONVENTION", "USUAL_IN", "EQUALS", "ALSO_COSTS"}:
                prelude.append(segment(lines, node))
    return Module(path, lines, definitions, "\n".join(prelude), extra)


def _literal_texts(node: ast.expr, path: Path) -> tuple[str, ...]:
    try:
        found = ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError, MemoryError):
        found = None
    if not (isinstance(found, list | tuple) and all(isinstance(text, str) for text in found)):
        raise AssignmentError(f"{path}: EXTRA_CELLS must be a list of literal texts; nothing here is executed.")
    return tuple(found)


def segment(lines: Sequence[str], node: ast.stmt) -> str:
    """Return the text of a top-level statement, decorators included."""
    start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return "\n".join(lines[start - 1 : node.end_lineno])
