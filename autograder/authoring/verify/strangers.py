"""Code that shows no two known ideas: it does nothing, or differs from the reference in one small place."""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.engines.hidden.idle import idle

__all__ = ["strangers"]

#: The most changes of one exercise; they are spread over all of it.
MOST_CHANGES = 40
_SWAPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult}


def strangers(
    exercise: str, definition: ast.FunctionDef | ast.ClassDef, reference: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the description of each, and what a notebook with it would define.

    Args:
        exercise: the exercise.
        definition: the reference's definition, as it stands in its file.
        reference: what the reference defines.
    """
    for what, form in idle(reference[exercise]):
        yield what, {**reference, exercise: form}
    changes = list(_changed(definition))
    step = max(1, -(-len(changes) // MOST_CHANGES))
    for what, tree in changes[::step]:
        names = dict(reference)
        module = ast.fix_missing_locations(ast.Module([tree], []))
        exec(compile(module, "<stranger>", "exec"), names)  # noqa: S102 - the assignment's own code
        yield what, names


def _changed(definition: ast.FunctionDef | ast.ClassDef) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Yield the definition with one change each; none if it has a `while` loop, which might not end then."""
    if any(isinstance(node, ast.While) for node in ast.walk(definition)):
        return
    for number, node in enumerate(ast.walk(definition)):
        for change in _changes(node):
            made = copy.deepcopy(definition)
            found = next(n for i, n in enumerate(ast.walk(made)) if i == number)
            change(found)
            yield f"line {getattr(node, 'lineno', 0)} changed: {ast.unparse(found)[:60]}", made


def _changes(node: ast.AST) -> Iterator[Any]:
    if isinstance(node, ast.BinOp) and type(node.op) in _SWAPPED:
        yield functools.partial(_swap, to=_SWAPPED[type(node.op)])
    elif isinstance(node, ast.Constant) and type(node.value) in {int, float}:
        yield functools.partial(_add, number=1)
        yield functools.partial(_times, number=3)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield _positive


def _swap(node: ast.BinOp, to: type[ast.operator]) -> None:
    node.op = to()


def _add(node: ast.Constant, number: float) -> None:
    assert isinstance(node.value, (int, float))
    node.value = node.value + number


def _times(node: ast.Constant, number: float) -> None:
    assert isinstance(node.value, (int, float))
    node.value = node.value * number


def _positive(node: ast.UnaryOp) -> None:
    node.op = ast.UAdd()
