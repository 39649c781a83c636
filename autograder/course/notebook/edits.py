"""Wrong ideas written as edits of the reference: code patterns, and the code that replaces what they fit.

A pattern is Python code in which `A_` … `Z_` stand for any expression and `*A_` for any run of arguments, entries or
statements; everything else fits only itself. Layout, comments and quotes do not matter. An edit is a pair of texts:

- `("m_hat = A_ / X_", "m_hat = A_")` replaces what the first text fits by the second; an empty text (`""`) removes it.
- `("FIRST", "t = 1")` puts statements at the beginning of the function, `("FIRST step", …)` of that method of a class.
- `("BEFORE p.sub_(A_)", …)` and `("AFTER p.sub_(A_)", …)` put statements beside the one that the pattern fits.

Each edit has to fit exactly one place. A file is read, never executed, so `EDITS` has to be a literal.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

__all__ = ["Edit", "EditForm", "Editor", "Misfit", "apply_form", "read_edits", "written"]

_WILDCARD = re.compile(r"[A-Z]_")
_PLACES = ("FIRST", "BEFORE", "AFTER")
_IGNORED = {"ctx", "kind", "type_comment", "lineno", "col_offset", "end_lineno", "end_col_offset", "type_params"}

#: Nodes without anything inside.
_BARE = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)

Definition = ast.FunctionDef | ast.ClassDef
_Bound = dict[str, Any]
_N = TypeVar("_N", bound=ast.AST)


class Misfit(ValueError):
    """An edit that cannot be read, or fits no place or several; `line` is its line in the file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass(frozen=True)
class Edit:
    """One edit: its place, its pattern, and the new text; `line` is its line in the file."""

    place: str
    pattern: tuple[ast.stmt, ...]
    text: tuple[ast.stmt, ...]
    method: str
    line: int
    source: str


EditForm = tuple[Edit, ...]


# -- reading -----------------------------------------------------------------------------------------------


def read_edits(tree: ast.Module) -> dict[str, tuple[EditForm, ...]]:
    """Return a file's `EDITS` by exercise, each a list of forms; empty where it has none.

    Raises:
        Misfit: if it is no literal dict of lists of pairs of texts, or a text is no Python.
    """
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == "EDITS" and isinstance(node, (ast.Assign, ast.AnnAssign)):
            return _by_exercise(node.value, node.lineno)
    return {}


def _by_exercise(node: ast.expr | None, line: int) -> dict[str, tuple[EditForm, ...]]:
    if not isinstance(node, ast.Dict):
        raise Misfit("EDITS has to be a dict: exercise → list of (pattern, text).", line)
    found = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None or not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            raise Misfit("a key of EDITS has to be the id of an exercise.", line)
        entries = _entries(value)
        several = all(isinstance(e, ast.List) for e in entries)
        forms = [_entries(e) for e in entries] if several else [entries]
        found[key.value] = tuple(tuple(_edit(pair) for pair in form) for form in forms)
    return found


def _entries(node: ast.expr) -> list[ast.expr]:
    if not isinstance(node, (ast.List, ast.Tuple)) or not node.elts:
        raise Misfit("EDITS needs a list of (pattern, text) here, or a list of such lists.", node.lineno)
    return node.elts


def _edit(node: ast.expr) -> Edit:
    pair = list(node.elts) if isinstance(node, ast.Tuple) else []
    if len(pair) != 2 or not all(isinstance(n, ast.Constant) and isinstance(n.value, str) for n in pair):  # noqa: PLR2004 - a pair
        raise Misfit("an edit has to be a pair of texts: (pattern, text).", node.lineno)
    source, text = (str(n.value) for n in pair if isinstance(n, ast.Constant))
    line = pair[0].lineno
    first, _, rest = source.strip().partition(" ")
    place, pattern = (first, rest) if first in _PLACES else ("", source)
    if place == "FIRST":
        return Edit(place, (), _parsed(text, line), pattern.strip(), line, source)
    read = _parsed(pattern, line)
    if not read:
        raise Misfit("the pattern is empty.", line)
    if place and len(read) != 1:
        raise Misfit(f"{place} needs a pattern of one statement.", line)
    return Edit(place, read, _parsed(text, line), "", line, source)


def _parsed(text: str, line: int) -> tuple[ast.stmt, ...]:
    # Inside a function, so that `return` and `yield` are allowed.
    indented = "\n".join(f"    {row}" for row in text.split("\n"))
    try:
        (outer,) = ast.parse(f"def _():\n    0\n{indented}\n").body
    except SyntaxError as error:
        raise Misfit(f"{text!r} is no Python: {error.msg}.", line) from None
    assert isinstance(outer, ast.FunctionDef)
    return tuple(outer.body[1:])


# -- fitting -----------------------------------------------------------------------------------------------


def _fits(pattern: Any, node: Any, bound: _Bound) -> bool:
    """Whether a pattern fits; if so, `bound` holds what its wildcards stand for."""
    if isinstance(pattern, ast.Name) and _WILDCARD.fullmatch(pattern.id):
        return isinstance(node, ast.expr) and _bind(pattern.id, node, bound)
    if isinstance(pattern, list):
        return isinstance(node, list) and _fits_all(pattern, node, bound)
    if isinstance(pattern, ast.AST):
        if type(pattern) is not type(node):
            return False
        if (
            isinstance(pattern, ast.Call)
            and isinstance(node, ast.Call)
            and _ends_in_run(pattern.args)
            and not pattern.keywords
        ):
            # A run of arguments includes keyword arguments.
            every = [*node.args, *node.keywords]
            return _fits(pattern.func, node.func, bound) and _fits_all(pattern.args, every, bound)
        return all(
            _fits(getattr(pattern, name, None), getattr(node, name, None), bound)
            for name in pattern._fields
            if name not in _IGNORED
        )
    return type(pattern) is type(node) and bool(pattern == node)


def _fits_all(patterns: Sequence[Any], nodes: Sequence[Any], bound: _Bound) -> bool:
    if not patterns:
        return not nodes
    name = _run(patterns[0])
    if name is None:
        return bool(nodes) and _fits(patterns[0], nodes[0], bound) and _fits_all(patterns[1:], nodes[1:], bound)
    for count in range(len(nodes), -1, -1):
        tried = dict(bound)
        if _bind(f"*{name}", list(nodes[:count]), tried) and _fits_all(patterns[1:], nodes[count:], tried):
            bound.update(tried)
            return True
    return False


def _run(pattern: Any) -> str | None:
    """Return the wildcard of `*A_`, None for anything else."""
    starred = pattern.value if isinstance(pattern, ast.Expr) else pattern
    if isinstance(starred, ast.Starred) and isinstance(starred.value, ast.Name):
        return starred.value.id if _WILDCARD.fullmatch(starred.value.id) else None
    return None


def _ends_in_run(patterns: Sequence[Any]) -> bool:
    return bool(patterns) and _run(patterns[-1]) is not None


def _bind(name: str, found: Any, bound: _Bound) -> bool:
    if name not in bound:
        bound[name] = found
        return True
    return written(bound[name]) == written(found)


def written(found: Any) -> str:
    """Return code as a text that does not depend on its layout."""
    return "\n".join(map(written, found)) if isinstance(found, list) else ast.dump(found)


# -- places ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """A part of the tree: the node that holds it, its field, and the slice if that is a list."""

    path: tuple[tuple[ast.AST, str, int | None], ...]
    start: int
    count: int
    bound: _Bound


def _in_body(pattern: Sequence[ast.stmt], body: list[ast.stmt], path: Any) -> Iterator[_Place]:
    for start in range(len(body) - len(pattern) + 1):
        bound: _Bound = {}
        if _fits_all(list(pattern), body[start : start + len(pattern)], bound):
            yield _Place(path, start, len(pattern), bound)


# -- writing -----------------------------------------------------------------------------------------------


def apply_form(definition: Definition, form: EditForm) -> Definition:
    """Return a definition with all edits of a form; the given one stays as it is.

    Raises:
        Misfit: naming the edit that fits no place, or several.
    """
    return Editor().apply(definition, form)


class Editor:
    """Makes many forms of one definition; what they share is looked at once.

    Trees are never changed: a new tree shares with the old one all nodes that are not above the edited place.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[int, int], tuple[_Place, ...]] = {}
        #: By a node's identity, a number that equal trees share, and the words that are written in it.
        self._numbers: dict[int, int] = {}
        self._equal: dict[tuple[Any, ...], int] = {}
        self._words: dict[int, frozenset[str]] = {}
        #: Objects that are known by their identity must not be freed.
        self._kept: list[object] = []

    def apply(self, definition: Definition, form: EditForm) -> Definition:
        """See `apply_form`."""
        for edit in form:
            definition = self._applied(definition, edit)
        return definition

    def number(self, node: Any) -> int:
        """Return a number of a tree that does not depend on its layout: equal trees have equal numbers."""
        if isinstance(node, list):
            return self._numbered((list, *map(self.number, node)))
        if not isinstance(node, ast.AST):
            # 1, 1.0 and True are equal, and no code may take one for the other.
            return self._numbered((type(node), repr(node)))
        known = self._numbers.get(id(node))
        if known is None:
            parts = [self.number(getattr(node, name, None)) for name in node._fields]
            known = self._numbers[id(node)] = self._numbered((type(node), *parts))
            self._kept.append(node)
        return known

    def _numbered(self, parts: tuple[Any, ...]) -> int:
        return self._equal.setdefault(parts, len(self._equal))

    def _words_of(self, node: Any) -> frozenset[str]:
        """Return the types and names of a tree that are in every tree that it fits, if it is a pattern."""
        known = self._words.get(id(node))
        if known is None:
            known = self._words[id(node)] = frozenset(self._written(node))
            self._kept.append(node)
        return known

    def _written(self, node: Any) -> Iterator[str]:
        if (isinstance(node, ast.Name) and _WILDCARD.fullmatch(node.id)) or _run(node) is not None:
            return
        yield type(node).__name__
        for name in node._fields:
            value = getattr(node, name, None)
            if name in _IGNORED or value is None:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self._words_of(child)
                elif isinstance(child, str) and name != "value":
                    yield child

    def _found(self, node: ast.AST, edit: Edit) -> tuple[_Place, ...]:
        """Return the places in and below a node that an edit fits."""
        key = (id(edit), id(node))
        known = self._places.get(key)
        if known is None and not self._due(edit) <= self._words_of(node):
            return ()
        if known is None:
            found = list(_here(node, edit))
            for name in node._fields:
                value = getattr(node, name, None)
                children = enumerate(value) if isinstance(value, list) else [(None, value)]
                for index, child in children:
                    if isinstance(child, ast.AST) and not isinstance(child, _BARE):
                        step = (node, name, index)
                        found += [replace(place, path=(step, *place.path)) for place in self._found(child, edit)]
            known = self._places[key] = tuple(found)
            self._kept += [node, edit]
        return known

    def _due(self, edit: Edit) -> frozenset[str]:
        """Return the words that are in every place that an edit fits."""
        known = self._words.get(id(edit))
        if known is None:
            alone = edit.pattern[0] if len(edit.pattern) == 1 else None
            # An expression by itself fits inside other statements too.
            parts = [alone.value] if isinstance(alone, ast.Expr) and not edit.place else edit.pattern
            known = self._words[id(edit)] = frozenset().union(*map(self._words_of, parts))
            self._kept.append(edit)
        return known

    def _applied(self, root: Definition, edit: Edit) -> Definition:
        if edit.place == "FIRST":
            return _at_first(root, edit)
        places = self._found(root, edit)
        if len(places) != 1:
            how = "no place" if not places else f"{len(places)} places"
            raise Misfit(f"the pattern {edit.source!r} fits {how} of {root.name}; it has to fit one.", edit.line)
        (place,) = places
        text = _filled_all(edit.text, place.bound, edit)
        holder, name, index = place.path[-1] if place.path else (root, "", None)
        if index is not None or not isinstance(getattr(holder, name, None), list):
            return _with_expression(place, text, edit)
        body = list(getattr(holder, name))
        start, end = place.start, place.start + place.count
        if edit.place == "BEFORE":
            end = start
        elif edit.place == "AFTER":
            start = end
        body[start:end] = text
        if not body and name == "body":
            body = [_pass(holder)]
        return _rebuilt(place.path[:-1], _with(holder, name, body))


def _here(node: ast.AST, edit: Edit) -> Iterator[_Place]:
    """Yield the places at a node itself that an edit fits."""
    pattern = edit.pattern
    alone = pattern[0].value if len(pattern) == 1 and isinstance(pattern[0], ast.Expr) else None
    if alone is not None and not edit.place and _run(pattern[0]) is None:
        bound: _Bound = {}
        if isinstance(node, ast.expr) and _fits(alone, node, bound):
            yield _Place((), 0, 1, bound)
        return
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, None)
        if isinstance(body, list):
            yield from _in_body(pattern, body, ((node, name, None),))


def _pass(holder: ast.AST) -> ast.Pass:
    return ast.Pass(
        lineno=getattr(holder, "lineno", 1), col_offset=0, end_lineno=getattr(holder, "lineno", 1), end_col_offset=0
    )


def _with_expression(place: _Place, text: list[ast.stmt], edit: Edit) -> Definition:
    parent = place.path[-1][0] if place.path else None
    if len(text) == 1 and isinstance(text[0], ast.Expr):
        return _rebuilt(place.path, text[0].value)
    if not isinstance(parent, ast.Expr):
        raise Misfit(f"the pattern {edit.source!r} is an expression; the text has to be one too.", edit.line)
    # Statements can replace an expression that is a statement by itself.
    holder, name, index = place.path[-2]
    assert index is not None
    body = list(getattr(holder, name))
    body[index : index + 1] = text
    return _rebuilt(place.path[:-2], _with(holder, name, body or [_pass(holder)]))


def _at_first(root: Definition, edit: Edit) -> Definition:
    if isinstance(root, ast.ClassDef):
        named = [i for i, n in enumerate(root.body) if isinstance(n, ast.FunctionDef) and n.name == edit.method]
        if len(named) != 1:
            raise Misfit(f"{edit.source!r}: say FIRST METHOD, with a method of {root.name}.", edit.line)
        method = root.body[named[0]]
        assert isinstance(method, ast.FunctionDef)
        body = list(root.body)
        body[named[0]] = _beginning(method, edit.text)
        return _with(root, "body", body)
    if edit.method:
        raise Misfit(f"{edit.source!r}: {root.name} is a function; say FIRST alone.", edit.line)
    return _beginning(root, edit.text)


def _beginning(function: ast.FunctionDef, text: Sequence[ast.stmt]) -> ast.FunctionDef:
    after = 1 if ast.get_docstring(function, clean=False) is not None else 0
    return _with(function, "body", [*function.body[:after], *text, *function.body[after:]])


def _rebuilt(path: Sequence[tuple[ast.AST, str, int | None]], new: Any) -> Definition:
    """Return the tree with `new` at the end of a path; nodes off the path are shared."""
    for holder, name, index in reversed(path):
        value = new
        if index is not None:
            value = list(getattr(holder, name))
            value[index] = new
        new = _with(holder, name, value)
    assert isinstance(new, (ast.FunctionDef, ast.ClassDef))
    return new


def _with(node: _N, name: str, value: Any) -> _N:
    made = type(node)(**{n: v for n, v in ast.iter_fields(node) if n != name}, **{name: value})
    return ast.copy_location(made, node)


def _filled(node: Any, bound: _Bound, edit: Edit) -> Any:
    """Return a text's tree, with its wildcards replaced by what they stand for."""
    if isinstance(node, ast.Name) and _WILDCARD.fullmatch(node.id):
        if node.id not in bound:
            raise Misfit(f"{node.id} in the text is not in the pattern {edit.source!r}.", edit.line)
        return bound[node.id]
    if not isinstance(node, ast.AST):
        return node
    made = {
        field: _filled_all(value, bound, edit) if isinstance(value, list) else _filled(value, bound, edit)
        for field, value in ast.iter_fields(node)
    }
    if isinstance(node, ast.Call):
        # A run of arguments may hold keyword arguments.
        made["keywords"] = [*(a for a in made["args"] if isinstance(a, ast.keyword)), *made["keywords"]]
        made["args"] = [a for a in made["args"] if not isinstance(a, ast.keyword)]
    # Its position is the one in the edit: compiled code needs a position.
    return ast.copy_location(type(node)(**made), node)


def _filled_all(nodes: Sequence[Any], bound: _Bound, edit: Edit) -> list[Any]:
    entries: list[Any] = []
    for node in nodes:
        run = _run(node)
        if run is None:
            entries.append(_filled(node, bound, edit))
        elif f"*{run}" in bound:
            entries += bound[f"*{run}"]
        else:
            raise Misfit(f"*{run} in the text is not in the pattern {edit.source!r}.", edit.line)
    return entries
