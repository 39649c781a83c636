"""Compose notebooks from the template and Python modules: the instructor's source, and whole submissions."""

from __future__ import annotations

import ast
import copy
import re
import symtable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.modules import Definition, Module, read_module, segment
from autograder.course.notebook.read import load_template
from autograder.errors import AssignmentError

__all__ = ["BEGIN", "END", "STUB", "cleared", "compose_source", "compose_submission", "without_shows"]

_WORD = re.compile(r"[^\W\d]\w*")

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = "raise NotImplementedError"


# -- the instructor's source -------------------------------------------------------------------------------


def compose_source(assignment: Assignment) -> NotebookNode:
    """Return the template with the reference's bodies between nbgrader's solution marks.

    Raises:
        AssignmentError: naming file and cell, if template and solution do not define the same.
    """
    notebook = copy.deepcopy(load_template(assignment))
    solution = read_module(assignment.solution_path)
    for cell in notebook.cells:
        identifier = grade_id(cell)
        if identifier in {e.id for e in assignment.coded}:
            assert identifier is not None
            cell.source = _filled(cell.source, identifier, solution, assignment)
    return notebook


def cleared(source: NotebookNode) -> NotebookNode:
    """Return a composed notebook as nbgrader records it: stubs where the solutions were."""
    notebook = copy.deepcopy(source)
    for cell in notebook.cells:
        lines: list[str] = []
        inside = False
        for line in cell.source.split("\n"):
            if line.strip() == BEGIN:
                lines.append(line.replace(BEGIN, STUB))
                inside = True
            elif line.strip() == END:
                inside = False
            elif not inside:
                lines.append(line)
        cell.source = "\n".join(lines)
    return notebook


def _filled(stub: str, name: str, solution: Module, assignment: Assignment) -> str:
    where = f"{assignment.template_path}, cell {name}"
    stubs = _definitions(stub, name, where)
    solved = solution.definitions.get(name)
    if len(stubs) != 1:
        raise AssignmentError(f"{where}: the stub must define {name!r} once.")
    if solved is None:
        raise AssignmentError(f"{solution.path} does not define {name!r}, which {where} asks for; add it.")
    lines = stub.split("\n")
    pairs = _pairs(stubs[0], solved, where, solution.path)
    for asked, given in reversed(pairs):
        _replace_body(lines, asked, given, solution, where)
    filled = "\n".join(lines)
    # The text was cut out and put in: check that its meaning is the same.
    composed = _pairs(_definitions(filled, name, where)[0], solved, where, solution.path)
    for made, given in composed:
        if [ast.dump(n) for n in _statements(made)] != [ast.dump(n) for n in _statements(given)]:
            raise AssignmentError(
                f"{solution.path}: the body of {given.name!r} (line {given.lineno}) cannot be moved into {where}; "
                "put each statement on lines of its own."
            )
    return filled


def _definitions(source: str, name: str, where: str) -> list[Definition]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise AssignmentError(f"{where}: this is not valid Python: {error}.") from None
    return [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name]


def _pairs(
    stub: Definition, solved: Definition, where: str, path: Path
) -> list[tuple[ast.FunctionDef, ast.FunctionDef]]:
    """Match the stub's functions with the solution's, in order; for a class its methods."""
    if isinstance(stub, ast.FunctionDef) and isinstance(solved, ast.FunctionDef):
        _same_signature(stub, solved, where, path)
        return [(stub, solved)]
    if not (isinstance(stub, ast.ClassDef) and isinstance(solved, ast.ClassDef)):
        raise AssignmentError(
            f"{where}: {stub.name!r} is a class in one of the stub and {path}, a function in the other."
        )
    _same("bases", stub, solved, [*stub.bases, *stub.keywords], [*solved.bases, *solved.keywords], where, path)
    _same("decorators", stub, solved, stub.decorator_list, solved.decorator_list, where, path)
    asked = {n.name: n for n in stub.body if isinstance(n, ast.FunctionDef)}
    given = {n.name: n for n in solved.body if isinstance(n, ast.FunctionDef)}
    for name in sorted(set(asked) ^ set(given)):
        raise AssignmentError(f"{where}: method {name!r} is in only one of the stub and {path}; add or remove it.")
    for name, method in asked.items():
        _same_signature(method, given[name], where, path)
    return [(method, given[name]) for name, method in asked.items()]


def _same_signature(stub: ast.FunctionDef, solved: ast.FunctionDef, where: str, path: Path) -> None:
    _same("parameters", stub, solved, [stub.args], [solved.args], where, path)
    _same("decorators", stub, solved, stub.decorator_list, solved.decorator_list, where, path)


def _same(
    what: str,
    stub: Definition,
    solved: Definition,
    asked: Sequence[ast.AST],
    given: Sequence[ast.AST],
    where: str,
    path: Path,
) -> None:
    if [ast.dump(n) for n in asked] != [ast.dump(n) for n in given]:
        ours, theirs = (f"{stub.name}({', '.join(map(ast.unparse, nodes))})" for nodes in (asked, given))
        raise AssignmentError(
            f"{where}, line {stub.lineno}: the {what} differ, {ours} there and {theirs} in {path}, "
            f"line {solved.lineno}; make them the same."
        )


def _replace_body(
    lines: list[str], stub: ast.FunctionDef, solved: ast.FunctionDef, solution: Module, where: str
) -> None:
    last = stub.body[-1]
    if not isinstance(last, ast.Raise) or lines[last.lineno - 1].strip() != STUB:
        raise AssignmentError(f"{where}: the stub of {stub.name!r} must end in `{STUB}`.")
    indent = " " * last.col_offset
    body = _body_lines(solution, solved, indent)
    lines[last.lineno - 1 : last.end_lineno] = [f"{indent}{BEGIN}", *body, f"{indent}{END}"]


def _statements(function: ast.FunctionDef) -> list[ast.stmt]:
    """Return the body without its docstring."""
    return function.body[ast.get_docstring(function, clean=False) is not None :]


def _body_lines(module: Module, function: ast.FunctionDef, indent: str) -> list[str]:
    """Return a function's body without its docstring, with the comments around it, indented anew."""
    statements = _statements(function)
    if not statements:
        return []
    old = statements[0].col_offset
    start, end = statements[0].lineno, statements[-1].end_lineno or 0
    start = min([start, *(d.lineno for d in getattr(statements[0], "decorator_list", []))])
    while _is_comment(module.lines[start - 2], 0) or not module.lines[start - 2].strip():
        start -= 1
    while end < len(module.lines) and _is_comment(module.lines[end], old):
        end += 1
    inside = _inside_texts(statements)
    moved = []
    for number in range(start, end + 1):
        line = module.lines[number - 1]
        # Lines within a string stay as they are; all others move with their statement.
        moved.append(line if number in inside or not line.strip() else indent + line[old:])
    while moved and not moved[0].strip():
        del moved[0]
    return moved


def _is_comment(line: str, indent: int) -> bool:
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip()) >= indent


def _inside_texts(statements: Sequence[ast.stmt]) -> set[int]:
    """Return the numbers of the lines that start within a string."""
    found: set[int] = set()
    for node in (n for statement in statements for n in ast.walk(statement)):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))):
            found.update(range(node.lineno + 1, (node.end_lineno or 0) + 1))
    return found


# -- whole submissions -------------------------------------------------------------------------------------


def compose_submission(assignment: Assignment, template: NotebookNode, modules: Sequence[Path]) -> NotebookNode:
    """Return the template filled in as a student would: each exercise from the first module that defines it.

    A module's imports, constants and `_helpers` are in the cell too; its `EXTRA_CELLS` come before the first exercise.
    An exercise that no module defines keeps its stub.
    """
    notebook = copy.deepcopy(template)
    parsed = [read_module(path) for path in modules]
    exercises = {e.id for e in assignment.coded}
    for cell in notebook.cells:
        identifier = grade_id(cell)
        if identifier not in exercises:
            continue
        module = next((m for m in parsed if identifier in m.definitions), None)
        if module is not None:
            assert identifier is not None
            own = segment(module.lines, module.definitions[identifier])
            cell.source = f"{module.prelude}\n\n\n{own}" if module.prelude else own
    extra = [source for module in parsed for source in module.extra_cells]
    first = next(i for i, cell in enumerate(notebook.cells) if grade_id(cell) in exercises)
    notebook.cells[first:first] = [_code_cell(source, i) for i, source in enumerate(extra)]
    return notebook


def without_shows(notebook: NotebookNode, assignment: Assignment) -> NotebookNode:
    """Return a composed notebook without the text of cells that no exercise needs: examples, pictures, comparisons.

    Cells before the first exercise stay, and so does each cell that binds a name which an exercise's cell, or another
    cell that stays, uses.
    """
    found = copy.deepcopy(notebook)
    exercises = {e.id for e in assignment.coded}
    code = [(cell, *_names(cell.source)) for cell in found.cells if cell.cell_type == "code"]
    first = next(i for i, (cell, _, _) in enumerate(code) if grade_id(cell) in exercises)
    waiting = [entry for entry in code[first:] if grade_id(entry[0]) not in exercises]
    used = {name for entry in code if entry not in waiting for name in entry[2]}
    while needed := [entry for entry in waiting if used & entry[1]]:
        waiting = [entry for entry in waiting if entry not in needed]
        used |= {name for entry in needed for name in entry[2]}
    for cell, _, _ in waiting:
        cell.source = ""
    return found


def _names(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell binds, and those that it uses; all its words if it is not plain Python."""
    try:
        top = symtable.symtable(source, "<cell>", "exec")
    except SyntaxError:
        words = set(_WORD.findall(source))
        return words, words
    bound = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    used = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    waiting = list(top.get_children())
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_global():
                used.add(symbol.get_name())
                if symbol.is_declared_global():
                    bound.add(symbol.get_name())
    return bound, used


def _code_cell(source: str, number: int) -> Any:
    cell = nbformat.v4.new_code_cell(source)
    cell["id"] = f"extra-{number}"
    return cell
