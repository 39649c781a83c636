"""Without namespaces an ordinary user's workers run as that user, and still reach none of its processes and files.

With each existing version of Landlock, which the zygote is told in place of this kernel's version.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from ordinary_user import ORDINARY

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parents[2]

#: Nothing outside can be reached if an attack succeeds.
ALONE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
ZYGOTE = """
import sys
sys.path.insert(0, {root!r})
from autograder.sandbox import confine, landlock, zygote
allowed = confine.allowed_paths
# The victim's files can be read, as an environment in the grader's own home directory can.
confine.allowed_paths = lambda **given: [*allowed(**given), {home!r}]
if {abi}:
    landlock.abi_version = lambda: {abi}
zygote.main()
"""

#: Each must fail, or do nothing.
ATTACKS = {
    "empty a file by name": "os.truncate(FILE, 0)",
    "empty a file that is opened to be read": "os.open(FILE, os.O_RDONLY | os.O_TRUNC)",
    "open for writing": "open(FILE, 'a')",
    "close a file": "os.chmod(FILE, 0)",
    "close an open file": "os.fchmod(os.open(FILE, os.O_RDONLY), 0)",
    "turn the clock back": "os.utime(FILE, (1, 1))",
    "turn the clock of an open file back": "os.utime(os.open(FILE, os.O_RDONLY), (1, 1))",
    "mark a file": "os.setxattr(FILE, 'user.x', b'x')",
    "unlink": "os.unlink(FILE)",
    "take away": "os.rename(FILE, 'taken')",
    "link": "os.link(FILE, 'linked')",
    "close the directory": "os.chmod(os.path.dirname(FILE), 0)",
    "make a file": "open(FILE + '2', 'w')",
    "signal": "os.kill(VICTIM, 9)",
    "queue a signal": "assert c.syscall(129, VICTIM, 9, ctypes.create_string_buffer(128)) == 0",
    "signal a thread": "assert c.syscall(200, VICTIM, 9) == 0",
    "a signal by a pipe": "import fcntl\nr, w = os.pipe()\nfcntl.fcntl(r, 8, VICTIM)\nfcntl.fcntl(r, 10, 9)\n"
    "fcntl.fcntl(r, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)\nos.write(w, b'x')",
    "a signal by a pair": "import fcntl, socket, struct\na, b = socket.socketpair()\n"
    "fcntl.ioctl(a, 0x8901, struct.pack('i', VICTIM))\nfcntl.fcntl(a, 10, 9)\n"
    "fcntl.ioctl(a, 0x5452, struct.pack('i', 1))\nb.send(b'x')",
    "another owner of a pair": "import fcntl, socket, struct\na, b = socket.socketpair()\n"
    "fcntl.ioctl(a, 0x8902, struct.pack('i', VICTIM))\nfcntl.fcntl(a, 10, 9)\n"
    "fcntl.fcntl(a, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)\nb.send(b'x')",
    "an owner by structure": "import fcntl, struct\nr, w = os.pipe()\nfcntl.fcntl(r, 15, struct.pack('ii', 1, VICTIM))",
    "renice": "os.setpriority(os.PRIO_PROCESS, VICTIM, 19)",
    "another scheduler": "import struct\nb = struct.pack('IIQiIQQQ', 48, 5, 0, 0, 0, 0, 0, 0)\n"
    "assert c.syscall(314, VICTIM, b, 0) == 0",
    "another policy": "os.sched_setscheduler(VICTIM, os.SCHED_IDLE, os.sched_param(0))",
    "other processors": "os.sched_setaffinity(VICTIM, {0})",
    "other limits": "import resource\nresource.prlimit(VICTIM, resource.RLIMIT_FSIZE, (0, 0))",
    "a datagram": "import socket\na, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)\na.sendto(b'x', SOCKET)",
    "a datagram by hand": "import socket, struct\na, b = socket.socketpair()\n"
    "n = struct.pack('H', 1) + SOCKET.encode() + bytes(1)\nassert c.syscall(44, a.fileno(), b'x', 1, 0, n, len(n)) > 0",
    "a message": "import socket\na, b = socket.socketpair()\na.sendmsg([b'x'])",
    "hiding from the watch": "assert c.prctl(4, 0, 0, 0, 0) == 0",
}


@pytest.fixture
def home() -> Iterator[str]:
    """The home directory of an ordinary user."""
    if os.geteuid() != 0:
        pytest.skip("the tests of an ordinary user are started by root")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chown(folder, ORDINARY, ORDINARY)
        yield folder


@pytest.mark.parametrize("abi", [1, 2, 3, 5, 0], ids=["v1", "v2", "v3", "v5", "this-kernel"])
def test_an_ordinary_users_files_and_processes_stay_as_they_are(abi: int, home: str) -> None:
    """With every version of Landlock; and in its own directory a worker can still do everything."""
    zygote = Path(home, "zygote.py")
    zygote.write_text(textwrap.dedent(ZYGOTE).format(root=str(ROOT), home=home, abi=abi), encoding="utf-8")
    script = Path(__file__).with_name("attack_victim.py")
    done = subprocess.run(
        [*ALONE, sys.executable, str(script), home, str(zygote), json.dumps(ATTACKS)],
        env={"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    harmed, wrong = json.loads(done.stdout)
    assert not harmed
    assert not wrong
