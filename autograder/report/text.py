"""Make foreign text safe to print: no control characters, no writing direction tricks, no endless lines."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

__all__ = ["clean", "points"]

_HARMFUL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: str, limit: int = 4000) -> str:
    """Replace what a page or terminal would act on by U+FFFD, and cut after `limit` characters.

    Tabs and line ends stay. Format characters go as a whole: among them are those that reverse text.
    """
    shown = text[:limit]
    kept = "".join(
        c if c in "\n\t" or unicodedata.category(c) not in _HARMFUL else "\ufffd" for c in shown.replace("\r\n", "\n")
    )
    return kept + (" …" if len(text) > limit else "")


def points(value: Fraction | float) -> str:
    """Write points with at most two decimals and no trailing zeros."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return text or "0"
