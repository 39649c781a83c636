"""The forms of a sentence about an answer, from the most detailed to the barest, and how many others each could be.

What is told of a hidden check is bounded (`autograder.engines.hidden.accountant`): where a form could be one of too
many texts, a barer one is told.
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
    """A sentence; how many like it could stand in its place, weighted; and the text of the check's that it uses."""

    text: Sentence
    alternatives: int
    what: str = ""


_noted: ContextVar[list[str] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[str]]:
    """Collect what is compared meanwhile, one entry for each comparison."""
    found: list[str] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def note(what: str) -> None:
    """A comparison is made, of what is called so."""
    found = _noted.get()
    if found is not None:
        found.append(what)


def plausible_shapes(due: tuple[int, ...]) -> frozenset[tuple[int, ...]]:
    """Return the shapes that a mistake makes of this one: transposed, flattened, summed, with a dimension of one."""
    found = {due, (), (math.prod(due),), (math.prod(due), 1), (1, math.prod(due))}
    if len(due) <= _MOST_DIMS:
        found |= set(itertools.permutations(due))
        for i in range(len(due)):
            found |= {due[:i] + due[i + 1 :], (*due[:i], 1, *due[i + 1 :])}
        found |= {(*due[:i], 1, *due[i:]) for i in range(len(due) + 1)}
    return frozenset(found)


def known_shape(shape: tuple[int, ...], due: tuple[int, ...]) -> str:
    """Return a shape as it is told: itself where it is a usual mistake, for its numbers could spell something out."""
    return str(shape) if shape in plausible_shapes(due) else say("checks.another-shape")
