"""The forms of a sentence about an answer, from the most to the least detailed, and how many texts each could be.

What may be told about a hidden check is limited (`autograder.engines.hidden.accountant`): if a form could be one of too
many texts, a form with fewer details is told.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from autograder.sentences import Sentence, say

__all__ = ["Form", "known_shape", "note", "noting", "plausible_shapes"]

_MOST_DIMS = 4


@dataclass(frozen=True, slots=True)
class Form:
    """A sentence, how many sentences could stand in its place (weighted), and the text of the check that it uses."""

    text: Sentence
    alternatives: int
    what: str = ""


_noted: ContextVar[list[str] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[str]]:
    """Collect the names of what is compared in this context, one entry for each comparison."""
    found: list[str] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def note(what: str) -> None:
    """Note that something with this name is compared."""
    found = _noted.get()
    if found is not None:
        found.append(what)


def plausible_shapes(due: tuple[int, ...]) -> frozenset[tuple[int, ...]]:
    """Return the shapes that usual mistakes give: transposed, flattened, summed, with a dimension of size one."""
    found = {due, (), (math.prod(due),), (math.prod(due), 1), (1, math.prod(due))}
    if len(due) <= _MOST_DIMS:
        found |= set(itertools.permutations(due))
        for i in range(len(due)):
            found |= {due[:i] + due[i + 1 :], (*due[:i], 1, *due[i + 1 :])}
        found |= {(*due[:i], 1, *due[i:]) for i in range(len(due) + 1)}
    return frozenset(found)


def known_shape(shape: tuple[int, ...], due: tuple[int, ...]) -> str:
    """Return a shape as it is told: only that of a usual mistake, because other numbers could spell something out."""
    return str(shape) if shape in plausible_shapes(due) else say("checks.another-shape")
