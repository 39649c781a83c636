"""How much one submission can learn from what is told about a hidden check: at most 8 bits in total.

A student's code sees a check's inputs, and could choose its answers so that the messages spell these inputs out. So for
one check there are at most `MOST` different texts, for all possible answers together. Each way in which a check can end
has a part of this number. If a sentence with its details needs more than its part, it is told with fewer details:

================  ====  ======================================================================================
how it ended      part  what is told
================  ====  ======================================================================================
passed              16  one of a few durations
skipped, crashed    16  a sentence of a closed list; which kind of value came instead of the expected kind
raised              80  the kind of exception, and the line
compared           112  the sentences of `close` and similar helpers, divided by the number of comparisons
fixed sentences     32  those that stand in the check's own file
================  ====  ======================================================================================

For the exercise as a whole, the known ideas are told besides: one or a pair, at most some hundred possibilities
(`ideas`), without the hidden numbers that showed them.

What the public example shows too costs nothing. The durations of checks that did not pass are not told.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.checks.assertions import CheckFailure
from autograder.sentences import Sentence, say

__all__ = [
    "COMPARED",
    "DURATIONS_S",
    "FIXED",
    "MOST",
    "PLAIN",
    "RAISED",
    "USUAL_TYPES",
    "Sentences",
    "kinds_beside",
    "rounded_duration",
    "sentences_in",
    "tellable_lines",
]

MOST = 256
COMPARED = 112
RAISED = 80
FIXED = 31

#: Durations that are told: the check took at most this long.
DURATIONS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0)

#: Exceptions that are raised by mistake, the most usual first. All others are told as "an exception".
USUAL_TYPES = (
    "NotImplementedError",
    "TypeError",
    "RuntimeError",
    "ValueError",
    "NameError",
    "AttributeError",
    "IndexError",
    "KeyError",
    "ZeroDivisionError",
    "UnboundLocalError",
    "AssertionError",
    "MemoryError",
    "RecursionError",
    "OverflowError",
    "ModuleNotFoundError",
    "FileNotFoundError",
    "OSError",
    "SystemExit",
    "StopIteration",
    "FloatingPointError",
)
#: Lines of other cells are told only if there are at most this many, so that kinds of exceptions can be told too.
_FEW_LINES = 20

#: What is said about a check if nothing else may be told.
PLAIN = say("hidden.not-met")


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a check may say: how often it compares, and the texts that it used with the reference or has in its file."""

    calls: int = 1
    known: frozenset[str] = frozenset()

    def told(self, failure: CheckFailure) -> Sentence:
        """Return the most detailed form of a failure's sentence that may be told."""
        share = COMPARED // max(self.calls, 1)
        for form in failure.forms:
            if form.alternatives <= share and form.what in self.known | {""}:
                return form.text
        fixed = not failure.forms and failure.message in self.known
        return failure.message if fixed else PLAIN


@functools.cache
def sentences_in(path: Path) -> frozenset[str]:
    """Return the texts in a file of checks; of those that could be sentences, at most the first `FIXED`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    sentences = [t for t in dict.fromkeys(texts) if t.endswith(".") and "\n" not in t]
    return frozenset(t for t in texts if not t.endswith(".")) | frozenset(sentences[:FIXED])


def rounded_duration(seconds: float) -> float:
    """Round a duration up to one that is told."""
    return next((told for told in DURATIONS_S if seconds <= told), DURATIONS_S[-1])


def tellable_lines(own: str, others: Sequence[str]) -> tuple[int, int]:
    """Return how many lines may be named as the line that raised, and from how many other cells they may come.

    Args:
        own: the exercise's own cell.
        others: the sources of the other cells, in order.
    """
    total = _count(own)
    if total >= RAISED // 2:
        return 0, 0
    cells = 0
    for source in others:
        total += _count(source)
        if total > _FEW_LINES:
            break
        cells += 1
    return _count(own) + sum(_count(s) for s in others[:cells]), cells


def kinds_beside(lines: int) -> tuple[str, ...]:
    """Return the exceptions whose names may be told beside this number of lines; all others count as one more.

    The exception of a stub is always among them.
    """
    return USUAL_TYPES[: max(RAISED // (lines + 1) - 1, 1)]


def _count(source: str) -> int:
    return sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in source.split("\n"))
