"""Which inputs of a public example the student's code changed: they are read again after the example."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.checks.student import Student, StudentCrashed, StudentError, StudentTimeout
from autograder.engines.hidden.diagnosis import same_answers

__all__ = ["Watched", "watched"]

#: A tensor of this size can be read at a glance, before and after.
_MOST_ELEMENTS = 64
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Watched:
    """An example's text that gives its answer together with its inputs, and the inputs' values before the call.

    If no inputs are watched, `source` is the example as it was.
    """

    source: str
    before: Mapping[str, Any] = field(default_factory=dict)

    def apart(self, value: Any) -> tuple[Any, dict[str, Any]]:
        """Return the example's own answer, and by name the inputs that changed."""
        if not self.before:
            return value, {}
        if not (isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], tuple)):  # noqa: PLR2004 - a pair
            return value, {}
        answer, inputs = value
        if len(inputs) != len(self.before):
            return answer, {}
        after = zip(self.before, inputs, strict=True)
        return answer, {name: now for name, now in after if not same_answers(now, self.before[name])}


def watched(source: str, exercise: str, reference: Student) -> Watched:
    """Return an example that also gives the tensors that it made for the exercise, if the reference keeps them.

    Args:
        source: the example.
        exercise: the name that it calls.
        reference: a new stand-in for the reference; its transcript is not used.
    """
    tree = ast.parse(source)
    *body, last = tree.body
    made: dict[str, None] = {}
    for node in body:
        if exercise in _names(node):
            break
        made |= dict.fromkeys(_targets(node))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and exercise in _names(n.func)]
    given = {a.id for c in calls for a in (*c.args, *(k.value for k in c.keywords)) if isinstance(a, ast.Name)}
    names = [name for name in made if name in given][:_MOST_NAMES]
    if not names or not isinstance(last, ast.Expr):
        return Watched(source)
    prelude = [node for node in body if exercise not in _names(node) and set(_targets(node)) & set(made)]
    try:
        before = dict(zip(names, reference.tools.example(_ending(prelude, _tuple(names))), strict=True))
        after = reference.tools.example(_ending([*body, last], _tuple(names)))
    except (StudentError, StudentTimeout, StudentCrashed):
        return Watched(source)
    kept = [n for n, now in zip(names, after, strict=True) if _small(before[n]) and same_answers(before[n], now)]
    if not kept:
        return Watched(source)
    both = ast.Tuple([last.value, _tuple(kept)], ast.Load())
    return Watched(_ending(body, both), {name: before[name] for name in kept})


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _targets(node: ast.stmt) -> list[str]:
    if not isinstance(node, ast.Assign):
        return []
    flat = [n for t in node.targets for n in (t.elts if isinstance(t, ast.Tuple) else [t])]
    return [n.id for n in flat if isinstance(n, ast.Name)]


def _small(value: Any) -> bool:
    import torch

    return isinstance(value, torch.Tensor) and 0 < value.numel() <= _MOST_ELEMENTS


def _tuple(names: list[str]) -> ast.Tuple:
    return ast.Tuple([ast.Name(name, ast.Load()) for name in names], ast.Load())


def _ending(body: list[ast.stmt], last: ast.expr) -> str:
    return ast.unparse(ast.Module([*body, ast.Expr(last)], []))
