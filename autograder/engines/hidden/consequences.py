"""Exercises that lose points only because they call an earlier one that is wrong.

Where `assignment.toml` lends an exercise an earlier function, the exercise is examined once more with a right function
in its place (`lender`), and the better examination counts. Of other earlier functions the student is only told whether
the exercise would pass with right ones: that changes no points.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.course.assignment import Exercise
from autograder.engines.hidden.parsing import parse_cell, pieces_of
from autograder.sandbox.cells import Cell
from autograder.sentences import say
from autograder.verdict import ExerciseResult

__all__ = ["Loan", "blamed", "called_names", "loans", "spared"]

#: The most words and signs of other cells that are read to see what an exercise calls.
_MOST_PIECES = 150_000


@dataclass(frozen=True, slots=True)
class Loan:
    """Earlier exercises that are lent to one, and whether the checks that pass with them count."""

    names: tuple[str, ...]
    counts: bool


def called_names(exercise: str, cells: Iterable[Cell]) -> frozenset[str]:
    """Return the names that an exercise's cell uses, directly or through the definitions of these names.

    Args:
        exercise: its id, which is its cell's name.
        cells: the notebook's cells.
    """
    behind: dict[str, set[str]] = {}
    own: set[str] = set()
    room = _MOST_PIECES
    for cell in cells:
        # The exercise's own cell is read in any case; what a notebook has beyond a bound tells too little.
        if cell.name != exercise:
            room -= pieces_of(cell.source)
            if room < 0:
                continue
        try:
            tree = parse_cell(cell.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if cell.name == exercise:
            own |= _used(tree)
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                behind.setdefault(node.name, set()).update(_used(node))
    found: set[str] = set()
    waiting = list(own)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += behind.get(name, ())
    return frozenset(found - {exercise})


def _used(tree: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def loans(
    exercise: Exercise,
    before: Sequence[Exercise],
    passed: Mapping[str, bool],
    names: frozenset[str],
    reference: Mapping[str, Any],
) -> list[Loan]:
    """Return the loans to try for an exercise that did not pass: what it is lent, then all wrong ones that it calls.

    Args:
        exercise: the exercise.
        before: the exercises before it.
        passed: by id, whether an exercise passed every check; only those that were examined.
        names: the names that its code calls.
        reference: what the reference defines.
    """
    wrong = [
        e.id
        for e in before
        if e.id in names
        and isinstance(reference.get(e.id), types.FunctionType)
        # An exercise that was not examined in this run may be wrong.
        and not passed.get(e.id, False)
    ]
    lent = tuple(name for name in wrong if name in exercise.lends)
    all_of_them = tuple(name for name in wrong if name in lent or name in passed)
    found = [Loan(lent, counts=True)] if lent else []
    if len(all_of_them) > len(lent):
        found.append(Loan(all_of_them, counts=False))
    return found


def spared(result: ExerciseResult, names: Sequence[str]) -> ExerciseResult:
    """Return the result of an exercise that was examined with lent functions and counts, with a note that says so."""
    note = say("exercise.lent", count=len(names), names=_quoted(names), exercise=result.id)
    return replace(result, notes=(*result.notes, note))


def blamed(result: ExerciseResult, names: Sequence[str]) -> ExerciseResult:
    """Return the result of an exercise that would pass with right functions; its first sentence says so."""
    said = say("exercise.because-of", count=len(names), names=_quoted(names), exercise=result.id)
    return replace(result, headline=said)


def _quoted(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"`{name}`" for name in names)
