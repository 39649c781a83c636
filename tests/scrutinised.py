"""What the tests of scrutiny share: a cell, and the levels that one function body gets."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.course.assignment import Assignment
from autograder.engines.hidden.scrutiny.find import scrutinise
from autograder.engines.hidden.scrutiny.finding import Level

__all__ = ["Cell", "levels_of"]


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    name: str
    source: str


def levels_of(assignment: Assignment, setup: str, head: str, body: str, *others: Cell, exercise: str) -> set[Level]:
    """Read a set-up cell, other cells, and the exercise's cell: a function's first line and its body.

    The function's name is also the cell's.
    """
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    name = head.removeprefix("def ").partition("(")[0]
    cells = [Cell("setup", setup), *others, Cell(name, head + lines)]
    return {f.level for f in scrutinise(cells, assignment).get(exercise, ())}
