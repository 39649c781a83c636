"""What a check saw of an implementation, in parts: numbers, changed inputs, exceptions.

A student who divides by the wrong root and also changes an input has two wrong ideas. If everything were compared at
once, the changed input would hide the first idea. So changed inputs and the precision are compared apart from the
numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.checks.numerics.compare import in_single_precision
from autograder.engines.hidden.diagnosis import Trace, same_answers
from autograder.engines.hidden.run_check import Ending
from autograder.sandbox.wire.trees import alike, leaves
from autograder.verdict import DTYPE_LOST, IN_PLACE, Outcome

__all__ = ["Seen", "Sketch", "apart", "raised", "sketch", "unlike"]

#: Numbers that were float32 at some point differ by at most this fraction of the largest number.
_SINGLE = 1e-4
_MOST_LEAVES = 24
#: Entries of a transcript that hold, besides the answer, which inputs changed and which input came back.
_CALLS = frozenset({"call", "drawing", "drawings"})


@dataclass(frozen=True, slots=True)
class Seen:
    """A student's trace of one check, and how the check ended."""

    trace: Trace
    ending: Ending
    weight: int
    convention: bool = False
    error_diagnosis: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the check ran and did not pass."""
        return self.ending.outcome not in {Outcome.PASSED, Outcome.SKIPPED}


def raised(trace: Trace) -> bool:
    """Whether the last answer is an exception."""
    return bool(trace.answers) and _is_error(trace.answers[-1])


def _is_error(entry: Any) -> bool:
    return isinstance(entry, tuple) and len(entry) > 0 and entry[0] == "error"


def apart(mine: Seen, theirs: Trace) -> frozenset[str] | None:
    """Compare a student's answers to a check with those of known code, apart from changed inputs and precision.

    Returns:
        The ids of further differences (`in-place`, `dtype-lost`), empty if there are none; None if the numbers or the
        exceptions differ.
    """
    if mine.trace.passed and theirs.passed:
        # Both are right, or draw different numbers of one law. Changed inputs are compared in checks that fail.
        return frozenset()
    extra: set[str] = set()
    answers, due = mine.trace.answers, theirs.answers
    for entry, other in zip(answers, due, strict=False):
        found = _entries(entry, other)
        if found is None:
            return None
        extra |= found
    said = mine.ending.diagnosis
    if said in {IN_PLACE, DTYPE_LOST} and theirs.passed:
        extra.add(said)
    if len(answers) != len(due) and not (extra and len(answers) < len(due)):
        return None
    if mine.trace.passed != theirs.passed and (mine.trace.passed or not extra):
        return None
    return frozenset(extra)


def _entries(mine: Any, theirs: Any) -> frozenset[str] | None:
    if _is_error(mine) or _is_error(theirs):
        return frozenset() if mine == theirs else None
    extra: set[str] = set()
    changed, others = _changed(mine), _changed(theirs)
    if changed != others:
        # If known code changes an input that the student's code does not, the two behave differently.
        if not set(changed) > set(others):
            return None
        extra.add(IN_PLACE)
    mine, theirs = _plain(mine), _plain(theirs)
    if not same_answers(mine, theirs):
        if not _alike_in_single(mine, theirs):
            return None
        extra.add(DTYPE_LOST)
    return frozenset(extra)


def _changed(entry: Any) -> tuple[str, ...]:
    if isinstance(entry, tuple) and entry and entry[0] in _CALLS:
        return tuple(entry[3])
    return ()


def _plain(entry: Any) -> Any:
    """Return an answer without its changed inputs, and without the input that came back."""
    return entry[:3] if isinstance(entry, tuple) and entry and entry[0] in _CALLS else entry


def _alike_in_single(mine: Any, theirs: Any) -> bool:
    """Whether an answer is another one in single precision; their dtypes may differ."""
    return alike(mine, theirs, _same_in_single, kinds=False)


def _same_in_single(mine: Any, theirs: Any) -> bool:
    import torch

    if isinstance(mine, torch.Tensor) and isinstance(theirs, torch.Tensor):
        if mine.shape != theirs.shape or not (mine.is_floating_point() and theirs.is_floating_point()):
            return same_answers(mine, theirs)
        if same_answers(mine, theirs):
            return True
        a, b = mine.detach().double(), theirs.detach().double()
        if not bool((torch.isfinite(a) & torch.isfinite(b)).all()) or not in_single_precision(a):
            return False
        scale = float(torch.maximum(a.abs().max(), b.abs().max())) if a.numel() else 0.0
        return a.numel() == 0 or float((a - b).abs().max()) <= _SINGLE * scale
    if isinstance(mine, float) and isinstance(theirs, float) and math.isfinite(mine) and math.isfinite(theirs):
        close = abs(mine - theirs) <= _SINGLE * max(abs(mine), abs(theirs))
        return mine == theirs or (close and in_single_precision(torch.tensor(mine, dtype=torch.float64)))
    return same_answers(mine, theirs)


# -- sketches ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sketch:
    """A few numbers of a trace: enough to see that two traces differ, without keeping them.

    `numbers` holds the sums of the magnitudes of the first tensors, `forms` what must be exactly the same.
    """

    passed: bool
    forms: tuple[Any, ...]
    numbers: tuple[float, ...]
    #: Whether the trace goes on: it was cut where it differed from somebody's.
    cut: bool = False

    def goes_on_like(self, other: Sketch) -> bool:
        """Whether a trace that was cut may agree with another one, as far as it goes."""
        return (
            self.cut
            and self.forms == other.forms[: len(self.forms)]
            and len(self.numbers) <= len(other.numbers)
            and all(map(_near, self.numbers, other.numbers))
        )

    def may_be(self, other: Sketch) -> bool:
        """Whether two traces may agree in their numbers; never False if they do agree, unless one was cut."""
        if self.cut or self.passed != other.passed:
            return False
        if self.passed:
            return True
        if len(self.numbers) != len(other.numbers) or self.forms != other.forms:
            return False
        return all(_near(a, b) for a, b in zip(self.numbers, other.numbers, strict=True))


def sketch(trace: Trace) -> Sketch:
    """Make the sketch of a trace, without changed inputs and precision, which `apart` compares."""
    forms: list[Any] = []
    numbers: list[float] = []
    for entry in trace.answers:
        _draw(entry, forms, numbers)
    return Sketch(trace.passed, tuple(forms), tuple(numbers), trace.cut)


def unlike(trace: Trace) -> Callable[[Any], bool]:
    """Return what says of answers, told one by one, whether their sketch is another one than that of a trace by now."""
    mine: tuple[list[Any], list[float]] = [], []
    theirs: tuple[list[Any], list[float]] = [], []
    left = list(reversed(trace.answers))

    def differs(entry: Any) -> bool:
        forms, numbers = len(theirs[0]), len(theirs[1])
        _draw(entry, *theirs)
        if left:
            _draw(left.pop(), *mine)
        new = theirs[1][numbers:]
        return (
            len(mine[1]) != len(theirs[1])
            or mine[0][forms:] != theirs[0][forms:]
            or not all(map(_near, new, mine[1][numbers:]))
        )

    return differs


def _draw(entry: Any, forms: list[Any], numbers: list[float]) -> None:
    if _is_error(entry):
        forms.append(entry)
    for leaf in leaves(_plain(entry)):
        if len(numbers) >= _MOST_LEAVES:
            break
        _add(leaf, forms, numbers)


def _add(leaf: Any, forms: list[Any], numbers: list[float]) -> None:
    import torch

    if isinstance(leaf, torch.Tensor):
        forms.append(tuple(leaf.shape))
        if leaf.is_floating_point():
            total = float(leaf.detach().abs().sum(dtype=torch.float64))
            numbers.append(total)
    elif isinstance(leaf, float):
        numbers.append(abs(leaf))
    else:
        forms.append(leaf if isinstance(leaf, (int, str)) else type(leaf).__name__)


def _near(a: float, b: float) -> bool:
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.isfinite(a) == math.isfinite(b)
    return abs(a - b) <= _SINGLE * max(abs(a), abs(b))
