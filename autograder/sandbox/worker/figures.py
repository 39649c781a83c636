"""What a drawn Axes holds, as plain values: texts, ticks and the outlines of filled bodies in data coordinates.

Runs in the worker, and in the judge for the reference. A violin is a filled polygon in the end, whether matplotlib,
seaborn or a loop of `fill_betweenx` drew it.
"""

from __future__ import annotations

from typing import Any

from autograder.sandbox.worker.marks import axes_of, describe_marks

__all__ = ["close_figures", "describe_all_axes", "describe_axes"]

MAX_AXES = 16
MAX_BODIES = 64
MAX_VERTICES = 4096
MAX_TICKS = 256
_MAX_TEXT = 200


def close_figures() -> None:
    """Close what pyplot has open, as a notebook does after each cell."""
    from matplotlib import pyplot as plt

    plt.close("all")


def describe_axes(value: object) -> dict[str, Any] | None:
    """Describe an Axes; None if it is something else by its real type.

    `bodies` are float64 tensors (vertices, 2) of the visible filled polygons, in the order of drawing; `left_out` says
    how many more there are. `ticks` are the visible ticks of the x axis, as pairs of place and text; `describe_marks`
    adds the rest.
    """
    import torch
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection

    if not issubclass(type(value), Axes):
        return None
    axes: Any = value
    bodies: list[Any] = []
    for drawn in axes.collections:
        if not issubclass(type(drawn), PolyCollection) or not drawn.get_visible():
            continue
        # A polygon that is placed relative to the frame, such as a shaded band, holds no data.
        if drawn.get_transform() != axes.transData:
            continue
        for path in drawn.get_paths():
            vertices = path.vertices[:: -(-len(path.vertices) // MAX_VERTICES)]
            bodies.append(torch.from_numpy(vertices.astype("float64")))
    low, high = sorted(float(v) for v in axes.get_xlim())
    ticks = [
        (float(place), str(label.get_text())[:_MAX_TEXT])
        for place, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=False)
        if low <= float(place) <= high
    ]
    return {
        "titles": [str(axes.get_title(loc=place))[:_MAX_TEXT] for place in ("center", "left", "right")],
        "x_label": str(axes.get_xlabel())[:_MAX_TEXT],
        "y_label": str(axes.get_ylabel())[:_MAX_TEXT],
        "ticks": ticks[:MAX_TICKS],
        "bodies": bodies[:MAX_BODIES],
        "left_out": max(0, len(bodies) - MAX_BODIES),
        **describe_marks(axes),
    }


def describe_all_axes(value: object) -> list[Any]:
    """Describe each Axes of a figure, a grid, or a list of Axes."""
    return [describe_axes(axes) for axes in axes_of(value)[:MAX_AXES]]
