"""What is wrong with an answer to a public example, without known wrong ideas: its form, or a pattern in its numbers.

All inputs here are public, so that all numbers may be told.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.engines.hidden.diagnosis import same_answers
from autograder.sandbox.wire.trees import leaves
from autograder.sandbox.wire.values import Opaque
from autograder.sentences import Sentence, say

if TYPE_CHECKING:
    import torch

__all__ = ["difference", "other_form", "unchanged"]

_RTOL = 1e-6
_MOST_DIMS = 2
_LONGEST = 80
#: How the path to one of several values begins.
_VALUE = "value "


# -- form --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """The name of an answer, or of a part of it: at the start of a sentence, and inside one."""

    start: Sentence
    inside: Sentence

    def value(self, number: int) -> _Answer:
        """Return the name of one of its values."""
        return _Answer(
            say("hidden.start-value", number=number, what=self.inside),
            say("hidden.value", path=str(number), what=self.inside),
        )

    def at(self, key: object) -> _Answer:
        """Return the name of its value under a key."""
        return _Answer(*(say("hidden.at-key", what=what, key=repr(key)) for what in (self.start, self.inside)))


def other_form(yours: Any, expected: Any, name: str) -> Sentence | None:
    """Say how the form of an answer differs from the expected form; None if it does not.

    Args:
        yours: what the student's code gave.
        expected: what the reference gave.
        name: the exercise.
    """
    return _other(yours, expected, _Answer(say("hidden.start-answer", name=name), say("hidden.answer", name=name)), 0)


def _other(yours: Any, expected: Any, answer: _Answer, depth: int) -> Sentence | None:
    what = answer.start
    if yours is None and expected is not None:
        return say("hidden.none-returned", what=what, expected=_kind(expected))
    if isinstance(expected, (tuple, list)):
        return _other_sequence(yours, expected, answer, depth)
    if isinstance(expected, dict) and isinstance(yours, dict):
        return _other_dict(yours, expected, answer)
    if _kind(yours) != _kind(expected) and not (_is_number(yours) and _is_number(expected)):
        return say("hidden.other-kind", what=what, found=_kind(yours), expected=_kind(expected))
    import torch

    if isinstance(expected, torch.Tensor):
        return _other_tensor(yours, expected, what)
    return None


def _other_sequence(yours: Any, expected: Any, answer: _Answer, depth: int) -> Sentence | None:
    what = answer.start
    if not isinstance(yours, (tuple, list)):
        return say("hidden.other-kind", what=what, found=_kind(yours), expected=_kind(expected))
    if len(yours) != len(expected):
        return say("hidden.other-count", what=what, found=len(yours), expected=len(expected))
    places = _order(yours, expected) if depth == 0 else None
    if places is not None:
        return say("hidden.other-order", what=what, number=places[0], place=places[1])
    for i, (mine, due) in enumerate(zip(yours, expected, strict=True), 1):
        found = _other(mine, due, answer.value(i), depth + 1) if depth < 1 else None
        if found is not None:
            return found
    return None


def _order(yours: Any, expected: Any) -> tuple[int, int] | None:
    """Return the number of a value and the place where it belongs, if the values are right but in another order."""
    count = len(expected)
    if not 1 < count < 7 or all(same_answers(a, b) for a, b in zip(yours, expected, strict=True)):  # noqa: PLR2004 - a tuple that one can read
        return None
    places = []
    for mine in yours:
        at = [j for j, due in enumerate(expected) if j not in places and same_answers(mine, due)]
        if not at:
            return _exchanged(yours, expected)
        places.append(at[0])
    if places == list(range(count)):
        return None
    i = next(i for i, place in enumerate(places) if place != i)
    return i + 1, places[i] + 1


def _exchanged(yours: Any, expected: Any) -> tuple[int, int] | None:
    """Return two values that are exchanged; others may be wrong too, because they may build on these."""
    for i, j in itertools.combinations(range(len(expected)), 2):
        wrong = not same_answers(yours[i], expected[i]) and not same_answers(yours[j], expected[j])
        if wrong and same_answers(yours[i], expected[j]) and same_answers(yours[j], expected[i]):
            return i + 1, j + 1
    return None


def _other_dict(yours: dict[Any, Any], expected: dict[Any, Any], answer: _Answer) -> Sentence | None:
    missing = [k for k in expected if k not in yours]
    extra = [k for k in yours if k not in expected]
    if missing:
        return say("hidden.missing-key", what=answer.start, key=_short(missing[0]))
    if extra:
        return say("hidden.extra-key", what=answer.start, key=_short(extra[0]))
    found = (_other(yours[key], due, answer.at(key), 0) for key, due in expected.items())
    return next((said for said in found if said is not None), None)


def _other_tensor(yours: torch.Tensor, expected: torch.Tensor, what: Sentence) -> Sentence | None:
    mine, due = tuple(yours.shape), tuple(expected.shape)
    if mine != due:
        identifier = "hidden.other-shape"
        if len(mine) == len(due) and mine and mine[1:] == due[1:] and abs(mine[0] - due[0]) == 1:
            identifier = "hidden.row-missing" if mine[0] < due[0] else "hidden.row-too-many"
        elif mine == due[::-1]:
            identifier = "hidden.transposed"
        return say(identifier, what=what, found=str(mine), expected=str(due))
    if yours.dtype != expected.dtype:
        # A truth value or a count has no input's dtype to keep.
        identifier = "hidden.other-dtype" if expected.is_floating_point() else "hidden.other-dtype-alone"
        return say(identifier, what=what, found=_dtype(yours), expected=_dtype(expected))
    return None


def _kind(value: Any) -> str:
    import numpy as np
    import torch

    if isinstance(value, torch.Tensor):
        return "a tensor"
    if isinstance(value, np.ndarray):
        return "a numpy array"
    if isinstance(value, tuple):
        return say("hidden.tuple-of", count=len(value))
    if isinstance(value, list):
        return say("hidden.list-of", count=len(value))
    if isinstance(value, Opaque):
        return say("hidden.object-of", name=value.label[:_LONGEST])
    if value is None:
        return "None"
    names = {bool: "a bool", int: "an int", float: "a float", str: "a text", dict: "a dict"}
    return names.get(type(value)) or say("hidden.object-of", name=type(value).__name__[:_LONGEST])


def _dtype(tensor: torch.Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# -- numbers -----------------------------------------------------------------------------------------------


def difference(yours: Any, expected: Any, name: str) -> Sentence | None:
    """Say, as a clause, how the first wrong value differs: how much, where, and in which pattern.

    None if all values agree to six digits, or their forms differ.

    Args:
        yours: what the student's code gave.
        expected: what the reference gave.
        name: the exercise.
    """
    answer = say("hidden.answer", name=name)
    whole = _entry(yours, expected, answer)
    if whole is not None:
        return whole
    for path, mine, due in _leaves(yours, expected, ""):
        if same_answers(mine, due) or _nearly(mine, due):
            continue
        what = _at(path, answer)
        found = _in_tensor(mine, due, what) or _in_number(mine, due, what)
        return found or say("hidden.instead", what=what, found=_short(mine), expected=_short(due))
    return None


def _nearly(mine: Any, due: Any) -> bool:
    """Whether numbers agree to six digits: that is not what is wrong with them, or a check says so."""
    import torch

    if isinstance(mine, torch.Tensor) and isinstance(due, torch.Tensor):
        if mine.shape != due.shape or mine.is_complex() or due.is_complex() or not due.numel():
            return False
        a, b = mine.detach().double(), due.detach().double()
        return bool(((a - b).abs() <= _RTOL * b.abs().max()).all())
    return _is_number(mine) and _is_number(due) and math.isclose(mine, due, rel_tol=_RTOL)


def _at(path: str, answer: Sentence) -> Sentence:
    """Return the name of the value at a path."""
    if path.startswith(_VALUE):
        return say("hidden.value", path=path.removeprefix(_VALUE), what=answer)
    return say("hidden.answer-at", what=answer, path=path) if path else answer


def unchanged(yours: Any, expected: Any, name: str, inputs: Sequence[tuple[str, Any]]) -> Sentence | None:
    """Say, as a clause, which wrong value is one of the inputs, unchanged; None if no value is.

    Args:
        yours: what the student's code gave.
        expected: what the reference gave.
        name: the exercise.
        inputs: the tensors that the example passes, with the names of their parameters.
    """
    import torch

    for path, mine, due in _leaves(yours, expected, ""):
        if not isinstance(mine, torch.Tensor) or same_answers(mine, due) or not bool((mine != 0).any()):
            continue
        given = next((label for label, tensor in inputs if same_answers(mine, tensor)), None)
        if given is not None:
            answer = say("hidden.answer", name=name)
            what = _at(path, answer) if path.startswith(_VALUE) else answer
            return say("hidden.unchanged", what=what, input=given)
    return None


def _entry(yours: Any, expected: Any, answer: Sentence) -> Sentence | None:
    """Show the first entry of a list that differs, if it holds only texts and whole numbers."""
    if not (isinstance(yours, (list, tuple)) and isinstance(expected, (list, tuple))):
        return None
    for number, (mine, due) in enumerate(zip(yours, expected, strict=False), 1):
        if same_answers(mine, due):
            continue
        nested = isinstance(mine, (list, tuple)) and isinstance(due, (list, tuple))
        plain = all(isinstance(leaf, (str, int, type(None))) for leaf in (*leaves(mine), *leaves(due)))
        if not (nested and plain and len(repr(mine)) <= _LONGEST and len(repr(due)) <= _LONGEST):
            return None
        return say("hidden.entry-instead", number=number, what=answer, found=repr(mine), expected=repr(due))
    return None


def _leaves(yours: Any, expected: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(expected, (list, tuple)) and isinstance(yours, (list, tuple)) and len(yours) == len(expected):
        for i, (mine, due) in enumerate(zip(yours, expected, strict=True)):
            yield from _leaves(mine, due, f"{_VALUE}{i + 1}" if not path else f"{path}[{i}]")
    elif isinstance(expected, dict) and isinstance(yours, dict):
        for key, due in expected.items():
            yield from _leaves(yours.get(key), due, f"{path}[{key!r}]")
    else:
        yield path, yours, expected


def _in_number(mine: Any, due: Any, what: Sentence) -> Sentence | None:
    return _instead(mine, due, what) if _is_number(mine) and _is_number(due) else None


def _instead(mine: float, due: float, what: Sentence) -> Sentence:
    """Say which number was given instead of the expected one, and how many times as large it is."""
    found, expected = _apart(mine, due)
    if not (math.isfinite(mine) and math.isfinite(due)) or due == 0 or mine == 0:
        return say("hidden.instead", what=what, found=found, expected=expected)
    ratio = float(mine) / float(due)
    if _number(ratio) == "1":
        # They differ in later digits: “1 times as much” would say that they are the same.
        return say("hidden.instead", what=what, found=found, expected=expected)
    if abs(ratio + 1) <= _RTOL:
        return say("hidden.instead-other-sign", what=what, found=found, expected=expected)
    return say("hidden.instead-times", what=what, found=found, expected=expected, ratio=_number(ratio))


def _in_tensor(mine: Any, due: Any, what: Sentence) -> Sentence | None:
    import torch

    both = isinstance(mine, torch.Tensor) and isinstance(due, torch.Tensor)
    if not both or mine.shape != due.shape or mine.is_complex() or due.is_complex() or not due.numel():
        return None
    a, b = mine.detach().double(), due.detach().double()
    flat, wanted = a.flatten(), b.flatten()
    if a.dim() == 0:
        return _instead(float(a), float(b), what)
    scale = float(wanted[torch.isfinite(wanted)].abs().max()) if torch.isfinite(wanted).any() else 0.0
    # Written with `not`, so that NaN counts as wrong.
    wrong = ~((flat - wanted).abs() <= _RTOL * scale) & (flat != wanted)
    where = [int(i) for i in wrong.nonzero().flatten()]
    if not where:
        where = [0]
    missing = [i for i in where if math.isnan(float(flat[i]))]
    first = (missing or where)[0]
    index = [int(i) for i in torch.unravel_index(torch.tensor(first), a.shape)]
    place = f"[{', '.join(map(str, index))}]"
    found, expected = _apart(float(flat[first]), float(wanted[first]))
    count = flat.numel()
    if len(where) == count:
        said = say("hidden.differs-in-all", what=what, count=count, index=place, found=found, expected=expected)
    else:
        said = say(
            "hidden.differs-in-some",
            what=what,
            wrong=len(where),
            count=count,
            index=place,
            found=found,
            expected=expected,
        )
    pattern = _pattern(a, b, where)
    return say("hidden.with-pattern", difference=said, pattern=pattern) if pattern else said


def _pattern(a: torch.Tensor, b: torch.Tensor, wrong: list[int]) -> Sentence | None:
    """Say which usual pattern the right and wrong elements follow, if any."""
    import torch

    def same(x: torch.Tensor, y: torch.Tensor) -> bool:
        return x.shape == y.shape and bool(torch.allclose(x, y, rtol=_RTOL, atol=0.0, equal_nan=True))

    if bool(torch.isnan(a).any()) and not bool(torch.isnan(b).any()):
        return say("hidden.not-a-number")
    several = a.shape[0] > 1
    if same(a, -b):
        return say("hidden.other-sign-everywhere")
    if a.dim() == _MOST_DIMS and same(a, b.T):
        return say("hidden.rows-and-columns")
    if several and same(a, b.flip(0)):
        return say("hidden.reversed")
    if several and same(a, a[:1].expand_as(a)) and not same(b, b[:1].expand_as(b)):
        return say("hidden.same-rows" if a.dim() > 1 else "hidden.same-elements", count=a.shape[0])
    factor = _factor(a, b)
    if factor is not None and _number(factor) != "1":
        return say("hidden.times-everywhere", ratio=_number(factor))
    return _one_right(a, wrong)


def _factor(a: torch.Tensor, b: torch.Tensor) -> float | None:
    """Return the factor that all elements are off by, None if there is none."""
    import torch

    ratios = (a / b).flatten()
    if not bool(torch.isfinite(ratios).all()) or float((ratios - ratios[0]).abs().max()) > _RTOL * abs(
        float(ratios[0])
    ):
        return None
    return float(ratios[0])


def _one_right(a: torch.Tensor, wrong: list[int]) -> Sentence | None:
    per_row = a[0].numel() or 1
    rows = {i // per_row for i in wrong}
    # Of two rows, a single right one shows no pattern.
    if a.shape[0] <= 2:  # noqa: PLR2004 - a pair
        return None
    if rows == set(range(1, a.shape[0])):
        return say("hidden.only-first-row" if a.dim() > 1 else "hidden.only-first-one")
    if rows == set(range(a.shape[0] - 1)):
        return say("hidden.only-last-row" if a.dim() > 1 else "hidden.only-last-one")
    return None


def _number(value: float, digits: int = 4) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else str(value)
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def _apart(mine: float, due: float) -> tuple[str, str]:
    """Write two numbers with enough digits to tell them apart."""
    digits = next((d for d in (4, 6, 8, 12, 17) if _number(mine, d) != _number(due, d)), 17)
    return _number(mine, digits), _number(due, digits)


def _short(value: Any) -> str:
    import torch

    if isinstance(value, torch.Tensor):
        return say("hidden.tensor-of-shape", shape=str(tuple(value.shape)))
    if isinstance(value, Opaque):
        return f"<{value.label[:_LONGEST]}>"
    text = repr(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
