"""The first layer in a public example's list of a model's layers that differs from the expected one.

An example lists a model's layers as (name of the class, shapes of its parameters), or as (name of the class, a setting
such as dropout's p, or None). Other lists are not read as layers.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sentences import Sentence, say

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


def other_layer(yours: Any, expected: Any, name: str, source: str = "") -> Sentence | None:
    """Say which layer of a model is the first that differs; None if none does, or the example shows no layers.

    Args:
        yours: what the example gave with the student's code.
        expected: what it gave with the reference.
        name: the exercise.
        source: the example; the sentence names a keyword argument of its call that is the expected number.
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
        return say("hidden.layer-missing", number=len(mine) + 1, name=name, expected=_a(due[len(mine)].kind))
    return say("hidden.layer-too-many", name=name, number=len(due) + 1, found=_a(mine[len(due)].kind))


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
    """Whether exactly this layer is missing, and the layers after it are right."""
    return len(mine) == len(due) - 1 and list(mine[number - 1 :]) == list(due[number:])


def _differing(
    number: int, mine: _Layer, due: _Layer, name: str, given: dict[int, str], *, last: bool, missing: bool
) -> Sentence:
    kind = _a(due.kind)
    if missing:
        return say("hidden.layer-missing-before", expected=kind, number=number, name=name)
    if mine.kind != due.kind:
        return say("hidden.layer-other-kind", found=_a(mine.kind), expected=kind, number=number, name=name)
    if mine.setting != due.setting:
        found, expected = str(mine.setting), str(due.setting)
        return say("hidden.layer-other-setting", kind=kind, found=found, expected=expected, number=number, name=name)
    if len(mine.shapes) != len(due.shapes):
        have, want = len(mine.shapes), len(due.shapes)
        return say("hidden.layer-other-count", kind=kind, found=have, expected=want, number=number, name=name)
    said = _linear(number, mine, due, given, last=last) if due.kind == _LINEAR else _convolution(number, mine, due)
    if said is not None:
        return said
    i = next(i for i, (a, b) in enumerate(zip(mine.shapes, due.shapes, strict=True)) if a != b)
    found, expected = str(mine.shapes[i]), str(due.shapes[i])
    return say(
        "hidden.layer-other-shape", kind=kind, parameter=i + 1, found=found, expected=expected, number=number, name=name
    )


def _linear(number: int, mine: _Layer, due: _Layer, given: dict[int, str], *, last: bool) -> Sentence | None:
    weight, wanted = mine.shapes[0], due.shapes[0]
    if not len(weight) == len(wanted) == _MATRIX:
        return None
    if weight[1] != wanted[1]:
        return say("hidden.linear-takes", number=number, found=weight[1], expected=wanted[1])
    if weight[0] == wanted[0]:
        return None
    found, expected = weight[0], wanted[0]
    asked = given.get(expected)
    if asked is None and last:
        return say("hidden.last-gives", found=found, expected=expected)
    if asked is None:
        return say("hidden.linear-gives", number=number, found=found, expected=expected)
    if last:
        return say("hidden.last-gives-given", given=asked, found=found, expected=expected)
    return say("hidden.linear-gives-given", given=asked, number=number, found=found, expected=expected)


def _convolution(number: int, mine: _Layer, due: _Layer) -> Sentence | None:
    if due.kind not in _OPEN or not mine.shapes or len(mine.shapes[0]) != len(due.shapes[0]):
        return None
    (out, into, *kernel), (out_due, into_due, *kernel_due) = mine.shapes[0], due.shapes[0]
    if kernel != kernel_due:
        has, wanted = (" × ".join(map(str, k)) for k in (kernel, kernel_due))
        return say("hidden.convolution-kernel", number=number, kind=due.kind, found=has, expected=wanted)
    if into != into_due:
        return say("hidden.convolution-takes", number=number, kind=due.kind, found=into, expected=into_due)
    if out != out_due:
        return say("hidden.convolution-gives", number=number, kind=due.kind, found=out, expected=out_due)
    return None


def _given(source: str, name: str) -> dict[int, str]:
    """Return the whole numbers that an example passes to the exercise by keyword, each with its text there."""
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


def _a(kind: str) -> Sentence:
    return say("hidden.an-layer" if kind[:1] in "AEIOU" else "hidden.a-layer", kind=kind)
