"""The class report's plots, as inline PNG."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from autograder.feedback.summary import ClassSummary

__all__ = ["Plot", "class_plots"]

_BLUE = "#2f6f9f"
_INK = "#1b1f24"
_SOFT = "#57606a"
_GRID = "#e3e7eb"


@dataclass(frozen=True, slots=True)
class Plot:
    """An image and what it shows, in words."""

    png: bytes
    alt: str

    @property
    def uri(self) -> str:
        """The image as a data URI, so that the page loads nothing from anywhere."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode()


def class_plots(summary: ClassSummary) -> tuple[Plot, ...]:
    """Draw the distribution of scores and the mean share of points per exercise; nothing without grades."""
    if not summary.shares:
        return ()
    return _histogram(summary), _exercises(summary)


def _height(summary: ClassSummary) -> float:
    """Both plots are as high as the bars need, so that they stand side by side."""
    return max(3.0, 0.9 + 0.27 * len(summary.exercise_means))


def _histogram(summary: ClassSummary) -> Plot:
    from matplotlib.ticker import MaxNLocator

    figure, axes = _figure(5.0, _height(summary), "Scores", grid="y")
    # The last bin is closed: a full score belongs to 90–100 %.
    counts = [0] * 10
    for share in summary.shares:
        counts[min(9, int(10 * share + 1e-9))] += 1
    bars = axes.bar([10 * i + 5 for i in range(10)], counts, width=9, color=_BLUE)
    axes.bar_label(bars, labels=[str(c) if c else "" for c in counts], fontsize=8, color=_SOFT, padding=2)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, max(counts) * 1.12)
    axes.set_xticks(range(0, 101, 20))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.set_xlabel("score, % of the automatically graded points", fontsize=9, color=_SOFT)
    axes.set_ylabel("students", fontsize=9, color=_SOFT)
    words = ", ".join(f"{10 * i} to {10 * i + 10} %: {c}" for i, c in enumerate(counts) if c)
    return _plot(figure, f"Histogram of {summary.graded} scores. Students with {words}.")


def _exercises(summary: ClassSummary) -> Plot:
    names = [name for name, _ in summary.exercise_means]
    figure, axes = _figure(5.0, _height(summary), "Mean share of points by exercise", grid="x")
    means = [100 * mean for _, mean in summary.exercise_means]
    bars = axes.barh(names[::-1], means[::-1], color=_BLUE, height=0.7)
    axes.bar_label(bars, labels=[f"{m:.0f}" for m in means[::-1]], fontsize=8, color=_SOFT, padding=3)
    axes.set_xlim(0, 109)
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel("mean share of points, %", fontsize=9, color=_SOFT)
    words = ", ".join(f"{name} {100 * mean:.0f} %" for name, mean in summary.exercise_means)
    return _plot(figure, f"Mean share of points per exercise: {words}.")


def _figure(width: float, height: float, title: str, *, grid: str) -> tuple[Figure, Axes]:
    # A figure of its own, not pyplot's: no global state, no display, and nothing to close.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=160, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=11, color=_INK, fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color("#aab2bb")
    axes.tick_params(labelsize=8.5, colors=_INK, length=3, color="#aab2bb")
    axes.grid(visible=True, axis="x" if grid == "x" else "y", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    return figure, axes


def _plot(figure: Figure, alt: str) -> Plot:
    buffer = io.BytesIO()
    # Without the version that matplotlib writes, the same class gives the same bytes.
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return Plot(buffer.getvalue(), alt)
