"""What the zygote loads before any student's code exists."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from autograder.sandbox.spec import LIBRARIES
from autograder.sandbox.worker.forbid import take_away
from autograder.sandbox.worker.machine import describe_machine
from autograder.sandbox.worker.operators import close_other_executors
from autograder.sandbox.worker.plotly_words import show_data_only
from autograder.sandbox.worker.processes import fork_always
from autograder.sandbox.worker.shell import WorkerShell, build_shell

__all__ = ["StartsThread", "load_usual", "warm_up"]

#: How long a thread may take to end if a library needed it only while it was loaded.
SETTLE_S = 0.5

#: The position of DataLoader's `num_workers` after `self`, and the arguments that need workers.
_NUM_WORKERS = 5
_OF_WORKERS = frozenset(
    {"num_workers", "multiprocessing_context", "prefetch_factor", "persistent_workers", "timeout", "worker_init_fn"}
)

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


class StartsThread(RuntimeError):
    """A thread runs where workers are forked from: a fork would leave it behind.

    `library` is what started it, empty if unknown.
    """

    def __init__(self, library: str) -> None:
        self.library = library
        what = library or "one of the loaded libraries"
        super().__init__(f"{what} starts a thread when it is loaded, and a fork keeps only one thread")


def warm_up(
    forbidden: Sequence[str],
    *,
    device: str,
    libraries: Sequence[str] = LIBRARIES,
    loading: Callable[[str], None] = lambda _: None,
) -> WorkerShell:
    """Import, take the forbidden callables away, and build the shell; run no backward pass and no CUDA.

    A library that is not installed, or does not load, is skipped here: the notebook meets the error itself.

    Args:
        forbidden: dotted names that raise when they are used.
        device: `cpu` or `cuda`.
        libraries: the libraries to load besides numpy and matplotlib.
        loading: called with each library's name before it is loaded, and with an empty text after the last: loading may
            end this process.

    Raises:
        StartsThread: if a loaded library started a thread that keeps running.
    """
    import importlib
    import importlib.util

    if importlib.util.find_spec("torch") is None:
        libraries = [name for name in libraries if name != "torch"]
    fork_always()
    describe_machine()
    show_data_only()
    for name in (*(_TORCH if "torch" in libraries else ()), *_MODULES):
        importlib.import_module(name)
        _expect_one_thread(name)
    for name in libraries:
        loading(name)
        with contextlib.suppress(Exception):
            importlib.import_module(name)
        _expect_one_thread(name)
    loading("")
    if "torch" in libraries:
        import torch

        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        if device == "cuda":
            torch.backends.cuda.matmul.allow_tf32 = False
            torch.backends.cudnn.allow_tf32 = False
        close_other_executors()
        take_away(forbidden)
        _load_in_this_process()
        _run_as_written()
    shell = build_shell()
    if "torch" in libraries:
        _touch()
    _expect_one_thread("")
    return shell


def load_usual() -> None:
    """Import what `warm_up` imports by default, and the shell's modules; change and build nothing.

    Raises:
        StartsThread: if a loaded library started a thread that keeps running.
    """
    import importlib

    for name in (*_TORCH, *_MODULES, *LIBRARIES, "IPython.core.interactiveshell"):
        importlib.import_module(name)
    _expect_one_thread("")


def _expect_one_thread(library: str) -> None:
    """Give a thread that ends by itself a moment to do so.

    Raises:
        StartsThread: if it keeps running.
    """
    end = time.monotonic() + SETTLE_S
    while _threads() > 1:
        if time.monotonic() > end:
            raise StartsThread(library)
        time.sleep(SETTLE_S / 50)


def _load_in_this_process() -> None:
    """Let data loaders work without processes: these would wait for shared memory that is not there."""
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


def _run_as_written() -> None:
    """Let `torch.compile` give back what it is given: no compiler runs here, and the numbers are the same without."""
    import functools

    import torch

    @functools.wraps(torch.compile)
    def unchanged(model: Any = None, **settings: Any) -> Any:
        if model is None:
            return functools.partial(unchanged, **settings)
        print("torch.compile has nothing to compile with here: the code runs as it is written.", file=sys.stderr)  # noqa: T201 - to the student
        return model

    torch.compile = unchanged


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
