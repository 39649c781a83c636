"""Which exercises leave nothing behind in the process that their code is called in, as far as reading tells.

A process in which CUDA has started cannot be copied: a fresh copy of a notebook's state is one more run of the
notebook. Where no code that was called can have changed anything but what it was given and what it made, the process is
as the notebook left it, and the next exercise can be examined in it as in a fresh one.

Only a part of Python is known here. All other code counts as able to leave something behind, and costs a run.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.engines.hidden.harmless import (
    BUILT_IN,
    DECORATORS,
    FUNCTIONS,
    KNOWN,
    MAKES_FIXED,
    OF_TENSORS,
    OWN_OBJECTS,
    REACHING,
    SPECIAL,
    is_harmless,
    is_module,
)
from autograder.engines.hidden.scrutiny.source import DEFINITIONS, CodeCell, path_of, read_program

__all__ = ["quiet_exercises"]

_Own = ast.FunctionDef | ast.ClassDef | ast.Lambda

_COMPOSED = (ast.Constant, ast.Tuple, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.IfExp)
#: Built-in functions that take the name of an attribute.
_BY_TEXT = frozenset({"getattr", "hasattr", "setattr", "delattr"})
_DEPTH = 20


class _Unknown(Exception):
    """Something may be left behind."""


@dataclass(slots=True)
class _Meanings:
    """What a name of the notebook stands for: definitions of its own, names in libraries, values."""

    own: list[_Own] = field(default_factory=list)
    libraries: set[str] = field(default_factory=set)
    values: list[ast.expr | None] = field(default_factory=list)


def quiet_exercises(cells: Sequence[CodeCell], exercises: Iterable[str]) -> frozenset[str]:
    """Return the exercises whose code leaves nothing behind, for any arguments.

    Args:
        cells: the notebook's cells.
        exercises: the names that checks call.
    """
    try:
        notebook = _Notebook(cells)
        found = {name: notebook.leaves_nothing(name) for name in exercises}
    except (_Unknown, RecursionError, MemoryError):
        return frozenset()
    # An object of an exercise's class may be handed to any other one.
    if any(not quiet and notebook.is_class(name) for name, quiet in found.items()):
        return frozenset()
    return frozenset(name for name, quiet in found.items() if quiet)


class _Notebook:
    def __init__(self, cells: Sequence[CodeCell]) -> None:
        program = read_program(cells)
        if program.unreadable:
            raise _Unknown
        self._names: dict[str, _Meanings] = {}
        for place in program.places:
            for node in place.statement.nodes:
                if _names_of(node) & REACHING or any(n.startswith("register_module_") for n in _names_of(node)):
                    raise _Unknown
                if isinstance(node, ast.Import | ast.ImportFrom):
                    self._import(node)
        outer = [node for place in program.places for node in _outside_definitions(place.node)]
        for node in outer:
            self._bind(node)
        for place in program.places:
            for node in place.statement.nodes:
                self._refuse_tampering(node)
        for node in outer:
            self._refuse_handing_on(node)

    def is_class(self, name: str) -> bool:
        """Whether a name stands for a class, or for something that is not known."""
        meanings = self._names.get(name, _Meanings())
        return bool(meanings.values or meanings.libraries) or any(isinstance(n, ast.ClassDef) for n in meanings.own)

    def leaves_nothing(self, name: str) -> bool:
        """Whether the code behind a name, and all that it reaches, is known to leave nothing behind."""
        seen: set[int] = set()
        try:
            waiting = self._definitions(name)
            while waiting:
                definition = waiting.pop()
                if id(definition) not in seen:
                    seen.add(id(definition))
                    waiting += _Reader(self, definition).read()
        except _Unknown:
            return False
        return True

    # -- what names stand for ------------------------------------------------------------------------------

    def _of(self, name: str) -> _Meanings:
        return self._names.setdefault(name, _Meanings())

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                self._of(name).libraries.add(alias.name if alias.asname else name)
            return
        for alias in node.names:
            if alias.name == "*" or node.level:
                raise _Unknown
            self._of(alias.asname or alias.name).libraries.add(f"{node.module}.{alias.name}")

    def _bind(self, node: ast.AST) -> None:
        """Take note of the names that a node outside definitions binds."""
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            self._of(node.name).own.append(node)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                self._assign(target, node.value)
        elif isinstance(node, ast.For):
            self._bind_all(node.target)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._bind_all(node.optional_vars)
        elif isinstance(node, ast.NamedExpr):
            self._of(node.target.id).values.append(None)
        elif isinstance(node, ast.AsyncFunctionDef | ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            self._of(node.name).values.append(None)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self._of(node.rest).values.append(None)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if not isinstance(target, ast.Name):
            self._bind_all(target)
        elif isinstance(value, ast.Lambda):
            self._of(target.id).own.append(value)
        else:
            self._of(target.id).values.append(value)

    def _bind_all(self, target: ast.expr) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self._of(node.id).values.append(None)

    def _refuse_tampering(self, node: ast.AST) -> None:
        """Refuse a notebook that puts something into what its functions may use."""
        changed: ast.expr
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed = node
        elif isinstance(node, ast.Call) and _sets(node) and node.args:
            changed = node.args[0]
        else:
            return
        root = _root(changed)
        meanings = self._names.get(root.id, _Meanings()) if isinstance(root, ast.Name) else _Meanings()
        if meanings.own or any(path.partition(".")[0] != "matplotlib" for path in meanings.libraries):
            raise _Unknown

    def _refuse_handing_on(self, node: ast.AST) -> None:
        """Refuse a notebook whose cells set attributes by a text, or hand a whole module on: who knows what for."""
        if not isinstance(node, ast.Call):
            return
        given = {path for argument in node.args for path in self.paths(argument)}
        if _sets(node) or any(map(is_module, given)):
            raise _Unknown

    def _definitions(self, name: str, depth: int = 0) -> list[_Own]:
        """Return the notebook's definitions that a name stands for.

        Raises:
            _Unknown: if it may stand for something else than functions and classes of the notebook.
        """
        meanings = self._names.get(name, _Meanings())
        if meanings.libraries or depth > _DEPTH:
            raise _Unknown
        found = list(meanings.own)
        for value in meanings.values:
            if not isinstance(value, ast.Name):
                raise _Unknown
            found += self._definitions(value.id, depth + 1)
        return found

    def used(self, name: str, rest: Sequence[str] = (), depth: int = 0) -> list[_Own]:
        """Return the notebook's definitions behind a name, and the attributes `rest` of it, that code uses.

        Raises:
            _Unknown: if that is anything but a definition, a harmless name of a library, or a value that nobody can
                change.
        """
        meanings = self._names.get(name)
        if depth > _DEPTH:
            raise _Unknown
        if meanings is None:
            if name not in BUILT_IN:
                raise _Unknown
            return []
        for path in meanings.libraries:
            if not is_harmless(".".join((path, *rest))):
                raise _Unknown
        found = list(meanings.own)
        for value in meanings.values:
            parts = path_of(value)
            if parts:
                found += self.used(parts[0], (*parts[1:], *rest), depth + 1)
            elif value is None or not self.is_fixed(value, depth + 1):
                raise _Unknown
        return found

    def is_fixed(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether an expression is a value that nothing can change."""
        if depth > _DEPTH:
            return False
        if isinstance(node, ast.Name | ast.Attribute):
            return self._names_fixed(path_of(node), depth)
        parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        if isinstance(node, ast.Call):
            makes = self.paths(node.func) <= MAKES_FIXED | FUNCTIONS or self._of_math(node.func)
            return makes and not node.keywords and all(self.is_fixed(part, depth + 1) for part in node.args)
        return isinstance(node, _COMPOSED) and all(self.is_fixed(part, depth + 1) for part in parts)

    def _names_fixed(self, path: Sequence[str], depth: int) -> bool:
        try:
            return bool(path) and not self.used(path[0], path[1:], depth + 1)
        except _Unknown:
            return False

    def _of_math(self, node: ast.expr) -> bool:
        return all(path.startswith("math.") for path in self.paths(node))

    def paths(self, node: ast.expr) -> set[str]:
        """Return the names in libraries, or the built-in name, that an expression may stand for; "?" for others."""
        path = path_of(node)
        if not path:
            return {"?"}
        meanings = self._names.get(path[0])
        if meanings is None:
            return {".".join(path)}
        if meanings.own or meanings.values:
            return {"?"}
        return {".".join((library, *path[1:])) for library in meanings.libraries}


class _Reader:
    """Reads one definition that stands outside others, with all that is inside it."""

    def __init__(self, notebook: _Notebook, definition: _Own) -> None:
        self._notebook = notebook
        self._definition = definition
        self._outside = _outside_names(definition)
        #: Whether a text in it may be part of a name that leads anywhere.
        self._spells = any(
            isinstance(node, ast.Constant) and isinstance(node.value, str) and "_" in (node.value[:1], node.value[-1:])
            for node in ast.walk(definition)
        )
        self._found: list[_Own] = []
        self._inner: set[int] = set()

    def read(self) -> list[_Own]:
        """Return the notebook's definitions that it uses.

        Raises:
            _Unknown: if it may leave something behind.
        """
        self._defaults(self._definition)
        for node in ast.walk(self._definition):
            if not isinstance(node, KNOWN):
                raise _Unknown
            if isinstance(node, ast.Name | ast.Attribute) and id(node) not in self._inner:
                self._use(node)
            elif isinstance(node, ast.Subscript):
                self._change(node)
            elif isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, ast.ClassDef):
                self._class(node)
            elif isinstance(node, ast.FunctionDef):
                self._decorators(node.decorator_list)
        return self._found

    def _defaults(self, definition: ast.AST) -> None:
        """Refuse a default that all calls share and may change."""
        if isinstance(definition, ast.ClassDef):
            for statement in definition.body:
                self._defaults(statement)
        elif isinstance(definition, ast.FunctionDef | ast.Lambda):
            given = definition.args
            defaults = [default for default in (*given.defaults, *given.kw_defaults) if default is not None]
            if not all(map(self._notebook.is_fixed, defaults)):
                raise _Unknown

    def _use(self, node: ast.Name | ast.Attribute) -> None:
        path = path_of(node)
        part: ast.expr = node
        while isinstance(part, ast.Attribute):
            if part.attr.startswith("__") and part.attr not in SPECIAL:
                raise _Unknown
            part = part.value
            if path:
                # The chain is looked at as a whole.
                self._inner.add(id(part))
        outside = bool(path) and path[0] in self._outside
        if not isinstance(node.ctx, ast.Load):
            if outside or not self._may_set(node):
                raise _Unknown
        elif outside:
            self._found += self._notebook.used(path[0], path[1:])

    def _change(self, node: ast.Subscript) -> None:
        root = _root(node)
        if not isinstance(node.ctx, ast.Load) and isinstance(root, ast.Name) and root.id in self._outside:
            raise _Unknown

    def _may_set(self, node: ast.Name | ast.Attribute) -> bool:
        if isinstance(node, ast.Name) or node.attr in OF_TENSORS:
            return True
        return isinstance(node.value, ast.Name) and node.value.id in OWN_OBJECTS

    def _call(self, node: ast.Call) -> None:
        """Refuse an attribute that a text leads to, unless it is one of an object that the code was given or made."""
        if not isinstance(node.func, ast.Name):
            return
        if node.func.id == "type" and len(node.args) != 1:
            raise _Unknown
        if node.func.id not in _BY_TEXT or len(node.args) < 2:  # noqa: PLR2004 - the object and the name
            return
        origin = _origin(node.args[0])
        own = isinstance(origin, ast.Name) and origin.id not in self._outside
        name = node.args[1]
        if isinstance(name, ast.Constant):
            plain = isinstance(name.value, str) and not name.value.startswith("__")
        else:
            plain = own and not self._spells
        if not plain or (_sets(node) and not own):
            raise _Unknown

    def _class(self, node: ast.ClassDef) -> None:
        """What stands in a class is shared by all its objects."""
        if node.keywords:
            raise _Unknown
        self._decorators(node.decorator_list)
        for statement in node.body:
            match statement:
                case ast.FunctionDef() | ast.Pass() | ast.Expr(value=ast.Constant()) | ast.AnnAssign(value=None):
                    continue
                case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                    of_fields = isinstance(value, ast.Call) and self._notebook.paths(value.func) == {
                        "dataclasses.field"
                    }
                    if not of_fields and not self._notebook.is_fixed(value):
                        raise _Unknown
                case _:
                    raise _Unknown

    def _decorators(self, nodes: Iterable[ast.expr]) -> None:
        for node in nodes:
            function = node.func if isinstance(node, ast.Call) else node
            if isinstance(function, ast.Attribute) and function.attr == "setter":
                continue
            if not self._notebook.paths(function) <= DECORATORS:
                raise _Unknown


def _sets(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id in {"setattr", "delattr"}


def _outside_definitions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement that run when its cell does; of a definition only itself."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*DEFINITIONS, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def _names_of(node: ast.AST) -> set[str]:
    """Return the names that a node itself writes."""
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.Attribute):
        # `model.eval()` runs no text.
        return {node.attr} - {"eval"}
    if isinstance(node, ast.alias):
        return {*node.name.split("."), node.asname or ""}
    if isinstance(node, ast.ImportFrom):
        return set((node.module or "").split("."))
    return set()


def _outside_names(definition: _Own) -> frozenset[str]:
    """Return the names that a definition takes from the notebook or from Python.

    Raises:
        _Unknown: if a name is its own in one place and taken from outside in another.
    """
    text = ast.unparse(definition)
    outer = symtable.symtable(f"({text})" if isinstance(definition, ast.Lambda) else text, "notebook", "exec")
    outside = {s.get_name() for s in outer.get_symbols() if s.is_referenced()}
    inside: set[str] = set()
    waiting = list(outer.get_children())
    while waiting:
        scope = waiting.pop()
        waiting += scope.get_children()
        for symbol in scope.get_symbols():
            if symbol.is_global():
                outside.add(symbol.get_name())
            elif scope.get_type() != "class" or symbol.is_referenced():
                inside.add(symbol.get_name())
    if outside & inside:
        raise _Unknown
    return frozenset(outside)


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node


def _origin(node: ast.expr) -> ast.expr:
    """Return what an object was taken from, by attributes, entries and calls of methods."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node
