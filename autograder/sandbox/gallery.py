"""Pictures of the figures that notebooks hand out undrawn: one drawing serves all that are alike.

Most students of a class plot the same: the notebook gives the plotting code, and right answers are alike. A figure is
recognised by the bytes of its pickle and by its numbers, which may differ by far less than a pixel. A worker of its own
draws an unknown figure. Pickles can run code, so nothing is unpickled here, and a worker that unpickled one figure
draws no other: it could answer with a picture of its choice, which everybody else would get too. For the same reason
notebooks graded by their own tests draw their plots themselves: a worker there finds files of the student's, and one
of them could replace a module that matplotlib loads late.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.course.notebook.harmless import plain
from autograder.course.notebook.pictures import is_picture
from autograder.errors import ProtocolError
from autograder.sandbox.budget import read_figure
from autograder.sandbox.channel import AnswerTooLarge, WorkerGone, WorkerLate
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.session import CellOutcome, SessionLimits
from autograder.sandbox.wire.frames import MAX_HEADER_BYTES
from autograder.sandbox.wire.values import Raw
from autograder.sentences import Sentence, say

__all__ = ["Gallery"]

#: Relative to a number or, if smaller, to its column's span: a hundredth of a pixel in a picture a thousand wide.
NEAR = 1e-5
#: Limits of what is kept, in bytes of pictures and numbers together.
MAX_ALL_BYTES = 32 << 20
MAX_KEPT_BYTES = 256 << 10
MAX_ALIKE = 8


@dataclass(slots=True)
class _Room:
    """What is left for the pictures of one submission: a `time.monotonic()` value, and bytes."""

    until: float
    left_bytes: int


@dataclass(frozen=True, slots=True)
class _Figure:
    """A worker's figure: its pickle, which stays closed, and its numbers."""

    figure: bytes
    numbers: Sequence[np.ndarray]

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.figure).digest()

    @property
    def nbytes(self) -> int:
        """The size of the numbers; a worker may claim more of them than a plot has."""
        return sum(a.nbytes for a in self.numbers)

    def looks_like(self, numbers: Sequence[np.ndarray]) -> bool:
        """Whether the picture looks the same as one of the same pickle with these numbers."""
        return len(self.numbers) == len(numbers) and all(map(_near, self.numbers, numbers))


def _near(one: np.ndarray, other: np.ndarray) -> bool:
    if one.shape != other.shape:
        return False
    if one.tobytes() == other.tobytes():
        return True
    finite = np.isfinite(one) & np.isfinite(other)
    if not finite.any() or not np.array_equal(one[~finite], other[~finite], equal_nan=True):
        return False
    one, other = np.where(finite, one, np.nan), np.where(finite, other, np.nan)
    with np.errstate(all="ignore"):
        span = np.fmax.reduce(other) - np.fmin.reduce(other)
        far = np.abs(one - other) > NEAR * np.minimum(np.abs(other), span)
    return not far.any()


def _pictures(outcome: CellOutcome) -> list[str]:
    data = [output.get("data") for output in outcome.outputs]
    return [d["image/png"] for d in data if isinstance(d, Mapping) and "image/png" in d]


class Gallery:
    """The pictures that one judge has seen drawn."""

    def __init__(self) -> None:
        #: Numbers and picture, by the digest of the pickle.
        self._known: dict[bytes, list[tuple[Sequence[np.ndarray], str]]] = {}
        self._room = MAX_ALL_BYTES

    def hang(
        self,
        outcomes: Mapping[int, CellOutcome],
        zygote: ZygoteProcess,
        limits: SessionLimits,
        spare_s: float = 0.0,
    ) -> dict[int, CellOutcome]:
        """Return outcomes whose figures are pictures.

        Args:
            outcomes: what cells showed, by cell.
            zygote: where workers come from that draw what is not known.
            limits: of a drawing, the time of a cell; of what a cell and all cells show, drawn or not, its bytes.
            spare_s: for all drawings together, what the notebook left of its time; the time of a cell at least.

        Raises:
            SandboxError: if the sandbox fails.
        """
        taken = sum(len(picture) for outcome in outcomes.values() for picture in _pictures(outcome))
        room = _Room(time.monotonic() + max(spare_s, limits.cell_s), limits.outputs_bytes - taken)
        return {index: self._drawn(outcome, zygote, limits, room) for index, outcome in outcomes.items()}

    def _drawn(
        self, outcome: CellOutcome, zygote: ZygoteProcess, limits: SessionLimits, all_room: _Room
    ) -> CellOutcome:
        if not any("undrawn" in output for output in outcome.outputs):
            return outcome
        outputs: list[Mapping[str, Any]] = []
        room = limits.output_bytes
        cut = outcome.cut
        for output in outcome.outputs:
            claimed = read_figure(output.get("undrawn"))
            figure = None if claimed is None else _Figure(**claimed)
            rest = {key: value for key, value in output.items() if key != "undrawn"}
            outputs.append(rest)
            if figure is None or not isinstance(rest.get("data"), Mapping):
                continue
            picture, problem = self._picture(figure, zygote, limits, all_room.until)
            room -= len(picture)
            all_room.left_bytes -= len(picture)
            if room < 0 or problem == _too_large(limits):
                picture, problem, cut = "", _too_large(limits), True
            elif all_room.left_bytes < 0:
                picture, problem, cut = "", say("sandbox.plot-beyond-notebook", most=limits.outputs_bytes >> 20), True
            if picture:
                rest["data"] = {**rest["data"], "image/png": picture}
            elif problem:
                text = say("sandbox.plot-not-drawn", problem=problem)
                outputs.append({"output_type": "stream", "name": "stderr", "text": f"{text}\n"})
        return replace(outcome, outputs=outputs, cut=cut)

    def _picture(self, figure: _Figure, zygote: ZygoteProcess, limits: SessionLimits, until: float) -> tuple[str, str]:
        """Return the picture as base64 text, or why there is none."""
        digest = figure.digest
        alike = self._known.get(digest, [])
        for numbers, picture in alike:
            if figure.looks_like(numbers):
                return picture, ""
        left_s = min(limits.cell_s, until - time.monotonic())
        if left_s <= 0:
            return "", say("sandbox.plot-no-time")
        picture, problem = _draw(figure, zygote, limits, left_s)
        size = len(picture) + figure.nbytes
        if picture and size <= min(MAX_KEPT_BYTES, self._room) and len(alike) < MAX_ALIKE:
            self._known.setdefault(digest, []).append((figure.numbers, picture))
            self._room -= size
        return picture, problem


def _too_large(limits: SessionLimits) -> Sentence:
    return say("sandbox.plot-beyond-cell", most=limits.output_bytes >> 10)


def _draw(figure: _Figure, zygote: ZygoteProcess, limits: SessionLimits, limit_s: float) -> tuple[str, str]:
    with zygote.spawn(limits.worker, bare=True) as worker:
        try:
            request = {"figure": Raw(figure.figure), "numbers": list(figure.numbers)}
            answer = worker.channel.request("draw", request, limit_s, limits.output_bytes + MAX_HEADER_BYTES)
        except WorkerLate:
            return "", say("sandbox.plot-late", limit=f"{limit_s:.3g}")
        except AnswerTooLarge:
            return "", _too_large(limits)
        except (WorkerGone, ProtocolError):
            return "", say("sandbox.plot-process-ended")
    if not isinstance(answer, Mapping):
        return "", say("sandbox.plot-broke-connection")
    picture = answer.get("png")
    if isinstance(picture, str) and is_picture("image/png", picture):
        return picture, ""
    problem = answer.get("problem")
    if isinstance(problem, str):
        return "", plain(problem)
    return "", say("sandbox.plot-too-many-pixels")
