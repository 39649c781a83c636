"""Make the outputs of a student's code harmless in the instructor's session.

nbconvert renders many active types of output. Here only what cannot act stays: plain text, raster pictures, and
tables, formulas and drawings as `markup` writes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.course.characters import printable, uncoloured
from autograder.course.notebook.markup import shown_as
from autograder.course.notebook.pictures import KINDS, is_picture
from autograder.sentences import say

__all__ = ["harmless_output", "plain"]

MAX_TEXT = 100_000
_MAX_LINES = 400


def harmless_output(output: Mapping[str, Any]) -> dict[str, Any] | None:
    """Reduce an output to what a page can show without running or fetching anything; None if it is no output."""
    kind, name = output.get("output_type"), output.get("name")
    if not isinstance(kind, str):
        # It may be an array, which compares element by element.
        return None
    if kind == "stream":
        name = "stderr" if isinstance(name, str) and name == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": plain(output.get("text"))}
    if kind == "error":
        lines = output.get("traceback")
        return {
            "output_type": kind,
            "ename": plain(output.get("ename"))[:200],
            "evalue": plain(output.get("evalue"))[:2000],
            "traceback": [plain(line) for line in lines[:_MAX_LINES]] if isinstance(lines, list) else [],
        }
    if kind not in ("display_data", "execute_result"):
        return None
    clean: dict[str, Any] = {"output_type": kind, "data": _shown(output.get("data")), "metadata": {}}
    if kind == "execute_result":
        count = output.get("execution_count")
        clean["execution_count"] = count if type(count) is int and count >= 0 else None
    return clean


def plain(text: object) -> str:
    """Return the text as a terminal would have shown it, without colours and cut to a maximal length."""
    if not isinstance(text, str):
        return ""
    # Other sequences than colours and movements leave replacement characters.
    cut = uncoloured(text[:MAX_TEXT]).replace("\r\n", "\n")
    # A progress bar overwrites its line again and again.
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in cut.split("\n"))
    shown = printable("\n".join(lines))
    return shown if len(text) <= MAX_TEXT else f"{shown}\n{say('reading.output-cut', size=len(text))}\n"


def _shown(data: object) -> dict[str, str]:
    found = data if isinstance(data, Mapping) else {}
    kept = {}
    if isinstance(found.get("text/plain"), str):
        kept["text/plain"] = plain(found["text/plain"])
    picture = next((kind for kind in KINDS if is_picture(kind, found.get(kind))), None)
    if picture is not None:
        kept[picture] = found[picture]
    else:
        kept |= shown_as(found)
    if not kept:
        types = plain(", ".join(sorted(str(name)[:50] for name in list(found)[:5])))
        kept["text/plain"] = str(say("reading.output-not-shown", types=types))
    return kept
