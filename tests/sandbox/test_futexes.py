"""Two workers cannot wait for each other at a page of a file that both can read."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.spec import WorkerLimits

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(240)]

#: A page of a library's file, and the call; the result and the error stay in `found`.
SHARED = """
import ctypes, mmap, os, time, torch
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
file = os.open(torch.nn.__file__, os.O_RDONLY)
page = ctypes.c_void_p(libc.mmap(None, ctypes.c_size_t(4096), 1, MAP, file, ctypes.c_long(0)))
first = ctypes.c_uint32.from_address(page.value).value
class Time(ctypes.Structure):
    _fields_ = [("s", ctypes.c_long), ("ns", ctypes.c_long)]
five = ctypes.byref(Time(5, 0))
"""
WAIT = SHARED + "found = libc.syscall(202, page, 0, first, five, None, 0), ctypes.get_errno()\nprint(found)"
WAKE = (
    SHARED
    + "for _ in range(400):\n    found = libc.syscall(202, page, 1, 1, None, None, 0)\n"
    + "    if found:\n        break\n    time.sleep(0.01)\nprint(found)"
)
#: The newer calls: their structure says which address, and of which size and kind.
WAITV = (
    SHARED
    + "class Wait(ctypes.Structure):\n    _fields_ = [('v', ctypes.c_uint64), ('a', ctypes.c_uint64), "
    + "('f', ctypes.c_uint32), ('r', ctypes.c_uint32)]\n"
    + "w = Wait(first, page.value, 2, 0)\nprint(libc.syscall(449, ctypes.byref(w), 1, 0, None, 0), ctypes.get_errno())"
)
WORK = {
    "a thread": "import threading\ndone = []\nt = threading.Thread(target=done.append, args=(1,))\nt.start()\n"
    "t.join()\nassert done",
    "threads of torch": "import torch\ntorch.set_num_threads(2)\nx = torch.rand(600, 600)\n"
    "assert (x @ x).shape == (600, 600)",
    "a lock of two processes": "import multiprocessing as mp, os\nlock, value = mp.Lock(), mp.Value('i', 0)\n"
    "def add():\n    for _ in range(200):\n        with lock:\n            value.value += 1\n"
    "p = [mp.Process(target=add) for _ in range(3)]\n[q.start() for q in p]\n[q.join() for q in p]\n"
    "assert value.value == 600, value.value",
    "a time that is over": "import multiprocessing as mp, time\nlock = mp.Lock()\nlock.acquire()\n"
    "t = time.monotonic()\nassert not lock.acquire(timeout=0.2)\nassert 0.1 < time.monotonic() - t < 5",
    "an event": "import multiprocessing as mp\ne = mp.Event()\np = mp.Process(target=e.set)\np.start()\n"
    "assert e.wait(20)\np.join()",
    "a queue": "import multiprocessing as mp\nq = mp.Queue()\np = mp.Process(target=q.put, args=(7,))\np.start()\n"
    "assert q.get(timeout=20) == 7\np.join()",
    "a pool": "import multiprocessing as mp\ndef square(x):\n    return x * x\nwith mp.Pool(3) as pool:\n"
    "    assert pool.map(square, range(20)) == [x * x for x in range(20)]",
    "a loader": "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
    "data = DataLoader(TensorDataset(torch.arange(8.0)), batch_size=2, num_workers=2)\n"
    "assert sum(float(b.sum()) for b, in data) == 28",
}


def run(worker: Worker, source: str) -> Any:
    """Run a cell; return its answer."""
    request = {"source": source, "limit_s": 40.0, "limit_bytes": 100_000, "name": "cell 1"}
    return worker.channel.request("cell", request, 60)


def printed(answer: Any) -> str:
    """Return what a cell that did not fail has printed."""
    assert answer["error"] is None
    return "".join(o["text"] for o in answer["outputs"] if o["output_type"] == "stream").strip()


@pytest.mark.parametrize("kind", [1, 2], ids=["shared", "private"])
def test_nobody_is_woken(zygotes: list[ZygoteProcess], kind: int) -> None:
    """A page that can only be read is one place for all, even in a private map: one waits there, the other wakes."""
    with zygotes[0].spawn(WorkerLimits()) as one, zygotes[1].spawn(WorkerLimits()) as other:
        seen: list[Any] = []
        waker = threading.Thread(target=lambda: seen.append(run(other, WAKE.replace("MAP", str(kind)))))
        waker.start()
        waited = run(one, WAIT.replace("MAP", str(kind)))
        waker.join()
        assert printed(waited) == "(-1, 11)"
        assert printed(seen[0]) == "0"


def test_the_newer_calls_are_not_there(zygotes: list[ZygoteProcess]) -> None:
    """They are answered as by an older kernel."""
    with zygotes[0].spawn(WorkerLimits()) as worker:
        assert printed(run(worker, WAITV.replace("MAP", "1"))) == "-1 38"


@pytest.mark.parametrize("source", WORK.values(), ids=WORK)
def test_threads_and_processes_of_one_worker_wait_for_each_other(zygotes: list[ZygoteProcess], source: str) -> None:
    """Their futexes are private, and locks between processes are pipes."""
    with zygotes[0].spawn(WorkerLimits()) as worker:
        assert run(worker, source)["error"] is None
