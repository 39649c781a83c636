"""The state after each exercise's own cell: the switches, and the objects that the names in its code were bound to.

Nothing is copied: a name is noted with its object. Checks find the definitions of the exercises' own cells and the
switches of the start. If the judge asks for it, they find one exercise's names and switches as they were after its cell
(`CELL`), or its name as the notebook left it (`END`).
"""

from __future__ import annotations

import builtins
import types
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from opcode import opmap
from typing import Any

from autograder.sandbox.worker.switches import Switches, read_switches, set_switches

__all__ = ["CELL", "END", "Standing"]

CELL = "cell"
END = "end"

_ABSENT = object()
_LOAD_GLOBAL, _LOAD_NAME, _EXTENDED_ARG = (opmap[name] for name in ("LOAD_GLOBAL", "LOAD_NAME", "EXTENDED_ARG"))
#: The most functions and classes of the notebook that are followed from an exercise.
_MAX_FOLLOWED = 200
_MAX_WRAPPED = 16


@dataclass(slots=True)
class _Noted:
    """An exercise after its own cell; `names` are those in its code, with the objects that they were bound to."""

    definition: Any
    names: dict[str, Any]
    switches: Switches | None
    told: set[str]


class Standing:
    """Notes of one process; a copy of the process has them too."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._start = read_switches()
        self._noted: dict[str, _Noted] = {}
        #: What all names meant when the notebook had run, once that is known.
        self._end: dict[str, Any] | None = None

    def after_cell(self, exercise: str | None) -> dict[str, list[Any]]:
        """Note the current state; `exercise` is the one whose own cell has just run.

        Returns:
            `moved`: pairs of an exercise and a name in its code that this cell bound to something else; `switched`:
            after an exercise's own cell, the switches that differ from the start.
        """
        moved = [
            [other, name]
            for other, noted in self._noted.items()
            if other != exercise
            for name, value in noted.names.items()
            if value is not _ABSENT and name not in noted.told and self._found(name) is not value
        ]
        for other, name in moved:
            self._noted[other].told.add(name)
        switched: list[str] = []
        if exercise is not None:
            now = read_switches()
            switched = self._start.differing(now)
            self._noted[exercise] = _Noted(
                self._namespace.get(exercise, _ABSENT),
                self._names_of(exercise),
                now if switched else None,
                set(),
            )
        return {"moved": moved, "switched": switched}

    def set_scene(self, scene: str | None = None, exercise: str = "") -> None:
        """Set the state that a check expects; call it once in a process.

        Args:
            scene: None for the exercises' own definitions and the switches of the start; `CELL` or `END` for another
                state of `exercise`, see above.
            exercise: the exercise of that scene.
        """
        if self._end is None:
            self._end = dict(self._namespace)
        else:
            for name in self._namespace.keys() - self._end.keys():
                del self._namespace[name]
            self._namespace.update(self._end)
        for name, noted in self._noted.items():
            if noted.definition is not _ABSENT and not (scene == END and name == exercise):
                self._namespace[name] = noted.definition
        noted_one = self._noted.get(exercise)
        wanted = self._start
        if scene == CELL and noted_one is not None:
            for name, value in noted_one.names.items():
                self._bind(name, value)
            wanted = noted_one.switches or self._start
        set_switches(wanted)

    def _found(self, name: str) -> Any:
        """Return what a name means to the notebook's code."""
        return self._namespace.get(name, vars(builtins).get(name, _ABSENT))

    def _bind(self, name: str, value: Any) -> None:
        """Bind a name to its noted object again; a name that had none may have been defined later."""
        if self._found(name) is value or value is _ABSENT:
            return
        self._namespace.pop(name, None)
        if self._found(name) is not value:
            self._namespace[name] = value

    def _names_of(self, exercise: str) -> dict[str, Any]:
        """Return the names that an exercise's code looks up, with their objects; its own name is among them."""
        names = {exercise: self._found(exercise)}
        waiting = [exercise]
        # A notebook can change an object's attributes in any way; then less is noted.
        with suppress(Exception):
            while waiting and len(names) < _MAX_FOLLOWED:
                for code in _codes_of(names[waiting.pop()]):
                    for name in _names_in(code):
                        if name not in names:
                            names[name] = self._found(name)
                            waiting.append(name)
        return names


def _codes_of(value: Any) -> Iterator[types.CodeType]:
    """Yield the code of a notebook's function, of all methods of a notebook's class, and of what they wrap."""
    if isinstance(value, type):
        if getattr(value, "__module__", "") == "__main__":
            for base in value.__mro__:
                if base.__module__ == "__main__":
                    for member in vars(base).values():
                        yield from _codes_of_function(member)
        return
    yield from _codes_of_function(value)


def _codes_of_function(value: Any) -> Iterator[types.CodeType]:
    for _ in range(_MAX_WRAPPED):
        if isinstance(value, (staticmethod, classmethod)):
            value = value.__func__
        elif isinstance(value, property):
            value = value.fget
        if isinstance(value, types.FunctionType):
            if value.__module__ == "__main__":
                yield value.__code__
            for cell in value.__closure__ or ():
                inner = cell.cell_contents
                if isinstance(inner, types.FunctionType) and inner.__module__ == "__main__":
                    yield inner.__code__
        value = getattr(value, "__wrapped__", None)
        if value is None:
            return


def _names_in(code: types.CodeType) -> Iterator[str]:
    """Yield the global names that code, and the code inside it, looks up."""
    instructions = code.co_code
    extended = 0
    for operation, argument in zip(instructions[::2], instructions[1::2], strict=True):
        number = extended << 8 | argument
        extended = number if operation == _EXTENDED_ARG else 0
        if operation == _LOAD_GLOBAL:
            # The lowest bit says whether the name is to be called.
            yield code.co_names[number >> 1]
        elif operation == _LOAD_NAME:
            yield code.co_names[number]
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)
