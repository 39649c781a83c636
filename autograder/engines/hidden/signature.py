"""Whether the student's function has the parameters that the exercise asks for: read from the text, never executed."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence

from autograder.engines.hidden.parsing import parse_cell
from autograder.sandbox.worker.calling import other_names
from autograder.sentences import Sentence, say

__all__ = ["other_parameters", "other_signature", "unused_parameter"]


_Read = tuple[list[str], set[str], Sequence[inspect.Parameter]]


def other_parameters(source: str, name: str, due: object) -> Sentence | None:
    """Say which parameter has another name, or that the order is different; calls are fitted to that.

    Args and returns: see `other_signature`.
    """
    parsed = _parsed(source, due)
    found = _arguments(parsed[0], name) if parsed is not None else None
    read = _read(found, parsed[1]) if parsed is not None and found is not None else None
    return None if read is None else _named_otherwise(*read, name)


def other_signature(source: str, name: str, due: object) -> Sentence | None:
    """Say which parameter of a function, or of a class's constructor or method, is missing or has no default.

    Args:
        source: the exercise's own cell.
        name: the exercise.
        due: the reference's function or class, whose signature the released notebook shows.

    Returns:
        A sentence; None if the signature is right or cannot be read.
    """
    parsed = _parsed(source, due)
    if parsed is None:
        return None
    tree, wanted = parsed
    found = _arguments(tree, name)
    said = _told(found, wanted, name) if found is not None else None
    return said or (_other_method(tree, name, due) if isinstance(due, type) else None)


def _parsed(source: str, due: object) -> tuple[ast.Module, list[inspect.Parameter]] | None:
    """Return the parsed cell and the expected parameters; None if one of them cannot be read."""
    try:
        tree = parse_cell(source)
        wanted = [p for p in inspect.signature(due).parameters.values() if p.name != "self"]  # type: ignore[arg-type]
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    return tree, wanted


def _other_method(tree: ast.Module, name: str, due: type) -> Sentence | None:
    """Say the same about the first method of a class whose parameters differ from the reference's."""
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name]
    for node in classes[-1].body if classes else ():
        wanted = vars(due).get(node.name) if isinstance(node, ast.FunctionDef) else None
        if not isinstance(node, ast.FunctionDef) or node.name == "__init__" or not inspect.isfunction(wanted):
            continue
        due_here = list(inspect.signature(wanted).parameters.values())[1:]
        # A decorator may change the parameters. Methods are called by position, so other names do not matter.
        if node.decorator_list:
            continue
        if len(node.args.args) == len(due_here) + 1:
            said = _without_default(node.args, due_here, f"{name}.{node.name}")
        else:
            said = _told(node.args, due_here, f"{name}.{node.name}")
        if said is not None:
            return said
    return None


def _without_default(found: ast.arguments, wanted: Sequence[inspect.Parameter], name: str) -> Sentence | None:
    """Say which argument of a method must be optional and is not."""
    needed = sum(p.default is p.empty for p in wanted)
    own = [a.arg for a in found.args][1:]
    if len(own) - len(found.defaults) <= needed:
        return None
    return say("hidden.argument-without-default", name=name, parameter=own[needed])


def _told(found: ast.arguments, wanted: Sequence[inspect.Parameter], name: str) -> Sentence | None:
    read = _read(found, wanted)
    return None if read is None else _compared(*read, name)


def _read(found: ast.arguments, wanted: Sequence[inspect.Parameter]) -> _Read | None:
    """Return the parameters, those with a default, and the expected ones; None if they cannot be compared."""
    if found.vararg is not None or found.kwarg is not None:
        return None
    if any(p.kind is not p.POSITIONAL_OR_KEYWORD for p in wanted):
        return None
    placed = [a.arg for a in (*found.posonlyargs, *found.args)]
    if placed[:1] == ["self"]:
        placed = placed[1:]
    optional = set(placed[len(placed) - len(found.defaults) :]) if found.defaults else set()
    optional |= {a.arg for a, d in zip(found.kwonlyargs, found.kw_defaults, strict=True) if d is not None}
    return [*placed, *(a.arg for a in found.kwonlyargs)], optional, wanted


def unused_parameter(source: str, name: str, due: object) -> str | None:
    """Return a parameter of a function, or of a class's constructor, that is never used; None if all are used.

    Args:
        source: the exercise's own cell.
        name: the exercise.
        due: the reference's function or class; only its parameters are looked for.
    """
    try:
        tree = parse_cell(source)
        wanted = [p for p in inspect.signature(due).parameters if p != "self"]  # type: ignore[arg-type]
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    found = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name]
    given = _arguments(tree, name)
    if not found or given is None:
        return None
    own = other_names([a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs) if a.arg != "self"], wanted)
    if own is None:
        return None
    # In a class, a parameter with another name may be kept under the expected name.
    is_class = isinstance(found[-1], ast.ClassDef)
    wanted = [own[p] for p in wanted if own[p] == p or not is_class]
    used: set[str] = set()
    for node in ast.walk(found[-1]):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used.add(node.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"locals", "vars"}:
            return None
    if is_class:
        # An option goes into the optimizer's defaults, and must be read from a parameter group again.
        keys = [n.slice for n in ast.walk(found[-1]) if isinstance(n, ast.Subscript)]
        read = {k.value for k in keys if isinstance(k, ast.Constant) and isinstance(k.value, str)}
        attributes = {n.attr for n in ast.walk(found[-1]) if isinstance(n, ast.Attribute)}
        if not read:
            return None
        return next((p for p in wanted[1:] if p not in read | attributes and p in used), None)
    return next((p for p in wanted if p not in used), None)


def _arguments(tree: ast.Module, name: str) -> ast.arguments | None:
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node.args
        if isinstance(node, ast.ClassDef) and node.name == name:
            made = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
            return made[-1].args if made else None
    return None


def _named_otherwise(
    names: Sequence[str], optional: set[str], wanted: Sequence[inspect.Parameter], name: str
) -> Sentence | None:
    due = [p.name for p in wanted]
    found = other_names(names, due)
    if found is None or any(n not in optional and n not in found.values() for n in names):
        return None
    for parameter, own in found.items():
        if own != parameter:
            return say("hidden.parameter-renamed", parameter=parameter, name=name, found=own)
    if [n for n in names if n in due] != due:
        return say("hidden.parameters-reordered", name=name, expected=", ".join(due))
    return None


def _compared(
    names: Sequence[str], optional: set[str], wanted: Sequence[inspect.Parameter], name: str
) -> Sentence | None:
    due = [p.name for p in wanted]
    found = other_names(names, due)
    missing = [p for p in due if found is None and p not in names]
    if missing:
        return say("hidden.parameter-missing", name=name, parameter=missing[0])
    stands_for = found or {}
    needed = [n for n in names if n not in optional and n not in stands_for.values()]
    if needed:
        return say("hidden.parameter-extra", name=name, parameter=needed[0])
    for parameter in wanted:
        if parameter.default is not parameter.empty and stands_for.get(parameter.name) not in optional:
            before = ", ".join(p.name for p in wanted if p.default is p.empty)
            return say("hidden.parameter-without-default", name=name, before=before, parameter=parameter.name)
    return None
