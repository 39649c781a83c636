"""Which characters of a foreign text are shown as they are, and what stands in the place of the others."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["CONTROL_SEQUENCE", "REPLACEMENT", "printable", "uncoloured"]

REPLACEMENT = "\ufffd"
#: What a terminal acts on and does not show: colours, movements of the cursor.
CONTROL_SEQUENCE = r"\x1b\[[0-?]*[ -/]*[@-~]"
_CONTROL_SEQUENCE = re.compile(CONTROL_SEQUENCE)
_HARMFUL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Format characters that reverse text or, as a byte order mark, stand for nothing.
_REVERSING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)))
#: Marks stack on one letter; languages need a few, a tower of them paints over the lines above.
_MAX_MARKS = 4
_USUAL = re.compile(r"[\n\t\x20-\x7e]*")
_UNUSUAL = re.compile(r"[^\n\t\x20-\x7e]+")


def printable(text: str, *, joiners: bool = False) -> str:
    """Replace by U+FFFD what a page or a terminal would act on instead of showing it: controls, towers of marks.

    Tabs and line ends stay.

    Args:
        text: of a student, or of whatever else is not ours.
        joiners: whether format characters stay that do not reverse text: some languages and emoji are written with
            them. Without, all go, since two names could look the same by them.
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
