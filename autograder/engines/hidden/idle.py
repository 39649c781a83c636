"""Forms of an exercise that do nothing: where one of them answers as a student did, the answer shows no idea."""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType
from typing import Any

__all__ = ["idle"]


def idle(due: Any) -> Iterator[tuple[str, Any]]:
    """Yield what each form is, in words, and the form.

    Args:
        due: the reference's function or class.
    """
    if not isinstance(due, type):
        yield "a function that returns None", _nothing
        yield "a function that returns its first argument", _first
        yield "a function that returns its arguments", _all
        return
    methods = {n: _nothing for n, m in vars(due).items() if isinstance(m, FunctionType) and not n.startswith("__")}
    yield "methods that do nothing", type(due)(due.__name__, (due,), methods)
    if "forward" in methods:
        yield "a forward that returns its input", type(due)(due.__name__, (due,), {"forward": _given})


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _first(*args: Any, **kwargs: Any) -> Any:
    return next(iter([*args, *kwargs.values()]), None)


def _given(_: Any, *args: Any, **kwargs: Any) -> Any:
    return _first(*args, **kwargs)


def _all(*args: Any, **kwargs: Any) -> tuple[Any, ...]:
    return (*args, *kwargs.values())
