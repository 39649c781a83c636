"""Reading tells which exercises leave a process as it was; what it does not know counts as leaving something."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.course.assignment import load_assignment
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import load_template
from autograder.engines.hidden.quiet import quiet_exercises

ROOT = Path(__file__).resolve().parents[3]
SLUGS = sorted(p.name for p in (ROOT / "assignments").iterdir() if (p / "assignment.toml").exists())
IMPORTS = "import math\nimport numpy as np\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F"


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    name: str
    source: str


def quiet(source: str, *others: str, exercise: str = "f") -> bool:
    """Whether an exercise is known to leave nothing behind."""
    cells = [Cell("imports", IMPORTS), Cell(exercise, source), *(Cell(f"cell {n}", o) for n, o in enumerate(others))]
    return exercise in quiet_exercises(cells, [exercise])


ORDINARY = {
    "in place": "def f(p, g, lr=0.1):\n    with torch.no_grad():\n        p.sub_(lr * g)\n    p.grad = None",
    "a state that it is given": "def f(p, state):\n    state['m'] = state.get('m', 0) + p\n    return state",
    "constants": """
EPS = 10 ** -8
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
def f(x):
    return x.to(DEVICE) / (math.sqrt(2) + EPS)
""",
    "a class": """
class f(nn.Module):
    rate = 0.1
    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(n))
        self.seen = []
    def forward(self, x):
        self.seen.append(x)
        return F.relu(x @ self.weight)
""",
    "a helper": "def helper(x):\n    return np.sqrt(x)\ndef f(x):\n    return [helper(v) for v in x]",
    "hooks on what it is given": """
def f(model):
    seen = []
    for i, layer in enumerate(model):
        layer.register_forward_hook(lambda m, x, y, i=i: seen.append((i, y)))
    return seen
""",
    "a layer replaced by its name": "def f(model, name, new):\n    setattr(model.get_submodule(''), name, new)",
    "a seed": "def f(x):\n    torch.manual_seed(0)\n    return torch.randn(3) + x",
    "a stub": "def f(x):\n    raise NotImplementedError",
}


class TestOrdinary:
    """What students write is known to leave nothing behind."""

    @pytest.mark.parametrize("what", ORDINARY)
    def test_it_is_quiet(self, what: str) -> None:
        """A process that such code ran in is used again."""
        assert quiet(ORDINARY[what])

    @pytest.mark.parametrize("slug", SLUGS)
    def test_the_references_are_quiet(self, slug: str) -> None:
        """In the notebook of each assignment, wholly solved."""
        assignment = load_assignment(ROOT, slug)
        notebook = compose_submission(assignment, load_template(assignment), [assignment.solution_path])
        cells = [
            Cell(grade_id(cell) or f"cell {n}", cell.source)
            for n, cell in enumerate(notebook.cells)
            if cell.cell_type == "code"
        ]
        ids = [e.id for e in assignment.coded]
        assert quiet_exercises(cells, ids) == set(ids)


#: What code may leave behind, for the next exercise that is examined in its process.
LASTING = {
    "a list of the notebook's": "seen = []\ndef f(x):\n    seen.append(x)\n    return x",
    "a list by another name": "seen = []\ndef f(x):\n    other = seen\n    other.append(x)\n    return x",
    "an entry": "store = {}\ndef f(x):\n    store['x'] = x\n    return x",
    "a global name": "count = 0\ndef f(x):\n    global count\n    count += 1\n    return x",
    "a default": "def f(x, seen=[]):\n    seen.append(x)\n    return x",
    "a default of a method": "class f:\n    def __init__(self, x, seen={}):\n        seen[0] = x",
    "an attribute of the function": "def f(x):\n    f.seen = x\n    return x",
    "an attribute of a function by another name": "def f(x):\n    g = f\n    g.seen = x\n    return x",
    "an attribute by setattr": "def f(x):\n    setattr(f, 'seen', x)\n    return x",
    "an attribute by a text": "def f(x):\n    g = f\n    name = '__glo' + 'bals__'\n    return getattr(g, name)",
    "the globals": "def f(x):\n    globals()['seen'] = x\n    return x",
    "the globals of a function": "def f(x):\n    f.__globals__['seen'] = x\n    return x",
    "a class's list": "class f:\n    seen = []\n    def __init__(self, x):\n        self.seen.append(x)",
    "a class's entry": "class f:\n    seen = 0\n    def __init__(self, x):\n        type(self).seen = x",
    "a class by classmethod": "class f:\n    @classmethod\n    def make(cls, x):\n        cls.seen = x",
    "a cache": "import functools\n@functools.lru_cache\ndef f(x):\n    return x",
    "a closure": "def make():\n    seen = []\n    def inner(x):\n        seen.append(x)\n    return inner\nf = make()",
    "a tensor of the notebook's": "total = torch.zeros(3)\ndef f(x):\n    total.add_(x)\n    return x",
    "a model of the notebook's": "model = nn.Linear(2, 2)\ndef f(x):\n    return model(x)",
    "a generator of the notebook's": "g = torch.Generator()\ndef f(x):\n    return torch.randn(2, generator=g)",
    "a function of torch": "def f(x):\n    torch.relu = x\n    return x",
    "a function of torch by another name": "def f(x):\n    t = torch\n    t.relu = x\n    return x",
    "a default dtype": "def f(x):\n    torch.set_default_dtype(torch.float64)\n    return x",
    "a hook on all modules": "def f(x):\n    nn.modules.module.register_module_forward_hook(print)\n    return x",
    "a file": "def f(x):\n    open('x', 'w').write('1')\n    return x",
    "a thread": "import threading\ndef f(x):\n    threading.Thread(target=print).start()\n    return x",
    "a helper that keeps": "seen = []\ndef helper(x):\n    seen.append(x)\ndef f(x):\n    helper(x)\n    return x",
    "an unknown name": "from somewhere import *\ndef f(x):\n    return keep(x)",
    "another library": "import scipy.special\ndef f(x):\n    return scipy.special.expit(x)",
}


class TestLasting:
    """What may be left behind costs another run of the notebook, and no point."""

    @pytest.mark.parametrize("what", LASTING)
    def test_it_is_not_quiet(self, what: str) -> None:
        """Not by its own name, by another one, nor through a helper."""
        assert not quiet(LASTING[what])

    @pytest.mark.parametrize(
        "other",
        [
            "torch.relu = abs",
            "setattr(torch, 'relu', abs)",
            "def patch(m):\n    m.relu = abs\npatch(torch)",
            "def patch():\n    torch.relu = abs\npatch()",
            "seen = []\nnn.modules.module.register_module_forward_hook(seen.append)",
            "f.seen = []",
            "def f(x, seen=[]):\n    seen.append(x)",
        ],
    )
    def test_no_cell_may_change_what_its_code_means(self, other: str) -> None:
        """A function of torch that a cell replaced, or a second definition, may keep something."""
        source = "def f(x):\n    return torch.relu(x)"
        assert quiet(source)
        assert not quiet(source, other)

    def test_a_class_that_keeps_something_taints_all(self) -> None:
        """A check may hand its object to any other exercise."""
        kept = Cell("Kept", "class Kept:\n    seen = []\n    def __init__(self):\n        self.seen.append(1)")
        plain = Cell("plain", "def plain(x):\n    return x")
        assert quiet_exercises([plain], ["plain"]) == {"plain"}
        assert quiet_exercises([plain, kept], ["plain", "Kept"]) == set()
