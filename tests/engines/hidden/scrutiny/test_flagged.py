"""What an exercise flags: ways to a derivative that cannot be taken away are shown to a person, honest code is not."""

from __future__ import annotations

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
    "a text that is run": "return eval('torch.func.grad(torch.sigmoid)')(x)",
    "a computed text": "return eval(str(x))",
}
#: What cells before an exercise prepared while autograd was on.
PREPARED = {
    "function": ("d = torch.func.grad(torch.sigmoid)", "return d(x)"),
    "entry": ("t = {}\nt['d'] = torch.func.vmap(torch.func.grad(torch.sigmoid))", "return t['d'](x)"),
    "onto torch": ("torch.d = torch.func.grad(torch.sigmoid)", "return torch.d(x)"),
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


@pytest.mark.parametrize("body", HONEST.values(), ids=HONEST)
def test_a_derivative_by_hand_is_left_alone(assignment: Assignment, body: str) -> None:
    """Formulas, and names and contexts that only look similar."""
    assert levels(assignment, body) == set()


def test_autograd_elsewhere_is_nobodys_concern(assignment: Assignment) -> None:
    """Other exercises use it, and a cell may compare its result with it, also the exercise's own cell."""
    check = (
        "y = torch.ones(2, requires_grad=True)\ntorch.sigmoid(y).sum().backward()\nassert sigmoid_grad(y) is not None"
    )
    cells = [Cell("setup", "import torch"), Cell("sigmoid_grad", f"{HEAD}    return x\n\n{check}")]
    cells.append(Cell("gradient_profile", "def gradient_profile(m, x, y, f):\n    f(m(x), y).backward()"))
    assert scrutinise(cells, assignment) == {}
