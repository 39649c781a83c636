"""A forbidden function is refused by name and as a method; torch's layers and a check's layers still work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import nn

from autograder.checks import plans
from autograder.checks.assertions import close, formula
from autograder.checks.student import RemoteTransport, Student, StudentError
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.timeout(240)

REFUSED = "is what this assignment asks you to write"
SETUP = """
import torch
from torch import nn
from torch.nn import functional as F
x = torch.linspace(-2, 2, 12, dtype=torch.float64).reshape(4, 3)
picture = torch.linspace(-1, 1, 32, dtype=torch.float64).reshape(2, 1, 4, 4)
"""


def layer(text: str, given: str = "x") -> str:
    """Return code that runs a layer forward and backward, also in evaluation mode."""
    return (
        f"layer = {text}.double()\nleaf = {given}.clone().requires_grad_()\nout = layer(leaf)\nout.sum().backward()\n"
        f"assert leaf.grad is not None\nlayer.eval()\nwith torch.no_grad():\n    layer({given})\n"
    )


#: For each forbidden name: ways to call it, and torch's layers that use it.
FUNCTIONS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "torch.nn.functional.linear": (
        ["F.linear(x, x)", "torch._C._nn.linear(x, x)", "torch.ops.aten.linear(x, x)"],
        [
            layer("nn.Linear(3, 2)"),
            "nn.LSTM(3, 2)(x.float())",
            "nn.GRU(3, 2).eval()(x.float())",
            "nn.LazyLinear(2)(x.float())",
            "nn.MultiheadAttention(4, 2)(*[torch.ones(2, 1, 4)] * 3)",
            "nn.TransformerEncoderLayer(4, 2, 8)(torch.ones(2, 1, 4))",
            "m = nn.TransformerEncoderLayer(4, 2, 8).eval()\nwith torch.no_grad(): m(torch.ones(2, 1, 4))",
        ],
    ),
    "torch.nn.functional.conv2d": (
        ["F.conv2d(picture, picture)", "torch.conv2d(picture, picture)"],
        [
            layer("nn.Conv2d(1, 2, 2)", "picture"),
            "nn.Conv1d(3, 1, 1)(torch.ones(1, 3, 4))",
            "nn.Conv2d(1, 2, 3, padding='same')(picture.float())",
        ],
    ),
    "torch.nn.functional.batch_norm": (
        [
            "F.batch_norm(x, None, None, training=True)",
            "torch.batch_norm(x, *[None] * 4, True, 0.1, 1e-5, False)",
        ],
        [layer("nn.BatchNorm1d(3)"), layer("nn.BatchNorm2d(1)", "picture")],
    ),
    "torch.nn.functional.dropout": (
        ["F.dropout(x)", "import torch.nn.functional as f; f.dropout(x, 0.1)", "nn.modules.dropout.F.dropout(x)"],
        [layer("nn.Dropout(0.5)"), "nn.LSTM(3, 2, 2, dropout=0.5)(x.float())"],
    ),
    "torch.nn.functional.softplus": (["F.softplus(x)", "torch._C._nn.softplus(x)"], [layer("nn.Softplus()")]),
    "torch.nn.functional.cross_entropy": (
        ["F.cross_entropy(x, x)"],
        ["nn.CrossEntropyLoss()(x, torch.tensor([0, 1, 2, 0]))"],
    ),
    "torch.nn.functional.log_softmax": (
        ["F.log_softmax(x, 1)", "x.log_softmax(1)", "torch.log_softmax(x, 1)"],
        [layer("nn.LogSoftmax(1)"), "nn.CrossEntropyLoss()(x, torch.tensor([0, 1, 2, 0]))"],
    ),
    "torch.sigmoid": (
        ["torch.sigmoid(x)", "x.sigmoid()", "x.clone().sigmoid_()", "torch.Tensor.sigmoid(x)", "F.sigmoid(x)"],
        [layer("nn.Sigmoid()"), "nn.LSTM(3, 2)(x.float())", "nn.GRUCell(3, 2)(x.float())"],
    ),
    "torch.Tensor.tanh": (["x.tanh()", "torch.tanh(x)"], [layer("nn.Tanh()"), "nn.RNN(3, 2)(x.float())"]),
    "torch.nn.functional.relu": (["F.relu(x)", "nn.functional.relu(x)"], [layer("nn.ReLU()")]),
    "torch.nn.functional.max_pool2d": (["F.max_pool2d(picture, 2)"], [layer("nn.MaxPool2d(2)", "picture")]),
    "torch.nn.functional.layer_norm": (["F.layer_norm(x, [3])"], [layer("nn.LayerNorm(3)")]),
}
#: Whole modules: everything in them is refused, and layers work.
MODULES: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "torch.nn.functional": (
        ["F.linear(x, x)", "F.conv2d(picture, picture)", "F.dropout(x)", "F.softplus(x)", "F.gelu(x)",
         "F.mse_loss(x, x)", "F.max_pool2d(picture, 2)", "F.one_hot(torch.tensor([1]))", "F.pad(x, (1, 1))"],
        [layer("nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.GELU(), nn.Dropout(0.1), nn.Softplus())"),
         "nn.MSELoss()(x, x)", "nn.MaxPool2d(2)(picture)", "nn.Embedding(3, 2)(torch.tensor([1]))",
         "nn.MultiheadAttention(4, 2)(*[torch.ones(2, 1, 4)] * 3)"],
    ),
    "torch.optim": (
        ["torch.optim.SGD([x], 0.1)", "import torch.optim.adam as a; a.Adam([x])",
         "torch.optim.lr_scheduler.StepLR(None, 1)"],
        [layer("nn.Linear(3, 2)")],
    ),
    "torch.special": (["torch.special.expit(x)", "torch.special.logsumexp(x, 1)"], [layer("nn.Sigmoid()")]),
}  # fmt: skip
CASES = {**FUNCTIONS, **MODULES}


#: What notebooks keep before it is taken away: one of each kind, by the name that a function below gives it.
HELD: dict[str, list[str]] = {
    "np.linspace": ["numpy.linspace"], "np.logaddexp": ["numpy.logaddexp"], "np.linalg.norm": ["numpy.linalg"],
    "F.one_hot": ["torch.nn.functional.one_hot"], "F.cross_entropy": ["torch.nn.functional.cross_entropy"],
    "torch.optim.lr_scheduler.StepLR": ["torch.optim.lr_scheduler"], "nn.Linear": ["torch.nn.Linear"],
    "torch.utils.data.random_split": ["torch.utils.data.random_split"], "nn.init.ones_": ["torch.nn.init"],
    "torch.Tensor.sigmoid": ["torch.sigmoid"],
}  # fmt: skip
#: Arguments for each of them.
ARGUMENTS = {
    "np.linspace": "0, 1, 5", "np.logaddexp": "0.0, 1.0", "np.linalg.norm": "[3.0, 4.0]",
    "F.one_hot": "torch.tensor([1])", "F.cross_entropy": "x, torch.tensor([0, 1, 2, 0])",
    "torch.optim.lr_scheduler.StepLR": "torch.optim.SGD([x], 0.1), 2", "nn.Linear": "2, 3",
    "torch.utils.data.random_split": "[1, 2], [1, 1]", "nn.init.ones_": "x.clone()", "torch.Tensor.sigmoid": "x",
}  # fmt: skip
#: A notebook that keeps `NAME` in many places; each entry of `places` returns it.
HOLDING = (
    SETUP
    + """
import functools, numpy as np
places = {}
held = NAME
places["a variable"] = lambda: held
as_value = {"f": NAME}
places["a dict"] = lambda: as_value["f"]
in_list = [NAME]
places["a list"] = lambda: in_list[0]
in_tuple = (1, NAME)
places["a tuple"] = lambda: in_tuple[1]
class Holder:
    inside = staticmethod(NAME)
    def __init__(self):
        self.f = NAME
holder = Holder()
places["an attribute"] = lambda: holder.f
Holder.plain = Holder.__dict__["inside"]
places["a static method"] = lambda: Holder.inside
def outer():
    f = NAME
    return lambda: f
places["a closure"] = outer()
def with_default(f=NAME):
    return f
places["a default argument"] = with_default
def with_keyword(*, f=NAME):
    return f
places["a keyword's default"] = with_keyword
part = functools.partial(NAME)
places["a partial"] = lambda: part
def get(place): return places[place]()(ARGUMENTS)
def names(): return list(places)
"""
)


@pytest.fixture(scope="module")
def zygote() -> Iterator[ZygoteProcess]:
    """A zygote that forbids nothing; each worker's copy has its own list."""
    lists = [*HELD.values(), *([name] for name in CASES), *(inner[0] for inner in INNER.values()), EVERYTHING]
    softplus, linear = "torch.nn.functional.softplus", "torch.nn.functional.linear"
    lists += [["torch.sigmoid"], [softplus], [softplus, "torch.nn.Softplus"], [linear, "torch.nn.Linear"]]
    with ZygoteProcess(Tier.B, hidden=[], forbidden=(), forbidden_lists=lists) as made:
        yield made


@dataclass(frozen=True)
class Started:
    """A notebook in a worker: a stand-in, and the exception that ended a further cell, None for none."""

    student: Student
    error_of: Callable[[str], Any]


Start = Callable[..., Started]


@pytest.fixture
def start(zygote: ZygoteProcess) -> Iterator[Start]:
    """Run a notebook; take the list away in a copy of its process, and return a stand-in for that copy."""
    with ExitStack() as stack:

        def started(forbidden: Sequence[str], source: str = SETUP) -> Started:
            worker = stack.enter_context(zygote.spawn(WorkerLimits()))
            cell = {"source": source, "limit_s": 30.0, "limit_bytes": 100_000, "name": "cell 1"}
            assert worker.channel.request("cell", cell, 60)["error"] is None
            copy = worker.copy({"scene": None, "exercise": "", "forbidden": list(forbidden)}, 10.0)
            transport = RemoteTransport(copy, 60.0, listed=True)
            transport.restart_clock(60.0)
            return Started(Student(transport), lambda t: copy.request("cell", {**cell, "source": t}, 60)["error"])

        yield started


@pytest.mark.parametrize("name", CASES)
def test_a_function_is_refused_and_layers_work(start: Start, name: str) -> None:
    """Every name and the method raise the sentence; functions that are not listed work as before."""
    error_of = start([name]).error_of
    calls, layers = CASES[name]
    for text in layers:
        assert error_of(text) is None, text
    for text in calls:
        error = error_of(text)
        assert error is not None, text
        assert REFUSED in error["message"], (text, error)


@pytest.mark.parametrize("name", HELD)
def test_what_a_notebook_holds_is_taken_from_it(start: Start, name: str) -> None:
    """In every place of a notebook, the kept function raises the sentence in the copy; without a list it works."""
    source = HOLDING.replace("NAME", name).replace("ARGUMENTS", ARGUMENTS[name])
    student, free = start(HELD[name], source).student, start([], source).student
    places = student.names()
    assert {answer_of(student, place) for place in places} == {"refused"}
    assert "refused" not in {answer_of(free, place) for place in places}


def answer_of(student: Student, place: str) -> str:
    """Call what a notebook keeps in a place; return whether it was refused."""
    try:
        student.get(place)
    except StudentError as error:
        return "refused" if REFUSED in str(error) else "not usable as an answer"
    return "answered"


def test_other_copies_keep_what_one_forbids(zygote: ZygoteProcess) -> None:
    """The notebook runs once; what one exercise forbids works for all others, before and after."""
    with zygote.spawn(WorkerLimits()) as worker:
        cell = {"source": SETUP, "limit_s": 30.0, "limit_bytes": 100_000, "name": "cell 1"}
        assert worker.channel.request("cell", cell, 60)["error"] is None
        for forbidden, works in (([], True), (["torch.nn.functional.softplus"], False), ([], True)):
            copy = worker.copy({"scene": None, "exercise": "", "forbidden": forbidden}, 10.0)
            error = copy.request("cell", {**cell, "source": "F.softplus(x)"}, 60)["error"]
            assert (error is None) is works
            copy.close()
            worker.channel.request("end", False, 10.0)


def test_a_listed_layer_is_refused_with_its_function(start: Start) -> None:
    """If both are listed there is no way left, and another layer does not keep the function."""
    error_of = start(["torch.nn.functional.softplus", "torch.nn.Softplus"]).error_of
    for text in ("nn.Softplus()(x)", "F.softplus(x)", "torch.nn.modules.activation.Softplus(1, 2)(x)"):
        assert REFUSED in error_of(text)["message"]
    opening = "from autograder.sandbox.worker import permits\nwith permits.opened(['softplus']):\n    F.softplus(x)"
    assert REFUSED in error_of(opening)["message"]


#: Runs a text where a layer is at work: by an object that looks like its input, and by a subclass of Tensor.
INSIDE = """
class Ask:
    def dim(self):
        self.found = call()
        return 7
class T(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        ask.found = call()
        raise ValueError
class Inner(nn.Module):
    def forward(self, x):
        ask.found = call()
ask = Ask()
call = lambda: TEXT
for layer, given in LAYERS:
    try:
        if given is None:
            layer.forward(None, ask)
        else:
            layer(given.as_subclass(T))
    except (ValueError, AttributeError):
        pass
print(ask.found)
"""
#: By a name: what is listed, a text that is refused, and layers that have it inside and are not listed.
INNER = {
    "linear": (["torch.nn.functional.linear", "torch.nn.Linear"], "F.linear(x, x)", "[(nn.RNNCell, None)]"),
    "dropout": (
        ["torch.nn.functional.dropout", "torch.nn.Dropout", "aten::native_dropout"],
        "F.dropout(x)",
        "[(nn.GRUCell, None), (nn.LSTM(3, 2), torch.ones(1, 3))]",
    ),
    "pooling": (
        ["torch.nn.functional.avg_pool2d", "torch.nn.AvgPool2d"],
        "F.avg_pool2d(picture, 2)",
        "[(nn.LocalResponseNorm(2), picture)]",
    ),
    "sigmoid": (["torch.sigmoid", "torch.nn.Sigmoid"], "torch.sigmoid(x)", "[(nn.GRUCell, None), (nn.LSTMCell, None)]"),
    "sigmoid where it is not used": (["torch.sigmoid"], "torch.sigmoid(x)", "[(nn.RNNCell, None)]"),
    "a name of Python's": (["torch.range"], "torch.range(0, 3)", "[(nn.Sequential(Inner()), torch.ones(1))]"),
}


@pytest.mark.parametrize("name", INNER)
def test_a_larger_layer_does_not_give_back_what_is_listed_with_its_layer(start: Start, name: str) -> None:
    """A student's code can run while a layer is at work; it finds nothing there that the list closes."""
    forbidden, text, layers = INNER[name]
    error = start(forbidden).error_of(INSIDE.replace("TEXT", text).replace("LAYERS", layers))
    assert error is not None
    assert REFUSED in error["message"]


BASES = {
    "the base class": "nn.modules.batchnorm._BatchNorm(3)(x.float())",
    "the lazy form": "nn.LazyBatchNorm1d()(x.float())",
    "what its decomposition calls": "from torch._decomp import decompositions as d\n"
    "d.native_batch_norm_helper(x, None, None, None, None, True, 0.1, 1e-5, True)",
}


@pytest.mark.parametrize("way", BASES)
def test_what_is_behind_a_listed_layer_is_closed_too(start: Start, way: str) -> None:
    """Its base class is no layer of its own, and neither is its lazy form."""
    listed = ["torch.nn.functional.batch_norm", "torch.nn.BatchNorm1d", "torch.nn.BatchNorm2d", "torch.nn.BatchNorm3d",
              "torch.nn.SyncBatchNorm", "aten::native_batch_norm"]  # fmt: skip
    by_base = "nn.modules.batchnorm._BatchNorm._check_input_dim = lambda self, x: None\n"
    error = start(listed).error_of(by_base + BASES[way])
    assert error is not None
    assert REFUSED in error["message"], error


#: What computes graphs without the dispatcher.
EXECUTORS = {
    "the static runtime": "torch._C._jit_to_static_module(graph)(x)",
    "a node of the static runtime": "torch._C._fuse_to_static_module(graph, 1)",
    "the compiler of expressions": "torch._C._te.TensorExprKernel(graph).run((x,))",
    "the fuser of scripts": "f = torch._C._create_function_from_graph('f', graph)\n"
    "torch._C._jit_override_can_fuse_on_cpu(True)\ntorch._C._jit_set_texpr_fuser_enabled(True)\n"
    "torch._C._jit_set_te_must_use_llvm_cpu(False)\nfor _ in range(4):\n    f(x)",
}
GRAPH = """
text = '''graph(%x : Double(4, 3, strides=[3, 1], requires_grad=0, device=cpu)):
  %one : int = prim::Constant[value=1]()
  %y : Double(4, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::sigmoid(%x)
  %z : Double(4, 3, strides=[3, 1], requires_grad=0, device=cpu) = aten::add(%y, %y, %one)
  return (%z)
'''
graph = torch._C.parse_ir(text)
"""


@pytest.mark.parametrize("way", EXECUTORS)
def test_no_other_executor_computes_what_is_refused(start: Start, way: str) -> None:
    """torch's static runtime and its fusers have kernels of their own; they are taken away, or never begin."""
    error = start(["torch.sigmoid"]).error_of(GRAPH + EXECUTORS[way])
    assert error is not None
    assert any(words in error["message"] for words in (REFUSED, "not available here", "has no attribute '_te'")), error


def test_scripts_and_their_settings_work_as_before(start: Start) -> None:
    """TorchScript runs with and without a fuser; the fuser changes nothing."""
    text = "def f(x: Tensor):\n    return torch.tanh(x) * 2 + torch.exp(x)\n"
    script = f"u = torch.jit.CompilationUnit({text!r})\ndue = torch.tanh(x) * 2 + torch.exp(x)\n"
    script += "with torch.jit.fuser('fuser1'):\n    for _ in range(4):\n        assert torch.allclose(u.f(x), due)\n"
    assert start(["torch.sigmoid"]).error_of(script) is None


def test_what_a_listed_module_imports_from_numpy_stays(start: Start) -> None:
    """Many modules have numpy's ufuncs among their names, as scipy.special has `floor`; pictures need them, too."""
    error_of = start(
        ["seaborn.external", "numpy.logaddexp"], SETUP + "import numpy as np\nfrom matplotlib import pyplot as plt"
    ).error_of
    assert error_of("np.exp(1.0), np.sqrt(2.0), np.power(2, 3)\nplt.plot([1, 2], label='a')\nplt.legend()") is None
    own = "from seaborn.external.kde import gaussian_kde\ngaussian_kde([1.0, 2.0, 4.0]).evaluate([1.0])"
    assert REFUSED in error_of(own)["message"]


def test_what_a_layer_opens_is_closed_behind_it(start: Start) -> None:
    """Hooks run outside a layer's forward pass, and an exception in it leaves no function allowed."""
    error_of = start(["torch.nn.functional.linear"]).error_of
    hooked = "m = nn.Linear(3, 2).double()\nm.register_forward_hook(lambda *a: F.linear(x, x))\nm(x)"
    assert REFUSED in error_of(hooked)["message"]
    error_of("nn.Linear(3, 2)(torch.ones(7))")
    assert REFUSED in error_of("F.linear(x, x)")["message"]


ALL_LAYERS = ("Linear", "Conv2d", "BatchNorm1d", "BatchNorm2d", "LayerNorm", "MaxPool2d", "AvgPool2d", "Dropout",
              "Flatten", "Softmax", "LogSoftmax", "LeakyReLU", "ELU", "GELU", "SiLU", "ReLU", "Tanh", "Sigmoid",
              "Identity")  # fmt: skip
EVERYTHING = ["torch.nn.functional", *(f"torch.nn.{name}" for name in ALL_LAYERS), "torch.sigmoid", "torch.tanh",
              "torch.softmax", "torch.log_softmax", "torch.conv2d", "torch.relu", "aten::convolution",
              "torch.nn.MSELoss", "torch.nn.CrossEntropyLoss", "torch.nn.L1Loss", "torch.nn.NLLLoss"]  # fmt: skip
PLANS = {
    "images": (
        plans.sequential(
            plans.conv2d(1, 2, 2, stride=2, padding=1), plans.batchnorm2d(2), plans.leakyrelu(0.1), plans.maxpool2d(2),
            plans.elu(1.5), plans.flatten(), plans.linear(2, 3), plans.gelu(), plans.identity(), plans.softmax(1),
        ),
        torch.linspace(-1, 1, 48, dtype=torch.float64).reshape(3, 1, 4, 4),
    ),
    "rows": (
        plans.sequential(
            plans.linear(3, 4, bias=False), plans.batchnorm1d(4), plans.relu(), plans.linear(4, 4), plans.tanh(),
            plans.layernorm(4), plans.sigmoid(), plans.silu(), plans.dropout(0.0), plans.logsoftmax(1),
        ),
        torch.linspace(-2, 2, 12, dtype=torch.float64).reshape(4, 3),
    ),
    "means": (plans.sequential(plans.avgpool2d(2), plans.flatten()), torch.arange(16.0).double().reshape(1, 1, 4, 4)),
}  # fmt: skip


def flat(gradients: Sequence[torch.Tensor | None]) -> torch.Tensor:
    """Join gradients end to end."""
    return torch.cat([g.flatten() for g in gradients if g is not None])


@pytest.mark.parametrize(
    "forbidden", [EVERYTHING, ["torch.nn.functional"], ["torch.nn.functional.linear", "torch.nn.Linear"]]
)
def test_the_models_of_a_check_work_whatever_is_forbidden(start: Start, forbidden: list[str]) -> None:
    """They compute what torch's own layers do here: outputs, gradients, buffers; and their claims are true."""
    source = SETUP + "def run(model, x): return model(x)\n"
    student = start(forbidden, source).student
    for plan, x in PLANS.values():
        state = plans.initial_state(plan)
        model = student.tools.model(plan, state)
        trusted = plans.build_plan(plan).double()
        trusted.load_state_dict(state)
        assert model.claim.kinds() == [child["kind"] for _, child in plan["children"]]
        for training in (True, False):
            model.train(training)
            trusted.train(training)
            leaf = x.clone().requires_grad_()
            due = trusted(leaf)
            due.square().sum().backward()
            output, grads, of_x = model.backward(x, 2 * due.detach())
            close(output, due.detach())
            # Together: a bias before a normalisation has a gradient of rounding errors only.
            mine, theirs = [*grads.values(), of_x], [*(p.grad for p in trusted.parameters()), leaf.grad]
            close(flat(mine), flat(theirs))
            trusted.zero_grad()
        close(student.run(model, x), due.detach())
        close(model.state(), dict(trusted.state_dict()))


@pytest.mark.parametrize("forbidden", [EVERYTHING, ["torch.nn.functional"]])
def test_losses_of_a_check_work_whatever_is_forbidden(start: Start, forbidden: list[str]) -> None:
    """Modules in every case; formulas if the layer that is made of the function is not listed too."""
    scores = torch.linspace(-1, 1, 6, dtype=torch.float64).reshape(2, 3)
    labels = torch.tensor([2, 0])
    student = start(forbidden, "def measure(loss, a, b): return loss(a, b)").student
    cases: list[tuple[nn.Module, torch.Tensor]] = [
        (nn.MSELoss(), scores / 2), (nn.L1Loss(reduction="sum"), scores / 2), (nn.CrossEntropyLoss(), labels),
        (nn.NLLLoss(reduction="none"), labels),
    ]  # fmt: skip
    for loss, due in cases:
        close(student.measure(loss, scores, due), loss(scores, due))
    if forbidden is not EVERYTHING:
        mean = nn.functional.cross_entropy
        close(student.measure(formula(mean), scores, labels), mean(scores, labels))
