"""Refusing operators where every road to them ends: in torch's dispatcher.

Names can be had in many ways (`torch.ops`, `torch._VF`, TorchScript, fx, a dictionary), but each of them calls the
same operator, and the dispatcher looks up the same kernel.
"""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from autograder.sandbox.forbidden import refusal

__all__ = ["fused_optimizers", "refuse_operators"]

#: Keys that have a kernel in a build with CUDA, whether or not this one has.
_ALWAYS = ("CPU", "CUDA")


def refuse_operators(reasons: Mapping[str, str]) -> int:
    """Let operators raise, in all overloads and under every key that has a kernel; there is no way back.

    Args:
        reasons: the forbidden name by operator, `aten::softplus` for example.

    Returns:
        How many kernels were replaced.
    """
    import torch

    count = 0
    with warnings.catch_warnings():
        # That a kernel is overridden is what is wanted.
        warnings.simplefilter("ignore")
        for full in torch._C._dispatch_get_all_op_names():  # noqa: SLF001 - there is no public name for it
            name = full.partition(".")[0]
            if name not in reasons:
                continue
            kernel = _refusing(reasons[name])
            for key in dict.fromkeys([*_registered_keys(full), *_ALWAYS]):
                _replace_kernel(full, key, kernel)
                count += 1
    return count


def fused_optimizers() -> list[str]:
    """Return the operators, without overloads, that do a whole optimizer's step: those with a learning rate."""
    import torch

    names = {n.partition(".")[0] for n in torch._C._dispatch_get_all_op_names()}  # noqa: SLF001 - as above
    fused = [n for n in sorted(names) if n.startswith("aten::_fused_")]
    return [n for n in fused if any(_has_learning_rate(s) for s in torch._C._jit_get_schemas_for_operator(n))]  # noqa: SLF001


def _has_learning_rate(schema: Any) -> bool:
    return any(argument.name == "lr" for argument in schema.arguments)


def _registered_keys(operator: str) -> list[str]:
    """Return the dispatch keys under which an operator has a kernel of its own."""
    import torch

    dump = torch._C._dispatch_dump(operator)  # noqa: SLF001 - as above
    parts = [line.partition(": registered at ") for line in dump.splitlines()]
    keys = [key.removesuffix("[alias]") for key, mark, _ in parts if mark]
    # "debug" is where the schema stands; a key with more words ("Meta (inactive)") is a kernel that another replaced.
    return [key for key in keys if key.isidentifier() and key != "debug"]


def _replace_kernel(operator: str, key: str, kernel: Callable[..., Any]) -> None:
    """Register a kernel for as long as this process and its forks live.

    The registration ends with its handle, or with the handle's `reset()`. So nothing in Python refers to the handle,
    which is no container and therefore in none of the garbage collector's lists, and one reference is never
    given back.
    """
    import torch

    space, _, name = operator.partition("::")
    handle = torch._C._dispatch_library("IMPL", space, "", __file__, 1)  # noqa: SLF001
    handle.impl(name, key, kernel, False)  # type: ignore[call-arg]
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(handle))


def _refusing(dotted: str) -> Callable[..., Any]:
    sentence = refusal(dotted)

    def refuse(*_: object, **__: object) -> Any:
        raise NameError(sentence)

    return refuse
