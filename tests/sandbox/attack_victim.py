"""Let workers attack a file, a process and a socket of the user that runs this; print what they harmed, as JSON.

`python attack_victim.py HOME ZYGOTE ATTACKS`, started by root in a pid namespace of its own; becomes an ordinary user.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from ordinary_user import readable_for_all

from autograder.sandbox import host
from autograder.sandbox.spec import Tier, WorkerLimits

HONEST = """
import shutil
open('a', 'w').write('x')
os.mkdir('d')
shutil.copy('a', 'd')
os.replace('a', 'b')
open('b', 'w').close()
open('b', 'r+').truncate(5)
os.unlink('b')
"""


class Victim:
    """What must stay as it is."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.file = home / "precious.txt"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._listener.bind(str(home / "listener"))
        self._listener.setblocking(False)
        self.mend()

    def mend(self) -> None:
        """Restore everything."""
        self._home.chmod(0o700)
        self.file.unlink(missing_ok=True)
        self.file.write_text("precious", encoding="utf-8")
        os.utime(self.file, (1e9, 1e9))
        self.process = subprocess.Popen(["sleep", "100"])

    def state(self) -> list[Any]:
        """Return all of it that an attack aims at."""
        try:
            heard = self._listener.recv(10).decode()
        except BlockingIOError:
            heard = ""
        try:
            found, text = self.file.stat(), self.file.read_text(encoding="utf-8")
        except OSError as error:
            return [str(error)]
        pid = self.process.pid
        if self.process.poll() is not None:
            return ["the process ended"]
        return [
            heard,
            text,
            [found.st_mode, found.st_mtime, found.st_nlink, self._home.stat().st_mode],
            sorted(p.name for p in self._home.iterdir() if p.name.startswith("precious")),
            os.listxattr(self.file),
            [os.sched_getscheduler(pid), os.getpriority(os.PRIO_PROCESS, pid), sorted(os.sched_getaffinity(pid))],
        ]


def main() -> None:
    """Run each attack in a worker of its own."""
    home, zygote, attacks = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    readable_for_all()()
    host._SCRIPT = zygote
    victim = Victim(home)
    before = victim.state()
    harmed, hindered = {}, {}
    with host.ZygoteProcess(Tier.B, libraries=()) as started:
        for name, source in attacks.items():
            with started.spawn(WorkerLimits(memory_bytes=2 << 30)) as worker:
                limits = {"limit_s": 5.0, "limit_bytes": 9999, "name": "c"}
                names = str(victim.file), victim.process.pid, str(home / "listener")
                head = f"import ctypes, os\nFILE, VICTIM, SOCKET = {names!r}\n"
                cell = f"{head}c = ctypes.CDLL(None)\n{source}"
                worker.channel.request("cell", {"source": cell, **limits}, 10)
                if victim.state() != before:
                    harmed[name] = str(victim.state())
                    victim.mend()
                    before = victim.state()
                answer: Any = worker.channel.request("cell", {"source": HONEST, **limits}, 10)
                if answer["error"]:
                    hindered[name] = answer["error"]
    victim.process.kill()
    sys.stdout.write(json.dumps([harmed, hindered]))


if __name__ == "__main__":
    main()
