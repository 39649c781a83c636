"""Replace, yield and compare the values inside nested lists, tuples and dicts.

Judge and worker treat different values as leaves, but go through the nesting in the same way. Subclasses of lists,
tuples and dicts count as plain ones, which the wire turns them into.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

__all__ = ["MAX_DEPTH", "alike", "leaves", "replaced"]

#: No value that is nested more deeply crosses the wire; a list may hold itself.
MAX_DEPTH = 24
_NESTED = (list, tuple, dict)


def replaced(value: Any, leaf: Callable[[Any], Any], depth: int = MAX_DEPTH) -> Any:
    """Return new lists, tuples and dicts in which `leaf(x)` replaces each other value x; keys stay.

    A value deeper than `depth` counts as a leaf.
    """
    if depth <= 0 or not isinstance(value, _NESTED):
        return leaf(value)
    # Leaves are called from here: requests have many of them, and one call less for each saves time.
    below = depth - 1
    if isinstance(value, dict):
        return {k: replaced(v, leaf, below) if isinstance(v, _NESTED) else leaf(v) for k, v in value.items()}
    items = [replaced(v, leaf, below) if isinstance(v, _NESTED) else leaf(v) for v in value]
    return items if isinstance(value, list) else tuple(items)


def leaves(value: Any) -> Iterator[Any]:
    """Yield the values that are no list, tuple or dict, in order; keys are left out."""
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    else:
        yield value


def alike(
    first: Any, second: Any, same: Callable[[Any, Any], bool], *, ordered: bool = False, kinds: bool = True
) -> bool:
    """Whether two values have the same nesting, kinds and lengths, and `same` holds for each pair of leaves.

    Args:
        first: one value.
        second: the other one.
        same: called with a leaf of the first value and the value at its place in the second.
        ordered: whether the order of a dict's entries counts.
        kinds: whether a list differs from a tuple.
    """
    if not isinstance(first, _NESTED):
        return same(first, second)
    if type(first) is not type(second):
        sequences = isinstance(first, (list, tuple)) and isinstance(second, (list, tuple))
        if kinds or not sequences:
            return False
    if len(first) != len(second):
        return False
    pairs: Iterable[tuple[Any, Any]]
    if isinstance(first, dict):
        assert isinstance(second, dict)
        if list(first) != list(second) if ordered else first.keys() != second.keys():
            return False
        pairs = ((value, second[key]) for key, value in first.items())
    else:
        pairs = zip(first, second, strict=True)
    return all(
        alike(a, b, same, ordered=ordered, kinds=kinds) if isinstance(a, _NESTED) else same(a, b) for a, b in pairs
    )
