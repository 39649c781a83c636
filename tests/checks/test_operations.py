"""What checks do besides plain calls: arrays, gradients, switches, optimizers, losses, objects, random answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from autograder.checks import plans
from autograder.checks.assertions import (
    CheckFailure,
    close,
    compare_work,
    expect_model,
    follows,
    formula,
    inputs_unchanged,
    raises,
    same_numbers,
)
from autograder.checks.models import Model
from autograder.checks.numerics.laws import deviation, normal, two_point
from autograder.checks.student import LocalTransport, Student, Transport
from autograder.engines.hidden.replay import same_request, unsendable
from autograder.errors import GraderFault
from autograder.sandbox.faults import StudentError

Defined = Callable[..., Student]

NOTEBOOK = """
import numpy as np
import torch
from torch import nn

def share(array, value):
    a = array.copy()
    shared, copied = torch.from_numpy(a), torch.tensor(a)
    a[0] = value
    return shared, copied
def spoil(array, more):
    more["deep"][0][0] = 9
def halve(image): return (image / 2).astype(image.dtype)
def product(x, y, shift=0.0): return x * y + shift
def cut(x): return x.detach() * 2
def both(x, y): return x * y, x + y
def unused(x, y): return x * 2
def tracked(f, x, enabled):
    with torch.set_grad_enabled(enabled): return f(x)
def leaving(f, x, enabled):
    torch.set_grad_enabled(enabled)
    return f(x)
def train_epoch(model, batches, loss_fn, updater):
    model.train()
    total = count = 0
    for x, y in batches:
        model.zero_grad()
        loss = loss_fn(model(x), y)
        if isinstance(updater, torch.optim.Optimizer):
            loss.backward()
            updater.step()
        else:
            (loss * len(x)).backward()
            updater(len(x))
        total, count = total + loss.item() * len(x), count + len(x)
    return total / count
def with_closure(optimizer, closure):
    for _ in range(3): optimizer.step(closure)
def measure(loss_fn, scores, y): return loss_fn(scores, y)
def apply_to(model, x): return model(x)
def where(generator): return str(generator.device)
class Counter:
    def __init__(self, start=0, step=1): self.value, self.step, self.net = start, step, nn.Linear(2, 2)
    def up(self, by=1): self.value += by * self.step; return self.value
    def __len__(self): return self.value
    def __getitem__(self, i): return i * self.step
    def __iter__(self):
        i = 0
        while True:
            yield torch.tensor(float(i)); i += self.step
    def __call__(self, x): return x + self.value
def count_up(counter): return counter.up(10)
def move(model, device): return model.to(device)
def emptied(x): return x.to("meta")
def steps(): return (i * i for i in range(5))
class Attention(nn.Module):
    def __init__(self, d, backwards=False):
        super().__init__()
        for name in (("value", "query") if backwards else ("query", "value")):
            setattr(self, name, nn.Linear(d, d))
    def forward(self, x, mask):
        return self.value(x).masked_fill(~mask, 0.0) * self.query(x).sigmoid()
def drop(x, p): return x * (torch.rand_like(x) >= p) / (1 - p)
def drop_rows(x, p): return x * (torch.rand(len(x), 1, dtype=x.dtype) >= p) / (1 - p)
def drop_unscaled(x, p): return x * (torch.rand_like(x) >= p)
def grow(x): return x * 1.5
class Descent(torch.optim.Optimizer):
    def __init__(self, params, lr): super().__init__(params, {"lr": lr})
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]: p.sub_(group["lr"] * p.grad)
def stepped(optimizer): optimizer.step()
"""


@pytest.fixture
def student(defined: Defined) -> Student:
    """The notebook, on both transports."""
    return defined(NOTEBOOK, {"share": ("array", "value"), "spoil": ("array", "more")})


# -- A: numpy arrays ---------------------------------------------------------------------------------------


def test_arrays_are_arguments(student: Student) -> None:
    """An array arrives writable, and comes back as an array or as tensors."""
    array = np.array([1.0, 2.0, 3.0])
    shared, copied = student.share(array, 7.0)
    close((shared, copied), (torch.tensor([7.0, 2.0, 3.0]).double(), torch.tensor([1.0, 2.0, 3.0]).double()))
    inputs_unchanged(student)
    assert array.tolist() == [1, 2, 3]
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    close(student.halve(image[:, ::-1]), (image[:, ::-1] / 2).astype(np.uint8))
    close(student.halve(np.ones(2, dtype=">f8")), np.full(2, 0.5))


def test_a_changed_array_is_seen(student: Student) -> None:
    """A list of arrays that the code writes to counts as a changed input, under the parameter's name."""
    given = {"deep": [np.zeros(2)]}
    student.spoil(np.ones(1), given)
    with pytest.raises(CheckFailure, match=r"more \(deep\[0\]\)"):
        inputs_unchanged(student)
    assert given["deep"][0].tolist() == [0, 0]
    student.spoil(np.ones(1), {"deep": [np.full(2, np.nan)]})
    assert len(student.tools.changed_inputs()) == 1
    student.halve(np.full(2, np.nan))
    inputs_unchanged(student)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (np.array([1.0, np.nan]), True),
        (np.array([1.0, 2.0]), False),
        (np.array([1.0, np.nan], dtype=np.float32), False),
        (np.array([[1.0, np.nan]]), False),
        (torch.tensor([1.0, float("nan")]), False),
    ],
)
def test_requests_with_arrays_are_compared_bit_for_bit(other: Any, same: bool) -> None:  # noqa: FBT001 - a case's value
    """Arrays of several elements have no truth value, and NaN equals NaN."""
    request = [{"op": "call", "name": "f", "args": (np.array([1.0, np.nan]), np.float64("nan")), "kwargs": {}}]
    assert same_request(request, [{**request[0], "args": (other, np.float64("nan"))}]) is same


def test_the_reference_gets_a_copy_in_double_precision() -> None:
    """Floating-point arrays are promoted to float64, as tensors are; others keep their dtype."""
    namespace: dict[str, Any] = {}
    exec("def f(a, b):\n    a[0] = 5\n    return a, b", namespace)
    reference = Student(LocalTransport(namespace, promote=True))
    single, whole = np.ones(2, dtype=np.float32), np.ones(2, dtype=np.uint8)
    a, b = reference.f(single, whole)
    assert (a.dtype, b.dtype, single.tolist()) == (np.float64, np.uint8, [1, 1])


@pytest.mark.parametrize(
    ("actual", "told"),
    [
        (torch.ones(2), "Found a tensor, expected a numpy array"),
        (np.ones(3), "Wrong shape"),
        (np.ones(2, dtype=np.float32), "Wrong dtype"),
        (np.array([1.0, np.nan]), "NaN"),
        (np.array([1.0, 1.1]), "Wrong numbers"),
    ],
)
def test_arrays_are_compared_as_tensors_are(actual: Any, told: str) -> None:
    """Kind, shape, dtype, NaN and numbers count."""
    close(np.ones(2), np.ones(2))
    with pytest.raises(CheckFailure, match=told):
        close(actual, np.ones(2))


def test_our_own_failure_is_nobody_elses() -> None:
    """A failure while a question is built is the grader's fault, never a verdict."""

    class Broken:
        def run(self, operations: list[dict[str, Any]]) -> list[Any]:
            raise ValueError(f"{len(operations)} questions cannot be compared")

    transport: Transport = Broken()
    with pytest.raises(GraderFault, match="could not be asked"):
        Student(transport).f(1)


@pytest.mark.parametrize(
    ("value", "stuck"),
    [
        ({1, 2}, "set"),
        (np.array(["a"]), "numpy array of"),
        ([{"a": (object(),)}], "object"),
        (torch.ones(2).to_sparse(), "sparse"),
        (abs, None),
        ({"a": [np.ones(2), torch.ones(2), None, "b", 1.5, torch.float64]}, None),
    ],
)
def test_what_cannot_be_sent_is_found(value: Any, stuck: str | None) -> None:
    """A student's code would get something else instead, and lose points for it."""
    found = unsendable([{"op": "call", "name": "f", "args": (value,), "kwargs": {}}])
    assert found is None if stuck is None else stuck in str(found)


# -- V, H: gradients and switches --------------------------------------------------------------------------


def test_a_gradient_is_pulled_back_through_a_function(student: Student) -> None:
    """Each floating-point tensor has its gradient, in the order of the arguments."""
    x, y, upstream = (torch.tensor(v, dtype=torch.float64) for v in ([1.0, 2.0], [3.0, 4.0], [1.0, 10.0]))
    output, gradients = student.tools.vjp("product", (x, y), upstream, {"shift": 1.0})
    close(output, x * y + 1)
    close(gradients, [upstream * y, upstream * x])
    assert not output.requires_grad
    assert student.tools.vjp("unused", (x, y), upstream)[1][1] is None
    assert student.tools.vjp("cut", (x,), upstream)[1] == [None]
    assert student.tools.vjp("product", (x, y), upstream[:1])[1] == [None, None]
    pair = student.tools.vjp("both", (x, y), (upstream, None))
    close(pair, ((x * y, x + y), [upstream * y, upstream * x]))
    close(student.tools.vjp("both", (x, y), (None, upstream))[1], [upstream, upstream])
    assert student.tools.vjp("both", (x, y), (upstream,))[1] == [None, None]
    assert not x.requires_grad


def test_autograd_can_be_switched_on_again_under_no_grad(student: Student) -> None:
    """Code cannot leave inference mode; it can leave torch.no_grad()."""
    square = formula(lambda x: x * x)
    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    for enabled in (True, False):
        found = student.tools.under_no_grad("tracked", square, x, enabled)
        assert found._claims["requires_grad"] is enabled
        assert student.tools.kept_grad_mode()
    student.tracked(square, x, enabled=False)
    assert student.tools.kept_grad_mode()
    student.tools.under_no_grad("leaving", square, x, enabled=True)
    assert not student.tools.kept_grad_mode()
    assert torch.is_grad_enabled()


def test_a_mode_that_an_exception_leaves_behind_is_seen(student: Student) -> None:
    """After a call that raised, the process tells the grad mode; the judge's own mode does not change."""
    assert student.tools.grad_enabled()
    failing = formula(lambda x: torch.cat([x, x.reshape(7)]))
    x = torch.ones(2, dtype=torch.float64)
    raises(student, "tracked", failing, x, enabled=False, error="RuntimeError")
    assert student.tools.grad_enabled()
    raises(student, "leaving", failing, x, enabled=False, error="RuntimeError")
    assert not student.tools.grad_enabled()
    assert torch.is_grad_enabled()


# -- K, L: what trains -------------------------------------------------------------------------------------

LINE = plans.linear(2, 1)
STATE = {"weight": torch.tensor([[1.0, -1.0]]).double(), "bias": torch.zeros(1).double()}
BATCHES = [
    (torch.tensor([[1.0, 2.0], [0.0, 1.0]]).double(), torch.tensor([[1.0], [2.0]]).double()),
    (torch.tensor([[3.0, 0.0]]).double(), torch.tensor([[1.0]]).double()),
]


def descended(lr: float, momentum: float = 0.0) -> tuple[float, dict[str, torch.Tensor]]:
    """Train the line over the batches with torch alone; return the mean loss and the state."""
    model = nn.Linear(2, 1).double()
    model.load_state_dict(STATE)
    optimizer = torch.optim.SGD(model.parameters(), lr, momentum)
    total = 0.0
    for x, y in BATCHES:
        optimizer.zero_grad()
        loss = functional.mse_loss(model(x), y)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        total += loss.item() * len(x)
    return total / 3, {k: v.detach() for k, v in model.state_dict().items()}


def test_an_optimizer_of_torch_is_an_argument(student: Student) -> None:
    """It moves the model's own parameters, and its steps are counted."""
    model = student.tools.model(LINE, STATE)
    optimizer = student.tools.torch_optimizer("SGD", model, lr=0.1, momentum=0.5)
    loss = student.train_epoch(model, BATCHES, nn.MSELoss(), optimizer)
    due, state = descended(0.1, 0.5)
    close(loss, due)
    close(model.state(), state)
    assert optimizer.steps() == 2
    with pytest.raises(ValueError, match="there are ASGD"):
        student.tools.torch_optimizer("Adamm", model)


def test_parameter_groups_are_named(student: Student) -> None:
    """A parameter in no group does not change."""
    model = student.tools.model(LINE, STATE)
    optimizer = student.tools.torch_optimizer("SGD", model, groups=[{"params": ["bias"], "lr": 0.5}])
    student.train_epoch(model, BATCHES, formula(functional.mse_loss), optimizer)
    assert torch.equal(model.state()["weight"], STATE["weight"])
    assert not torch.equal(model.state()["bias"], STATE["bias"])


def test_an_updater_takes_the_gradient_of_a_sum(student: Student) -> None:
    """Called with the number of samples, it does what SGD does with the mean."""
    model = student.tools.model(LINE, STATE)
    updater = student.tools.updater(model, 0.1)
    student.train_epoch(model, BATCHES, nn.MSELoss(), updater)
    close(model.state(), descended(0.1)[1])
    assert updater.calls() == [2, 1]


def test_a_closure_is_an_argument(student: Student) -> None:
    """L-BFGS needs one; each call computes the loss anew."""
    model = student.tools.model(LINE, STATE)
    closure = student.tools.closure(model, *BATCHES[0], nn.MSELoss())
    student.with_closure(student.tools.torch_optimizer("SGD", model, lr=0.1), closure)
    losses = closure.calls()
    assert len(losses) == 3
    assert losses[0] > losses[1] > losses[2]


def test_a_students_optimizer_and_a_kept_result_are_arguments(student: Student) -> None:
    """All that stays in the worker can be an argument."""
    optimizer = student.tools.optimizer("Descent", [torch.ones(2)], lr=0.5)
    optimizer.step([torch.ones(2)])
    student.stepped(optimizer)
    close(optimizer.params(), [torch.zeros(2)], dtype=torch.float32)
    x = torch.ones(2, dtype=torch.float64)
    kept = student.tools.kept("product", x, x)
    close(student.product(kept, x), x)


SCORES = torch.tensor([[2.0, 1.0, 0.1], [1.0, 3.0, 0.2]], dtype=torch.float64)
LABELS = torch.tensor([0, 1])


@pytest.mark.parametrize(
    ("loss", "y"),
    [
        (nn.CrossEntropyLoss(), LABELS),
        (nn.CrossEntropyLoss(reduction="sum", label_smoothing=0.1), LABELS),
        (nn.MSELoss(reduction="none"), SCORES / 2),
        (nn.HuberLoss(delta=0.5), SCORES / 2),
        (nn.NLLLoss(ignore_index=1), LABELS),
        (functional.cross_entropy, LABELS),
        (functional.smooth_l1_loss, SCORES / 2),
        (lambda s, y: functional.cross_entropy(s, y, reduction="sum"), LABELS),
        (lambda s, y: torch.einsum("ij,ij->", s, y), SCORES),
    ],
)
def test_losses_are_arguments(student: Student, loss: Any, y: torch.Tensor) -> None:
    """Modules are passed as they are, functions as formulas: with settings that are texts, and with defaults."""
    given = loss if isinstance(loss, nn.Module) else formula(loss)
    close(student.measure(given, SCORES, y), loss(SCORES, y))


def test_a_module_of_torch_is_an_argument(student: Student) -> None:
    """It is built in the worker with its values and modes; for an author's own class an exception tells the author."""
    net = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), nn.Dropout(0.5)).double().eval()
    close(student.apply_to(net, SCORES), net(SCORES))
    inputs_unchanged(student)

    class Own(nn.Linear):
        pass

    for odd in (Own(1, 1), nn.Sequential(Own(1, 1)), nn.CrossEntropyLoss(weight=torch.ones(3))):
        with pytest.raises(TypeError, match="cannot be an argument"):
            student.apply_to(odd, SCORES)


def test_a_generator_of_the_cpu_can_be_asked_for(student: Student) -> None:
    """Functions that draw on the CPU and then move the numbers get a generator of the CPU."""
    assert student.where(student.tools.generator(3, device="cpu")) == "cpu"
    asked: list[dict[str, Any]] = []

    class Noting:
        def run(self, operations: list[dict[str, Any]]) -> list[Any]:
            asked.extend(operations)
            return [None] * len(operations)

    Student(Noting()).tools.generator(3, device="cpu")
    assert asked == [{"op": "generator", "seed": 3, "keep": 1, "device": "cpu"}]


# -- C: objects --------------------------------------------------------------------------------------------


def test_objects_have_methods(student: Student) -> None:
    """Calls, attributes, items, an endless iteration cut off, and the object itself as function and argument."""
    counter = student.tools.object("Counter", 2, step=3)
    assert counter.call("up", by=2) == 8
    assert student.count_up(counter) == 38
    assert (counter.get("value"), counter.length(), counter.item(2)) == (38, 38, 6)
    assert [float(v) for v in counter.items(3)] == [0, 3, 6]
    close(counter.call("", torch.ones(1, dtype=torch.float64)), torch.tensor([39.0]).double())
    assert isinstance(counter.get("net"), Model)
    assert student.tools.kept("steps").items(3) == [0, 1, 4]
    with pytest.raises(StudentError, match="down"):
        counter.call("down")
    inputs = [torch.ones(1)]
    counter.call("", inputs[0])
    inputs_unchanged(student)


# -- M, P, names: models -----------------------------------------------------------------------------------


def test_models_of_several_inputs_are_compared_by_name(student: Student, defined: Defined) -> None:
    """A mask is an input without a gradient; parameters are matched by name, in any order of registration."""
    reference = defined(NOTEBOOK)
    x = torch.linspace(-1, 1, 12, dtype=torch.float64).reshape(4, 3)
    mask = torch.tensor([[True, False, True]]).expand(4, 3).clone()
    mine = student.Attention(3, backwards=True)
    same_numbers(mine, expect_model(reference.Attention(3)), (x, mask), 5, by_name=True)
    with pytest.raises(CheckFailure):
        same_numbers(mine, expect_model(reference.Attention(3)), (x, mask), 5)
    output, grads, (of_x, of_mask) = expect_model(mine).backward((x, mask), torch.ones(4, 3, dtype=torch.float64))
    assert (output.shape, set(grads), of_x.shape, of_mask) == (
        (4, 3),
        {"query.weight", "query.bias", "value.weight", "value.bias"},
        (4, 3),
        None,
    )
    assert mine.forward(x, mask).shape == (4, 3)


def test_other_names_are_told_where_names_count(student: Student) -> None:
    """The missing name that is told is the exercise's own; another shape is told too."""
    mine = student.Attention(3)
    other = student.tools.model(plans.sequential(query=plans.linear(3, 3), values=plans.linear(3, 3)))
    with pytest.raises(CheckFailure, match=r"'values\.weight'"):
        same_numbers(mine, other, torch.ones(1, 3), 5, by_name=True)
    wide = student.tools.model(plans.sequential(query=plans.linear(3, 3), value=plans.linear(3, 4)))
    with pytest.raises(CheckFailure, match="another shape"):
        same_numbers(mine, wide, torch.ones(1, 3), 5, by_name=True)


def test_gradients_of_other_parameters_are_seen_by_name() -> None:
    """A frozen parameter has no gradient to compare."""
    one, two = torch.ones(1).double(), torch.zeros(1).double()
    with pytest.raises(CheckFailure, match="parameters that require a gradient"):
        compare_work((one, {"a": one}, one), (one, {"a": one, "b": two}, one), "training", by_name=True)


@pytest.mark.parametrize(
    "plan",
    [
        plans.leakyrelu(0.2),
        plans.elu(1.5),
        plans.batchnorm2d(2),
        plans.avgpool2d(2),
        plans.identity(),
        plans.gelu(),
        plans.silu(),
        plans.layernorm(4, 4),
        plans.logsoftmax(1),
    ],
    ids=lambda plan: str(plan["kind"]),
)
def test_further_layers_can_be_planned(student: Student, plan: plans.Plan) -> None:
    """In the worker they compute the same as torch's own losses here."""
    state = plans.initial_state(plan)
    trusted = plans.build_plan(plan).double().eval()
    trusted.load_state_dict(state)
    x = torch.linspace(-2, 2, 64, dtype=torch.float64).reshape(2, 2, 4, 4)
    model = student.tools.model(plan, state)
    model.train(mode=False)
    close(model.forward(x), trusted(x).detach())


def test_a_model_can_be_moved_to_a_second_device(student: Student) -> None:
    """Every machine has "meta"; a tensor there has no values, and arrives as the name of its class."""
    model = student.tools.model(plans.sequential(plans.linear(2, 2), plans.batchnorm1d(2)))
    assert set(model.devices().values()) == {"cpu"}
    moved = student.move(model, "meta")
    assert set(moved.devices().values()) == {"meta"}
    if not isinstance(student.tools._transport, LocalTransport):
        assert "meta tensor" in str(student.emptied(torch.ones(2)))


# -- B, R: random answers ----------------------------------------------------------------------------------


def dropped(student: Student, name: str, p: float = 0.3) -> torch.Tensor:
    """Return what is left of ones."""
    with student.tools.unrecorded():
        found: torch.Tensor = getattr(student, name)(torch.ones(128, 64, dtype=torch.float64), p)
    return found


def test_a_dropout_mask_follows_a_two_point_law(student: Student) -> None:
    """Right masks pass; whole rows, other values and another share are told, with the idea that they show."""
    law = two_point(0.0, 1 / 0.7, 0.7)
    follows(dropped(student, "drop"), law, "the outputs")
    with pytest.raises(CheckFailure, match="Neighbours depend"):
        follows(dropped(student, "drop_rows"), law, "the outputs")
    with pytest.raises(CheckFailure, match="neither of the two") as told:
        follows(dropped(student, "drop_unscaled"), law, "the outputs", {"not-scaled": two_point(0.0, 1.0, 0.7)})
    assert told.value.diagnosis == "not-scaled"
    with pytest.raises(CheckFailure, match="as frequent"):
        follows(dropped(student, "drop"), two_point(0.0, 1 / 0.7, 0.5), "the outputs")
    for low, high, share in ((1.0, 0.0, 0.5), (0.0, 1.0, 0.0), (0.0, 1.0, 1.0)):
        with pytest.raises(ValueError, match="two-point"):
            two_point(low, high, share)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_right_masks_never_alarm(share: float) -> None:
    """At an alarm rate of a thousandth, two hundred samples alarm at most once in five runs; they are counted here."""
    source = torch.Generator().manual_seed(1)
    law = two_point(-1.0, 2.0, share)
    samples = [torch.where(torch.rand(40, 30, generator=source) < share, 2.0, -1.0) for _ in range(200)]
    assert sum(deviation(s, law, alarm=1e-3) is not None for s in samples) <= 2
    assert all(deviation(s, normal(law.mean, law.sd)) is not None for s in samples[:3])


def test_random_answers_can_be_left_out_of_the_transcript(student: Student) -> None:
    """Two runs draw different numbers and leave the same transcript, which holds the facts about them."""
    transcripts = []
    for seed in (1, 2):
        student.tools.seed(seed)
        student.tools.transcript.clear()
        found = dropped(student, "drop_rows")
        student.tools.observe("rows are dropped whole", bool((found.std(1) == 0).all()))
        transcripts.append(list(student.tools.transcript))
    assert transcripts[0] == transcripts[1] == [("observed", "rows are dropped whole", True)]


FILES = """
import os
import torch

def save(value, path): torch.save(value, path)
def load(path): return torch.load(path)
def spread(path): return type(path).__name__, os.path.basename(path), os.listdir(os.path.dirname(path))
def fill(path, count):
    with open(path, "wb") as file: file.write(b"0" * count)
def nest(path): os.mkdir(path)
def loss_of(model, x): return model(x).square().sum()
def train(model, x):
    model(x).sum().backward()
    return model(x).sum()
"""


def test_a_file_is_written_by_one_call_and_read_by_another(defined: Defined) -> None:
    """It is a path in an empty directory; the judge reads the file, and writes it for code that reads."""
    student = defined(FILES)
    file, other = student.tools.scratch("a.pt"), student.tools.scratch("a.pt")
    assert student.spread(file) == ("str", "a.pt", [])
    assert not file.exists()
    assert file.load() is None
    assert file.read_text() is None
    student.save({"w": torch.ones(2)}, file)
    close(student.load(file), {"w": torch.ones(2)}, dtype=torch.float32)
    close(file.load(), {"w": torch.ones(2)}, dtype=torch.float32)
    assert (file.exists(), other.exists()) == (True, False)
    other.save([torch.zeros(1), 3])
    close(student.load(other), [torch.zeros(1), 3], dtype=torch.float32)
    other.write_text("größer")
    assert other.read_text() == "größer"
    with pytest.raises(ValueError, match="cannot be called"):
        student.tools.scratch("../a")


def test_what_is_read_of_a_file_is_bounded(defined: Defined) -> None:
    """A large file is not loaded; a directory is no file; objects are not unpickled."""
    student = defined(FILES)
    large, folder = student.tools.scratch(), student.tools.scratch()
    student.fill(large, (16 << 20) + 1)
    for read in (large.load, large.read_text):
        with pytest.raises(StudentError, match="more than 16 MiB"):
            read()
    student.nest(folder)
    assert folder.size() is None
    assert folder.load() is None


def test_gradients_of_parameters_leave_grad_alone(defined: Defined) -> None:
    """Gradients come by name, None for a parameter that is unused or frozen; `.grad` does not change."""
    student = defined(FILES)
    plan = plans.sequential(plans.linear(2, 2), plans.linear(2, 1, bias=False))
    model, x, one = student.tools.model(plan, plans.initial_state(plan)), torch.ones(1, 2).double(), torch.tensor(1.0)
    trusted = plans.build_plan(plan).double()
    trusted.load_state_dict(plans.initial_state(plan))
    trusted(x).square().sum().backward()
    model.set_requires_grad({"0.bias": False, "0.weight": True, "1.weight": True})
    before = model.grads()
    value, found = student.tools.parameter_gradients("loss_of", model, (model, x), one)
    close(value, trusted(x).square().sum().detach())
    due = {name: p.grad for name, p in trusted.named_parameters()}
    close(found, {**due, "0.bias": None})
    assert model.grads() == before
