"""A notebook's cells as syntax trees, and which of their definitions an exercise reaches."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["DEFINITIONS", "Place", "Program", "read_program"]

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

MAX_CELL = 200_000
MAX_NODES = 200_000


class Cell(Protocol):
    """A code cell."""

    @property
    def name(self) -> str:
        """How a student knows it."""

    @property
    def source(self) -> str:
        """Its text."""


@dataclass(frozen=True, slots=True)
class Place:
    """A statement of some cell."""

    cell: str
    node: ast.stmt


@dataclass(slots=True)
class Program:
    """All cells that are Python: top-level definitions by name, other top-level statements, and what is unreadable.

    A cell that is not valid Python does not run either, so nothing is missed by leaving it out.
    """

    definitions: dict[str, list[Place]] = field(default_factory=dict)
    statements: list[Place] = field(default_factory=list)
    #: All top-level statements, definitions among them, once each.
    places: list[Place] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    #: Names of all functions and classes, those inside of others too.
    own: set[str] = field(default_factory=set)

    def reached(self, name: str) -> list[Place]:
        """Return the definitions that `name` uses, directly or through others, its own first."""
        found: list[Place] = []
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            for place in self.definitions.get(current, ()):
                found.append(place)
                waiting += [n for n in _free_names(place.node) if n in self.definitions and n not in seen]
        return found


def _free_names(node: ast.AST) -> set[str]:
    """The names that a statement takes from outside: those that a function binds itself are not."""
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)}
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        own: set[str] = set()
        shared: set[str] = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.arg):
                own.add(inner.arg)
            elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                own.add(inner.id)
            elif isinstance(inner, ast.Global):
                shared.update(inner.names)
        for default in (*node.args.defaults, *node.args.kw_defaults, *node.decorator_list):
            if default is not None:
                shared |= _free_names(default)
        return (names - own) | shared
    if isinstance(node, ast.ClassDef):
        inner_names = [_free_names(child) for child in ast.iter_child_nodes(node)]
        return set().union(*inner_names)
    return names


def read_program(cells: Sequence[Cell]) -> Program:
    """Parse cells as IPython would."""
    program = Program()
    nodes = 0
    for cell in cells:
        tree = _parsed(cell.source)
        if tree is None:
            continue
        nodes += sum(1 for _ in ast.walk(tree)) if len(cell.source) <= MAX_CELL else MAX_NODES
        if nodes > MAX_NODES:
            program.unreadable.append(cell.name)
            continue
        for statement in tree.body:
            place = Place(cell.name, statement)
            program.places.append(place)
            program.own.update(inner.name for inner in ast.walk(statement) if isinstance(inner, DEFINITIONS))
            names = _bound(statement)
            for name in names:
                program.definitions.setdefault(name, []).append(place)
            if not isinstance(statement, DEFINITIONS):
                program.statements.append(place)
    return program


def _parsed(source: str) -> ast.Module | None:
    if len(source) > MAX_CELL:
        return ast.Module([], [])
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    # Only a cell with magics needs IPython, which takes long to import.
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        plain: str = TransformerManager().transform_cell(_without_cell_magic(source))
        return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_cell_magic(source: str) -> str:
    """Blank the line of a cell magic: what follows `%%time` or `%%capture` is Python that runs."""
    lines = source.split("\n")
    for i, line in enumerate(lines):
        if line.strip():
            if line.startswith("%%"):
                lines[i] = ""
            break
    return "\n".join(lines)


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a top-level statement defines: functions, classes, assigned names, imports within it."""
    if isinstance(statement, DEFINITIONS):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return set()
    names = set()
    for inner in ast.walk(statement):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            names.add(inner.id)
        elif isinstance(inner, DEFINITIONS):
            names.add(inner.name)
        elif isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
            # `sgd_step.__code__ = ...` changes what the name stands for.
            names.update(n.id for n in ast.walk(inner.value) if isinstance(n, ast.Name))
    return names
