"""Text for people: foreign text made safe to print, without endless lines; long lists cut; points."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from autograder.course.characters import CONTROL_SEQUENCE, REPLACEMENT, printable

__all__ = ["and_more", "clean", "listed", "one_line", "points"]

#: A whole terminal sequence becomes one sign: `[31m` without its escape would only puzzle.
_TERMINAL = re.compile(CONTROL_SEQUENCE + r"|\x1b[@-Z\\-_]|\x9b[0-?]*[ -/]*[@-~]")


def clean(text: str, limit: int = 4000) -> str:
    """Replace what a page or terminal would act on by U+FFFD, and cut after `limit` characters.

    Tabs and line ends stay. All format characters go, because some of them reverse text.
    """
    shown = text[:limit]
    end = " …" if len(text) > limit else ""
    return printable(_TERMINAL.sub(REPLACEMENT, shown.replace("\r\n", "\n"))) + end


def one_line(text: str, limit: int = 500) -> str:
    """Clean text and join its lines, so that an entry of a list cannot look like several."""
    return " ".join(clean(text, limit).split())


def listed(names: Iterable[object], shown: int = 12) -> str:
    """Name the first ones and say how many more there are: "ada, bob and 3 more". Names must be clean."""
    known = [str(name) for name in names]
    return " ".join(filter(None, (", ".join(known[:shown]), and_more(len(known), shown))))


def and_more(count: int, shown: int) -> str:
    """Say how many of `count` are not shown: "and 3 more", or nothing if all are."""
    return f"and {count - shown} more" if count > shown else ""


def points(value: Fraction | float) -> str:
    """Write points with at most two decimals and no trailing zeros."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return text or "0"
