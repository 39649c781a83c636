"""A worker's own directory: what honest work does there, in tiers A, B and C."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.engines.beside import Beside
from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.session import Session, SessionLimits
from autograder.sandbox.spec import Tier, WorkerLimits
from autograder.sandbox.trees import MAX_COPIED_FILE_BYTES

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parents[2]
LIMITS = WorkerLimits(memory_bytes=3 << 30, cpu_s=60, file_bytes=16 << 20, processes=16)

#: In one notebook, in this order: each cell finds what those before it wrote.
CELLS = {
    "the directory is home": "import os, tempfile\nfrom pathlib import Path\nhome = os.path.realpath(os.getcwd())\n"
    "assert home == os.environ['HOME'] == os.environ['TMPDIR'] == tempfile.gettempdir() == str(Path.home())",
    "write a module": "%%writefile mine.py\ndef half(v):\n    return v / 2",
    "import it": "import mine\nassert mine.half(4) == 2",
    "import what was written just now": "for n in range(20):\n    open(f'm{n}.py', 'w').write(f'value = {n}')\n"
    "    assert __import__(f'm{n}').value == n",
    "import all of it": "os.makedirs('package/inner')\nPath('package/inner/__init__.py').write_text('x = 3')\n"
    "from package.inner import *\nassert x == 3",
    "save tensors": "import torch, numpy as np\ntorch.save({'w': torch.ones(3)}, 'w.pt')\n"
    "assert torch.load('w.pt')['w'].sum() == 3\nnp.save('a.npy', np.ones(3))\nassert np.load('a.npy').sum() == 3\n"
    "np.savez('a.npz', b=np.ones(2))\nassert np.load('a.npz')['b'].sum() == 2\nnp.savetxt('a.txt', np.eye(2))",
    "save plots": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
    "for kind in ('png', 'pdf', 'svg'):\n    plt.savefig(f'plot.{kind}')\nassert os.path.getsize('plot.png')",
    "databases": "import sqlite3, shelve, pickle\nwith sqlite3.connect('d.sqlite') as d:\n"
    "    d.execute('create table t (a)')\n    d.execute('insert into t values (1)')\n"
    "assert d.execute('select a from t').fetchall() == [(1,)]\n"
    "with shelve.open('s') as s:\n    s['a'] = 1\nwith shelve.open('s') as s:\n    assert s['a'] == 1\n"
    "pickle.dump([1], open('p.pkl', 'wb'))\nassert pickle.load(open('p.pkl', 'rb')) == [1]",
    "folders": "import shutil\nos.makedirs('a/b/c', exist_ok=True)\nPath('a/b/c/t.txt').write_text('hi')\n"
    "Path('a/t').touch()\nPath('a/t').touch()\nPath('a/t').rename('a/u')\nshutil.copy('a/u', 'a/v')\n"
    "shutil.copy2('a/u', 'a/b/w')\nshutil.copytree('a', 'a2')\nshutil.move('a2', 'a3')\nshutil.rmtree('a3')\n"
    "os.replace('a/b/w', 'a/w')\nos.link('a/u', 'a/hard')\nos.symlink('u', 'a/soft')\n"
    "assert sorted(os.listdir('a')) == ['b', 'hard', 'soft', 'u', 'v', 'w']",
    "archives": "import tarfile, zipfile\nshutil.make_archive('z', 'zip', 'a')\n"
    "zipfile.ZipFile('z.zip').extractall('y')\n"
    "with tarfile.open('t.tgz', 'w:gz') as t:\n    t.add('a')\n"
    "with tarfile.open('t.tgz') as t:\n    t.extractall('x')\n"
    "assert Path('x/a/b/c/t.txt').read_text() == Path('y/b/c/t.txt').read_text() == 'hi'",
    "temporary files": "with tempfile.NamedTemporaryFile('w+') as f:\n    f.write('x')\n"
    "with tempfile.TemporaryDirectory() as d:\n    Path(d, 'x').write_text('1')\n"
    "d = tempfile.mkdtemp()\nPath(d, 'x').write_text('1')\nfd, name = tempfile.mkstemp()\nos.close(fd)",
    "maps": "import mmap\nshared = mmap.mmap(-1, 100)\n"
    "pid = os.fork()\nif pid == 0:\n    shared[:2] = b'ab'\n    os._exit(0)\n"
    "os.waitpid(pid, 0)\nassert shared[:2] == b'ab'\nprivate = mmap.mmap(-1, 10, flags=mmap.MAP_PRIVATE)\n"
    "m = np.memmap('m', 'float32', 'w+', shape=(9,))\nm[:] = 1\nm.flush()\n"
    "assert np.fromfile('m', 'float32').sum() == 9",
    "pairs and loops": "import asyncio, multiprocessing, socket\na, b = multiprocessing.Pipe()\na.send([1])\n"
    "assert b.recv() == [1]\np, q = socket.socketpair()\np.send(b'x')\nassert q.recv(1) == b'x'\n"
    "async def three():\n    await asyncio.sleep(0.001)\n    return 3\nassert await three() == 3",
}


@pytest.fixture(scope="module", params=list(Tier), ids=[f"tier-{t.value}" for t in Tier])
def furnished(request: pytest.FixtureRequest) -> Iterator[ZygoteProcess]:
    """A zygote whose workers find files beside them."""
    with ZygoteProcess(request.param, hidden=[ROOT], beside=True) as started:
        started.wait_until_ready()
        yield started


def ask(worker: Worker, source: str, limit_s: float = 20.0) -> dict[str, Any]:
    """Run a cell and return its answer."""
    request = {"source": source, "limit_s": limit_s, "limit_bytes": 100_000, "name": "cell 1"}
    answer: dict[str, Any] = worker.channel.request("cell", request, limit_s + 5)
    return answer


def fill(zygote: ZygoteProcess, files: dict[str, bytes], own: dict[str, Path] | None = None) -> None:
    """Put files beside the next workers."""
    assert zygote.beside is not None
    Beside(zygote.beside, own or {}, trusted=zygote.tier is not Tier.C).fill(files)


def test_ordinary_work_with_files(furnished: ZygoteProcess) -> None:
    """What notebooks usually do with files works as in Jupyter."""
    fill(furnished, {})
    failed = {}
    with furnished.spawn(LIMITS) as worker:
        for name, source in CELLS.items():
            answer = ask(worker, source)
            if answer["error"] is not None:
                failed[name] = answer["error"]
    assert not failed


def test_files_beside_can_be_read_imported_and_changed(furnished: ZygoteProcess) -> None:
    """Each worker has its own copy; a large file is a link, and cannot be changed."""
    large = bytes(MAX_COPIED_FILE_BYTES + 1)
    files = {"utils.py": b"def one():\n    return 1\n", "data/in/numbers.csv": b"1,2\n", "model.pt": large}
    fill(furnished, files)
    source = (
        "from utils import *\nassert one() == 1\nassert open('data/in/numbers.csv').read() == '1,2\\n'\n"
        "open('data/in/numbers.csv', 'a').write('3,4\\n')\nopen('data/in/new.txt', 'w').write('x')\n"
        "import os\nassert os.path.getsize('model.pt') == " + str(len(large))
    )
    for _ in range(2):
        with furnished.spawn(LIMITS) as worker:
            assert ask(worker, source)["error"] is None
            if furnished.tier is not Tier.C:
                assert ask(worker, "open('model.pt', 'r+b').write(b'x')")["error"] is not None
    assert furnished.beside is not None
    assert Path(furnished.beside, "data/in/numbers.csv").read_bytes() == b"1,2\n"
    assert Path(furnished.beside, "model.pt").read_bytes() == large


def test_thousands_of_small_files_beside_a_notebook(furnished: ZygoteProcess) -> None:
    """All of them can be read, and the notebook can still write as many files as before."""
    fill(furnished, {f"images/{n // 100}/{n}.txt": b"x" for n in range(2100)})
    source = (
        "import os\nfound = sum(len(names) for _, _, names in os.walk('images'))\nassert found == 2100, found\n"
        "for n in range(9000):\n    open(f'{n}.out', 'w').close()\nimport time\ntime.sleep(0.5)"
    )
    with furnished.spawn(LIMITS) as worker:
        assert ask(worker, source, 30.0)["error"] is None
    fill(furnished, {})


def test_what_a_copy_of_the_notebook_writes_is_taken_back(furnished: ZygoteProcess) -> None:
    """Each exercise's checks find the directory as the notebook left it, without files of another exercise's checks."""
    fill(furnished, {"given.txt": b"given"})
    limits = SessionLimits(cell_s=10, check_s=5, submission_s=60, output_bytes=10_000, worker=LIMITS)
    source = "import os\nos.mkdir('d')\nopen('d/kept.txt', 'w').write('kept')\nos.symlink('d/kept.txt', 'link')"
    session = Session(furnished, limits, [_Cell(0, "first", source)])
    look = (
        "import os\nfrom pathlib import Path\n"
        "found = sorted(str(p) for p in Path('.').rglob('*'))\n"
        "assert found == ['d', 'd/kept.txt', 'given.txt', 'link'], found\n"
        "assert Path('link').read_text() == 'kept' and Path('given.txt').read_text() == 'given'\n"
    )
    harm = (
        "Path('d/kept.txt').write_text('lost')\nPath('given.txt').unlink()\nos.makedirs('n/m')\nos.unlink('link')\n"
        "Path('n/m/x').touch()\nos.chdir('n')"
    )
    try:
        session.run()
        assert session.outcomes[0].fault is None
        for _ in range(3):
            channel = session.fork()
            request = {"source": look + harm, "limit_s": 5.0, "limit_bytes": 1000, "name": "check"}
            answer = channel.request("cell", request, 10)
            session.end_fork(channel, broken=False)
            assert answer["error"] is None
    finally:
        session.close()


@pytest.mark.parametrize("furnished", [Tier.B, Tier.C], indirect=True, ids=["tier-B", "tier-C"])
def test_a_directory_is_gone_with_its_worker(furnished: ZygoteProcess) -> None:
    """Before the next one starts, however deep, closed or many it made its folders.

    In tier A it is a mount of its own, which ends with its namespace.
    """
    with furnished.spawn(LIMITS) as worker:
        answer = ask(worker, "import os\nos.makedirs('/'.join('d' * 50))\nos.mkdir('closed', 0)\nprint(os.getcwd())")
        room = answer["outputs"][0]["text"].strip()
        assert Path(room).is_dir()
    assert not Path(room).exists()
    assert len(Path(room).name) == 32


@pytest.mark.parametrize("furnished", [Tier.A, Tier.B], indirect=True, ids=["tier-A", "tier-B"])
def test_a_neighbours_directory_is_closed(furnished: ZygoteProcess) -> None:
    """Even a worker that knows its secret name cannot enter it; tier C is no security boundary."""
    fill(furnished, {})
    with furnished.spawn(LIMITS) as one:
        shown = ask(one, "import os\nopen('mine.txt', 'w').write('secret')\nprint(os.getcwd())")
        room = shown["outputs"][0]["text"].strip()
        with furnished.spawn(LIMITS) as other:
            listed = ask(other, f"import os\nos.listdir(os.path.dirname({room!r}.rstrip('/')))")
            if furnished.tier is Tier.A:
                assert ask(other, "assert not os.path.exists('mine.txt')")["error"] is None
                return
            for source in (
                f"open({room + '/mine.txt'!r}).read()",
                f"open({room + '/new.txt'!r}, 'w')",
                f"os.listdir({room!r})",
                f"os.unlink({room + '/mine.txt'!r})",
                f"os.symlink('x', {room + '/link'!r})",
                f"os.rename('/{room}/mine.txt', 'taken.txt')",
                f"os.link({room + '/mine.txt'!r}, 'taken.txt')",
            ):
                error = ask(other, source)["error"]
                assert error is not None, source
                assert error["type"] in {"PermissionError", "OSError"}, (source, error)
            assert listed["error"]["type"] == "PermissionError"
            assert ask(one, "assert os.listdir('.') == ['mine.txt']")["error"] is None


def test_what_killed_graders_left_is_swept_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next grader removes only directories that no running grader has locked."""
    from autograder.sandbox import rooms

    monkeypatch.setattr(rooms, "_place", lambda: str(tmp_path))
    left = tmp_path / "autograder-rooms-left"
    (left / "room" / "folder").mkdir(parents=True)
    held = rooms.Rooms(None)
    fresh = tmp_path / "autograder-rooms-fresh"
    fresh.mkdir()
    for path in (left, held.base):
        os.utime(path, (1, 1))
    rooms.Rooms(None).close()
    assert sorted(tmp_path.iterdir()) == sorted([held.base, fresh])
    held.close()
    assert list(tmp_path.iterdir()) == [fresh]


class _Cell:
    def __init__(self, index: int, name: str, source: str) -> None:
        self.index, self.name, self.source = index, name, source
