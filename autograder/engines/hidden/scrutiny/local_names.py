"""The nodes of a statement, function by function, and which names are local there."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Local", "by_function", "free_names", "nodes_of"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def nodes_of(root: ast.AST) -> list[ast.AST]:
    """Return all nodes of a tree level by level, without those for load and store."""
    found = [root]
    for node in found:
        found += _children(node)
    return found


def _children(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            if not isinstance(value, ast.expr_context):
                found.append(value)
        elif isinstance(value, list):
            found += [item for item in value if isinstance(item, ast.AST)]
    return found


@dataclass(frozen=True, slots=True)
class Local:
    """The names that are local in a function, those after `global`, and defaults; `outer` is the function around it.

    Sets are not joined: thousands of small functions in a large one would each hold all its names.
    """

    own: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    outer: Local | None = None
    defaults: tuple[tuple[str, ast.expr], ...] = ()

    def has(self, name: str) -> bool:
        """Whether a name is local here, by this function or one around it."""
        scope: Local | None = self
        while scope is not None:
            if name in scope.shared:
                return False
            if name in scope.own:
                return True
            scope = scope.outer
        return False


def by_function(statement: ast.stmt) -> Iterator[tuple[list[ast.AST], Local]]:
    """Yield the nodes of each function in a statement, and of what is in none, with the names that are local there.

    A comprehension is a function, too: its variable is not known outside. What is around functions comes first, then
    the statement itself, if it is a function.
    """
    waiting: list[tuple[list[ast.AST], Local]] = [([statement], Local())]
    for nodes, local in waiting:
        for node in nodes:
            if isinstance(node, _FUNCTIONS):
                body = _body(node)
                inside = set(map(id, body))
                # Defaults, decorators and annotations are worked where the function is made.
                nodes.extend(part for part in _children(node) if id(part) not in inside)
                waiting.append((body, _local(node, local)))
            elif isinstance(node, _COMPREHENSIONS):
                first, *others = node.generators
                nodes.append(first.iter)
                body = [part for part in _children(node) if not isinstance(part, ast.comprehension)]
                body += [first.target, *first.ifs, *others]
                waiting.append((body, _of_comprehension(node, local)))
            else:
                nodes.extend(_children(node))
        yield nodes, local


def _local(function: _Function, outer: Local) -> Local:
    arguments = function.args
    own = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    own |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
    shared: set[str] = set()
    around: set[str] = set()
    nodes = _body(function)
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own.update([node.name] if node.name else [])
        elif isinstance(node, ast.Global):
            shared.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            around.update(node.names)
        if not isinstance(node, (*_FUNCTIONS, *_COMPREHENSIONS, ast.ClassDef)):
            nodes += _children(node)
    placed = [*arguments.posonlyargs, *arguments.args]
    pairs = zip(placed[len(placed) - len(arguments.defaults) :], arguments.defaults, strict=True)
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    defaults = tuple((argument.arg, value) for argument, value in (*pairs, *named) if value is not None)
    return Local(frozenset(own - around), frozenset(shared), outer, defaults)


def _body(function: _Function) -> list[ast.AST]:
    return [function.body] if isinstance(function, ast.Lambda) else [*function.body]


def _of_comprehension(node: _Comprehension, outer: Local) -> Local:
    targets = [inner for generator in node.generators for inner in nodes_of(generator.target)]
    own = {inner.id for inner in targets if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}
    return Local(frozenset(own), frozenset(), outer)


def free_names(parts: Iterable[tuple[list[ast.AST], Local]]) -> set[str]:
    """Return the names that a statement takes from outside, without those that its functions bind themselves."""
    found: set[str] = set()
    for nodes, local in parts:
        names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        found.update(name for name in names if not local.has(name))
    return found
