"""Lines, points, bars and images are read from what was drawn; matplotlib's and seaborn's figures are judged alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from matplotlib import pyplot as plt

from autograder.checks.marks import read_marks
from autograder.checks.plots import Drawing
from autograder.checks.student import Student
from autograder.sandbox.faults import StudentCrashed

NOTEBOOK = """
import numpy as np
from matplotlib import pyplot as plt
import seaborn as sns

def styled(ax, log=False):
    if log: ax.set_yscale("log")
    ax.axhline(0.5); ax.axvspan(0, 1, alpha=0.1)
    ax.set(xlabel="epoch", ylabel="loss", title="losses")
    return ax
def plain_lines(curves):
    _, ax = plt.subplots()
    for name, y in curves.items(): ax.plot(range(len(y)), y, "--", lw=3, label=name)
    ax.legend(); return styled(ax, True)
def legend_later(curves):
    fig, ax = plt.subplots()
    handles = [ax.plot(np.arange(len(y)), y.numpy(), color=c)[0] for c, y in zip("rgb", curves.values())]
    ax.legend(handles, list(curves)); styled(ax, True); return fig
def pair(curves):
    fig, ax = plt.subplots()
    plain_lines_on(ax, curves); return fig, styled(ax, True)
def plain_lines_on(ax, curves):
    for name, y in curves.items(): ax.plot(y, label=name)
    ax.legend()
def sea_lines(curves):
    _, ax = plt.subplots()
    x = np.concatenate([np.arange(len(y)) for y in curves.values()])
    hue = [name for name, y in curves.items() for _ in y]
    sns.lineplot(x=x, y=np.concatenate([y.numpy() for y in curves.values()]), hue=hue, ax=ax)
    return styled(ax, True)
def sea_grid(curves):
    x = np.concatenate([np.arange(len(y)) for y in curves.values()])
    hue = [name for name, y in curves.items() for _ in y]
    y = np.concatenate([y.numpy() for y in curves.values()])
    grid = sns.relplot(x=x, y=y, hue=hue, kind="line")
    styled(grid.ax, True); return grid

def scattered(groups):
    _, ax = plt.subplots()
    for name, (x, y) in groups.items(): ax.scatter(x, y, s=7, label=name)
    ax.legend(); return ax
def markers(groups):
    _, ax = plt.subplots()
    for name, (x, y) in groups.items(): ax.plot(x, y, "o", label=name)
    ax.legend(); return ax
def sea_scatter(groups):
    _, ax = plt.subplots()
    x, y = (np.concatenate([g[i].numpy() for g in groups.values()]) for i in (0, 1))
    return sns.scatterplot(x=x, y=y, hue=[n for n, g in groups.items() for _ in g[0]], ax=ax)

def bars(names, heights):
    _, ax = plt.subplots(); ax.bar(names, heights, color="green", width=0.3); return ax
def lying(names, heights):
    _, ax = plt.subplots(); ax.barh(names, heights); return ax
def sea_bars(names, heights):
    _, ax = plt.subplots(); return sns.barplot(x=names, y=heights.numpy(), ax=ax)

def show(values):
    _, ax = plt.subplots(); image = ax.imshow(values, cmap="magma"); plt.colorbar(image); return ax
def show_figure(values):
    fig, ax = plt.subplots(); fig.colorbar(ax.imshow(values, cmap="magma"), ax=ax); return fig
def matrix(values): return plt.matshow(values).axes
def mesh(values):
    _, ax = plt.subplots(); ax.pcolormesh(values); ax.invert_yaxis(); return ax
def sea_heat(values):
    _, ax = plt.subplots(); return sns.heatmap(values, ax=ax)
def lower(values):
    _, ax = plt.subplots(); ax.imshow(values, origin="lower"); return ax
def upside_down(values):
    _, ax = plt.subplots(); ax.pcolormesh(values); return ax
def mirrored(values):
    _, ax = plt.subplots(); ax.imshow(values); ax.invert_xaxis(); return ax
def turned(values):
    _, ax = plt.subplots(); ax.imshow(values.T); return ax
def several(values):
    fig, axes = plt.subplots(1, 2)
    axes[0].imshow(values); axes[1].plot(values[0]); return axes
def nothing(values): return 3
"""

CURVES = {"small": torch.tensor([1.0, 0.5, 0.25]), "large": torch.tensor([1.0, 2.0, 4.0, 8.0]).double()}
GROUPS = {
    "a": (torch.tensor([1.0, 2.0, 3.0]).double(), torch.tensor([4.0, 5.0, 6.0]).double()),
    "b": (torch.tensor([7.0, 8.0]).double(), torch.tensor([1.0, 0.0]).double()),
}
NAMES, HEIGHTS = ["sgd", "adam", "rmsprop"], torch.tensor([3.0, -1.0, 2.0]).double()
HEAT = torch.arange(6.0).double().reshape(2, 3)


@pytest.fixture(autouse=True)
def headless() -> Iterator[None]:
    """Draw without a screen, and leave nothing open."""
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.fixture
def student(defined: Callable[..., Student]) -> Student:
    """The notebook, on both transports."""
    return defined(NOTEBOOK)


def drawn(student: Student, name: str, *args: Any) -> Drawing:
    """Return the one Axes that a function draws, also from a list or a figure."""
    (found,) = student.tools.drawings(name, *args)
    return found


@pytest.mark.parametrize("name", ["plain_lines", "legend_later", "pair", "sea_lines", "sea_grid"])
def test_lines_show_values_and_have_names(student: Student, name: str) -> None:
    """Values, the legend's names, labels and scales are read from each library; helper lines do not count."""
    drawing = drawn(student, name, CURVES)
    assert drawing.show("lines", CURVES) == ["small", "large"]
    assert [line.label for line in drawing.lines()] == ["small", "large"]
    assert drawing.legend() == ["small", "large"]
    assert drawing.scales() == ("linear", "log")
    assert (drawing.labelled("epoch"), drawing.y_labelled("loss"), drawing.titled("losses")) == (True, True, True)
    places = {"small": (torch.arange(3), CURVES["small"]), "shifted": (torch.arange(1, 5), CURVES["large"])}
    assert drawing.show("lines", places) == ["small", ""]


@pytest.mark.parametrize("name", ["scattered", "markers", "sea_scatter"])
def test_points_show_places_and_have_names(student: Student, name: str) -> None:
    """There is a cloud for each colour of the legend, or for each call."""
    drawing = drawn(student, name, GROUPS)
    assert drawing.show("points", GROUPS) == ["a", "b"]
    assert [cloud.label for cloud in drawing.points()] == ["a", "b"]
    assert drawing.lines() == ()
    assert drawing.show("points", {"swapped": GROUPS["a"][::-1]}) == ["", ""]


@pytest.mark.parametrize("name", ["bars", "sea_bars", "lying"])
def test_bars_show_heights_and_ticks_name_them(student: Student, name: str) -> None:
    """Upright bars are read from left to right and lying ones from below, negative ones too."""
    lying = name == "lying"
    drawing = drawn(student, name, NAMES, HEIGHTS)
    wrong = {"sorted": HEIGHTS.sort().values, "absolute": HEIGHTS.abs()}
    assert drawing.show("bars", {**wrong, "right": HEIGHTS}, lying=lying) == ["right"]
    assert drawing.tick_texts(lying=lying) == NAMES


@pytest.mark.parametrize("name", ["show", "show_figure", "matrix", "mesh", "sea_heat"])
def test_heat_maps_show_values(student: Student, name: str) -> None:
    """Rows are read from the top, in whichever order they are stored."""
    drawing = drawn(student, name, HEAT)
    assert drawing.shows_images({"turned": HEAT.T, "right": HEAT}) == ["right"]
    (image,) = drawing.images()
    assert image.bar is (name in {"show", "show_figure", "sea_heat"})
    assert (image.low, image.high) == (0, 5)
    if name.startswith("show"):
        assert image.colours == "magma"


@pytest.mark.parametrize(
    ("name", "seen"),
    [("lower", HEAT.flip(0)), ("upside_down", HEAT.flip(0)), ("mirrored", HEAT.flip(1)), ("turned", HEAT.T)],
)
def test_an_image_counts_as_it_is_seen(student: Student, name: str, seen: torch.Tensor) -> None:
    """Another origin or an inverted axis shows another picture of the same array."""
    assert drawn(student, name, HEAT).shows_images({"right": HEAT, "seen": seen}) == ["seen"]


def test_several_axes_are_read_one_by_one(student: Student) -> None:
    """A figure or a list is no Axes itself, but each Axes in it can be asked for."""
    assert student.tools.drawing("several", HEAT) is None
    assert student.tools.drawing("show_figure", HEAT) is None
    assert student.tools.drawing("show", HEAT) is not None
    first, second = student.tools.drawings("several", HEAT)
    assert first.shows_images({"right": HEAT}) == ["right"]
    assert second.show("lines", {"row": HEAT[0]}) == ["row"]
    assert student.tools.drawings("nothing", HEAT) == []


GOOD: dict[str, Any] = {
    "lines": [("a", torch.zeros(2, 2).double())],
    "points": [],
    "bars": [("", torch.zeros(1, 4).double())],
    "images": [{"values": torch.zeros(1, 1).double(), "limits": (0.0, 1.0), "colours": "x", "bar": True}],
    "legend": ["a"],
    "scales": ("linear", "log"),
    "y_ticks": [(1.0, "1")],
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": 3},
        {"lines": [("a", torch.zeros(2, 2))]},
        {"lines": [("a", torch.zeros(2, 3).double())]},
        {"lines": [("a",)]},
        {"points": [torch.zeros(2, 2)]},
        {"bars": [("", torch.zeros(4).double())]},
        {"images": None},
        {"images": [3]},
        {"images": [{"values": torch.zeros(1, 1).double(), "limits": (0, 1)}]},
        {"images": [{"values": torch.zeros(1).double(), "limits": (0.0, 1.0)}]},
        {"legend": "a"},
        {"scales": ["linear", "log"]},
        {"y_ticks": [(float("nan"), "1")]},
    ],
)
def test_a_worker_may_say_anything(wrong: dict[str, Any]) -> None:
    """A description of the wrong form is refused."""
    assert read_marks(GOOD).lines[0].label == "a"
    with pytest.raises(StudentCrashed):
        read_marks({**GOOD, **wrong})
