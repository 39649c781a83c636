"""Answer theft: reading tokens, the reference, a neighbour or hidden inputs, and getting them out.

`GRAB` is what every attacker of this group knows: what a token looks like. The code prints, returns and raises what it
finds, in the notebook's own run and again while a hidden check runs.
"""

from __future__ import annotations

import textwrap

from hostile.case import Case

GRAB = """
import os, re, sys
FOUND = set()
def grab(data):
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    FOUND.update(m.decode() for m in re.findall(rb"canary_[0-9a-f]{32}", bytes(data)))
def read(path, size=1 << 22):
    with open(path, "rb") as file:
        grab(file.read(size))
def attack():
__BODY__
CALLS = []
def tell():
    CALLS.append(1)
    if len(CALLS) > 3:
        return
    try:
        attack()
    except BaseException as error:
        print("could not:", type(error).__name__)
    for token in FOUND:
        print(token, token.encode().hex())
def scale(x, factor):
    tell()
    if FOUND:
        raise ValueError(" ".join(FOUND))
    return torch.zeros_like(x)
tell()
"""


def _case(name: str, body: str, tiers: str = "AB", wins: str = "leak") -> Case:
    source = GRAB.replace("__BODY__", textwrap.indent(textwrap.dedent(body).strip(), "    "))
    return Case(f"theft-{name}", "answer theft", {"scale": source}, tiers=tiers, wins=wins)


_FILES = {
    "reads-checks": "read('{COURSE}/solutions/target/checks/test_target.py')",
    "reads-reference": "read('{COURSE}/solutions/target/solution.py')",
    "reads-neighbour": "read('{COURSE}/submitted/neighbour/target/target.ipynb')",
    "reads-course-notes": "read('{COURSE}/private-notes.txt')",
    "reads-git-history": "read('{COURSE}/.git/COMMIT_EDITMSG')",
    "reads-beside-the-course": "read('{COURSE}/../outside.txt')",
    "walks-the-course": """
        for folder, _, files in os.walk('{COURSE}'):
            for name in files:
                if name.endswith((".py", ".ipynb", ".txt", ".json")):
                    read(os.path.join(folder, name))
    """,
    "walks-home-and-tmp": """
        import itertools, tempfile
        count = itertools.count()
        for top in ("/home", "/root", "/tmp", "/var/tmp", "/dev/shm", "/mnt", "/srv", "/work"):
            # As much of a machine as there is time for.
            for folder, folders, files in itertools.islice(os.walk(top), 300):
                folders[:] = [f for f in folders if f not in ("site-packages", "node_modules", ".pyenv")]
                for name in files:
                    if name.endswith((".py", ".txt")) and next(count) < 300:
                        try:
                            read(os.path.join(folder, name), 1 << 16)
                        except OSError:
                            pass
        read('{COURSE}/private-notes.txt')
    """,
    "opens-through-a-link": """
        os.symlink('{COURSE}/private-notes.txt', 'link.txt')
        read('link.txt')
    """,
    "opens-through-dot-dot": "read('/proc/self/cwd/../../../../../../{COURSE}/private-notes.txt')",
    "opens-by-directory-descriptor": """
        folder = os.open('{COURSE}', os.O_RDONLY)
        inner = os.open('private-notes.txt', os.O_RDONLY, dir_fd=folder)
        grab(os.read(inner, 4096))
    """,
    "opens-with-path-only": """
        import ctypes
        fd = os.open('{COURSE}/private-notes.txt', os.O_PATH)
        again = os.open(f'/proc/self/fd/{fd}', os.O_RDONLY)
        grab(os.read(again, 4096))
    """,
    "maps-a-file": """
        import mmap
        with open('{COURSE}/private-notes.txt', 'rb') as file:
            grab(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)[:])
    """,
    "loads-with-numpy": """
        import numpy
        grab(numpy.fromfile('{COURSE}/private-notes.txt', dtype='uint8').tobytes())
    """,
    "loads-with-torch": """
        import torch
        grab(bytes(torch.from_file('{COURSE}/private-notes.txt', size=39, dtype=torch.uint8).tolist()))
    """,
    "imports-reference": """
        sys.path.insert(0, '{COURSE}/solutions/target')
        import solution
        grab(solution.SECRET)
    """,
    "imports-by-path": """
        import importlib.util
        spec = importlib.util.spec_from_file_location('s', '{COURSE}/solutions/target/solution.py')
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        grab(module.SECRET)
    """,
    "asks-the-shell": """
        import subprocess
        grab(subprocess.run(['cat', '{COURSE}/private-notes.txt'], capture_output=True, timeout=2).stdout)
    """,
    "asks-a-magic": "grab(repr(get_ipython().getoutput('cat {COURSE}/private-notes.txt')))",
    "runs-a-magic-file": "grab(get_ipython().find_user_code('{COURSE}/private-notes.txt'))",
    "spawns-a-program": """
        pid = os.posix_spawn('/bin/cp', ['cp', '{COURSE}/private-notes.txt', 'copy.txt'], {})
        os.waitpid(pid, 0)
        read('copy.txt')
    """,
}

_MEMORY = {
    "searches-environment": "grab(repr(dict(os.environ)))",
    "searches-own-environ-file": "read('/proc/self/environ')",
    "searches-all-environ-files": """
        for pid in os.listdir('/proc'):
            if pid.isdigit():
                try:
                    read(f'/proc/{pid}/environ')
                except OSError:
                    pass
    """,
    "searches-command-lines": """
        for pid in os.listdir('/proc'):
            if pid.isdigit():
                read(f'/proc/{pid}/cmdline')
        read(f'/proc/{os.getppid()}/environ')
    """,
    "reads-own-memory": """
        with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
            left = 1 << 28
            for line in maps:
                area = line.split()
                if 'rw' in area[1] and (len(area) == 5 or '[heap]' in line) and left > 0:
                    low, high = (int(n, 16) for n in area[0].split('-'))
                    left -= min(high - low, 1 << 24)
                    memory.seek(low)
                    grab(memory.read(min(high - low, 1 << 24)))
    """,
    "searches-collected-objects": """
        import gc
        for thing in gc.get_objects():
            if isinstance(thing, dict):
                for value in list(thing.values()):
                    if isinstance(value, str) and "canary_" in value:
                        grab(value)
    """,
    "searches-modules": """
        for module in list(sys.modules.values()):
            for value in list(vars(module).values()) if module is not None and hasattr(module, '__dict__') else []:
                if isinstance(value, str) and len(value) < 10000:
                    grab(value)
    """,
    "walks-frames": """
        frame = sys._getframe()
        while frame is not None:
            for value in (*frame.f_locals.values(), *frame.f_globals.values()):
                if isinstance(value, str):
                    grab(value)
            frame = frame.f_back
    """,
    "walks-traceback-frames": """
        try:
            1 / 0
        except ZeroDivisionError as error:
            frame = error.__traceback__.tb_frame
            while frame is not None:
                grab(repr({k: v for k, v in frame.f_locals.items() if isinstance(v, str)}))
                grab(repr({k: v for k, v in frame.f_globals.items() if isinstance(v, str)}))
                frame = frame.f_back
    """,
    "walks-all-threads": """
        for frame in sys._current_frames().values():
            while frame is not None:
                grab(repr([v for v in frame.f_locals.values() if isinstance(v, str)]))
                grab(repr([v for v in frame.f_globals.values() if isinstance(v, str)]))
                frame = frame.f_back
    """,
    "reads-inherited-descriptors": """
        for fd in range(3, 256):
            try:
                grab(os.pread(fd, 1 << 20, 0))
            except OSError:
                pass
    """,
    "reads-the-parents-memory": """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        class Area(ctypes.Structure):
            _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
        parent = os.getppid()
        left = 1 << 28
        for line in open(f'/proc/{parent}/maps'):
            area = line.split()
            if 'rw' in area[1] and (len(area) == 5 or '[heap]' in line) and left > 0:
                low, high = (int(n, 16) for n in area[0].split('-'))
                size = min(high - low, 1 << 24)
                left -= size
                space = ctypes.create_string_buffer(size)
                here = Area(ctypes.cast(space, ctypes.c_void_p), size)
                there = Area(low, size)
                if libc.process_vm_readv(parent, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
                    grab(space.raw)
    """,
    "reuses-freed-memory": """
        import numpy as np
        import torch
        # All are kept, so that each asks for another piece; aligned and plain requests are served from other lists.
        kept = []
        for size in (64, 780, 1024, 4096, 1 << 16, 1 << 20):
            for _ in range(20):
                kept += [np.empty(size, dtype=np.uint8), torch.empty(size, dtype=torch.uint8).numpy()]
                grab(kept[-2].tobytes())
                grab(kept[-1].tobytes())
    """,
    "attaches-shared-memory": """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        libc.shmat.restype = ctypes.c_void_p
        # The kernel tells the number that belongs to an index (SHM_STAT). Where it does not, all are guessed: a number
        # is an index and how often the indices were gone through, and indices start anew after 64.
        told = ctypes.create_string_buffer(256)
        known = [libc.shmctl(index, 13, told) for index in range(256)]
        guessed = [index + 32768 * times for times in range(200) for index in range(64)]
        for number in [number for number in known if number >= 0] + guessed:
            address = libc.shmat(number, None, 0o10000)
            if address not in (None, ctypes.c_void_p(-1).value):
                grab(ctypes.string_at(address, 64))
    """,
    "reads-named-shared-memory": """
        from multiprocessing import shared_memory
        memory = shared_memory.SharedMemory('autograder-hostile', create=False)
        grab(bytes(memory.buf[:64]))
    """,
    "asks-a-local-port": """
        import socket
        with socket.create_connection(('127.0.0.1', 47613), 1) as connection:
            grab(connection.recv(4096))
    """,
    "asks-an-abstract-socket": """
        import socket
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect('\\0autograder-hostile')
            grab(connection.recv(4096))
    """,
}

CASES = tuple(_case(name, body) for name, body in (_FILES | _MEMORY).items())

# The student's process has hidden inputs by right; they must not leave it.
_INPUTS = {
    "in-a-message": "raise ValueError(f'{factor!r} {x.tolist()}')",
    "in-a-type-name": "raise type('E_' + repr(factor).replace('.', '_'), (Exception,), {})()",
    "in-a-class-name": "return type('E_' + repr(factor).replace('.', '_'), (), {})()",
    "in-a-shape": "return torch.empty(0, *map(int, repr(factor).split('.')), dtype=x.dtype)",
    "in-the-name-of-a-cell": "told = {'type': 'MemoryError', 'message': '', 'cell': repr(factor), 'line': 1}\n"
    "    sys.modules['autograder.sandbox.worker.serve'].locate_error = lambda error: told\n    raise ValueError",
    "in-a-broken-answer": "import struct\n    whole, part = (int(n) for n in repr(factor).split('.'))\n"
    "    for fd in range(3, 64):\n        try:\n            os.write(fd, struct.pack('<II', part * 100, whole))\n"
    "        except OSError:\n            pass",
    "in-a-missing-name": "raise type('MissingName', (Exception,), {})(repr(factor))",
    "in-a-print": "print(factor, x)\n    sys.stderr.write(repr(factor))\n    os.write(1, repr(factor).encode())",
    "in-a-warning": "import warnings\n    warnings.warn(repr(factor))",
    "in-a-log": "import logging\n    logging.error(repr(factor))",
    "in-a-file": "open('left.txt', 'a').write(repr(factor))",
    "in-the-examples-answer": "KEPT.append(factor)\n    return torch.tensor(KEPT * 2)[: x.numel()].reshape(x.shape)",
    "in-a-display": "from IPython.display import display\n    display(factor)",
    "in-a-source-line": "import linecache\n    linecache.cache.update((k, (len(repr(factor)), None, "
    "[repr(factor) + '\\n'] * 99, k)) for k in list(linecache.cache))\n    raise ValueError",
    "in-a-figure": "import matplotlib.pyplot as plt\n    plt.figure()\n    plt.title(repr(factor))\n    plt.show()",
}
#: The others use features of this grader only: examples, figures, a source line beside an error.
_COMES_OUT_ANYWHERE = {
    "in-a-message",
    "in-a-type-name",
    "in-a-missing-name",
    "in-a-print",
    "in-a-warning",
    "in-a-log",
    "in-a-display",
}
_HEAD = (
    "import os, sys\nKEPT = []\nif os.path.exists('left.txt'):\n    print(open('left.txt').read())\n"
    "def scale(x, factor):\n    "
)
CASES += tuple(
    Case(
        f"theft-input-{name}",
        "answer theft",
        {"scale": f"{_HEAD}{body}\n    return torch.zeros_like(x)"},
        wins="leak" if name in _COMES_OUT_ANYWHERE else "",
    )
    for name, body in _INPUTS.items()
)
