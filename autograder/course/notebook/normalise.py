"""From any JSON to a well-formed notebook of the current format, built anew and without outputs.

nbformat's own conversion and validation recurse into anything and raise anything. Here each cell is made from the few
fields that count, so nothing else of a submission can reach a writer or a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.notebook.bounds import Bounds
from autograder.course.notebook.cells import METADATA_FIELDS, nbgrader_metadata
from autograder.errors import SubmissionRejected, SubmissionTooLarge
from autograder.sentences import Sentence, say, together

__all__ = ["well_formed"]

#: The text of a cell that is no code is cut after so many characters; pictures in it are counted separately.
MAX_PROSE_CHARS = 1 << 20
MAX_PICTURES = 500
_OLDEST, _CURRENT, _MINOR = 3, 4, 5
_CELL_TYPES = {"code", "markdown", "raw"}
#: Types that a browser shows without running anything.
_IMAGES = ("image/png", "image/jpeg", "image/gif")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
#: A picture inside the text, as Colab writes it.
_INLINE = re.compile(r"\(data:(image/(?:png|jpeg|gif));base64,([A-Za-z0-9+/=]++)\)")


def well_formed(parsed: Mapping[str, Any], notes: list[Sentence], bounds: Bounds | None = None) -> NotebookNode:
    """Return the notebook in format 4.5; cell N of what came in has the id `cN`.

    Args:
        parsed: the JSON object that was handed in.
        notes: notes about what was put right are appended here.
        bounds: the limits on what is read.

    Raises:
        SubmissionRejected: if it is no notebook, or has an unknown format.
        SubmissionTooLarge: if it is beyond the bounds.
    """
    bounds = bounds or Bounds()
    major = _checked_format(parsed, notes)
    cells = parsed.get("cells") if major == _CURRENT else _cells_of_worksheets(parsed)
    if not isinstance(cells, list):
        raise SubmissionRejected(say("reading.cells-no-list"))
    if len(cells) > bounds.cells:
        many = say("reading.many-cells", found=len(cells), most=bounds.cells)
        raise SubmissionTooLarge(together(many, bounds.remedy("cells")))
    made = []
    pictures = 0
    for position, cell in enumerate(cells, 1):
        if major < _CURRENT and isinstance(cell, Mapping):
            cell = _upgraded(cell)  # noqa: PLW2901 - the same cell in another format
        kind = cell.get("cell_type") if isinstance(cell, Mapping) else None
        if isinstance(kind, str) and kind in _CELL_TYPES:
            made.append(_cell(cell, kind, position, MAX_PICTURES - pictures, bounds, notes))
            pictures += len(made[-1].get("attachments", {}))
        else:
            notes.append(say("reading.no-cell"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    fresh = {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": _CURRENT, "nbformat_minor": _MINOR}
    return nbformat.from_dict(fresh)


def _checked_format(parsed: Mapping[str, Any], notes: list[Sentence]) -> int:
    major, minor = parsed.get("nbformat"), parsed.get("nbformat_minor", 0)
    has_cells = isinstance(parsed.get("cells"), list) and bool(parsed["cells"])
    if type(major) is not int or type(minor) is not int:
        if has_cells:
            notes.append(say("reading.nbformat-unsaid", known=_CURRENT))
            return _CURRENT
        raise SubmissionRejected(say("reading.no-nbformat"))
    if major > _CURRENT:
        possible = major < 1000  # noqa: PLR2004 - readable
        found = say("reading.nbformat", version=str(major)) if possible else say("reading.nbformat-impossible")
        if has_cells:
            notes.append(say("reading.nbformat-newer", found=found, known=_CURRENT))
            return _CURRENT
        raise SubmissionRejected(say("reading.nbformat-too-new", found=found, known=_CURRENT))
    if major < _OLDEST:
        raise SubmissionRejected(say("reading.nbformat-too-old"))
    if major < _CURRENT:
        notes.append(say("reading.nbformat-older", version=str(major)))
    elif 0 <= minor < _MINOR:
        notes.append(say("reading.nbformat-older", version=f"{major}.{minor}"))
    return major


def _cells_of_worksheets(parsed: Mapping[str, Any]) -> list[Any] | None:
    worksheets = parsed.get("worksheets")
    if not isinstance(worksheets, list):
        return None
    lists = [w.get("cells") for w in worksheets if isinstance(w, Mapping)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _upgraded(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Turn a cell of format 3 into one of format 4."""
    kind = cell.get("cell_type")
    if kind == "code":
        return {**cell, "source": cell.get("input", "")}
    if kind == "heading":
        level = cell.get("level")
        marks = "#" * (level if type(level) is int and 1 <= level <= 6 else 1)  # noqa: PLR2004 - as in HTML
        return {**cell, "cell_type": "markdown", "source": f"{marks} {' '.join(_text(cell).split())}"}
    return {**cell, "cell_type": "markdown"} if kind == "html" else cell


def _text(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    # Text that is not valid Unicode, such as half a surrogate pair, could not be written again.
    return source.encode("utf-8", "replace").decode()


def _cell(
    cell: Mapping[str, Any], kind: str, position: int, room: int, bounds: Bounds, notes: list[Sentence]
) -> dict[str, Any]:
    source = _text(cell)
    images: dict[str, dict[str, str]] = {}
    if kind == "code" and len(source) > bounds.cell_chars:
        large = say("reading.cell-too-large", position=position, size=len(source), most=bounds.cell_chars)
        raise SubmissionTooLarge(together(large, bounds.remedy("cell_kib"), say("reading.data-beside")))
    if kind != "code":
        images = _images(cell, room, notes)
        if len(source) > MAX_PROSE_CHARS:
            source = _with_attachments(source, images, room - len(images))
    if len(source) > MAX_PROSE_CHARS and kind != "code":
        source = source[:MAX_PROSE_CHARS]
        notes.append(say("reading.text-cut", position=position, most=MAX_PROSE_CHARS))
    found = nbgrader_metadata(cell)
    kept = {k: v for k in METADATA_FIELDS if isinstance(v := found.get(k), str | bool | int | float)}
    made: dict[str, Any] = {
        "cell_type": kind,
        "id": f"c{position}",
        "metadata": {"nbgrader": kept} if kept else {},
        "source": source,
    }
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    elif images:
        made["attachments"] = images
    return made


def _with_attachments(source: str, images: dict[str, dict[str, str]], room: int) -> str:
    """Attach the pictures inside a text, as many as there is room for, so that the text need not be cut."""
    left = room

    def attach(found: re.Match[str]) -> str:
        nonlocal left
        if left <= 0:
            return "(picture-left-out)"
        left -= 1
        name = f"inside-{len(images)}"
        images[name] = {found[1]: found[2]}
        return f"(attachment:{name})"

    return _INLINE.sub(attach, source)


def _images(cell: Mapping[str, Any], room: int, notes: list[Sentence]) -> dict[str, dict[str, str]]:
    """Return the pictures attached to a cell, as many as there is room for: a photo of a derivation is an answer."""
    attachments = cell.get("attachments")
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, Mapping) else ():
        data = {kind: bundle.get(kind) for kind in _IMAGES} if isinstance(bundle, Mapping) else {}
        images = {k: v for k, v in data.items() if isinstance(v, str) and _BASE64.fullmatch(v)}
        if images and len(kept) >= room:
            notes.append(say("reading.many-pictures", most=MAX_PICTURES))
            break
        if images:
            kept[name.encode("utf-8", "replace").decode()] = images
    return kept
