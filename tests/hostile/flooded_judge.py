"""Grade submissions that send as much as they can, and print the peak memory of their judge.

Run by `test_judge_memory.py` inside an enclosure: `python flooded_judge.py FOLDER`.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from tiny_course import cell, make_tiny_course

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.engines.registry import open_engine

CHECKS = '''
import pytest
import torch


@pytest.mark.exercise("double")
def test_doubles(student, draw):
    """Twice each number, a hundred times."""
    given = [draw.normal(8) for _ in range(100)]
    answers = [student.double(x) for x in given]
    assert all(torch.equal(torch.as_tensor(a), 2 * x) for a, x in zip(answers, given))


@pytest.mark.exercise("double")
def test_doubles_again(student, draw):
    """Twice each number, and only a last look at the answers."""
    for _ in range(100):
        last = student.double(draw.normal(8))
    assert last.shape == (8,)


@pytest.mark.exercise("Counter")
def test_counts(student):
    """From one, two up is three."""
    assert student.tools.example("Counter(1).up(2)") == 3
'''
START = """
import sys, json, struct, time, pickle, zlib, torch, numpy as np
serve = sys.modules["autograder.sandbox.worker.serve"]
frames = sys.modules["autograder.sandbox.wire.frames"]
values = sys.modules["autograder.sandbox.wire.values"]
old_cell = serve.run_cell
Raw = values.Raw
display = lambda **more: {"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {}, **more}
def instead(*outputs):
    serve.run_cell = lambda shell, source, **k: {**old_cell(shell, source, **k), "outputs": list(outputs)}
"""
RIGHT = "def double(x):\n    return 2 * x"
COUNTER = """class Counter:
    def __init__(self, start=0):
        self.count = start

    def up(self, by=1):
        self.count += by
        return self.count"""
#: The code of each attacker's first cell, after START.
FLOODS: Mapping[str, str] = {
    "answers": (
        "def run(self, operations):\n    big = lambda: torch.zeros(31 << 20, dtype=torch.int8)\n"
        "    one = lambda: {'result': big(), 'after': [torch.zeros(8)], 'touched': [], 'rearranged': [False],\n"
        "                   'same': None, 'claims': None}\n"
        "    return [one() for _ in operations]\n"
        "serve.Environment.run = run"
    ),
    "figures": (
        "n = [np.zeros((1 << 20, 3)), np.zeros((1 << 20, 3))]\n"
        "instead(display(undrawn={'figure': Raw(b'AAAA'), 'numbers': n}))"
    ),
    "headers": (
        "def send(self, kind, value):\n"
        '    head = \'{"type":"answer","nonce":"%s","payload":[\' % self.nonce\n'
        "    body = ','.join(['{\"\":0}'] * 580_000)\n"
        "    data = (head + body + '],\"buffers\":[]}').encode()\n"
        "    self.sock.sendall(struct.pack('<II', len(data), 0) + data)\n"
        "serve._Worker._send = send"
    ),
    "pictures": (
        "import base64\npng = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
        "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')\n"
        "text = base64.b64encode(png + bytes(2_900_000)).decode()\n"
        "instead({**display(), 'data': {'image/png': text}})"
    ),
    "sleepers": (
        "class S:\n    def __reduce__(self):\n        return exec, ('import time; time.sleep(99)', {})\n"
        "p = Raw(zlib.compress(pickle.dumps((S(), {}, {}))))\n"
        "instead(*[display(undrawn={'figure': p, 'numbers': [np.full((1, 1), float(i))]}) for i in range(500)])"
    ),
    "texts": "instead(*[{'output_type': 'stream', 'name': 'stdout', 'text': chr(0x1F600) * (1 << 19)}] * 2)",
}
LIMITS = "[limits]\ncell_s = 4\nsubmission_s = 20\n"
FILLER_CELLS = 60


def attacked(solved: Any, flood: str) -> Any:
    """Return a solved notebook with many more cells, whose first cell takes over the worker."""
    notebook = json.loads(json.dumps(solved))
    cell(notebook, "double")["source"] = f"{RIGHT}\n{START}\n{flood}"
    blank: dict[str, Any] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"] += [{**blank, "id": f"f{i}", "source": f"{i}"} for i in range(FILLER_CELLS)]
    return notebook


def shown_often(solved: Any) -> Any:
    """Return a solved notebook whose Markdown shows one picture 2,000 times in each of ten cells."""
    notebook = json.loads(json.dumps(solved))
    data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ" + "A" * 200_000
    for number in range(10):
        notebook["cells"].append(
            {
                "cell_type": "markdown",
                "id": f"m{number}",
                "metadata": {},
                "source": "![a](attachment:a.png)\n" * 2000,
                "attachments": {"a.png": {"image/png": data}},
            }
        )
    return notebook


class Peaks:
    """The most memory that each judge took, read from outside while they run."""

    def __init__(self) -> None:
        self.bytes: dict[str, int] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    if b"autograder.engines.judge" in (folder / "cmdline").read_bytes():
                        status = (folder / "status").read_text(encoding="ascii")
                        line = next(x for x in status.splitlines() if x.startswith("VmHWM"))
                        self.bytes[folder.name] = int(line.split()[1]) << 10
                except (OSError, StopIteration):
                    continue


def main(folder: Path) -> None:
    """Grade them with one judge, and print the outcome."""
    tiny = make_tiny_course(folder / "course")
    toml = tiny.assignment.public_dir / "assignment.toml"
    text = toml.read_text(encoding="utf-8").replace("[[exercise]]", f"{LIMITS}\n[[exercise]]", 1)
    toml.write_text(text, encoding="utf-8")
    (tiny.assignment.checks_dir / "test_all.py").write_text(CHECKS, encoding="utf-8")
    solved: Any = tiny.solved()
    cell(solved, "double")["source"] = RIGHT
    cell(solved, "Counter")["source"] = COUNTER
    wanted = sys.argv[2:] or [*FLOODS, "markdown", "honest"]
    for name, flood in FLOODS.items():
        if name in wanted:
            tiny.hand_in(name, attacked(solved, flood))
    if "markdown" in wanted:
        tiny.hand_in("markdown", shown_often(solved))
    tiny.hand_in("honest", solved)
    engine = open_engine(tiny.course, tiny.assignment.slug)
    with Peaks() as peaks:
        report = grade_batch(engine, BatchOptions(jobs=1), SilentProgress())
    grades = {
        g.student: {
            "status": g.status,
            "score": float(g.score),
            "of": float(g.max_score),
            "seconds": g.seconds,
            "notes": g.notes,
            "why": [c.message for e in g.exercises for c in e.checks if c.message],
        }
        for g in report.grades
    }
    written = {
        s: (engine.directories.autograded(s, tiny.assignment.slug) / f"{tiny.assignment.slug}.ipynb").stat().st_size
        for s in grades
    }
    sys.stdout.write(json.dumps({"peaks": peaks.bytes, "grades": grades, "written": written}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
