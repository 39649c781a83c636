"""Modules across the boundary: both sides agree, and no claim of a worker is believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from autograder.checks import plans
from autograder.checks.assertions import (
    CheckFailure,
    confirmed,
    has_graph,
    inputs_unchanged,
    raises,
    repeatable,
    same_numbers,
)
from autograder.checks.claims import Claim, ClaimError, read_claim, rebuild
from autograder.checks.models import Model
from autograder.checks.student import LocalTransport, Student
from autograder.sandbox.faults import StudentCrashed, StudentError

NOTEBOOK = """
from collections import OrderedDict
import torch
from torch import nn

def same(model): return model
def run(model, x): return model(x)
def build(sizes):
    layers = []
    for i, o in zip(sizes, sizes[1:]):
        layers += [nn.Linear(i, o), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
def regular(i, o, p, momentum=0.1):
    return nn.Sequential(nn.Linear(i, o), nn.ReLU(), nn.BatchNorm1d(o, momentum=momentum), nn.Dropout(p))
def named(i, o, tanh=False):
    act = nn.Tanh() if tanh else nn.ReLU()
    return nn.Sequential(OrderedDict(one=nn.Linear(i, o), mid=act, two=nn.Linear(o, 2)))
kept = []
def growing(x):
    kept.append(x)
    for t in kept: t.add_(len(kept) - 1)
    return kept
def forms(): return torch.zeros(2, 3).shape, OrderedDict(a=1), object()
def shorten(a, b): b["a"].pop()
def spoil(model):
    with torch.no_grad():
        model[0].weight.add_(1.0)
def rebind(model):
    model[0].weight = nn.Parameter(torch.zeros_like(model[0].weight))
def leave_hook(model): model[0].register_forward_hook(lambda *a: None)
def pair(): return [nn.Linear(1, 2), {"b": (nn.ReLU(), 3)}]
def total(many, x): return sum(m(x).sum() for m in many)
def draw(n, generator=None): return torch.rand(n, generator=generator, dtype=torch.float64)
def reseed(): torch.manual_seed(5)
def fill(first, weight): return weight.zero_()
def keep(first, weight): return weight.clone()
def drop(first, weight): weight.add_(1)
def view(first, weight): return weight.zero_()[:]
def rand(): return torch.rand(3, dtype=torch.float64)
class Chain(nn.Module):
    def __init__(self, *modules):
        super().__init__()
        for i, m in enumerate(modules):
            self.add_module(str(i), m)
    def forward(self, x):
        for m in self._modules.values():
            x = m(x)
        return x
    def __len__(self): return len(self._modules)
    def __getitem__(self, index):
        children = list(self._modules.values())
        return Chain(*children[index]) if isinstance(index, slice) else children[index]
    def append(self, m): self.add_module(str(len(self)), m)
"""

HOSTILE = '''
import torch
from torch import nn
x = torch.zeros(1)

class Liar(nn.Linear):
    """Claims that it maps 3 to 1, and doubles the output."""
    def forward(self, x): return super().forward(x) * 2
def subclass(): return nn.Sequential(Liar(3, 1))

class Shadow(nn.Module):
    @property
    def __class__(self): return nn.Linear
    def forward(self, x): return x.sum(1, keepdim=True)
def liar_class(): return nn.Sequential(Shadow())

class Trap(nn.Module):
    def __getattr__(self, name): raise SystemExit("trapped")
def trap():
    t = nn.Module.__new__(Trap)
    return t

def many():
    m = nn.ReLU()
    parent = nn.Module()
    parent._modules.update((str(i), m) for i in range(10**6))
    return parent

def deep():
    inner = nn.ReLU()
    for _ in range(5000):
        outer = nn.Module(); outer._modules["0"] = inner; inner = outer
    return inner

def lying_attribute():
    m = nn.Linear(3, 1)
    m.in_features, m.out_features = 10**9, 10**9
    return m

def patched():
    m = nn.Sequential(nn.Linear(3, 1))
    m[0].forward = lambda x: x.sum(1, keepdim=True)
    return m

def other_things():
    m = nn.Sequential(nn.Linear(3, 1))
    m[0].forward = lambda x: "a string"
    return m

def strange_state():
    m = nn.Sequential(nn.Linear(3, 1))
    m.state_dict = lambda *a, **k: {1: torch.zeros(1)}
    return m

def loop():
    m = nn.Module(); m._modules["0"] = m
    return m
'''


def local(source: str = NOTEBOOK, *, promote: bool = False) -> Student:
    """Return a stand-in for that code, run in this process."""
    namespace: dict[str, Any] = {"__name__": "notebook"}
    exec(source, namespace)
    return Student(LocalTransport(namespace, promote=promote), {"spoil": ("model",), "same": ("model",)})


@pytest.fixture
def remote(in_worker: Callable[..., Student]) -> Callable[[str], Student]:
    """Run cells in real workers, and return stand-ins for what they defined."""

    def start(source: str = NOTEBOOK) -> Student:
        return in_worker(source, {"spoil": ("model",), "same": ("model",)})

    return start


@pytest.fixture(params=["local", "remote"])
def student(request: pytest.FixtureRequest) -> Student:
    """The same notebook on both transports."""
    if request.param == "local":
        return local()
    start: Callable[[], Student] = request.getfixturevalue("remote")
    return start()


MLP = plans.sequential(plans.linear(3, 4), plans.batchnorm1d(4), plans.relu(), plans.linear(4, 2))


# -- plans -------------------------------------------------------------------------------------------------


def test_a_plan_becomes_the_same_model_on_both_sides(student: Student) -> None:
    """With the judge's values, the module in the worker computes the same as the judge's own."""
    state = plans.initial_state(MLP, 3)
    trusted = plans.build_plan(MLP).double()
    trusted.load_state_dict(state)
    x = torch.randn(5, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    model = student.tools.model(MLP, state)
    for training in (True, False):
        trusted.train(training)
        model.train(training)
        torch.testing.assert_close(model.forward(x), trusted(x).detach())
        torch.testing.assert_close(student.run(model, x), trusted(x).detach())
    torch.testing.assert_close(model.state(), dict(trusted.state_dict()))


@pytest.mark.parametrize(
    "plan",
    [
        plans.linear(3, 3, bias=False),
        plans.sequential(first=plans.linear(3, 3), second=plans.tanh()),
        plans.sequential(plans.linear(3, 3), plans.sequential(plans.sigmoid(), plans.again("0"))),
        plans.sequential(plans.linear(3, 3), plans.tied(3, 3, "0")),
        plans.routed(("b", "a", "b"), a=plans.linear(3, 3), b=plans.relu(), unused=plans.linear(3, 1)),
        plans.sequential(plans.dropout(0.0), plans.softmax(1), plans.batchnorm1d(3)),
    ],
)
def test_every_form_of_plan_runs(student: Student, plan: plans.Plan) -> None:
    """Names, nesting, sharing and routes survive the trip."""
    state = plans.initial_state(plan)
    trusted = plans.build_plan(plan).double()
    trusted.load_state_dict(state)
    x = torch.arange(12, dtype=torch.float64).reshape(4, 3) / 10
    model = student.tools.model(plan, state)
    torch.testing.assert_close(model.forward(x), trusted(x).detach())
    assert list(model.state()) == list(state)


def test_images_run_too(student: Student) -> None:
    """Convolution, pooling and flattening are among the kinds."""
    plan = plans.sequential(plans.conv2d(1, 2, 3, padding=1), plans.maxpool2d(2), plans.flatten())
    assert student.tools.model(plan).forward(torch.ones(2, 1, 4, 4, dtype=torch.float64)).shape == (2, 8)


def test_initial_values_are_always_the_same_and_stirred() -> None:
    """Values depend only on plan and seed, and running statistics are not those of a new layer."""
    first, second = plans.initial_state(MLP), plans.initial_state(MLP)
    torch.testing.assert_close(first, second, rtol=0, atol=0)
    assert not torch.equal(first["0.weight"], plans.initial_state(MLP, 1)["0.weight"])
    assert not torch.allclose(first["1.running_mean"], torch.zeros(4, dtype=torch.float64))
    assert all(
        v.dtype is torch.float32 for k, v in plans.initial_state(MLP, 0, torch.float32).items() if "num" not in k
    )


def test_building_disturbs_no_random_state(student: Student) -> None:
    """A check that seeds and then builds a model draws the same as without the model."""
    student.tools.seed(4)
    student.tools.model(MLP)
    before = torch.get_rng_state()
    torch.testing.assert_close(
        student.rand(), torch.rand(3, dtype=torch.float64, generator=torch.Generator().manual_seed(4))
    )
    assert torch.equal(torch.get_rng_state(), before)


def test_an_unknown_kind_is_refused(student: Student) -> None:
    """A plan can only name kinds of a closed list."""
    with pytest.raises((KeyError, StudentError)):
        student.tools.model({"kind": "os.system", "config": {}, "children": []}, {})


# -- arguments and results ---------------------------------------------------------------------------------


def test_a_module_comes_back_as_the_same_one(student: Student) -> None:
    """A result that is an argument has the argument's handle, also inside other values."""
    model = student.tools.model(MLP)
    assert student.same(model).same_as(model)
    inner = student.same([model, {"k": model}])
    assert inner[0].same_as(inner[1]["k"])


def test_modules_inside_a_result_are_kept(student: Student) -> None:
    """Lists, tuples and dicts may hold modules among other values."""
    first, rest = student.pair()
    relu, three = rest["b"]
    assert isinstance(first, Model)
    assert first.claim.kind == "linear"
    assert relu.claim.kind == "relu"
    assert three == 3


def test_models_inside_lists_are_arguments(student: Student) -> None:
    """A list of models arrives as a list of modules."""
    plan = plans.linear(2, 1, bias=False)
    one = {"weight": torch.ones(1, 2, dtype=torch.float64)}
    many = [student.tools.model(plan, one), student.tools.model(plan, one)]
    assert student.total(many, torch.ones(1, 2, dtype=torch.float64)).item() == 4.0


def test_a_claim_names_kinds_configurations_and_flags(student: Student) -> None:
    """A built model is described layer by layer."""
    claim = student.build([3, 4, 2]).claim
    assert claim.kind == "sequential"
    assert claim.names() == ["0", "1", "2"]
    assert claim.kinds() == ["linear", "relu", "linear"]
    assert claim.children[0].config == {"in_features": 3, "out_features": 4, "bias": True}
    assert claim.training


def test_a_changed_parameter_is_a_changed_input(student: Student) -> None:
    """Parameters and buffers of a model count as inputs of the call."""
    model = student.tools.model(MLP)
    student.same(model)
    inputs_unchanged(student)
    student.spoil(model)
    with pytest.raises(CheckFailure, match=r"model \(0.weight\)") as caught:
        inputs_unchanged(student)
    assert caught.value.diagnosis == "in-place"


def test_statistics_of_a_batch_are_inputs_too(student: Student) -> None:
    """A forward pass in training mode changes a model, one in evaluation mode does not."""
    model, x = student.tools.model(MLP), torch.ones(4, 3, dtype=torch.float64)
    model.train(False)
    student.run(model, x)
    assert student.tools.changed_inputs() == []
    model.train(True)
    student.run(model, x)
    assert {
        "running_mean" in n or "running_var" in n or "num_batches" in n for n in student.tools.changed_inputs()
    } == {True}


def test_repeatable_takes_models(student: Student) -> None:
    """A pure function of a model is repeatable; one that changes the model is not."""
    model, x = student.tools.model(MLP), torch.ones(4, 3, dtype=torch.float64)
    repeatable(student, "run", model, x)
    repeatable(student, "same", model)
    repeatable(student, "build", [2, 3, 1])


# -- reading and setting -----------------------------------------------------------------------------------


def test_flags_gradients_and_hooks_are_read_and_set(student: Student) -> None:
    """Flags that were set by qualified name are read back."""
    model = student.tools.model(MLP)
    model.set_flags({"1": False, "": True})
    assert model.flags() == {"": True, "0": True, "1": False, "2": True, "3": True}
    model.set_requires_grad({"0.weight": False})
    assert model.requires_grad()["0.weight"] is False
    assert model.requires_grad()["0.bias"] is True
    grad = torch.full((2,), 2.0, dtype=torch.float64)
    model.set_grads({"3.bias": grad})
    assert torch.equal(torch.as_tensor(model.grads()["3.bias"]), grad)
    assert model.grads()["0.weight"] is None
    assert model.hooks() == 0
    student.leave_hook(model)
    assert model.hooks() == 1
    model.add_hook("1")
    assert model.hooks() == 2


def test_another_object_under_the_same_name_is_noticed(student: Student) -> None:
    """Identities compare with the objects that the model had when it was built."""
    model = student.tools.model(MLP)
    student.spoil(model)
    assert all(model.identities().values())
    student.rebind(model)
    assert [n for n, same in model.identities().items() if not same] == ["0.weight"]


def test_backward_gives_gradients_and_touches_none(student: Student) -> None:
    """Gradients come by name, the input's too; no `.grad` is set."""
    plan = plans.sequential(plans.linear(2, 1, bias=False))
    model = student.tools.model(plan, {"0.weight": torch.tensor([[2.0, 3.0]], dtype=torch.float64)})
    x, up = torch.tensor([[5.0, 7.0]], dtype=torch.float64), torch.tensor([[10.0]], dtype=torch.float64)
    output, grads, of_input = model.backward(x, up)
    assert output.tolist() == [[31.0]]
    assert torch.as_tensor(grads["0.weight"]).tolist() == [[50.0, 70.0]]
    assert of_input is not None
    assert of_input.tolist() == [[20.0, 30.0]]
    assert model.grads() == {"0.weight": None}


def test_a_container_of_the_notebook_is_indexed(student: Student) -> None:
    """Length, items, slices and append work on a class that the notebook wrote."""
    one, two = student.tools.model(plans.linear(2, 2)), student.tools.model(plans.relu(), {})
    chain = student.Chain(one, two)
    assert chain.length() == 2
    assert chain.item(0).same_as(one)
    assert chain.item(-1).same_as(two)
    part = chain.item(slice(0, 1))
    assert part.is_a("Chain")
    assert not part.is_a("nn.Sequential")
    assert part.length() == 1
    chain.append(student.tools.model(plans.linear(2, 3)))
    assert list(chain.layout()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert [m.claim.kind for m in chain.items()] == ["linear", "relu", "linear"]
    chain.to(torch.float32)
    assert {dtype for _, dtype in chain.layout().values()} == {torch.float32}
    with pytest.raises(StudentError, match="IndexError"):
        chain.item(7)


def test_raises_wants_that_exception(student: Student) -> None:
    """The expected exception passes; another one is told beside the expected one."""
    model, x = student.tools.model(plans.raising(), {}), torch.ones(1)
    raises(student, "run", model, x)
    with pytest.raises(CheckFailure):
        raises(student, "same", model)
    with pytest.raises(CheckFailure, match="must raise RuntimeError; yours raised ValueError"):
        raises(student, "run", model, x, error="RuntimeError")
    with pytest.raises(StudentError):
        raises(student, "nothing_of_this_name", model)


def test_a_graph_is_seen(student: Student) -> None:
    """Both transports tell whether a result has a graph."""
    model, x = student.tools.model(MLP), torch.ones(2, 3, dtype=torch.float64)
    assert has_graph(student.run(model, x))
    assert not has_graph(model.forward(x))


# -- random numbers ----------------------------------------------------------------------------------------


def test_a_generator_is_an_argument(student: Student) -> None:
    """Numbers drawn from a passed generator are those of that seed, and the global one is untouched."""
    generator = student.tools.generator(11)
    before, used = student.tools.rng(), generator.state()
    found = student.draw(4, generator=generator)
    torch.testing.assert_close(found, torch.rand(4, dtype=torch.float64, generator=torch.Generator().manual_seed(11)))
    assert student.tools.rng() == before
    assert generator.state() != used


def test_which_argument_came_back_is_known(student: Student) -> None:
    """For functions that work in place: the values afterwards, and whether the same object was returned."""
    first, weight = torch.ones(2), torch.ones(2)
    for name, returned, value in (
        ("fill", "argument 2", 0.0),
        ("keep", None, 1.0),
        ("drop", None, 2.0),
        ("view", None, 0.0),
    ):
        getattr(student, name)(first, weight)
        assert student.tools.returned_input() == returned, name
        assert [t.tolist() for t in student.tools.tensors_after()] == [[1.0, 1.0], [value, value]], name
    assert weight.tolist() == [1.0, 1.0]
    # Two calls that differ in nothing but that are different answers.
    (_, _, value, changed, itself), (_, _, same, likewise, other) = (
        student.tools.transcript[0],
        student.tools.transcript[3],
    )
    assert torch.equal(value, same)
    assert changed == likewise
    assert itself != other


def test_the_global_generator_is_watched(student: Student) -> None:
    """Drawing changes its state; after a reseed the state no longer depends on the seed before."""
    student.tools.seed(1)
    before = student.tools.rng()
    student.draw(2)
    assert student.tools.rng() != before
    after = []
    for seed in (1, 2):
        student.tools.seed(seed)
        student.reseed()
        after.append(student.tools.rng())
    assert after[0] == after[1]


# -- transcripts -------------------------------------------------------------------------------------------


def session(student: Student) -> list[Any]:
    """Do a bit of everything and return the transcript."""
    x = torch.ones(3, 3, dtype=torch.float64)
    model = student.tools.model(MLP)
    built = student.regular(3, 3, 0.5)
    built.load(plans.drawn_state(built.layout(), 5))
    student.tools.seed(9)
    built.forward(x)
    student.run(model, x)
    model.backward(x, torch.ones(3, 2, dtype=torch.float64))
    student.pair()
    student.spoil(model)
    model.flags(), model.state(), model.hooks(), model.identities(), student.tools.rng()
    student.Chain(model).items()
    return student.tools.transcript


def test_both_sides_write_the_same_transcript(remote: Callable[[], Student]) -> None:
    """A diagnosis compares transcripts, so the same code must leave the same one in the worker and in the judge."""
    from autograder.engines.hidden.diagnosis import same_answers

    mine, theirs = session(remote()), session(local())
    assert len(mine) == len(theirs) > 10
    for a, b in zip(mine, theirs, strict=True):
        assert same_answers(a, b), (a, b)


def test_an_answer_is_a_copy_on_both_sides(student: Student) -> None:
    """If the code later changes a list, a tensor or a parameter that it returned, earlier answers stay the same."""
    first = student.growing(torch.zeros(2))
    student.growing(torch.zeros(2))
    assert len(first) == 1
    assert first[0].tolist() == [0.0, 0.0]


def test_forms_that_cannot_cross_do_not_in_the_judge_either(student: Student) -> None:
    """Subclasses of tuples and dicts arrive as plain ones, and an object as the name of its class."""
    size, ordered, other = student.forms()
    assert type(size) is tuple
    assert type(ordered) is dict
    assert repr(other) == "Opaque(label='object')"


def test_a_list_that_was_shortened_is_a_changed_input(student: Student) -> None:
    """Lists and dicts among the arguments are inputs, as tensors are."""
    student.shorten([1, 2], {"a": [3]})
    with pytest.raises(CheckFailure) as caught:
        inputs_unchanged(student)
    assert caught.value.diagnosis == "in-place"
    assert student.tools.changed_inputs() == ["argument 2"]
    student.build([2, 3, 1])
    inputs_unchanged(student)


# -- comparing ---------------------------------------------------------------------------------------------


def test_models_with_other_names_have_the_same_numbers(student: Student) -> None:
    """Only what is computed counts; another layer, or another number of them, is found."""
    due = local(promote=True)
    x = torch.randn(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    same_numbers(student.named(3, 4), due.build([3, 4, 2]), x, 5)
    same_numbers(student.named(3, 4), due.build([3, 4, 2]), x.float(), 5, dtype=torch.float32)
    with pytest.raises(CheckFailure, match="output"):
        same_numbers(student.named(3, 4, tanh=True), due.build([3, 4, 2]), x, 5)
    with pytest.raises(CheckFailure, match="are not those of the layers"):
        same_numbers(student.build([3, 2]), due.build([3, 4, 2]), x, 5)
    with pytest.raises(CheckFailure, match="Module"):
        same_numbers(None, due.build([3, 4, 2]), x, 5)


def test_what_is_remembered_of_a_batch_is_compared(student: Student) -> None:
    """Another momentum of a batch normalisation shows only in its statistics."""
    due = local(promote=True)
    x = torch.randn(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(3))
    same_numbers(student.regular(3, 4, 0.0), due.regular(3, 4, 0.0), x, 5)
    with pytest.raises(CheckFailure, match="remembers"):
        same_numbers(student.regular(3, 4, 0.0, 0.5), due.regular(3, 4, 0.0), x, 5)


# -- claims ------------------------------------------------------------------------------------------------


def test_a_claim_that_is_true_is_confirmed(student: Student) -> None:
    """Layers of torch's own are rebuilt, and compute the same in both modes, dropout included."""
    x = torch.randn(6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    twin = confirmed(student, student.build([3, 5, 2]), x, 1)
    assert [type(m) for m in twin.children()] == [nn.Linear, nn.ReLU, nn.Linear]
    confirmed(student, student.regular(3, 4, 0.5), x, 2)


LINEAR = {"name": "", "kind": "linear", "config": {"in_features": 3, "out_features": 1, "bias": True}}


@pytest.mark.parametrize(
    "claim",
    [
        {**LINEAR, "kind": "unknown"},
        {**LINEAR, "kind": "os.system"},
        {**LINEAR, "config": {"in_features": 10**9, "out_features": 10**9, "bias": True}},
        {**LINEAR, "config": {"in_features": 4096, "out_features": 4096, "bias": True}},
        {**LINEAR, "config": {"in_features": True, "out_features": 1, "bias": True}},
        {**LINEAR, "config": {"in_features": -3, "out_features": 1, "bias": True}},
        {**LINEAR, "config": {"out_features": 1, "bias": "yes"}},
        {**LINEAR, "children": [LINEAR]},
        {"kind": "sequential", "children": [{**LINEAR, "name": "a.b"}]},
        {"kind": "sequential", "children": [{**LINEAR, "name": "a"}, {**LINEAR, "name": "a"}]},
        {"kind": "sequential", "children": [LINEAR] * 1000},
        {"kind": "sequential", "children": [{"kind": "again", "config": {"of": []}}]},
        {"kind": "sequential", "children": [{"kind": "again", "config": {"of": "0"}}]},
        {"kind": "maxpool2d", "config": {"kernel_size": 2, "stride": 1, "padding": 4000, "ceil_mode": False}},
        {"kind": "dropout", "config": {"p": float("nan")}},
        {"kind": "dropout", "config": {"p": 7.0}},
        None,
        [],
    ],
)
def test_an_impossible_claim_is_refused(claim: object) -> None:
    """Nothing is built from it, and the judge does not break."""
    state = {"weight": torch.zeros(1, 3), "bias": torch.zeros(1)}
    with pytest.raises(ClaimError):
        rebuild(read_claim(claim), state)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("linear"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(st.sampled_from(["kind", "config", "children", "name", "training", "in_features"]), inner)
    ),
    max_leaves=15,
)


@given(anything)
def test_any_claim_is_read(claim: object) -> None:
    """The judge reads or refuses every claim about a module."""
    found = read_claim(claim)
    assert isinstance(found, Claim)
    with pytest.raises(ClaimError):
        rebuild(found, {"weight": torch.zeros(1)})


@given(anything)
def test_any_answer_about_a_model_is_read(answer: object) -> None:
    """Answers of the wrong form count as a crash of the student's process and never crash the judge."""

    class Owner:
        def ask(self, operation: dict[str, Any]) -> Any:
            return answer

        def record(self, *entry: Any) -> None:
            pass

    model, x = Model(Owner(), 1), torch.ones(1)
    for question in (
        model.state,
        model.layout,
        model.grads,
        model.flags,
        model.hooks,
        model.length,
        model.identities,
        model.items,
        lambda: model.is_a("Chain"),
        lambda: model.item(0),
        lambda: model.backward(x, x),
    ):
        try:
            question()
        except StudentCrashed:
            continue


@pytest.mark.parametrize("name", ["subclass", "liar_class", "patched", "lying_attribute", "other_things"])
def test_a_lying_module_is_not_confirmed(remote: Callable[[str], Student], name: str) -> None:
    """Its numbers or its parameters contradict what it claims to be."""
    student = remote(HOSTILE)
    with pytest.raises((CheckFailure, StudentError, StudentCrashed)):
        confirmed(student, getattr(student, name)(), torch.ones(2, 3, dtype=torch.float64), 1)


@pytest.mark.parametrize("name", ["trap", "many", "deep", "loop", "strange_state"])
def test_a_strange_module_does_not_break_the_judge(remote: Callable[[str], Student], name: str) -> None:
    """It is described up to a limit, or counts as the student's own fault."""
    student = remote(HOSTILE)
    try:
        found = getattr(student, name)()
    except (StudentError, StudentCrashed):
        return
    assert isinstance(found, Model)
    assert sum(1 for _ in found.claim.walk()) <= 300
    with pytest.raises((CheckFailure, StudentError, StudentCrashed)):
        confirmed(student, found, torch.ones(2, 3, dtype=torch.float64), 1)


def test_a_drawn_state_is_the_callers_own() -> None:
    """It is drawn once and remembered; who writes into it changes nobody else's."""
    plan = plans.linear(3, 2)
    first = plans.initial_state(plan, seed=5)
    kept = first["weight"].clone()
    first["weight"].zero_()
    assert torch.equal(plans.initial_state(plan, seed=5)["weight"], kept)
    assert plans.initial_state(plan, seed=5, dtype=torch.float32)["weight"].dtype is torch.float32
