"""The text of a variant's file, with the definitions that its `EDITS` make from the reference."""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course.notebook.edits import Definition, EditForm, Misfit, apply_form, read_edits
from autograder.errors import AssignmentError

__all__ = ["Reference", "edited", "forms_in", "reference_of", "variant_text"]


@dataclass(frozen=True)
class Reference:
    """The reference solution as code: its definitions by name, and the statements around them."""

    path: Path
    definitions: Mapping[str, Definition]
    #: Imports, constants and helpers.
    around: tuple[ast.stmt, ...]


def reference_of(path: Path) -> Reference:
    """Read the reference that a variant's file belongs to, or a reference itself.

    Raises:
        AssignmentError: if it is not valid Python.
    """
    solution = path if path.name == "solution.py" else path.parent.parent / "solution.py"
    return _reference(solution, solution.stat().st_mtime_ns)


@functools.lru_cache(maxsize=16)
def _reference(path: Path, _changed: int) -> Reference:
    tree = _parsed(path, path.read_text(encoding="utf-8"))
    definitions = {n.name: n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    around = [
        n
        for n in tree.body
        if isinstance(n, (ast.Import, ast.Assign, ast.AnnAssign))
        or (isinstance(n, ast.ImportFrom) and n.module != "__future__")
        or (isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name.startswith("_"))
    ]
    return Reference(path, definitions, tuple(around))


def forms_in(path: Path) -> dict[str, tuple[EditForm, ...]]:
    """Return by exercise the forms that a file's `EDITS` hold; empty without any.

    Raises:
        AssignmentError: naming file and line, if they cannot be read.
    """
    try:
        return read_edits(_parsed(path, path.read_text(encoding="utf-8")))
    except Misfit as misfit:
        raise AssignmentError(f"{path}, line {misfit.line}: {misfit.message}") from None


def edited(path: Path, exercise: str, form: EditForm, reference: Reference) -> Definition:
    """Return the reference's definition of an exercise with one form of a file's edits.

    Raises:
        AssignmentError: naming file and line, if an edit does not fit one place, or there is no such definition.
    """
    due = reference.definitions.get(exercise)
    if due is None:
        raise AssignmentError(f"{path}, line {form[0].line}: {reference.path} does not define {exercise!r}.")
    try:
        return apply_form(due, form)
    except Misfit as misfit:
        raise AssignmentError(f"{path}, line {misfit.line}: {misfit.message}") from None


def variant_text(path: Path) -> str:
    """Return a file's text, followed by what its `EDITS` (in their first form) make from the reference.

    Raises:
        AssignmentError: naming file and line, if it is no Python or an edit does not fit.
        OSError: if it cannot be read.
    """
    text = path.read_text(encoding="utf-8")
    if "EDITS" not in text:
        return text
    forms = forms_in(path)
    if not forms:
        return text
    reference = reference_of(path)
    parts = [text.rstrip("\n"), *(ast.unparse(n) for n in reference.around)]
    parts += [ast.unparse(edited(path, e, found[0], reference)) for e, found in forms.items()]
    return "\n\n\n".join(parts) + "\n"


def _parsed(path: Path, text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise AssignmentError(f"{path} cannot be read as Python: {error}.") from None
