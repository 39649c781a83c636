"""What an answer to a public example shows without any known wrong idea: another form, or numbers that have a pattern.

Everything here speaks of public inputs alone, so that all numbers may be told.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autograder.engines.hidden.diagnosis import same_answers
from autograder.sandbox.wire.trees import leaves
from autograder.sandbox.wire.values import Opaque

if TYPE_CHECKING:
    import torch

__all__ = ["difference", "other_form", "unchanged"]

_RTOL = 1e-6
_MOST_DIMS = 2
_LONGEST = 80


# -- form --------------------------------------------------------------------------------------------------


def other_form(yours: Any, expected: Any, name: str, depth: int = 0) -> str | None:
    """Say in which way an answer has another form than the expected one, None if it has the same.

    Args:
        yours: what the student's code gave.
        expected: what the reference gave.
        name: what stands for the answer in the sentence, such as "`adam_step`".
        depth: how deep inside the answer it is.
    """
    if yours is None and expected is not None:
        return f"{name} returns None where {_kind(expected)} is expected: end it with `return …`; print only shows."
    if isinstance(expected, (tuple, list)):
        return _other_sequence(yours, expected, name, depth)
    if isinstance(expected, dict) and isinstance(yours, dict):
        return _other_dict(yours, expected, name)
    if _kind(yours) != _kind(expected) and not (_is_number(yours) and _is_number(expected)):
        return f"{name} gives {_kind(yours)} where {_kind(expected)} is expected."
    import torch

    if isinstance(expected, torch.Tensor):
        return _other_tensor(yours, expected, name)
    return None


def _other_sequence(yours: Any, expected: Any, name: str, depth: int) -> str | None:
    if not isinstance(yours, (tuple, list)):
        return f"{name} gives {_kind(yours)} where {_kind(expected)} is expected."
    if len(yours) != len(expected):
        return f"{name} gives {len(yours)} values where {len(expected)} are expected."
    order = _order(yours, expected) if depth == 0 else None
    if order is not None:
        return f"{name} gives the right values in another order: {order}."
    for i, (mine, due) in enumerate(zip(yours, expected, strict=True), 1):
        found = other_form(mine, due, f"Value {i} of {name[:1].lower()}{name[1:]}", depth + 1) if depth < 1 else None
        if found is not None:
            return found
    return None


def _order(yours: Any, expected: Any) -> str | None:
    """Say which values stand where, if they are the expected ones in another order."""
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
    return f"what you return as value {i + 1} belongs at place {places[i] + 1}"


def _exchanged(yours: Any, expected: Any) -> str | None:
    """Say which two values stand in each other's places, where others are wrong besides: they may build on these."""
    for i, j in itertools.combinations(range(len(expected)), 2):
        wrong = not same_answers(yours[i], expected[i]) and not same_answers(yours[j], expected[j])
        if wrong and same_answers(yours[i], expected[j]) and same_answers(yours[j], expected[i]):
            return f"what you return as value {i + 1} belongs at place {j + 1}"
    return None


def _other_dict(yours: dict[Any, Any], expected: dict[Any, Any], name: str) -> str | None:
    missing = [k for k in expected if k not in yours]
    extra = [k for k in yours if k not in expected]
    if missing:
        return f"{name} lacks the key {_short(missing[0])}."
    if extra:
        return f"{name} has the key {_short(extra[0])}, which is not asked for."
    return next((f for k in expected if (f := other_form(yours[k], expected[k], f"{name}[{k!r}]")) is not None), None)


def _other_tensor(yours: torch.Tensor, expected: torch.Tensor, name: str) -> str | None:
    mine, due = tuple(yours.shape), tuple(expected.shape)
    if mine != due:
        more = ""
        if len(mine) == len(due) and mine and mine[1:] == due[1:] and abs(mine[0] - due[0]) == 1:
            more = f": {'one row is missing' if mine[0] < due[0] else 'there is one row too many'}"
        elif mine == due[::-1]:
            more = ": it is transposed"
        return f"{name} has the shape {mine} where {due} is expected{more}."
    if yours.dtype != expected.dtype:
        return (
            f"{name} is {_dtype(yours)} where {_dtype(expected)} is expected: results keep the dtype of their inputs."
        )
    return None


def _kind(value: Any) -> str:
    import numpy as np
    import torch

    if isinstance(value, torch.Tensor):
        return "a tensor"
    if isinstance(value, np.ndarray):
        return "a numpy array"
    if isinstance(value, tuple):
        return f"a tuple of {len(value)}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, Opaque):
        return f"an object of class {value.label[:_LONGEST]}"
    if value is None:
        return "None"
    names = {bool: "a bool", int: "an int", float: "a float", str: "a text", dict: "a dict"}
    return names.get(type(value), f"an object of class {type(value).__name__[:_LONGEST]}")


def _dtype(tensor: torch.Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


# -- numbers -----------------------------------------------------------------------------------------------


def difference(yours: Any, expected: Any, name: str) -> str | None:
    """Say how the first value that differs does: how far, where, and whether there is a pattern.

    None if all agree, or they are of other forms.
    """
    whole = _entry(yours, expected, name)
    if whole is not None:
        return whole
    for path, mine, due in _leaves(yours, expected, ""):
        if same_answers(mine, due):
            continue
        what = f"{path} of {name}" if path.startswith("value") else f"the answer of {name} at {path}" if path else name
        found = _in_tensor(mine, due, what) or _in_number(mine, due, what)
        return found or f"{what} is {_short(mine)} instead of {_short(due)}"
    return None


def unchanged(yours: Any, expected: Any, name: str, inputs: Sequence[tuple[str, Any]]) -> str | None:
    """Say which value of an answer is an input as it was given, where another one is expected; None without one.

    Args:
        yours: what the student's code gave.
        expected: what the reference gave.
        name: what stands for the answer in the sentence.
        inputs: the tensors that the example gives, with their parameters' names.
    """
    import torch

    for path, mine, due in _leaves(yours, expected, ""):
        if not isinstance(mine, torch.Tensor) or same_answers(mine, due) or not bool((mine != 0).any()):
            continue
        given = next((label for label, tensor in inputs if same_answers(mine, tensor)), None)
        if given is not None:
            what = f"{path} of {name}" if path.startswith("value") else name
            return f"{what} is `{given}` as it was given: nothing was changed"
    return None


def _entry(yours: Any, expected: Any, name: str) -> str | None:
    """Show the first entry of a list that differs as a whole, where it is made of texts and whole numbers."""
    if not (isinstance(yours, (list, tuple)) and isinstance(expected, (list, tuple))):
        return None
    for number, (mine, due) in enumerate(zip(yours, expected, strict=False), 1):
        if same_answers(mine, due):
            continue
        nested = isinstance(mine, (list, tuple)) and isinstance(due, (list, tuple))
        plain = all(isinstance(leaf, (str, int, type(None))) for leaf in (*leaves(mine), *leaves(due)))
        if not (nested and plain and len(repr(mine)) <= _LONGEST and len(repr(due)) <= _LONGEST):
            return None
        return f"entry {number} of what {name} gives is {mine!r} instead of {due!r}"
    return None


def _leaves(yours: Any, expected: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(expected, (list, tuple)) and isinstance(yours, (list, tuple)) and len(yours) == len(expected):
        for i, (mine, due) in enumerate(zip(yours, expected, strict=True)):
            yield from _leaves(mine, due, f"value {i + 1}" if not path else f"{path}[{i}]")
    elif isinstance(expected, dict) and isinstance(yours, dict):
        for key, due in expected.items():
            yield from _leaves(yours.get(key), due, f"{path}[{key!r}]")
    else:
        yield path, yours, expected


def _in_number(mine: Any, due: Any, what: str) -> str | None:
    if not (_is_number(mine) and _is_number(due)):
        return None
    return f"{what} is {_instead(mine, due)}{_times(float(mine), float(due))}"


def _times(mine: float, due: float) -> str:
    if not (math.isfinite(mine) and math.isfinite(due)) or due == 0 or mine == 0:
        return ""
    ratio = mine / due
    if isinstance(mine, int) and isinstance(due, int):
        return ""
    if abs(ratio + 1) <= _RTOL:
        return ", the same with the other sign"
    return f", {_number(ratio)} times as much"


def _in_tensor(mine: Any, due: Any, what: str) -> str | None:
    import torch

    both = isinstance(mine, torch.Tensor) and isinstance(due, torch.Tensor)
    if not both or mine.shape != due.shape or mine.is_complex() or due.is_complex() or not due.numel():
        return None
    a, b = mine.detach().double(), due.detach().double()
    flat, wanted = a.flatten(), b.flatten()
    if a.dim() == 0:
        return f"{what} is {_instead(float(a), float(b))}{_times(float(a), float(b))}"
    scale = float(wanted[torch.isfinite(wanted)].abs().max()) if torch.isfinite(wanted).any() else 0.0
    # Not a number differs from everything.
    wrong = ~((flat - wanted).abs() <= _RTOL * scale) & (flat != wanted)
    where = [int(i) for i in wrong.nonzero().flatten()]
    if not where:
        where = [0]
    first = where[0]
    index = [int(i) for i in torch.unravel_index(torch.tensor(first), a.shape)]
    place = f"[{', '.join(map(str, index))}]"
    count = "in all" if len(where) == flat.numel() else f"in {len(where)} of"
    numbers = _instead(float(flat[first]), float(wanted[first]))
    said = f"{what} differs {count} {flat.numel()} elements; {place} is {numbers}"
    return said + _pattern(a, b, where)


def _pattern(a: torch.Tensor, b: torch.Tensor, wrong: list[int]) -> str:
    """Say what right and wrong elements have in common, if it is something usual."""
    import torch

    def same(x: torch.Tensor, y: torch.Tensor) -> bool:
        return x.shape == y.shape and bool(torch.allclose(x, y, rtol=_RTOL, atol=0.0, equal_nan=True))

    if bool(torch.isnan(a).any()) and not bool(torch.isnan(b).any()):
        return ": it is not a number"
    several = a.shape[0] > 1
    patterns = (
        (same(a, -b), "the sign is the other one everywhere"),
        (a.dim() == _MOST_DIMS and same(a, b.T), "rows and columns are exchanged"),
        (several and same(a, b.flip(0)), "the order is reversed"),
        (several and same(a, a[:1].expand_as(a)) and not same(b, b[:1].expand_as(b)), _all_the_same(a)),
        (_factor(a, b) is not None, f"everywhere {_number(_factor(a, b) or 0.0)} times the expected value"),
    )
    return next((f": {said}" for true, said in patterns if true), "") or _one_right(a, wrong)


def _all_the_same(a: torch.Tensor) -> str:
    return f"all {a.shape[0]} {'rows' if a.dim() > 1 else 'elements'} are the same"


def _factor(a: torch.Tensor, b: torch.Tensor) -> float | None:
    """Return the number that all elements are off by, None if there is none."""
    import torch

    ratios = (a / b).flatten()
    if not bool(torch.isfinite(ratios).all()) or float((ratios - ratios[0]).abs().max()) > _RTOL * abs(
        float(ratios[0])
    ):
        return None
    return float(ratios[0])


def _one_right(a: torch.Tensor, wrong: list[int]) -> str:
    per_row = a[0].numel() or 1
    rows = {i // per_row for i in wrong}
    if a.shape[0] > 2 and rows == set(range(1, a.shape[0])):  # noqa: PLR2004 - of two, one is as good as the other
        return f": only the first {'row' if a.dim() > 1 else 'one'} is right"
    if a.shape[0] > 2 and rows == set(range(a.shape[0] - 1)):  # noqa: PLR2004 - as above
        return f": only the last {'row' if a.dim() > 1 else 'one'} is right"
    return ""


def _number(value: float, digits: int = 4) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else str(value)
    return f"{value:.{digits}g}" if isinstance(value, float) else str(value)


def _instead(mine: float, due: float) -> str:
    """Write two numbers with as many digits as tell them apart."""
    digits = next((d for d in (4, 6, 8, 12, 17) if _number(mine, d) != _number(due, d)), 17)
    return f"{_number(mine, digits)} instead of {_number(due, digits)}"


def _short(value: Any) -> str:
    import torch

    if isinstance(value, torch.Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, Opaque):
        return f"<{value.label[:_LONGEST]}>"
    text = repr(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
