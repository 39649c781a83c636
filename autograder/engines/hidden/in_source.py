"""What the text of a student's own cell shows: a default value that differs, a name that is looked up too late."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from autograder.engines.hidden.parsing import parse_cell
from autograder.sentences import Sentence, say

__all__ = ["late_name", "other_default"]

#: Methods that keep a function for later.
_KEEPERS = ("append", "insert", "setdefault", "register")
_LONGEST = 40
_Function = ast.Lambda | ast.FunctionDef


def other_default(source: str, name: str, due: object) -> Sentence | None:
    """Say which default value of a function, or of a class's constructor, differs from the exercise's.

    Args:
        source: the exercise's own cell.
        name: the exercise.
        due: the reference's function or class, whose signature the released notebook shows.
    """
    try:
        tree = parse_cell(source)
        wanted = {p.name: p.default for p in inspect.signature(due).parameters.values()}  # type: ignore[arg-type]
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    for function in _defining(tree, name):
        given = [*function.args.posonlyargs, *function.args.args]
        pairs = list(zip(given[len(given) - len(function.args.defaults) :], function.args.defaults, strict=True))
        pairs += [(a, d) for a, d in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True) if d]
        for argument, default in pairs:
            value = wanted.get(argument.arg, inspect.Parameter.empty)
            if value is inspect.Parameter.empty:
                continue
            try:
                mine = ast.literal_eval(default)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
            mine = tuple(mine) if isinstance(mine, list) else mine
            if isinstance(value, (bool, int, float, str, tuple, type(None))) and mine != value:
                yours = ast.unparse(default)[:_LONGEST]
                return say("hidden.other-default", parameter=argument.arg, name=name, found=yours, expected=repr(value))
    return None


def _defining(tree: ast.Module, name: str) -> list[ast.FunctionDef]:
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return [node]
        if isinstance(node, ast.ClassDef) and node.name == name:
            return [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    return []


def late_name(source: str) -> str | None:
    """Return the name of a loop variable that a function made in the loop looks up only when it runs.

    The function is kept for later, so it sees the variable's last value. None if there is no such function.

    Args:
        source: the exercise's own cell.
    """
    try:
        tree = parse_cell(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For):
            changing = _bound(loop)
            for function in _kept(loop):
                late = [n for n in _looked_up(function) if n in changing]
                if late:
                    return late[0]
    return None


def _bound(loop: ast.For) -> set[str]:
    """Return the names that a loop assigns in each round."""
    return {n.id for n in ast.walk(loop.target) if isinstance(n, ast.Name)}


def _kept(loop: ast.For) -> Iterator[_Function]:
    """Yield the functions of a loop that are kept for later."""
    named = {n.name: n for n in ast.walk(loop) if isinstance(n, ast.FunctionDef)}
    for node in ast.walk(loop):
        keeps = (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr.startswith(_KEEPERS)
        )
        if keeps:
            assert isinstance(node, ast.Call)
            for argument in (*node.args, *(k.value for k in node.keywords)):
                if isinstance(argument, ast.Lambda):
                    yield argument
                elif isinstance(argument, ast.Name) and argument.id in named:
                    yield named[argument.id]
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Lambda)
            and any(isinstance(target, ast.Subscript) for target in node.targets)
        ):
            yield node.value


def _looked_up(function: _Function) -> list[str]:
    """Return the names that a function looks up outside itself when it runs."""
    arguments = function.args
    own = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    own |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
    body = function.body if isinstance(function.body, list) else [function.body]
    nodes = [n for statement in body for n in ast.walk(statement) if isinstance(n, ast.Name)]
    own |= {n.id for n in nodes if not isinstance(n.ctx, ast.Load)}
    return [n.id for n in nodes if n.id not in own]
