"""The numbers of a picture: what a public example gives with the student's code, beside the right numbers.

Only public inputs come here. The number of curves and points is bounded for every answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from autograder.checks.numerics.laws import alike
from autograder.course.assignment import PictureOf
from autograder.engines.hidden.diagnosis import same_answers
from autograder.sentences import Sentence
from autograder.verdict import Curve, Picture

if TYPE_CHECKING:
    import torch

__all__ = ["drawable", "picture_of"]

_MOST_CURVES = 4
_MOST_POINTS = 61
_MOST_NUMBERS = 1 << 17
_BINS = 24
_LONGEST = 60
#: Fewer numbers than this do not show a distribution.
_ENOUGH = 64
#: A histogram shows the student's numbers up to so many widths of the right numbers away from these.
_AROUND = 1.0
_PLANE = 2

Points = tuple[tuple[float, float], ...]


def picture_of(spec: PictureOf, yours: Any, expected: Any, place: str) -> Picture | None:
    """Return the picture; None if there is nothing to see or the answer has another form.

    Args:
        spec: the picture that the assignment asks for.
        yours: what the student's code gave.
        expected: what the reference gave.
        place: the id of the picture's place in the course; the ids of its texts begin with that.
    """
    curves = tuple(_curves(spec.kind, yours, expected, place))
    if not curves:
        return None
    title, x, y = (
        Sentence(text, f"{place}.{name}") if text else Sentence()
        for name, text in (("title", spec.title), ("x", spec.x), ("y", spec.y))
    )
    return Picture(spec.kind, title, x, y, curves)


def drawable(spec: PictureOf, expected: Any) -> bool:
    """Whether the reference's answer has the form that the picture needs."""
    if spec.kind == "histogram":
        found = _numbers(expected)
        return found is not None and found.numel() >= _ENOUGH
    values = list(expected.values()) if isinstance(expected, dict) else [expected]
    return bool(values) and all(_points(spec.kind, value) for value in values)


def _curves(kind: str, yours: Any, expected: Any, place: str) -> Iterator[Curve]:
    if kind == "histogram":
        found = _histogram(yours, expected)
        if found is not None:
            yield found
        return
    if same_answers(yours, expected):
        return
    due = expected if isinstance(expected, dict) else {"": expected}
    mine = yours if isinstance(yours, dict) else {"": yours}
    for label, wanted in list(due.items())[:_MOST_CURVES]:
        points = _points(kind, mine.get(label))
        right = _points(kind, wanted)
        # A curve that is right needs no picture.
        if points and right and not same_answers(mine[label], wanted):
            name = str(label)[:_LONGEST]
            yield Curve(Sentence(name, f"{place}.{name}") if name else Sentence(), points, right)


def _numbers(value: Any) -> torch.Tensor | None:
    """Return numbers as a float64 tensor; None if the value is not made of numbers, or has too many."""
    import torch

    if isinstance(value, (list, tuple)):
        if not 0 < len(value) <= _MOST_NUMBERS or len({type(v) for v in value}) > _PLANE:
            return None
        parts = [_numbers(v) if isinstance(v, (torch.Tensor, list, tuple)) else _number(v) for v in value]
        known = [p for p in parts if p is not None]
        same = len(known) == len(parts) and len({p.shape for p in known}) == 1
        return torch.stack(known) if same and sum(p.numel() for p in known) <= _MOST_NUMBERS else None
    if not isinstance(value, torch.Tensor) or value.is_complex() or not 0 < value.numel() <= _MOST_NUMBERS:
        return None
    return value.detach().to("cpu", torch.float64)


def _number(value: Any) -> torch.Tensor | None:
    import torch

    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return torch.tensor(float(value), dtype=torch.float64)
    except OverflowError:
        return None


def _points(kind: str, value: Any) -> Points:
    """Return the points of a path (n, 2), or of a sequence of numbers (n,), up to the first that is not finite."""
    import torch

    found = _numbers(value)
    if found is None:
        return ()
    if kind == "path":
        if found.dim() != _PLANE or found.shape[1] != _PLANE:
            return ()
        pairs = found
    else:
        if found.dim() != 1:
            return ()
        pairs = torch.stack([torch.arange(len(found), dtype=torch.float64), found], dim=1)
    good = torch.isfinite(pairs).all(dim=1)
    end = len(pairs) if bool(good.all()) else int((~good).nonzero()[0])
    return tuple(_thinned([(_short(x), _short(y)) for x, y in pairs[:end].tolist()]))


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Keep the first and the last point, and as many of the others as a picture shows."""
    if len(points) <= _MOST_POINTS:
        return points
    step = (len(points) - 1) / (_MOST_POINTS - 1)
    return [points[round(i * step)] for i in range(_MOST_POINTS)]


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _histogram(yours: Any, expected: Any) -> Curve | None:
    """Return the shares of both samples in the same bins; None where both can come from one distribution."""
    import torch

    mine, due = _numbers(yours), _numbers(expected)
    if mine is None or due is None or min(mine.numel(), due.numel()) < _ENOUGH:
        return None
    mine = mine.flatten()
    mine = mine[torch.isfinite(mine)]
    if mine.numel() < _ENOUGH or alike(mine, due):
        return None
    low, high = float(due.min()), float(due.max())
    around = (high - low) * _AROUND
    low, high = max(low - around, min(low, float(mine.min()))), min(high + around, max(high, float(mine.max())))
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return None
    centres = [low + (high - low) * (i + 0.5) / _BINS for i in range(_BINS)]

    def shares(sample: torch.Tensor) -> Points:
        counts = torch.histc(sample, bins=_BINS, min=low, max=high) / sample.numel()
        return tuple((_short(c), _short(s)) for c, s in zip(centres, counts.tolist(), strict=True))

    return Curve(Sentence(), shares(mine), shares(due.flatten()))
