"""A picture as inline SVG, from numbers alone: its colours are the page's, so that it follows light and dark.

Only finite numbers of a student's get into the markup; labels are escaped all the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.feedback.language import ENGLISH, Language
from autograder.sentences import Sentence, say
from autograder.verdict import Curve, Picture

__all__ = ["PictureView", "picture_view"]

_WIDTH, _HEIGHT = 300, 205
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 8, 8, 38
_WIDE, _TALL = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
#: A point that lies further outside, in widths of the frame, is drawn at this distance.
_FAR = 50.0
_TICKS = 4
#: The picture has room for a student's numbers as far beyond the right ones as so many of their widths.
_ROOM = 2.0
_LARGE, _SMALL = 1e4, 1e-2
_TITLES = {"path": "page.picture-path", "curve": "page.picture-curve"}
_MARKED = 24

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class PictureView:
    """One or several drawings with a heading; `leaves` says that some of the student's numbers are outside."""

    title: str
    panels: tuple[tuple[str, Markup], ...]
    leaves: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    """Which numbers lie in the picture."""

    left: float
    right: float
    low: float
    high: float

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return where a point is drawn, from the upper left corner of the frame and at most `_FAR` frames away."""
        x = (point[0] - self.left) / (self.right - self.left)
        y = (point[1] - self.low) / (self.high - self.low)
        return round(min(max(x, -_FAR), _FAR) * _WIDE, 1), round((1 - min(max(y, -_FAR), _FAR)) * _TALL, 1)

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point lies inside."""
        return self.left <= point[0] <= self.right and self.low <= point[1] <= self.high


def picture_view(picture: Picture, language: Language = ENGLISH) -> PictureView | None:
    """Return the drawings of a picture, None if there is nothing that can be drawn."""
    panels = []
    leaves = False
    for curve in picture.curves:
        yours, due = _finite(curve.yours), _finite(curve.expected)
        if not yours or not due:
            continue
        frame = _frame(yours, due, bars=picture.kind == "histogram")
        leaves = leaves or (picture.kind != "histogram" and not all(map(frame.holds, yours)))
        label = language.one_line(curve.label, 60)
        panels.append((label, _drawn(picture, Curve(Sentence(label), yours, due), frame, language)))
    usual = say(_TITLES.get(picture.kind, "page.picture-histogram"))
    title = language.one_line(picture.title, 120) or language.of(usual)
    return PictureView(title, tuple(panels), leaves) if panels else None


def _finite(points: Points) -> tuple[tuple[float, float], ...]:
    return tuple((x, y) for x, y in points if math.isfinite(x) and math.isfinite(y))


def _frame(yours: Points, due: Points, *, bars: bool) -> _Frame:
    if bars:
        step = (due[-1][0] - due[0][0]) / max(len(due) - 1, 1) or 1.0
        most = max(y for _, y in due) or 1.0
        high = 1.08 * min(max(most, *(y for _, y in yours)), (1 + _ROOM) * most)
        return _Frame(due[0][0] - step / 2, due[-1][0] + step / 2, 0.0, high)
    left, right = _range([p[0] for p in yours], [p[0] for p in due])
    low, high = _range([p[1] for p in yours], [p[1] for p in due])
    return _Frame(left, right, low, high)


def _range(yours: Sequence[float], due: Sequence[float]) -> tuple[float, float]:
    low, high = min(due), max(due)
    room = _ROOM * ((high - low) or abs(high) or 1.0)
    low, high = max(min(low, *yours), low - room), min(max(high, *yours), high + room)
    margin = 0.05 * ((high - low) or abs(high) or 1.0)
    return low - margin, high + margin


# -- one drawing -------------------------------------------------------------------------------------------


def _drawn(picture: Picture, curve: Curve, frame: _Frame, language: Language) -> Markup:
    if picture.kind == "histogram":
        inside = [*_bars(curve.yours, frame), _line(curve.expected, frame, "due")]
    else:
        inside = [
            _line(curve.expected, frame, "due"),
            *_marks(curve.expected, frame, "due"),
            _line(curve.yours, frame, "mine"),
            *_marks(curve.yours, frame, "mine"),
        ]
    opening = Markup('<svg class="picture" viewBox="0 0 {} {}" role="img" aria-label="{}">')
    # A drawing within a drawing ends at its own edge.
    within = Markup('<svg x="{}" y="{}" width="{}" height="{}">').format(_LEFT, _TOP, _WIDE, _TALL)
    head = opening.format(_WIDTH, _HEIGHT, language.of(_said(picture, curve)))
    end = Markup("</svg>")
    return head + Markup("").join(_axes(frame, picture, language)) + within + Markup("").join(inside) + end + end


def _axes(frame: _Frame, picture: Picture, language: Language) -> Iterator[Markup]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    for value in _ticks(frame.left, frame.right):
        x = round(_LEFT + frame.at((value, frame.low))[0], 1)
        yield Markup('<line class="grid" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>').format(x, _TOP, bottom)
        yield Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(x, bottom + 15, _number(value))
    for value in _ticks(frame.low, frame.high):
        y = round(_TOP + frame.at((frame.left, value))[1], 1)
        yield Markup('<line class="grid" x1="{1}" y1="{0}" x2="{2}" y2="{0}"/>').format(y, _LEFT, right)
        yield Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(_LEFT - 5, y + 4, _number(value))
    box = '<rect class="frame" x="{}" y="{}" width="{}" height="{}"/>'
    yield Markup(box).format(_LEFT, _TOP, _WIDE, _TALL)  # noqa: S704 - the text above
    middle = '<text x="{}" y="{}" text-anchor="middle">{}</text>'
    if picture.x:
        yield Markup(middle).format(_LEFT + _WIDE / 2, _HEIGHT - 8, language.one_line(picture.x, 50))  # noqa: S704 - as above
    if picture.y:
        upright = Markup('<text transform="translate(11 {}) rotate(-90)" text-anchor="middle">{}</text>')
        yield upright.format(_TOP + _TALL / 2, language.one_line(picture.y, 30))


def _ticks(low: float, high: float) -> list[float]:
    """Return a few round numbers between two."""
    raw = (high - low) / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw)
    first = math.ceil(low / step)
    return [i * step for i in range(first, math.floor(high / step) + 1)][: 2 * _TICKS]


def _number(value: float) -> str:
    if value == 0 or abs(value) < 1e-12:  # noqa: PLR2004 - what is left of a round zero
        return "0"
    plain = _SMALL <= abs(value) < _LARGE
    return (f"{value:.4g}" if plain else f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e")).replace("-", "−")


def _line(points: Points, frame: _Frame, kind: str) -> Markup:
    path = " ".join(f"{x},{y}" for x, y in map(frame.at, points))
    return Markup('<polyline class="{}" points="{}"/>').format(kind, path)


def _marks(points: Points, frame: _Frame, kind: str) -> Iterator[Markup]:
    """Mark points by a form of their own, so that colour is not all that tells them apart."""
    if len(points) > _MARKED:
        return
    for point in filter(frame.holds, points):
        x, y = frame.at(point)
        if kind == "due":
            yield Markup('<circle class="due" cx="{}" cy="{}" r="4"/>').format(x, y)
        else:
            yield Markup('<path class="mine" d="M{} {}l6 6m0 -6l-6 6"/>').format(round(x - 3, 1), round(y - 3, 1))


def _bars(points: Points, frame: _Frame) -> Iterator[Markup]:
    step = _WIDE / max(len(points), 1)
    for point in points:
        x, y = frame.at(point)
        if point[1] > 0:
            bar = Markup('<rect class="mine" x="{}" y="{}" width="{}" height="{}"/>')
            yield bar.format(round(x - 0.45 * step, 1), y, round(0.9 * step, 1), round(_TALL - y, 1))


# -- in words ----------------------------------------------------------------------------------------------


def _said(picture: Picture, curve: Curve) -> Sentence:
    """Say what the drawing shows, for people who cannot see it."""
    said = (
        say("page.picture-bars", yours=_spread(curve.yours), right=_spread(curve.expected))
        if picture.kind == "histogram"
        else _lines(picture, curve)
    )
    return say("page.picture-labelled", label=curve.label, picture=said) if curve.label else said


def _lines(picture: Picture, curve: Curve) -> Sentence:
    first, last, right_first, right_last = (
        f"({_number(x)}, {_number(y)})" if picture.kind == "path" else _number(y)
        for x, y in (curve.yours[0], curve.yours[-1], curve.expected[0], curve.expected[-1])
    )
    return say(
        "page.picture-lines",
        points=len(curve.yours),
        first=first,
        last=last,
        right_points=len(curve.expected),
        right_first=right_first,
        right_last=right_last,
    )


def _spread(points: Points) -> Sentence:
    there = [x for x, y in points if y > 0]
    total = sum(y for _, y in points) or 1.0
    mean = sum(x * y for x, y in points) / total
    spread = math.sqrt(max(sum(y * (x - mean) ** 2 for x, y in points) / total, 0.0))
    if not there:
        return say("page.picture-outside")
    return say(
        "page.picture-spread",
        low=_number(min(there)),
        high=_number(max(there)),
        mean=f"{mean:.2g}",
        deviation=f"{spread:.2g}",
    )
