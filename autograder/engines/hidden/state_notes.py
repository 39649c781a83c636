"""What a student is told where a notebook's state is otherwise at its end than after an exercise's own cell."""

from __future__ import annotations

from autograder.sandbox.scenes import Cell, Changes, Scene
from autograder.sandbox.worker.standing import CELL, END

__all__ = ["state_notes"]

#: How many names and switches are told.
_SHOWN = 4


def state_notes(exercise: str, changes: Changes, scene: Scene | None) -> list[str]:
    """Return the notes on one exercise; `scene` is the try that counts, None for the usual one."""
    notes = []
    again = changes.redefined(exercise)
    if again is not None and scene is not None and scene.which == END:
        notes.append(
            f"{_named(again)} defines {exercise} again. That definition counts: more checks pass with it than with the "
            "one in the exercise's own cell."
        )
    elif again is not None:
        notes.append(f"{_named(again)} defines {exercise} again; the definition in the exercise's own cell counts.")
    if scene is not None and scene.which == CELL:
        told = [f"{_named(cell)} gives `{name}` another meaning" for name, cell in changes.names(exercise).items()]
        switches = changes.switched.get(exercise, ())
        if switches:
            listed = ", ".join(switches[:_SHOWN])
            told.append(f"{listed} {'is' if len(switches) == 1 else 'are'} not as in a new notebook")
        notes.append(
            f"More checks pass with your notebook as it was after this exercise's own cell, so they ran there: "
            f"{'; '.join(told[:_SHOWN])}."
        )
    return notes


def _named(cell: Cell) -> str:
    """Name a cell at the start of a sentence: "cell 14" or an exercise's id."""
    return cell.name.capitalize() if cell.name.startswith("cell ") else f"The cell {cell.name}"
