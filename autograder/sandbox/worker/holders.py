"""Replaces objects everywhere a notebook holds them."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import gc
import types
from collections.abc import Collection, Mapping
from typing import Any

__all__ = ["exchange_in_holders"]


def exchange_in_holders(
    targets: Collection[object], stand_ins: Mapping[int, Any], notebook: dict[str, Any], kept: Collection[object]
) -> None:
    """Put stand-ins everywhere a recently made object holds a target: variables and what is in them.

    The garbage collector skips what existed before any notebook, because it is frozen. It also skips the notebook's own
    names, so they are an argument.

    Args:
        targets: the objects to replace.
        stand_ins: the replacement of each target, by the target's identity.
        notebook: the names of the notebook.
        kept: holders that stay as they are.
    """
    new: dict[int, Any] = dict(stand_ins)
    ours = set(map(id, kept)) | {id(targets), id(kept)}
    held = [holder for holder in gc.get_referrers(*targets) if id(holder) not in ours]
    # An object that cannot be changed is itself replaced in its holders.
    fixed = [holder for holder in held if isinstance(holder, tuple | staticmethod | classmethod)]
    for holder in fixed:
        if isinstance(holder, tuple):
            new[id(holder)] = tuple(new.get(id(value), value) for value in tuple.__iter__(holder))
        else:
            new[id(holder)] = type(holder)(new[id(holder.__func__)])
    for holder in [notebook, *held, *(gc.get_referrers(*fixed) if fixed else ())]:
        if holder is not fixed and holder is not held:
            # A notebook's object can do anything when it is inspected.
            with contextlib.suppress(Exception):
                _exchange(holder, new)


def _exchange(holder: Any, new: Mapping[int, Any]) -> None:
    if isinstance(holder, list):
        holder[:] = [new.get(id(value), value) for value in list.__iter__(holder)]
    elif isinstance(holder, types.CellType):
        holder.cell_contents = new.get(id(holder.cell_contents), holder.cell_contents)
    elif isinstance(holder, functools.partial):
        state: Any = holder.__reduce__()[2]
        partial: Any = holder
        partial.__setstate__((new.get(id(holder.func), holder.func), *state[1:]))
    elif isinstance(holder, types.FunctionType):
        holder.__defaults__ = new.get(id(holder.__defaults__), holder.__defaults__)
    elif not isinstance(holder, types.FrameType | tuple | staticmethod | classmethod):
        _exchange_names(holder if isinstance(holder, dict) else vars(holder), new)


def _exchange_names(names: dict[Any, Any], new: Mapping[int, Any]) -> None:
    """Exchange the values of a dictionary: an object's attributes, or those of a class."""
    for name, value in list(dict.items(names)):
        if id(value) in new:
            dict.__setitem__(names, name, new[id(value)])
    if "__module__" in names:
        for owner in gc.get_referrers(names):
            if isinstance(owner, type):
                # Python remembers where it found the attributes of a class.
                ctypes.pythonapi.PyType_Modified(ctypes.py_object(owner))
