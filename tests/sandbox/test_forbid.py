"""What is forbidden is refused in every way to reach it, cannot be had back, and breaks nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from autograder.course.assignment import load_assignment
from autograder.files import PACKAGE_DIR
from autograder.sandbox.channel import Channel
from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(240)]

ROOT = PACKAGE_DIR.parent
LAWS = ("torch.nn.init",)
#: What one exercise forbids for itself.
SMOOTH = ["torch.nn.functional.softplus", "torch.nn.Softplus"]
ORDERS = ["torch.utils.data.RandomSampler"]
REFUSED = "is what this assignment asks you to write; it is not available here"

#: A step of the fused Adam by a callable `kernel`, which each way to reach it has to define.
STEP = """
one = [torch.ones(2)]
kernel([torch.ones(2)], one, [torch.zeros(2)], [torch.zeros(2)], [], [torch.tensor(1.0)], lr=0.1, beta1=0.9, beta2=0.99,
       weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False)
"""
ROADS = {
    "functional": "kernel = torch.ops.aten._fused_adam",
    "overload": "kernel = torch.ops.aten._fused_adam.default",
    "in place": "kernel = torch.ops.aten._fused_adam_",
    "into out": "f = torch.ops.aten._fused_adam.out\nkernel = lambda *a, **k: f(*a, **k, out=[torch.empty(2)])",
    "adamw": "kernel = torch.ops.aten._fused_adamw",
    "VF": "kernel = torch._VF._fused_adam_",
    "variable functions": "kernel = torch._C._VariableFunctions._fused_adam_",
    "class of variable functions": "kernel = torch._C._VariableFunctionsClass._fused_adam_",
    "reduce": "import functools\nkernel = functools.reduce(getattr, ['ops', 'aten', '_fused_' + 'adam'], torch)",
    "locate": "import pydoc\nkernel = pydoc.locate('torch.ops.aten._fused_adam')",
    "import_item": "from IPython.utils.importstring import import_item\n"
    "kernel = import_item('torch.ops').aten._fused_adam",
    "match": "match torch:\n    case object(_VF=found):\n        kernel = found._fused_adam_",
    "dictionary": "kernel = {n: getattr(torch.ops.aten, n) for n in ['_fused_adam']}['_fused_adam']",
    "default argument": "def kernel(*a, f=torch.ops.aten._fused_adam, **k):\n    return f(*a, **k)",
    "builtins": "import builtins\nbuiltins.x = torch.ops.aten._fused_adam\nkernel = x",
    "attribute of torch": "setattr(torch, 'helper', torch._C._VariableFunctions._fused_adam_)\nkernel = torch.helper",
    "operator by the interpreter": "kernel = torch._C._jit_get_operation('aten::_fused_adam')[0]",
    "redispatch": "f = torch.ops.aten._fused_adam_.default\n"
    "kernel = lambda *a, **k: f.redispatch(torch._C.DispatchKeySet(torch._C.DispatchKey.CPU), *a, **k)",
    "graph": "import torch.fx\ng = torch.fx.Graph()\nnames = 'abcdef'\nnodes = [g.placeholder(n) for n in names]\n"
    "def kernel(*a, **k):\n    g.output(g.call_function(torch.ops.aten._fused_adam.default, tuple(nodes), k))\n"
    "    return torch.fx.GraphModule({}, g)(*a)",
    "script": "unit = torch.jit.CompilationUnit('''def f(p: List[Tensor], g: List[Tensor], m: List[Tensor], "
    "v: List[Tensor], w: List[Tensor], s: List[Tensor]):\n"
    "    torch.ops.aten._fused_adam_(p, g, m, v, w, s, lr=0.1, beta1=0.9, beta2=0.99, weight_decay=0.0, eps=1e-8,"
    " amsgrad=False, maximize=False)\n    return p\n''')\nkernel = lambda *a, **k: unit.f(*a)",
    "transform": "kernel = torch.func.functionalize(lambda *a: torch.ops.aten._fused_adam(*a, lr=0.1, beta1=0.9, "
    "beta2=0.99, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False))\nf = kernel\n"
    "kernel = lambda *a, **k: f(*a)",
}
#: Ways to get the kernel back; afterwards the plain way is tried.
RESTORE = {
    "handles in the lists of the collector": "import gc\ngc.unfreeze()\n"
    "kind = type(torch._C._dispatch_library('IMPL', 'aten', '', 'x', 1))\n"
    "for o in gc.get_objects():\n    for p in [o, *gc.get_referents(o)]:\n"
    "        if type(p) is kind:\n            p.reset()",
    "a registration of one's own that ends": "h = torch._C._dispatch_library('IMPL', 'aten', '', 'x', 1)\n"
    "h.impl('_fused_adam', 'CompositeExplicitAutograd', lambda *a, **k: None, False)\nh.reset()\ndel h",
    "what torch.library remembers": "import torch.library\nfor l in list(torch.library._impls):\n    pass\n"
    "lib = torch.library.Library('aten', 'IMPL')\nlib._destroy()",
    "other code in what refuses": "import gc, types\ngc.unfreeze()\nfor o in gc.get_objects():\n"
    "    if type(o) is types.FunctionType and o.__name__ == 'refuse':\n"
    "        o.__closure__[0].cell_contents = 'what refuses was found'",
}
#: What an assignment about optimizers or initialisation leaves as it is; each prints its expected result.
STAYS = {
    "clip_grad_norm_": "m = torch.nn.Linear(3, 2)\nm(torch.ones(3)).sum().backward()\n"
    "assert torch.nn.utils.clip_grad_norm_(m.parameters(), 1.0) > 1",
    "foreach": "assert torch._foreach_norm([torch.ones(4)])[0] == 2\ntorch._foreach_add_([torch.ones(2)], 1)",
    "lerp": "assert torch.lerp(torch.zeros(1), torch.ones(1), 0.5) == 0.5\ntorch.addcdiv(*[torch.ones(1)] * 3)",
    "the base class": "class O(torch.optim.Optimizer):\n    pass\nO([torch.ones(1)], {}).state_dict()",
    "schedulers and averages": "import torch.optim.swa_utils as s\nm = s.AveragedModel(torch.nn.Linear(2, 2))\n"
    "m.update_parameters(torch.nn.Linear(2, 2))",
    "layers": "x = torch.ones(4, 3)\nfor l in (torch.nn.LSTM(3, 2), torch.nn.GRU(3, 2), torch.nn.Linear(3, 2),\n"
    "    torch.nn.RMSNorm(3), torch.nn.LayerNorm(3), torch.nn.BatchNorm1d(3), torch.nn.PReLU(), torch.nn.Softplus(),\n"
    "    torch.nn.Dropout(0.5)):\n"
    "    l(x)\ntorch.nn.Embedding(3, 2)(torch.tensor([1]))\ntorch.nn.Bilinear(3, 3, 2)(x, x)\n"
    "torch.nn.Conv2d(1, 2, 2)(torch.ones(1, 1, 3, 3))\ntorch.nn.ConvTranspose1d(1, 2, 2)(torch.ones(1, 1, 3))\n"
    "torch.nn.LazyLinear(2)(x)\ntorch.nn.TransformerEncoderLayer(4, 2, 8)(torch.ones(2, 1, 4))\n"
    "torch.nn.MultiheadAttention(4, 2, kdim=3, vdim=5, add_bias_kv=True)\ntorch.nn.Transformer(4, 2, 1, 1, 8)",
    "attention": "torch.nn.functional.scaled_dot_product_attention(*[torch.ones(1, 2, 3)] * 3)",
    "losses": "x = torch.rand(4, 3)\nF = torch.nn.functional\nF.mse_loss(x, x)\n"
    "F.cross_entropy(x, torch.tensor([0, 1, 2, 0]))\n"
    "F.binary_cross_entropy(x, x)\nF.binary_cross_entropy_with_logits(x, x)\nF.smooth_l1_loss(x, x)",
    "random numbers": "torch.rand(2)\ntorch.randn(2)\ntorch.empty(2).uniform_()\ntorch.empty(2).normal_()\n"
    "torch.bernoulli(torch.rand(2))\ntorch.randperm(3)\ntorch.nn.init.uniform_(torch.empty(2))\n"
    "torch.nn.init.normal_(torch.empty(2))",
    "a default device": "torch.set_default_device('cpu')\ntorch.nn.Linear(2, 2)\ntorch.nn.Conv2d(1, 1, 1)\n"
    "torch.nn.init.normal_(torch.empty(2))\ntorch.nn.LSTM(2, 2)\ntorch.nn.Transformer(4, 2, 1, 1, 8)\n"
    "torch.set_default_device(None)",
}


@pytest.fixture(scope="module")
def zygote() -> Iterator[ZygoteProcess]:
    """A zygote that forbids what the optimizers' assignment forbids, and the initialisers."""
    forbidden = load_assignment(ROOT, "optimizers").forbidden
    lists = [SMOOTH, ORDERS]
    with ZygoteProcess(choose_tier(Tier.C).tier, forbidden=(*forbidden, *LAWS), forbidden_lists=lists) as made:
        yield made


@pytest.fixture
def worker(zygote: ZygoteProcess) -> Iterator[Worker]:
    """A fresh worker."""
    with zygote.spawn(WorkerLimits()) as made:
        yield made


def error_of(worker: Worker, source: str) -> Any:
    """Run a cell; return the exception that ends it, None for none."""
    return error_in(worker.channel, source)


def error_in(channel: Channel, source: str) -> Any:
    """Run a cell behind this connection; return the exception that ends it, None for none."""
    request = {"source": f"import torch\n{source}", "limit_s": 20.0, "limit_bytes": 100_000, "name": "cell 1"}
    return channel.request("cell", request, 30)["error"]


@pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)
def test_an_operator_is_refused_by_every_road(worker: Worker, road: str) -> None:
    """All ways end in the dispatcher, and say what is forbidden."""
    error = error_of(worker, road + STEP)
    assert error is not None
    assert REFUSED in error["message"], error


@pytest.mark.parametrize("attempt", RESTORE.values(), ids=RESTORE)
def test_a_refused_operator_cannot_be_had_back(worker: Worker, attempt: str) -> None:
    """No object that Python finds ends the refusal; the refusing function can be found, and holds nothing."""
    assert error_of(worker, attempt) is None
    for road in ("functional", "in place"):
        assert error_of(worker, ROADS[road] + STEP)["type"] == "NameError"


@pytest.mark.parametrize("source", STAYS.values(), ids=STAYS)
def test_nothing_else_is_taken_away(worker: Worker, source: str) -> None:
    """Layers, losses, random numbers and functions for lists of tensors work as before."""
    assert error_of(worker, source) is None


def test_layers_draw_the_numbers_that_they_draw_elsewhere(worker: Worker) -> None:
    """A linear layer and a convolution start with the very same numbers although their initialiser is gone."""
    import torch

    torch.manual_seed(3)
    linear, convolution = torch.nn.Linear(5, 3), torch.nn.Conv2d(4, 6, (2, 3), groups=2)
    torch.nn.ConvTranspose1d(4, 2, 3)
    sums = [p.double().sum().item() for p in (*linear.parameters(), *convolution.parameters())] + [torch.rand(1).item()]
    source = (
        "torch.manual_seed(3)\na, b = torch.nn.Linear(5, 3), torch.nn.Conv2d(4, 6, (2, 3), groups=2)\n"
        "torch.nn.ConvTranspose1d(4, 2, 3)\n"
        "found = [p.double().sum().item() for p in (*a.parameters(), *b.parameters())] + [torch.rand(1).item()]\n"
        f"assert found == {sums!r}, found"
    )
    assert error_of(worker, source) is None


INITIALISERS = {
    "the law": "torch.nn.init.xavier_uniform_(torch.empty(2, 3))",
    "the fans": "torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(2, 3))",
    "a layer's own name for it": "torch.nn.modules.transformer.xavier_uniform_(torch.empty(2, 3))",
    "the globals of a layer": "eval('xavier_uniform_(w)', vars(torch.nn.modules.activation), {'w': torch.empty(2, 3)})",
    "a code object in a layer's globals": "import types\ng = lambda w: init.xavier_normal_(w)\n"
    "f = types.FunctionType(g.__code__, vars(torch.nn.modules.linear))\nf(torch.empty(2, 3))",
    "a default device": "with torch.device('cpu'):\n    torch.nn.init.xavier_uniform_(torch.empty(2, 3))",
}


@pytest.mark.parametrize("source", INITIALISERS.values(), ids=INITIALISERS)
def test_an_initialiser_is_refused_whoever_seems_to_call(worker: Worker, source: str) -> None:
    """It is refused for every caller."""
    assert REFUSED in error_of(worker, source)["message"]


def test_no_layer_starts_by_the_forbidden_law(worker: Worker) -> None:
    """nn.Transformer and nn.MultiheadAttention fill an invented self by another law than Xavier's."""
    source = """
import types
w = torch.empty(64, 1024)
torch.nn.Transformer._reset_parameters(types.SimpleNamespace(parameters=lambda: [w]))
assert abs(w.abs().max() / (6 / (64 + 1024)) ** 0.5 - 1) > 0.1
n = torch.empty(64, 1024)
torch.nn.MultiheadAttention._reset_parameters(types.SimpleNamespace(_qkv_same_embed_dim=True,
    in_proj_weight=torch.empty(2, 2), in_proj_bias=None, bias_k=n, bias_v=None))
assert abs(n.std() / (2 / (64 + 1024)) ** 0.5 - 1) > 0.1
"""
    assert error_of(worker, source) is None


SOFTPLUS = {
    "by name": "torch.nn.functional.softplus(torch.ones(2))",
    "as a layer": "torch.nn.Softplus()(torch.ones(2))",
    "as an operator": "torch.ops.aten.softplus(torch.ones(2))",
    "with a graph": "torch.ops.aten.softplus(torch.ones(2, requires_grad=True))",
    "into out": "torch._C._nn.softplus(torch.ones(2), out=torch.empty(2))",
    "mapped": "torch.func.vmap(torch.ops.aten.softplus)(torch.ones(2))",
    "torch's reference": "import torch._refs.nn.functional as r\nr.softplus(torch.ones(2))",
    "torch's decomposition": "import torch._decomp as d\n"
    "d.decomposition_table[torch.ops.aten.softplus.default](torch.ones(2))",
}


@pytest.mark.parametrize("source", SOFTPLUS.values(), ids=SOFTPLUS)
def test_one_exercise_can_forbid_more(worker: Worker, source: str) -> None:
    """The copy for this exercise refuses; the notebook's process does not."""
    copy = worker.copy({"scene": None, "exercise": "", "forbidden": SMOOTH}, 10.0)
    assert REFUSED in error_in(copy, source)["message"]
    assert error_in(copy, STAYS["losses"]) is None
    copy.close()
    worker.channel.request("end", False, 10.0)
    assert error_of(worker, source) is None


#: What computes past the dispatcher, or is the same layer for compiled and quantised models.
PREPARED = {
    "a kernel that is held": "torch.library.get_kernel('aten::softplus', 'CPU')",
    "a kernel, by the function beneath": "torch._C._dispatch_get_computed_kernel_for_dispatch_key('aten::softplus', "
    "torch._C.DispatchKey.CPU)",
    "a product of a compiled model": "torch.ops.mkldnn._linear_pointwise(torch.ones(1, 2), torch.ones(3, 2), None, "
    "'none', [], '')",
    "another library's product": "w = torch.ones(3, 2)\ntorch.ops.mkl._mkl_linear(torch.ones(1, 2), w, w, None, 1)",
    "an operator of quantised models": "torch.ops.quantized.linear_unpack(torch.ones(2))",
}


@pytest.mark.parametrize("source", PREPARED.values(), ids=PREPARED)
def test_kernels_of_prepared_models_are_closed(worker: Worker, source: str) -> None:
    """A kernel that was got in the notebook would compute on after its operator is refused for an exercise."""
    assert error_of(worker, source)["type"] == "NameError"


def test_a_graph_that_is_prepared_for_inference_asks_the_dispatcher(worker: Worker) -> None:
    """Freezing works, and puts no kernel of another library into the graph."""
    source = """
m = torch.jit.script(torch.nn.Sequential(torch.nn.Conv2d(1, 2, 2), torch.nn.BatchNorm2d(2)).eval())
f = torch.jit.optimize_for_inference(torch.jit.freeze(m))
assert "mkldnn" not in str(f.graph).lower() and "batch_norm" in str(f.graph), str(f.graph)
assert torch.equal(f(torch.ones(1, 1, 3, 3)), m(torch.ones(1, 1, 3, 3)))
"""
    assert error_of(worker, source) is None


def test_a_generator_that_was_made_before_ends(worker: Worker) -> None:
    """It has the code of the function from before that was taken away; others go on."""
    source = """
kept = [iter(torch.utils.data.RandomSampler([0, 0])) for _ in range(3)]
started = iter(torch.utils.data.RandomSampler([0, 0]))
next(started)
mine = (n for n in range(3))
"""
    assert error_of(worker, source) is None
    copy = worker.copy({"scene": None, "exercise": "", "forbidden": ORDERS}, 10.0)
    assert error_in(copy, "assert [*kept[0], *kept[1], *started] == [] and list(mine) == [0, 1, 2]") is None
    copy.close()
    worker.channel.request("end", False, 10.0)
    assert error_of(worker, "assert sorted(kept[2]) == [0, 1]") is None


def test_a_library_that_a_notebook_brings_is_not_loaded(worker: Worker, zygote: ZygoteProcess) -> None:
    """Its code could call kernels past all that is refused. Only tier A can say no to the files of a directory."""
    if zygote.tier is not Tier.A:
        pytest.skip("tier A is not available here")
    source = """
import _ctypes, ctypes, shutil
shutil.copy(_ctypes.__file__, "mine.so")
try:
    ctypes.CDLL("./mine.so")
except OSError as error:
    assert "failed to map" in str(error) or "not permitted" in str(error), error
else:
    raise AssertionError("it was loaded")
"""
    assert error_of(worker, source) is None


def test_our_own_layers_are_in_no_worker_that_builds_none(worker: Worker, zygote: ZygoteProcess) -> None:
    """They compute what is forbidden; the judge sends them with a model that needs them."""
    source = """
import importlib, sys
assert not [name for name in sys.modules if "own_layers" in name]
try:
    importlib.import_module("autograder.sandbox.worker.own_layers")
except ImportError:
    pass
else:
    raise AssertionError("it was imported")
"""
    if zygote.tier is Tier.C:
        pytest.skip("in tier C every file can be read")
    assert error_of(worker, source) is None


def test_what_stands_in_for_a_function_names_the_functions_module(worker: Worker) -> None:
    """Its own module would lead to ours."""
    source = "import inspect\nassert inspect.getmodule(torch.nn.init.xavier_uniform_) is torch.nn.init"
    assert error_of(worker, source) is None
