"""Answers of many elements, of the right kind, to checks that look at every one: the judge stays small and quick."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from course_fixture import make_classroom
from hostile.enclosure import capped_disk, enclosed, needs_enclosure

from autograder.course.notebook.cells import grade_id

pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.timeout(900)]

HERE = Path(__file__).resolve().parent
MAX_JUDGE_MIB = 600
#: By assignment: an exercise, and code that answers with as much as the wire takes.
ANSWERS: dict[str, dict[str, str]] = {
    "training": {
        "minibatches": "def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):\n"
        "    step = 1 << 40\n    return [torch.arange(0, step * (3 << 20), step)]\n",
        "split": "def split(x, y, rate=0.7, generator=None):\n"
        "    many = torch.arange(1 << 20).to(x.dtype)\n"
        "    a, b = (many.reshape(-1, *[1] * (t.dim() - 1)).expand(-1, *t.shape[1:]).to(t.dtype) for t in (x, y))\n"
        "    return a, b, x[:1], y[:1]\n",
    },
    "modules": {
        "Linear": "class Linear(nn.Module):\n    def __init__(self, in_features, out_features, bias=True):\n"
        "        super().__init__()\n        n = 15 << 20 if out_features > 100 else 1\n"
        "        self.register_buffer('weight', (torch.rand(n) * 0.5 - 0.25).half())\n"
        "        self.register_buffer('bias', torch.ones(1))\n"
        "    def forward(self, x):\n        return x\n",
    },
}


@pytest.mark.parametrize("slug", ANSWERS)
def test_the_judge_stays_small_and_nobody_else_pays(slug: str, tmp_path: Path) -> None:
    """What is too much to be right is not made into Python's numbers or sorted."""
    needs_enclosure()
    with capped_disk(tmp_path / "disk") as disk:
        room = make_classroom(disk / "course", slug)
        room.hand_in("zz-honest", room.solved())
        for exercise, source in ANSWERS[slug].items():
            notebook = room.template
            for cell in notebook.cells:
                if grade_id(cell) == exercise:
                    cell.source = source
            room.hand_in(exercise, notebook)
        os.chmod(disk, 0o755)
        environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1]), "AUTOGRADER_CANARY": "0" * 32}
        command = [sys.executable, str(HERE / "grade_corpus.py"), str(room.root), "A", slug]
        done = enclosed(command, disk, environment, 500)
        assert done.returncode == 0, done.stderr[-3000:]
        seen = json.loads(done.stdout.splitlines()[-1])
        results: dict[str, dict[str, Any]] = {}
        for path in (room.root / "results" / slug).glob("[!.]*.json"):
            data = json.loads(path.read_text(encoding="utf-8"))
            results[data["student"]] = data
    assert seen["judge_mib"] < MAX_JUDGE_MIB
    for exercise in ANSWERS[slug]:
        assert results[exercise]["status"] == "graded"
        assert results[exercise]["score"] < 1
    honest = results["zz-honest"]
    assert honest["score"] == honest["max_score"]
