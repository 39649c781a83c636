"""The class report's plots, as inline PNG."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from autograder.report.summary import ClassSummary

__all__ = ["Plot", "class_plots"]

_INK = "#1f4e79"


@dataclass(frozen=True, slots=True)
class Plot:
    """An image and what it shows, in words."""

    uri: str
    alt: str


def class_plots(summary: ClassSummary) -> tuple[Plot, ...]:
    """Draw the distribution of scores and the mean share of points per exercise; nothing if nobody is graded."""
    if not summary.shares:
        return ()
    return _histogram(summary), _exercises(summary)


def _histogram(summary: ClassSummary) -> Plot:
    from matplotlib.ticker import MaxNLocator

    figure, axes = _figure(4.6, 3.0)
    axes.hist([100 * s for s in summary.shares], bins=[*range(0, 100, 10), 100.001], color=_INK, edgecolor="white")
    axes.set_xlabel("score, % of the points that are graded automatically")
    axes.set_ylabel("students")
    axes.set_title("Scores", loc="left", fontsize=11)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return _plot(figure, f"Histogram of {summary.graded} scores; the mean is {summary.mean} of {summary.max_score}.")


def _exercises(summary: ClassSummary) -> Plot:
    names = [name for name, _ in summary.exercise_means]
    figure, axes = _figure(5.6, 0.9 + 0.28 * len(names))
    axes.barh(names[::-1], [100 * mean for _, mean in summary.exercise_means][::-1], color=_INK)
    axes.set_xlim(0, 100)
    axes.set_xlabel("mean share of points, %")
    axes.set_title("Exercises", loc="left", fontsize=11)
    words = ", ".join(f"{name} {100 * mean:.0f} %" for name, mean in summary.exercise_means)
    return _plot(figure, f"Mean share of points per exercise: {words}.")


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    return figure, axes


def _plot(figure: Figure, alt: str) -> Plot:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return Plot("data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode(), alt)
