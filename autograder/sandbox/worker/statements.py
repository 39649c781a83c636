"""The statements of a cell: which only define something, and which can be parsed if the whole cell cannot."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

__all__ = ["defines_only", "readable_part"]

#: A cell that cannot be parsed is tried in pieces. Each is parsed, so their number has a limit.
_MAX_TRIES = 2000
#: What continues the statement above it, although it starts at the margin.
_GOES_ON = re.compile(r"(else|elif|except|finally)\b|#")


def defines_only(node: ast.stmt) -> bool:
    """Whether a statement only imports, defines, or names a constant, and runs no experiment."""
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
    """Whether a statement may stand in a guarded import; one that tells its failure, or does nothing, may, too."""
    told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
    return isinstance(node, ast.Pass) or defines_only(node) or (told and _called(node) == "print")


def _called(node: ast.stmt) -> str:
    call = getattr(node, "value", None)
    return getattr(getattr(call, "func", None), "id", "")


def _is_constant(node: ast.expr) -> bool:
    """Whether an expression consists of literals, names and attributes of names, without a call."""
    allowed = (ast.Constant, ast.Name, ast.Attribute, ast.Lambda, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.UnaryOp)
    if not isinstance(node, (*allowed, ast.BinOp)):
        return False
    if isinstance(node, ast.Lambda):
        return True
    inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
    return all(map(_is_constant, inner))


def readable_part(source: str, parse: Callable[[str], object]) -> str:
    """Return only those statements of a cell that can be parsed, each on its own line.

    Args:
        source: a cell that cannot be parsed as a whole.
        parse: raises SyntaxError or ValueError for text that is not Python.

    Returns:
        The text, with comments in the place of what was left out.
    """
    lines = source.split("\n")
    starts = [i for i, line in enumerate(lines) if _may_start(line)]
    # Empty lines at the top would be removed, and the numbers of lines would change.
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
