"""What the zygote loads before any student's code exists, and what it takes away."""

from __future__ import annotations

import contextlib
import os
import sys
import types
from collections.abc import Callable, Collection, Sequence
from typing import Any

from autograder.sandbox.spec import LIBRARIES
from autograder.sandbox.worker.shell import WorkerShell, build_shell

__all__ = ["source_files", "warm_up"]

#: The position of DataLoader's `num_workers` after `self`, and the arguments that need workers.
_NUM_WORKERS = 5
_OF_WORKERS = frozenset(
    {"num_workers", "multiprocessing_context", "prefetch_factor", "persistent_workers", "timeout", "worker_init_fn"}
)
#: How deep decorators wrap each other in torch.
_WRAPPERS = 4

#: Submodules that `import torch` leaves to first use; loading them later costs every submission.
_MODULES = (
    "numpy",
    "numpy.random",
    "matplotlib",
    "matplotlib.pyplot",
    "matplotlib.font_manager",
    "matplotlib_inline.backend_inline",
)
_TORCH = (
    "torch",
    "torch.nn.functional",
    "torch.optim",
    "torch.autograd",
    "torch._dynamo",
    "torch.utils.data",
    # A worker cannot read this package any more.
    "autograder.sandbox.worker.plans",
)


def warm_up(forbidden: Sequence[str], *, device: str, libraries: Sequence[str] = LIBRARIES) -> WorkerShell:
    """Import, take the forbidden callables away, and build the shell; runs no backward and nothing of CUDA.

    A library that is not installed, or does not load, is left for the notebook to find out.

    Raises:
        RuntimeError: if a library started a thread, which a fork would leave behind.
    """
    import importlib

    for name in (*(_TORCH if "torch" in libraries else ()), *_MODULES):
        importlib.import_module(name)
    for name in libraries:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if "torch" in libraries:
        import torch

        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        if device == "cuda":
            torch.backends.cuda.matmul.allow_tf32 = False
            torch.backends.cudnn.allow_tf32 = False
        _take_away(forbidden)
        _load_in_this_process()
    shell = build_shell()
    if "torch" in libraries:
        _touch()
    threads = _threads()
    if threads > 1:
        raise RuntimeError(f"{threads} threads run in the zygote; a fork keeps only one of them")
    return shell


def _load_in_this_process() -> None:
    """Let data loaders do without processes of their own: they would wait for shared memory that is not there."""
    import functools

    from torch.utils.data import DataLoader

    original = DataLoader.__init__

    @functools.wraps(original)
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        wanted = kwargs.get("num_workers", args[_NUM_WORKERS] if len(args) > _NUM_WORKERS else 0)
        if wanted:
            print("num_workers is 0 here: data are loaded in this process.", file=sys.stderr)  # noqa: T201 - to the student
            args = (*args[:_NUM_WORKERS], 0, *args[_NUM_WORKERS + 1 :]) if len(args) > _NUM_WORKERS else args
            kwargs = {k: v for k, v in kwargs.items() if k not in _OF_WORKERS}
        original(self, *args, **kwargs)

    DataLoader.__init__ = init  # type: ignore[method-assign]


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
    """Replace objects by ones that raise, under every name that torch has for them, and empty the objects.

    A class can be had again from its base (`__subclasses__`) and a function from the garbage collector's lists,
    so neither keeps what it could do. What layers of `torch.nn` are built on goes on working for them alone:
    nn.Linear initialises itself by torch.nn.init whether or not a notebook may.
    """
    targets: dict[int, tuple[object, str]] = {}
    shared: dict[int, Collection[int]] = {}
    for dotted in forbidden:
        path, _, name = dotted.rpartition(".")
        owner = _find(path)
        # torch.optim deletes its submodules from its own namespace; sys.modules still has them.
        target = getattr(owner, name, None) or sys.modules.get(dotted)
        if isinstance(target, types.ModuleType):
            layers = _layers_built_on(target)
            for part, value in vars(target).items():
                # What the module imported from elsewhere, torch.optim.Optimizer above all, stays.
                if isinstance(value, (types.FunctionType, type)) and value.__module__ == target.__name__:
                    targets.setdefault(id(value), (value, f"{dotted}.{part}"))
                    if layers and isinstance(value, types.FunctionType):
                        shared[id(value)] = layers
        elif target is not None:
            targets.setdefault(id(target), (target, dotted))
            setattr(owner, name, _raiser(dotted))
            _close_other_doors(name, dotted)
    _replace_everywhere(targets, shared)
    for key, (value, dotted) in targets.items():
        if key not in shared:
            _empty(value, dotted)


def _layers_built_on(target: types.ModuleType) -> Collection[int]:
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


def _replace_everywhere(targets: dict[int, tuple[object, str]], shared: dict[int, Collection[int]]) -> None:
    """Pass over all of torch once for all targets: it has tens of thousands of names."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "torch" or not isinstance(module, types.ModuleType):
            continue
        for attribute, value in list(vars(module).items()):
            if id(value) in targets:
                original, dotted = targets[id(value)]
                keep = shared.get(id(value))
                setattr(module, attribute, _raiser(dotted) if keep is None else _guarded(dotted, original, keep))


def _close_other_doors(name: str, dotted: str) -> None:
    """Operators are looked up by name in three more places."""
    import torch

    if hasattr(torch.ops.aten, name):
        setattr(torch.ops.aten, name, _raiser(dotted))
    for function in ("_jit_get_operation", "_get_operation_overload"):
        _refuse_operator(function, f"aten::{name}", dotted)


def _refuse_operator(function: str, operator: str, dotted: str) -> None:
    """Let one of torch's own look-ups raise for one operator."""
    import torch

    original = getattr(torch._C, function)  # noqa: SLF001 - there is no public name for it
    refused: set[str] | None = getattr(original, "refused", None)
    if refused is not None:
        refused.add(operator)
        return
    refused = {operator}

    def look_up(name: str, *args: Any) -> Any:
        if str(name) in refused:
            raise NameError(f"{dotted.rpartition('.')[0]}'s ready-made algorithms are not available here")
        return original(name, *args)

    look_up.refused = refused  # type: ignore[attr-defined]
    setattr(torch._C, function, look_up)  # noqa: SLF001 - as above


def _empty(value: object, dotted: str, depth: int = 0) -> None:
    """Let a function, or every method of a class, raise, whoever holds it."""
    if isinstance(value, type):
        for name, member in list(vars(value).items()):
            if isinstance(member, types.FunctionType) and member.__module__.startswith("torch."):
                _empty(member, dotted, depth + 1)
                setattr(value, name, _raiser(dotted))
        return
    if not isinstance(value, types.FunctionType) or depth > _WRAPPERS:
        return
    for cell in value.__closure__ or ():
        # What a decorator wrapped.
        inner = cell.cell_contents
        if isinstance(inner, types.FunctionType):
            _empty(inner, dotted, depth + 1)
            cell.cell_contents = _raiser(dotted)
    if not value.__closure__:
        value.__code__ = _plain_raiser(dotted).__code__


def _plain_raiser(dotted: str) -> types.FunctionType:
    """Make a raising function without a closure: only such code can stand in for another function's."""
    source = f"def forbidden(*_, **__):\n    raise NameError({_refusal(dotted)!r})\n"
    namespace: dict[str, Any] = {}
    exec(source, namespace)  # noqa: S102 - the assignment's own list of names, quoted
    function: types.FunctionType = namespace["forbidden"]
    return function


def source_files(forbidden: Sequence[str]) -> list[str]:
    """Return the source and bytecode files of the forbidden modules, for they can be read and loaded again."""
    modules = [sys.modules[dotted] for dotted in forbidden if dotted in sys.modules]
    paths = {getattr(module, name, None) for module in modules for name in ("__file__", "__cached__")}
    return sorted(os.path.realpath(path) for path in paths if path and os.path.isfile(path))


def _find(dotted: str) -> Any:
    """Return a module, or what is found by attributes from the first one; None if there is no such thing."""
    if dotted in sys.modules:
        return sys.modules[dotted]
    first, *rest = dotted.split(".")
    owner: Any = sys.modules.get(first)
    for part in rest:
        owner = getattr(owner, part, None)
    return owner


def _refusal(dotted: str) -> str:
    return f"{dotted} is what this assignment asks you to write; it is not available here"


def _raiser(dotted: str) -> Callable[..., Any]:
    def forbidden(*_: object, **__: object) -> Any:
        raise NameError(_refusal(dotted))

    forbidden.__name__ = forbidden.__qualname__ = dotted.rpartition(".")[2]
    return forbidden


def _guarded(dotted: str, original: Any, callers: Collection[int]) -> Callable[..., Any]:
    """Return what raises in the place of a function, but for code whose globals are among `callers`."""

    def forbidden(*args: object, **kwargs: object) -> Any:
        if id(sys._getframe(1).f_globals) in callers:  # noqa: SLF001 - who calls is the question
            return original(*args, **kwargs)
        raise NameError(_refusal(dotted))

    forbidden.__name__ = forbidden.__qualname__ = dotted.rpartition(".")[2]
    return forbidden
