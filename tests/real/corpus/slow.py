"""Slow code is stopped and noted; exercises and checks have their own time (item 4)."""

from __future__ import annotations

import re
from dataclasses import replace

from real.habit import Habit, texts
from real.handin import HandIn, code_cell

__all__ = ["HABITS"]

_TRAINING = (
    "net = torch.nn.Linear(10, 10)\nfor epoch in range(10_000_000):\n    net(torch.ones(64, 10)).sum().backward()\n"
)

_LAST = {
    "training-at-the-end": _TRAINING,
    "sleeping-at-the-end": "import time\ntime.sleep(70)",
    "endless-at-the-end": "while True:\n    pass",
    "endless-that-catches-everything": "import time\nwhile True:\n    try:\n        time.sleep(0.1)\n"
    "    except BaseException:\n        pass",
    "endless-printing": "while True:\n    print('.', end='')",
    "waiting-for-a-flag": "import threading\nthreading.Event().wait()",
    "thread-that-never-ends": "import threading, time\ndef spin():\n    while True:\n        time.sleep(0.01)\n"
    "threading.Thread(target=spin).start()",
    "long-operation": "a = torch.rand(6000, 6000)\nfor _ in range(1000):\n    a = torch.linalg.svd(a)[0]",
    "awaiting": "import asyncio\nawait asyncio.sleep(70)",
    "pausing-a-figure": "for _ in range(100):\n    plt.plot([1, 2])\n    plt.pause(1)",
}

_MIDDLE = {
    "training-in-the-middle": _TRAINING + "def after(value):\n    return value",
    "endless-in-the-middle": "while True:\n    pass",
    "waiting-for-an-input-file": "import os, time\nwhile not os.path.exists('ready.txt'):\n    time.sleep(0.2)",
}

_ON_TOP = {"waiting-on-top-of-the-imports": "import time\ntime.sleep(70)"}


def _many_cells(handin: HandIn) -> None:
    """Each of many experiments is short; together they take more than the whole submission's time."""
    for _ in range(40):
        handin.notebook.cells.append(code_cell("import time\ntime.sleep(0.7)"))


def _helper_under_training(handin: HandIn) -> None:
    """A cell trains first, and then defines a helper that an exercise uses."""
    cell = handin.exercise("sgd_step")
    cell.source = cell.source.replace("param - lr * grad", "minus(param, lr * grad)")
    source = "import time\ntime.sleep(70)\n\nSIGN = -1.0\n\ndef minus(a, b):\n    return a + SIGN * b"
    handin.notebook.cells.insert(handin.notebook.cells.index(handin.imports) + 1, code_cell(source))


def _training_under_the_definition(handin: HandIn) -> None:
    """An exercise's own cell defines the function, and then tries it out for long."""
    handin.exercise("sgd_step").source += "\n\nimport time\nfor _ in range(1000):\n    time.sleep(0.1)"


def _slow_pictures(handin: HandIn) -> None:
    """A released cell draws many thousands of paths."""
    for cell in handin.notebook.cells:
        cell.source = re.sub(r"(?m)^( +)draw_paths\(\[.*\]\)$", r"\1draw_paths([0.01] * 50_000)", cell.source)


HABITS: list[Habit] = [
    replace(habit, hurried=True, told=("time",))
    for habit in (*texts("last", 4, _LAST), *texts("middle", 4, _MIDDLE), *texts("on-top", 4, _ON_TOP))
]
HABITS += [
    Habit("many-short-experiments", 4, _many_cells, told=("time",), hurried=True),
    Habit("helper-under-training", 4, _helper_under_training, told=("time",), hurried=True),
    Habit("training-under-the-definition", 4, _training_under_the_definition, told=("time",), hurried=True),
    Habit("slow-pictures", 4, _slow_pictures, told=("time",), hurried=True),
]
#: `make test` tries these; each takes as long as the limit on one cell.
_EVERY_TIME = {
    "training-at-the-end",
    "endless-at-the-end",
    "endless-in-the-middle",
    "waiting-on-top-of-the-imports",
    "helper-under-training",
    "many-short-experiments",
}
HABITS = [replace(h, rare=h.name not in _EVERY_TIME) for h in HABITS]
# Nothing stops here: the thread goes on beside the checks, and the flood of dots is cut by its size.
HABITS = [
    replace(h, told=()) if h.name in {"thread-that-never-ends", "endless-printing", "pausing-a-figure"} else h
    for h in HABITS
]
