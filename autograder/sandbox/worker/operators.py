"""Refuses operators where all calls of them end: in torch's dispatcher.

An operator has many names (`torch.ops`, `torch._VF`, TorchScript, fx, a dictionary), but each of them calls the same
operator, and the dispatcher looks up the same kernel.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import sys
import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.forbidden import operator_names, refusal
from autograder.sandbox.worker.permits import is_open

__all__ = [
    "Kernel",
    "close_kernel_handles",
    "close_other_executors",
    "close_prepared_kernels",
    "fused_optimizers",
    "is_operator",
    "refusing_kernels",
    "replace_kernels",
]

#: Keys that have a kernel in a build with CUDA; they are refused in every build.
_ALWAYS = ("CPU", "CUDA")
#: The keys under which a layer that keeps an operator finds its kernel.
_KEPT = (
    *("CPU", "CUDA", "Meta", "ADInplaceOrView", "AutogradCPU", "AutogradCUDA"),
    *("AutocastCPU", "AutocastCUDA", "FuncTorchBatched"),
)

#: What turns on fusers, which compute several operators of a script at once.
_SWITCHES = (
    *("_jit_override_can_fuse_on_cpu", "_jit_override_can_fuse_on_cpu_legacy", "_jit_set_te_must_use_llvm_cpu"),
    *("_jit_set_texpr_fuser_enabled", "_jit_set_llga_enabled", "_jit_set_nvfuser_enabled"),
)
#: What makes a graph that another executor runs.
_EXECUTORS = ("_jit_to_static_module", "_fuse_to_static_module", "_jit_pass_fuse_tensorexprs", "_jit_pass_fuse")
#: Parts of the names of passes that put kernels of other libraries into a graph, or compute layers together while it is
#: prepared. A graph that is not prepared gives the same numbers.
_PREPARING = ("frozen", "mkldnn", "optimize_for", "prepack", "convbn", "_vulkan_", "_metal_")
#: Where operators for compiled and quantised models are: they do what layers do, and layers that run as they are
#: written use none of them.
_PREPARED = frozenset(
    {
        *("mkl", "mkldnn", "mkldnn_prepacked", "onednn", "prepacked", "xnnpack", "quantized", "_quantized"),
        *("quantization", "sparse", "static_runtime", "inductor", "vulkan_prepack", "metal_prepack"),
    }
)
#: What returns the kernel of an operator.
_GET_KERNEL = "_dispatch_get_computed_kernel_for_dispatch_key"
#: The classes of these executors, which Python still knows: where, their names, and what runs them.
_EXECUTOR_CLASSES = (
    ("", "StaticModule", ("__init__", "__call__", "runAsync", "benchmark", "benchmark_individual_ops")),
    ("_te", "TensorExprKernel", ("__init__", "run", "fallback")),
    ("_te", "CodeGen", ("call", "call_raw")),
)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernel to register for an operator (one overload) under a dispatch key."""

    operator: str
    key: str
    function: Callable[..., Any]
    with_keys: bool = False


def refusing_kernels(reasons: Mapping[str, str], kept: Collection[str] = ()) -> list[Kernel]:
    """Return kernels that raise, for all overloads of these operators and every key that has a kernel.

    Args:
        reasons: the forbidden name by operator, `aten::softplus` for example.
        kept: forbidden names that torch's layers may use while they are at work.
    """
    import torch

    found: list[Kernel] = []
    for full in torch._C._dispatch_get_all_op_names() if reasons else ():  # noqa: SLF001 - there is no public name
        name = full.partition(".")[0]
        if name not in reasons:
            continue
        dotted = reasons[name]
        refuse = _refusing(dotted)
        own = _kernels(full) if dotted in kept else {}
        for key in dict.fromkeys([*_registered_keys(full), *_ALWAYS, *own]):
            passing = _passing(dotted, own[key], refuse) if key in own else None
            found.append(Kernel(full, key, passing or refuse, with_keys=passing is not None))
    return found


def replace_kernels(kernels: Collection[Kernel]) -> None:
    """Register kernels for as long as this process and its forks live.

    A registration ends with its handle, or with the handle's `reset()`. So nothing in Python refers to the handle, and
    one reference to it is never given back. The handle is no container, so it is in none of the garbage collector's
    lists.
    """
    import torch

    handles: dict[str, Any] = {}
    with warnings.catch_warnings():
        # torch warns that a kernel is overridden, which is wanted here.
        warnings.simplefilter("ignore")
        for kernel in kernels:
            space, _, name = kernel.operator.partition("::")
            if space not in handles:
                handles[space] = torch._C._dispatch_library("IMPL", space, "", __file__, 1)  # noqa: SLF001 - as above
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(handles[space]))
            handles[space].impl(name, kernel.key, kernel.function, kernel.with_keys)
    handles.clear()


def close_other_executors() -> None:
    """Take away what computes a graph of operators without the dispatcher, before any notebook can hold it.

    TorchScript's interpreter asks the dispatcher; its static runtime and its fusers have kernels of their own, and so
    have graphs that were prepared for inference. The switches that turn fusers on do nothing any more, so that
    `torch.jit.fuser` works and changes nothing; so do `torch.jit.freeze` and `optimize_for_inference`.
    """
    import torch

    core: Any = torch._C  # noqa: SLF001 - there is no public name for any of this
    for switch in _SWITCHES:
        if hasattr(core, switch):
            with contextlib.suppress(RuntimeError, TypeError):
                getattr(core, switch)(False)
            setattr(core, switch, _no_switch)
    for name in _EXECUTORS:
        if hasattr(core, name):
            setattr(core, name, _not_here)
    for name in dir(core):
        if name.startswith("_jit_pass_") and any(part in name for part in _PREPARING):
            setattr(core, name, _unchanged)
    for owner, class_, methods in _EXECUTOR_CLASSES:
        found = getattr(getattr(core, owner, None) if owner else core, class_, None)
        for method in methods if isinstance(found, type) else ():
            setattr(found, method, _not_here)
    sys.modules.pop("torch._C._te", None)
    if hasattr(core, "_te"):
        del core._te  # noqa: SLF001 - as above


def close_kernel_handles() -> None:
    """Take away what gives a kernel itself: one that was got before stays open when its operator is refused.

    Call it when all kernels that have to be known are.
    """
    import torch

    core: Any = torch._C  # noqa: SLF001 - as above
    if hasattr(core, _GET_KERNEL):
        setattr(core, _GET_KERNEL, _not_here)


def close_prepared_kernels() -> None:
    """Refuse the operators of compiled and quantised models, by namespace: each is a layer under another name."""
    reasons = {name: name for name in _operators() if name.partition("::")[0] in _PREPARED}
    replace_kernels(refusing_kernels(reasons))


def _unchanged(given: Any, *_: object, **__: object) -> Any:
    return given


def _no_switch(*_: object, **__: object) -> bool:
    return False


def _not_here(*_: object, **__: object) -> Any:
    raise NameError("this way to the kernels of torch is not available here")


def is_operator(dotted: str) -> bool:
    """Whether a name is one of torch's operators."""
    return bool(operator_names(dotted) & _operators())


@functools.cache
def _operators() -> frozenset[str]:
    import torch

    return frozenset(n.partition(".")[0] for n in torch._C._dispatch_get_all_op_names())  # noqa: SLF001 - as below


def _kernels(operator: str) -> dict[str, Any]:
    """Return an operator's kernels by key."""
    import torch

    found = {}
    table = torch._C._dispatch_dump_table(operator)  # noqa: SLF001 - there is no public name for it
    # The dispatcher skips kernels that fall through, and they cannot be called.
    passed_over = {
        key for key, _, where in (line.partition(": ") for line in table.splitlines()) if "fallthrough" in where
    }
    for key in _KEPT:
        if key in passed_over:
            continue
        with contextlib.suppress(RuntimeError, ValueError):
            found[key] = torch.library.get_kernel(operator, key)
    return found


def _passing(dotted: str, kernel: Any, refuse: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel that works for layers that may use it, and refuses all other callers."""

    def pass_on(keys: Any, *args: Any, **kwargs: Any) -> Any:
        return kernel.call_boxed(keys, *args, **kwargs) if is_open(dotted) else refuse()

    return pass_on


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
    # "debug" is where the schema stands; a key of several words ("Meta (inactive)") is a kernel that was replaced.
    return [key for key in keys if key.isidentifier() and key != "debug"]


def _refusing(dotted: str) -> Callable[..., Any]:
    sentence = refusal(dotted)

    def refuse(*_: object, **__: object) -> Any:
        raise NameError(sentence)

    return refuse
