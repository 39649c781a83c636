"""Changes Python texts without reformatting them: removes definitions, exchanges names, makes stubs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

__all__ = ["defines", "parsed", "renamed", "stub_of", "without", "without_checks", "without_entries"]

_Definition = ast.FunctionDef | ast.ClassDef


def parsed(text: str) -> ast.Module:
    """Return the tree of a text.

    Raises:
        SyntaxError: if it is not Python.
    """
    return ast.parse(text)


def defines(text: str, name: str) -> bool:
    """Whether a text defines a function or a class of that name, or edits the reference's in EDITS."""
    return any(
        (isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name) or _edits(n, name)
        for n in parsed(text).body
    )


def _edits(node: ast.stmt, name: str) -> bool:
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "EDITS"
        and isinstance(node.value, ast.Dict)
        and any(_is_text(key, name) for key in node.value.keys)
    )


def without(text: str, name: str) -> str:
    """Return a text without the functions and classes of that name, with the comments right above them."""
    return _cut(
        text, [n for n in parsed(text).body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name]
    )


def without_checks(text: str, exercise: str) -> str | None:
    """Return a file of checks without those of an exercise; None if it holds no others."""
    tree = parsed(text)
    marked = {node for node in tree.body if isinstance(node, ast.FunctionDef) and _marks(node.decorator_list, exercise)}
    whole = any(isinstance(n, ast.Assign) and _marks([n.value], exercise) for n in tree.body)
    tests = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
    others = [n for n in tests if n not in marked and not whole]
    if (whole or marked) and not others:
        return None
    return _cut(text, list(marked))


def without_entries(text: str, name: str, variables: Sequence[str]) -> str:
    """Return a text without the entries of `name` in the dicts and lists of these variables."""
    lines = text.split("\n")
    for node in reversed(parsed(text).body):
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        variable, value = node.targets[0].id, node.value
        if variable not in variables:
            continue
        if isinstance(value, ast.Dict):
            pairs = [(k, v) for k, v in zip(value.keys, value.values, strict=True) if not _is_text(k, name)]
            changed = len(pairs) < len(value.keys)
            value.keys, value.values = [k for k, _ in pairs], [v for _, v in pairs]
            empty = not pairs
        elif isinstance(value, (ast.List, ast.Tuple)):
            kept = [e for e in value.elts if not _is_text(e, name)]
            changed, empty = len(kept) < len(value.elts), not kept
            value.elts = kept
        else:
            continue
        if changed:
            # Patterns of code may hold quotes of both kinds.
            written = ast.unparse(node) if variable == "EDITS" else ast.unparse(node).replace("'", '"')
            line = [] if empty else [written]
            lines[node.lineno - 1 : node.end_lineno] = line
    return "\n".join(lines)


def stub_of(text: str, name: str) -> str:
    """Return a definition with `raise NotImplementedError` as every body; docstrings and decorators stay."""
    (node,) = [n for n in parsed(text).body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name]
    lines = text.split("\n")
    members = [node] if isinstance(node, ast.FunctionDef) else node.body
    functions = [n for n in members if isinstance(n, ast.FunctionDef)]
    for function in reversed(functions):
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        indent = " " * (function.col_offset + 4)
        start = body[0].lineno - 1 if body else (function.end_lineno or function.lineno)
        lines[start : function.end_lineno] = [f"{indent}raise NotImplementedError"]
    made = "\n".join(lines)
    (stub,) = [n for n in parsed(made).body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name]
    return "\n".join(made.split("\n")[_first_line(stub) - 1 : stub.end_lineno])


def renamed(text: str, name: str, new: str) -> str:
    """Return a text in which an exercise has another id, see `exercises.rename_exercise`.

    A cell with magics is read line by line.
    """
    try:
        tree = parsed(text)
    except SyntaxError:
        return re.sub(rf"(?<![\w.]){re.escape(name)}\b", new, text)
    places = sorted(set(_places(tree, name)), reverse=True)
    lines = text.split("\n")
    for line, column in places:
        raw = lines[line - 1].encode()
        at = raw.find(name.encode(), column)
        if at >= 0:
            lines[line - 1] = (raw[:at] + new.encode() + raw[at + len(name.encode()) :]).decode()
    return "\n".join(lines)


# -- trees -------------------------------------------------------------------------------------------------


def _cut(text: str, nodes: Sequence[ast.stmt]) -> str:
    lines = text.split("\n")
    for node in sorted(nodes, key=lambda n: n.lineno, reverse=True):
        start = _first_line(node) - 1
        while start > 0 and lines[start - 1].startswith("#"):
            start -= 1
        end = node.end_lineno or node.lineno
        while end < len(lines) and not lines[end].strip():
            end += 1
        lines[start:end] = []
    return "\n".join(lines).rstrip("\n") + "\n"


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])


def _marks(nodes: Sequence[ast.expr], exercise: str) -> bool:
    """Whether one of these expressions is `pytest.mark.exercise("ID")`, or contains it."""
    return any(
        isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and n.func.attr == "exercise"
        and any(_is_text(a, exercise) for a in n.args)
        for node in nodes
        for n in ast.walk(node)
    )


def _is_text(node: ast.AST | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _places(tree: ast.Module, name: str) -> Iterator[tuple[int, int]]:
    """Yield lines and columns (in bytes): the next id from there means the exercise."""
    yield from _in_scope(tree.body, name, hidden=False)


def _in_scope(nodes: Sequence[ast.AST], name: str, *, hidden: bool) -> Iterator[tuple[int, int]]:
    """Search these nodes; in a function that has a variable or a parameter of that name, the bare name means that."""
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name and not hidden:
            yield node.lineno, node.col_offset + (6 if isinstance(node, ast.ClassDef) else 4)
        inside = hidden
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            inside = hidden or _binds(node, name)
        if (isinstance(node, ast.Name) and node.id == name and not hidden) or (
            isinstance(node, ast.Constant) and node.value == name
        ):
            yield node.lineno, node.col_offset
        elif isinstance(node, ast.Attribute) and node.attr == name:
            owner = node.value
            if isinstance(owner, ast.Name) and owner.id in {"student", "reference"}:
                yield owner.end_lineno or owner.lineno, owner.end_col_offset or 0
        yield from _in_scope(list(ast.iter_child_nodes(node)), name, hidden=inside)


def _binds(function: ast.FunctionDef | ast.Lambda, name: str) -> bool:
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    if any(a is not None and a.arg == name for a in every):
        return True
    return any(isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load) for n in ast.walk(function))
