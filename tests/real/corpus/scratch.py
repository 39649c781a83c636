"""Scratch cells that stop: a cell outside the exercises never costs points (item 2)."""

from __future__ import annotations

from real.habit import Habit, by_turns, texts
from real.handin import HandIn, code_cell

__all__ = ["HABITS"]

_MIDDLE = {
    "raise": "raise RuntimeError('to be continued')",
    "stop-here": "raise SystemExit('stop here')",
    "sys-exit": "import sys\nsys.exit()",
    "exit-called": "exit()",
    "quit-called": "quit()",
    "interrupted": "raise KeyboardInterrupt",
    "own-assertion": "assert 0.1 + 0.2 == 0.3, 'rounding?'",
    "name-error": "print(undefined_yet)",
    "shape-error": "torch.ones(2, 3) @ torch.ones(2, 3)",
    "grad-error": "torch.ones(2).sum().backward()",
    "index-error": "[][0]",
    "unfinished-function": "def later(:\n    pass",
    "unfinished-bracket": "values = [1, 2,",
    "prose": "Here I tried some learning rates, 0.1 works best",
    "pasted-traceback": "Traceback (most recent call last):\n  File \"x.py\", line 1, in <module>\nNameError: name 'x'",
    "pasted-prompts": ">>> a = 1\n>>> a + 1\n2",
    "merge-marks": "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> mine",
    "tabs-and-spaces": "if True:\n\ta = 1\n        b = 2",
    "deep-recursion": "def down(n):\n    return down(n + 1)\ndown(0)",
    "too-large-matrix": "big = torch.ones(400_000, 400_000)",
    "lazy-zeros": "big = np.zeros((30_000, 30_000))\nprint(big.shape)",
    "await-at-the-top": "import asyncio\nawait asyncio.sleep(0.01)",
    "async-run": "import asyncio\nasyncio.run(asyncio.sleep(0.01))",
    "unraisable": "class Loud:\n    def __del__(self):\n        raise ValueError('bye')\nLoud()\nNone",
    "thread-that-fails": "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()",
    "warnings-shown": "import warnings\nwarnings.warn('old')\nprint('x' * 20_000)",
    "todo": "raise NotImplementedError('plots come later')",
    "exits-by-signal": "import signal, os\nsignal.alarm(0)\nos.getpid()",
}

_LAST = {
    "ends-with-exit": "import sys\nsys.exit(0)",
    "ends-with-os-exit": "import os\nos._exit(0)",
    "ends-with-error": "1 / 0",
    "ends-with-input": "input('Press enter to close')",
    "ends-with-comparison": "w = torch.nn.Parameter(torch.ones(1))\ntorch.optim.Adam([w], lr=0.1)\n"
    "torch.nn.init.xavier_uniform_(torch.ones(2, 2))",
    "ends-with-shutdown": "from IPython import get_ipython\nget_ipython().ask_exit()",
    "ends-with-much-output": "for i in range(20_000):\n    print('epoch', i, 'loss', 1 / (i + 1), '-' * 40)",
    "ends-with-unclosed-file": "log = open('log.txt', 'w')\nlog.write('x')",
}


def _helper_after_a_stop(handin: HandIn) -> None:
    """A cell stops at its first line and defines further down what an exercise uses."""
    handin.smallest.source = handin.smallest.source.replace("return ", "return _same(", 1)
    head, _, tail = handin.smallest.source.partition("return _same(")
    line, _, rest = tail.partition("\n")
    handin.smallest.source = f"{head}return _same({line})\n{rest}"
    source = "import torchinfo\nprint(torchinfo.__version__)\n\ndef _same(value):\n    return value"
    handin.notebook.cells.insert(handin.notebook.cells.index(handin.imports) + 1, code_cell(source))


def _helper_after_exit(handin: HandIn) -> None:
    """The same after an exit, as when a notebook is run from the top to a certain place."""
    _helper_after_a_stop(handin)
    for cell in handin.notebook.cells:
        cell.source = cell.source.replace("import torchinfo\nprint(torchinfo.__version__)", "import sys\nsys.exit()")


def _cell_above_the_imports(handin: HandIn) -> None:
    """A cell above the imports uses them, which worked when it was run last."""
    handin.notebook.cells.insert(0, code_cell("torch.manual_seed(0)\nHALF = 0.5\nplt.figure()"))


def _pictures_changed_and_broken(handin: HandIn) -> None:
    """The released cells that draw were changed, and stop."""
    for cell in handin.notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader") and "plt.show()" in cell.source:
            cell.source = "print(rates_that_i_deleted)\n" + cell.source


def _pictures_deleted(handin: HandIn) -> None:
    handin.notebook.cells = [
        c for c in handin.notebook.cells if c.metadata.get("nbgrader") or "plt.show()" not in c.source
    ]


HABITS: list[Habit] = by_turns(
    [
        *texts("middle", 2, _MIDDLE),
        *texts("last", 2, _LAST),
        Habit("cell-above-the-imports", 2, _cell_above_the_imports),
        Habit("pictures-broken", 2, _pictures_changed_and_broken),
        Habit("pictures-deleted", 2, _pictures_deleted),
    ]
)
HABITS += [
    Habit("helper-after-a-missing-package", 2, _helper_after_a_stop, ("optimizers",), told=("torchinfo",)),
    Habit("helper-after-exit", 2, _helper_after_exit, ("optimizers",)),
]
