"""Switches of a process that a cell can leave behind: torch's modes and defaults, numpy's, Python's own.

A check runs with their values at the start. None of them is a value that a notebook computed; reading them all takes
less than a tenth of a millisecond, and copies no state of the notebook.
"""

from __future__ import annotations

import builtins
import decimal
import functools
import gc
import locale
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

__all__ = ["Switches", "read_switches", "set_switches", "switch_names"]

_NAMES = "built-in names"
_BUILT_IN = vars(builtins)
_NOTHING: dict[str, Any] = {}
_PLAIN = (bool, int, float, str, type(None))

_Reader = Callable[[], Any]
_Setter = Callable[[Any], object]
_Switch = tuple[str, _Reader, _Setter]

#: The smallest normal number; half of it is zero if denormal numbers are flushed.
_SMALLEST_NORMAL = 2.2250738585072014e-308


@dataclass(frozen=True, slots=True)
class Switches:
    """The value of each switch, by the words that a student knows it by."""

    values: dict[str, Any]

    def differing(self, other: Switches) -> list[str]:
        """Return the names of the switches that have another value in `other`."""
        return [name for name, value in self.values.items() if not _same(value, other.values.get(name))]


def read_switches() -> Switches:
    """Return the values of all switches."""
    found = {}
    for name, read, _ in _switches():
        # A notebook can break anything, torch's own functions too; then that switch is left alone.
        with suppress(Exception):
            found[name] = read()
    return Switches(found)


def set_switches(wanted: Switches) -> None:
    """Set every switch that has another value."""
    # First, and without anything that a notebook may have replaced: the rest needs the built-in names.
    _BUILT_IN.update(wanted.values.get(_NAMES, _NOTHING))
    for name, read, put in _switches():
        with suppress(Exception):
            if name in wanted.values and not _same(read(), wanted.values[name]):
                put(wanted.values[name])


@functools.cache
def switch_names() -> frozenset[str]:
    """Return what the switches are called."""
    return frozenset(name for name, _, _ in _switches())


def _same(a: Any, b: Any) -> bool:
    """Whether two values are the same: containers by their entries, objects of the notebook's by identity."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(_same, a.values(), b.values()))
    return a is b or (isinstance(a, _PLAIN) and a == b)


def _switches() -> tuple[_Switch, ...]:
    torch_too = _of_torch() if "torch" in sys.modules else ()
    numpy_too = _of_numpy() if "numpy" in sys.modules else ()
    # First the switches that can disturb all other reading and setting.
    return (*_of_python(), *torch_too, *numpy_too)


# -- Python ------------------------------------------------------------------------------------------------


def _of_python() -> tuple[_Switch, ...]:
    return (
        (_NAMES, lambda: dict(vars(builtins)), _set_builtins),
        ("warnings' filters", lambda: (list(warnings.filters), warnings.showwarning), _set_warnings),
        ("the recursion limit", sys.getrecursionlimit, sys.setrecursionlimit),
        ("the limit on digits", sys.get_int_max_str_digits, sys.set_int_max_str_digits),
        ("tracing", lambda: (sys.gettrace(), sys.getprofile()), _set_tracing),
        ("garbage collection", gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
        ("the working directory", os.getcwd, os.chdir),
        ("sys.path", lambda: list(sys.path), lambda path: sys.path.__setitem__(slice(None), path)),
        ("decimal's context", _decimal, _set_decimal),
        ("the locale", lambda: locale.setlocale(locale.LC_ALL), lambda name: locale.setlocale(locale.LC_ALL, name)),
    )


def _set_builtins(wanted: dict[str, Any]) -> None:
    """Give built-in names their meaning again; names that a notebook added stay, because its code may use them."""
    vars(builtins).update(wanted)


def _set_warnings(wanted: tuple[list[Any], Any]) -> None:
    warnings.filters[:] = wanted[0]  # type: ignore[index]
    warnings.showwarning = wanted[1]
    warnings._filters_mutated()  # type: ignore[attr-defined]  # noqa: SLF001 - what the module itself calls then


def _set_tracing(wanted: tuple[Any, Any]) -> None:
    sys.settrace(wanted[0])
    sys.setprofile(wanted[1])


def _decimal() -> tuple[Any, ...]:
    now = decimal.getcontext()
    raised = sorted(signal.__name__ for signal, on in now.traps.items() if on)
    return (now.prec, now.rounding, now.Emin, now.Emax, now.capitals, now.clamp, raised)


def _set_decimal(wanted: tuple[Any, ...]) -> None:
    precision, rounding, least, most, capitals, clamp, raised = wanted
    decimal.setcontext(
        decimal.Context(precision, rounding, least, most, capitals, clamp, [], [getattr(decimal, n) for n in raised])
    )


# -- torch -------------------------------------------------------------------------------------------------


def _of_torch() -> tuple[_Switch, ...]:
    import torch

    return (
        ("modes of tensor functions", _modes, _set_modes),
        ("inference mode", torch.is_inference_mode_enabled, _set_inference),
        ("grad mode", torch.is_grad_enabled, torch._C._set_grad_enabled),  # noqa: SLF001 - the public one is a context
        ("the default dtype", torch.get_default_dtype, torch.set_default_dtype),
        ("deterministic algorithms", _determinism, _set_determinism),
        ("anomaly detection", _anomaly, lambda v: torch.autograd.set_detect_anomaly(*v)),
        ("autocast", _autocast, _set_autocast),
        ("the precision of float32 products", torch.get_float32_matmul_precision, torch.set_float32_matmul_precision),
        ("flushing of denormal numbers", _flushes, torch.set_flush_denormal),
        ("the number of threads", torch.get_num_threads, torch.set_num_threads),
        ("hooks on all modules", _module_hooks, _set_module_hooks),
        ("hooks on saved tensors", _saved_hooks, _set_saved_hooks),
        ("torch's print options", lambda: dict(vars(torch._tensor_str.PRINT_OPTS)), _set_printing),  # noqa: SLF001
    )


def _modes() -> tuple[Any, ...]:
    """Return the default device's mode and the stack of function modes; `set_default_device` is one of them."""
    import torch

    context = torch._GLOBAL_DEVICE_CONTEXT  # noqa: SLF001 - torch has no other place for it
    depth = torch._C._len_torch_function_stack()  # noqa: SLF001 - as above
    stack = [torch._C._get_function_stack_at(i) for i in range(depth)]  # noqa: SLF001
    return (getattr(context, "device_context", None), *stack)


def _set_modes(wanted: tuple[Any, ...]) -> None:
    import torch

    for _ in range(torch._C._len_torch_function_stack()):  # noqa: SLF001
        torch._C._pop_torch_function_stack()  # noqa: SLF001
    for mode in wanted[1:]:
        torch._C._push_on_torch_function_stack(mode)  # noqa: SLF001
    torch._GLOBAL_DEVICE_CONTEXT.device_context = wanted[0]  # noqa: SLF001


#: The guard of the mode that was set here: the mode ends with its guard.
_INFERENCE: list[Any] = []


def _set_inference(wanted: bool) -> None:  # noqa: FBT001 - the value of a switch
    import torch

    grad = torch.is_grad_enabled()
    _INFERENCE.append(torch._C._InferenceMode(wanted))  # noqa: SLF001 - what torch.inference_mode holds
    torch._C._set_grad_enabled(grad)  # noqa: SLF001 - leaving the mode switches that too


def _determinism() -> tuple[bool, ...]:
    import torch

    cudnn = torch.backends.cudnn
    return (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        bool(getattr(torch.utils.deterministic, "fill_uninitialized_memory")),  # noqa: B009 - its type has none
        bool(cudnn.deterministic),
        bool(cudnn.benchmark),
    )


def _set_determinism(wanted: tuple[bool, ...]) -> None:
    import torch

    torch.use_deterministic_algorithms(wanted[0], warn_only=wanted[1])
    setattr(torch.utils.deterministic, "fill_uninitialized_memory", wanted[2])  # noqa: B010 - as above
    torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = wanted[3:]


def _anomaly() -> tuple[bool, bool]:
    import torch

    return torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled()


_AUTOCAST_DEVICES = ("cpu", "cuda")


def _autocast() -> tuple[Any, ...]:
    import torch

    each = [(torch.is_autocast_enabled(d), torch.get_autocast_dtype(d)) for d in _AUTOCAST_DEVICES]
    return (torch.is_autocast_cache_enabled(), *each)


def _set_autocast(wanted: tuple[Any, ...]) -> None:
    import torch

    torch.set_autocast_cache_enabled(wanted[0])
    for device, (on, dtype) in zip(_AUTOCAST_DEVICES, wanted[1:], strict=True):
        torch.set_autocast_enabled(device, on)
        torch.set_autocast_dtype(device, dtype)
    torch.clear_autocast_cache()


def _flushes() -> bool:
    return _SMALLEST_NORMAL / float(2) == 0.0


def _hook_tables() -> dict[str, Any]:
    from torch.nn.modules import module

    return {n: v for n, v in vars(module).items() if n.startswith("_global_") and "hooks" in n and hasattr(v, "items")}


def _module_hooks() -> dict[str, dict[Any, Any]]:
    return {name: dict(table) for name, table in _hook_tables().items()}


def _set_module_hooks(wanted: dict[str, dict[Any, Any]]) -> None:
    for name, table in _hook_tables().items():
        table.clear()
        table.update(wanted.get(name, {}))


def _saved_hooks() -> Any:
    import torch

    return torch._C._autograd._top_saved_tensors_default_hooks(False)  # noqa: SLF001 - not public


def _set_saved_hooks(wanted: Any) -> None:
    import torch

    hooks: Any = torch._C._autograd  # noqa: SLF001 - as above
    while hooks._top_saved_tensors_default_hooks(False):  # noqa: SLF001
        hooks._pop_saved_tensors_default_hooks()  # noqa: SLF001
    if wanted:
        hooks._push_saved_tensors_default_hooks(*wanted)  # noqa: SLF001


def _set_printing(wanted: dict[str, Any]) -> None:
    import torch

    vars(torch._tensor_str.PRINT_OPTS).update(wanted)  # noqa: SLF001 - set_printoptions knows fewer than there are


# -- numpy -------------------------------------------------------------------------------------------------


def _of_numpy() -> tuple[_Switch, ...]:
    import numpy as np

    return (
        ("numpy's errstate", lambda: (np.geterr(), np.geterrcall()), _set_errors),
        ("numpy's print options", np.get_printoptions, lambda options: np.set_printoptions(**options)),
    )


def _set_errors(wanted: tuple[dict[str, Any], Any]) -> None:
    import numpy as np

    np.seterrcall(wanted[1])
    np.seterr(**wanted[0])
