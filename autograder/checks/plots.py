"""Plots across the boundary: a worker's description of an Axes, and whether it shows the expected values.

A violin is judged by its outline alone. The student may choose bandwidth, number of points, width, cut, inner boxes and
colours, but not the values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from autograder.checks.answers import wrong_answer
from autograder.checks.marks import Image, Marks, Series, image_named, named, read_marks, read_ticks

if TYPE_CHECKING:
    import torch

__all__ = ["Drawing", "Violin", "distance", "read_drawing"]

#: Each one costs the judge milliseconds per candidate.
_MAX_BODIES = 64
_MAX_VERTICES = 4096
_MAX_TEXT = 200
#: Fewer corners make a band or an arrow, not a violin.
_MIN_VERTICES = 10
_LEVELS = 101
#: Bandwidths from 1/20 to 3 standard deviations. Scott's rule gives 0.3 to 0.6 for some ten to some hundred values.
_NARROWEST, _WIDEST = 0.05, 3.0
_BANDWIDTHS = 10
#: Two outlines of area one show the same values if half the area between them is at most this. Measured with values of
#: the checks: below 0.015 for all settings of matplotlib and seaborn, below 0.03 for another kernel, above 0.07 for the
#: values of another tensor.
_SAME = 0.06
#: How far values may lie outside the outline, as a fraction of their range.
_OUTSIDE = 0.02


@dataclass(frozen=True, slots=True)
class Violin:
    """One filled body: its place, and its width at each height.

    `heights` and `widths` have shape (101,); the widths are scaled so that the area is one.

    Example:
        >>> drawing = student.tools.drawing("violins", [draw.normal(40), 16 + draw.normal(40)])
        >>> [round(violin.place) for violin in drawing.violins()]
        [1, 2]
    """

    place: float
    low: float
    high: float
    heights: torch.Tensor
    widths: torch.Tensor


class PlotOwner(Protocol):
    """The `Student` who drew."""

    def record(self, *entry: Any) -> None:
        """Append an answer to the transcript."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An Axes as the worker describes it. Its texts are claims; outlines are compared with the expected values.

    Example:
        >>> low, high = draw.normal(40), 16 + draw.normal(40)
        >>> drawing = student.tools.drawing("violins", [low, high])
        >>> drawing.contents({"low": low, "high": high})
        ['low', 'high']
        >>> drawing.titled("noise"), drawing.counted()
        (True, True)
    """

    owner: PlotOwner
    titles: tuple[str, ...]
    x_label: str
    y_label: str
    ticks: tuple[tuple[float, str], ...]
    bodies: tuple[torch.Tensor, ...]
    marks: Marks = field(default_factory=Marks)

    def lines(self) -> tuple[Series, ...]:
        """Return the lines in the order in which they were drawn."""
        return self.marks.lines

    def points(self) -> tuple[Series, ...]:
        """Return clouds of points: each scatter, each colour of the legend in it, each line of markers alone."""
        return self.marks.points

    def bars(self, *, lying: bool = False) -> tuple[Series, ...]:
        """Return groups of bars, each from left to right; `lying` ones from bottom to top."""
        return self.marks.bars(lying=lying)

    def images(self) -> tuple[Image, ...]:
        """Return images and heat maps."""
        return self.marks.images

    def show(self, kind: str, candidates: Mapping[str, Any], *, lying: bool = False) -> list[str]:
        """Return for each line, cloud of points or group of bars the name of the candidate that it shows, or "".

        The transcript holds these names, and the labels of those series that have one.

        Args:
            kind: "lines", "points" or "bars".
            candidates: by name, the values (n,), or a pair of places and values; the right ones and known wrong ones.
            lying: for lying bars, see `bars`; then the values are their lengths.
        """
        series = self.bars(lying=lying) if kind == "bars" else {"lines": self.lines(), "points": self.points()}[kind]
        if lying:
            series = tuple(Series(one.label, one.y, one.x) for one in series)
        names = named(series, candidates)
        self.owner.record(kind, names, [one.label if name else "" for one, name in zip(series, names, strict=True)])
        return names

    def shows_images(self, candidates: Mapping[str, torch.Tensor]) -> list[str]:
        """Return for each image or heat map the name of the candidate whose values it shows, or "".

        Args:
            candidates: by name, the values as they must be seen: rows from the top, columns from the left.
        """
        names = [image_named(image, candidates) for image in self.images()]
        self.owner.record("images", names, [image.bar for image in self.images()])
        return names

    def legend(self) -> list[str]:
        """Return the texts of the legend."""
        self.owner.record("legend", list(self.marks.legend))
        return list(self.marks.legend)

    def scales(self) -> tuple[str, str]:
        """Return the scales of the x and the y axis: "linear", "log", "symlog", …."""
        self.owner.record("scales", self.marks.scales)
        return self.marks.scales

    def y_labelled(self, label: str) -> bool:
        """Whether this is its y label."""
        found = self.y_label.strip() == label
        self.owner.record("y_label", found)
        return found

    def tick_texts(self, *, lying: bool = False) -> list[str]:
        """Return the texts of the visible x ticks from left to right; if `lying`, of the y ticks from bottom to top."""
        found = [text.strip() for _, text in sorted(self.marks.y_ticks if lying else self.ticks)]
        self.owner.record("tick_texts", found)
        return found

    def violins(self, *, lying: bool = False) -> list[Violin]:
        """Return the violins from left to right; `lying` ones from bottom to top."""
        found = [v for v in (_violin(b.flip(1) if lying else b) for b in self.bodies) if v is not None]
        return sorted(found, key=lambda v: v.place)

    def contents(self, candidates: Mapping[str, torch.Tensor], *, lying: bool = False) -> list[str]:
        """Return for each violin the name of the candidate whose values it shows, or "".

        The transcript holds these names and no outline, so a diagnosis does not depend on how the violin was drawn.

        Args:
            candidates: by name, the values that a violin might show, the right ones and known wrong ones.
            lying: see `violins`.
        """
        names = [_nearest(v, candidates) for v in self.violins(lying=lying)]
        self.owner.record("violins", lying, names)
        return names

    def titled(self, title: str) -> bool:
        """Whether this is one of its three titles."""
        found = title in {t.strip() for t in self.titles}
        self.owner.record("title", found)
        return found

    def labelled(self, label: str) -> bool:
        """Whether this is its x label."""
        found = self.x_label.strip() == label
        self.owner.record("x_label", found)
        return found

    def counted(self) -> bool:
        """Whether the x ticks count the violins from 1, by their texts or by their places."""
        violins = self.violins()
        found = bool(violins) and (self._ticks_read() or self._ticks_stand())
        self.owner.record("ticks", found)
        return found

    def _ticks_read(self) -> bool:
        """Whether there is one tick below each violin, and their texts are 1, 2, ….

        Their places do not matter, because seaborn counts places from zero.
        """
        shown = sorted((place, text) for place, text in self.ticks if text.strip())
        violins = self.violins()
        return (
            len(shown) == len(violins)
            and all(_number(text) == i for i, (_, text) in enumerate(shown, 1))
            and _below(violins, [place for place, _ in shown])
        )

    def _ticks_stand(self) -> bool:
        """Whether the ticks are at 1, 2, … with a violin above each; their texts may be names, or hidden."""
        places = sorted(place for place, _ in self.ticks)
        violins = self.violins()
        return (
            len(places) == len(violins)
            and all(math.isclose(p, i, abs_tol=1e-6) for i, p in enumerate(places, 1))
            and all(_number(text) is None for _, text in self.ticks)
            and _below(violins, places)
        )


def _below(violins: list[Violin], places: list[float]) -> bool:
    """Whether each place is the nearest to its violin; half a violin stands beside its place."""
    nearest = [min(range(len(places)), key=lambda i: abs(places[i] - v.place)) for v in violins]
    return nearest == list(range(len(violins)))


def _number(text: str) -> float | None:
    try:
        return float(text.strip().strip("$").removeprefix("\\mathdefault{").rstrip("}"))
    except ValueError:
        return None


# -- reading -----------------------------------------------------------------------------------------------


def read_drawing(value: object, owner: PlotOwner) -> Drawing | None:
    """Read a worker's description of an Axes; None if the worker says that there is none.

    Raises:
        StudentCrashed: if the description has the wrong form.
    """
    import torch

    if value is None:
        return None
    if not isinstance(value, dict):
        raise wrong_answer()
    titles, bodies = value.get("titles"), value.get("bodies")
    if not isinstance(titles, list) or not isinstance(bodies, list):
        raise wrong_answer()
    for body in bodies[:_MAX_BODIES]:
        if not isinstance(body, torch.Tensor) or body.dtype != torch.float64 or body.dim() != 2 or body.shape[1] != 2:  # noqa: PLR2004 - points of a plane
            raise wrong_answer()
    return Drawing(
        owner=owner,
        titles=tuple(_text(t) for t in titles[:3]),
        x_label=_text(value.get("x_label")),
        y_label=_text(value.get("y_label")),
        ticks=tuple(read_ticks(value.get("ticks"))),
        bodies=tuple(body[:_MAX_VERTICES] for body in bodies[:_MAX_BODIES]),
        marks=read_marks(value),
    )


def _text(value: object) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""


# -- outlines ----------------------------------------------------------------------------------------------


def _violin(vertices: torch.Tensor) -> Violin | None:
    """Measure the width of a polygon at evenly spaced heights; None if it is no violin.

    The width at a height is the distance between the outermost places at which the outline crosses it.
    """
    import torch

    vertices = vertices[torch.isfinite(vertices).all(1)]
    if len(vertices) < _MIN_VERTICES:
        return None
    x, y = vertices[:, 0], vertices[:, 1]
    low, high = float(y.min()), float(y.max())
    if not (high > low and float(x.max()) > float(x.min())):
        return None
    heights = low + (high - low) * (torch.arange(_LEVELS, dtype=torch.float64) + 0.5) / _LEVELS
    x_next, y_next = x.roll(-1), y.roll(-1)
    rise = y_next - y
    part = (heights[:, None] - y) / torch.where(rise == 0, torch.ones_like(rise), rise)
    crosses = (rise != 0) & (part >= 0) & (part <= 1)
    where = x + part * (x_next - x)
    infinity = torch.full_like(where, math.inf)
    widths = torch.where(crosses, where, -infinity).amax(1) - torch.where(crosses, where, infinity).amin(1)
    widths = torch.where(torch.isfinite(widths), widths.clamp(min=0), torch.zeros_like(widths))
    area = float(widths.sum()) * (high - low) / _LEVELS
    if not (math.isfinite(area) and area > 0):
        return None
    return Violin(float(x.min() + x.max()) / 2, low, high, heights, widths / area)


def distance(violin: Violin, values: torch.Tensor) -> float:
    """Return how far an outline is from a smoothed histogram of these values, at the bandwidth that fits best.

    The distance is half the area between both, from 0 to 1; it is 1 if values lie outside the outline. The smoothed
    histogram is a sum of Gaussians (Parzen, 1962), cut off where the outline ends.
    """
    import torch

    values = values.detach().double().flatten()
    span = float(values.max() - values.min())
    slack = _OUTSIDE * span
    if float(values.min()) < violin.low - slack or float(values.max()) > violin.high + slack:
        return 1.0
    deviation = float(values.std())
    if deviation == 0:
        return 1.0
    step = (violin.high - violin.low) / _LEVELS
    between = ((violin.heights[:, None] - values) / deviation) ** 2
    coarse = torch.linspace(math.log(_NARROWEST), math.log(_WIDEST), _BANDWIDTHS, dtype=torch.float64)
    width = float(coarse[1] - coarse[0])
    off = _areas_between(violin, between, coarse.exp(), step)
    near = coarse[off.argmin()] + width * torch.tensor([-0.6, -0.4, -0.2, 0.2, 0.4, 0.6], dtype=torch.float64)
    return min(float(off.min()), float(_areas_between(violin, between, near.exp(), step).min()))


def _areas_between(violin: Violin, squares: torch.Tensor, bandwidths: torch.Tensor, step: float) -> torch.Tensor:
    """Return half the area between an outline and sums of Gaussians, for each bandwidth.

    Args:
        violin: the outline.
        squares: squared distances between heights and values, in standard deviations, shape (heights, values).
        bandwidths: in standard deviations, shape (n,).
        step: the distance between two heights.
    """
    import torch

    density = torch.exp(-0.5 * squares / bandwidths[:, None, None] ** 2).sum(2)
    areas = density.sum(1, keepdim=True) * step
    density = torch.where(areas > 0, density / areas, torch.zeros_like(density))
    return 0.5 * (density - violin.widths).abs().sum(1) * step


def _nearest(violin: Violin, candidates: Mapping[str, torch.Tensor]) -> str:
    distances = {name: distance(violin, values) for name, values in candidates.items()}
    name = min(distances, key=lambda n: distances[n])
    return name if distances[name] <= _SAME else ""
