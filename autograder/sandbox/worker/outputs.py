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

from autograder.sandbox.worker.pictures import Undrawn

__all__ = ["COLLECTOR", "Collector", "Hook", "Publisher", "captured", "muted", "safe_str"]


class Collector:
    """The outputs of the running cell, in order, up to a number of bytes."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.limit_bytes = 0
        self.used_bytes = 0
        self.truncated = False

    def reset(self, limit_bytes: int) -> None:
        """Start a cell."""
        self.outputs = []
        self.limit_bytes = limit_bytes
        self.used_bytes = 0
        self.truncated = False

    def take(self, size: int) -> bool:
        """Whether `size` more bytes fit; they are counted if so."""
        if self.used_bytes + size > self.limit_bytes:
            self.truncated = True
            return False
        self.used_bytes += size
        return True

    def stream(self, name: str, text: str) -> None:
        """Append printed text; the part beyond the limit is dropped."""
        room = self.limit_bytes - self.used_bytes
        if len(text) > room:
            self.truncated = True
            text = text[:room]
        if not text:
            return
        self.used_bytes += len(text)
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["parts"].append(text)
        else:
            self.outputs.append({"output_type": "stream", "name": name, "parts": [text]})

    def add(self, output: dict[str, Any], size: int) -> None:
        """Append a display, a result or an error if it fits."""
        if self.take(size):
            self.outputs.append(output)

    def finish(self) -> list[dict[str, Any]]:
        """Return nbformat outputs."""
        done = []
        for output in self.outputs:
            parts = output.pop("parts", None)
            if parts is not None:
                output["text"] = "".join(parts)
            done.append(output)
        if self.truncated:
            note = "[the rest of this cell's output was cut: it exceeded the assignment's limit]\n"
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
        COLLECTOR.outputs.clear()


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
    """Return an object's text; whatever its `__str__` does, this returns a string."""
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
    return out


def _mime_size(data: Any) -> int:
    return sum(v.size if type(v) is Undrawn else len(v) for v in dict(data).values() if isinstance(v, (bytes, str)))


@contextmanager
def muted() -> Iterator[None]:
    """Drop whatever is printed: hidden checks never show a student's output, so it cannot flood us."""
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
