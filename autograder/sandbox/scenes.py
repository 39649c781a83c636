"""What the worker says is different at the notebook's end from what it was after an exercise's own cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.sandbox.cells import Cell
from autograder.sandbox.worker.standing import CELL, END
from autograder.sandbox.worker.switches import switch_names

__all__ = ["Cell", "Changes", "Scene"]

#: Characters of a name that a note may show.
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Scene:
    """One exercise's names and switches as they were after its own cell (`CELL`), or its name as it is at the `END`."""

    which: str
    exercise: str


@dataclass(slots=True)
class Changes:
    """What changed between an exercise's own cell and the end: the worker's claims, by exercise.

    They decide only about another try and a note. The names in a note stand in the notebook, or are names of switches:
    a claim cannot spell anything out.
    """

    #: All of the notebook's code.
    text: str = ""

    #: By exercise and name, the first cell that bound the name to something else.
    moved: dict[tuple[str, str], Cell] = field(default_factory=dict)
    #: By exercise, the switches that were not as at the start.
    switched: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, answer: Any, cell: Cell, exercises: frozenset[str]) -> None:
        """Take over what an answer to a cell claims, as far as it has the right form."""
        moved, switched = (answer.get(k) if isinstance(answer, Mapping) else None for k in ("moved", "switched"))
        for pair in moved if isinstance(moved, list) else ():
            if isinstance(pair, list) and len(pair) == 2 and all(map(self._is_name, pair)) and pair[0] in exercises:  # noqa: PLR2004
                self.moved.setdefault((pair[0], pair[1]), cell)
        names = [n for n in switched if isinstance(n, str)] if isinstance(switched, list) else []
        names = [n for n in dict.fromkeys(names) if n in switch_names()]
        if cell.name in exercises and names:
            self.switched[cell.name] = tuple(names)

    def _is_name(self, claim: object) -> bool:
        return isinstance(claim, str) and len(claim) <= MAX_NAME and claim.isidentifier() and claim in self.text

    def redefined(self, exercise: str) -> Cell | None:
        """Return the cell that defines an exercise again, None if none does."""
        return self.moved.get((exercise, exercise))

    def names(self, exercise: str) -> dict[str, Cell]:
        """Return the other names of an exercise's code that mean something else at the end, and where that began."""
        return {name: cell for (e, name), cell in self.moved.items() if e == exercise and name != exercise}

    def scenes(self, exercise: str) -> list[Scene]:
        """Return the scenes to try if an exercise does not pass; none if nothing changed."""
        found = []
        if self.names(exercise) or self.switched.get(exercise):
            found.append(Scene(CELL, exercise))
        if self.redefined(exercise) is not None:
            found.append(Scene(END, exercise))
        return found
