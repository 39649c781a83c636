"""What a worker holds in memory, in whatever form, is counted and bounded; what it only reserves is not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hostile.enclosure import needs_enclosure

from autograder.course.assignment import Limits
from autograder.engines.hidden.disclosure import limit_reached
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.session import CellOutcome, Session, SessionLimits
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

MEMORY = WorkerLimits(memory_bytes=1 << 30, cpu_s=60, file_bytes=32 << 20, files=2000)
WORDS = Limits(memory_mib=1024, files_mib=32, files=2000)


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    index: int
    name: str
    source: str


def outcome_of(zygote: ZygoteProcess, source: str) -> tuple[CellOutcome, str]:
    """Run one cell and return what became of it, and the sentence about a limit; the cell after it must still run."""
    needs_enclosure()
    limits = SessionLimits(cell_s=30.0, check_s=2.0, submission_s=90.0, output_bytes=10_000, worker=MEMORY)
    session = Session(zygote, limits, [Cell(0, "first", source), Cell(1, "second", "print(1)")])
    try:
        session.run()
        assert session.outcomes[1].fault is None
        assert not session.killed
        outcome = session.outcomes[0]
        return outcome, (outcome.fault and limit_reached(outcome.fault, WORDS)) or ""
    finally:
        session.close()


def test_a_list_that_grows_stops_in_its_line(zygote: ZygoteProcess) -> None:
    """At the limit a cell gets a MemoryError, which knows the line."""
    outcome, words = outcome_of(zygote, "import torch\nx = []\nwhile True:\n    x.append(torch.ones(1 << 22))")
    assert not outcome.crashed
    assert words == "Your code reached the limit on memory in first, line 4: 1024 MiB."


def test_one_large_array_ends_its_process(zygote: ZygoteProcess) -> None:
    """A statement that cannot be interrupted ends its process, and the message names the cell."""
    outcome, words = outcome_of(zygote, "import torch, time\nx = torch.ones(1 << 30)\ntime.sleep(3)")
    assert outcome.crashed
    assert words == "Your code and the processes that it started reached the limit on memory in first: 1024 MiB."


def test_reserved_memory_costs_nothing(zygote: ZygoteProcess) -> None:
    """Address space is no memory."""
    source = "import numpy as np, torch\na = np.empty(10**9)\nb = torch.empty(1 << 30)\na[:100] = 1"
    outcome, _ = outcome_of(zygote, source)
    assert outcome.fault is None


SHARED = {
    "maps of files": "import numpy as np, time\nkept = []\nfor n in range(40):\n"
    "    m = np.memmap(f'f{n}', 'uint8', 'w+', shape=(8 << 20,))\n    m[:] = 1\n    kept.append(m)\ntime.sleep(3)",
    "shared memory": "import mmap\nkept = []\nwhile True:\n"
    "    m = mmap.mmap(-1, 8 << 20)\n    m.write(bytes(8 << 20))\n"
    "    kept.append(m)",
    "shared memory of many": "import mmap, os, time\nfor _ in range(8):\n    if os.fork() == 0:\n"
    "        try:\n            m = mmap.mmap(-1, 30 << 20)\n            m.write(bytes(30 << 20))\n"
    "            time.sleep(2)\n            os._exit(0)\n        finally:\n            os._exit(1)\n"
    "codes = [os.wait()[1] for _ in range(8)]\nif any(codes):\n    raise OSError(28, 'No space left on device')",
    "shared memory past Python": "import ctypes\nc = ctypes.CDLL(None)\nc.mmap.restype = ctypes.c_void_p\n"
    "assert c.mmap(None, 1 << 20, 3, 0x21, -1, 0) != ctypes.c_void_p(-1).value",
    "shared zeros": "import os\nos.open('/dev/zero', os.O_RDONLY)",
}


@pytest.mark.parametrize("source", SHARED.values(), ids=SHARED.keys())
def test_shared_memory_is_bounded_as_files_are(zygote: ZygoteProcess, source: str) -> None:
    """It is refused, or is a file in the worker's own directory."""
    outcome, words = outcome_of(zygote, source)
    assert outcome.fault is not None
    if "/dev/zero" not in source and "ctypes" not in source:
        assert "limit on files in first" in words, outcome.fault


def test_buffers_of_sockets_count_as_memory(zygote: ZygoteProcess) -> None:
    """Thousands of pairs, filled, exceed the limit together."""
    source = (
        "import os, socket, time\nfor _ in range(40):\n    if os.fork() == 0:\n        kept = []\n        try:\n"
        "            while True:\n                a, b = socket.socketpair()\n                a.setblocking(False)\n"
        "                kept += [a, b]\n                try:\n                    while True:\n"
        "                        a.send(bytes(60000))\n                except BlockingIOError:\n"
        "                    pass\n"
        "        except OSError:\n            pass\n        time.sleep(10)\n        os._exit(0)\ntime.sleep(10)"
    )
    _, words = outcome_of(zygote, source)
    assert "limit on memory in first" in words


FILES = {
    "many bytes": "n = 0\nwhile True:\n    open(f'f{n}', 'wb').write(bytes(1 << 20))\n    n += 1",
    "many files": "n = 0\nwhile True:\n    open(f'f{n}', 'w').close()\n    n += 1",
    "unlinked and open": "import os\nkept = []\nwhile True:\n    f = open('x', 'wb')\n    os.unlink('x')\n"
    "    f.write(bytes(4 << 20))\n    f.flush()\n    kept.append(f)",
    "unlinked and mapped in part": "import mmap, os, time\nkept = []\nfor n in range(40):\n    f = open('x', 'w+b')\n"
    "    f.write(bytes(4 << 20))\n    f.flush()\n    kept.append(mmap.mmap(f.fileno(), 4096))\n    os.unlink('x')\n"
    "    f.close()\ntime.sleep(5)",
    "unlinked, open in others": "import os, time\nfor n in range(12):\n    if os.fork() == 0:\n        try:\n"
    "            f = open(f'{n}', 'wb')\n            os.unlink(f'{n}')\n            f.write(bytes(4 << 20))\n"
    "            f.flush()\n            time.sleep(5)\n"
    "            os._exit(0)\n        finally:\n            os._exit(1)\n"
    "codes = [os.wait()[1] for _ in range(12)]\nif any(codes):\n    raise OSError(28, 'No space left on device')",
}


@pytest.mark.parametrize("source", FILES.values(), ids=FILES.keys())
def test_files_are_bounded_together(zygote: ZygoteProcess, source: str) -> None:
    """The mount bounds them in tier A, the watch in tier B; the student reads which limit it was."""
    outcome, words = outcome_of(zygote, source)
    assert outcome.fault is not None
    assert "limit on files in first" in words
    assert "32 MiB in at most 2000 files" in words


def test_a_nest_of_folders_ends_its_worker_where_nothing_else_bounds_it(zygote: ZygoteProcess) -> None:
    """In tier A it ends at the number of files."""
    outcome, words = outcome_of(zygote, "import os\nwhile True:\n    os.mkdir('d')\n    os.chdir('d')")
    assert outcome.fault is not None
    if zygote.tier is Tier.B:
        assert "limit on files in first" in words
