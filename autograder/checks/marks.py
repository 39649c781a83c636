"""What an Axes shows besides violins: lines, points, bars and images, compared with the expected values.

The student may choose colours, widths, markers and fonts, but not the values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.checks.answers import wrong_answer

if TYPE_CHECKING:
    import torch

__all__ = ["Image", "Marks", "Series", "read_marks"]

_MAX_SERIES = 64
_MAX_TICKS = 256
_MAX_TEXT = 200
#: Numbers that were plotted from float32 differ by 6e-8 of their size; those of a wrong idea by far more.
_SAME = 1e-6
_PLACE, _BOX = 2, 4


@dataclass(frozen=True, slots=True)
class Series:
    """One line, one cloud of points, or one group of bars; `label` is its name in the legend, or "".

    `x` and `y` have shape (n,), float64, in the order in which they were drawn. For upright bars `x` holds the middles
    and `y` the heights; for lying bars it is the other way round.

    Example:
        >>> Series("loss", torch.arange(2.0), torch.ones(2)).y
        tensor([1., 1.])
    """

    label: str
    x: torch.Tensor
    y: torch.Tensor


@dataclass(frozen=True, slots=True)
class Image:
    """An image or a heat map as it is seen.

    `values` has shape (rows, columns), rows from the top, or (rows, columns, channels); `low` and `high` are the values
    at the ends of the colour scale; `colours` is the name of the colour map; `bar` says whether there is a colour bar.

    Example:
        >>> Image(torch.zeros(2, 3), low=0.0, high=1.0, colours="viridis", bar=True).values.shape
        torch.Size([2, 3])
    """

    values: torch.Tensor
    low: float
    high: float
    colours: str
    bar: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """All that was drawn, as the worker describes it."""

    lines: tuple[Series, ...] = ()
    points: tuple[Series, ...] = ()
    boxes: tuple[tuple[str, torch.Tensor], ...] = ()
    images: tuple[Image, ...] = ()
    legend: tuple[str, ...] = ()
    scales: tuple[str, str] = ("linear", "linear")
    y_ticks: tuple[tuple[float, str], ...] = ()

    def bars(self, *, lying: bool = False) -> tuple[Series, ...]:
        """Return the bars from left to right, lying ones from bottom to top."""
        found = []
        for label, boxes in self.boxes:
            left, bottom, width, height = boxes.unbind(1)
            x, y = (left + width, bottom + height / 2) if lying else (left + width / 2, bottom + height)
            order = (y if lying else x).argsort(stable=True)
            found.append(Series(label, x[order], y[order]))
        return tuple(found)


def named(series: Sequence[Series], candidates: Mapping[str, Any]) -> list[str]:
    """Return for each series the name of the candidate that it shows, or "".

    Args:
        series: what was drawn.
        candidates: by name, the heights (n,), or a pair of places and heights.
    """
    return [next((n for n, due in candidates.items() if _shows(one, due)), "") for one in series]


def image_named(image: Image, candidates: Mapping[str, torch.Tensor]) -> str:
    """Return the name of the candidate whose values an image shows, or ""."""
    return next((name for name, due in candidates.items() if _same(image.values, due)), "")


def _shows(series: Series, due: Any) -> bool:
    x, y = due if isinstance(due, tuple) else (None, due)
    return _same(series.y, y) and (x is None or _same(series.x, x))


def _same(shown: torch.Tensor, due: Any) -> bool:
    import torch

    wanted = torch.as_tensor(due).detach().double()
    if shown.shape != wanted.shape:
        return False
    finite = wanted[torch.isfinite(wanted)].abs()
    scale = float(finite.max()) if finite.numel() else 0.0
    return torch.allclose(shown, wanted, rtol=0.0, atol=_SAME * scale, equal_nan=True)


# -- reading -----------------------------------------------------------------------------------------------


def read_marks(value: Mapping[str, Any]) -> Marks:
    """Read a worker's description of what an Axes shows; empty if the worker sent none.

    Raises:
        StudentCrashed: if the description has the wrong form.
    """
    if "scales" not in value:
        return Marks()
    scales, legend = value["scales"], value.get("legend")
    if not isinstance(scales, tuple) or len(scales) != _PLACE or not isinstance(legend, list):
        raise wrong_answer()
    images = value.get("images")
    if not isinstance(images, list):
        raise wrong_answer()
    return Marks(
        lines=tuple(Series(label, *data.unbind(1)) for label, data in _series(value.get("lines"), _PLACE)),
        points=tuple(Series(label, *data.unbind(1)) for label, data in _series(value.get("points"), _PLACE)),
        boxes=tuple(_series(value.get("bars"), _BOX)),
        images=tuple(_image(image) for image in images[:_MAX_SERIES]),
        legend=tuple(_text(t) for t in legend[:_MAX_TICKS]),
        scales=(_text(scales[0]), _text(scales[1])),
        y_ticks=tuple(read_ticks(value.get("y_ticks"))),
    )


def _series(value: object, columns: int) -> list[tuple[str, Any]]:
    import torch

    if not isinstance(value, list):
        raise wrong_answer()
    found = []
    for entry in value[:_MAX_SERIES]:
        if not isinstance(entry, tuple) or len(entry) != 2:  # noqa: PLR2004 - a pair
            raise wrong_answer()
        label, data = entry
        if not isinstance(data, torch.Tensor) or data.dtype != torch.float64 or data.dim() != 2:  # noqa: PLR2004 - a table
            raise wrong_answer()
        if data.shape[1] != columns:
            raise wrong_answer()
        found.append((_text(label), data))
    return found


def _image(value: object) -> Image:
    import torch

    if not isinstance(value, dict):
        raise wrong_answer()
    values, limits = value.get("values"), value.get("limits")
    if not isinstance(values, torch.Tensor) or values.dtype != torch.float64 or values.dim() not in {2, 3}:
        raise wrong_answer()
    if not isinstance(limits, tuple) or len(limits) != 2 or not all(type(v) is float for v in limits):  # noqa: PLR2004 - a pair
        raise wrong_answer()
    return Image(values, limits[0], limits[1], _text(value.get("colours")), value.get("bar") is True)


def read_ticks(value: object) -> list[tuple[float, str]]:
    """Read pairs of a place and a text.

    Raises:
        StudentCrashed: if the value has the wrong form.
    """
    if not isinstance(value, list):
        raise wrong_answer()
    read = []
    for tick in value[:_MAX_TICKS]:
        if not isinstance(tick, tuple) or len(tick) != 2 or type(tick[0]) is not float or not math.isfinite(tick[0]):  # noqa: PLR2004 - a pair
            raise wrong_answer()
        read.append((tick[0], _text(tick[1])))
    return read


def _text(value: object) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""
