"""Points for one executed cell: nbgrader's rules, and ours where they differ, unless a course asks for nbgrader's."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode
from pydantic import BaseModel, ConfigDict

from autograder.sentences import Sentence, say

__all__ = ["CellMark", "Rules", "score_cell"]

#: Truth values, alone or in an array, a tensor or a list, and the words that may stand around them.
_TRUTHS = frozenset({"True", "False", "True_", "False_", "np.True_", "np.False_"})
_AROUND_TRUTHS = frozenset({"array", "np.array", "tensor", "dtype=bool"})
_PUNCTUATION = re.compile(r"[\s()\[\],]")
#: A number as libraries write one: `np.float64(0.5)`, `tensor(1.5, grad_fn=<…>)`, `array(0.5)`, `Decimal('0.5')`.
_WRAPPED = re.compile(
    r"(?:(?:np|numpy|jnp)\.)?(?:(?:float|int|uint|longdouble)\w{0,8}|tensor|array|Array|Decimal)\("
    r"\s{0,20}'?([-+]?[\w.+-]{1,60})'?\s{0,20}(?:,[^\[\]]{0,300})?\)|<tf\.Tensor:[^<>]{0,300}numpy=([-+\w.]{1,60})>"
)
_FRACTION = re.compile(r"Fraction\((-?\d+), (\d+)\)")


class Rules(BaseModel):
    """Each switch restores nbgrader's way; set them as `c.InNotebook.NAME` in `nbgrader_config.py`.

    `stderr_fails`: a test cell that writes to stderr gets 0 points, a warning included.
    `odd_results_pass`: a test cell whose value is NaN, negative, `False` or a number of a library's own type gets full
    marks; one beyond the cell's points, or without text, fails the submission.
    `death_fails_submission`: a cell that ends its process leaves the whole submission without scores.
    `bad_notebook_stops_batch`: a notebook with outdated, too new or duplicated cell metadata ends the batch.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    stderr_fails: bool = False
    odd_results_pass: bool = False
    death_fails_submission: bool = False
    bad_notebook_stops_batch: bool = False


@dataclass(frozen=True, slots=True)
class CellMark:
    """The points of a graded cell; None if only a person can give them.

    `review` asks a person to look although there are points; `note` says why.
    """

    points: float | None
    max_points: float
    review: bool = False
    note: Sentence = field(default=Sentence())


def score_cell(cell: NotebookNode, rules: Rules) -> CellMark:
    """Score a grade cell by its outputs.

    Raises:
        ValueError, KeyError: as nbgrader's `determine_grade` does on odd results, if `odd_results_pass` is set.
    """
    from nbgrader.utils import determine_grade

    outputs = cell.get("outputs", ())
    judged = nbformat.from_dict(dict(cell))
    if cell.cell_type == "code" and not rules.stderr_fails:
        judged.outputs = [o for o in outputs if not _is_stderr(o)]
    if cell.cell_type == "code" and not cell.metadata.nbgrader.get("solution") and not rules.odd_results_pass:
        odd = _oddity(judged.outputs, float(cell.metadata.nbgrader["points"]))
        if odd:
            return CellMark(0.0, float(cell.metadata.nbgrader["points"]), review=True, note=odd)
        judged.outputs = [_with_plain_number(o) for o in judged.outputs]
    points, maximum = determine_grade(judged)
    return CellMark(None if points is None else float(points), float(maximum))


def _is_stderr(output: Mapping[str, Any]) -> bool:
    return output.get("output_type") == "stream" and output.get("name") == "stderr"


def _number(text: str) -> float | None:
    """Return the number that a value's text stands for, as Python or a library writes it; None if it is none."""
    fraction = _FRACTION.fullmatch(text)
    if fraction is not None and int(fraction[2]):
        return int(fraction[1]) / int(fraction[2])
    wrapped = _WRAPPED.fullmatch(text)
    try:
        return float((wrapped[1] or wrapped[2]) if wrapped else text)
    except ValueError:
        return None


def _with_plain_number(output: NotebookNode) -> NotebookNode:
    """Return an output whose value, if it is a number of a library's, is one that nbgrader reads."""
    text = output.get("data", {}).get("text/plain", "") if output.get("output_type") == "execute_result" else ""
    number = _number(text.strip()) if isinstance(text, str) else None
    if number is None:
        return output
    return nbformat.from_dict({**output, "data": {**output["data"], "text/plain": repr(number)}})


def _is_truth(text: str) -> bool:
    words = [word for word in _PUNCTUATION.split(text) if word]
    return any(word in _TRUTHS for word in words) and all(word in _TRUTHS | _AROUND_TRUTHS for word in words)


def _oddity(outputs: Sequence[Mapping[str, Any]], maximum: float) -> Sentence | None:
    """Say what is odd about the value that nbgrader would take for partial credit; None if nothing is.

    Text that is no number at all, such as `'ok'`, is full marks there and here.
    """
    for output in outputs:
        if output.get("output_type") == "error" or _is_stderr(output):
            return None
        if output.get("output_type") != "execute_result":
            continue
        text = output.get("data", {}).get("text/plain", "")
        if not text:
            return say("innotebook.value-without-text")
        text = str(text).strip()
        if _is_truth(text):
            return say("innotebook.odd-value", value=text) if "False" in text else None
        value = _number(text)
        if value is None:
            return None
        if math.isnan(value) or value < 0 or value > maximum:
            return say("innotebook.odd-value", value=f"{value:g}")
        return None
    return None
