"""A figure of plotly is told in words, for no program of a student's is shown."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import numpy as np

from autograder.sandbox.worker.outputs import COLLECTOR, Publisher
from autograder.sandbox.worker.plotly_words import KIND


def shown(figure: Mapping[str, object]) -> str:
    """Return the text of a display of this figure."""
    COLLECTOR.reset(100_000)
    Publisher().publish({KIND: dict(figure)})
    (output,) = COLLECTOR.finish()
    assert list(output["data"]) == ["text/plain"]
    return str(output["data"]["text/plain"])


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
