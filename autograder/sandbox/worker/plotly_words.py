"""Describes a plotly figure in words: a program in a browser would draw it, and a student's programs are not shown."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

__all__ = ["KIND", "in_words", "show_data_only"]

KIND = "application/vnd.plotly.v1+json"
_MAX_TRACES = 20
_MAX_TEXT = 80
_MAX_WORD = 20
_FEW = 6
_COUNTED = ("x", "y", "z", "values", "r", "lat", "a")


def show_data_only() -> None:
    """Let plotly show only what a figure is made of, without the four megabytes of its program."""
    os.environ.setdefault("PLOTLY_RENDERER", "plotly_mimetype")


def in_words(figure: Mapping[str, Any]) -> str:
    """Return a line for the figure and one for each of its traces."""
    layout = figure.get("layout") or {}
    named = [
        f"{name}: {text}"
        for name in ("title", "xaxis", "yaxis")
        if (text := _title(layout.get(name), is_axis=name != "title"))
    ]
    traces = list(figure.get("data") or ())
    lines = [" ".join(["plotly figure", *(f"({line})" for line in named)])]
    lines += [f"  {line}" for line in map(_trace, traces[:_MAX_TRACES])]
    if len(traces) > _MAX_TRACES:
        lines.append(f"  and {len(traces) - _MAX_TRACES} more")
    return "\n".join(lines)


def _title(value: object, *, is_axis: bool) -> str:
    if is_axis and isinstance(value, Mapping):
        value = value.get("title")
    if isinstance(value, Mapping):
        value = value.get("text")
    return str(value)[:_MAX_TEXT] if isinstance(value, str) else ""


def _trace(trace: object) -> str:
    if not isinstance(trace, Mapping):
        return "a trace"
    words = [str(trace.get("type", "scatter"))[:_MAX_TEXT]]
    if trace.get("mode"):
        words.append(f"({str(trace['mode'])[:_MAX_TEXT]})")
    if trace.get("name"):
        words.append(f"“{str(trace['name'])[:_MAX_TEXT]}”")
    return " ".join([*words, *_sizes(trace)])


def _sizes(trace: Mapping[str, Any]) -> Iterator[str]:
    for name in _COUNTED:
        value = trace.get(name)
        if isinstance(value, Mapping) and isinstance(value.get("bdata"), str):
            # plotly packs arrays as base64.
            value = np.frombuffer(base64.b64decode(value["bdata"]), dtype=value.get("dtype")).tolist()
        if isinstance(value, (list, tuple, np.ndarray)):
            yield f"{name}: {_shown(value)}"


def _shown(value: Any) -> str:
    first = ", ".join(f"{v:g}" if isinstance(v, float) else str(v)[:_MAX_WORD] for v in list(value)[:_FEW])
    return first if len(value) <= _FEW else f"{first}, … ({len(value)} values)"
