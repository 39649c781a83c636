"""One submission can learn at most 8 bits about a check, whatever its code answers."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.checks.assertions import CheckFailure, close, follows
from autograder.checks.numerics.laws import normal
from autograder.engines.hidden.accountant import (
    COMPARED,
    DURATIONS_S,
    FIXED,
    MOST,
    RAISED,
    Sentences,
    rounded_duration,
    sentences_in,
)
from autograder.engines.hidden.disclosure import confirmed_fault
from autograder.engines.hidden.run_check import ending_of
from autograder.sandbox.wire.values import Opaque
from autograder.sentences import Sentence, said
from autograder.verdict import StudentFault

NAMED = {f"1 − β{n}": 0.9 + n / 1000 for n in range(4)}
DTYPES = (torch.float64, torch.float32, torch.float16, torch.int64, torch.bool, torch.complex64, torch.uint8)


def answers(due: torch.Tensor) -> Iterator[Any]:
    """Yield answers that differ in all that a message could tell: kind, name, shape, dtype, values, places."""
    yield from (None, True, 1, 1.5, "text", [1], (1, 2), {}, {"a": 1})
    yield from (Opaque(f"CANARY{n}") for n in range(300))
    yield from ([0] * n for n in range(100))
    for rank in range(4):
        yield from (torch.zeros(shape) for shape in itertools.product((0, 1, 2, 3, 5), repeat=rank))
    yield from (torch.empty(0, n, 1234) for n in range(300))
    yield from (due.to(dtype) for dtype in DTYPES)
    for bad in (math.nan, math.inf, 7.0):
        for wrong in itertools.product((False, True), repeat=due.numel()):
            yield torch.where(torch.tensor(wrong, dtype=torch.bool).reshape(due.shape), bad, due)
    # Factors: those of the list and of the check, and many others.
    for factor in (0.25, 1 / 3, 0.5, 2, 3, 4, -1, *NAMED.values(), *(n / 7 for n in range(60))):
        yield due * factor


def spelled(due: Any, sentences: Sentences, make: Callable[[Any], Any]) -> set[tuple[Sentence, str | None]]:
    """Return all that is told where each answer is given, with the idea that is named.

    What stands beside a text in a result's file must follow from the text: it is told too.
    """
    found = set()
    beside: dict[str, Any] = {}
    tensor = due if isinstance(due, torch.Tensor) else due[0]
    for answer in answers(tensor):
        try:
            close(make(answer), due, "the result", ratios=NAMED)
        except CheckFailure as failure:
            ending = ending_of(failure, 0.0, sentences)
            found.add((ending.message, ending.diagnosis))
            assert ending.message.id
            assert beside.setdefault(ending.message, said(ending.message)) == said(ending.message)
    return found


VECTOR = torch.tensor([0.25, 0.5, 1.5, 2.5, 3.5, 4.5], dtype=torch.float64)


@pytest.mark.parametrize("calls", [1, 3, 30, 200])
@pytest.mark.parametrize("due", [VECTOR, VECTOR[:6].reshape(2, 3), VECTOR[0]], ids=["vector", "matrix", "scalar"])
def test_answers_spell_out_no_more_than_their_part(due: torch.Tensor, calls: int) -> None:
    """Each comparison has its part of the texts, however many comparisons a check makes."""
    sentences = Sentences(calls, frozenset({"the result"}))
    assert len(spelled(due, sentences, lambda a: a)) <= max(COMPARED // calls, 2)


def _put(due: list[Any], at: int, answer: Any) -> list[Any]:
    return [*due[:at], answer, *due[at + 1 :]]


@pytest.mark.parametrize("place", range(4))
def test_places_in_a_list_count(place: int) -> None:
    """The code also chooses which entry of a path is wrong."""
    due = [VECTOR[:4]] * 4
    sentences = Sentences(1, frozenset({"the result"}))
    found = set()
    for at in range(4):
        found |= spelled(due, sentences, functools.partial(_put, due, at))
    assert len(found) <= COMPARED
    assert any(f"entry {place + 1} of the result" in text for text, _ in found)


def test_a_usual_mistake_is_told_in_full() -> None:
    """A check that compares once tells the element, the shape and the dtype."""
    sentences = Sentences(1, frozenset({"the result"}))
    told = {text for text, _ in spelled(VECTOR[:6].reshape(2, 3), sentences, lambda a: a)}
    assert "Wrong numbers: the result. All 6 elements are ½ times what is expected." in told
    assert "Wrong numbers: the result, element [0, 1] and 2 of 5 others." not in told
    assert "Wrong numbers: the result. All 6 elements are 1 − β2 times what is expected." in told
    assert "Wrong shape: the result. Found (3, 2), expected (2, 3)." in told
    assert any("Found float32, expected float64" in text for text in told)
    assert not any("CANARY" in text or "1234" in text for text in told)


def test_factors_go_where_there_is_no_room() -> None:
    """A check that compares often tells the place or nothing; a factor would be one text too many."""
    known = frozenset({"the result"})
    texts = {
        calls: {text for text, _ in spelled(VECTOR[:2], Sentences(calls, known), lambda a: a)}
        for calls in (1, 2, 12, 30)
    }
    assert [any("times what is expected" in text for text in texts[calls]) for calls in texts] == [
        True,
        True,
        False,
        False,
    ]
    assert "Wrong numbers: the result, element [1]." in texts[12]


def test_texts_that_the_check_did_not_have_are_not_told(tmp_path: Path) -> None:
    """A sentence with values in it, or the name of what is compared, could hold an answer."""
    file = tmp_path / "test_x.py"
    file.write_text('fail("A fixed sentence.")\n' + "\n".join(f'fail("Sentence {n}.")' for n in range(99)))
    known = sentences_in(file)
    assert len(known) <= FIXED
    sentences = Sentences(1, known)
    assert sentences.told(CheckFailure("A fixed sentence.")) == "A fixed sentence."
    assert "1234" not in sentences.told(CheckFailure("It was 1234.5."))
    with pytest.raises(CheckFailure) as raised:
        close(1.0, 2.0, "the number 1234.5")
    assert "1234" not in sentences.told(raised.value)


def test_statistics_are_told_in_few_numbers() -> None:
    """The ratio of a variance could have as many digits as a secret."""
    source = torch.Generator().manual_seed(0)
    sample = torch.randn(4096, generator=source, dtype=torch.float64)
    found = set()
    for n in range(400):
        with pytest.raises(CheckFailure) as raised:
            follows(sample * (1.5 + n / 100), normal(0.0, 1.0), "the weights")
        found.add(Sentences(1, frozenset({"the weights"})).told(raised.value))
    assert 1 < len(found) <= 13


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    index: int
    name: str
    source: str


@pytest.mark.parametrize("lines", [3, 10, 30, 70, 200])
def test_exceptions_and_lines_spell_out_no_more_than_their_part(lines: int) -> None:
    """Every kind of exception in every line of every cell, and kinds and cells that are made up."""
    cells = [Cell(i, f"cell {i}", "\n".join(f"x = {n} / 0" for n in range(lines))) for i in range(4)]
    kinds = [n for n, v in vars(__import__("builtins")).items() if isinstance(v, type) and issubclass(v, Exception)]
    told = set()
    for kind, cell, line in itertools.product([*kinds, "E1234"], [*(c.name for c in cells), "1234"], range(1, 201)):
        told.add(confirmed_fault(StudentFault(kind, "1234", cell, line, "1234"), "cell 0", cells, None))
    assert len(told) <= RAISED
    assert "NotImplementedError" in {f.type for f in told}
    assert not any("1234" in f"{f.type} {f.cell} {f.source}" for f in told)


def test_all_parts_together_are_eight_bits() -> None:
    """The parts of all that can be told add up to at most 256 texts."""
    assert len({rounded_duration(s / 1000) for s in range(200_000)}) == len(DURATIONS_S) == 16
    assert 16 + 16 + RAISED + COMPARED + FIXED + 1 <= MOST
    assert math.log2(MOST) == 8
