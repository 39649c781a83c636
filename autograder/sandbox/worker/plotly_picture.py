"""A figure of plotly as a picture, drawn by matplotlib from its numbers: a browser's program is never shown.

Lines, points, bars, histograms, boxes, violins, heat maps and pies are drawn. Anything else stays in words
(`plotly_words`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from autograder.sandbox.worker.plotly_words import title_of, values_of

__all__ = ["drawn"]

_MAX_TRACES = 20
_MAX_VALUES = 50_000
#: A notebook that shows more figures has the others in words, so that drawing them takes no time from its cells.
_MAX_FIGURES = 30
_DRAWN = count()
#: Points that are marked, and texts beside an axis that do not overlap.
_FEW = 20
_MOST_BINS = 500


def drawn(figure: Mapping[str, Any]) -> bytes | None:
    """Return a figure as a PNG picture, or None if it holds something that is not drawn here."""
    traces = [t for t in figure.get("data") or () if isinstance(t, Mapping) and t.get("visible", True) is True]
    if not traces or len(traces) > _MAX_TRACES or any(_kind(t) not in _DRAWN_KINDS for t in traces):
        return None
    if next(_DRAWN) >= _MAX_FIGURES:
        return None
    try:
        return _picture(traces, figure.get("layout") or {})
    except Exception:  # noqa: BLE001 - a student wrote the figure; its words are shown anyway
        return None


def _kind(trace: Mapping[str, Any]) -> str:
    return str(trace.get("type", "scatter"))


def _place(trace: Mapping[str, Any]) -> tuple[str, str]:
    """Return the names of the axes that a trace is drawn on."""
    return str(trace.get("xaxis", "x")), str(trace.get("yaxis", "y"))


def _picture(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> bytes:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    places = list(dict.fromkeys(map(_place, traces)))
    with mpl.rc_context(mpl.rcParamsDefault):
        picture = Figure(figsize=(6.4, 4.0 * len(places)), layout="tight")
        canvas = FigureCanvasAgg(picture)
        for number, place in enumerate(places):
            axes = picture.add_subplot(len(places), 1, number + 1)
            here = [t for t in traces if _place(t) == place]
            _axes(axes, here, place, layout)
        picture.suptitle(title_of(layout.get("title"), is_axis=False))
        file = io.BytesIO()
        canvas.print_png(file)
    return file.getvalue()


def _axes(axes: Any, traces: Sequence[Mapping[str, Any]], place: tuple[str, str], layout: Mapping[str, Any]) -> None:
    bars = [t for t in traces if _kind(t) == "bar"]
    if bars:
        _bars(axes, bars, stacked=layout.get("barmode") in {"stack", "relative"})
    for kind, method in _SPREADS.items():
        _spreads(axes, [t for t in traces if _kind(t) == kind], method)
    for trace in traces:
        if _kind(trace) in _ALONE:
            _ALONE[_kind(trace)](axes, trace)
    for name, own, label, scale in (
        ("xaxis", place[0], axes.set_xlabel, axes.set_xscale),
        ("yaxis", place[1], axes.set_ylabel, axes.set_yscale),
    ):
        settings = layout.get(name + own[1:]) or {}
        label(title_of(settings, is_axis=True))
        if isinstance(settings, Mapping) and settings.get("type") == "log":
            scale("log")
    if len(axes.get_legend_handles_labels()[1]) > 1 and not any(_kind(t) == "pie" for t in traces):
        axes.legend()


def _values(trace: Mapping[str, Any], name: str) -> Any:
    values = values_of(trace.get(name))
    return None if values is None else list(values)[:_MAX_VALUES]


def _points(trace: Mapping[str, Any]) -> tuple[Any, Any]:
    x, y = _values(trace, "x"), _values(trace, "y")
    if y is None or (x is not None and len(x) != len(y)):
        raise ValueError("a trace without values, or with some that do not fit")
    return (list(range(len(y))) if x is None else x), y


def _label(trace: Mapping[str, Any]) -> str | None:
    return str(trace["name"])[:80] if trace.get("name") else None


def _scatter(axes: Any, trace: Mapping[str, Any]) -> None:
    x, y = _points(trace)
    # plotly marks the points of a short trace besides joining them.
    mode = str(trace.get("mode") or ("lines+markers" if len(y) <= _FEW else "lines"))
    marks, lines = "o" if "markers" in mode else "", "-" if "lines" in mode else ""
    axes.plot(x, y, marker=marks, linestyle=lines, markersize=4, label=_label(trace))


def _bars(axes: Any, traces: Sequence[Mapping[str, Any]], *, stacked: bool) -> None:
    """Draw bars beside each other, or on top of each other, as plotly does where several belong to one place."""
    flat = traces[0].get("orientation") == "h"
    points = [_points(t)[::-1] if flat else _points(t) for t in traces]
    places = list(dict.fromkeys(place for where, _ in points for place in where))
    width = 0.8 if stacked else 0.8 / len(traces)
    foot = np.zeros(len(places))
    for number, (trace, (where, heights)) in enumerate(zip(traces, points, strict=True)):
        at = np.array([places.index(place) for place in where])
        values = np.asarray(heights, float)
        shift = 0.0 if stacked else (number - (len(traces) - 1) / 2) * width
        draw = axes.barh if flat else axes.bar
        draw(at + shift, values, width, foot[at] if stacked else 0, label=_label(trace), alpha=0.8)
        foot[at] += values
    if len(places) <= _FEW or not all(isinstance(p, int | float) for p in places):
        ticks = axes.set_yticks if flat else axes.set_xticks
        ticks(range(len(places)), [str(p)[:20] for p in places])


def _spreads(axes: Any, traces: Sequence[Mapping[str, Any]], method: str) -> None:
    """Draw a box or a violin for each trace, and for each place that its points name."""
    groups: dict[str, list[float]] = {}
    for trace in traces:
        y, x = _values(trace, "y"), _values(trace, "x")
        if y is None:
            y, x = x, None
        for place, value in zip([""] * len(y) if x is None else x, y, strict=True):
            groups.setdefault(" ".join(filter(None, (str(place)[:20], _label(trace)))), []).append(float(value))
    if groups:
        getattr(axes, method)(list(groups.values()), positions=range(len(groups)))
        axes.set_xticks(range(len(groups)), list(groups))


def _histogram(axes: Any, trace: Mapping[str, Any]) -> None:
    x, bins = _values(trace, "x"), trace.get("nbinsx")
    bins = bins if isinstance(bins, int) and 0 < bins <= _MOST_BINS else 20
    if x is not None:
        axes.hist(x, bins=bins, label=_label(trace), alpha=0.7)
    else:
        axes.hist(_values(trace, "y"), bins=bins, label=_label(trace), alpha=0.7, orientation="horizontal")


def _heatmap(axes: Any, trace: Mapping[str, Any]) -> None:
    rows = np.asarray([list(values_of(row) or ()) for row in values_of(trace.get("z")) or ()], float)
    image = axes.imshow(rows, aspect="auto", origin="lower")
    axes.figure.colorbar(image, ax=axes)
    for name, ticks in (("x", axes.set_xticks), ("y", axes.set_yticks)):
        texts = _values(trace, name)
        if texts is not None and len(texts) <= _FEW:
            ticks(range(len(texts)), [str(t)[:20] for t in texts])


def _pie(axes: Any, trace: Mapping[str, Any]) -> None:
    axes.pie(_values(trace, "values"), labels=[str(t)[:40] for t in _values(trace, "labels") or ()] or None)


#: Each of these traces is drawn by itself.
_ALONE: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = {
    "scatter": _scatter,
    "scattergl": _scatter,
    "histogram": _histogram,
    "heatmap": _heatmap,
    "pie": _pie,
}
_SPREADS = {"box": "boxplot", "violin": "violinplot"}
_DRAWN_KINDS = frozenset({"bar", *_ALONE, *_SPREADS})
