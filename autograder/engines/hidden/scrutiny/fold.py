"""What an expression stands for, as far as reading it tells: a dotted name, or a text that is put together.

Only a small, closed part of Python is followed, within a bounded number of steps; whatever else there is stays
unknown, which is not innocent.
"""

from __future__ import annotations

import ast
import base64
import binascii
import codecs
import glob
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["INDIRECT", "Scope", "dotted", "pattern", "text"]

#: Begins a dotted name that was not written as one, but reached through a text.
INDIRECT = "~"
MAX_TEXT = 10_000
MAX_STEPS = 1_000_000
_DEPTH = 40
_METHODS = frozenset({"lower", "upper", "strip", "lstrip", "rstrip", "swapcase", "title", "capitalize", "casefold"})


_Value = str | bytes | int | None


@dataclass(slots=True)
class Scope:
    """What names stand for: imports and simple assignments; a name that is bound twice may be either.

    A function's own names hide those of the notebook (`parent`).
    """

    imports: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)
    arguments: set[str] = field(default_factory=set)
    steps: int = MAX_STEPS
    names_of: dict[str, set[str]] = field(default_factory=dict)
    text_of: dict[str, _Value] = field(default_factory=dict)
    parent: Scope | None = None

    def spend(self) -> bool:
        """Take one step; False when there are none left, for names can be made to double with every line."""
        if self.parent is not None:
            return self.parent.spend()
        self.steps -= 1
        return self.steps > 0

    def holder(self, name: str) -> Scope:
        """Return the scope in which a name is bound; the outermost for one that nothing binds."""
        if self.parent is None or name in self.imports or name in self.values or name in self.defined:
            return self
        return self.parent.holder(name)

    def learn(self, nodes: Iterable[ast.AST]) -> None:
        """Take note of every binding among these nodes."""
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
            for alias in node.names:
                self.imports.setdefault(alias.asname or alias.name, set()).add(f"{node.module}.{alias.name}")
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            self._assign(node.target, node.value)
        else:
            self._define(node)

    def _define(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.defined.add(node.name)
        elif isinstance(node, ast.arg):
            self.defined.add(node.arg)
            self.arguments.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            # Whatever a loop, a with or a star binds.
            self.defined.add(node.id)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for inner, given in zip(target.elts, value.elts, strict=False):
                self._assign(inner, given)


def dotted(node: ast.expr, scope: Scope, depth: int = 0) -> set[str]:
    """Return the dotted names that an expression may stand for, empty if reading does not tell."""
    if depth > _DEPTH or not scope.spend():
        return set()
    if isinstance(node, ast.Name):
        return _named(node.id, scope, depth)
    if isinstance(node, ast.Attribute):
        return {f"{owner}.{node.attr}" for owner in dotted(node.value, scope, depth + 1)}
    if isinstance(node, ast.NamedExpr):
        return dotted(node.value, scope, depth + 1)
    if isinstance(node, ast.IfExp):
        return dotted(node.body, scope, depth + 1) | dotted(node.orelse, scope, depth + 1)
    if isinstance(node, ast.Call):
        return _fetched(node, scope, depth)
    if isinstance(node, ast.Subscript):
        return _looked_up(node, scope, depth)
    return set()


def _named(name: str, scope: Scope, depth: int) -> set[str]:
    scope = scope.holder(name)
    if name not in scope.names_of:
        found = set(scope.imports.get(name, ()))
        # What `x = x.y` makes of itself is left out.
        scope.names_of[name] = found
        for value in scope.values.get(name, ()):
            found = found | dotted(value, scope, depth + 1)
        if not found and name not in scope.values and name not in scope.defined:
            # A name that nothing binds is a builtin.
            found = {name}
        scope.names_of[name] = found
    return scope.names_of[name]


def _indirect(owners: set[str], name: str) -> set[str]:
    return {f"{INDIRECT}{owner.removeprefix(INDIRECT)}.{name}" for owner in owners}


def _fetched(node: ast.Call, scope: Scope, depth: int) -> set[str]:
    """Follow getattr, import_module and __import__ with a text that can be read."""
    functions = {f.removeprefix(INDIRECT) for f in dotted(node.func, scope, depth + 1)}
    arguments = [text(a, scope, depth + 1) for a in node.args[:2]]
    if functions & {"getattr", "builtins.getattr"} and len(arguments) == 2 and arguments[1]:  # noqa: PLR2004
        return _indirect(dotted(node.args[0], scope, depth + 1), arguments[1])
    if functions & {"__import__", "builtins.__import__"} and arguments and arguments[0]:
        return {INDIRECT + arguments[0].partition(".")[0]}
    if "importlib.import_module" in functions and arguments and arguments[0]:
        return {INDIRECT + arguments[0]}
    if isinstance(node.func, ast.Call) and len(node.args) == 1:
        # What attrgetter made is called with the object.
        made = dotted(node.func.func, scope, depth + 1)
        inner = text(node.func.args[0], scope, depth + 1) if node.func.args else None
        if "operator.attrgetter" in made and inner:
            return _indirect(dotted(node.args[0], scope, depth + 1), inner)
    return set()


def _looked_up(node: ast.Subscript, scope: Scope, depth: int) -> set[str]:
    """Follow sys.modules["x"], x.__dict__["y"] and vars(x)["y"]."""
    key = text(node.slice, scope, depth + 1)
    if not key:
        return set()
    container = node.value
    if "sys.modules" in dotted(container, scope, depth + 1):
        return {INDIRECT + key}
    if isinstance(container, ast.Attribute) and container.attr == "__dict__":
        return _indirect(dotted(container.value, scope, depth + 1), key)
    if isinstance(container, ast.Call) and "vars" in dotted(container.func, scope, depth + 1) and container.args:
        return _indirect(dotted(container.args[0], scope, depth + 1), key)
    return set()


def text(node: ast.expr | None, scope: Scope, depth: int = 0) -> str | None:
    """Return the text that an expression makes, None if reading does not tell."""
    value = _value(node, scope, depth)
    return value if isinstance(value, str) and len(value) <= MAX_TEXT else None


def pattern(node: ast.expr, scope: Scope) -> str:
    """Return a shell pattern of the texts that an expression can make; what reading does not tell is `*`."""
    known = text(node, scope)
    if known is not None:
        return glob.escape(known)
    if isinstance(node, ast.JoinedStr):
        return "".join(pattern(part, scope) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return pattern(node.left, scope) + pattern(node.right, scope)
    return "*"


def _value(node: ast.expr | None, scope: Scope, depth: int) -> _Value:  # noqa: C901, PLR0911 - one case each
    if node is None or depth > _DEPTH or not scope.spend():
        return None
    match node:
        case ast.Constant(value=str() | bytes() | int() as value):
            return value if not isinstance(value, bool) else None
        case ast.Name(id=name):
            scope = scope.holder(name)
            if name not in scope.text_of:
                scope.text_of[name] = None
                known = {_value(v, scope, depth + 1) for v in scope.values.get(name, [])}
                scope.text_of[name] = known.pop() if len(known) == 1 and name not in scope.arguments else None
            return scope.text_of[name]
        case ast.BinOp(op=ast.Add()):
            return _add(_value(node.left, scope, depth + 1), _value(node.right, scope, depth + 1))
        case ast.BinOp(op=ast.Mod()):
            return _percent(node, scope, depth)
        case ast.JoinedStr():
            return _joined(node, scope, depth)
        case ast.Subscript():
            return _sliced(node, scope, depth)
        case ast.Call():
            return _called(node, scope, depth)
        case ast.UnaryOp(op=ast.USub()):
            inner = _value(node.operand, scope, depth + 1)
            return -inner if isinstance(inner, int) else None
    return None


def _add(left: _Value, right: _Value) -> _Value:
    if isinstance(left, str) and isinstance(right, str) and len(left) + len(right) <= MAX_TEXT:
        return left + right
    if isinstance(left, bytes) and isinstance(right, bytes) and len(left) + len(right) <= MAX_TEXT:
        return left + right
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    return None


def _percent(node: ast.BinOp, scope: Scope, depth: int) -> str | None:
    pattern = _value(node.left, scope, depth + 1)
    given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
    values = [_value(v, scope, depth + 1) for v in given]
    if not isinstance(pattern, str) or not all(isinstance(v, str) for v in values) or set(_marks(pattern)) != {"s"}:
        return None
    if pattern.count("%s") != len(values):
        return None
    return pattern % tuple(values)


def _marks(pattern: str) -> list[str]:
    return [part[:1] for part in pattern.split("%")[1:]]


def _joined(node: ast.JoinedStr, scope: Scope, depth: int) -> str | None:
    parts = []
    for part in node.values:
        inner = part.value if isinstance(part, ast.FormattedValue) else part
        value = _value(inner, scope, depth + 1)
        if not isinstance(value, str):
            return None
        parts.append(value)
    return "".join(parts)


def _sliced(node: ast.Subscript, scope: Scope, depth: int) -> _Value:
    value = _value(node.value, scope, depth + 1)
    if not isinstance(value, str | bytes):
        return None
    if isinstance(node.slice, ast.Slice):
        bounds: list[int | None] = []
        for part in (node.slice.lower, node.slice.upper, node.slice.step):
            bound = _value(part, scope, depth + 1)
            if part is not None and not isinstance(bound, int):
                return None
            bounds.append(bound if isinstance(bound, int) else None)
        return value[slice(*bounds)] if bounds[2] != 0 else None
    index = _value(node.slice, scope, depth + 1)
    return value[index] if isinstance(index, int) and -len(value) <= index < len(value) else None


def _called(node: ast.Call, scope: Scope, depth: int) -> str | bytes | None:
    values = [_value(a, scope, depth + 1) for a in node.args]
    function = node.func
    if isinstance(function, ast.Name) and function.id == "chr" and len(values) == 1 and isinstance(values[0], int):
        return chr(values[0]) if 0 <= values[0] < 0x110000 else None  # noqa: PLR2004 - Unicode's end
    if isinstance(function, ast.Name) and function.id == "str" and len(values) == 1 and isinstance(values[0], str):
        return values[0]
    if not isinstance(function, ast.Attribute):
        return None
    names = dotted(function, scope)
    decoded = _decoded(names, values)
    if decoded is not None:
        return decoded
    owner = _value(function.value, scope, depth + 1)
    if isinstance(owner, str) and len(owner) <= MAX_TEXT:
        return _string_method(owner, function.attr, node, values, scope, depth)
    if isinstance(owner, bytes) and function.attr == "decode":
        return owner.decode("utf-8", "replace")
    return None


def _decoded(names: set[str], values: list[_Value]) -> str | bytes | None:
    first = values[0] if values else None
    try:
        if names & {"base64.b64decode", "base64.standard_b64decode"} and isinstance(first, str | bytes):
            return base64.b64decode(first)
        if names & {"bytes.fromhex", "binascii.unhexlify"} and isinstance(first, str):
            return bytes.fromhex(first)
        if "codecs.decode" in names and isinstance(first, str) and values[1:] == ["rot13"]:
            return codecs.decode(first, "rot13")
    except (ValueError, binascii.Error):
        pass
    return None


def _string_method(
    owner: str, method: str, node: ast.Call, values: list[_Value], scope: Scope, depth: int
) -> str | bytes | None:
    texts = [v for v in values if isinstance(v, str)]
    if method in _METHODS and not values:
        return str(getattr(owner, method)())
    if method == "replace" and len(texts) == len(values) == 2:  # noqa: PLR2004 - old and new
        old, new = texts
        return owner.replace(old, new) if len(owner) * (1 + len(new)) <= MAX_TEXT else None
    if method == "encode" and not values:
        return owner.encode()
    if method == "format" and len(texts) == len(values) and not node.keywords and owner.count("{}") == len(texts):
        return "".join(a + b for a, b in zip(owner.split("{}"), [*texts, ""], strict=True))
    if method == "join" and len(node.args) == 1:
        return _join(owner, node.args[0], scope, depth)
    return None


def _join(owner: str, argument: ast.expr, scope: Scope, depth: int) -> str | None:
    if isinstance(argument, ast.Call) and dotted(argument.func, scope) == {"reversed"} and argument.args:
        inner = _value(argument.args[0], scope, depth + 1)
        return owner.join(reversed(inner)) if isinstance(inner, str) else None
    if isinstance(argument, ast.Call) and dotted(argument.func, scope) == {"map"} and len(argument.args) == 2:  # noqa: PLR2004
        numbers = argument.args[1]
        if dotted(argument.args[0], scope) != {"chr"} or not isinstance(numbers, ast.List | ast.Tuple):
            return None
        codes = [_value(e, scope, depth + 1) for e in numbers.elts]
        return owner.join(chr(c) for c in codes if isinstance(c, int) and 0 <= c < 0x110000)  # noqa: PLR2004
    if isinstance(argument, ast.List | ast.Tuple):
        parts = [_value(e, scope, depth + 1) for e in argument.elts]
        return owner.join(p for p in parts if isinstance(p, str)) if all(isinstance(p, str) for p in parts) else None
    inner = _value(argument, scope, depth + 1)
    return owner.join(inner) if isinstance(inner, str) else None
