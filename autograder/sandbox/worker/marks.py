"""What is drawn into an Axes besides filled bodies, as plain values: lines, points, bars, images, and their names.

Runs in the worker, and in the judge for the reference. matplotlib and seaborn are read in the same way: what has no
label gets the label of the legend's entry with its colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["axes_of", "describe_marks"]

MAX_SERIES = 64
MAX_POINTS = 1 << 14
MAX_IMAGES = 8
MAX_IMAGE = 1 << 18
MAX_TICKS = 256
_MAX_TEXT = 200
_COLOR_DIGITS = 4


def axes_of(value: object) -> list[Any]:
    """Return the Axes in a value by its real type: itself, or those in a figure, a seaborn grid or a list.

    The Axes of colour bars are left out.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import FigureBase

    kind = type(value)
    if issubclass(kind, Axes):
        return [value]
    if issubclass(kind, FigureBase):
        figure: Any = value
        return [axes for axes in figure.axes if not _is_colour_bar(axes)]
    if kind.__module__ in {"seaborn.axisgrid", "seaborn.matrix"}:
        for name in ("ax_heatmap", "ax_joint"):
            main = vars(value).get(name)
            if main is not None:
                return [main]
        return axes_of(vars(value).get("_figure"))
    if isinstance(value, (list, tuple)) or kind.__name__ == "ndarray":
        entries = list(value.flat) if hasattr(value, "flat") else list(value)  # type: ignore[call-overload]
        parts = [part for entry in entries[:MAX_SERIES] for part in axes_of(entry) if issubclass(type(entry), Axes)]
        # The value of `fig, axes = plt.subplots()` has both.
        return parts or [part for entry in entries[:MAX_SERIES] for part in axes_of(entry)]
    return []


def _is_colour_bar(axes: Any) -> bool:
    return hasattr(axes, "_colorbar") or axes.get_label() == "<colorbar>"


def describe_marks(axes: Any) -> dict[str, Any]:
    """Describe what an Axes shows.

    `lines`, `points` and `bars` are lists of pairs of a label and a float64 tensor: (n, 2) for the places of lines and
    points, (n, 4) with left, bottom, width and height for bars. `images` are dicts with the `values` as they are seen,
    rows from the top and columns from the left, the `limits` of the colours, the name of the colour map, and whether
    there is a colour bar. Only what is placed in data coordinates counts.
    """
    names = _legend_colours(axes)
    lines: list[tuple[str, Any]] = []
    points: list[tuple[str, Any]] = []
    for line in axes.lines:
        if not line.get_visible() or line.get_transform() != axes.transData or len(line.get_xdata()) == 0:
            continue
        data = _pairs(line.get_xdata(orig=False), line.get_ydata(orig=False))
        entry = (_label(line, line.get_color(), names), data)
        shown = line.get_linestyle() not in {"None", "none", "", " "}
        (lines if shown else points).append(entry)
    points += _scattered(axes, names)
    return {
        "lines": lines[:MAX_SERIES],
        "points": points[:MAX_SERIES],
        "bars": list(_bars(axes, names))[:MAX_SERIES],
        "images": list(_images(axes))[:MAX_IMAGES],
        "legend": _legend_texts(axes)[:MAX_TICKS],
        "scales": (str(axes.get_xscale())[:_MAX_TEXT], str(axes.get_yscale())[:_MAX_TEXT]),
        "y_ticks": _ticks(axes),
    }


def _pairs(x: Any, y: Any) -> Any:
    import numpy as np
    import torch

    both: Any = np.stack([np.ma.filled(np.ma.asarray(v, dtype="float64"), np.nan) for v in (x, y)], axis=1)
    return torch.from_numpy(both[:MAX_POINTS].copy())


def _rgba(colour: Any) -> tuple[float, ...] | None:
    from matplotlib.colors import to_rgb

    try:
        return tuple(round(float(c), _COLOR_DIGITS) for c in to_rgb(colour))
    except (TypeError, ValueError):
        return None


def _legends(axes: Any) -> list[Any]:
    figure = axes.get_figure()
    found = [axes.get_legend(), *(getattr(figure, "legends", None) or ())]
    return [legend for legend in found if legend is not None]


def _legend_texts(axes: Any) -> list[str]:
    return [str(text.get_text())[:_MAX_TEXT] for legend in _legends(axes) for text in legend.get_texts()]


def _legend_colours(axes: Any) -> dict[Any, str]:
    """Return a legend's texts by the colour of their entry; a colour that two entries share is left out."""
    found: dict[Any, str] = {}
    twice = set()
    for legend in _legends(axes):
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=False):
            colour = _colour_of(handle)
            if colour is None:
                continue
            if colour in found:
                twice.add(colour)
            found[colour] = str(text.get_text())[:_MAX_TEXT]
    return {colour: text for colour, text in found.items() if colour not in twice}


def _colour_of(handle: Any) -> Any:
    for name in ("get_facecolor", "get_color", "get_markerfacecolor"):
        read = getattr(handle, name, None)
        if read is None:
            continue
        colour = read()
        if hasattr(colour, "shape") and getattr(colour, "ndim", 1) > 1:
            colour = colour[0] if len(colour) else None
        found = None if colour is None else _rgba(colour)
        if found is not None:
            return found
    return None


def _label(drawn: Any, colour: Any, names: dict[Any, str]) -> str:
    own = str(drawn.get_label())
    if own and not own.startswith("_"):
        return own[:_MAX_TEXT]
    return names.get(_rgba(colour), "")


def _scattered(axes: Any, names: dict[Any, str]) -> Iterator[tuple[str, Any]]:
    """Yield scattered points: one series for each collection, or for each colour that a legend names."""
    import numpy as np
    from matplotlib.collections import PathCollection

    for drawn in axes.collections:
        if not issubclass(type(drawn), PathCollection) or not drawn.get_visible() or not len(drawn.get_offsets()):
            continue
        if drawn.get_offset_transform() != axes.transData:
            continue
        offsets = np.ma.asarray(drawn.get_offsets())
        colours = [_rgba(c) for c in drawn.get_facecolors()]
        kinds = list(dict.fromkeys(colours))
        if len(colours) == len(offsets) and len(kinds) > 1 and all(kind in names for kind in kinds):
            for kind in kinds:
                chosen = offsets[[c == kind for c in colours]]
                yield names[kind], _pairs(chosen[:, 0], chosen[:, 1])
            continue
        colour = drawn.get_facecolors()[0] if colours else None
        yield _label(drawn, colour, names), _pairs(offsets[:, 0], offsets[:, 1])


def _bars(axes: Any, names: dict[Any, str]) -> Iterator[tuple[str, Any]]:
    """Yield bars: one series for each container, and one for single rectangles."""
    import torch
    from matplotlib.container import BarContainer
    from matplotlib.patches import Rectangle

    def measured(patch: Any) -> list[float]:
        return [float(v) for v in (*patch.get_xy(), patch.get_width(), patch.get_height())]

    known: set[int] = set()
    for container in axes.containers:
        if issubclass(type(container), BarContainer) and len(container.patches):
            known |= {id(patch) for patch in container.patches}
            shown = [measured(p) for p in container.patches if p.get_visible()]
            label = _label(container, container.patches[0].get_facecolor(), names)
            yield label, torch.tensor(shown[:MAX_POINTS], dtype=torch.float64).reshape(-1, 4)
    single = [
        measured(patch)
        for patch in axes.patches
        if issubclass(type(patch), Rectangle)
        and id(patch) not in known
        and patch.get_visible()
        and patch.get_transform() == patch.get_patch_transform() + axes.transData
    ]
    if single:
        yield "", torch.tensor(single[:MAX_POINTS], dtype=torch.float64)


def _images(axes: Any) -> Iterator[dict[str, Any]]:
    """Yield images and heat maps: `imshow`, `matshow`, `pcolormesh`, seaborn's `heatmap`."""
    import numpy as np
    import torch
    from matplotlib.collections import QuadMesh
    from matplotlib.image import AxesImage

    for drawn in (*axes.images, *axes.collections):
        if not drawn.get_visible() or not issubclass(type(drawn), (AxesImage, QuadMesh)):
            continue
        array = drawn.get_array()
        if array is None or array.size > MAX_IMAGE:
            continue
        values: Any = np.ma.filled(np.ma.asarray(array, dtype="float64"), np.nan)
        if issubclass(type(drawn), AxesImage):
            left, right, bottom, top = drawn.get_extent()
            first_row, last_row = (top, bottom) if drawn.origin == "upper" else (bottom, top)
            first_column, last_column = left, right
        else:
            corners = drawn.get_coordinates()
            values = values.reshape(corners.shape[0] - 1, corners.shape[1] - 1) if values.ndim == 1 else values
            first_row, last_row = corners[0, 0, 1], corners[-1, 0, 1]
            first_column, last_column = corners[0, 0, 0], corners[0, -1, 0]
        if (first_row > last_row) == bool(axes.yaxis_inverted()):
            values = values[::-1]
        if (first_column < last_column) == bool(axes.xaxis_inverted()):
            values = values[:, ::-1]
        limits = [np.nan if v is None else float(v) for v in drawn.get_clim()]
        yield {
            "values": torch.from_numpy(np.ascontiguousarray(values)),
            "limits": tuple(limits),
            "colours": str(drawn.get_cmap().name)[:_MAX_TEXT],
            "bar": getattr(drawn, "colorbar", None) is not None,
        }


def _ticks(axes: Any) -> list[tuple[float, str]]:
    low, high = sorted(float(v) for v in axes.get_ylim())
    ticks = zip(axes.get_yticks(), axes.get_yticklabels(), strict=False)
    shown = [(float(place), str(text.get_text())[:_MAX_TEXT]) for place, text in ticks if low <= float(place) <= high]
    return shown[:MAX_TICKS]
