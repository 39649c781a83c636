"""Whether the student's function takes what the exercise asks for: read from the notebook, never executed."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence

__all__ = ["other_signature", "unused_parameter"]


def other_signature(source: str, name: str, due: object) -> str | None:
    """Say which parameter of a function, or of a class's constructor, is missing, has another name or no default.

    Args:
        source: the exercise's own cell.
        name: the exercise.
        due: the reference's function or class, whose signature the released notebook shows.

    Returns:
        A sentence, None where nothing is wrong with the signature or it cannot be read.
    """
    try:
        tree = ast.parse(source)
        wanted = [p for p in inspect.signature(due).parameters.values() if p.name != "self"]  # type: ignore[arg-type]
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    found = _arguments(tree, name)
    said = _told(found, wanted, name) if found is not None else None
    return said or (_other_method(tree, name, due) if isinstance(due, type) else None)


def _other_method(tree: ast.Module, name: str, due: type) -> str | None:
    """Say the same of the first method of a class whose parameters are others than the reference's."""
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name]
    for node in classes[-1].body if classes else ():
        wanted = vars(due).get(node.name) if isinstance(node, ast.FunctionDef) else None
        if not isinstance(node, ast.FunctionDef) or node.name == "__init__" or not inspect.isfunction(wanted):
            continue
        due_here = list(inspect.signature(wanted).parameters.values())[1:]
        # What is decorated may take something else, and methods are called by position: other names are no matter.
        if node.decorator_list:
            continue
        if len(node.args.args) == len(due_here) + 1:
            said = _without_default(node.args, due_here, f"{name}.{node.name}")
        else:
            said = _told(node.args, due_here, f"{name}.{node.name}")
        if said is not None:
            return said
    return None


def _without_default(found: ast.arguments, wanted: Sequence[inspect.Parameter], name: str) -> str | None:
    """Say which argument of a method has to be optional and is not."""
    needed = sum(p.default is p.empty for p in wanted)
    own = [a.arg for a in found.args][1:]
    if len(own) - len(found.defaults) <= needed:
        return None
    return f"`{name}` has to work without `{own[needed]}`: give it its default value."


def _told(found: ast.arguments, wanted: Sequence[inspect.Parameter], name: str) -> str | None:
    if found.vararg is not None or found.kwarg is not None:
        return None
    if any(p.kind is not p.POSITIONAL_OR_KEYWORD for p in wanted):
        return None
    placed = [a.arg for a in (*found.posonlyargs, *found.args)]
    if placed[:1] == ["self"]:
        placed = placed[1:]
    optional = set(placed[len(placed) - len(found.defaults) :]) if found.defaults else set()
    optional |= {a.arg for a, d in zip(found.kwonlyargs, found.kw_defaults, strict=True) if d is not None}
    names = [*placed, *(a.arg for a in found.kwonlyargs)]
    return _compared(names, optional, wanted, name)


def unused_parameter(source: str, name: str, due: object) -> str | None:
    """Return the parameter of a function, or of a class's constructor, that nothing in it looks at; None without one.

    Args:
        source: the exercise's own cell.
        name: the exercise.
        due: the reference's function or class; what it has no parameter for is not looked for.
    """
    try:
        tree = ast.parse(source)
        wanted = [p for p in inspect.signature(due).parameters if p != "self"]  # type: ignore[arg-type]
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    found = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name == name]
    if not found:
        return None
    used: set[str] = set()
    for node in ast.walk(found[-1]):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            used.add(node.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"locals", "vars"}:
            return None
    if isinstance(found[-1], ast.ClassDef):
        # What goes into the defaults has to be read from a group again.
        keys = [n.slice for n in ast.walk(found[-1]) if isinstance(n, ast.Subscript)]
        read = {k.value for k in keys if isinstance(k, ast.Constant)}
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


def _compared(names: Sequence[str], optional: set[str], wanted: Sequence[inspect.Parameter], name: str) -> str | None:
    due = [p.name for p in wanted]
    missing = [p for p in due if p not in names]
    extra = [n for n in names if n not in due]
    if missing and extra and len(names) == len(due):
        return f"The parameter `{missing[0]}` of `{name}` is called `{extra[0]}` in yours: callers use its name."
    if missing:
        return f"`{name}` has to take the parameter `{missing[0]}`; yours does not."
    if any(n not in optional for n in extra):
        needed = next(n for n in extra if n not in optional)
        return f"`{name}` has to work without `{needed}`: the exercise has no such parameter."
    for parameter in wanted:
        if parameter.default is not parameter.empty and parameter.name not in optional:
            before = ", ".join(p.name for p in wanted if p.default is p.empty)
            return f"`{name}({before})` has to work without {parameter.name}: give it its default value."
    if [n for n in names if n in due] != due:
        return f"The parameters of `{name}` have another order than `({', '.join(due)})`."
    return None
