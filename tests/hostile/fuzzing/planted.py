"""Bugs to put in on purpose: they show that fuzzing finds bugs."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.course.notebook import normalise, prose
from autograder.engines.hidden.scrutiny import find
from autograder.engines.hidden.scrutiny.finding import CodeFinding, Level
from autograder.sandbox import gallery
from autograder.sandbox.wire import frames, values

__all__ = ["PLANTED", "Planted"]


@dataclass(frozen=True)
class Planted:
    """A bug, the target that has to find it, and what the finding says."""

    target: str
    shows: str
    plant: Callable[[], None]


def _put(owner: Any, name: str, value: Any) -> None:
    setattr(owner, name, value)


def _no_size_check() -> None:
    """Let a tensor's shape decide how much is allocated, with any number of bytes there."""

    def layout(_: values.Codec, note: Any, buffers: Sequence[Any]) -> tuple[str, tuple[int, ...], bytes]:
        dtype, shape = note["dtype"], note["shape"]
        right = isinstance(shape, list) and all(type(n) is int and n >= 0 for n in shape) and values._bounded(shape)
        if not right or dtype not in values._DTYPES:
            raise frames.FrameError("tensor shape is not a shape")
        return dtype, tuple(shape), bytes(math.prod(shape) * values._DTYPES[dtype])

    _put(values.Codec, "_layout", layout)


def _no_key_check() -> None:
    """Assume that a header has all its keys."""

    def parse(data: bytearray) -> Any:
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise frames.FrameError("header is not JSON") from None

    _put(frames, "_parse", parse)


def _trusting_metadata() -> None:
    """Keep everything in a cell's nbgrader metadata."""
    _put(normalise, "nbgrader_metadata", lambda found: found.get("metadata", {}).get("nbgrader", {}))


def _live_prose() -> None:
    """Leave tags of prose as tags."""
    _put(prose, "_defused", lambda text: text)


def _trusting_figures() -> None:
    """Accept everything that a worker calls an undrawn figure."""
    _put(gallery, "read_figure", lambda claimed: claimed)


def _unbounded_lines() -> None:
    """Count the lines of a finding from a wrong place."""

    def nowhere(level: Level, _: ast.AST, cell: str, target: str = "") -> CodeFinding:
        return CodeFinding(level, cell, 0, "x", target)

    _put(find, "finding_at", nowhere)


PLANTED = {
    "no-size-check": Planted("frames", "MemoryError|bytes were allocated", _no_size_check),
    "no-key-check": Planted("frames", "KeyError|TypeError|AttributeError", _no_key_check),
    "trusting-metadata": Planted("notebook", "AttributeError|TypeError", _trusting_metadata),
    "live-prose": Planted("prose", "the page has", _live_prose),
    "trusting-figures": Planted("figures", "AttributeError|TypeError|KeyError", _trusting_figures),
    "lines-from-nowhere": Planted("scrutiny", "is not there", _unbounded_lines),
}
