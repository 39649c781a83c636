"""What a submission cannot reach, in a real worker of each tier."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import SandboxError
from autograder.sandbox.channel import WorkerGone
from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.memory_watch import descendants
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[[str], dict[str, Any]]

ATTEMPTS = {
    "environment through proc": "open('/proc/self/environ').read()",
    "memory through proc": "open('/proc/self/mem', 'rb').read(1)",
    "memory maps": "open('/proc/self/maps').read()",
    "the judge's command line": "open('/proc/1/cmdline').read()",
    "the reference": f"open({str(ROOT / 'solutions/optimizers/solution.py')!r}).read()",
    "a hidden check": f"open({str(ROOT / 'solutions/optimizers/checks/test_08_adam_step.py')!r}).read()",
    "the gradebook": f"open({str(ROOT / 'gradebook.db')!r}, 'rb').read()",
    "other submissions": f"__import__('os').listdir({str(ROOT / 'submitted')!r})",
    "the grader's package": f"open({str(ROOT / 'autograder/engines/hidden/scoring.py')!r}).read()",
    "the secrets' folder": f"__import__('os').listdir({str(ROOT / 'solutions')!r})",
    "importing the judge": "import autograder.engines.hidden.scoring",
    "passwords": "open('/etc/shadow').read()",
    "home directories": "__import__('os').listdir('/home')",
    "an internet socket": "__import__('socket').socket()",
    "a local socket": "__import__('socket').socket(__import__('socket').AF_UNIX)",
    "a pair and a connection": "__import__('socket').create_connection(('127.0.0.1', 22), 1)",
    "writing to the system": "open('/usr/lib/x', 'w')",
    "writing to the course": f"open({str(ROOT / 'x')!r}, 'w')",
    "writing to the libraries": "open(__import__('torch').__file__, 'a')",
    "starting a program": "__import__('os').execv('/bin/sh', ['sh', '-c', 'true'])",
    "a subprocess": "__import__('subprocess').run(['/bin/true'], check=True)",
    "a mount": "import ctypes\nassert ctypes.CDLL(None).mount(b'none', b'/usr', b'tmpfs', 0, None) == 0",
    "tracing": "import ctypes; c = ctypes.CDLL(None, use_errno=True)\nassert c.ptrace(16, 1, 0, 0) == 0",
    "a new namespace": "import ctypes; c = ctypes.CDLL(None, use_errno=True)\nassert c.unshare(0x10000000) == 0",
    "the grader's limits": "import resource, os\nresource.prlimit(os.getppid() or 1, resource.RLIMIT_FSIZE, (0, 0))",
    "memory files": "__import__('os').memfd_create('x')",
    "the forbidden class": "import torch; torch.optim.Adam([torch.nn.Parameter(torch.ones(1))])",
    "the forbidden class by its module": "import torch; torch.optim.adam.Adam([torch.nn.Parameter(torch.ones(1))])",
    "the forbidden kernel": "import torch; torch._fused_adam_()",
    "the forbidden module": "import torch; torch.nn.init.xavier_uniform_(torch.ones(2, 2))",
    "the forbidden module, imported": "from torch.nn.init import ones_; ones_(__import__('torch').ones(2))",
    "the forbidden module by a layer": "import torch; torch.nn.modules.linear.init.ones_(torch.ones(2, 2))",
    "the forbidden function by a layer": "import torch; torch.nn.modules.activation.constant_(torch.ones(2), 0.0)",
    "the forbidden function through a module": "import torch; torch.nn.Linear(2, 2)._apply(torch.nn.init.zeros_)",
}


@pytest.mark.parametrize("source", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_what_is_out_of_reach_raises(run: Run, source: str) -> None:
    """Every attempt ends in an exception, and the cell after it still runs."""
    answer = run(source)
    assert answer["error"] is not None, answer["outputs"]
    assert run("6 * 7")["outputs"][0]["data"]["text/plain"] == "42"


def test_ordinary_work_is_untouched(run: Run) -> None:
    """Printing, plotting, autograd, threads within limits, lazy imports and magics work as in Jupyter."""
    for source in (
        "import torch, numpy as np, matplotlib.pyplot as plt",
        "x = torch.ones(3, requires_grad=True)\n(x * x).sum().backward()\nassert x.grad.tolist() == [2, 2, 2]",
        "plt.plot([1, 2])\nplt.show()",
        "import concurrent.futures as f\nwith f.ThreadPoolExecutor(2) as p:\n    assert list(p.map(abs, [-1])) == [1]",
        "import statistics, decimal, sqlite3",
        "%timeit -n1 -r1 1 + 1",
        "torch.jit.script(torch.nn.Linear(2, 2))",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n    b: int = 1\nassert A() == A(1)",
        "import os\nos.write(1, b'past Python')\nprint('and through it')",
        "torch.manual_seed(0)\ntorch.randn(50, 50) @ torch.randn(50, 50)",
        # Layers initialise themselves by torch.nn.init, which this notebook may not use.
        "n = torch.nn\nn.Conv2d(1, 2, 3), n.BatchNorm1d(2), n.LSTM(2, 2), n.Embedding(3, 2), n.Bilinear(4, 2, 1)",
        "torch.nn.Transformer(4, 2, 1, 1, 8)\nassert torch.nn.Linear(99, 99).weight.std() > 0.01",
    ):
        assert run(source)["error"] is None, source


def test_a_private_directory_is_there(run: Run) -> None:
    """Files can be written to a capped private directory."""
    answer = run("open('mine.txt', 'w').write('x')\nimport torch\ntorch.save(torch.ones(2), 'mine.pt')")
    assert answer["error"] is None
    try:
        assert run("open('big', 'wb').write(bytes(16 << 20))")["error"] is not None
    except WorkerGone:
        # Up to the limit the file is written. In tier B the watch may see it beside the others before the answer comes.
        return


def test_workers_share_nothing(zygote: ZygoteProcess) -> None:
    """The next worker does not have what one worker defined or wrote."""
    answers = []
    for _ in range(2):
        with zygote.spawn(WorkerLimits()) as worker:
            source = "try:\n    secret\nexcept NameError:\n    print('clean')\nsecret = 1\n"
            source += "import os\nassert os.listdir('.') == []\nopen('left', 'w').close()"
            request = {"source": source, "limit_s": 5.0, "limit_bytes": 1000, "name": "c"}
            answers.append(worker.channel.request("cell", request, 10))
    assert [a["outputs"][0]["text"] for a in answers] == ["clean\n", "clean\n"]
    assert all(a["error"] is None for a in answers)


def test_fork_and_thread_bombs_meet_a_limit(run: Run) -> None:
    """Processes and threads beyond the limit cannot be started."""
    answer = run(
        "import threading, time\n"
        "for i in range(200):\n    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()"
    )
    assert "thread" in answer["error"]["message"]
    assert run("import os\nfor i in range(200):\n    if os.fork() == 0:\n        import time; time.sleep(20)")["error"]


def test_memory_has_a_limit(run: Run) -> None:
    """An allocation far beyond the limit fails only in the student's code; untouched pages cost nothing."""
    assert run("import torch\ntorch.zeros(1 << 36, dtype=torch.float64)")["error"]["type"] == "RuntimeError"
    assert run("import numpy as np\nkept = np.empty(10**9)")["error"] is None


def test_output_is_cut_at_its_limit(run: Run) -> None:
    """A flood of output is cut, and the cell says so."""
    outputs = run("for i in range(100000):\n    print('x' * 100)")["outputs"]
    assert sum(len(o["text"]) for o in outputs) < 200_000
    assert "was cut" in outputs[-1]["text"]


def test_killing_a_worker_takes_its_children_along(worker: Worker, run: Run, zygote: ZygoteProcess) -> None:
    """Processes that a student started in the background end with the worker."""
    run("import os, time\nif os.fork() == 0:\n    time.sleep(60)")
    before = descendants(zygote.pid)
    worker.kill()
    deadline = time.monotonic() + 5
    while len(descendants(zygote.pid)) > len(before) - 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(descendants(zygote.pid)) <= len(before) - 2


def test_nothing_survives_the_grader(zygote: ZygoteProcess) -> None:
    """When the judge's end of the control socket closes, zygote and workers end, busy or not."""
    with ZygoteProcess(zygote.tier, warm=False) as other:
        other.spawn(WorkerLimits())
        pids = [other.pid, *descendants(other.pid)]
    assert len(pids) >= 2
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{p}").exists() for p in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not [p for p in pids if Path(f"/proc/{p}").exists()]


def test_a_lost_zygote_is_our_fault() -> None:
    """A zygote that is gone is a SandboxError, which leaves a submission ungraded."""
    zygote = ZygoteProcess(Tier.C, warm=False)
    try:
        os.kill(zygote.pid, 9)
        with pytest.raises(SandboxError):
            zygote.spawn(WorkerLimits())
    finally:
        zygote.close()


def test_the_sources_of_forbidden_modules_cannot_be_read(run: Run) -> None:
    """Their files are empty or closed; files beside them are open, and the folder can be listed."""
    folder = "import os, torch\nfolder = torch.__path__[0] + '/optim'\n"
    assert run(f"{folder}assert 'beta' in open(folder + '/_functional.py').read()")["error"] is not None
    assert run(f"{folder}assert 'Optimizer' in open(folder + '/optimizer.py').read()")["error"] is None
    assert run(f"{folder}assert 'adam.py' in os.listdir(folder)")["error"] is None


def test_an_environment_inside_a_hidden_course_stays_readable() -> None:
    """A .venv in the course's folder is readable; the rest of the course, and what is hidden in the .venv, is not."""
    from autograder.sandbox.confine import without

    package = Path(pytest.__file__).parent
    site = str(package.parent)
    readable, listed = without([site, "/usr/lib"], [str(package), str(package.parent.parent)])
    assert listed == [site]
    assert "/usr/lib" in readable
    assert str(package) not in readable
    assert str(Path(os.__file__).parent) not in readable
    assert any(p.startswith(site + "/") for p in readable)


def test_a_traceback_shows_the_students_lines_and_finds_its_module(run: Run) -> None:
    """Frames of several cells, the lines that failed, and no frame of ours; `inspect` knows the cells as `__main__`."""
    run("def half(x):\n    return 1 / x")
    answer = run("import inspect, sys\n# before\nhalf(0)  # here")
    shown = "\n".join(answer["outputs"][-1]["traceback"])
    for part in (
        "ZeroDivisionError",
        "Cell In[1]",
        "Cell In[2]",
        "----> 3 half(0)  # here",
        "----> 2     return 1 / x",
    ):
        assert part in shown
    assert "autograder" not in shown
    assert run("assert inspect.getmodule(sys._getframe()) is sys.modules['__main__']")["error"] is None
    assert run("assert inspect.getsource(half).endswith('return 1 / x\\n')")["error"] is None
