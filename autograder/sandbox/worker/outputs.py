"""What a cell shows, collected as nbformat outputs: printed text, displays, results and errors."""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

from autograder.sandbox.worker import plotly_picture, plotly_words
from autograder.sandbox.worker.pictures import Undrawn

__all__ = ["COLLECTOR", "Collector", "Hook", "Publisher", "captured", "muted", "safe_str"]


#: The most outputs of one cell. The structure of each counts as `OUTPUT_BYTES`.
MAX_OUTPUTS = 4000
OUTPUT_BYTES = 128


class Collector:
    """The outputs of the running cell, in order, up to a number of bytes as they are sent: text in UTF-8.

    Printed text comes first: displays get the room that it leaves.
    """

    def __init__(self) -> None:
        self.reset(0)

    def reset(self, limit_bytes: int) -> None:
        """Start a cell."""
        self.outputs: list[dict[str, Any]] = []
        #: For each output its size if it is a display, None if it is printed text.
        self.sizes: list[int | None] = []
        self.limit_bytes = limit_bytes
        self.printed_bytes = 0
        self.shown_bytes = 0
        self.truncated = False

    def clear(self) -> None:
        """Drop what the cell has shown so far."""
        self.reset(self.limit_bytes)

    def stream(self, name: str, text: str) -> None:
        """Append printed text; the part beyond the limit is dropped."""
        last = self.outputs[-1] if self.outputs else None
        same = last is not None and last["output_type"] == "stream" and last["name"] == name
        room = self.limit_bytes - self.printed_bytes - (0 if same else OUTPUT_BYTES)
        # Encoding never shortens a text: one that is far too long is cut first.
        encoded = text[: max(room, 0) + 1].encode("utf-8", "replace")
        if len(encoded) > room:
            self.truncated = True
            encoded = encoded[: max(room, 0)]
            text = encoded.decode("utf-8", "ignore")
        if not text or (not same and len(self.outputs) >= MAX_OUTPUTS):
            self.truncated = self.truncated or bool(text)
            return
        self.printed_bytes += len(encoded) + (0 if same else OUTPUT_BYTES)
        if same:
            assert last is not None
            last["parts"].append(text)
        else:
            self.outputs.append({"output_type": "stream", "name": name, "parts": [text]})
            self.sizes.append(None)

    def add(self, output: dict[str, Any], size: int) -> None:
        """Append a display, a result or an error if it fits."""
        size += OUTPUT_BYTES
        if self.shown_bytes + size > self.limit_bytes or len(self.outputs) >= MAX_OUTPUTS:
            self.truncated = True
            return
        self.shown_bytes += size
        self.outputs.append(output)
        self.sizes.append(size)

    def finish(self) -> list[dict[str, Any]]:
        """Return nbformat outputs: all that was printed, and the displays that fit in beside it."""
        done = []
        room = self.limit_bytes - self.printed_bytes
        for output, size in zip(self.outputs, self.sizes, strict=True):
            if size is not None:
                if size > room:
                    self.truncated = True
                    continue
                room -= size
            parts = output.pop("parts", None)
            if parts is not None:
                output["text"] = "".join(parts)
            done.append(output)
        if self.truncated:
            note = f"[the rest of this cell's output was cut: a cell may show {self.limit_bytes >> 10} KiB]\n"
            done.append({"output_type": "stream", "name": "stderr", "text": note})
        return done


COLLECTOR = Collector()


class _Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str) -> None:
        self._name = name

    def write(self, text: str) -> int:
        COLLECTOR.stream(self._name, str(text))
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self._name == "stdout" else 2


class Publisher(DisplayPublisher):
    """Displays go to the collector."""

    def publish(self, data: Any, metadata: Any = None, **_: Any) -> None:
        """Collect a display."""
        COLLECTOR.add(_rich("display_data", data), _mime_size(data))

    def clear_output(self, wait: bool = False) -> None:  # noqa: FBT001, FBT002 - IPython's signature
        """Drop what the cell has shown so far."""
        COLLECTOR.clear()


class Hook(DisplayHook):
    """Results go to the collector."""

    def write_output_prompt(self) -> None:
        """Show no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Collect a result."""
        output = _rich("execute_result", format_dict)
        COLLECTOR.add({**output, "execution_count": self.prompt_count}, _mime_size(format_dict))

    def log_output(self, format_dict: Any) -> None:
        """Keep no log."""

    def finish_displayhook(self) -> None:
        """Write no line end."""


def safe_str(value: object) -> str:
    """Return an object's text; this returns a string even if `__str__` fails."""
    try:
        text = str(value)
    except Exception:  # noqa: BLE001 - a hostile or broken __str__ is the student's, not ours
        return "<the exception's message cannot be shown>"
    return text if type(text) is str else ""


def _rich(kind: str, data: Any) -> dict[str, Any]:
    """Return a display or a result, with a figure that is not drawn yet beside its data."""
    undrawn = next((value.parts for value in dict(data).values() if type(value) is Undrawn), None)
    output = {"output_type": kind, "data": _mime(data), "metadata": {}}
    return output if undrawn is None else {**output, "undrawn": undrawn}


def _mime(data: Any) -> dict[str, str]:
    """Keep what is text; PNG arrives as bytes or base64 text."""
    out = {}
    for key, value in dict(data).items():
        if isinstance(value, bytes):
            out[str(key)[:100]] = base64.b64encode(value).decode()
        elif isinstance(value, str) and type(value) is not Undrawn:
            out[str(key)[:100]] = value
        elif key == plotly_words.KIND and isinstance(value, dict):
            out["text/plain"] = plotly_words.in_words(value)
            picture = plotly_picture.drawn(value)
            if picture is not None:
                out["image/png"] = base64.b64encode(picture).decode()
    return out


def _mime_size(data: Any) -> int:
    return sum(_size(v) for v in dict(data).values() if isinstance(v, (bytes, str)))


def _size(value: bytes | str) -> int:
    if type(value) is Undrawn:
        return value.size
    if isinstance(value, bytes):
        return -(-len(value) // 3) * 4
    return len(value) if value.isascii() else len(value.encode("utf-8", "replace"))


@contextmanager
def muted() -> Iterator[None]:
    """Drop everything that is printed: hidden checks never show a student's output, so it cannot flood us."""
    COLLECTOR.reset(0)
    with captured():
        yield


@contextmanager
def captured() -> Iterator[None]:
    """Collect Python's streams."""
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = saved
