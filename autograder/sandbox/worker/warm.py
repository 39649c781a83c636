"""What the zygote loads before any student's code exists, and what it takes away."""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Callable, Collection, Sequence
from typing import Any

from autograder.sandbox.worker.shell import WorkerShell, build_shell

__all__ = ["warm_up"]

#: Submodules that `import torch` leaves to first use; loading them later costs every submission.
_MODULES = (
    "torch",
    "torch.nn.functional",
    "torch.optim",
    "torch.autograd",
    "torch._dynamo",
    "torch.utils.data",
    "numpy",
    "numpy.random",
    "matplotlib",
    "matplotlib.pyplot",
    "matplotlib.font_manager",
    "matplotlib_inline.backend_inline",
    # A worker cannot read this package any more.
    "autograder.sandbox.worker.plans",
)


def warm_up(forbidden: Sequence[str], *, device: str) -> WorkerShell:
    """Import, take the forbidden callables away, and build the shell; runs no backward and nothing of CUDA.

    Raises:
        RuntimeError: if a library started a thread, which a fork would leave behind.
    """
    import importlib

    for name in _MODULES:
        importlib.import_module(name)
    import torch

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    if device == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
    _take_away(forbidden)
    shell = build_shell()
    _touch()
    threads = _threads()
    if threads > 1:
        raise RuntimeError(f"{threads} threads run in the zygote; a fork keeps only one of them")
    return shell


def _touch() -> None:
    """Run the single-threaded first steps of common operations once."""
    import torch

    x = torch.randn(3, 3, dtype=torch.float64)
    repr(x)
    repr(x @ x + torch.sqrt(x.abs()))
    torch.testing.assert_close(x, x)
    torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())
    copy = torch.nn.Parameter(x.clone())
    torch.optim.Optimizer([copy], {"lr": 0.1}).state_dict()
    torch.set_rng_state(torch.Generator().manual_seed(0).get_state())


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def _take_away(forbidden: Sequence[str]) -> None:
    """Replace objects by ones that raise, under every name that torch has for them.

    Layers of `torch.nn` that are built on a forbidden function go on working: nn.Linear initialises itself by
    torch.nn.init whether or not a notebook may.
    """
    targets: dict[int, tuple[object, str]] = {}
    users: set[int] = set()
    for dotted in forbidden:
        path, _, name = dotted.rpartition(".")
        owner = _find(path)
        # torch.optim deletes its submodules from its own namespace; sys.modules still has them.
        target = getattr(owner, name, None) or sys.modules.get(dotted)
        if isinstance(target, types.ModuleType):
            for part, value in vars(target).items():
                # What the module imported from elsewhere, torch.optim.Optimizer above all, stays.
                if isinstance(value, (types.FunctionType, type)) and value.__module__ == target.__name__:
                    targets.setdefault(id(value), (value, f"{dotted}.{part}"))
            users |= _layers_built_on(target)
        elif target is not None:
            targets.setdefault(id(target), (target, dotted))
            setattr(owner, name, _raiser(dotted))
    replaced = {key: _raiser(dotted, value, users) for key, (value, dotted) in targets.items()}
    # One pass over all of torch for all of them: it has tens of thousands of names.
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "torch" or not isinstance(module, types.ModuleType):
            continue
        for attribute, value in list(vars(module).items()):
            if id(value) in replaced:
                setattr(module, attribute, replaced[id(value)])


def _layers_built_on(target: types.ModuleType) -> set[int]:
    """Return the identities of the namespaces of torch's layers that import a module or something of it.

    With them goes the module's own namespace, for its functions call each other. Empty if no layer does.
    """
    found = {
        id(vars(module))
        for name, module in list(sys.modules.items())
        if name.startswith("torch.nn.modules.") and isinstance(module, types.ModuleType)
        if any(v is target or getattr(v, "__module__", None) == target.__name__ for v in vars(module).values())
    }
    return found | {id(vars(target))} if found else found


def _find(dotted: str) -> Any:
    """Return a module, or what is found by attributes from the first one; None if there is no such thing."""
    if dotted in sys.modules:
        return sys.modules[dotted]
    first, *rest = dotted.split(".")
    owner: Any = sys.modules.get(first)
    for part in rest:
        owner = getattr(owner, part, None)
    return owner


def _raiser(dotted: str, original: object = None, users: Collection[int] = ()) -> Callable[..., Any]:
    """Return what raises in the place of a function, but for callers whose globals are among `users`."""
    if not isinstance(original, types.FunctionType):
        users = ()

    def forbidden(*args: object, **kwargs: object) -> Any:
        if users and id(sys._getframe(1).f_globals) in users:  # noqa: SLF001 - who calls is the question
            return original(*args, **kwargs)  # type: ignore[operator]
        raise NameError(f"{dotted} is what this assignment asks you to write; it is not available here")

    forbidden.__name__ = forbidden.__qualname__ = dotted.rpartition(".")[2]
    return forbidden
