"""What an expression stands for, as far as reading tells: a dotted name, or a text that it makes.

The two need each other: a text may fetch a name, and a function with a name may make a text. Only a small, closed part
of Python is followed; everything else stays unknown, and unknown code is not treated as innocent. The size of a text is
known before it is made.
"""

from __future__ import annotations

import ast
import base64
import binascii
import codecs
import glob
from collections.abc import Sequence

from autograder.engines.hidden.scrutiny.modules import may_have, own_name
from autograder.engines.hidden.scrutiny.scope import MAX_NUMBER_BITS, MAX_TEXT, Scope, Value

__all__ = ["FETCH", "IMPORT", "INDIRECT", "LOCATE", "dotted", "imported", "pattern", "plain", "text", "texts"]

#: Begins a dotted name that the code does not contain as such, but reaches through a text.
INDIRECT = "~"
_DEPTH = 40
#: No name that matters is longer than this.
MAX_NAME = 300

FETCH = frozenset(
    {
        *("getattr", "builtins.getattr", "inspect.getattr_static"),
        *("object.__getattribute__", "type.__getattribute__", "super.__getattribute__"),
    }
)
IMPORT = frozenset({"__import__", "builtins.__import__", "importlib.__import__", "importlib.import_module"})
#: Functions that take a whole dotted name as a text.
LOCATE = frozenset(
    {
        *("pydoc.locate", "pydoc.safeimport", "pydoc.resolve", "pkgutil.resolve_name"),
        *("IPython.utils.importstring.import_item", "traitlets.utils.importstring.import_item"),
        *("traitlets.import_item", "torch._jit_internal._qualified_name", "unittest.mock._importer"),
    }
)
_VARS = frozenset({"vars", "builtins.vars"})
_UNICODE_END = 0x110000
_METHODS = frozenset({"lower", "upper", "strip", "lstrip", "rstrip", "swapcase", "title", "capitalize", "casefold"})


# -- names -------------------------------------------------------------------------------------------------


def plain(names: set[str]) -> set[str]:
    """Return names without the mark for names that were reached through a text."""
    return {name.removeprefix(INDIRECT) for name in names}


def dotted(node: ast.expr, scope: Scope, depth: int = 0) -> set[str]:
    """Return the dotted names that an expression may stand for, empty if reading does not tell."""
    if depth > _DEPTH or not scope.budget.spend():
        return set()
    if isinstance(node, ast.Name):
        return _bound_names(node.id, scope, depth)
    if isinstance(node, ast.Attribute):
        return _attribute(dotted(node.value, scope, depth + 1), node.attr, scope, mark="")
    if isinstance(node, ast.NamedExpr):
        return dotted(node.value, scope, depth + 1)
    if isinstance(node, ast.IfExp):
        return dotted(node.body, scope, depth + 1) | dotted(node.orelse, scope, depth + 1)
    if isinstance(node, ast.Call):
        return _fetched(node, scope, depth)
    if isinstance(node, ast.Subscript):
        return _looked_up(node, scope, depth)
    return set()


def _attribute(owners: set[str], name: str, scope: Scope, *, mark: str) -> set[str]:
    """Return the attribute of each owner; `mark` is put before it where a text named it."""
    short = [o.removeprefix(INDIRECT) if mark else o for o in owners if len(o) + len(name) < MAX_NAME]
    found = [f"{mark}{owner}.{name}" for owner in short]
    for owner in short:
        module = own_name(owner.removeprefix(INDIRECT), name)
        if module is not None:
            found.append(f"{mark}{INDIRECT if owner.startswith(INDIRECT) else ''}{module}")
    return scope.budget.few(found)


def imported(name: str) -> set[str]:
    """Return what an imported dotted name stands for: itself, and the module that it is."""
    owner, _, last = name.rpartition(".")
    module = own_name(owner, last) if owner else None
    return {name} if module is None else {name, module}


def _bound_names(name: str, scope: Scope, depth: int) -> set[str]:
    scope = scope.holder(name)
    if name not in scope.names_of:
        found = set().union(*map(imported, scope.imports.get(name, ())))
        if scope.stars:
            found |= _of_stars(name, scope)
        # `x = x.y` refers to itself, which is left out.
        scope.names_of[name] = found
        for value in scope.values.get(name, ()):
            more = dotted(value, scope, depth + 1)
            if more - found:
                found = scope.budget.few([*found, *more])
        if name not in scope.values and name not in scope.defined and name not in scope.imports:
            # A name without a binding is a builtin.
            found = {name, *found}
        scope.names_of[name] = found
    return scope.names_of[name]


def _of_stars(name: str, scope: Scope) -> set[str]:
    """Return what `from module import *` may bind a name to, by all modules that have it or are not loaded here."""
    found: set[str] = set()
    for module in sorted(scope.stars):
        if may_have(module, name):
            found |= imported(f"{module}.{name}")
    return scope.budget.few(found)


def _fetched(node: ast.Call, scope: Scope, depth: int) -> set[str]:
    """Follow getattr, import_module, pydoc.locate and their like with a text that can be read."""
    functions = plain(dotted(node.func, scope, depth + 1))
    given = node.args
    if functions & FETCH and len(given) >= 2:  # noqa: PLR2004 - the object and the name
        name = text(given[1], scope, depth + 1)
        return _attribute(dotted(given[0], scope, depth + 1), name, scope, mark=INDIRECT) if name else set()
    if "functools.reduce" in functions:
        return _reduced(given, scope, depth)
    if functions & IMPORT and given:
        name = text(given[0], scope, depth + 1)
        first_only = "importlib.import_module" not in functions
        return {INDIRECT + (name.partition(".")[0] if first_only else name)} if name else set()
    if functions & LOCATE and given:
        name = text(given[0], scope, depth + 1)
        return {INDIRECT + name.replace(":", ".")} if name else set()
    if isinstance(node.func, ast.Attribute) and node.func.attr == "__getattribute__" and len(given) == 1:
        name = text(given[0], scope, depth + 1)
        owners = dotted(node.func.value, scope, depth + 1)
        return _attribute(owners, name, scope, mark=INDIRECT) if name else set()
    if isinstance(node.func, ast.Call) and len(given) == 1:
        # The result of attrgetter is called with the object.
        made = dotted(node.func.func, scope, depth + 1)
        name = text(node.func.args[0], scope, depth + 1) if node.func.args else None
        if "operator.attrgetter" in made and name:
            return _attribute(dotted(given[0], scope, depth + 1), name, scope, mark=INDIRECT)
    return set()


def _reduced(given: list[ast.expr], scope: Scope, depth: int) -> set[str]:
    """Follow `reduce(getattr, ["a", "b"], x)`."""
    if len(given) != 3 or not plain(dotted(given[0], scope, depth + 1)) & FETCH:  # noqa: PLR2004 - with a start
        return set()
    names = texts(given[1], scope, depth + 1)
    if not names:
        return set()
    return _attribute(dotted(given[2], scope, depth + 1), ".".join(names[:_DEPTH]), scope, mark=INDIRECT)


def _looked_up(node: ast.Subscript, scope: Scope, depth: int) -> set[str]:
    """Follow sys.modules["x"], x.__dict__["y"] and vars(x)["y"]."""
    container = node.value
    if isinstance(container, ast.Attribute) and container.attr == "__dict__":
        owner = container.value
    elif isinstance(container, ast.Call) and container.args and dotted(container.func, scope, depth + 1) & _VARS:
        owner = container.args[0]
    elif "sys.modules" in dotted(container, scope, depth + 1):
        key = text(node.slice, scope, depth + 1)
        return {INDIRECT + key} if key else set()
    else:
        return set()
    key = text(node.slice, scope, depth + 1)
    return _attribute(dotted(owner, scope, depth + 1), key, scope, mark=INDIRECT) if key else set()


# -- texts -------------------------------------------------------------------------------------------------


def text(node: ast.expr | None, scope: Scope, depth: int = 0) -> str | None:
    """Return the text that an expression makes, None if reading does not tell."""
    value = _value(node, scope, depth)
    return value if isinstance(value, str) else None


def texts(node: ast.expr | None, scope: Scope, depth: int = 0) -> list[str] | None:
    """Return the texts of a list or tuple in the code, or those that `split` makes; None if reading does not tell."""
    if depth > _DEPTH or not scope.budget.spend():
        return None
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        found = [text(e, scope, depth + 1) for e in node.elts]
        return [t for t in found if t is not None] if all(t is not None for t in found) else None
    if isinstance(node, ast.Name):
        values = scope.holder(node.id).values.get(node.id, [])
        return texts(values[0], scope, depth + 1) if len(values) == 1 else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
        owner = text(node.func.value, scope, depth + 1)
        mark = text(node.args[0], scope, depth + 1) if node.args else None
        if owner is not None and len(node.args) <= 1 and (mark or not node.args):
            return owner.split(mark)
    return None


def pattern(node: ast.expr, scope: Scope, depth: int = 0) -> str:
    """Return a shell pattern for the texts that an expression can make; unknown parts are `*`."""
    known = text(node, scope, depth)
    if known is not None:
        found = glob.escape(known)
    elif depth > _DEPTH or not scope.budget.spend():
        found = "*"
    elif isinstance(node, ast.JoinedStr):
        found = "".join(pattern(part, scope, depth + 1) for part in node.values)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        found = pattern(node.left, scope, depth + 1) + pattern(node.right, scope, depth + 1)
    elif isinstance(node, ast.Name) and len(values := scope.holder(node.id).values.get(node.id, [])) == 1:
        found = "*" if node.id in scope.holder(node.id).arguments else pattern(values[0], scope, depth + 1)
    else:
        found = "*"
    return found if len(found) <= MAX_PATTERN else "*"


#: No name that matters is longer: a longer pattern becomes `*`.
MAX_PATTERN = 300


def _value(node: ast.expr | None, scope: Scope, depth: int) -> Value:  # noqa: C901, PLR0911 - one case each
    if node is None or depth > _DEPTH or not scope.budget.spend():
        return None
    match node:
        case ast.Constant(value=str() | bytes() as value):
            return value if len(value) <= MAX_TEXT else None
        case ast.Constant(value=int() as value):
            return _number(value) if not isinstance(value, bool) else None
        case ast.Name(id=name):
            return _named(name, scope, depth)
        case ast.BinOp(op=ast.Add()):
            return _add(_value(node.left, scope, depth + 1), _value(node.right, scope, depth + 1), scope)
        case ast.BinOp(op=ast.Mult()):
            return _times(_value(node.left, scope, depth + 1), _value(node.right, scope, depth + 1), scope)
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


def _number(value: int) -> int | None:
    return value if value.bit_length() <= MAX_NUMBER_BITS else None


def _named(name: str, scope: Scope, depth: int) -> Value:
    scope = scope.holder(name)
    if name not in scope.text_of:
        scope.text_of[name] = None
        values = scope.values.get(name, [])
        known = {_value(v, scope, depth + 1) for v in values} if name not in scope.arguments else set()
        value = known.pop() if len(known) == 1 else None
        # Remembered texts take memory too.
        kept = not isinstance(value, str | bytes) or scope.budget.build(len(value))
        scope.text_of[name] = value if kept else None
    return scope.text_of[name]


def _glued(parts: Sequence[str], scope: Scope) -> str | None:
    """Join texts, if there is room for the result."""
    return "".join(parts) if scope.budget.build(sum(map(len, parts))) else None


def _add(left: Value, right: Value, scope: Scope) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        return _glued([left, right], scope)
    if isinstance(left, bytes) and isinstance(right, bytes):
        return left + right if scope.budget.build(len(left) + len(right)) else None
    if isinstance(left, int) and isinstance(right, int):
        return _number(left + right)
    return None


def _times(left: Value, right: Value, scope: Scope) -> Value:
    if isinstance(left, int):
        left, right = right, left
    if isinstance(left, int) and isinstance(right, int):
        return _number(left * right)
    if isinstance(left, str | bytes) and isinstance(right, int):
        return left * right if scope.budget.build(len(left) * max(right, 0)) else None
    return None


def _percent(node: ast.BinOp, scope: Scope, depth: int) -> str | None:
    form = _value(node.left, scope, depth + 1)
    given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
    values = [_value(v, scope, depth + 1) for v in given]
    if not isinstance(form, str) or form.count("%") != len(values) or form.count("%s") != len(values):
        return None
    filled = [v for v in values if isinstance(v, str)]
    if len(filled) != len(values):
        return None
    return _filled(form.split("%s"), filled, scope)


def _filled(between: Sequence[str], values: Sequence[str], scope: Scope) -> str | None:
    parts = [part for pair in zip(between, [*values, ""], strict=True) for part in pair]
    return _glued(parts, scope)


def _joined(node: ast.JoinedStr, scope: Scope, depth: int) -> str | None:
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue) and (part.format_spec is not None or part.conversion not in {-1, 115}):
            return None
        value = _value(part.value if isinstance(part, ast.FormattedValue) else part, scope, depth + 1)
        if not isinstance(value, str):
            return None
        parts.append(value)
    return _glued(parts, scope)


def _sliced(node: ast.Subscript, scope: Scope, depth: int) -> Value:
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
        return value[slice(*bounds)] if bounds[2] != 0 and scope.budget.build(len(value)) else None
    index = _value(node.slice, scope, depth + 1)
    return value[index] if isinstance(index, int) and -len(value) <= index < len(value) else None


def _called(node: ast.Call, scope: Scope, depth: int) -> str | bytes | None:
    function = node.func
    values = [_value(a, scope, depth + 1) for a in node.args]
    if isinstance(function, ast.Name) and function.id == "chr" and len(values) == 1 and isinstance(values[0], int):
        return chr(values[0]) if 0 <= values[0] < _UNICODE_END else None
    if isinstance(function, ast.Name) and function.id == "str" and len(values) == 1 and isinstance(values[0], str):
        return values[0]
    if not isinstance(function, ast.Attribute):
        return None
    decoded = _decoded(dotted(function, scope, depth + 1), values, scope)
    if decoded is not None:
        return decoded
    owner = _value(function.value, scope, depth + 1)
    if isinstance(owner, str):
        return _string_method(owner, function.attr, node, values, scope, depth)
    if isinstance(owner, bytes) and function.attr == "decode" and scope.budget.build(len(owner)):
        return owner.decode("utf-8", "replace")
    return None


def _decoded(names: set[str], values: list[Value], scope: Scope) -> str | bytes | None:
    first = values[0] if values else None
    if not isinstance(first, str | bytes) or not scope.budget.build(len(first)):
        return None
    try:
        if names & {"base64.b64decode", "base64.standard_b64decode"}:
            return base64.b64decode(first)
        if names & {"bytes.fromhex", "binascii.unhexlify"} and isinstance(first, str):
            return bytes.fromhex(first)
        if "codecs.decode" in names and isinstance(first, str) and values[1:] == ["rot13"]:
            return codecs.decode(first, "rot13")
    except (ValueError, binascii.Error):
        pass
    return None


def _string_method(
    owner: str, method: str, node: ast.Call, values: list[Value], scope: Scope, depth: int
) -> str | bytes | None:
    given = [v for v in values if isinstance(v, str)]
    # One character can become three capitals: ŉ, ΐ, ﬃ.
    if method in _METHODS and not values and scope.budget.build(3 * len(owner)):
        return str(getattr(owner, method)())
    if method == "replace" and len(given) == len(values) == 2:  # noqa: PLR2004 - old and new
        old, new = given
        places = owner.count(old)
        return owner.replace(old, new) if scope.budget.build(len(owner) + places * len(new)) else None
    if method == "encode" and not values and scope.budget.build(4 * len(owner)):
        return owner.encode("utf-8", "replace")
    if method == "format" and len(given) == len(values) and not node.keywords and owner.count("{}") == len(given):
        return _filled(owner.split("{}"), given, scope) if owner.count("{") == len(given) else None
    if method == "join" and len(node.args) == 1:
        return _join(owner, node.args[0], scope, depth)
    return None


def _join(owner: str, argument: ast.expr, scope: Scope, depth: int) -> str | None:
    parts: Sequence[str] | None = None
    if isinstance(argument, ast.Call) and dotted(argument.func, scope) == {"reversed"} and argument.args:
        inner = _value(argument.args[0], scope, depth + 1)
        parts = inner[::-1] if isinstance(inner, str) else None
    elif isinstance(argument, ast.Call) and dotted(argument.func, scope) == {"map"} and len(argument.args) == 2:  # noqa: PLR2004
        numbers = argument.args[1]
        if dotted(argument.args[0], scope) == {"chr"} and isinstance(numbers, ast.List | ast.Tuple):
            codes = [_value(e, scope, depth + 1) for e in numbers.elts]
            parts = [chr(c) for c in codes if isinstance(c, int) and 0 <= c < _UNICODE_END]
    else:
        inner = _value(argument, scope, depth + 1)
        parts = inner if isinstance(inner, str) else texts(argument, scope, depth + 1)
    if parts is None:
        return None
    size = sum(map(len, parts)) + len(owner) * max(len(parts) - 1, 0)
    return owner.join(parts) if scope.budget.build(size) else None
