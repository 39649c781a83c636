"""A graded notebook as a part of the student's page: its cells with what they showed, and what we say beside each.

Of what a student wrote, only text and pictures are shown. The instructor's Markdown is rendered and written anew.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from autograder.course.notebook.harmless import harmless_output, plain
from autograder.course.notebook.markup import as_markup
from autograder.course.notebook.pictures import KINDS, is_picture
from autograder.sentences import Sentence

__all__ = ["CellNote", "ShownCell", "ShownOutput", "shown_cells"]

#: Characters of pictures on one page; the rest stays in the notebook.
_MAX_PICTURES = 12 << 20
_MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class CellNote:
    """What stands beside a graded cell.

    `source` is the part of a test that students may see. `hides` says that there is more, so its output is not shown
    either.
    """

    exercise: str
    sentence: Sentence
    state: str
    source: str | None = None
    hides: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ShownOutput:
    """One output: text, a picture's address, or markup that was written here."""

    text: str = ""
    picture: str = ""
    markup: Markup | None = None
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell: code, text as it was typed, or the instructor's text as markup."""

    code: str | None = None
    words: str | None = None
    markup: Markup | None = None
    outputs: tuple[ShownOutput, ...] = ()
    beside: CellNote | None = None


def shown_cells(notebook: str, beside: Mapping[str, CellNote], given: frozenset[str]) -> tuple[ShownCell, ...]:
    """Return the cells of an autograded notebook.

    Args:
        notebook: its text, as it was written here; empty text has no cells.
        beside: by the cell's id, what is said about it.
        given: the texts of the instructor's cells in words.
    """
    try:
        cells = json.loads(notebook)["cells"] if notebook else []
    except (ValueError, KeyError, TypeError):
        return ()
    if not isinstance(cells, list):
        return ()
    room = _Room()
    return tuple(_cell(cell, beside, given, room) for cell in cells if isinstance(cell, Mapping))


class _Room:
    """How many more characters of pictures fit on the page."""

    def __init__(self) -> None:
        self._left = _MAX_PICTURES

    def has(self, text: str) -> bool:
        """Take the room for a picture; False if there is not enough."""
        if len(text) > self._left:
            return False
        self._left -= len(text)
        return True


def _cell(cell: Mapping[str, Any], beside: Mapping[str, CellNote], given: frozenset[str], room: _Room) -> ShownCell:
    source = _text(cell.get("source"))
    said = beside.get(str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")))
    if cell.get("cell_type") != "code":
        pictures = tuple(_attached(cell, room))
        if source in given:
            return ShownCell(markup=_rendered(source), outputs=pictures, beside=said)
        return ShownCell(words=source[:_MAX_TEXT], outputs=pictures, beside=said)
    outputs = () if said is not None and said.hides else tuple(_outputs(cell, room))
    shown = source if said is None or said.source is None else said.source
    return ShownCell(code=shown[:_MAX_TEXT], outputs=outputs, beside=said)


def _text(value: object) -> str:
    if isinstance(value, list):
        value = "".join(map(str, value))
    return value if isinstance(value, str) else ""


@functools.lru_cache(maxsize=512)
def _rendered(source: str) -> Markup | None:
    """Return the instructor's Markdown as a browser is to show it."""
    import mistune

    made = as_markup(str(mistune.html(source)))
    return None if made is None else Markup(made)  # noqa: S704 - written tag by tag


def _attached(cell: Mapping[str, Any], room: _Room) -> list[ShownOutput]:
    bundles = cell.get("attachments")
    found = []
    for bundle in bundles.values() if isinstance(bundles, Mapping) else ():
        address = _picture(bundle, room)
        if address:
            found.append(ShownOutput(picture=address))
    return found


def _picture(data: object, room: _Room) -> str:
    for kind in KINDS if isinstance(data, Mapping) else ():
        text = _text(data.get(kind)) if isinstance(data, Mapping) else ""
        if text and is_picture(kind, text) and room.has(text):
            return f"data:{kind};base64,{''.join(text.split())}"
    return ""


def _outputs(cell: Mapping[str, Any], room: _Room) -> list[ShownOutput]:
    found = []
    for output in cell.get("outputs", ()):
        joined = {**output, "text": _text(output.get("text")), "data": _joined(output.get("data"))}
        clean = harmless_output(joined)
        if clean is None:
            continue
        if clean["output_type"] == "stream":
            found.append(ShownOutput(text=clean["text"][:_MAX_TEXT], is_error=clean["name"] == "stderr"))
        elif clean["output_type"] == "error":
            lines = clean["traceback"] or [f"{clean['ename']}: {clean['evalue']}"]
            found.append(ShownOutput(text="\n".join(lines)[:_MAX_TEXT], is_error=True))
        else:
            found.append(_display(clean["data"], room))
    return found


def _joined(data: object) -> dict[str, str]:
    return {str(kind): _text(value) for kind, value in data.items()} if isinstance(data, Mapping) else {}


def _display(data: Mapping[str, str], room: _Room) -> ShownOutput:
    address = _picture(data, room)
    if address:
        return ShownOutput(picture=address)
    html = data.get("text/html", "")
    if html and room.has(html):
        return ShownOutput(markup=Markup(html))  # noqa: S704 - written tag by tag
    words = next((data[k] for k in ("text/markdown", "text/latex") if data.get(k)), data.get("text/plain", ""))
    return ShownOutput(text=plain(words)[:_MAX_TEXT])
