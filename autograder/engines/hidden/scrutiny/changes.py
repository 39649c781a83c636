"""What a statement changes without binding it: `d[k] = …`, `d.append(…)`, `setattr(torch, …)`, `globals()[…] = …`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["LAMBDA", "DefinitionChanges", "changes_in", "given_names", "handed_in", "imported_packages"]

#: Methods that put something into what they are called on.
_METHODS = frozenset(
    {
        *("append", "appendleft", "extend", "insert", "add", "update", "setdefault", "push", "put"),
        *("__setitem__", "__ior__", "__iadd__", "add_module", "register_module", "register_buffer"),
    }
)
#: Functions that change their first argument.
_FUNCTIONS = frozenset(
    {
        *("setattr", "delattr", "setitem", "__setattr__", "__setitem__", "iadd", "ior", "heappush"),
        *("append", "extend", "insert", "update", "setdefault"),
    }
)
#: Stands for a function without a name.
LAMBDA = "<lambda>"
#: How many parts of an argument are looked at.
_MOST_HANDED = 200
#: Calls that return a namespace which other code looks its names up in.
_NAMESPACES = frozenset({"globals", "vars", "locals", "get_ipython", "__import__"})


@dataclass(frozen=True, slots=True)
class DefinitionChanges:
    """What is changed.

    `roots`: the names of objects that something is put into. `modules`: the ones that may be modules, because an
    attribute is set or their namespace is written to. `far`: a namespace is changed that has no name here.
    """

    roots: frozenset[str]
    modules: frozenset[str]
    far: bool


def changes_in(nodes: Iterable[ast.AST]) -> DefinitionChanges:
    """Return what these nodes change."""
    roots: set[str] = set()
    modules: set[str] = set()
    far = False
    for node in nodes:
        for changed, sets in _changed(node):
            name, namespace = _root(changed)
            if name in _NAMESPACES:
                far = True
            elif name:
                roots.add(name)
                if sets or namespace:
                    modules.add(name)
    return DefinitionChanges(frozenset(roots), frozenset(modules), far)


def handed_in(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, bool, str]]:
    """Yield what methods and functions are given: the name of the object or function, whether it is a method, a name.

    `store.set(helper)` may put the helper into the store, the method can have any name; `map(store.add, [helper])` too.
    The name of a function without one is `LAMBDA`.
    """
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        given = list(_given(node))
        methods = [node.func, *given]
        owners = {(_root(m.value)[0], True) for m in methods if isinstance(m, ast.Attribute)}
        if isinstance(node.func, ast.Name):
            owners.add((node.func.id, False))
        for name in _names(given):
            yield from ((owner, by_method, name) for owner, by_method in owners if owner)


def given_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that functions and methods are given, with `LAMBDA`."""
    for node in nodes:
        if isinstance(node, ast.Call):
            yield from _names(_given(node))


def _given(call: ast.Call) -> Iterator[ast.expr]:
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        yield from _within(argument)


def _names(given: Iterable[ast.expr]) -> Iterator[str]:
    for part in given:
        if isinstance(part, ast.Name | ast.Lambda):
            yield part.id if isinstance(part, ast.Name) else LAMBDA


def _within(node: ast.expr) -> Iterator[ast.expr]:
    """Yield an argument, and what stands in a list, tuple, set, dictionary or call there."""
    waiting: list[ast.expr | None] = [node]
    for _ in range(_MOST_HANDED):
        if not waiting:
            return
        inner = waiting.pop()
        if inner is None:
            continue
        yield inner
        if isinstance(inner, ast.List | ast.Tuple | ast.Set):
            waiting += inner.elts
        elif isinstance(inner, ast.Dict):
            waiting += inner.values
        elif isinstance(inner, ast.Starred | ast.NamedExpr):
            waiting.append(inner.value)
        elif isinstance(inner, ast.Call):
            waiting += inner.args


def imported_packages(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names that an import binds, each with the package that it comes from."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            package = alias.name.partition(".")[0]
            yield alias.asname or package, package
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name, (node.module or "").partition(".")[0]


def _changed(node: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what a node changes, and whether an attribute or an entry is set."""
    if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        yield node.value, True
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target, False
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in _METHODS:
            yield node.func.value, False
        # `list.append(x, …)` and `operator.setitem(x, …)` change x; `x.append(y)` also yields y, which does no harm.
        if node.func.attr in _FUNCTIONS and node.args:
            yield node.args[0], node.func.attr not in _METHODS
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS:
        for argument in node.args[:1]:
            yield argument, True


def _root(node: ast.expr) -> tuple[str, bool]:
    """Return the name at the beginning of a chain of attributes and entries, empty if the chain has no name there.

    The second value says whether the chain leads through the namespace of that name.
    """
    namespace = False
    while True:
        if isinstance(node, ast.Attribute):
            if node.attr == "backends":
                # Settings such as `torch.backends.cudnn.deterministic = True`.
                return "", False
            namespace = namespace or node.attr in {"__dict__", "modules", "user_ns"}
            node = node.value
        elif isinstance(node, ast.Subscript | ast.Starred | ast.Await):
            node = node.value
        elif isinstance(node, ast.NamedExpr):
            node = node.target
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # `d.setdefault(k, {})[j] = …` is a part of d.
            node = node.func.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            function = node.func.id
            if function not in {"vars", "getattr"} or not node.args:
                return function if function in _NAMESPACES else "", True
            namespace = True
            node = node.args[0]
        else:
            return node.id if isinstance(node, ast.Name) else "", namespace
