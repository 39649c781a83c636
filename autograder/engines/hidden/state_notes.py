"""What a student is told where the notebook's state at its end differs from that after an exercise's own cell."""

from __future__ import annotations

import functools

from autograder.sandbox.scenes import Cell, Changes, Scene
from autograder.sandbox.worker.standing import CELL, END
from autograder.sentences import Sentence, say

__all__ = ["state_notes"]

#: How many names and switches are named.
_SHOWN = 4


def state_notes(exercise: str, changes: Changes, scene: Scene | None) -> list[Sentence]:
    """Return the notes on one exercise; `scene` is the state in which the checks counted, None for the usual one."""
    notes = []
    again = changes.redefined(exercise)
    if again is not None and scene is not None and scene.which == END:
        notes.append(say("exercise.last-definition-counts", cell=_named(again), exercise=exercise))
    elif again is not None:
        notes.append(say("exercise.own-definition-counts", cell=_named(again), exercise=exercise))
    if scene is not None and scene.which == CELL:
        told = [
            say("exercise.other-meaning", cell=_named(cell), name=name)
            for name, cell in changes.names(exercise).items()
        ]
        switches = changes.switched.get(exercise, ())
        if switches:
            told.append(say("exercise.other-switches", count=len(switches), names=tuple(switches[:_SHOWN])))
        changed = functools.reduce(_and_then, told[:_SHOWN])
        notes.append(say("exercise.state-of-own-cell", changed=changed))
    return notes


def _and_then(first: Sentence, then: Sentence) -> Sentence:
    return say("exercise.both-clauses", first=first, then=then)


def _named(cell: Cell) -> Sentence:
    """Name a cell at the start of a sentence: "cell 14" or an exercise's id."""
    before, _, number = cell.name.partition("cell ")
    return say("exercise.the-cell", name=cell.name) if before or not number else say("exercise.cell", number=number)
