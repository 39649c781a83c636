"""The notebook's form: what editors and converters do to metadata and to the file (item 5)."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable

import nbformat
from real.corpus import cells
from real.habit import Habit
from real.handin import SLUGS, Change, HandIn

__all__ = ["HABITS", "drop_metadata"]


def drop_metadata(handin: HandIn) -> None:
    """Drop every cell's metadata and id, as Colab and converters do."""
    for cell in handin.notebook.cells:
        cell.metadata = {}
    _no_ids(handin)


def _no_ids(handin: HandIn) -> None:
    handin.notebook.nbformat_minor = 2
    for cell in handin.notebook.cells:
        cell.pop("id", None)


def _bare_and(name: str) -> Change:
    """Change the cells, then drop the metadata."""

    def both(handin: HandIn) -> None:
        cells.CHANGES[name](handin)
        drop_metadata(handin)

    return both


def _colab(handin: HandIn) -> None:
    """Save as Colab does: nbgrader's metadata gone, its own written."""
    drop_metadata(handin)
    handin.notebook.nbformat_minor = 0
    handin.notebook.metadata = {
        "colab": {"provenance": [], "gpuType": "T4"},
        "accelerator": "GPU",
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(handin.notebook.cells):
        cell.metadata = {"id": f"x{number}Ab", "colab": {"base_uri": "https://localhost:8080/"}}


def _photos(handin: HandIn) -> None:
    """Outputs and attachments hold 8 MB of pictures."""
    picture = base64.b64encode(random.Random(2).randbytes(1 << 20)).decode()
    for cell in cells.solutions(handin)[:6]:
        cell.outputs = [nbformat.v4.new_output("display_data", {"image/png": picture, "text/plain": "<Figure>"})]
    handin.notebook.cells[0]["attachments"] = {"photo.png": {"image/png": picture}}


def _widgets(handin: HandIn) -> None:
    handin.notebook.metadata["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {f"{i}": {"v": "x" * 100} for i in range(5000)}}
    }
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "text/plain": "0%"}
    handin.smallest.outputs = [nbformat.v4.new_output("display_data", view)]


def _kernel(name: str, language: str = "python") -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        handin.notebook.metadata = {
            "kernelspec": {"name": name, "display_name": name, "language": language},
            "language_info": {"name": language, "version": "3.14.2", "file_extension": ".py"},
        }

    return change


def _no_metadata(handin: HandIn) -> None:
    handin.notebook.metadata = {}


def _minor(number: int) -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        handin.notebook.nbformat_minor = number

    return change


def _same_ids(handin: HandIn) -> None:
    for cell in handin.notebook.cells:
        cell["id"] = "same"


def _old_text(handin: HandIn) -> None:
    """Sources as lists of lines, and no ids: how notebooks were written in 2016."""
    _no_ids(handin)
    handin.notebook.nbformat_minor = 0
    for cell in handin.notebook.cells:
        cell["source"] = cell["source"].splitlines(keepends=True)


def _encoded(encode: Callable[[str], bytes]) -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        handin.encode = encode

    return change


def _windows_inside(handin: HandIn) -> None:
    for cell in handin.notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


def _compact(text: str) -> bytes:
    return json.dumps(json.loads(text), separators=(",", ":"), sort_keys=True).encode("ascii")


_CHANGES: dict[str, Change] = {
    "bare": drop_metadata,
    "saved-by-colab": _colab,
    "bare-with-comments": _bare_and("docstrings-deleted"),
    "bare-with-cells-on-top": _bare_and("cells-on-top"),
    "bare-without-tests": _bare_and("tests-deleted"),
    "bare-without-prose": _bare_and("prose-deleted"),
    "bare-reordered": _bare_and("reordered"),
    "bare-and-split-imports": _bare_and("imports-split"),
    "bare-with-edited-tests": _bare_and("tests-edited"),
    "bare-merged": _bare_and("two-merged"),
    "no-ids": _no_ids,
    "same-ids": _same_ids,
    "minor-four": _minor(4),
    "minor-of-the-future": _minor(9),
    "old-text": _old_text,
    "no-kernel": _no_metadata,
    "kernel-of-conda": _kernel("conda-env-dl-py"),
    "kernel-of-an-environment": _kernel("my-venv (Python 3.13.1)"),
    "kernel-of-another-language": _kernel("ir", "R"),
    "photos": _photos,
    "widgets": _widgets,
    "windows-lines": _encoded(lambda text: text.replace("\n", "\r\n").encode()),
    "windows-lines-inside": _windows_inside,
    "byte-order-mark": _encoded(lambda text: b"\xef\xbb\xbf" + text.encode()),
    "utf-16": _encoded(lambda text: text.encode("utf-16")),
    "compact": _encoded(_compact),
    "blank-lines-behind": _encoded(lambda text: b"\n" + text.encode() + b"\n\n  \n"),
    **cells.CHANGES,
}

#: The exercise's cell is gone, but its code is there. The student reads where it was found.
_TOLD = {"two-merged", "all-in-one-cell", "bare", "saved-by-colab", "bare-merged"}

HABITS: list[Habit] = [
    Habit(
        f"form-{name}",
        5,
        change,
        (SLUGS[i % 4], SLUGS[(i + 1) % 4]),
        told=("cell",) if name in _TOLD else (),
        rare=i % 3 != 0,
    )
    for i, (name, change) in enumerate(_CHANGES.items())
]
