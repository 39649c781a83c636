"""What dotted name an expression stands for, as far as reading it tells."""

from __future__ import annotations

import ast

from autograder.engines.hidden.scrutiny.scope import Scope

__all__ = ["FETCH", "IMPORT", "INDIRECT", "LOCATE", "dotted", "plain"]

#: Begins a dotted name that was not written as one, but reached through a text.
INDIRECT = "~"
_DEPTH = 40
#: A name that is longer than this names nothing that matters.
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


def plain(names: set[str]) -> set[str]:
    """Return names without the mark of those that were reached through a text."""
    return {name.removeprefix(INDIRECT) for name in names}


def dotted(node: ast.expr, scope: Scope, depth: int = 0) -> set[str]:
    """Return the dotted names that an expression may stand for, empty if reading does not tell."""
    if depth > _DEPTH or not scope.budget.spend():
        return set()
    if isinstance(node, ast.Name):
        return _named(node.id, scope, depth)
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
    """Return an attribute of each owner; `mark` says that a text named it."""
    short = [o.removeprefix(INDIRECT) if mark else o for o in owners if len(o) + len(name) < MAX_NAME]
    return scope.budget.few(f"{mark}{owner}.{name}" for owner in short)


def _named(name: str, scope: Scope, depth: int) -> set[str]:
    scope = scope.holder(name)
    if name not in scope.names_of:
        found = set(scope.imports.get(name, ()))
        # What `x = x.y` makes of itself is left out.
        scope.names_of[name] = found
        for value in scope.values.get(name, ()):
            more = dotted(value, scope, depth + 1)
            if more - found:
                found = scope.budget.few([*found, *more])
        if not found and name not in scope.values and name not in scope.defined:
            # A name that nothing binds is a builtin.
            found = {name}
        scope.names_of[name] = found
    return scope.names_of[name]


def _fetched(node: ast.Call, scope: Scope, depth: int) -> set[str]:
    """Follow getattr, import_module, pydoc.locate and their like with a text that can be read."""
    from autograder.engines.hidden.scrutiny.texts import text

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
        # What attrgetter made is called with the object.
        made = dotted(node.func.func, scope, depth + 1)
        name = text(node.func.args[0], scope, depth + 1) if node.func.args else None
        if "operator.attrgetter" in made and name:
            return _attribute(dotted(given[0], scope, depth + 1), name, scope, mark=INDIRECT)
    return set()


def _reduced(given: list[ast.expr], scope: Scope, depth: int) -> set[str]:
    """Follow `reduce(getattr, ["a", "b"], x)`."""
    from autograder.engines.hidden.scrutiny.texts import texts

    if len(given) != 3 or not plain(dotted(given[0], scope, depth + 1)) & FETCH:  # noqa: PLR2004 - with a start
        return set()
    names = texts(given[1], scope, depth + 1)
    if not names:
        return set()
    return _attribute(dotted(given[2], scope, depth + 1), ".".join(names[:_DEPTH]), scope, mark=INDIRECT)


def _looked_up(node: ast.Subscript, scope: Scope, depth: int) -> set[str]:
    """Follow sys.modules["x"], x.__dict__["y"], vars(x)["y"] and a dictionary that is written out."""
    from autograder.engines.hidden.scrutiny.texts import text

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
