"""One process, one layer of the sandbox, then CUDA: which layer breaks CUDA? For `gpu_first_run.sh`.

`python benchmarks/gpu_probe.py WHAT [ARGUMENT ...]` prints one line and exits with 0 if a kernel ran. `DEV=cpu` does
the same on the CPU, to try the script itself.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

for name in ("OMP", "OPENBLAS", "MKL"):
    # Only a process with one thread may leave its namespaces.
    os.environ[f"{name}_NUM_THREADS"] = "1"
os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
_BEGAN = time.time()
import torch  # noqa: E402

_IMPORT_S = time.time() - _BEGAN
from autograder.sandbox import confine, landlock, seccomp, system  # noqa: E402
from autograder.sandbox.host import ZygoteProcess  # noqa: E402
from autograder.sandbox.spec import Tier, WorkerLimits, ZygoteSpec  # noqa: E402

DEVICE = os.environ.get("DEV", "cuda")
EXTRA = {
    "driver": confine.driver_paths(),
    "proc": ["/proc"],
    "sys": ["/sys"],
    "etc": ["/etc"],
    "usr": ["/usr"],
    "run": ["/run"],
    "var": ["/var"],
}
WRITES = {"proc_w": ["/proc"], "dev_w": ["/dev"], "tmp_w": [tempfile.gettempdir()], "self_w": ["/proc/self/"]}
#: What the product opens while CUDA starts.
ASKED = [*confine._CUDA_START_PATHS, *confine._CUDA_PATHS]  # noqa: SLF001 - it is what is measured


def use() -> tuple[bool, str]:
    """Start CUDA, run a product and a backward pass; return whether that worked, and how long it took."""
    began, code = time.time(), "-"
    try:
        if DEVICE == "cuda":
            code = str(ctypes.CDLL("libcuda.so.1").cuInit(0))
        started = time.time()
        x = torch.ones(64, 64, device=DEVICE, dtype=torch.float64, requires_grad=True)
        (x @ x).sum().backward()
        assert x.grad is not None
        x.grad.sum().item()
    except Exception as error:  # noqa: BLE001 - any exception is the finding
        return False, f"FAILED cuInit={code} {type(error).__name__}: {str(error).splitlines()[0][:150]}"
    return True, f"ok cuInit={code} {started - began:.2f}s context+product+backward {time.time() - started:.2f}s"


def end(found: tuple[bool, str], more: str = "") -> NoReturn:
    """Print the finding, and exit with it."""
    print(f"{' '.join(sys.argv[1:])[:60]:<60} {found[1]} {more}", flush=True)
    os._exit(0 if found[0] else 1)


def in_child(function: Callable[[], object]) -> NoReturn:
    """Call the function in a fork of this process."""
    pid = os.fork()
    if not pid:
        function()
        os._exit(9)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code not in {0, 1}:
        print(f"{' '.join(sys.argv[1:])[:60]:<60} the child ended by {code}")
    os._exit(code != 0)


def plain(_: Sequence[str]) -> None:
    """No sandbox: memory, threads and descriptors of a process with a context."""
    found = use()
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    rollup = Path("/proc/self/smaps_rollup").read_text().splitlines()
    anonymous = next((line.split()[1] for line in rollup if line.startswith("Pss_Anon")), "?")
    tasks = os.listdir("/proc/self/task")
    names = sorted({Path(f"/proc/self/task/{t}/comm").read_text().strip() for t in tasks})
    kinds: dict[str, int] = {}
    for fd in os.listdir("/proc/self/fd"):
        link = f"/proc/self/fd/{fd}"
        kind = os.readlink(link).partition(":")[0] if os.path.islink(link) else "gone"
        kinds[kind] = kinds.get(kind, 0) + 1
    memory = torch.cuda.mem_get_info() if DEVICE == "cuda" else ()
    sizes = " ".join(f"{k} {status[k].strip()}" for k in ("VmSize", "VmRSS", "Threads"))
    print(f"import torch {_IMPORT_S:.1f}s  {sizes}  Pss_Anon {anonymous} kB  {names}\n  descriptors {kinds}")
    print(f"  free and all of the device {memory}  driver in {confine.driver_paths()}")
    end(found)


def forked(arguments: Sequence[str]) -> None:
    """What the zygote may do before a fork: `nothing`, `dynamo`, `nvml`, `dlopen`, `available`, `cuinit`."""
    before = arguments[0]
    if before == "dynamo":
        importlib.import_module("torch._dynamo")
    elif before == "nvml":
        os.environ["PYTORCH_NVML_BASED_CUDA_CHECK"] = "1"
        torch.cuda.is_available()
    elif before == "dlopen":
        confine.driver_paths()
    elif before == "available":
        torch.cuda.is_available()
    elif before == "cuinit":
        use()
    in_child(lambda: end(use()))


def many(arguments: Sequence[str]) -> None:
    """Several contexts at once, as several judges have."""
    began, children = time.time(), []
    for _ in range(int(arguments[0])):
        pid = os.fork()
        if not pid:
            found = use()
            time.sleep(2)
            os._exit(not found[0])
        children.append(pid)
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    end((not any(codes), f"{len(children)} contexts at once: {time.time() - began - 2:.1f}s, codes {codes}"))


def killed(_: Sequence[str]) -> None:
    """A process is killed while a kernel runs: how soon can the device be used again?"""
    pid = os.fork()
    if not pid:
        use()
        if DEVICE == "cuda":
            torch.cuda._sleep(1 << 45)  # noqa: SLF001 - torch has no other kernel that takes its time
        time.sleep(60)
        os._exit(0)
    time.sleep(6)
    began = time.time()
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    end(use(), f"(killed in a kernel: of use again after {time.time() - began:.2f}s)")


def sticky(_: Sequence[str]) -> None:
    """What a process reports after an assertion on the device; `device_failure` has to recognise it."""
    from autograder.sandbox.faults import device_failure
    from autograder.verdict import StudentFault

    if DEVICE == "cuda":
        for tried in (ask_beyond, use_or_raise):
            try:
                tried()
            except Exception as error:  # noqa: BLE001 - as above
                fault = StudentFault(type(error).__name__, str(error))
                print(f"  {fault.type}: {fault.message.splitlines()[0][:120]} -> {device_failure(fault)}")
    end((True, "said"))


def ask_beyond() -> None:
    """Index beyond the end of a tensor on the device."""
    torch.zeros(3, device="cuda")[torch.tensor([10**6], device="cuda")].cpu()


def use_or_raise() -> None:
    """Compute something on the device."""
    torch.ones(3, device="cuda").sum().item()


def no_memory(_: Sequence[str]) -> None:
    """What a process reports when it finds no memory."""
    from autograder.sandbox.faults import device_failure
    from autograder.verdict import StudentFault

    if DEVICE == "cuda":
        try:
            torch.empty(1 << 45, device="cuda")
        except Exception as error:  # noqa: BLE001 - as above
            fault = StudentFault(type(error).__name__, str(error))
            print(f"  {fault.type}: {fault.message[:120]} -> {device_failure(fault)}")
    end(use(), "(after no memory)")


def nobody(_: Sequence[str]) -> None:
    """As the user whom root's workers run as."""
    os.setgroups([])
    os.setresgid(confine.NOBODY, confine.NOBODY, confine.NOBODY)
    os.setresuid(confine.NOBODY, confine.NOBODY, confine.NOBODY)
    end(use())


def filtered(arguments: Sequence[str]) -> None:
    """The filter before CUDA: `all`, `B`, `but NAME ...`, or one refused name."""
    denied: dict[str, Any] = dict(seccomp._DENIED)  # noqa: SLF001 - it is what is measured
    if arguments[0] == "but":
        for name in arguments[1:]:
            denied.pop(name, None)
    elif arguments[0] not in {"all", "B"}:
        denied = {arguments[0]: denied[arguments[0]]}
    seccomp._DENIED = denied  # type: ignore[misc]  # noqa: SLF001 - as above
    seccomp.install(seccomp.build_filter(pid_namespace=arguments[0] != "B", own_pid=os.getpid(), shared_maps=True))
    end(use())


def late(_: Sequence[str]) -> None:
    """CUDA first, then the whole filter on all threads: the order of the product."""
    before = use()
    seccomp.install(seccomp.build_filter(pid_namespace=True, shared_maps=True))
    end(use(), f"(before: {before[1][:20]})")


def files(arguments: Sequence[str]) -> None:
    """Landlock before CUDA: with what the product opens for the start (`asked`), and with more by name."""
    readable = confine.allowed_paths(device="cuda")
    writable = confine._writable_devices("cuda", programs=False)  # noqa: SLF001 - as above
    for argument in arguments:
        readable += ASKED if argument == "asked" else EXTRA.get(argument, [])
        writable += ["/proc/self/task"] if argument == "asked" else WRITES.get(argument, [])
    landlock.restrict(readable, writable)
    end(use())


def mounts(arguments: Sequence[str]) -> None:
    """The product's own root; with `fresh_proc` a procfs of its own as well."""
    with tempfile.TemporaryDirectory() as stage:
        spec = ZygoteSpec(tier="A", device="cuda", hidden=(), stage=stage)
        confine.enter_namespaces(spec, confine.allowed_paths(device="cuda"), [])
        if "fresh_proc" in arguments:
            flags = system.MS_NOSUID | system.MS_NODEV | system.MS_NOEXEC
            try:
                system.mount("proc", "/proc", "proc", flags)
            except OSError as error:
                print(f"  no procfs of its own: {error}")
        end(use())


def product(arguments: Sequence[str]) -> None:
    """A zygote and a worker of the product: what it reports of the device, and what a cell finds."""
    began = time.time()
    source = (
        f"import torch, time\nt = time.time()\nx = torch.ones(9, 9, device={DEVICE!r}, requires_grad=True)\n"
        "(x @ x).sum().backward()\nprint(f'ok {time.time() - t:.2f}s', x.grad.sum().item(), torch.cuda.is_available())"
    )
    with ZygoteProcess(Tier(arguments[0]), device=DEVICE) as zygote:
        zygote.wait_until_ready()
        warm = time.time()
        with zygote.spawn(WorkerLimits()) as worker:
            started = time.time()
            request = {"source": source, "limit_s": 30.0, "limit_bytes": 100_000, "name": "c"}
            outputs = worker.channel.request("cell", request, 40.0)["outputs"]
            shown = " | ".join(str(o.get("text") or f"{o.get('ename')}: {o.get('evalue')}").strip() for o in outputs)
    told = f"zygote {warm - began:.1f}s, worker {started - warm:.1f}s {dict(worker.ready.device)}: {shown[:300]}"
    end((shown.startswith("ok"), told))


PROBES: dict[str, Callable[[Sequence[str]], None]] = {
    "plain": plain,
    "fork": forked,
    "many": many,
    "kill": killed,
    "sticky": sticky,
    "memory": no_memory,
    "nobody": nobody,
    "seccomp": filtered,
    "late": late,
    "landlock": files,
    "mounts": mounts,
    "product": product,
}

if __name__ == "__main__":
    PROBES[sys.argv[1]](sys.argv[2:])
