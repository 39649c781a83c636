"""Make foreign text safe to print: no control characters, no writing direction tricks, no endless lines."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

__all__ = ["clean", "one_line", "points"]

_HARMFUL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_REPLACEMENT = "\ufffd"
#: Marks stack on one letter; languages need a few, a tower of them paints over the lines above.
_MAX_MARKS = 4
_PLAIN = re.compile(r"[\n\t\x20-\x7e]*")
#: A whole terminal sequence becomes one sign: `[31m` without its escape would only puzzle.
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])|\x9b[0-?]*[ -/]*[@-~]")


def clean(text: str, limit: int = 4000) -> str:
    """Replace what a page or terminal would act on by U+FFFD, and cut after `limit` characters.

    Tabs and line ends stay. Format characters go as a whole: among them are those that reverse text.
    """
    shown = text[:limit]
    end = " …" if len(text) > limit else ""
    if _PLAIN.fullmatch(shown):
        return shown + end
    shown = _TERMINAL.sub(_REPLACEMENT, shown.replace("\r\n", "\n"))
    kept: list[str] = []
    marks = 0
    for character in shown:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        harmful = (category in _HARMFUL and character not in "\n\t") or marks > _MAX_MARKS
        kept.append(_REPLACEMENT if harmful else character)
    return "".join(kept) + end


def one_line(text: str, limit: int = 500) -> str:
    """Clean text and join its lines: what stands in a list must not look like further entries of it."""
    return " ".join(clean(text, limit).split())


def points(value: Fraction | float) -> str:
    """Write points with at most two decimals and no trailing zeros."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return text or "0"
