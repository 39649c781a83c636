"""What a public example shows of a model, layer by layer: which one is the first that is other than asked for.

An example lists a model's layers as (name of the class, shapes of its parameters), or as (name of the class, a setting
such as dropout's p, or None). Lists of other things are none of a model's.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["other_layer"]

_LINEAR = "Linear"
_OPEN = ("Conv1d", "Conv2d", "Conv3d")
_MATRIX = 2
_PAIR = 2
_MOST = 256
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class _Layer:
    kind: str
    shapes: tuple[tuple[int, ...], ...] = ()
    setting: float | None = None


def other_layer(yours: Any, expected: Any, name: str, source: str = "") -> str | None:
    """Say which layer of a model is the first that is other than the expected one, None if none is or it shows none.

    Args:
        yours: what the example gave with the student's code.
        expected: what it gave with the reference.
        name: the exercise.
        source: the example, whose keyword arguments are named where they are what is due.
    """
    from torch import nn

    mine, due = _layers(yours), _layers(expected)
    if mine is None or due is None or mine == due or not all(hasattr(nn, layer.kind) for layer in due):
        return None
    for number, (a, b) in enumerate(zip(mine, due, strict=False), 1):
        if a != b:
            last = number == max((i for i, layer in enumerate(due, 1) if layer.shapes), default=0)
            return _differing(number, a, b, name, _given(source, name), last=last, missing=_shifted(mine, due, number))
    if len(mine) < len(due):
        return f"Layer {len(mine) + 1} of your `{name}` is missing: {_a(due[len(mine)].kind)} is expected there."
    return f"Your `{name}` goes on after its last layer: layer {len(due) + 1} is {_a(mine[len(due)].kind)}."


def _layers(value: Any) -> list[_Layer] | None:
    if not isinstance(value, (list, tuple)) or not 0 < len(value) <= _MOST:
        return None
    found = [_layer(entry) for entry in value]
    return None if None in found else [layer for layer in found if layer is not None]


def _layer(entry: Any) -> _Layer | None:
    if not (isinstance(entry, (list, tuple)) and len(entry) == _PAIR and isinstance(entry[0], str)):
        return None
    kind, more = entry[0][:_LONGEST], entry[1]
    if more is None or type(more) in {int, float}:
        return _Layer(kind, setting=more)
    if isinstance(more, (list, tuple)) and all(map(_is_shape, more)):
        return _Layer(kind, tuple(tuple(shape) for shape in more))
    return None


def _is_shape(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(type(n) is int for n in value)


def _shifted(mine: Sequence[_Layer], due: Sequence[_Layer], number: int) -> bool:
    """Whether one layer is left out here, and what follows is right."""
    return len(mine) == len(due) - 1 and list(mine[number - 1 :]) == list(due[number:])


def _differing(
    number: int, mine: _Layer, due: _Layer, name: str, given: dict[int, str], *, last: bool, missing: bool
) -> str:
    place = f"Layer {number} of your `{name}`"
    if missing:
        return f"{place} is missing: {_a(due.kind)} is expected there, and what you have follows it."
    if mine.kind != due.kind:
        return f"{place} is {_a(mine.kind)} where {_a(due.kind)} is expected."
    if mine.setting != due.setting:
        return f"{place}, {_a(due.kind)}, is set to {mine.setting} where {due.setting} is expected."
    if len(mine.shapes) != len(due.shapes):
        return f"{place}, {_a(due.kind)}, has {len(mine.shapes)} parameters where {len(due.shapes)} are expected."
    said = _linear(number, mine, due, given, last=last) if due.kind == _LINEAR else _convolution(number, mine, due)
    if said is not None:
        return said
    i = next(i for i, (a, b) in enumerate(zip(mine.shapes, due.shapes, strict=True)) if a != b)
    return f"{place}, {_a(due.kind)}: parameter {i + 1} has the shape {mine.shapes[i]}, {due.shapes[i]} is expected."


def _linear(number: int, mine: _Layer, due: _Layer, given: dict[int, str], *, last: bool) -> str | None:
    weight, wanted = mine.shapes[0], due.shapes[0]
    if not len(weight) == len(wanted) == _MATRIX:
        return None
    if weight[1] != wanted[1]:
        return f"Layer {number}: your Linear takes {weight[1]} features, {wanted[1]} arrive."
    if weight[0] == wanted[0]:
        return None
    lead = f"For {given[wanted[0]]} your" if wanted[0] in given else "Your"
    which = "last layer" if last else f"layer {number}, a Linear,"
    return f"{lead} {which} has {weight[0]} outputs, {wanted[0]} are expected."


def _convolution(number: int, mine: _Layer, due: _Layer) -> str | None:
    if due.kind not in _OPEN or not mine.shapes or len(mine.shapes[0]) != len(due.shapes[0]):
        return None
    lead = f"Layer {number}: your {due.kind}"
    (out, into, *kernel), (out_due, into_due, *kernel_due) = mine.shapes[0], due.shapes[0]
    if kernel != kernel_due:
        has, wanted = (" × ".join(map(str, k)) for k in (kernel, kernel_due))
        return f"{lead} has a kernel of {has}, {wanted} is expected."
    if into != into_due:
        return f"{lead} takes {into} channels, {into_due} arrive."
    return f"{lead} gives {out} channels, {out_due} are expected." if out != out_due else None


def _given(source: str, name: str) -> dict[int, str]:
    """Return the whole numbers that an example gives to the exercise by keyword, as they are written there."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    calls = [
        n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == name
    ]
    return {
        k.value.value: f"{k.arg}={k.value.value}"
        for call in calls
        for k in call.keywords
        if k.arg and isinstance(k.value, ast.Constant) and type(k.value.value) is int
    }


def _a(kind: str) -> str:
    return f"{'an' if kind[:1] in 'AEIOU' else 'a'} {kind}"
