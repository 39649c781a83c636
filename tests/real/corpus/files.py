"""Files: helpers and data beside the notebook, and what a notebook writes and reads back, in every tier (item 6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from real.habit import Habit, by_turns, texts
from real.handin import SLUGS, HandIn, code_cell

__all__ = ["HABITS"]

#: Each ends with its own assertion, and stands in an exercise's cell: if it does not work, the exercise is lost.
_IN_EXERCISE = {
    "numpy-save": "import numpy as np\nnp.save('a.npy', np.ones(3))\nassert np.load('a.npy').sum() == 3",
    "numpy-savez": "import numpy as np\nnp.savez('a.npz', x=np.ones(2))\nassert np.load('a.npz')['x'].sum() == 2",
    "numpy-text": "import numpy as np\nnp.savetxt('a.csv', np.eye(2), delimiter=',')\n"
    "assert np.loadtxt('a.csv', delimiter=',').trace() == 2",
    "torch-save": "import torch\ntorch.save({'w': torch.ones(2)}, 'w.pt')\nassert torch.load('w.pt')['w'].sum() == 2",
    "torch-save-model": "import torch\nnet = torch.nn.Linear(2, 2)\ntorch.save(net.state_dict(), 'net.pth')\n"
    "net.load_state_dict(torch.load('net.pth', weights_only=True))",
    "pickle": "import pickle\nwith open('a.pkl', 'wb') as file:\n    pickle.dump([1, 2], file)\n"
    "with open('a.pkl', 'rb') as file:\n    assert pickle.load(file) == [1, 2]",
    "json": "import json\njson.dump({'a': 1}, open('a.json', 'w'))\nassert json.load(open('a.json'))['a'] == 1",
    "csv": "import csv\nwith open('log.csv', 'w', newline='') as file:\n    csv.writer(file).writerow(['epoch', 1])\n"
    "with open('log.csv') as file:\n    assert next(csv.reader(file)) == ['epoch', '1']",
    "temporary-file": "import tempfile\nwith tempfile.NamedTemporaryFile('w+') as file:\n    file.write('x')\n"
    "    file.seek(0)\n    assert file.read() == 'x'",
    "temporary-folder": "import tempfile, pathlib\nwith tempfile.TemporaryDirectory() as folder:\n"
    "    path = pathlib.Path(folder, 'a.txt')\n    path.write_text('ä', encoding='utf-8')\n"
    "    assert path.read_text(encoding='utf-8') == 'ä'",
    "spooled-file": "import tempfile\nwith tempfile.TemporaryFile() as file:\n    file.write(b'x' * 100_000)",
    "folders": "import os\nos.makedirs('runs/one', exist_ok=True)\nopen('runs/one/a.txt', 'w').close()\n"
    "assert os.listdir('runs/one') == ['a.txt']",
    "pathlib": "from pathlib import Path\nPath('out').mkdir(exist_ok=True)\nPath('out', 'a.txt').write_text('1')\n"
    "assert [p.name for p in Path('out').iterdir()] == ['a.txt']\nassert Path.cwd().is_dir()",
    "glob-and-shutil": "import glob, shutil\nopen('a.txt', 'w').write('1')\nshutil.copy('a.txt', 'b.txt')\n"
    "assert sorted(glob.glob('[ab].txt')) == ['a.txt', 'b.txt']",
    "rename-and-remove": "import os\nopen('a.tmp', 'w').close()\nos.rename('a.tmp', 'a.out')\nos.remove('a.out')",
    "append-to-a-log": "with open('log.txt', 'a') as file:\n    file.write('run\\n')\nassert open('log.txt').read()",
    "log-handler": "import logging\nlogging.getLogger('mine').addHandler(logging.FileHandler('mine.log'))\n"
    "logging.getLogger('mine').warning('x')\nassert open('mine.log').read() == 'x\\n'",
    "sqlite": "import sqlite3\nbase = sqlite3.connect('a.db')\nbase.execute('create table t (x)')\nbase.commit()",
    "zip": "import zipfile\nwith zipfile.ZipFile('a.zip', 'w') as file:\n    file.writestr('a.txt', '1')\n"
    "assert zipfile.ZipFile('a.zip').namelist() == ['a.txt']",
    "savefig-png": "import matplotlib.pyplot as plt, os\nplt.plot([1, 2])\nplt.savefig('loss.png', dpi=100)\nplt.close()\n"
    "assert os.path.getsize('loss.png') > 0",
    "savefig-pdf-and-svg": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.savefig('loss.pdf')\n"
    "plt.savefig('loss.svg', bbox_inches='tight')\nplt.close()\nassert open('loss.svg').read(5) == '<?xml'",
    "imread": "import matplotlib.pyplot as plt, numpy as np\nplt.imsave('a.png', np.eye(4))\n"
    "assert plt.imread('a.png').shape[:2] == (4, 4)",
    "memory-map": "import numpy as np\nm = np.memmap('a.dat', dtype='float32', mode='w+', shape=(10,))\nm[:] = 1\nm.flush()",
    "sharing-of-tensors": "import torch\nt = torch.ones(3).share_memory_()\nassert t.is_shared()",
    "python-file-by-open": "with open('mine_too.py', 'w') as file:\n    file.write('TWO = 2')\n"
    "import importlib\nimportlib.invalidate_caches()\nimport mine_too\nassert mine_too.TWO == 2",
    "home-folder": "import os\nos.makedirs(os.path.expanduser('~/.cache/mine'), exist_ok=True)",
    "many-small-files": "import os\nos.makedirs('many', exist_ok=True)\nfor i in range(500):\n"
    "    open(f'many/{i}.txt', 'w').close()\nassert len(os.listdir('many')) == 500",
    "model-of-25-mb": "import torch, os\ntorch.save(torch.zeros(6_500_000), 'big.pt')\n"
    "assert os.path.getsize('big.pt') > 25_000_000\nassert torch.load('big.pt').numel() == 6_500_000",
}

_HALF = "def half(value):\n    return value / 2\n"


def _use(handin: HandIn, line: str) -> None:
    """Let the first function use a helper: twice the half is the same."""
    head, _, tail = handin.smallest.source.partition("return ")
    value, _, rest = tail.partition("\n")
    handin.smallest.source = (
        f"{line}\n\n\n{head}return 2 * half({value})\n{rest}" if line else (f"{head}return 2 * half({value})\n{rest}")
    )


def _written_by_magic(magic: str) -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        where = handin.notebook.cells.index(handin.imports) + 1
        handin.notebook.cells[where:where] = [
            code_cell(f"{magic} mine.py\n{_HALF}"),
            code_cell("from mine import half"),
        ]
        _use(handin, "")

    return change


def _run_by_magic(handin: HandIn) -> None:
    """A magic runs a script beside the notebook in the notebook's namespace."""
    handin.beside("mine.py", _HALF)
    handin.notebook.cells.insert(handin.notebook.cells.index(handin.imports) + 1, code_cell("%run mine.py"))
    _use(handin, "")


def _helper_beside(files: dict[str, str], line: str) -> Callable[[HandIn], None]:
    def change(handin: HandIn) -> None:
        for name, text in files.items():
            handin.beside(name, text)
        _use(handin, line)

    return change


def _helper_in_folder(handin: HandIn) -> None:
    """The notebook and its helper lie in a folder inside."""
    handin.name = "hw/solution.ipynb"
    handin.beside("hw/helpers.py", _HALF)
    _use(handin, "from helpers import half")


def _data_beside(handin: HandIn) -> None:
    handin.beside("data/settings.json", '{"two": 2}')
    handin.beside("points.csv", "1,2\n3,4\n")
    handin.smallest.source = (
        "import json, csv\nTWO = json.load(open('data/settings.json'))['two']\n"
        "assert len(list(csv.reader(open('points.csv')))) == TWO\n" + handin.smallest.source
    )


def _written_then_read_by_the_function(handin: HandIn) -> None:
    """In each call the function reads what a cell has written."""
    handin.notebook.cells.insert(2, code_cell("with open('factor.txt', 'w') as file:\n    file.write('1.0')"))
    cell = handin.exercise("sgd_step")
    cell.source = cell.source.replace("lr * grad", "float(open('factor.txt').read()) * lr * grad")


def _function_writes(handin: HandIn) -> None:
    """In each call the function appends to a log."""
    cell = handin.exercise("sgd_step")
    cell.source = cell.source.replace(
        "    return param", "    with open('calls.txt', 'a') as file:\n        print(lr, file=file)\n    return param"
    )


def _saved_then_loaded(handin: HandIn) -> None:
    """One cell saves weights, another loads them, and a function uses them."""
    cells = [code_cell("torch.save(torch.tensor(1.0), 'one.pt')"), code_cell("ONE = torch.load('one.pt')")]
    handin.notebook.cells[2:2] = cells
    cell = handin.exercise("sgd_step")
    cell.source = cell.source.replace("lr * grad", "ONE.item() * lr * grad")


HABITS: list[Habit] = by_turns(texts("in-exercise", 6, _IN_EXERCISE))
HABITS += [
    Habit("writefile", 6, _written_by_magic("%%writefile")),
    Habit("file-magic", 6, _written_by_magic("%%file")),
    Habit("run-a-script-beside", 6, _run_by_magic, ("optimizers", "gradients")),
    Habit("helper-beside", 6, _helper_beside({"helpers.py": _HALF}, "from helpers import half")),
    Habit("helper-with-a-star", 6, _helper_beside({"utils.py": _HALF}, "from utils import *"), ("gradients",)),
    Habit("package-beside", 6, _helper_beside({"lib/__init__.py": "", "lib/h.py": _HALF}, "from lib.h import half")),
    Habit("helper-in-a-folder-inside", 6, _helper_in_folder),
    Habit("data-beside", 6, _data_beside, SLUGS),
    Habit("written-then-read-by-the-function", 6, _written_then_read_by_the_function),
    Habit("function-writes", 6, _function_writes),
    Habit("saved-then-loaded", 6, _saved_then_loaded),
]
#: Loaded objects could be anything that an assignment forbids, so a person may be asked; the points stay.
_LOADED = {"torch-save", "torch-save-model", "pickle", "model-of-25-mb", "python-file-by-open", "saved-then-loaded"}
HABITS = [replace(h, everywhere=True, review=None if h.name in _LOADED else False) for h in HABITS]
