"""Calls a notebook's function whatever it calls its parameters, and in whatever order it has them.

A check calls by place or by name. Work that is right under another name, or with its parameters in another order, is
right: so a call is fitted to the function's own signature first. The names that are due are public; they stand in the
released notebook.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from contextlib import suppress
from types import FunctionType
from typing import Any

__all__ = ["Fitting", "other_names"]

_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def other_names(own: Sequence[str], due: Sequence[str]) -> dict[str, str] | None:
    """Return for each parameter that is due the one of a function's own that stands for it.

    A parameter with another name stands for the one at whose place it is.

    Args:
        own: the function's own parameters, in order.
        due: those that are due.

    Returns:
        None if they cannot be told apart.
    """
    found = {name: name for name in due if name in own}
    for place, name in enumerate(due):
        if name in found:
            continue
        if place >= len(own) or own[place] in due:
            return None
        found[name] = own[place]
    return found


class Fitting:
    """The functions that were called, and how: a signature is looked at once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, dict[str, str] | None]] = {}

    def call(self, name: str, function: Any, args: Sequence[Any], kwargs: dict[str, Any], due: Sequence[str]) -> Any:
        """Call a function.

        Args:
            name: the exercise.
            function: what the notebook defines under that name.
            args: by place, as the exercise has it.
            kwargs: by name, as the exercise has it.
            due: the parameters that the exercise asks for; empty where that is not known.
        """
        fitted = self._fitted(name, function, due) if due else None
        if fitted is None or len(args) > len(due):
            return function(*args, **kwargs)
        given = {**dict(zip(due, args, strict=False)), **kwargs}
        return function(**{fitted.get(key, key): value for key, value in given.items()})

    def _fitted(self, name: str, function: Any, due: Sequence[str]) -> dict[str, str] | None:
        """Return how a call by name is fitted; None where it may go as it is."""
        known = self._known.get(name)
        if known is None or known[0] is not function:
            known = self._known[name] = (function, None)
            # A notebook can make anything of what a function says of itself; then it is called as a check calls it.
            with suppress(Exception):
                known = self._known[name] = (function, _fit(function, due))
        return known[1]


def _is_as_due(function: Any, due: Sequence[str]) -> bool:
    """Whether a plain function, or the constructor of a plain class, has just these parameters: the usual case."""
    makes = type(function) is type
    plain = vars(function).get("__init__") if makes else function
    if not isinstance(plain, FunctionType) or hasattr(plain, "__wrapped__"):
        return False
    code = plain.__code__
    own = code.co_varnames[: code.co_argcount]
    return not code.co_posonlyargcount and own == (("self", *due) if makes else tuple(due))


def _fit(function: Any, due: Sequence[str]) -> dict[str, str] | None:
    if _is_as_due(function, due):
        return None
    parameters = list(inspect.signature(function).parameters.values())
    own = [p.name for p in parameters]
    if own[: len(due)] == list(due) and all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters[: len(due)]):
        return None
    if any(p.kind not in _NAMED for p in parameters):
        return None
    return other_names(own, due)
