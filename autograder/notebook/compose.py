"""Compose notebooks from the template and Python modules: the instructor's source, and whole submissions."""

from __future__ import annotations

import ast
import copy
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.assignment import Assignment
from autograder.errors import AssignmentError
from autograder.notebook.cells import grade_id
from autograder.notebook.read import load_template

__all__ = ["BEGIN", "END", "compose_source", "compose_submission"]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
_STUB = "raise NotImplementedError"

_Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class _Module:
    """A Python file, taken apart without being executed."""

    path: Path
    lines: list[str]
    definitions: dict[str, _Definition]
    prelude: str
    extra_cells: tuple[str, ...]


def _read_module(path: Path) -> _Module:
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise AssignmentError(f"{path} cannot be read as Python: {error}.") from None
    lines = text.splitlines()
    definitions: dict[str, _Definition] = {}
    prelude: list[str] = []
    extra: tuple[str, ...] = ()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            definitions[node.name] = node
            if node.name.startswith("_"):
                prelude.append(_segment(lines, node))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            if not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                prelude.append(_segment(lines, node))
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = target.id if isinstance(target, ast.Name) else ""
            if name == "EXTRA_CELLS" and node.value is not None:
                extra = tuple(ast.literal_eval(node.value))
            elif name not in {"HINT", "CONVENTION", "USUAL_IN", "EQUALS"}:
                prelude.append(_segment(lines, node))
    return _Module(path, lines, definitions, "\n".join(prelude), extra)


def _segment(lines: Sequence[str], node: ast.stmt) -> str:
    start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
    return "\n".join(lines[start - 1 : node.end_lineno])


# -- the instructor's source -------------------------------------------------------------------------------


def compose_source(assignment: Assignment) -> NotebookNode:
    """Return the template with the reference's bodies between nbgrader's solution marks.

    Raises:
        AssignmentError: naming file and cell, if template and solution do not define the same.
    """
    notebook = copy.deepcopy(load_template(assignment))
    solution = _read_module(assignment.solution_path)
    for cell in notebook.cells:
        identifier = grade_id(cell)
        if identifier in {e.id for e in assignment.coded}:
            assert identifier is not None
            cell.source = _filled(cell.source, identifier, solution, assignment)
    return notebook


def _filled(stub: str, name: str, solution: _Module, assignment: Assignment) -> str:
    where = f"{assignment.template_path}, cell {name}"
    try:
        tree = ast.parse(stub)
    except SyntaxError as error:
        raise AssignmentError(f"{where}: the stub is not valid Python: {error}.") from None
    stubs = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name]
    body = solution.definitions.get(name)
    if len(stubs) != 1:
        raise AssignmentError(f"{where}: the stub must define {name!r} once.")
    if body is None:
        raise AssignmentError(f"{solution.path} does not define {name!r}, which {where} asks for.")
    lines = stub.splitlines()
    for stub_function, solved in reversed(_pairs(stubs[0], body, where, solution.path)):
        _replace_body(lines, stub_function, _body_text(solution, solved), where)
    return "\n".join(lines)


def _pairs(
    stub: _Definition, solved: _Definition, where: str, path: Path
) -> list[tuple[ast.FunctionDef, ast.FunctionDef]]:
    """Match the stub's functions with the solution's, in order; for a class its methods."""
    if isinstance(stub, ast.FunctionDef) and isinstance(solved, ast.FunctionDef):
        _same_signature(stub, solved, where, path)
        return [(stub, solved)]
    if not (isinstance(stub, ast.ClassDef) and isinstance(solved, ast.ClassDef)):
        raise AssignmentError(
            f"{where}: {stub.name!r} is a class in one of stub and {path.name}, a function in the other."
        )
    asked = {n.name: n for n in stub.body if isinstance(n, ast.FunctionDef)}
    given = {n.name: n for n in solved.body if isinstance(n, ast.FunctionDef)}
    if set(asked) != set(given):
        odd = sorted(set(asked) ^ set(given))
        raise AssignmentError(f"{where}: method {odd[0]!r} is in only one of the stub and {path}.")
    for name, method in asked.items():
        _same_signature(method, given[name], where, path)
    return [(method, given[name]) for name, method in asked.items()]


def _same_signature(stub: ast.FunctionDef, solved: ast.FunctionDef, where: str, path: Path) -> None:
    if ast.dump(stub.args) != ast.dump(solved.args):
        raise AssignmentError(
            f"{where}: {stub.name}({ast.unparse(stub.args)}) in the template, "
            f"{solved.name}({ast.unparse(solved.args)}) in {path}; make them the same."
        )


def _replace_body(lines: list[str], stub: ast.FunctionDef, body: list[str], where: str) -> None:
    last = stub.body[-1]
    if not isinstance(last, ast.Raise) or lines[last.lineno - 1].strip() != _STUB:
        raise AssignmentError(f"{where}: the stub of {stub.name!r} must end in `{_STUB}`.")
    indent = " " * last.col_offset
    filled = [f"{indent}{BEGIN}", *(f"{indent}{line}" if line else "" for line in body), f"{indent}{END}"]
    lines[last.lineno - 1 : last.end_lineno] = filled


def _body_text(module: _Module, function: ast.FunctionDef) -> list[str]:
    """Return a function's body without its docstring, comments kept, indented from zero."""
    body = function.body
    first = body[0]
    start = first.lineno
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        start = (first.end_lineno or first.lineno) + 1
    text = "\n".join(module.lines[start - 1 : function.end_lineno])
    return textwrap.dedent(text).strip("\n").splitlines()


# -- whole submissions -------------------------------------------------------------------------------------


def compose_submission(assignment: Assignment, template: NotebookNode, modules: Sequence[Path]) -> NotebookNode:
    """Return the template filled in as a student would: each exercise from the first module that defines it.

    A module's imports, constants and `_helpers` come along in the cell; its `EXTRA_CELLS` stand before the first
    exercise. An exercise that no module defines keeps its stub.
    """
    notebook = copy.deepcopy(template)
    parsed = [_read_module(path) for path in modules]
    for cell in notebook.cells:
        identifier = grade_id(cell)
        if identifier not in {e.id for e in assignment.coded}:
            continue
        module = next((m for m in parsed if identifier in m.definitions), None)
        if module is not None:
            assert identifier is not None
            own = _segment(module.lines, module.definitions[identifier])
            cell.source = f"{module.prelude}\n\n\n{own}" if module.prelude else own
    extra = [source for module in parsed for source in module.extra_cells]
    first = next(i for i, cell in enumerate(notebook.cells) if grade_id(cell))
    notebook.cells[first:first] = [_code_cell(source, i) for i, source in enumerate(extra)]
    return notebook


def _code_cell(source: str, number: int) -> Any:
    cell = nbformat.v4.new_code_cell(source)
    cell["id"] = f"extra-{number}"
    return cell
