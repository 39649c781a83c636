"""Keep the outputs of a submission: known parts only, up to a number of bytes, with one copy of each text.

The bytes are counted as in the notebook that is written, where each output has its own copy.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["OutputBudget", "read_figure"]

#: What an output takes besides its texts.
_OUTPUT_BYTES = 256
_MAX_TYPES = 8
_MAX_NAME = 100
_MAX_LINES = 400
_MAX_ARRAYS = 4096
_DIMS = 2
#: Types that can be shown, with the most characters of each; of other types only the name is kept, to say what is not
#: shown.
_PICTURES = ("text/plain", "image/png", "image/jpeg", "image/gif")
_MARKUP = {"text/html": 200_000, "image/svg+xml": 1 << 20, "text/markdown": 200_000, "text/latex": 20_000}
_WORTH_SHARING = 256
#: Short outputs have a reserve: a test cell's number or error is not lost because plots before it were large.
_SHORT_BYTES = 4 << 10
_RESERVE_BYTES = 2 << 20


class OutputBudget:
    """The room that a submission's outputs have left."""

    def __init__(self, limit_bytes: int) -> None:
        self.left_bytes = limit_bytes
        self._reserve_bytes = _RESERVE_BYTES
        self._texts: dict[str, str] = {}

    def keep(self, outputs: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], bool]:
        """Return what there is room for, and whether something was left out."""
        kept: list[Mapping[str, Any]] = []
        for claimed in outputs:
            output = self._known(claimed)
            size = _OUTPUT_BYTES + sum(map(_size, output.values()))
            if size <= self.left_bytes:
                self.left_bytes -= size
                kept.append(output)
            elif size <= min(_SHORT_BYTES, self._reserve_bytes):
                self._reserve_bytes -= size
                kept.append(output)
        return kept, len(kept) < len(outputs)

    def _known(self, claimed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parts of an output that are used; a worker may claim others."""
        known: dict[str, Any] = {}
        for name in ("output_type", "name", "text", "ename", "evalue"):
            value = claimed.get(name)
            if isinstance(value, str):
                known[name] = self._shared(value)
        count = claimed.get("execution_count")
        if type(count) is int and 0 <= count < 1 << 31:
            known["execution_count"] = count
        lines = claimed.get("traceback")
        if isinstance(lines, list):
            known["traceback"] = [self._shared(line) for line in lines[:_MAX_LINES] if isinstance(line, str)]
        data = claimed.get("data")
        if isinstance(data, Mapping):
            known["data"] = {
                kind[:_MAX_NAME]: self._shared(value) if kind in _PICTURES or len(value) <= _MARKUP.get(kind, 0) else ""
                for kind, value in [*data.items()][:_MAX_TYPES]
                if isinstance(kind, str) and isinstance(value, str)
            }
        undrawn = read_figure(claimed.get("undrawn"))
        if undrawn is not None:
            known["undrawn"] = undrawn
        return known

    def _shared(self, text: str) -> str:
        return text if len(text) < _WORTH_SHARING else self._texts.setdefault(text, text)


def read_figure(claimed: object) -> dict[str, Any] | None:
    """Return the figure that a worker claims; None if its form is wrong."""
    if not isinstance(claimed, Mapping):
        return None
    pickled, numbers = claimed.get("figure"), claimed.get("numbers")
    if not isinstance(pickled, bytes) or not isinstance(numbers, list) or len(numbers) > _MAX_ARRAYS:
        return None
    if not all(isinstance(a, np.ndarray) and a.dtype == np.float64 and a.ndim == _DIMS for a in numbers):
        return None
    return {"figure": pickled, "numbers": numbers}


def _size(value: object) -> int:
    """Return how much memory a known part takes."""
    if isinstance(value, (str, bytes)):
        return sys.getsizeof(value)
    if isinstance(value, np.ndarray):
        return value.nbytes + _OUTPUT_BYTES
    if isinstance(value, Mapping):
        return sum(_size(k) + _size(v) for k, v in value.items())
    return sum(map(_size, value)) if isinstance(value, list) else 0
