"""Each layer of the sandbox stops something that no other layer stops: without it, an attack goes through.

A layer is switched off in the zygote's own process, by a script that replaces one function and then runs the real
zygote. A harmful attack goes against a decoy.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hostile.enclosure import needs_enclosure
from hostile.listeners import listeners

from autograder.sandbox import forkserver, host
from autograder.sandbox import memory_watch as watch
from autograder.sandbox.channel import WorkerGone
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "canary_" + "0123456789abcdef" * 2
FORBIDDEN = ("torch.optim.SGD", "torch.optim.sgd")
LIMITS = WorkerLimits(memory_bytes=2 << 30, cpu_s=20, file_bytes=8 << 20, processes=16)


@dataclass(frozen=True)
class Layer:
    """The code that switches a layer off in the zygote, and a cell that gets through only then."""

    tier: Tier
    patch: str
    cell: str
    forbidden: tuple[str, ...] = FORBIDDEN


_BARE_ROOT = """
confine.PRIVATE_DIR = "/mnt"
confine._build_root = lambda *a: system.mount("none", "/", None, system.MS_REC | system.MS_PRIVATE)
"""

_RENICE = (
    "import os\nos.setpriority(os.PRIO_PROCESS, {VICTIM}, 19)\nassert os.getpriority(os.PRIO_PROCESS, {VICTIM}) == 19"
)

LAYERS = {
    "a root of its own": Layer(Tier.A, _BARE_ROOT, "assert 'canary' in open('{SECRET}').read()"),
    "a pid namespace": Layer(
        Tier.A,
        "system.CLONE_NEWPID = 0",
        _RENICE,
    ),
    "Landlock": Layer(
        Tier.B,
        "landlock.restrict = lambda *a, **k: landlock.abi_version()",
        "assert 'canary' in open('{SECRET}').read()",
    ),
    "seccomp": Layer(
        Tier.B,
        "seccomp.install = lambda program: None",
        _RENICE,
    ),
    "resource limits": Layer(
        Tier.A,
        "confine._set_limits = lambda *a: None",
        "import os, torch\nassert torch.empty(3 << 30, dtype=torch.uint8).numel()\n"
        "kept = [os.dup(0) for _ in range(300)]",
    ),
    "a capped directory": Layer(
        Tier.A,
        "confine._set_limits = lambda *a: None\n_mount = system.mount\n"
        "system.mount = lambda s, t, f, flags, data=None: _mount(s, t, f, flags, None if t == '/student' else data)",
        "open('big', 'wb').write(bytes(12 << 20))",
    ),
    "emptied classes": Layer(
        Tier.A,
        "from autograder.sandbox.worker import forbid\nforbid._empty = lambda *a: None",
        # Another class that is left keeps the class from which it was made.
        "import torch\nC = torch.optim.AdamW.__mro__[1]\nassert C.__name__ == 'Adam'\n"
        "p = torch.nn.Parameter(torch.ones(1))\np.grad = torch.ones(1)\nC([p], lr=1.0).step()\nassert p.item() < 0.1",
        ("torch.optim.Adam",),
    ),
    "refused operators": Layer(
        Tier.A,
        "from autograder.sandbox.worker import forbid\nforbid.replace_kernels = lambda *a: None",
        "import torch\np, g = [torch.ones(1)], [torch.ones(1)]\n"
        "torch.ops.aten._fused_sgd(p, g, [], weight_decay=0.0, momentum=0.0, lr=1.0, dampening=0.0, nesterov=False,\n"
        "    maximize=False, is_first_step=True)",
    ),
    "removed names": Layer(
        Tier.A,
        "from autograder.sandbox.worker import warm\nwarm.take_away = lambda *a: None",
        "import torch\ntorch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1)",
    ),
    "masked sources": Layer(
        Tier.A,
        "from autograder.sandbox.worker import forbid\nforbid.source_files = lambda *a: []",
        "import torch\nassert 'momentum' in open(torch.__path__[0] + '/optim/sgd.py').read()",
    ),
}
#: What `make test` leaves out: it runs the corpus, which has attacks that these layers stop.
_NOT_EACH_TIME = frozenset(
    {"a root of its own", "resource limits", "masked sources", "emptied classes", "refused operators"}
)

HEAD = """
import sys
sys.path.insert(0, {root!r})
from autograder.sandbox import confine, landlock, seccomp, system, zygote
{patch}
zygote.main()
"""


@pytest.fixture
def decoy() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user as the workers, as a target."""
    needs_enclosure()
    with subprocess.Popen(["sleep", "60"], user=65534, group=65534, extra_groups=[]) as process:
        yield process
        process.kill()


@pytest.fixture
def secret() -> Iterator[Path]:
    """A file that anybody may read, in a place that no worker should see."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        os.chmod(folder, 0o755)
        path = Path(folder, "secret.txt")
        path.write_text(TOKEN, encoding="utf-8")
        yield path


def _run(layer: Layer, cell: str) -> dict[str, Any]:
    with ZygoteProcess(layer.tier, hidden=[ROOT], forbidden=layer.forbidden) as zygote, zygote.spawn(LIMITS) as worker:
        request = {"source": cell, "limit_s": 10.0, "limit_bytes": 100_000, "name": "cell 1"}
        answer: dict[str, Any] = worker.channel.request("cell", request, 15)
        return answer


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.full) if name in _NOT_EACH_TIME else name for name in LAYERS]
)
def test_a_layer_stops_what_goes_through_without_it(
    name: str, decoy: subprocess.Popen[bytes], secret: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every layer the cell fails; with this one switched off it does not."""
    layer = LAYERS[name]
    cell = layer.cell.replace("{SECRET}", str(secret)).replace("{VICTIM}", str(decoy.pid))
    assert _run(layer, cell)["error"] is not None
    script = tmp_path / "zygote.py"
    script.write_text(HEAD.format(root=str(ROOT), patch=textwrap.dedent(layer.patch)), encoding="utf-8")
    monkeypatch.setattr(host, "_SCRIPT", script)
    monkeypatch.setattr(forkserver, "_used", None)
    assert _run(layer, cell)["error"] is None


def test_the_filter_stops_sockets_where_there_is_no_namespace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In tier B only seccomp keeps a local port out of reach if Landlock knows no ports."""
    needs_enclosure()
    cell = "import socket\ns = socket.create_connection(('127.0.0.1', 47613), 2)\nassert s.recv(100)"
    layer = Layer(Tier.B, "seccomp.install = lambda program: None\nlandlock.abi_version = lambda: 3", cell)
    with listeners(TOKEN):
        assert _run(layer, cell)["error"] is not None
        script = tmp_path / "zygote.py"
        script.write_text(HEAD.format(root=str(ROOT), patch=layer.patch), encoding="utf-8")
        monkeypatch.setattr(host, "_SCRIPT", script)
        monkeypatch.setattr(forkserver, "_used", None)
        assert _run(layer, cell)["error"] is None


def test_the_watch_stops_many_that_are_each_within_their_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five processes of half a gigabyte together exceed two gigabytes; without the watch nobody notices."""
    cell = (
        "import os, time, torch\nfor _ in range(5):\n    if os.fork() == 0:\n"
        "        kept = torch.ones(1 << 27)\n        time.sleep(9)\n        os._exit(0)\ntime.sleep(8)"
    )
    layer = Layer(Tier.A, "", cell)
    # A busy machine takes seconds to fill five processes. At the limit the cell is told, above it everything is ended.
    try:
        stopped = _run(layer, cell)["error"]["type"] == "MemoryError"
    except WorkerGone:
        stopped = True
    assert stopped
    monkeypatch.setattr(watch.MemoryWatch, "begin", lambda *_: None)
    assert _run(layer, cell)["error"] is None
