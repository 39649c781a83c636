"""Files that a check lets students' code write and read, each in an empty directory of its own.

In a worker they lie in its private directory, within its limits on files. In the judge, which runs only trusted code,
they lie in a temporary directory that is deleted with this object.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from typing import Any

__all__ = ["MAX_SCRATCH_BYTES", "ScratchDesk"]

#: The largest file that is read.
MAX_SCRATCH_BYTES = 16 << 20


class ScratchDesk:
    """The operations; `kept` holds a file's path as a text, which stands for the file in arguments."""

    def __init__(self, kept: dict[int, Any]) -> None:
        self._kept = kept

    def operations(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        """Return the operations by name."""
        return {
            "scratch": self._make,
            "scratch_size": lambda op: self._size(op["object"]),
            "scratch_save": self._save,
            "scratch_load": self._load,
            "scratch_write": self._write,
            "scratch_read": self._read,
        }

    def _make(self, op: dict[str, Any]) -> None:
        folder = tempfile.mkdtemp(prefix="scratch-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._kept[op["keep"]] = os.path.join(folder, op["name"])

    def _size(self, identifier: int) -> int | None:
        """Return the size in bytes, None if there is no file."""
        path = self._kept[identifier]
        return os.path.getsize(path) if os.path.isfile(path) else None

    def _readable(self, identifier: int) -> str | None:
        """Return the path of a file that is there.

        Raises:
            ValueError: if it is too large.
        """
        size = self._size(identifier)
        if size is not None and size > MAX_SCRATCH_BYTES:
            raise ValueError(f"the file has more than {MAX_SCRATCH_BYTES >> 20} MiB")
        return None if size is None else self._kept[identifier]

    def _save(self, op: dict[str, Any]) -> None:
        import torch

        torch.save(op["value"], self._kept[op["object"]])

    def _load(self, op: dict[str, Any]) -> Any:
        import torch

        path = self._readable(op["object"])
        return None if path is None else torch.load(path, map_location="cpu", weights_only=True)

    def _write(self, op: dict[str, Any]) -> None:
        with open(self._kept[op["object"]], "w", encoding="utf-8") as file:
            file.write(op["value"])

    def _read(self, op: dict[str, Any]) -> str | None:
        path = self._readable(op["object"])
        if path is None:
            return None
        with open(path, encoding="utf-8") as file:
            return file.read()
