"""Resources: attacks that would bring the machine, the batch or other students down. Run only inside `enclosure`."""

from __future__ import annotations

import textwrap

from hostile.case import Case

_IN_A_CHECK = {
    "fork-bomb": """
        import os
        def scale(x, factor):
            while True:
                try:
                    os.fork()
                except OSError:
                    pass
    """,
    "thread-bomb": """
        import threading, time
        def scale(x, factor):
            while True:
                threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    """,
    "memory-bomb": """
        def scale(x, factor):
            kept = []
            while True:
                kept.append(torch.empty(1 << 26))
    """,
    "memory-bomb-of-many": """
        import os, time
        def scale(x, factor):
            for _ in range(12):
                if os.fork() == 0:
                    kept = torch.ones(1 << 27)
                    time.sleep(30)
            time.sleep(30)
    """,
    "disk-bomb": """
        def scale(x, factor):
            n = 0
            while True:
                with open(f'f{n}', 'wb') as file:
                    file.write(bytes(1 << 20))
                n += 1
    """,
    "inode-bomb": """
        def scale(x, factor):
            n = 0
            while True:
                open(f'f{n}', 'w').close()
                n += 1
    """,
    "sparse-file": """
        def scale(x, factor):
            with open('big', 'wb') as file:
                file.truncate(1 << 40)
            return x * 0
    """,
    "directory-chain": """
        import os
        def scale(x, factor):
            while True:
                os.mkdir('d')
                os.chdir('d')
    """,
    "descriptor-bomb": """
        import os
        def scale(x, factor):
            while True:
                os.dup(0)
    """,
    "pipe-bomb": """
        import os
        def scale(x, factor):
            while True:
                os.pipe()
    """,
    "endless-loop": "def scale(x, factor):\n    while True:\n        pass",
    "endless-loop-that-swallows": """
        def scale(x, factor):
            while True:
                try:
                    while True:
                        pass
                except BaseException:
                    pass
    """,
    "endless-loop-without-signals": """
        import signal
        def scale(x, factor):
            for number in range(1, 65):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            while True:
                pass
    """,
    "endless-sleep": "import time\ndef scale(x, factor):\n    time.sleep(10 ** 6)",
    "endless-regex": "import re\ndef scale(x, factor):\n    re.match('(a+)+$', 'a' * 60 + 'b')",
    "endless-number": "def scale(x, factor):\n    return 9 ** 9 ** 9",
    "endless-iteration": "def scale(x, factor):\n    return list(iter(int, 1))",
    "deep-recursion": """
        import sys
        def scale(x, factor):
            sys.setrecursionlimit(10 ** 9)
            return scale(x, factor)
    """,
    "segmentation-fault": "import ctypes\ndef scale(x, factor):\n    ctypes.string_at(0)",
    "abort": "import os\ndef scale(x, factor):\n    os.abort()",
    "kills-everyone": """
        import os
        def scale(x, factor):
            for target in (-1, 0, os.getppid(), 1):
                try:
                    os.kill(target, 9)
                except OSError:
                    pass
            return x * 0
    """,
    "stops-its-parent": """
        import os, signal
        def scale(x, factor):
            for target in (os.getppid(), 1, os.getpid()):
                try:
                    os.kill(target, signal.SIGSTOP)
                except OSError:
                    pass
            return x * 0
    """,
    "limits-the-grader": """
        import os, resource
        def scale(x, factor):
            for pid in range(1, 400):
                try:
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, 0))
                except OSError:
                    pass
            return x * 0
    """,
    "daemon": """
        import os, time
        def scale(x, factor):
            if os.fork() == 0:
                try:
                    os.setsid()
                except OSError:
                    pass
                if os.fork() == 0:
                    while True:
                        time.sleep(0.01)
            return x * 0
    """,
    "zombies": """
        import os
        def scale(x, factor):
            for _ in range(1000):
                if os.fork() == 0:
                    os._exit(0)
            return x * 0
    """,
    "renice": """
        import os
        def scale(x, factor):
            for target in range(0, 400):
                try:
                    os.setpriority(os.PRIO_PROCESS, target, 19)
                except OSError:
                    pass
            return x * 0
    """,
    "flood-of-prints-in-a-check": "def scale(x, factor):\n    while True:\n        print('x' * 10000)",
    "flood-of-bytes-in-a-check": "import os\ndef scale(x, factor):\n    while True:\n        os.write(1, b'x' * 65536)",
    "huge-message": "def scale(x, factor):\n    raise ValueError('x' * (200 << 20))",
    "huge-repr": "class R:\n    def __repr__(self): return 'x' * (200 << 20)\ndef scale(x, factor):\n    return R()",
    "huge-answer": "def scale(x, factor):\n    return torch.zeros(1 << 27)",
    "many-answers": "def scale(x, factor):\n    return [torch.zeros(1)] * 10 ** 6",
    "many-small-tensors": "def scale(x, factor):\n    return [torch.zeros(1) for _ in range(10 ** 5)]",
}

_IN_A_CELL = {
    "cell-endless-loop": "while True:\n    pass",
    "cell-endless-loop-that-swallows": "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n"
    "        pass",
    "cell-flood-of-prints": "while True:\n    print('x' * 10000)",
    "cell-flood-of-bytes": "import os\nwhile True:\n    os.write(1, b'x' * 65536)",
    "cell-flood-of-displays": "from IPython.display import display\nwhile True:\n    display('x' * 10000)",
    "cell-huge-plot": "import matplotlib.pyplot as plt\nplt.figure(figsize=(2000, 2000), dpi=300)\nplt.plot([1])\nplt.show()",
    "cell-memory-bomb": "kept = [bytes(1 << 26)]\nwhile True:\n    kept.append(bytes(1 << 26))",
    "cell-exit": "import os\nos._exit(0)",
    "cell-kills-itself": "import os\nos.kill(os.getpid(), 9)",
    "cell-burns-processors": "import os\nfor _ in range(8):\n    if os.fork() == 0:\n        while True:\n            pass",
    "cell-stops-reading": "import gc, socket\nfor t in gc.get_objects():\n    if isinstance(t, socket.socket):\n"
    "        t.close()",
    "cell-closes-everything": "import os\nos.closerange(0, 4096)",
    "cell-unlinks-the-world": "import os, shutil\nfor top in ('/', '/usr', '/dev', '/tmp'):\n"
    "    shutil.rmtree(top, ignore_errors=True)",
    "cell-raises-in-del": "class D:\n    def __del__(self):\n        while True:\n            pass\nD()",
}


def _grown(line: str, steps: int = 40) -> str:
    """Write texts that are each made of the one before; they never run, the judge only reads them."""
    lines = ["if False:", "    a0 = 'torch.optim.SGD'"]
    lines += [f"    a{i} = {line.replace('P', f'a{i - 1}')}" for i in range(1, steps)]
    return "\n".join([*lines, "class Descent:", "    def step(self):", f"        getattr(torch, a{steps - 1})"])


#: Texts that grow in the judge while it reads the code for what is forbidden.
_IN_THE_READING = {
    "folded-percent": _grown("'%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s%s' % (" + "P, " * 16 + ")"),
    "folded-f-string": _grown("f'" + "{P}" * 16 + "'"),
    "folded-format": _grown("'" + "{}" * 16 + "'.format(" + "P, " * 16 + ")"),
    "folded-join": _grown("''.join([" + "P, " * 16 + "])"),
    "folded-join-by-itself": _grown("P.join([P, P, P])"),
    "folded-product": _grown("P * 99999999"),
    "folded-width": _grown("f'{P:>99999999999}'"),
    "folded-replace": _grown("P.replace('o', P + P)"),
    "folded-all-at-once": _grown("f'{P}{P}' + '%s%s' % (P, P) + ''.join([P, '{}{}'.format(P, P)]) + P * 9"),
    "aliases-times-uses": "class Descent:\n    def step(self):\n"
    + "".join(f"        x = torch.a{i}\n" for i in range(3000))
    + "        x.b\n" * 6000,
    "names-of-names": "class Descent:\n    def step(self):\n"
    + "".join(f"        y{i} = torch.b{i}\n        x = y{i}\n" for i in range(2500))
    + "        x.b\n" * 3000,
    "many-small-texts": "if False:\n"
    + "".join(f"    a{i} = 'x' * 9000 + '{i}'\n" for i in range(2500))
    + "class Descent:\n    def step(self):\n"
    + "".join(f"        getattr(torch, a{i})\n" for i in range(2400)),
}
#: Ended by the judge's clock or its limit on output; others that end so run in every tier, too.
_SAME_EVERYWHERE = frozenset(
    {
        "endless-sleep",
        "endless-regex",
        "endless-number",
        "endless-iteration",
        "cell-endless-loop-that-swallows",
        "cell-flood-of-displays",
        "cell-raises-in-del",
    }
)
assert {*_IN_A_CHECK, *_IN_A_CELL} >= _SAME_EVERYWHERE
#: These end soon and harm only themselves; all others must be ended.
CASES = (
    *(
        Case(
            f"resources-{n}",
            "resources",
            {"scale": textwrap.dedent(s).strip()},
            wins="",
            same_everywhere=n in _SAME_EVERYWHERE,
        )
        for n, s in _IN_A_CHECK.items()
    ),
    *(
        Case(f"resources-{n}", "resources", {"scale": s}, wins="", same_everywhere=n in _SAME_EVERYWHERE)
        for n, s in _IN_A_CELL.items()
    ),
    *(
        Case(f"resources-{n}", "resources", {"Descent": s}, wins="", same_everywhere=True)
        for n, s in _IN_THE_READING.items()
    ),
)
