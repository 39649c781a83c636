"""Bugs to put in on purpose: what shows that fuzzing finds what is there."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.course.notebook import normalise
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
    """Let a tensor's shape decide how much is allocated, whatever bytes there are."""

    def layout(_: values.Codec, note: Any, buffers: Sequence[Any]) -> tuple[str, tuple[int, ...], bytes]:
        dtype, shape = note["dtype"], note["shape"]
        right = isinstance(shape, list) and all(type(n) is int and n >= 0 for n in shape) and values._bounded(shape)
        if not right or dtype not in values._DTYPES:
            raise frames.FrameError("tensor shape is not a shape")
        return dtype, tuple(shape), bytes(math.prod(shape) * values._DTYPES[dtype])

    _put(values.Codec, "_layout", layout)


def _no_key_check() -> None:
    """Take for granted that a header has all its keys."""

    def parse(data: bytearray) -> Any:
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise frames.FrameError("header is not JSON") from None

    _put(frames, "_parse", parse)


def _trusting_metadata() -> None:
    """Keep whatever stands in a cell's nbgrader metadata."""
    _put(normalise, "nbgrader_metadata", lambda found: found.get("metadata", {}).get("nbgrader", {}))


PLANTED = {
    "no-size-check": Planted("frames", "MemoryError|bytes were allocated", _no_size_check),
    "no-key-check": Planted("frames", "KeyError|TypeError|AttributeError", _no_key_check),
    "trusting-metadata": Planted("notebook", "AttributeError|TypeError", _trusting_metadata),
}
