"""Violins are read from what was drawn: style never matters, other values always do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from autograder.checks.plans import initial_state, linear, sequential, tanh
from autograder.checks.plots import Drawing, distance, read_drawing
from autograder.checks.student import LocalTransport, RemoteTransport, Student
from autograder.sandbox.faults import StudentCrashed, StudentError
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier, WorkerLimits
from autograder.sandbox.worker.figures import describe_axes


class Silent:
    """A `Student` who drew; its transcript is not read."""

    def __init__(self) -> None:
        self.entries: list[Any] = []

    def record(self, *entry: Any) -> None:
        """Keep an entry."""
        self.entries.append(entry)


@pytest.fixture(autouse=True)
def headless() -> Iterator[None]:
    """Draw without a screen, leave nothing open, and compute in one thread, as a judge does."""
    plt.switch_backend("agg")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    plt.close("all")


def samples(seed: int = 0, sizes: tuple[int, ...] = (20, 36, 25)) -> list[torch.Tensor]:
    """Return one group of values for each violin, each around its own centre."""
    source = torch.Generator().manual_seed(seed)
    return [8.0 * i * (-1) ** i + torch.randn(n, generator=source, dtype=torch.float64) for i, n in enumerate(sizes, 1)]


CANDIDATES = {str(i): values for i, values in enumerate(samples(), 1)}
DUE = ["1", "2", "3"]


def read(axes: Axes) -> Drawing:
    """Describe an Axes and read the description, as over the wire."""
    found = read_drawing(describe_axes(axes), Silent())
    assert found is not None
    return found


def plain(values: list[torch.Tensor], **options: Any) -> Axes:
    """Draw with matplotlib's own violins."""
    _, axes = plt.subplots()
    axes.violinplot([v.numpy() for v in values], **options)
    axes.set_xticks(range(1, len(values) + 1))
    return axes


def by_hand(values: list[torch.Tensor], points: int = 80) -> Axes:
    """Fill between two curves, with another kernel than a Gaussian."""
    _, axes = plt.subplots()
    for i, v in enumerate((v.numpy() for v in values), 1):
        width = 2.2 * v.std() * len(v) ** -0.2
        at = np.linspace(v.min() - width, v.max() + width, points)
        half = np.clip(1 - ((at[:, None] - v) / width) ** 2, 0, None).sum(1)
        axes.fill_betweenx(at, i - half / half.max() / 3, i + half / half.max() / 3)
    axes.set_xticks(range(1, len(values) + 1))
    return axes


def decorated(values: list[torch.Tensor]) -> Axes:
    """Add marks that are no violins."""
    axes = plain(values, showmeans=True, showmedians=True, quantiles=[[0.25, 0.75]] * len(values))
    axes.boxplot([v.numpy() for v in values], patch_artist=True, widths=0.1)
    axes.axhspan(-1, 1, alpha=0.2)
    axes.axvspan(1.5, 2.5, alpha=0.2)
    axes.fill_between([0, 1], 0, 1, transform=axes.transAxes, alpha=0.1)
    axes.fill_between([0.5, 3.5], [-0.1, -0.1], [0.1, 0.1], alpha=0.3)
    axes.scatter([1, 2, 3], [0, 0, 0])
    axes.bar([1, 2, 3], [1, 1, 1])
    axes.legend(["a"])
    axes.set_xticks([1, 2, 3])
    return axes


STYLES: dict[str, Callable[[list[torch.Tensor]], Axes]] = {
    "matplotlib": plain,
    "few points": lambda v: plain(v, points=20),
    "many points": lambda v: plain(v, points=5000),
    "narrow bandwidth": lambda v: plain(v, bw_method=0.15),
    "wide bandwidth": lambda v: plain(v, bw_method=1.0),
    "thin": lambda v: plain(v, widths=0.05),
    "no lines": lambda v: plain(v, showextrema=False),
    "half": lambda v: plain(v, **({"side": "high"} if mpl.__version_info__ >= (3, 9) else {})),
    "by hand": by_hand,
    "decorated": decorated,
}


@pytest.mark.parametrize("style", STYLES)
def test_styling_does_not_matter(style: str) -> None:
    """The violins of each library show their values, and the ticks count them."""
    drawing = read(STYLES[style](samples()))
    assert drawing.contents(CANDIDATES) == DUE
    assert drawing.counted()


SEABORN: list[dict[str, Any]] = [
    {},
    {"cut": 0},
    {"cut": 5},
    {"bw_adjust": 2.0},
    {"bw_adjust": 0.3},
    {"inner": "quart"},
    {"inner": "stick"},
    {"density_norm": "count"},
    {"fill": False},
    {"split": True},
    {"gridsize": 30},
]


@pytest.mark.parametrize("options", SEABORN, ids=str)
@pytest.mark.filterwarnings("ignore")
def test_seaborn_draws_them_too(options: dict[str, Any]) -> None:
    """Its places count from zero and its ends lie beyond the data; the texts of its ticks count."""
    import seaborn as sns

    _, axes = plt.subplots()
    sns.violinplot(data={str(i): v.numpy() for i, v in enumerate(samples(), 1)}, ax=axes, **options)
    drawing = read(axes)
    assert drawing.contents(CANDIDATES) == DUE
    assert drawing.counted()
    axes.set_xticks(range(3), ["0", "1", "2"])
    assert not read(axes).counted()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), bandwidth=st.floats(0.2, 1.2), points=st.integers(15, 300))
def test_the_right_values_are_near_and_others_far(seed: int, bandwidth: float, points: int) -> None:
    """For every draw and setting: below 0.04 for the drawn values, above it for half of them mixed with others."""
    plt.switch_backend("agg")
    values = samples(seed)
    violins = read(plain(values, bw_method=bandwidth, points=points)).violins()
    plt.close("all")
    for violin, own in zip(violins, values, strict=True):
        assert distance(violin, own) < 0.04
        assert distance(violin, own + 3.0) > 0.2
        assert distance(violin, torch.cat([own, own[:5] + 8.0])) == 1.0


def test_scales_do_not_matter() -> None:
    """Gradients of size 1e-12 are told apart too, because nothing is compared with a fixed size."""
    tiny = [1e-12 * v for v in samples()]
    assert read(plain(tiny)).contents({k: 1e-12 * v for k, v in CANDIDATES.items()}) == DUE


def test_other_values_are_not_taken_for_the_right_ones() -> None:
    """Another order, another tensor, more values, fewer violins."""
    values = samples()
    assert read(plain([values[1], values[0], values[2]])).contents(CANDIDATES) == ["2", "1", "3"]
    assert read(plain(values[:2])).contents(CANDIDATES) == ["1", "2"]
    assert read(plain([torch.cat([v, v[:6] + 4.0]) for v in values])).contents(CANDIDATES) == ["", "", ""]
    assert read(plain([v.abs() for v in values])).contents(CANDIDATES)[0] == ""
    assert read(plain([2 * v for v in values])).contents(CANDIDATES) == ["", "", ""]


def test_violins_that_lie_are_found_lying() -> None:
    """Read along the other axis, the values are right; read upright, they are not."""
    _, axes = plt.subplots()
    for i, v in enumerate(samples(), 1):
        at = np.linspace(float(v.min()), float(v.max()), 60)
        half = np.exp(-0.5 * ((at[:, None] - v.numpy()) / 0.5) ** 2).sum(1)
        axes.fill_between(at, i - half / half.max() / 3, i + half / half.max() / 3)
    drawing = read(axes)
    assert drawing.contents(CANDIDATES) == ["", "", ""]
    assert drawing.contents(CANDIDATES, lying=True) == DUE


def test_the_transcript_holds_names_not_outlines() -> None:
    """Two styles of the same values leave the same traces."""
    traces = []
    for style in ("matplotlib", "by hand", "wide bandwidth"):
        owner = Silent()
        drawing = read_drawing(describe_axes(STYLES[style](samples())), owner)
        assert drawing is not None
        drawing.contents(CANDIDATES)
        drawing.counted()
        traces.append(owner.entries)
    assert traces[0] == traces[1] == traces[2]


@pytest.mark.parametrize(
    ("ticks", "right"),
    [
        (([1, 2, 3], None), True),
        (([1.0, 2.0, 3.0], ["1", "2", "3"]), True),
        (([1, 2, 3], ["first", "second", "third"]), True),
        (([1, 2, 3], ["", "", ""]), True),
        (([0, 1, 2], None), False),
        (([0, 1, 2], ["1", "2", "3"]), False),
        (([1, 2, 3], ["0", "1", "2"]), False),
        (([1, 2, 3], ["3", "2", "1"]), False),
        (([1, 2], None), False),
        (([1, 1.5, 2, 2.5, 3], None), False),
        (([], None), False),
    ],
)
def test_ticks_have_to_count_the_violins(ticks: tuple[list[float], list[str] | None], right: bool) -> None:  # noqa: FBT001
    """Ticks count by their texts or by their places."""
    axes = plain(samples())
    axes.set_xticks(ticks[0], ticks[1])
    axes.set_xlim(0.25, 3.75)
    assert read(axes).counted() is right


def test_labels_and_titles_are_read() -> None:
    """Any of the three titles counts; blanks around it do not."""
    axes = plain(samples())
    axes.set_xlabel(" num_hidden")
    axes.set_title("grad", loc="left")
    drawing = read(axes)
    assert drawing.labelled("num_hidden")
    assert drawing.titled("grad")
    assert not drawing.titled("weight")
    assert not drawing.labelled("grad")


@pytest.mark.parametrize("value", [None, 1, "axes", plt, [plt]])
def test_what_is_no_axes_is_none(value: object) -> None:
    """A figure, a list of Axes or nothing at all."""
    assert describe_axes(value) is None
    assert describe_axes(plt.figure()) is None


# -- over the wire -----------------------------------------------------------------------------------------

NOTEBOOK = """
import matplotlib.pyplot as plt
import torch
from torch import nn

def draw(model, att="weight"):
    values = [m.weight.detach().flatten().numpy() for m in model.modules() if isinstance(m, nn.Linear)]
    plt.violinplot(values)
    plt.xticks(range(1, len(values) + 1))
    plt.title(att)
    return plt.gca()
def wrong(model): return plt.gcf()
def spoil(model):
    with torch.no_grad():
        model[0].weight.zero_()
    return draw(model)
def live(model): return {"a": model[0].weight.grad}
def copied(model): return {"a": model[0].weight.grad.clone()}
def by_hand(x): return 2 * x
def by_autograd(x):
    leaf = x.clone().requires_grad_()
    (leaf**2).sum().backward()
    return leaf.grad
def by_grad(x):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        return torch.autograd.grad((leaf**2).sum(), leaf)[0]
class Lying(plt.Axes):
    def get_xlabel(self): return 5
    def get_xticks(self): return ["no", "numbers"]
def lying(model):
    axes = Lying(plt.figure(), (0, 0, 1, 1))
    return axes
"""


@pytest.fixture(scope="module")
def zygote() -> Iterator[ZygoteProcess]:
    """A warm zygote without a sandbox, because this machine may lack one."""
    with ZygoteProcess(Tier.B, hidden=[], forbidden=()) as started:
        yield started


@pytest.fixture(params=["local", "remote"])
def student(request: pytest.FixtureRequest) -> Iterator[Student]:
    """The same notebook on both transports."""
    if request.param == "local":
        namespace: dict[str, Any] = {"__name__": "notebook"}
        exec(NOTEBOOK, namespace)
        yield Student(LocalTransport(namespace))
        return
    with ExitStack() as stack:
        zygote: ZygoteProcess = request.getfixturevalue("zygote")
        limits = WorkerLimits(memory_bytes=3 << 30, cpu_s=30, file_bytes=8 << 20, processes=16)
        worker = stack.enter_context(zygote.spawn(limits))
        cell = {"source": NOTEBOOK, "limit_s": 20.0, "limit_bytes": 100_000, "name": "cell 1"}
        assert worker.channel.request("cell", cell, 30)["error"] is None
        transport = RemoteTransport(worker.channel, 30.0)
        transport.restart_clock(30.0)
        yield Student(transport)


PLAN = sequential(linear(4, 5), tanh(), linear(5, 4))


def test_a_drawing_comes_over(student: Student) -> None:
    """Two calls draw into pyplot's current Axes: each call has its own figures, as each cell of a notebook has."""
    state = initial_state(PLAN)
    state["2.weight"] += 20
    model = student.tools.model(PLAN, state)
    for _ in range(2):
        drawing = student.tools.drawing("draw", model)
        assert drawing is not None
        assert drawing.contents({"a": state["0.weight"], "b": state["2.weight"]}) == ["a", "b"]
        assert drawing.titled("weight")
        assert drawing.counted()
    assert student.tools.changed_inputs() == []
    assert student.tools.drawing("wrong", model) is None
    assert student.tools.drawing("spoil", model) is not None
    assert student.tools.changed_inputs() == ["argument 1 (0.weight)"]


def test_an_axes_that_lies_ends_its_check_only(student: Student) -> None:
    """A class that the notebook defines may answer anything."""
    with pytest.raises((StudentError, StudentCrashed)):
        student.tools.drawing("lying", student.tools.model(PLAN))


@pytest.mark.parametrize(("name", "stays"), [("copied", True), ("live", False)])
def test_a_kept_result_shows_whether_it_is_a_copy(student: Student, name: str, stays: bool) -> None:  # noqa: FBT001
    """Only a live tensor shows what is added to .grad later."""
    model = student.tools.model(PLAN)
    model.set_grads({"0.weight": torch.ones(5, 4, dtype=torch.float64)})
    kept = student.tools.kept(name, model)
    model.add_grads({"0.weight": torch.ones(5, 4, dtype=torch.float64)})
    assert torch.equal(kept.value["a"], torch.ones(5, 4, dtype=torch.float64))
    assert torch.equal(kept.read()["a"], kept.value["a"]) is stays


def test_without_autograd_a_derivative_has_to_be_written(student: Student) -> None:
    """A gradient computed by hand works as always; backward and torch.autograd raise."""
    x = torch.tensor([1.0, -2.0], dtype=torch.float64)
    assert torch.equal(student.tools.without_autograd("by_hand", x), 2 * x)
    for name in ("by_autograd", "by_grad"):
        assert torch.equal(getattr(student, name)(x), 2 * x)
        with pytest.raises(StudentError):
            student.tools.without_autograd(name, x)


MALFORMED: list[object] = [
    1,
    [],
    {},
    {"titles": [], "ticks": [], "bodies": [1]},
    {"titles": [], "ticks": [], "bodies": [torch.zeros(4, 3, dtype=torch.float64)]},
    {"titles": [], "ticks": [], "bodies": [torch.zeros(4, 2)]},
    {"titles": [], "ticks": [(1, "1")], "bodies": []},
    {"titles": [], "ticks": [(float("nan"), "1")], "bodies": []},
    {"titles": [], "ticks": [[1.0, "1"]], "bodies": []},
    {"titles": "grad", "ticks": [], "bodies": []},
]


@pytest.mark.parametrize("value", MALFORMED)
def test_descriptions_of_another_form_are_refused(value: object) -> None:
    """A worker may send anything instead of a description."""
    with pytest.raises(StudentCrashed):
        read_drawing(value, Silent())


def test_polygons_of_any_shape_are_read_without_an_error() -> None:
    """Points, lines, infinities and loops are no violin, or one that shows no candidate."""
    infinity = float("inf")
    bodies = [
        torch.zeros(0, 2),
        torch.zeros(50, 2),
        torch.rand(50, 2) * torch.tensor([0.0, 1.0]),
        torch.rand(50, 2) * torch.tensor([1.0, 0.0]),
        torch.full((50, 2), float("nan")),
        torch.full((50, 2), infinity),
        torch.rand(50, 2) * 1e300,
        torch.rand(50, 2) * 1e-300,
        torch.rand(4096, 2),
    ]
    value = {"titles": [3], "ticks": [], "bodies": [b.double() for b in bodies], "x_label": 7}
    drawing = read_drawing(value, Silent())
    assert drawing is not None
    assert set(drawing.contents(CANDIDATES)) <= {""}
    assert not drawing.counted()
