"""What reading the code finds: plain names, certain evasions, and code that a person should look at."""

from __future__ import annotations

import pytest
from every_assignment import SLUGS
from scrutinised import Cell, levels_of

from autograder.course.assignment import Assignment, load_assignment
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import load_template
from autograder.engines.hidden.scrutiny.find import scrutinise
from autograder.engines.hidden.scrutiny.finding import Level
from autograder.files import PACKAGE_DIR

ROOT = PACKAGE_DIR.parent
HEAD = "def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):\n"


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    """The built-in assignment, which forbids ready-made optimizers."""
    return load_assignment(ROOT, "optimizers")


def levels(assignment: Assignment, body: str, *others: Cell, exercise: str = "adam_step") -> set[Level]:
    """Read a solution cell whose function has that body, and other cells before it."""
    return levels_of(assignment, "import torch", HEAD, body, *others, exercise=exercise)


PLAIN = {
    "attribute": "return torch.optim.Adam",
    "import": "from torch.optim import Adam as A\nreturn A",
    "alias": "o = torch.optim\nreturn o.Adam",
    "submodule": "import torch.optim.adam as a\nreturn a.adam",
    "either": "return (torch.optim.Adam if t else None)",
}
PROVEN = {
    "built name": "return getattr(torch.optim, 'Ad' + 'am')",
    "name in a variable": "name = 'madA'[::-1]\nreturn getattr(torch.optim, name)",
    "format": "return getattr(torch, '_fused_%s_' % 'adam')",
    "f-string": "return getattr(torch.optim, f'{chr(65)}dam')",
    "characters": "return getattr(torch.optim, ''.join(map(chr, [65, 100, 97, 109])))",
    "rot13": "import codecs\nreturn getattr(torch.optim, codecs.decode('Nqnz', 'rot13'))",
    "hexadecimal": "return getattr(torch.optim, bytes.fromhex('4164616d').decode())",
    "replace": "return getattr(torch.optim, 'AdXm'.replace('X', 'a'))",
    "operators": "return torch.ops.aten._fused_adam_(param)",
    "internals": "return torch._C._VariableFunctions._fused_adam_",
    "modules": "import sys\nreturn sys.modules['torch.optim'].Adam",
    "text that is run": "exec('x = torch.optim.Adam')",
    "text in a text": "exec(\"exec('torch.optim.Adam')\")",
    "eval under another name": "e = eval\nreturn e('torch.optim.SGD')",
    "repeated text": "return getattr(torch.optim, 'A' * 1 + 'dam')",
    "functional operator": "return torch.ops.aten._fused_adam(param)",
    "overload of an operator": "return torch.ops.aten._fused_adamw.tensor_lr(param)",
    "kernel of no listed name": "return torch._VF._fused_something_(param)",
    "reduce": "import functools\nreturn functools.reduce(getattr, ['ops', 'aten', '_fused_adam'], torch)",
    "reduce over a split text": "from functools import reduce\nreturn reduce(getattr, 'optim.Adam'.split('.'), torch)",
    "locate": "import pydoc\nreturn pydoc.locate('torch.optim.Adam')",
    "locate, imported": "from pydoc import locate as find\nreturn find('torch.optim.' + 'SGD')",
    "import_item": "from IPython.utils.importstring import import_item\nreturn import_item('torch.optim.Adam')",
    "resolve_name": "import pkgutil\nreturn pkgutil.resolve_name('torch.optim:Adam')",
    "static attribute": "import inspect\nreturn inspect.getattr_static(torch.optim, 'Adam')",
    "object's way to an attribute": "return object.__getattribute__(torch.optim, 'Adam')",
    "a module's way to an attribute": "return torch.optim.__getattribute__('Adam')",
    "class pattern": "match torch:\n    case object(_VF=found):\n        return found._fused_adam_",
    "class pattern in a pattern": "match torch:\n    case object(optim=object(Adam=found)):\n        return found",
    "default argument": "def inner(x, o=torch._VF):\n    return o._fused_adam_(x)\nreturn inner(param)",
    "entry of a dictionary": "d = {'a': torch.ops.aten._fused_adam}\nreturn d['a']",
    "script": "return torch.jit.CompilationUnit('def f(x: Tensor):\\n    return x._fused_adam(x)\\n')",
}
DOUBTFUL = {
    "imported from decompositions": "from torch._decomp import decompositions\nreturn decompositions",
    "imported from the operators": "from torch.ops.aten import relu as f\nreturn f(param)",
    "imported under a name": "import torch._refs.nn.functional as f\nreturn f.relu(param)",
    "imported from another process": "from multiprocessing import Pool\nreturn Pool(2)",
    "a name in part": "return getattr(torch.optim, 'Ad' + str(t))",
    "an attribute in part": "return getattr(torch.optim.Optimizer, f'__{t}__')",
    "computed text": "return getattr(torch.optim, str(t))",
    "a file that is run": "exec(open('x').read())",
    "subclasses": "return torch.optim.Optimizer.__subclasses__()",
    "garbage collector": "import gc\nreturn gc.get_objects()",
    "a name of something unknown": "return param.SGD",
    "foreign functions": "import ctypes\nreturn ctypes.CDLL(None)",
    "unpickling": "import pickle\nreturn pickle.loads(b'')",
    "doubling names": "a0 = 'x'\n" + "\n".join(f"a{i} = a{i - 1} + a{i - 1}" for i in range(1, 60)) + "\n"
    "return getattr(torch.optim, a59)",
}
#: Cells that come first, and an exercise that uses what they left; only the changed thing connects them.
HANDED_ON = {
    "onto torch": ("torch.helper = torch.ops.aten._fused_adam", "return torch.helper(param)"),
    "onto torch by setattr": ("setattr(torch, 'helper', torch._VF._fused_adam_)", "return torch.helper(param)"),
    "into torch's namespace": ("torch.__dict__['helper'] = torch._VF._fused_adam_", "return torch.helper(param)"),
    "into torch's namespace by vars": ("vars(torch).update(h=torch._VF._fused_adam_)", "return torch.h(param)"),
    "into builtins": ("import builtins\nbuiltins.x = torch._VF._fused_adam_", "return x(param)"),
    "into builtins by setattr": ("import builtins as b\nsetattr(b, 'x', torch._VF._fused_adam_)", "return x(param)"),
    "into __builtins__": ("__builtins__.x = torch._VF._fused_adam_", "return x(param)"),
    "into globals": ("globals()['x'] = torch._VF._fused_adam_", "return x(param)"),
    "into the shell": ("get_ipython().push({'x': torch._VF._fused_adam_})", "return x(param)"),
    "into sys.modules": ("import sys\nsys.modules['mine'] = torch._VF._fused_adam_", "import mine\nreturn mine(param)"),
    "onto a class": ("torch.Tensor.go = torch._VF._fused_adam_", "return param.go()"),
    "entry of a dictionary": ("d = {}\nd['k'] = torch._VF._fused_adam_", "return d['k'](param)"),
    "entry of an entry": ("d = {'a': {}}\nd['a']['k'] = torch._VF._fused_adam_", "return d['a']['k'](param)"),
    "update": ("d = {}\nd.update(k=torch._VF._fused_adam_)", "return d['k'](param)"),
    "setdefault": ("d = {}\nd.setdefault('k', torch._VF._fused_adam_)", "return d['k'](param)"),
    "append": ("kept = []\nkept.append(torch._VF._fused_adam_)", "return kept[0](param)"),
    "a list's own append": ("kept = []\nlist.append(kept, torch._VF._fused_adam_)", "return kept[0](param)"),
    "attribute of a class": ("class Box:\n    pass\nBox.x = torch._VF._fused_adam_", "return Box.x(param)"),
    "attribute of an object": (
        "class Box:\n    pass\nbox = Box()\nbox.x = torch._VF._fused_adam_",
        "return box.x(param)",
    ),
    "attribute of the function": (
        "def adam_step():\n    pass\nadam_step.x = torch._VF._fused_adam_",
        "return adam_step.x",
    ),
    "helper with a global": (
        "def install():\n    global k\n    k = torch._VF._fused_adam_\ninstall()",
        "return k(param)",
    ),
    "helper that sets on torch": (
        "def install():\n    torch.h = torch._VF._fused_adam_\ninstall()",
        "return torch.h(param)",
    ),
    "helper that fills": ("def fill(d):\n    d['k'] = torch._VF._fused_adam_\nd = {}\nfill(d)", "return d['k'](param)"),
    "helper of a helper": (
        "def get():\n    return torch._VF._fused_adam_\ndef fill():\n    torch.h = get()\nfill()",
        "return torch.h",
    ),
    "in a loop": ("for n in ['h']:\n    setattr(torch, n, torch._VF._fused_adam_)", "return torch.h(param)"),
    "under a condition": ("if True:\n    torch.h = torch._VF._fused_adam_", "return torch.h(param)"),
    "by a pattern": ("match torch:\n    case object(_VF=object(_fused_adam_=k)):\n        pass", "return k(param)"),
    "in a class's body": ("class A:\n    torch.h = torch._VF._fused_adam_", "return torch.h(param)"),
    "by a text that is run, under a name": ("exec('k = torch._VF._fused_adam_')", "return k(param)"),
    "by a text that the shell runs": ("get_ipython().run_cell('k = torch._VF._fused_adam_')", "return k(param)"),
    "by a text that is run": ("exec('torch.h = torch._VF._fused_adam_')", "return torch.h(param)"),
}
#: Cells that could keep what an exercise forbids from being taken away.
TAMPERING = {
    "the grader's module": "from autograder.sandbox.worker import forbid\nforbid.take_away = lambda *a, **k: None",
    "the grader, imported": "import autograder.sandbox.worker.serve as s\ns.take_away = print",
    "the grader by a text": "import sys\nsys.modules['autograder.sandbox.worker.' + 'forbid'].take_away = print",
    "all modules": "import sys\nfor m in list(sys.modules.values()):\n    print(m)",
    "who holds it": "import gc\ngc.get_referrers(torch)",
    "in a helper": "def go():\n    import autograder.sandbox as s\n    s.worker = 1\ngo()",
}
#: Code of an exercise that asks another process.
ELSEWHERE = {
    "a pipe": "import os\nr, w = os.pipe()\nreturn os.read(r, 8)",
    "a fork": "import os\nreturn os.fork()",
    "a process": "import multiprocessing as mp\nreturn mp.Queue().get()",
    "a socket": "import socket\nreturn socket.socketpair()",
}
#: Cells before an exercise that does its work itself, and uses nothing from them.
SCRATCH = {
    "comparison": "reference = getattr(torch.optim, 'Adam')\nprint(reference)",
    "comparison of many": "opts = {}\nfor n in ('SGD', 'Adam'):\n    opts[n] = getattr(torch.optim, n)",
    "settings": "torch.manual_seed(0)\ntorch.backends.cudnn.deterministic = True\n"
    "torch.set_default_dtype(torch.float64)",
    "plots": "import matplotlib.pyplot as plt\nplt.rcParams['figure.figsize'] = (4, 3)\nplt.plot([1])",
    "history": "history = {}\nhistory['loss'] = []\nhistory['loss'].append(1.0)",
    "path": "import sys\nsys.path.append('.')",
    "arithmetic": "x = torch.add(torch.ones(2), getattr(torch, 'ones')(2))",
    "own class": "class Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    "        self.fc = torch.nn.Linear(1, 1)",
    "check of the function": "def check(f):\n    assert f is not None\ncheck(torch.ones)",
    "where it runs": "import sys\ncolab = 'google.colab' in sys.modules\nimport os\nprint(os.getcwd())",
    "warnings": "import warnings\nwarnings.filterwarnings('ignore')\n"
    "import numpy as np\nnp.set_printoptions(precision=3)",
}
NOTHING = {
    "evaluation mode": "param.eval()\nimport re\nre.compile('x')\nreturn param",
    "own attribute by name": "return getattr(param, 'grad', None)",
    "collecting garbage": "import gc\ngc.collect()\nreturn param",
    "base class": "return torch.optim.Optimizer",
    "a docstring": "'Like torch.optim.Adam, but mine.'\nreturn param",
    "a comment": "# getattr(torch.optim, 'Adam')\nreturn param",
    "a name that cannot be one": "return getattr(param, f'register_{t}_hook')",
    "a method of one's own with such a name": "class L:\n    def SGD(self):\n        return self.SGD()\nreturn L",
    "functional layers": "return torch.nn.functional.relu(param)",
}


@pytest.mark.parametrize("body", PLAIN.values(), ids=PLAIN)
def test_a_plain_name_is_only_noted(assignment: Assignment, body: str) -> None:
    """It is gone from the worker, so it gave no advantage."""
    assert levels(assignment, body) == {Level.PLAIN}


@pytest.mark.parametrize("body", PROVEN.values(), ids=PROVEN)
def test_an_evasion_is_proven(assignment: Assignment, body: str) -> None:
    """Nobody writes such code by accident."""
    assert Level.PROVEN in levels(assignment, body)


@pytest.mark.parametrize(("cell", "body"), HANDED_ON.values(), ids=HANDED_ON)
def test_what_another_cell_puts_somewhere_belongs_to_its_user(assignment: Assignment, cell: str, body: str) -> None:
    """Top-level statements are followed, with what they call and what they change."""
    assert {Level.PROVEN, Level.DOUBTFUL} & levels(assignment, body, Cell("cell 3", cell))
    assert Level.PROVEN in levels(assignment, body, Cell("cell 3", cell))


@pytest.mark.parametrize("cell", TAMPERING.values(), ids=TAMPERING)
def test_what_reaches_for_the_grader_is_shown_to_a_person(assignment: Assignment, cell: str) -> None:
    """In any cell, because what one exercise forbids is taken away in the notebook's own process."""
    assert levels(assignment, "return param", Cell("cell 3", cell)) == {Level.DOUBTFUL}


@pytest.mark.parametrize("body", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_asks_another_process_is_shown_to_a_person(assignment: Assignment, body: str) -> None:
    """A process that the notebook started earlier still has what is taken away later."""
    assert levels(assignment, body) == {Level.DOUBTFUL}


@pytest.mark.parametrize("cell", SCRATCH.values(), ids=SCRATCH)
def test_scratch_cells_are_left_alone(assignment: Assignment, cell: str) -> None:
    """Code that no exercise uses is no evasion."""
    body = "history = {}\nm = torch.add(param, 0)\nreturn m * beta1"
    assert levels(assignment, body, Cell("cell 3", cell)) == set()


@pytest.mark.parametrize("body", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_could_reach_it_is_shown_to_a_person(assignment: Assignment, body: str) -> None:
    """Reading alone does not prove it, so it costs no points."""
    assert levels(assignment, body) == {Level.DOUBTFUL}


@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING)
def test_innocent_code_is_left_alone(assignment: Assignment, body: str) -> None:
    """Names that only look similar."""
    assert levels(assignment, body) == set()


def test_a_helper_counts_where_it_is_used(assignment: Assignment) -> None:
    """Another cell's definition belongs to the exercises that reach it, and to no other."""
    helper = Cell("cell 3", "def help_me(p):\n    return getattr(torch.optim, 'SGD')")
    assert levels(assignment, "return help_me(param)", helper) == {Level.PROVEN}
    assert levels(assignment, "return help_me(param)", helper, exercise="sgd_step") == set()
    assert levels(assignment, "return param", helper) == set()


def test_a_local_name_is_no_helper(assignment: Assignment) -> None:
    """A variable of a function hides a definition of the same name elsewhere."""
    scratch = Cell("cell 3", "x = torch.optim.SGD")
    assert levels(assignment, "x = param * 2\nreturn x", scratch) == set()


def test_code_that_changes_a_definition_counts_for_it(assignment: Assignment) -> None:
    """Replacing a function's code from another cell is part of that function."""
    other = Cell("cell 9", "adam_step.__code__ = (lambda *a: torch.ops.aten._fused_adam_(*a)).__code__")
    assert Level.PROVEN in levels(assignment, "return param", other)


def test_a_transformer_is_shown_to_a_person_wherever_it_stands(assignment: Assignment) -> None:
    """It changes how other cells are read."""
    other = Cell("cell 2", "get_ipython().ast_transformers.append(None)")
    assert levels(assignment, "return param", other) == {Level.DOUBTFUL}


def test_magics_are_read_as_ipython_reads_them(assignment: Assignment) -> None:
    """A cell with a magic is still Python; a cell that is not Python does not run."""
    timed = Cell("cell 2", "%%time\ndef help_me(p):\n    return vars(torch.optim)['Adam']")
    assert levels(assignment, "return help_me(param)", timed) == {Level.PROVEN}
    broken = Cell("cell 2", "def help_me(p:\n    return vars(torch.optim)['Adam']")
    assert levels(assignment, "return help_me(param)", broken) == set()


@pytest.mark.parametrize("slug", SLUGS)
def test_every_variant_of_an_assignment_is_innocent(slug: str) -> None:
    """Honest and wrong solutions alike evade nothing."""
    assignment = load_assignment(ROOT, slug)
    template = load_template(assignment)
    found = {}
    for folder in ("honest", "misconceptions"):
        for path in sorted((assignment.secret_dir / folder).glob("*.py")):
            notebook = compose_submission(assignment, template, [path, assignment.solution_path])
            cells = [Cell(grade_id(c) or "cell", c.source) for c in notebook.cells if c.cell_type == "code"]
            if told := scrutinise(cells, assignment):
                found[path.name] = told
    assert not found


def test_a_finding_names_cell_line_and_code(assignment: Assignment) -> None:
    """The sentence can be found in the notebook."""
    cells = [Cell("setup", "import torch"), Cell("adam_step", f"{HEAD}    return getattr(torch.optim, 'Ad' + 'am')")]
    [found] = scrutinise(cells, assignment)["adam_step"]
    assert found.sentence == (
        "adam_step, line 2: getattr(torch.optim, 'Ad' + 'am'): this reaches torch.optim.Adam, which the assignment "
        "asks you to write, in a roundabout way. The exercise scores 0."
    )


def test_a_scratch_cell_does_not_spoil_an_exercise(assignment: Assignment) -> None:
    """A student may compare with torch's own optimizer in an extra cell, under any variable's name."""
    scratch = Cell(
        "cell 3", "opt = getattr(torch.optim, 'SGD')\nfor name in ('Adam',):\n    p = vars(torch.optim)[name]"
    )
    assert levels(assignment, "opt = param * 2\np = opt\nreturn p", scratch) == set()
    assert levels(assignment, "return opt", scratch) == {Level.PROVEN}
