"""Objects that stay where they were made: instances of a notebook's classes, and results that cannot cross.

Runs in the worker, and in the judge for the reference.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

__all__ = ["ObjectDesk"]

#: The most items that are taken from an iterable.
MAX_ITEMS = 10_000


class ObjectDesk:
    """The operations; `resolved` puts kept objects in the place of handles, `make` makes a new object."""

    def __init__(
        self,
        kept: dict[int, Any],
        resolved: Callable[[Any], Any],
        make: Callable[[dict[str, Any]], Any],
        outgoing: Callable[[Any], tuple[Any, dict[int, Any]]],
    ) -> None:
        self._kept = kept
        self._resolved = resolved
        self._new = make
        self._outgoing = outgoing

    def operations(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        """Return the operations by name."""
        return {
            "object": self._make,
            "object_get": lambda op: self._outgoing(getattr(self._kept[op["object"]], op["name"])),
            "object_length": lambda op: len(self._kept[op["object"]]),
            "object_items": self._items,
            "object_item": lambda op: self._outgoing(self._kept[op["object"]][self._resolved(op["index"])]),
        }

    def _make(self, op: dict[str, Any]) -> None:
        self._kept[op["keep"]] = self._new(op)

    def _items(self, op: dict[str, Any]) -> Any:
        """Return the first items of an iterable, which may have no end."""
        return self._outgoing(list(itertools.islice(self._kept[op["object"]], min(op["most"], MAX_ITEMS))))
