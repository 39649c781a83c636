"""Sketches of what a check saw: how soon two traces are told apart; a cut one is never taken for a whole one."""

from __future__ import annotations

from typing import Any

import torch

from autograder.engines.hidden.diagnosis import Trace
from autograder.engines.hidden.facts import sketch, unlike


def call(*values: float) -> tuple[Any, ...]:
    """Return an entry of a transcript: a function that gave this tensor."""
    return ("call", "f", torch.tensor(values, dtype=torch.float64), (), None)


MINE = Trace("walks", passed=False, answers=(call(1, 2), call(3), ("title", True)))


def told(*entries: tuple[Any, ...]) -> list[bool]:
    """Say of each entry, one after the other, whether it differs from the student's trace by now."""
    differs = unlike(MINE)
    return [differs(entry) for entry in entries]


def test_the_same_answers_never_differ() -> None:
    """Rounding is none of it, nor which inputs were changed."""
    changed = (*call(3)[:3], ("argument 1",), None)
    assert told(call(1, 2 + 1e-12), changed, ("title", True)) == [False] * 3


def test_the_first_difference_is_seen_where_it_stands() -> None:
    """Numbers, shapes, texts, exceptions, and answers that the student did not give any more."""
    assert told(call(1, 2.5)) == [True]
    assert told(call(1, 2), call(3, 0)) == [False, True]
    assert told(call(1, 2), call(3), ("title", False)) == [False, False, True]
    assert told(call(1, 2), ("error", "ValueError")) == [False, True]
    assert told(*MINE.answers, call(9)) == [False, False, False, True]


def test_a_trace_that_was_cut_is_taken_for_no_other() -> None:
    """As far as it goes it may be like another student's: then it has to be worked again."""
    whole = sketch(MINE)
    begun = sketch(Trace("walks", passed=False, answers=MINE.answers[:2], cut=True))
    other = sketch(Trace("walks", passed=False, answers=(call(1, 7),), cut=True))
    assert not begun.may_be(whole)
    assert begun.goes_on_like(whole)
    assert not other.goes_on_like(whole)
    assert whole.may_be(whole)
    assert not whole.goes_on_like(whole)
