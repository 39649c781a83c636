"""Suggest what somebody may have meant by an unknown name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["did_you_mean", "nearest", "or_rather"]

#: How many names are listed.
_MOST = 12


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most similar to this one, ignoring case; None if none is similar."""
    by_folded = {k.casefold(): k for k in known}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    return by_folded[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known name, with a space before it; empty if none is near."""
    found = nearest(name, known)
    return f" Did you mean {found!r}?" if found is not None else ""


def or_rather(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name: what may be meant, or the known names."""
    names = list(known)
    found = nearest(name, names)
    if found is not None:
        return f"; did you mean {found!r}?"
    if not names:
        return "; there is none."
    return f"; there are {', '.join(names[:_MOST])}{', …' if len(names) > _MOST else ''}."
