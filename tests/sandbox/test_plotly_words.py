"""A figure of plotly is drawn from its numbers and told in words, because no student's program is shown."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from itertools import count
from typing import Any

import numpy as np
import pytest
from matplotlib import image

from autograder.sandbox.worker import plotly_picture
from autograder.sandbox.worker.outputs import COLLECTOR, Publisher
from autograder.sandbox.worker.plotly_words import KIND


@pytest.fixture(autouse=True)
def _new_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count the figures from the start."""
    monkeypatch.setattr(plotly_picture, "_DRAWN", count())


def shown(figure: Mapping[str, object]) -> str:
    """Return the text of a display of this figure."""
    return data(figure)["text/plain"]


def data(figure: Mapping[str, object]) -> dict[str, str]:
    """Return what a display of this figure leaves."""
    COLLECTOR.reset(10_000_000)
    Publisher().publish({KIND: dict(figure)})
    (output,) = COLLECTOR.finish()
    return dict(output["data"])


def picture(figure: Mapping[str, object]) -> Any:
    """Return the picture of this figure as numbers of shape (height, width, 3 or 4)."""
    return image.imread(io.BytesIO(base64.b64decode(data(figure)["image/png"])))


def test_traces_titles_and_numbers_are_told() -> None:
    """Arrays are given as lists, or packed as base64 with their type."""
    packed = {"dtype": "f8", "bdata": base64.b64encode(np.arange(9.0).tobytes()).decode()}
    figure: dict[str, object] = {
        "data": [{"type": "bar", "name": "sold", "x": ["a", "b"], "y": packed}, {"mode": "lines", "y": [0.5]}, 3],
        "layout": {"title": {"text": "Sales"}, "xaxis": {"title": {"text": "month"}}},
    }
    assert shown(figure).split("\n") == [
        "plotly figure (title: Sales) (xaxis: month)",
        "  bar “sold” x: a, b y: 0, 1, 2, 3, 4, 5, … (9 values)",
        "  scatter (lines) y: 0.5",
        "  a trace",
    ]
    assert shown({}) == "plotly figure"


def test_many_traces_are_counted() -> None:
    """The first twenty are described."""
    lines = shown({"data": [{"type": "pie", "values": [1]}] * 23}).split("\n")
    assert len(lines) == 22
    assert lines[-1] == "  and 3 more"


#: By kind: a trace, and the same with other numbers.
TRACES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "points": ({"mode": "markers", "x": [1, 2], "y": [3, 4]}, {"mode": "markers", "x": [1, 2], "y": [4, 3]}),
    "a line without x": ({"y": [3, 4, 7]}, {"y": [3, 4, 8]}),
    "bars": ({"type": "bar", "x": ["a", "b"], "y": [1, 2]}, {"type": "bar", "x": ["a", "b"], "y": [2, 1]}),
    "flat bars": (
        {"type": "bar", "orientation": "h", "y": ["a", "b"], "x": [1, 2]},
        {"type": "bar", "orientation": "h", "y": ["a", "b"], "x": [2, 1]},
    ),
    "a histogram": ({"type": "histogram", "x": [1, 2, 2]}, {"type": "histogram", "x": [1, 1, 2]}),
    "boxes": (
        {"type": "box", "x": ["a", "a", "b"], "y": [1, 2, 3]},
        {"type": "box", "x": ["a", "b", "b"], "y": [1, 2, 3]},
    ),
    "a violin": ({"type": "violin", "y": [1, 2, 3.0]}, {"type": "violin", "y": [1, 3, 3.0]}),
    "a heat map": ({"type": "heatmap", "z": [[1, 2], [3, 4]]}, {"type": "heatmap", "z": [[1, 2], [4, 3]]}),
    "a pie": ({"type": "pie", "values": [1, 2], "labels": ["a", "b"]}, {"type": "pie", "values": [2, 1]}),
}


@pytest.mark.parametrize("kind", TRACES)
def test_a_picture_shows_the_numbers(kind: str) -> None:
    """Other numbers give another picture, and the same ones the same."""
    trace, other = TRACES[kind]
    first = picture({"data": [trace]})
    assert first.std() > 0
    assert np.array_equal(first, picture({"data": [trace]}))
    assert not np.array_equal(first, picture({"data": [other]}))


def test_packed_rows_titles_and_scales_are_drawn() -> None:
    """Each changes the picture, and packed numbers are those of the list."""
    rows = np.arange(6.0).reshape(2, 3)
    packed = {"dtype": "f8", "bdata": base64.b64encode(rows.tobytes()).decode(), "shape": "2, 3"}
    plain = picture({"data": [{"type": "heatmap", "z": rows.tolist()}]})
    assert np.array_equal(plain, picture({"data": [{"type": "heatmap", "z": packed}]}))
    line = {"data": [{"y": [1, 10, 100]}]}
    usual = picture(line)
    for layout in ({"title": {"text": "Loss"}}, {"xaxis": {"title": {"text": "epoch"}}}, {"yaxis": {"type": "log"}}):
        changed = picture({**line, "layout": layout})
        assert changed.shape != usual.shape or not np.array_equal(changed, usual)


def test_each_pair_of_axes_has_a_place_of_its_own() -> None:
    """Two subplots stand below each other."""
    one = picture({"data": [{"y": [1, 2]}, {"y": [2, 1]}]})
    two = picture({"data": [{"y": [1, 2]}, {"y": [2, 1], "xaxis": "x2", "yaxis": "y2"}]})
    assert two.shape[0] == 2 * one.shape[0]


@pytest.mark.parametrize(
    "traces",
    [
        [{"type": "scatter3d", "x": [1], "y": [1], "z": [1]}],
        [{"y": [1, 2]}, {"type": "surface"}],
        [{"type": "bar", "x": [1, 2], "y": [1]}],
        [{"y": {"bdata": "no base64", "dtype": "f8"}}],
        [{"y": [[1], [2, 3]]}],
        [{"y": [1]}] * 21,
        [],
        [None],
    ],
)
def test_what_is_not_drawn_has_its_words(traces: list[Any]) -> None:
    """An unknown kind, numbers that do not fit, too many traces: nothing is raised, and the words are there."""
    found = data({"data": traces})
    assert list(found) == ["text/plain"]
    assert found["text/plain"].startswith("plotly figure")


def test_a_notebook_has_thirty_figures_drawn_and_the_others_told() -> None:
    """Drawing takes no time without end from a cell."""
    found = [list(data({"data": [{"y": [1, 2]}]})) for _ in range(32)]
    assert found == [["text/plain", "image/png"]] * 30 + [["text/plain"]] * 2
