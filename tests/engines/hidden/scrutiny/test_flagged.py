"""What an exercise flags: ways to a derivative that cannot be taken away are shown to a person, honest code is not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from scrutinised import Cell, levels_of

from autograder.course.assignment import Assignment, load_assignment
from autograder.engines.hidden.scrutiny.find import scrutinise
from autograder.engines.hidden.scrutiny.finding import Level
from autograder.files import PACKAGE_DIR

HEAD = "def sigmoid_grad(x):\n"


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    """The assignment whose derivatives are to be written by hand."""
    return load_assignment(PACKAGE_DIR.parent, "gradients")


def levels(assignment: Assignment, body: str, *others: Cell, exercise: str = "sigmoid_grad") -> set[Level]:
    """Read a solution cell with that function body, and other cells before it."""
    return levels_of(assignment, "import torch\nfrom torch import nn", HEAD, body, *others, exercise=exercise)


FLAGGED = {
    "inference mode left": "with torch.inference_mode(False):\n    return x",
    "inference mode left by a keyword": "with torch.inference_mode(mode=False):\n    return x",
    "inference mode left by an expression": "with torch.inference_mode(not True):\n    return x",
    "gradients enabled": "with torch.enable_grad():\n    return x",
    "gradients enabled by a setting": "torch.set_grad_enabled(True)\nreturn x",
    "forward mode": "return torch.func.jvp(torch.sigmoid, (x,), (torch.ones_like(x),))[1]",
    "forward mode, imported": "from torch.func import jvp as f\n"
    "return f(torch.sigmoid, (x,), (torch.ones_like(x),))[1]",
    "forward mode by parts": "import torch.autograd.forward_ad as fwd\nwith fwd.dual_level():\n    return x",
    "under a text": "return getattr(torch, 'fu' + 'nc').grad(torch.sigmoid)(x)",
    "mapped": "return torch.vmap(lambda v: v)(x)",
    "backward": "y = x.clone().requires_grad_()\ntorch.sigmoid(y).sum().backward()\nreturn y.grad",
    "a keyword": "y = torch.tensor(x.tolist(), requires_grad=True)\nreturn y",
    "an attribute": "x.requires_grad = True\nreturn x",
    "a parameter": "return nn.Parameter(x)",
    "a node of the graph": "return torch.sigmoid(x).grad_fn(torch.ones_like(x))",
    "a kernel": "return torch.ops.aten.sigmoid_backward(torch.ones_like(x), torch.sigmoid(x))",
    "another thread": "import threading\nthreading.Thread(target=print).start()\nreturn x",
    "a pool": "from concurrent.futures import ThreadPoolExecutor\nreturn ThreadPoolExecutor().submit(len, x).result()",
    "the complex step": "return (torch.sigmoid(x + 1e-30j) / 1e-30).imag",
    "the complex step without its part": "return torch.view_as_real(torch.tanh(torch.complex(x, x)))[..., 1]",
    "an imaginary number": "return torch.tanh(x + 1e-30j)",
    "a kind of complex numbers": "return torch.tanh(x.to(dtype='complex128'))",
    "torch as another module has it": "import torch.nn.functional as F\n"
    "with F.torch.inference_mode(False):\n    return F.torch.ops.aten.tanh_backward(x, x)",
    "torch, imported from another module": "from torch.functional import torch as t\nreturn t.func.grad(x)",
    "numpy as another module has it": "import matplotlib.pyplot as plt\nreturn plt.np.gradient(x)",
    "torch by two texts": "import torch.nn as n\nreturn getattr(getattr(n.functional, 'to' + 'rch'), 'func')(x)",
    "a method by a text": "y = x.clone()\ngetattr(y, 'requires_grad' + '_')()\nreturn y",
    "another method by a text": "getattr(torch.sigmoid(x).sum(), 'back' + 'ward')()\nreturn x",
    "a name that is looked for": "on = next(n for n in dir(torch) if n.startswith('enable_gr'))\n"
    "return getattr(torch, on)",
    "a name in a loop over names": "for n in dir(torch):\n    if n[0] == 'e':\n        return getattr(torch, n)",
    "a name that is handed on": "def f(n):\n    return getattr(torch, n)\nreturn f('enable_' + 'grad')",
    "a name in a list": "names = ['enable' + str(x)]\nreturn getattr(torch, names[0])",
    "a namespace by a name that is looked for": "return vars(torch)[next(n for n in dir(torch) if n[0] == 'e')]",
    "what a cell gave": "return Out[max(Out)](x)",
    "what the last cell gave": "return _(torch.tanh, x)",
    "what the third cell gave": "return _3(torch.tanh, x)",
    "an entry point": "import importlib.metadata as m\n"
    "return m.EntryPoint(name='a', value='torch:autograd.functional', group='g').load()",
    "a form of texts": "import string\nreturn string.Formatter().get_field('0.func', (torch,), {})[0]",
    "an annotation": "import typing\nclass K:\n    a: 'torch.func'\nreturn typing.get_type_hints(K)['a']",
    "a timed text": "import timeit\nout = []\ntimeit.timeit('out.append(torch.func)', globals={'out': out}, number=1)",
    "a magic": "out = []\nget_ipython().run_line_magic('prun', '-q out.append(torch.func)')\nreturn out[0]",
    "memory": "import numpy as np\nreturn np.ctypeslib.ctypes.pythonapi",
    "a module that torch imported": "return torch.importlib.import_module('torch.func')",
    "the module of a function": "import inspect\nreturn inspect.getmodule(torch.relu).func",
    "a cell of a function": "return x.cell_contents",
    "a density": "return torch.distributions.Bernoulli(logits=x).variance",
    "a library's derivative": "import mpmath\nreturn mpmath.diff(mpmath.tanh, x)",
    "an interpolation": "import numpy as np\nreturn np.polynomial.Chebyshev.interpolate(np.tanh, 14).deriv()(x)",
    "a text that is run": "return eval('torch.func.grad(torch.sigmoid)')(x)",
    "a computed text": "return eval(str(x))",
}
#: What cells before an exercise prepared while autograd was on.
PREPARED = {
    "function": ("d = torch.func.grad(torch.sigmoid)", "return d(x)"),
    "entry": ("t = {}\nt['d'] = torch.func.vmap(torch.func.grad(torch.sigmoid))", "return t['d'](x)"),
    "onto torch": ("torch.d = torch.func.grad(torch.sigmoid)", "return torch.d(x)"),
    "onto another library": (
        "import matplotlib.pyplot as plt\ndef d(y):\n    y.requires_grad_()\n    return y\nplt.d = d",
        "import matplotlib.pyplot\nreturn matplotlib.pyplot.d(x)",
    ),
    "onto a module of the library": (
        "import random\nsetattr(random, 'd', lambda y: y.requires_grad_())",
        "import random\nreturn random.d(x)",
    ),
    "into an object of a library": (
        "from contextvars import ContextVar\nstore = ContextVar('s')\nd = lambda y: y.requires_grad_()\nstore.set(d)",
        "return store.get()(x)",
    ),
    "into an object, in a list": (
        "class Store:\n    pass\nstore = Store()\nd = lambda y: y.requires_grad_()\nstore.hold([d])",
        "return store.held[0](x)",
    ),
    "by a function that keeps it": (
        "kept = []\ndef keep(f):\n    kept.append(f)\n    return f\ndef d(y):\n    return y.requires_grad_()\nkeep(d)",
        "return kept[0](x)",
    ),
    "by a decorator": (
        "kept = {}\ndef keep(f):\n    kept['d'] = f\n    return f\n@keep\ndef d(y):\n    return y.requires_grad_()",
        "return kept['d'](x)",
    ),
    "by a method as a decorator": (
        "kept = []\n@kept.append\ndef d(y):\n    return y.requires_grad_()",
        "return kept[0](x)",
    ),
    "by a method that is handed on": (
        "kept = []\ndef d(y):\n    return y.requires_grad_()\nlist(map(kept.append, [d]))",
        "return kept[0](x)",
    ),
    "by a method under another name": (
        "kept = []\nput = kept.append\ndef d(y):\n    return y.requires_grad_()\nput(d)",
        "return kept[0](x)",
    ),
    "in a module that a cell writes": (
        "%%writefile helper.py\ndef d(y):\n    return y.requires_grad_()",
        "import helper\nreturn helper.d(x)",
    ),
    "in a module that nobody can read": (
        "from pathlib import Path\nPath('he' + 'lper.py').write_text('…')",
        "import helper\nreturn helper.d(x)",
    ),
    "all of a module that nobody can read": ("from helper import *", "return d(x)"),
    "kept by a library": (
        "import numpy as np\ndef d(y):\n    return y.requires_grad_()\nnp.seterrcall(d)",
        "import numpy as np\nreturn np.geterrcall()(x)",
    ),
    "kept by a library, without a name": (
        "import matplotlib.pyplot as plt\nplt.gca().set_gid(lambda y: y.requires_grad_())",
        "import matplotlib.pyplot as plt\nreturn plt.gca().get_gid()(x)",
    ),
    "into an object, without a name": (
        "class Store:\n    pass\nstore = Store()\nstore.hold(lambda y: y.requires_grad_())",
        "return store.held(x)",
    ),
    "into an object by a function": (
        (
            "class Store:\n    pass\nstore = Store()\ndef d(y):\n    return y.requires_grad_()\n"
            "def fill():\n    store.hold(d)\nfill()"
        ),
        "return store.held(x)",
    ),
    "into an object that has a local's name": (
        (
            "import contextlib\nclass Store:\n    pass\nstore = Store()\nwith contextlib.nullcontext():\n"
            "    def f(store):\n        pass\n    store.hold(lambda y: y.requires_grad_())"
        ),
        "return store.held(x)",
    ),
    "beside a function with a local of the name": (
        "kept = []\ndef d(y):\n    return y.requires_grad_()\nkept.append(d)",
        "def f(kept):\n    return kept\nreturn kept[0](x)",
    ),
    "beside a comprehension with a variable of the name": (
        "kept = []\ndef d(y):\n    return y.requires_grad_()\nkept.append(d)",
        "_ = [0 for kept in x]\nreturn kept[0](x)",
    ),
    "in a class": (
        "kept = []\ndef d(y):\n    return y.requires_grad_()\nkept.append(d)",
        "class K:\n    kept = kept\nreturn kept[0](x)",
    ),
    "by a text in the namespace": ("def d(y):\n    return y.requires_grad_()", "return globals()['d'](x)"),
    "by a computed text": ("def d_3(y):\n    return y.requires_grad_()", "return globals()[f'd_{len(x)}'](x)"),
    "by the namespace's method": ("def d(y):\n    return y.requires_grad_()", "return globals().get('d')(x)"),
    "by the module of the notebook": (
        "def d(y):\n    return y.requires_grad_()",
        "import __main__\nreturn __main__.d(x)",
    ),
    "helper": ("def d(y):\n    y.requires_grad_()\n    return y", "return d(x)"),
}
HONEST = {
    "the formula": "s = torch.sigmoid(x)\nreturn s * (1 - s)",
    "without gradients": "with torch.no_grad():\n    return torch.exp(-x) / (1 + torch.exp(-x)) ** 2",
    "in inference mode": "with torch.inference_mode():\n    return x",
    "no gradients by a setting": "torch.set_grad_enabled(False)\nreturn x",
    "detached": "return (x.detach() * 1).clone()",
    "by name": "return getattr(torch, 'sig' + 'moid')(x)",
    "by a given name": "name = str(x.dtype)\nreturn getattr(torch, name, None)",
    "numpy": "import numpy as np\nreturn torch.from_numpy(1 / (1 + np.exp(-x.numpy())))",
    "one of some names": "return getattr(torch, {'s': 'sigmoid', 't': 'tanh'}['s'])(x)",
    "names in a loop": "known = {n: getattr(torch, n) for n in ('sigmoid', 'tanh')}\nreturn known['sigmoid'](x)",
    "an own helper by its name": "return globals()[f'{x}_grad'](x)",
    "an unused value": "_, y = x, x\nfor _ in range(3):\n    y = y + _\nreturn y",
    "a printed word": "print('backward')\nreturn x",
    "a helper by an argument": "def f(name):\n    return getattr(torch, name)\nreturn f('sigmoid')(x)",
    "names like those of the notebook": "def y(w):\n    return w\nclass model:\n    pass\nreturn y(x)",
    "all names of a module of numbers": "from math import *\nreturn sqrt(x)",
    "an entry of a module": "return vars(torch)['sigmoid'](x)",
    "a class that looks up": "class K:\n    def __getitem__(self, i):\n        return x[i]\nreturn K()[0]",
    "own backward": "class F:\n    def backward(self, u):\n        return u\nreturn F().backward(x)",
    "said that none is needed": "return torch.zeros(2, requires_grad=False)",
}


@pytest.mark.parametrize("body", FLAGGED.values(), ids=FLAGGED)
def test_a_way_to_a_derivative_is_shown_to_a_person(assignment: Assignment, body: str) -> None:
    """It costs no points, and it does not pass without a word."""
    assert levels(assignment, body) == {Level.DOUBTFUL}


@pytest.mark.parametrize(("cell", "body"), PREPARED.values(), ids=PREPARED)
def test_what_was_prepared_belongs_to_its_user(assignment: Assignment, cell: str, body: str) -> None:
    """A cell may use autograd as it likes, but not for this exercise."""
    assert levels(assignment, body, Cell("cell 3", cell)) == {Level.DOUBTFUL}


#: Ways to a flagged name in which it is not written: a cell, and the exercise.
HIDDEN = {
    "all names of a module": ("from torch.func import *", "return grad(torch.sigmoid)(x)"),
    "all names of a module that is not loaded": ("from mpmath.calculus.differentiation import *", "return diff(x)"),
    "beside a comprehension": ("made = torch.func", "[0 for made in ()]\nreturn made.grad(torch.sigmoid)(x)"),
    "beside a function's argument": ("made = torch.func", "f = lambda made: 0\nreturn made.grad(torch.sigmoid)(x)"),
    "an evaluator beside a comprehension": ("made = exec", "[0 for made in ()]\nmade('torch.fu' + 'nc')\nreturn x"),
    "a whole module in the notebook": ("globals().update(vars(torch.func))", "return grad(torch.sigmoid)(x)"),
    "a whole module in an object": (
        "import types\nf = types.SimpleNamespace(**vars(torch.func))",
        "return f.grad(torch.sigmoid)(x)",
    ),
    "a whole module in another": (
        "import types\nm = types.ModuleType('m')\nm.__dict__.update(torch.__dict__)",
        "return m.func.grad(torch.sigmoid)(x)",
    ),
    "an entry by its end": ("pass", "return [v for k, v in torch.__dict__.items() if k.endswith('unc')][0].grad(x)"),
    "a loop over a module": ("pass", "for v in vars(torch).values():\n    x = v\nreturn x"),
    "a chain of maps": ("from collections import ChainMap\nc = ChainMap(vars(torch))", "return c['fu' + 'nc'].grad(x)"),
    "a class that hands on": (
        "class Q:\n    def __getattr__(self, name):\n        return getattr(torch, name)",
        "return Q().func.grad(torch.sigmoid)(x)",
    ),
    "a function that hands on": (
        "def pick(m, name):\n    return getattr(m, name)",
        "return pick(torch, [n for n in dir(torch) if n.endswith('unc')][0]).grad(x)",
    ),
    "a function that hands on, with a computed name": (
        "def pick(m, name):\n    return getattr(m, name)",
        "return pick(torch, 'fu' + str(x)[:1] + 'c').grad(x)",
    ),
    "a template": (
        "import jinja2\nf = jinja2.Environment().compile_expression(\"t['fu' ~ 'nc']\")",
        "return f(t=torch).grad(torch.sigmoid)(x)",
    ),
    "a type by its name": ("import traitlets", "return traitlets.Type(klass='torch.fu' 'nc.grad')"),
    "an annotation that is worked": (
        "import inspect\ndef f(a: 'torch.fu' 'nc'):\n    pass",
        "return inspect.signature(f, eval_str=True)",
    ),
}


@pytest.mark.parametrize(("cell", "body"), HIDDEN.values(), ids=HIDDEN)
def test_a_name_that_is_not_written_is_found(assignment: Assignment, cell: str, body: str) -> None:
    """Where reading cannot tell what comes out, a person looks."""
    assert levels(assignment, body, Cell("cell 3", cell)) == {Level.DOUBTFUL}


#: Ways to put `d` into the list `kept` that do not name the list where they do.
UNNAMED = {
    "another name": "same = kept\nsame.append(d)",
    "a box": "box = [kept]\nbox[0].append(d)",
    "an entry": "box = {}\nbox['a'] = kept\nbox['a'].append(d)",
    "an object": "class Box:\n    def __init__(self, k):\n        self.k = k\nbox = Box(kept)\nbox.put(d)",
    "an object without a name": "Box(kept).put(d)",
    "a loop": "for k in (kept,):\n    k.append(d)",
    "a local name": "def fill():\n    k = kept\n    k.append(d)\nfill()",
    "a local loop": "def fill():\n    for k in [kept]:\n        k.append(d)\nfill()",
    "a default": "def fill(k=kept):\n    k.append(d)\nfill()",
    "a comprehension": "[k.append(d) for k in [kept]]",
    "a function without a name": "(lambda k: k.append(d))(kept)",
    "a function's result": "def get():\n    return kept\nget().append(d)",
    "map": "list(map(lambda k: k.append(d), [kept]))",
    "partial": "import functools\nput = functools.partial(list.append, kept)\nput(d)",
    "a condition": "(kept or []).append(d)",
    "a method's name": "from operator import methodcaller\nmethodcaller('append', d)(kept)",
    "with": "with kept as k:\n    k.append(d)",
    "an addition": "same = kept\nsame += [d]",
    "a slice": "same = kept\nsame[:] = [d]",
}


@pytest.mark.parametrize("cell", UNNAMED.values(), ids=UNNAMED)
def test_what_is_put_into_an_object_by_another_name_is_found(assignment: Assignment, cell: str) -> None:
    """An exercise that uses the object is read with what was put into it."""
    made = "kept = []\ndef d(y):\n    return y.requires_grad_()\n"
    assert levels(assignment, "return kept[0](x)", Cell("cell 3", made + cell)) == {Level.DOUBTFUL}
    assert levels(assignment, "return x", Cell("cell 3", made + cell)) == set()


def test_torch_by_another_name_is_torch(assignment: Assignment) -> None:
    """At the top and in a function."""
    for put in ("t = torch\nt.d = d", "def put():\n    t = torch\n    t.d = d\nput()"):
        cell = Cell("cell 3", f"def d(y):\n    return y.requires_grad_()\n{put}")
        assert levels(assignment, "return torch.d(x)", cell) == {Level.DOUBTFUL}


@pytest.mark.parametrize("body", HONEST.values(), ids=HONEST)
def test_a_derivative_by_hand_is_left_alone(assignment: Assignment, body: str) -> None:
    """Formulas, and names and contexts that only look similar."""
    assert levels(assignment, body) == set()


#: A module beside the notebook: how a cell imports it, and how the exercise uses it.
MODULE = (
    b"import torch\n\ndef d(y):\n    return _d(y)\n\ndef _d(y):\n    return y.requires_grad_()\n\n"
    b"def e(y):\n    return 2 * y\n"
)
BROUGHT = {
    "the module": ("import helpers", "return helpers.d(x)"),
    "under another name": ("import helpers as h", "return h.d(x)"),
    "its function": ("from helpers import d", "return d(x)"),
    "its function under another name": ("from helpers import d as g", "return g(x)"),
    "all": ("from helpers import *", "return d(x)"),
    "in a package": ("import tools.more", "return tools.more.d(x)"),
    "a module of a package": ("from tools import more", "return more.d(x)"),
    "a function of a package": ("from tools.more import d", "return d(x)"),
    "through another module": ("from again import f", "return f(x)"),
    "in the function": ("pass", "from helpers import d\nreturn d(x)"),
}


@pytest.mark.parametrize(("cell", "body"), BROUGHT.values(), ids=BROUGHT)
def test_modules_beside_the_notebook_are_read(assignment: Assignment, cell: str, body: str) -> None:
    """What an exercise uses of them is judged, and nothing else that they hold."""
    beside = {
        "helpers.py": MODULE,
        "tools/__init__.py": b"",
        "tools/more.py": MODULE,
        "again.py": b"from helpers import d\n\ndef f(y):\n    return d(y)\n",
        "unused.py": b"def f(y):\n    return y.requires_grad_()\n",
    }
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    cells = [Cell("setup", f"import torch\n{cell}"), Cell("sigmoid_grad", HEAD + lines)]
    found = scrutinise(cells, assignment, beside).get("sigmoid_grad", ())
    assert {f.level for f in found} == {Level.DOUBTFUL}
    assert all(f.cell.endswith(".py") for f in found)
    innocent = [cells[0], Cell("sigmoid_grad", HEAD + "    from helpers import e\n    return e(x)")]
    assert scrutinise(innocent, assignment, beside) == {}


#: What notebooks do with functions, which hands no code to an exercise.
USUAL = {
    "a comparison": "def compare(f, g):\n    return f(1) == g(1)\ncompare(sigmoid_grad, by_autograd)",
    "a table of times": "times = {}\ndef timed(f):\n    def run(*a):\n        times[f.__name__] = 1\n"
    "        return f(*a)\n    return run\n@timed\ndef other(m):\n    m.backward()",
    "a quiet picture": "import matplotlib.pyplot as plt\nplt.show = lambda *a: None\nplt.plot([1, 2])",
    "a setting": "import matplotlib.pyplot as plt\nplt.rcParams['figure.figsize'] = (4, 3)",
    "a plot of both": "import matplotlib.pyplot as plt\n_, ax = plt.subplots()\nax.plot(1, by_autograd(1))",
    "a test of the texts": "if __name__ == '__main__':\n    import doctest\n    doctest.testmod()",
    "a measured time": "import timeit\nprint(timeit.timeit(lambda: sigmoid_grad(1), number=3))",
    "a profile": "import cProfile\ncProfile.run('sigmoid_grad(1)')",
    "a name for nothing": "_ = by_autograd(1)",
    "a module of another place": "from google.colab import drive\ndrive.mount('/content/drive')",
    "a function for torch": "torch.func.vmap(by_autograd)",
    "a function for functools": "import functools\nfast = functools.lru_cache(by_autograd)",
    "locals of another exercise": "if True:\n    def other(s):\n        s.register_hook(lambda g: by_autograd(g))",
}


@pytest.mark.parametrize("cell", USUAL.values(), ids=USUAL)
def test_what_is_done_with_functions_is_no_way(assignment: Assignment, cell: str) -> None:
    """A cell compares, draws and times what it likes."""
    helper = Cell(
        "cell 2", "def by_autograd(x):\n    y = x.requires_grad_()\n    y.sum().backward()\n    return y.grad\n"
    )
    body = "import functools\ns = torch.sigmoid(x)\nfor _ in range(1):\n    s = s\nreturn s * (1 - s)"
    assert levels(assignment, body, helper, Cell("cell 3", cell)) == set()


def test_autograd_elsewhere_is_nobodys_concern(assignment: Assignment) -> None:
    """Other exercises use it, and a cell may compare its result with it, also the exercise's own cell."""
    check = (
        "y = torch.ones(2, requires_grad=True)\ntorch.sigmoid(y).sum().backward()\nassert sigmoid_grad(y) is not None"
    )
    cells = [Cell("setup", "import torch"), Cell("sigmoid_grad", f"{HEAD}    return x\n\n{check}")]
    cells.append(Cell("gradient_profile", "def gradient_profile(m, x, y, f):\n    f(m(x), y).backward()"))
    assert scrutinise(cells, assignment) == {}


def test_what_is_found_first_is_the_same_in_every_process() -> None:
    """A page shows a few findings; which ones must not depend on the hashes of names."""
    helpers = "".join(f"def h{i}(y):\n    return y.requires_grad_() + {i}\n" for i in range(20))
    body = HEAD + "    return " + " + ".join(f"h{i}(x)" for i in range(20))
    program = (
        "import sys\nfrom pathlib import Path\nfrom scrutinised import Cell\n"
        "from autograder.course.assignment import load_assignment\n"
        "from autograder.engines.hidden.scrutiny.find import scrutinise\n"
        f"cells = [Cell('setup', {helpers!r}), Cell('sigmoid_grad', {body!r})]\n"
        "found = scrutinise(cells, load_assignment(Path(sys.argv[1]), 'gradients'))\n"
        "print([f.line for f in found['sigmoid_grad']])"
    )
    root = PACKAGE_DIR.parent
    told = set()
    for seed in ("1", "2", "3"):
        places = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root / "tests")}
        command = [sys.executable, "-c", program, str(root)]
        done = subprocess.run(command, env={**os.environ, **places}, capture_output=True, text=True, check=True)
        told.add(done.stdout)
    assert len(told) == 1
