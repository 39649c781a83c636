"""A worker cannot end itself as if it had been killed from outside, nor look up what an earlier run read."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from autograder.course.assignment import Limits
from autograder.sandbox.channel import WorkerGone
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.session import Session, session_limits

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers of system calls are this machine's"),
]

Run = Callable[[str], dict[str, Any]]
CALL = "import ctypes, os, signal, threading, time\ncall = ctypes.CDLL(None, use_errno=True).syscall\n"


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    index: int
    name: str
    source: str


#: Each sends signal 9 to the process itself where nothing prevents it.
DEATHS = {
    "kill": "try:\n    os.kill(os.getpid(), 9)\nexcept OSError:\n    pass",
    "kill by a group": "try:\n    os.kill(0, 9)\nexcept OSError:\n    pass",
    "kill by a thread": "call(62, threading.get_native_id(), 9)",
    "tkill": "call(200, threading.get_native_id(), 9)",
    "tgkill": "call(234, os.getpid(), threading.get_native_id(), 9)",
    "pthread_kill": "try:\n    signal.pthread_kill(threading.get_ident(), 9)\nexcept OSError:\n    pass",
    "rt_sigqueueinfo": "call(129, os.getpid(), 9, (ctypes.c_int * 32)(9, 0, -1))",
    "rt_tgsigqueueinfo": "call(297, os.getpid(), threading.get_native_id(), 9, (ctypes.c_int * 32)(9, 0, -1))",
    "pidfd_send_signal": "call(424, call(434, os.getpid(), 0), 9, None, 0)",
    "timer_create": """
event, timer = (ctypes.c_int * 16)(0, 0, 9, 0), ctypes.c_int()
if call(222, 1, event, ctypes.byref(timer)) == 0:
    call(223, timer, 0, (ctypes.c_long * 4)(0, 0, 0, 1000), None)
time.sleep(0.1)""",
    "the end of a child": "if call(56, 9, None, None, None, None) == 0:\n    os._exit(0)\ntime.sleep(0.1)",
    "a limit on processor time": """
import resource
try:
    resource.setrlimit(resource.RLIMIT_CPU, (0, 0))
except OSError:
    pass
for _ in range(300):
    sum(range(100_000))""",
    "a parent's helper": "if os.fork() == 0:\n    try:\n        os.kill(os.getppid(), 9)\n    finally:\n"
    "        os._exit(0)\nos.wait()",
}

#: In tier B the signal is refused.
DIES = "import os\ndef f():\n    try:\n        os.kill(os.getpid(), 9)\n    finally:\n        os._exit(1)"

#: Each asks which pages of a file are in memory already, or puts them out of it.
LOOKS = {
    "RWF_NOWAIT": "f = os.open(os.__file__, 0)\nos.preadv(f, [bytearray(64)], 0, os.RWF_NOWAIT)",
    "mincore": "import mmap\nm = mmap.mmap(-1, 4096)\np = (ctypes.c_char * 1).from_buffer(m)\n"
    "if call(27, ctypes.c_void_p(ctypes.addressof(p)), 4096, (ctypes.c_char * 1)()):\n"
    "    raise OSError(ctypes.get_errno())",
    "cachestat": "f = os.open(os.__file__, 0)\n"
    "if call(451, f, (ctypes.c_ulong * 2)(0, 4096), (ctypes.c_ulong * 5)(), 0):\n    raise OSError(ctypes.get_errno())",
}


@pytest.mark.parametrize("source", DEATHS.values(), ids=DEATHS.keys())
def test_signal_9_to_oneself_does_nothing(run: Run, source: str) -> None:
    """For any of these calls, the process still runs afterwards."""
    run(CALL + source)
    assert run("6 * 7")["outputs"][0]["data"]["text/plain"] == "42"


@pytest.mark.parametrize("source", LOOKS.values(), ids=LOOKS.keys())
def test_what_is_in_memory_of_a_file_is_not_told(run: Run, source: str) -> None:
    """The page cache outlives a run, so no worker may ask about it."""
    assert run(CALL + source)["error"] is not None


def test_advice_to_forget_a_file_does_nothing(run: Run) -> None:
    """The call reports success; reading, mapping, forking, limits and other signals work as usual."""
    for source in (
        "f = os.open(os.__file__, 0)\nos.posix_fadvise(f, 0, 0, os.POSIX_FADV_DONTNEED)\nassert os.read(f, 3)",
        "f = os.open(os.__file__, 0)\nassert os.preadv(f, [bytearray(64)], 0) == 64",
        "import mmap\nm = mmap.mmap(-1, 8192)\nm[0] = 1\nm.madvise(21)\nassert m[0] == 1",
        "import resource\nassert resource.getrlimit(0)[0] > 0\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))",
        "import multiprocessing as m\np = m.get_context('fork').Process(target=abs, args=(0,))\np.start()\np.join()",
        "with __import__('concurrent.futures').futures.ThreadPoolExecutor(2) as p:\n    list(p.map(abs, [1]))",
    ):
        assert run(CALL + source)["error"] is None, source


def test_a_copy_that_kills_itself_is_no_reason_for_a_second_run(zygote: ZygoteProcess) -> None:
    """What a check's copy of the notebook does to itself, or claims about its end, counts as the student's."""
    cells = [Cell(0, "f", DIES)]
    session = Session(zygote, session_limits(Limits()), cells)
    with contextlib.closing(session):
        session.run()
        channel = session.fork()
        with pytest.raises(WorkerGone):
            channel.request("ops", [{"op": "call", "name": "f", "args": (), "kwargs": {}}], 10.0)
        session.end_fork(channel, broken=True)
        session.fork().close()
    assert not session.killed
