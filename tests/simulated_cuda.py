"""A simulated CUDA device: the CPU's memory and arithmetic under the device's name, with faults on demand.

Whether a tensor lives "on the device" is a property of its storage, so that views, detached tensors and parameters
agree. A dispatch mode sees every operator, also those of a backward pass: the result of an operator is where its inputs
are, tensors from two places are refused as CUDA refuses them, and numpy cannot read the device. As with the real
device, no code may use it before a fork: a process that was forked from one that used it is refused.

While it starts, it does what a driver is known to do: it starts and names a thread, makes a file in memory and a
socket, and reads two files in /proc.

What is not simulated: kernels that run later than they are called, other rounding, the driver's own device files.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

__all__ = ["Fault", "install"]

_GPU = torch.device("cuda", 0)
_CPU = torch.device("cpu")
_TOTAL_BYTES = 8 << 30
_PRUNE = 4096


@dataclass(frozen=True)
class Fault:
    """What goes wrong, where, and in which workers.

    `kind`: `no-start`, `memory`, `assert`, `lost`, `abort`. `at`: `start`, `to-device`, `to-host`, or the name of an
    operator such as `sqrt`; the `nth` such event of a process fails. After `assert` and `lost` everything fails in that
    process. `workers`: the forks of a zygote that are hit, counted from 1; empty for all. `lasting`: whether every such
    event fails from the nth on.
    """

    kind: str
    at: str = "start"
    nth: int = 1
    workers: tuple[int, ...] = ()
    lasting: bool = True


class _Driver:
    """What the real driver does while it starts, as far as a sandbox sees it; its thread stays."""

    def __init__(self) -> None:
        self.asked: Queue[Callable[[], object]] = Queue()
        self.answers: Queue[object] = Queue()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        Path(f"/proc/self/task/{self.thread.native_id}/comm").write_text("cuda-EvtHandlr", encoding="ascii")
        for name in ("/proc/devices", "/proc/sys/vm/mmap_min_addr"):
            Path(name).read_bytes()
        self.memory = os.memfd_create("cuda")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(f"\0cuda-uvmfd-{os.getpid()}-{time.monotonic_ns()}")
        self.socket.listen()

    def _run(self) -> None:
        while True:
            try:
                self.answers.put(self.asked.get()())
            except OSError as error:
                self.answers.put(f"{type(error).__name__}: {error}")

    def ask(self, function: Callable[[], object]) -> object:
        """Call something in the driver's thread, as an attack on its memory could; return the text of an OSError."""
        self.asked.put(function)
        return self.answers.get()


class _Device:
    """The state of the device in this process."""

    def __init__(self, start_s: float, faults: Sequence[Fault]) -> None:
        self.start_s = start_s
        self.faults = faults
        self.worker = 0
        self.owner = 0
        self.broken = ""
        self.counts: dict[str, int] = {}
        self.storages: dict[int, StorageWeakRef] = {}
        self.generator: torch.Generator | None = None
        self.landing: list[torch.device] = []
        self.driver: _Driver | None = None

    def start(self) -> None:
        """Initialise it, in the first call of a process."""
        if self.owner == os.getpid():
            return
        if self.owner:
            raise RuntimeError(
                "Cannot re-initialize CUDA in forked subprocess. To use CUDA with multiprocessing, you must use the "
                "'spawn' start method"
            )
        time.sleep(self.start_s)
        self.meet("start")
        self.driver = _Driver()
        self.owner = os.getpid()
        self.generator = torch._C.Generator(device="cpu")
        _Mode(self).__enter__()  # type: ignore[no-untyped-call]

    def meet(self, event: str) -> None:
        """Raise the faults that are set for this event."""
        if self.broken:
            raise torch.AcceleratorError(self.broken)
        self.counts[event] = count = self.counts.get(event, 0) + 1
        for fault in self.faults:
            hit = count >= fault.nth if fault.lasting else count == fault.nth
            if fault.at == event and hit and (not fault.workers or self.worker in fault.workers):
                self.fail(fault.kind)

    def fail(self, kind: str) -> None:
        if kind == "no-start":
            raise RuntimeError("CUDA driver initialization failed, you might not have a CUDA gpu.")
        if kind == "memory":
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has 8 GiB in total.")
        if kind == "abort":
            os.abort()
        told = {"assert": "device-side assert triggered", "lost": "unspecified launch failure"}[kind]
        self.broken = f"CUDA error: {told}\nCUDA kernel errors might be asynchronously reported at some other API call."
        raise torch.AcceleratorError(self.broken)

    def holds(self, tensor: Any) -> bool:
        try:
            known = self.storages.get(tensor.untyped_storage()._cdata)
        except (NotImplementedError, RuntimeError):
            return False
        return known is not None

    def keep(self, tensor: Any) -> None:
        try:
            storage = tensor.untyped_storage()
        except (NotImplementedError, RuntimeError):
            return
        # A weak reference keeps the address from being reused.
        if storage._cdata not in self.storages:
            if len(self.storages) % _PRUNE == _PRUNE - 1:
                self.storages = {k: ref for k, ref in self.storages.items() if not ref.expired()}  # type: ignore[no-untyped-call]
            self.storages[storage._cdata] = StorageWeakRef(storage)  # type: ignore[no-untyped-call]


class _Mode(TorchDispatchMode):  # type: ignore[no-untyped-call]
    def __init__(self, device: _Device) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.device = device

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        device = self.device
        tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)]
        here = [device.holds(t) for t in tensors]
        name = func.__name__.partition(".")[0]
        lands = self._lands(kwargs, here=any(here))
        if any(here) and not device.landing and name not in {"copy_", "_to_copy", "set_"}:
            _refuse_two_places(tensors, here)
        if lands or any(here):
            device.start()
            device.meet(name)
            drawn = any(a.name == "generator" for a in func._schema.arguments)
            if lands and drawn and not kwargs.get("generator"):
                kwargs["generator"] = device.generator
        found = func(*args, **kwargs)
        # A copy into a tensor stays where that tensor is.
        if lands and not (name == "copy_" and not here[0]):
            for leaf in tree_leaves(found):
                if isinstance(leaf, torch.Tensor):
                    device.keep(leaf)
        return found

    def _lands(self, kwargs: dict[str, Any], *, here: bool) -> bool:
        """Whether the result is on the device; the real call always asks for the CPU."""
        wanted = kwargs.get("device")
        if wanted is not None and torch.device(wanted).type != "meta":
            kwargs["device"] = _CPU
            return torch.device(wanted).type == "cuda"
        return self.device.landing[-1].type == "cuda" if self.device.landing else here


def _refuse_two_places(tensors: Sequence[torch.Tensor], here: Sequence[bool]) -> None:
    if any(tensor.dim() and not on_device for tensor, on_device in zip(tensors, here, strict=True)):
        raise RuntimeError(
            "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
        )


class _Move(torch.autograd.Function):
    """A copy to another place; the gradient comes back to where the tensor was."""

    @staticmethod
    def forward(ctx: Any, tensor: Any, device: _Device, target: torch.device) -> Any:
        ctx.device, ctx.source = device, _GPU if device.holds(tensor) else _CPU
        return _moved(device, tensor, target)

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        return _moved(ctx.device, grad, ctx.source), None, None


def _moved(device: _Device, tensor: Any, target: torch.device) -> Any:
    device.start()
    device.meet("to-device" if target.type == "cuda" else "to-host")
    device.landing.append(target)
    try:
        return torch.Tensor.clone(tensor)
    finally:
        device.landing.pop()


def install(start_s: float = 0.0, faults: Sequence[Fault] = ()) -> _Device:
    """Let this process and its forks find a CUDA device. Each fork has a number, `worker`, which faults refer to."""
    device = _Device(start_s, faults)

    def forked() -> None:
        device.worker += 1

    os.register_at_fork(before=forked)
    _patch_tensors(device)
    _patch_module(device)
    return device


def _made_there(make: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes tensors of data; the original looks for a driver before any mode sees it."""

    def made(data: Any, *args: Any, device: Any = None, requires_grad: bool = False, **kwargs: Any) -> Any:
        if device is None:
            device = data.device if isinstance(data, torch.Tensor) else torch.get_default_device()
        if torch.device(device).type != "cuda":
            return make(data, *args, device=device, **({"requires_grad": True} if requires_grad else {}), **kwargs)
        found = data if isinstance(data, torch.Tensor) and not args and not kwargs else None
        found = make(data, *args, device="cpu", **kwargs) if found is None else found
        return found.to(device).requires_grad_() if requires_grad else found.to(device)

    return made


def _target(args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[torch.device | None, list[Any], dict[str, Any]]:
    """Remove the device from the arguments of `Tensor.to`, and return it."""
    rest = list(args)
    options = dict(kwargs)
    target = options.pop("device", None)
    other = options.pop("other", None)
    if rest and isinstance(rest[0], torch.Tensor):
        other = rest.pop(0)
    elif rest and isinstance(rest[0], (str, torch.device, int)) and not isinstance(rest[0], bool):
        target = rest.pop(0)
    if other is not None:
        target, rest = other.device, [other.dtype, *rest]
    if target is None:
        return None, rest, options
    return torch.device("cuda", target) if isinstance(target, int) else torch.device(target), rest, options


def _patch_tensors(device: _Device) -> None:
    tensor: Any = torch.Tensor
    to, numpy, array = tensor.to, tensor.numpy, tensor.__array__
    place = torch._C.TensorBase.device.__get__

    def moved_to(self: Any, *args: Any, **kwargs: Any) -> Any:
        target, rest, options = _target(args, kwargs)
        if target is None or target.type not in {"cpu", "cuda"}:
            return to(self, *args, **kwargs)
        moved = (target.type == "cuda") != device.holds(self)
        here: Any = _Move.apply(self, device, target) if moved else self  # type: ignore[no-untyped-call]
        dtype = next((a for a in (*rest, options.get("dtype")) if isinstance(a, torch.dtype)), None)
        if dtype is not None and dtype != here.dtype:
            return to(here, dtype)
        copy = options.get("copy") is True or rest[-1:] == [True]
        return here.clone() if copy and not moved else here

    def refuse() -> None:
        raise TypeError(
            "can't convert cuda:0 device type tensor to numpy. "
            "Use Tensor.cpu() to copy the tensor to host memory first."
        )

    def as_numpy(self: Any, *args: Any, **kwargs: Any) -> Any:
        return refuse() if device.holds(self) else numpy(self, *args, **kwargs)

    def as_array(self: Any, *args: Any, **kwargs: Any) -> Any:
        return refuse() if device.holds(self) else array(self, *args, **kwargs)

    tensor.to = moved_to
    tensor.cpu = lambda self, **_: moved_to(self, _CPU)
    tensor.cuda = lambda self, *_, **__: moved_to(self, _GPU)
    tensor.numpy = as_numpy
    tensor.__array__ = as_array
    tensor.device = property(lambda self: _GPU if device.holds(self) else place(self))
    tensor.is_cuda = property(device.holds)
    tensor.is_cpu = property(lambda self: not device.holds(self))
    tensor.get_device = lambda self: 0 if device.holds(self) else -1
    deep = tensor.__deepcopy__

    def deepcopy(self: Any, memo: dict[int, Any]) -> Any:
        copied = deep(self, memo)
        if device.holds(self):
            device.keep(copied)
        return copied

    tensor.__deepcopy__ = deepcopy


def _patch_factories() -> None:
    for name in ("tensor", "as_tensor", "asarray"):
        setattr(torch, name, _made_there(getattr(torch, name)))
    tensor: Any = torch.Tensor
    new = tensor.new_tensor
    tensor.new_tensor = lambda self, data, *, requires_grad=False, **o: (
        new(self, data, **{**o, "device": "cpu"}).to(o.get("device", self.device)).requires_grad_(requires_grad)
    )


def _patch_module(device: _Device) -> None:
    cuda: Any = torch.cuda
    functions: Any = torch._C._nn
    parse = functions._parse_to

    def parsed(*args: Any, **kwargs: Any) -> Any:
        """Read the arguments of `Module.to`."""
        other = kwargs.get("tensor", args[0] if args else None)
        found = parse(*args, **kwargs)
        return (other.device, *found[1:]) if isinstance(other, torch.Tensor) else found

    functions._parse_to = parsed
    plain: Any = torch.Generator

    class Generator(plain):  # type: ignore[misc]
        """A generator of the CPU, for both places."""

        def __new__(cls, device: Any = "cpu") -> Any:
            return plain.__new__(cls, device="cpu" if torch.device(device).type == "cuda" else device)

        def __init__(self, device: Any = "cpu") -> None:
            """Ignore the device, which `__new__` has read."""

    def state(*_: Any) -> Any:
        device.start()
        assert device.generator is not None
        return device.generator.get_state()

    def seed(number: int) -> None:
        # `torch.manual_seed` calls this too; it must not start the device.
        if device.generator is not None:
            device.generator.manual_seed(number)

    def synchronize(*_: Any) -> None:
        device.start()
        if device.broken:
            raise torch.AcceleratorError(device.broken)

    changes: dict[str, Callable[..., Any]] = {
        "is_available": lambda: True,
        "device_count": lambda: 1,
        "current_device": lambda: 0,
        "init": device.start,
        "_lazy_init": device.start,
        "is_initialized": lambda: device.owner == os.getpid(),
        "get_device_name": lambda *_: "simulated",
        "get_rng_state": state,
        "set_rng_state": lambda new, *_: device.generator and device.generator.set_state(new),
        "manual_seed": seed,
        "manual_seed_all": seed,
        "mem_get_info": lambda *_: (_TOTAL_BYTES // 2, _TOTAL_BYTES),
        "set_per_process_memory_fraction": lambda *_: None,
        "synchronize": synchronize,
        "in_drivers_thread": lambda function: device.driver and device.driver.ask(function),
        "empty_cache": lambda: None,
    }
    for name, function in changes.items():
        setattr(cuda, name, function)
    _patch_factories()
    torch.Generator = Generator  # type: ignore[misc]
    torch.version.cuda = "simulated"
