"""Which characters of a foreign text are shown as they are, and which are replaced."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["CONTROL_SEQUENCE", "REPLACEMENT", "printable", "uncoloured"]

REPLACEMENT = "\ufffd"
#: What a terminal obeys and does not show: colours, movements of the cursor.
CONTROL_SEQUENCE = r"\x1b\[[0-?]*[ -/]*[@-~]"
_CONTROL_SEQUENCE = re.compile(CONTROL_SEQUENCE)
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Format characters that reverse text, and the byte order mark.
_REVERSING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)))
#: Marks stack on one letter: languages need a few, but a tower of them covers the lines above.
_MAX_MARKS = 4
_USUAL = re.compile(r"[\n\t\x20-\x7e]*")
_UNUSUAL = re.compile(r"[^\n\t\x20-\x7e]+")


def printable(text: str, *, joiners: bool = False) -> str:
    """Replace characters that a page or a terminal would not simply show by U+FFFD: controls, towers of marks.

    Tabs and line ends stay.

    Args:
        text: a text of a student's, or another foreign one.
        joiners: whether format characters that do not reverse text stay, because some languages and emoji need them.
            Otherwise all are replaced, because they can make two names look the same.
    """
    if _USUAL.fullmatch(text):
        return text
    return _UNUSUAL.sub(lambda found: _replaced(found[0], joiners=joiners), text)


def _replaced(text: str, *, joiners: bool) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        joins = joiners and category == "Cf" and character not in _REVERSING
        harmful = (category in _HARMFUL and not joins) or marks > _MAX_MARKS
        kept.append(REPLACEMENT if harmful else character)
    return "".join(kept)


def uncoloured(text: str) -> str:
    """Take out the control sequences of a terminal, which programs colour their output with."""
    return _CONTROL_SEQUENCE.sub("", text)
