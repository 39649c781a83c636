"""Calls a notebook's function, even if its parameters have other names or another order.

A check passes arguments by place or by name. Work that is right under another name, or with its parameters in another
order, is right: so each call is first fitted to the function's own signature. The expected names are public: they stand
in the released notebook.
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
    """Return for each expected parameter the function's own parameter that stands for it.

    A parameter with another name stands for the expected parameter at its place.

    Args:
        own: the function's own parameters, in order.
        due: the expected parameters.

    Returns:
        None if it is not clear which parameter stands for which.
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
    """Calls functions, and remembers their signatures: each is read only once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Any, dict[str, str] | None]] = {}

    def call(self, name: str, function: Any, args: Sequence[Any], kwargs: dict[str, Any], due: Sequence[str]) -> Any:
        """Call a function.

        Args:
            name: the exercise.
            function: what the notebook defines under that name.
            args: by place, in the exercise's order.
            kwargs: by name, with the exercise's names.
            due: the parameters that the exercise asks for; empty if they are not known.
        """
        fitted = self._fitted(name, function, due) if due else None
        if fitted is None or len(args) > len(due):
            return function(*args, **kwargs)
        given = {**dict(zip(due, args, strict=False)), **kwargs}
        return function(**{fitted.get(key, key): value for key, value in given.items()})

    def _fitted(self, name: str, function: Any, due: Sequence[str]) -> dict[str, str] | None:
        """Return the own name for each expected parameter; None if the call needs no change."""
        known = self._known.get(name)
        if known is None or known[0] is not function:
            known = self._known[name] = (function, None)
            # A notebook can change what a function says about itself; then it is called as the check calls it.
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
