"""The statements of a cell: which of them only define something, and which can be read where a whole cell cannot."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

__all__ = ["defines_only", "readable_part"]

#: A cell that cannot be read is tried in pieces: each is parsed, so that their number is bounded.
_MAX_TRIES = 2000
#: What goes on with the statement above it, although it starts at the margin.
_GOES_ON = re.compile(r"(else|elif|except|finally)\b|#")


def defines_only(node: ast.stmt) -> bool:
    """Whether a statement only imports, defines, or names a constant: no experiment is run by it."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return True
    if type(node).__name__ == "TypeAlias":
        return True
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return node.value is not None and _is_constant(node.value)
    if isinstance(node, ast.If):
        return all(map(defines_only, [*node.body, *node.orelse]))
    if isinstance(node, ast.Try):
        handled = [statement for handler in node.handlers for statement in handler.body]
        return all(map(_defines_or_passes, [*node.body, *handled, *node.orelse, *node.finalbody]))
    return False


def _defines_or_passes(node: ast.stmt) -> bool:
    """Whether a statement belongs to a guarded import: also to say that it failed, or nothing, is allowed there."""
    told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
    return isinstance(node, ast.Pass) or defines_only(node) or (told and _called(node) == "print")


def _called(node: ast.stmt) -> str:
    call = getattr(node, "value", None)
    return getattr(getattr(call, "func", None), "id", "")


def _is_constant(node: ast.expr) -> bool:
    """Whether an expression is a literal, a name or another name's attribute, or made of such; no call is in it."""
    allowed = (ast.Constant, ast.Name, ast.Attribute, ast.Lambda, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp)
    if not isinstance(node, (*allowed, ast.BinOp)):
        return False
    if isinstance(node, ast.Lambda):
        return True
    inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return all(map(_is_constant, inner))


def readable_part(source: str, parse: Callable[[str], object]) -> str:
    """Return a cell that cannot be parsed with the statements alone that can, each on its own line.

    Args:
        source: the cell.
        parse: raises SyntaxError or ValueError for text that is no Python.

    Returns:
        The text, with comments in the place of what was left out.
    """
    lines = source.split("\n")
    starts = [i for i, line in enumerate(lines) if _may_start(line)]
    # Empty lines at the top would be taken off, and the numbers of lines would change.
    kept: list[str] = ["#"] * len(lines)
    tries, at = 0, 0
    while at < len(starts) and tries < _MAX_TRIES:
        for end in range(at + 1, len(starts) + 1):
            first, last = starts[at], starts[end] if end < len(starts) else len(lines)
            tries += 1
            if _parses("\n".join(lines[first:last]), parse):
                kept[first:last] = lines[first:last]
                at = end
                break
            if tries >= _MAX_TRIES:
                break
        else:
            at += 1
    return "\n".join(kept)


def _may_start(line: str) -> bool:
    return bool(line.strip()) and not line[0].isspace() and not _GOES_ON.match(line)


def _parses(text: str, parse: Callable[[str], object]) -> bool:
    try:
        parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
