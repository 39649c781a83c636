"""What isolation costs: to set a worker up and to end it, per tier, and bubblewrap beside our own namespaces.

`python benchmarks/isolation.py [--workers N]` takes about a minute. bubblewrap is measured if `bwrap` is on the PATH.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.memory_watch import descendants
from autograder.sandbox.spec import Tier, WorkerLimits

BUSY = "import os\nfor _ in range(3):\n    if os.fork() == 0:\n        while True:\n            pass"
#: What a worker must be able to do inside a wrapper: make a pid namespace and a private directory of its own.
NESTED = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
flags = int(sys.argv[1], 0)
if libc.unshare(flags) != 0:
    sys.exit("unshare: " + os.strerror(ctypes.get_errno()))
pid = os.fork()
if pid == 0:
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, b"size=1m") != 0:
        os._exit(ctypes.get_errno())
    os._exit(0)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit("mount: " + os.strerror(code) if code else 0)
"""


def milliseconds(times: Sequence[float]) -> str:
    """Describe a series of seconds."""
    ordered = sorted(times)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return (
        f"median {statistics.median(ordered) * 1e3:6.1f} ms, p95 {p95 * 1e3:6.1f} ms, most {ordered[-1] * 1e3:6.1f} ms"
    )


def timed(action: Callable[[], object], count: int) -> list[float]:
    """Time an action many times."""
    times = []
    for _ in range(count):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return times


def measure_tier(tier: Tier, count: int) -> None:
    """Print what a worker of a tier costs to set up and to end."""
    with ZygoteProcess(tier) as zygote:
        zygote.wait_until_ready()
        setups, ends = [], []
        for _ in range(count):
            started = time.perf_counter()
            worker = zygote.spawn(WorkerLimits())
            setups.append(time.perf_counter() - started)
            started = time.perf_counter()
            worker.kill()
            ends.append(time.perf_counter() - started)
        print(f"tier {tier.value}: worker set up      {milliseconds(setups)}")
        print(f"tier {tier.value}: idle worker ended  {milliseconds(ends)}")
        ends = []
        for _ in range(max(5, count // 5)):
            before = set(descendants(zygote.pid))
            worker = zygote.spawn(WorkerLimits(processes=64))
            worker.channel.request("cell", {"source": BUSY, "limit_s": 5.0, "limit_bytes": 99, "name": "c"}, 10)
            mine = set(descendants(zygote.pid)) - before
            started = time.perf_counter()
            worker.kill()
            while any(Path(f"/proc/{p}").exists() for p in mine):
                time.sleep(0.0005)
            ends.append(time.perf_counter() - started)
        print(f"tier {tier.value}: four busy processes, kill to gone  {milliseconds(ends)}")


def measure_start(tier: Tier, count: int) -> list[float]:
    """Time a zygote without torch from its start until it is ready."""
    times = []
    for _ in range(count):
        started = time.perf_counter()
        with ZygoteProcess(tier, warm=False) as zygote:
            zygote.wait_until_ready()
            times.append(time.perf_counter() - started)
    return times


def measure_wrapper(count: int) -> None:
    """Compare bubblewrap around a process with our own namespaces around a zygote."""
    own, plain = measure_start(Tier.A, count), measure_start(Tier.C, count)
    extra = (statistics.median(own) - statistics.median(plain)) * 1e3
    print(f"own namespaces around a zygote: {extra:.1f} ms more than none (median of {count})")
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        print("bubblewrap: not on PATH")
        return
    python = [sys.executable, "-I", "-S", "-c", "pass"]
    base = [bwrap, "--ro-bind", "/", "/", "--unshare-all", "--die-with-parent", "--proc", "/proc", "--dev", "/dev"]
    bare = timed(lambda: subprocess.run(python, check=True), count)
    wrapped = timed(lambda: subprocess.run([*base, *python], check=True), count)
    extra = (statistics.median(wrapped) - statistics.median(bare)) * 1e3
    print(f"bubblewrap around a process:    {extra:.1f} ms more than none (median of {count})")
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(NESTED)
        script.flush()
        for what, options, flags in (
            ("pid and mount namespaces", [], "0x20020000"),
            ("user, pid and mount namespaces", [], "0x30020000"),
            ("pid and mount namespaces with --cap-add ALL", ["--cap-add", "ALL"], "0x20020000"),
        ):
            command = [*base, *options, sys.executable, "-I", "-S", script.name, flags]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            print(f"  inside it, {what}: {'works' if done.returncode == 0 else done.stderr.strip()}")


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=100, help="workers per tier (default 100)")
    count = parser.parse_args().workers
    for tier in Tier:
        measure_tier(tier, count)
    measure_wrapper(max(5, count // 10))


if __name__ == "__main__":
    main()
