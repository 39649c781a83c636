"""What a notebook asks for and cannot have here: one line says so, and the notebook goes on.

A cell that tests other cells is the exception: if it went on after a program that it needs for its test was not run, it
could pass without having tested anything. There the same line is an error.
"""

from __future__ import annotations

import sys

__all__ = ["REFUSALS", "NotRunHere", "Refusals", "decline"]

#: A loop may ask for the same a thousand times.
MAX_LINES = 10
_MAX_SHOWN = 100


class NotRunHere(RuntimeError):
    """A test cell asks for what is refused here."""


class Refusals:
    """What the running cell was told already, and whether it ends when something is refused."""

    def __init__(self) -> None:
        self.strict = False
        self._said: set[str] = set()

    def start(self, *, strict: bool) -> None:
        """Begin a cell."""
        self.strict = strict
        self._said = set()

    def say(self, text: str) -> None:
        """Print a line to the cell's stderr, each once, and no more than `MAX_LINES` of them."""
        if text in self._said or len(self._said) > MAX_LINES:
            return
        self._said.add(text)
        if len(self._said) > MAX_LINES:
            text = "[this cell asks for more that is not done here; the rest is not listed]"
        print(text, file=sys.stderr)  # noqa: T201 - to the student


REFUSALS = Refusals()


def decline(what: str, why: str, then: str = "The cell goes on.") -> None:
    """Say that something was not done.

    Args:
        what: the text that asks for it, as the student wrote it.
        why: a clause, such as "no other program can be started here".
        then: a sentence about what happens to the cell.

    Raises:
        NotRunHere: in a cell that tests others.
    """
    line, _, more = what.strip().partition("\n")
    shown = line if len(line) <= _MAX_SHOWN and not more else f"{line[:_MAX_SHOWN]} …"
    if REFUSALS.strict:
        raise NotRunHere(f"{shown} was not run: {why}")
    REFUSALS.say(f"{shown} was not run: {why}. {then}")
