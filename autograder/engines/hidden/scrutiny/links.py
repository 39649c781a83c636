"""Which names may stand for the same object: what is put into one of them can be found by the other."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping

from autograder.engines.hidden.scrutiny.local_names import Local

__all__ = ["MAX_LINKED", "links_in", "outside", "reached"]

#: To how many names one leads at most; more are not followed.
MAX_LINKED = 64
#: How many parts of an expression are looked at.
_MAX_PARTS = 200


def links_in(nodes: Iterable[ast.AST], local: Local, *, calls: bool = True) -> dict[str, set[str]]:
    """Return, by each name that gets a value, the names that the value holds: `box = [kept]`, `box.a = kept`.

    Args:
        nodes: the nodes of a function, or of a statement around functions.
        local: what is local in it.
        calls: whether the result of a call may hold what the call was given, or a part of the method's object.
    """
    found = {name: set(_held(value, calls=calls)) - {name} for name, value in local.defaults}
    for node in nodes:
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign) and node.value is not None:
            pairs = [(node.target, node.value)]
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            pairs = [(node.target, node.iter)]
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            pairs = [(node.optional_vars, node.context_expr)]
        else:
            continue
        for target, value in pairs:
            held = set(_held(value, calls=calls))
            for name in _held(target, calls=calls):
                found.setdefault(name, set()).update(held - {name})
    return found


def _held(value: ast.expr, *, calls: bool) -> Iterator[str]:
    """Yield the names whose objects an expression may be, or hold: not those that it only computes with."""
    waiting: list[ast.expr | None] = [value]
    for _ in range(_MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute | ast.Subscript | ast.Starred | ast.Await | ast.NamedExpr):
            waiting.append(part.value)
        elif isinstance(part, ast.List | ast.Tuple | ast.Set):
            waiting += part.elts
        elif isinstance(part, ast.Dict):
            waiting += part.values
        elif isinstance(part, ast.IfExp):
            waiting += [part.body, part.orelse]
        elif isinstance(part, ast.BoolOp):
            waiting += part.values
        elif isinstance(part, ast.Call) and calls:
            # `Box(kept)` holds it, and `d.setdefault(k, kept)` is a part of d.
            waiting += [part.func.value] if isinstance(part.func, ast.Attribute) else []
            waiting += [*part.args, *(keyword.value for keyword in part.keywords)]


def outside(name: str, links: Mapping[str, set[str]], local: Local) -> set[str]:
    """Return the names outside a function that a name in it may stand for."""
    return {found for found in reached(name, links, local.has) if not local.has(found)}


def reached(name: str, links: Mapping[str, set[str]], inside: Callable[[str], bool]) -> list[str]:
    """Return a name and those that it leads to, at most `MAX_LINKED`; what is not `inside` leads no further."""
    found = [name]
    seen = {name}
    for known in found:
        if inside(known):
            new = [n for n in sorted(links.get(known, ())) if n not in seen][: MAX_LINKED - len(found)]
            seen.update(new)
            found += new
    return found
