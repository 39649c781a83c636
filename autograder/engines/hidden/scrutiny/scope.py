"""What names stand for in a notebook, and how much reading may cost.

Reading builds texts and sets of names out of a student's code, so it has three bounds: the steps, the bytes of all
texts together, and the number of things that one name may stand for. Beyond a bound a value stays unknown, and the
scope remembers that something was lost.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

__all__ = ["MAX_NUMBER_BITS", "MAX_TEXT", "Budget", "Scope", "Value", "bindings_of"]

MAX_TEXT = 10_000
MAX_STEPS = 300_000
MAX_BYTES = 16 << 20
#: How many things a name may stand for.
MAX_MEANINGS = 32
MAX_NUMBER_BITS = 64

Value = str | bytes | int | None


@dataclass(slots=True)
class Budget:
    """What is left for one notebook."""

    steps: int = MAX_STEPS
    room_bytes: int = MAX_BYTES
    #: Whether something was not read because it would have cost too much.
    lost: bool = False

    def spend(self, steps: int = 1) -> bool:
        """Take steps; False when none are left. A student's code can double its names with every line."""
        self.steps -= steps
        if self.steps <= 0:
            self.lost = True
        return self.steps > 0

    def build(self, size: int) -> bool:
        """Whether a text of this size may be made; call it before making the text."""
        if size > MAX_TEXT:
            return False
        self.room_bytes -= size + 64
        if self.room_bytes <= 0:
            self.lost = True
            return False
        return self.spend(1 + size // 256)

    def few(self, names: Iterable[str]) -> set[str]:
        """Return as many of the names as one object may have."""
        found: set[str] = set()
        for name in names:
            if len(found) >= MAX_MEANINGS or not self.build(len(name)):
                self.lost = True
                break
            found.add(name)
        return found


@dataclass(slots=True)
class Scope:
    """What names stand for: imports, assignments, defaults and patterns. A name that is bound twice may mean either.

    A function's own names hide those of the notebook (`parent`), unless they are bound only further inside (`inside`):
    by a comprehension, or as an argument of another function.
    """

    imports: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)
    arguments: set[str] = field(default_factory=set)
    inside: set[str] = field(default_factory=set)
    #: The modules of which all names were imported.
    stars: set[str] = field(default_factory=set)
    #: By name, what a loop over it goes through.
    looped: dict[str, list[ast.expr]] = field(default_factory=dict)
    names_of: dict[str, set[str]] = field(default_factory=dict)
    text_of: dict[str, Value] = field(default_factory=dict)
    parent: Scope | None = None
    budget: Budget = field(default_factory=Budget)

    def inner(self) -> Scope:
        """Return a scope inside this one."""
        return Scope(parent=self, budget=self.budget)

    def holder(self, name: str) -> Scope:
        """Return the scope in which a name is bound; for an unbound name the outermost scope."""
        nearest: Scope | None = None
        scope = self
        while True:
            if name in scope.imports or name in scope.values or name in scope.defined:
                if name not in scope.inside:
                    return scope
                nearest = nearest or scope
            if scope.parent is None:
                return nearest or scope
            scope = scope.parent

    def learn(self, nodes: Iterable[ast.AST]) -> None:
        """Record every binding among these nodes."""
        self.names_of.clear()
        self.text_of.clear()
        for node in nodes:
            self._learn(node)

    def _learn(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                self.imports.setdefault(name, set()).add(alias.name if alias.asname else name)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            self.stars.update(node.module for alias in node.names if alias.name == "*")
            for alias in node.names:
                self.imports.setdefault(alias.asname or alias.name, set()).add(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            self._assign(node.target, node.value)
        elif isinstance(node, ast.Match):
            for name, value in bindings_of(node):
                self._bind(name, value)
        else:
            self._define(node)

    def _define(self, node: ast.AST) -> None:
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            self.looped.setdefault(node.target.id, []).append(node.iter)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.defined.add(node.name)
        elif isinstance(node, ast.arg):
            self.defined.add(node.arg)
            self.arguments.add(node.arg)
        elif isinstance(node, ast.arguments):
            # An argument may have its default value.
            for argument, default in defaults_of(node):
                self._bind(argument, default)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            # Names that a loop, a with or a star binds.
            self.defined.add(node.id)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._bind(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for inner, given in zip(target.elts, value.elts, strict=False):
                self._assign(inner, given)

    def _bind(self, name: str, value: ast.expr) -> None:
        if name:
            self.values.setdefault(name, []).append(value)


def defaults_of(arguments: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    """Yield the arguments of a function that have a default, each with its default."""
    positional = [*arguments.posonlyargs, *arguments.args]
    given = arguments.defaults
    for argument, default in zip(positional[len(positional) - len(given) :], given, strict=True):
        yield argument.arg, default
    for argument, default_ in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default_ is not None:
            yield argument.arg, default_


def bindings_of(node: ast.Match) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that the patterns of a match statement bind; parts that read an attribute have the name `""`.

    `case object(_VF=x)` fetches an attribute whose name is not written as an attribute: it is read as `getattr`.
    """
    waiting: list[tuple[ast.pattern, ast.expr]] = [(case.pattern, node.subject) for case in node.cases]
    while waiting:
        pattern, subject = waiting.pop()
        if isinstance(pattern, ast.MatchAs):
            if pattern.name is not None:
                yield pattern.name, subject
            if pattern.pattern is not None:
                waiting.append((pattern.pattern, subject))
        elif isinstance(pattern, ast.MatchOr):
            waiting += [(p, subject) for p in pattern.patterns]
        elif isinstance(pattern, ast.MatchClass):
            for name, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
                fetched = ast.Call(ast.Name("getattr", ast.Load()), [subject, ast.Constant(name)], [])
                ast.copy_location(fetched, pattern)
                yield "", fetched
                waiting.append((inner, fetched))
        elif isinstance(pattern, ast.MatchMapping):
            for key, inner in zip(pattern.keys, pattern.patterns, strict=True):
                waiting.append((inner, ast.copy_location(ast.Subscript(subject, key, ast.Load()), pattern)))
