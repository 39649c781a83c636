"""Names that later cells take: the definition in the exercise's cell counts (item 3), and checks have names of their own (8)."""

from __future__ import annotations

import copy
from collections.abc import Callable

from real.habit import Habit, by_turns, texts
from real.handin import FULL_ONLY, SLUGS, SMALLEST, HandIn, code_cell, position

__all__ = ["HABITS"]

#: A later, wrong attempt in an extra cell; the exercise's own cell is right.
_WRONG_LATER = {
    "optimizers": {
        "function-again": "def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):\n    return param, m, v",
        "function-used-by-another": "def sgd_step(param, grad, lr):\n    return param + lr * grad",
        "class-again": "class Adam(torch.optim.Optimizer):\n    def __init__(self, params, lr=1):\n"
        "        super().__init__(params, {'lr': lr})\n    def step(self, closure=None):\n        pass",
        "function-made-a-number": "momentum_step = 0.9\nrmsprop_step = nesterov_step = None",
        "function-deleted": "del sgd_step, Momentum",
        "function-wrapped": "import functools\nsgd_step = functools.partial(sgd_step, lr=0.1)",
        "function-slowed": "import time\ndef gradient_descent(f, x0, lr, steps):\n    time.sleep(100)",
    },
    "sequential": {
        "mlp-again": "def build_mlp(sizes):\n    return nn.Sequential(nn.Linear(sizes[0], sizes[-1]))",
        "chain-again": "class Chain(nn.Module):\n    pass",
        "predict-is-a-result": "predict = predict(build_mlp([2, 2]), torch.ones(1, 2))",
        "all-deleted": "%reset -f",
    },
    "xavier": {
        "fans-are-numbers": "fans = (3, 2)",
        "init-again": "def init_xavier(model, gain=1.0):\n    for p in model.parameters():\n        nn.init.xavier_uniform_(p)\n"
        "    return model",
        "everything-cleared": "for name in list(globals()):\n    if not name.startswith('_'):\n        del globals()[name]",
    },
    "gradients": {
        "sigmoid-with-autograd": "def sigmoid_grad(x):\n    raise ValueError('experiment')",
        "diagnose-is-a-string": "diagnose = 'vanishing'\nvanishing_ratio = 0.25",
    },
    "tensors": {
        "one-hot-again": "def one_hot(labels, num_classes):\n    return torch.eye(num_classes)",
        "scale-is-a-number": "GradientScale = 0.5\ntracked = [1, 2]",
    },
    "modules": {
        "linear-of-torch": "from torch.nn import Linear, BatchNorm1d, Dropout",
        "output-size-is-a-result": "output_size = output_size(28, 5)\nLeNet = LeNet()",
    },
    "activations": {
        "softmax-of-torch": "from torch.nn.functional import softmax, log_softmax, cross_entropy, softplus",
        "sigmoid-of-numbers": "import math\ndef sigmoid(x):\n    return 1 / (1 + math.exp(-x))",
    },
    "training": {
        "accuracy-is-a-list": "accuracy = [0.5, 0.9]\nsplit = 'train'",
        "fit-again": "def fit(*args, **kwargs):\n    return {'loss': []}",
    },
}

#: Later cells that take names which the examples, the checks or the solutions use.
_NAMES = {
    "sum-and-list": "sum = 0\nlist = [1, 2]\nfor x in list:\n    sum += x",
    "float-and-int": "float = 3.5\nint = 3",
    "len-range-zip": "len = 10\nrange = (0, 1)\nzip = 'file.zip'\nenumerate = None",
    "max-min-abs": "max = 1.0\nmin = 0.0\nabs = 0.5\nround = 2",
    "str-dict-set-type": "str = 'adam'\ndict = {'lr': 0.1}\nset = {1}\ntuple = (1,)\ntype = 'sgd'",
    "print-and-id": "print = None\nid = 7\ninput = torch.ones(2)\nhash = 1",
    "isinstance-and-super": "isinstance = False\nsuper = 1\ngetattr = hasattr = None\nany = all = True",
    "letters": "p, g, v, s, d, m, w, u, x, y, a, b, i, t = range(14)",
    "words-of-examples": "bowl = start = optimizer = seen = weight = model = result = chain = mlp = lenet = short = axes = None",
    "words-of-models": "layer = parameter = square = profiles = found = first = second = shapes = sigma = due = 'x'",
    "modules-renamed": "math = 1.0\nF = torch.eye(2)\nplt = 'plot'",
    "numpy-renamed": "np = 10",
    "torch-renamed": "torch = 'torch'",
    "nn-is-a-number": "nn = 32",
    "lambda-kept": "lambd = lambda x: x\nresult = lambd(3)\n_ = 5\n__ = 6",
    "stars-of-numpy": "from numpy import *",
    "stars-of-torch": "from torch import *",
    "stars-of-math": "from math import *\nfrom random import *",
    "display-renamed": "display = 'on'\nget_ipython = None\nIn = Out = None",
    "classes-with-usual-names": "class Parameter:\n    pass\nclass Tensor(list):\n    pass",
}

#: The same before the exercises, where the solution does not use them.
_NAMES_FIRST = {
    "letters-first": "p, g, v, s, d, m, w, u, x, y = [0.5] * 10",
    "float-first": "float = np.float64",
    "list-first": "list = [0.1, 0.01]",
    "filterwarnings-error-and-names": "import warnings\nwarnings.filterwarnings('error')\nw = model = None",
}


def _stub_above_solution(handin: HandIn) -> None:
    """The stub stays as it was, and the solution stands in a new cell below its test."""
    name = SMALLEST[handin.slug]
    where = position(handin, name)
    solution = handin.notebook.cells[where].source
    handin.notebook.cells[where] = copy.deepcopy(
        next(c for c in handin.empty.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)
    )
    handin.notebook.cells.insert(where + 2, code_cell(solution))


def _first_try_kept_above(handin: HandIn) -> None:
    """An earlier, wrong attempt is kept in a plain cell above."""
    where = position(handin, "adam_step")
    handin.notebook.cells.insert(where, code_cell("def adam_step(*anything):\n    return anything[:3]"))


def _constant_changed_later(handin: HandIn) -> None:
    """An exercise uses a constant that a later cell needs for something else."""
    cell = handin.exercise("sgd_step")
    cell.source = "scale = 1.0\n" + cell.source.replace("lr * grad", "scale * lr * grad")
    handin.notebook.cells.append(code_cell("for scale in (0.5, 2.0):\n    print(scale)"))


def _helper_changed_later(handin: HandIn) -> None:
    """An exercise uses a helper of its own cell; a later exercise's helper has the same name."""
    cell = handin.exercise("sgd_step")
    cell.source = "def update(a, b):\n    return a - b\n\n\n" + cell.source.replace(
        "param - lr * grad", "update(param, lr * grad)"
    )
    handin.notebook.cells.append(code_cell("def update(a, b):\n    return a + b"))


def _module_changed_later(handin: HandIn) -> None:
    """An exercise uses a module whose name a later cell takes."""
    cell = handin.exercise("sgd_step")
    cell.source = cell.source.replace("lr * grad", "math.sqrt(lr) * math.sqrt(lr) * grad")
    handin.notebook.cells.append(code_cell("math = 'my best subject'"))


def _list_mutated_later(handin: HandIn) -> None:
    """A helper's table is emptied at the end."""
    cell = handin.exercise("fans")
    cell.source = "names = {'in': 1, 'out': 0}\n" + cell.source.replace("weight.shape[1]", "weight.shape[names['in']]")
    handin.notebook.cells.append(code_cell("names = {}"))


def _later(source: str) -> Callable[[HandIn], None]:
    return lambda handin: handin.notebook.cells.append(code_cell(source))


HABITS: list[Habit] = by_turns([*texts("last", 8, _NAMES), *texts("after-imports", 8, _NAMES_FIRST)])
# The student must read which cell took the name.
HABITS += [
    Habit(name, 3, _later(source), (slug,), told=("cell",), rare=slug in FULL_ONLY)
    for slug, sources in _WRONG_LATER.items()
    for name, source in sources.items()
]
HABITS += [
    Habit("stub-above-the-solution", 3, _stub_above_solution, SLUGS),
    Habit("first-try-kept-above", 3, _first_try_kept_above),
    Habit("constant-changed-later", 3, _constant_changed_later, told=("cell",)),
    Habit("helper-changed-later", 3, _helper_changed_later, told=("cell",)),
    Habit("module-changed-later", 3, _module_changed_later, told=("cell",)),
    Habit("table-changed-later", 3, _list_mutated_later, ("xavier",), told=("cell",)),
]
