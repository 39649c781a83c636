"""A name that is not there, and the one that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["nearest"]

#: How many names are listed.
_MOST = 12


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that says that there is no such name: what may be meant, or what there is."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    if not names:
        return "; there is none."
    return f"; there are {', '.join(names[:_MOST])}{', …' if len(names) > _MOST else ''}."
