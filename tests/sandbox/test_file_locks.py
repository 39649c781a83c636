"""A lock on a file that two workers can read would tell one what the other does; nothing is locked."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.spec import WorkerLimits

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(240)]

SHARED = "import fcntl, struct, torch\nfile = open(torch.nn.__file__)\n"
LOCKS = {
    "flock": "fcntl.flock(file, MODE | fcntl.LOCK_NB)",
    "of the process": "fcntl.lockf(file, MODE | fcntl.LOCK_NB)",
    "of the open file": "kind = fcntl.F_RDLCK if MODE == fcntl.LOCK_SH else fcntl.F_WRLCK\n"
    "fcntl.fcntl(file, 37, struct.pack('hhlli4x', kind, 0, 0, 0, 0))",
}
WORK = {
    "a database": "import sqlite3\nfor _ in range(2):\n    with sqlite3.connect('a.db') as db:\n"
    "        db.execute('create table if not exists t(x)')\n        db.execute('insert into t values (1)')\n"
    "    assert db.execute('select count(*) from t').fetchone()[0] == _ + 1",
    "a lock for oneself": "import fcntl\nwith open('a.lock', 'w') as f:\n    fcntl.flock(f, fcntl.LOCK_EX)\n"
    "    fcntl.flock(f, fcntl.LOCK_UN)",
    "settings of a descriptor": "import fcntl, os\nr, w = os.pipe()\nfcntl.fcntl(r, fcntl.F_SETFL, os.O_NONBLOCK)\n"
    "assert fcntl.fcntl(r, fcntl.F_GETFL) & os.O_NONBLOCK",
}


def error_of(worker: Worker, source: str) -> Any:
    """Run a cell; return the exception that ends it, None for none."""
    request = {"source": source, "limit_s": 20.0, "limit_bytes": 100_000, "name": "cell 1"}
    return worker.channel.request("cell", request, 30)["error"]


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_a_lock_tells_another_worker_nothing(zygotes: list[ZygoteProcess], lock: str) -> None:
    """One holds it as its own, the other gets it too."""
    with zygotes[0].spawn(WorkerLimits()) as one, zygotes[1].spawn(WorkerLimits()) as other:
        assert error_of(one, SHARED + lock.replace("MODE", "fcntl.LOCK_SH")) is None
        # Without write access only a shared lock of these kinds can be asked for, where a lock is asked for at all.
        assert error_of(other, SHARED + lock.replace("MODE", "fcntl.LOCK_EX")) is None


def test_what_others_open_cannot_be_watched(zygotes: list[ZygoteProcess]) -> None:
    """Notices about files of a library are refused."""
    source = "import ctypes, os\nc = ctypes.CDLL(None, use_errno=True)\nassert c.inotify_init1(0) == -1"
    with zygotes[0].spawn(WorkerLimits()) as worker:
        assert error_of(worker, source) is None


@pytest.mark.parametrize("source", WORK.values(), ids=WORK)
def test_ordinary_work_with_locks_goes_on(zygotes: list[ZygoteProcess], source: str) -> None:
    """A worker is alone with its files, so a lock that is not set changes nothing."""
    with zygotes[0].spawn(WorkerLimits()) as worker:
        assert error_of(worker, source) is None
