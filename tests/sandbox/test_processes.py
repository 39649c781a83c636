"""Pools, spawned processes, shared memory and threads, as notebooks of data science use them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.sandbox

Run = Callable[[str], dict[str, Any]]
USES = {
    "pools": """
import multiprocessing as mp
from concurrent.futures import ProcessPoolExecutor
for method in (None, 'fork', 'spawn', 'forkserver'):
    with mp.get_context(method).Pool(2) as pool:
        assert pool.map(abs, [-1, 2]) == [1, 2]
with mp.Pool(2) as pool:
    assert pool.starmap(pow, [(2, 3)]) == [8]
with ProcessPoolExecutor(2, mp_context=mp.get_context('spawn')) as executor:
    assert list(executor.map(abs, [-1, 2])) == [1, 2]
""",
    "a process with a queue and a lock": """
import multiprocessing as mp
mp.set_start_method('spawn', force=True)
queue, lock, value = mp.Queue(), mp.Lock(), mp.Value('i', 0)
def work(number):
    with lock:
        value.value += number
    queue.put(number)
started = [mp.Process(target=work, args=(n,)) for n in (1, 2, 3)]
for process in started: process.start()
assert sorted(queue.get(timeout=5) for _ in started) == [1, 2, 3]
for process in started: process.join(5)
assert value.value == 6 and not lock.acquire.__self__._is_zero()
""",
    "shared memory": """
import numpy as np
from multiprocessing import shared_memory
kept = shared_memory.SharedMemory(create=True, size=80)
np.ndarray((10,), dtype='f8', buffer=kept.buf)[:] = 3
again = shared_memory.SharedMemory(name=kept.name)
assert np.ndarray((10,), dtype='f8', buffer=again.buf).sum() == 30
again.close(); kept.close(); kept.unlink()
""",
    "a semaphore": """
import multiprocessing as mp, threading
bounded = mp.BoundedSemaphore(2)
assert bounded.acquire() and bounded.acquire() and not bounded.acquire(timeout=0.05)
bounded.release(); bounded.release()
try:
    bounded.release()
except ValueError:
    pass
else:
    raise AssertionError('released too often')
event, again = mp.Event(), mp.RLock()
threading.Timer(0.05, event.set).start()
assert event.wait(5)
with again, again:
    pass
""",
    "what psutil tells": """
import os, psutil
own = psutil.Process()
assert own.memory_info().rss > 1 << 20 and sum(own.cpu_times()[:2]) > 0 and own.num_threads() >= 1 and own.create_time()
assert psutil.virtual_memory().total > 1 << 28 and psutil.cpu_count() and psutil.cpu_percent(interval=0.01) >= 0
assert psutil.pids() == [os.getpid()] and psutil.pid_exists(own.pid)
""",
    "a user's name": "import getpass\nassert getpass.getuser() == 'student'",
    "the kernel": "assert get_ipython().kernel.shell is get_ipython()",
}


@pytest.mark.parametrize("use", USES)
def test_parallel_work_is_done_in_each_tier(run: Run, use: str) -> None:
    """Nothing hangs, nothing is refused, and nothing is printed about it."""
    answer = run(USES[use])
    assert answer["error"] is None, answer["error"]
    assert not answer["outputs"]


def test_joblib_works_in_threads(run: Run) -> None:
    """By default and by each backend's name; joblib itself comments on that."""
    names = ("None", "'loky'", "'multiprocessing'", "'threading'")
    source = "from joblib import Parallel, delayed\n" + "\n".join(
        f"assert Parallel(n_jobs=-1, backend={name})(delayed(abs)(-i) for i in range(4)) == [0, 1, 2, 3]"
        for name in names
    )
    answer = run(source)
    assert answer["error"] is None, answer["error"]
    said = "".join(o["text"] for o in answer["outputs"])
    assert said.count("falling back to threading") == said.count("UserWarning"), said
