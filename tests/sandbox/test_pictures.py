"""Figures that leave a notebook undrawn: the same pictures as ever, drawn once for all that are alike."""

from __future__ import annotations

import base64
import dataclasses
import io
import pickle
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from autograder.course.notebook.read import RunCell
from autograder.sandbox.gallery import Gallery
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.session import CellOutcome, Session, SessionLimits
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

LIMITS = SessionLimits(
    cell_s=30,
    check_s=5,
    submission_s=60,
    output_bytes=300_000,
    worker=WorkerLimits(memory_bytes=3 << 30, cpu_s=60, file_bytes=8 << 20, processes=16),
)
CURVE = """
import math
import matplotlib.pyplot as plt
x = [i / 10 for i in range(40)]
fig, axes = plt.subplots(1, 2)
axes[0].plot(x, [math.sin(v) * {factor!r} for v in x], label='sine')
axes[0].legend()
axes[1].hist([1, 2, 2, 3], bins=3)
axes[0].set_title({title!r})
plt.show()
"""
Show = Callable[..., list[CellOutcome]]


@pytest.fixture(scope="module")
def warm() -> Iterator[ZygoteProcess]:
    """Run workers as this machine can."""
    with ZygoteProcess(choose_tier(Tier.C).tier) as zygote:
        yield zygote


@pytest.fixture
def spawned(warm: ZygoteProcess, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note every worker that is started."""
    found: list[str] = []
    spawn = warm.spawn

    def counted(limits: WorkerLimits, *names: Any, **options: Any) -> Any:
        found.append("worker")
        return spawn(limits, *names, **options)

    monkeypatch.setattr(warm, "spawn", counted)
    return found


@pytest.fixture
def show(warm: ZygoteProcess) -> Show:
    """Run cells as a notebook, and hang what they show."""

    def run(*sources: str, gallery: Gallery | None = None, undrawn: bool = True) -> list[CellOutcome]:
        session = Session(warm, LIMITS, [RunCell(i, f"cell {i}", source) for i, source in enumerate(sources)])
        session.undrawn = undrawn
        try:
            session.run()
        finally:
            session.close()
        hung = (gallery or Gallery()).hang(session.outcomes, warm, LIMITS)
        return [hung[i] for i in range(len(sources))]

    return run


def pictures(outcome: CellOutcome) -> list[np.ndarray]:
    """Return the pixels of a cell's pictures."""
    found = [o["data"]["image/png"] for o in outcome.outputs if "image/png" in o.get("data", {})]
    return [matplotlib.image.imread(io.BytesIO(base64.b64decode(text))) for text in found]


def texts(outcome: CellOutcome) -> str:
    """Return what a cell printed."""
    return "".join(o["text"] for o in outcome.outputs if o["output_type"] == "stream")


SAME = {
    "a curve, a legend and a histogram": CURVE.format(factor=1.0, title="a"),
    "after the magic that many notebooks begin with": "%matplotlib inline\n" + CURVE.format(factor=1.0, title="a"),
    "in a style": "import matplotlib.pyplot as plt\nplt.style.use('ggplot')" + CURVE.format(factor=2.0, title="b"),
    "tensors": "import torch, matplotlib.pyplot as plt\nplt.plot(torch.arange(4.0), torch.ones(4)); plt.semilogy()",
    "an image": "import numpy as np, matplotlib.pyplot as plt\nplt.imshow(np.eye(5)); plt.colorbar()",
    "a result": "import matplotlib.pyplot as plt\nfig, a = plt.subplots(); a.plot([1, 2]); plt.close(); fig",
    "violins": "import numpy as np, matplotlib.pyplot as plt\nplt.violinplot([np.arange(9.0), np.arange(5.0) ** 2])",
    "an artist of the notebook's own": (
        "import matplotlib.pyplot as plt\nfrom matplotlib.lines import Line2D\n"
        "class Thick(Line2D):\n    def draw(self, renderer):\n"
        "        self.set_linewidth(9)\n        super().draw(renderer)\n"
        "plt.gca().add_line(Thick([0, 1], [0, 1]))"
    ),
    "a formatter that no pickle holds": (
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
        "plt.gca().xaxis.set_major_formatter(lambda value, position: f'<{value}>')"
    ),
    "twice as sharp": (
        "%config InlineBackend.figure_format = 'retina'\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])"
    ),
}


@pytest.mark.parametrize("source", SAME.values(), ids=SAME.keys())
def test_a_picture_is_what_it_would_have_been(show: Show, source: str) -> None:
    """Drawn later by another worker, it has the same pixels; a figure that cannot be sent is drawn at once."""
    (late,) = show(source)
    (at_once,) = show(source, undrawn=False)
    (one,), (other,) = pictures(late), pictures(at_once)
    assert late.fault is None
    assert not texts(late)
    assert np.array_equal(one, other)


@pytest.mark.parametrize("call", ["semilogy([1, 2])", "imshow([[1, 2]], norm='log')", "contourf([[1, 2], [3, 4]])"])
def test_usual_plots_wait(show: Show, spawned: list[str], call: str) -> None:
    """Another worker draws them, once for all notebooks that have the same plot."""
    show(f"import matplotlib.pyplot as plt\nplt.{call}")
    assert len(spawned) == 2


def test_what_looks_alike_is_drawn_once(show: Show, spawned: list[str]) -> None:
    """A rounding error makes no other picture; another curve or another title does."""
    gallery = Gallery()
    (first,) = show(CURVE.format(factor=1.0, title="a"), gallery=gallery)
    assert len(spawned) == 2
    (again,) = show(CURVE.format(factor=1.0, title="a"), gallery=gallery)
    (rounded,) = show(CURVE.format(factor=1.0 + 1e-13, title="a"), gallery=gallery)
    assert len(spawned) == 4
    (higher,) = show(CURVE.format(factor=1.1, title="a"), gallery=gallery)
    (named,) = show(CURVE.format(factor=1.0, title="b"), gallery=gallery)
    assert len(spawned) == 8
    assert np.array_equal(pictures(first)[0], pictures(again)[0])
    assert np.array_equal(pictures(first)[0], pictures(rounded)[0])
    assert not np.array_equal(pictures(first)[0], pictures(higher)[0])
    assert not np.array_equal(pictures(first)[0], pictures(named)[0])


def test_what_is_kept_is_bounded_numbers_included(
    show: Show, spawned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker may claim millions of numbers: such a figure is drawn, and drawn again."""
    source = CURVE.format(factor=1.0, title="a")
    (outcome,) = show(source)
    [text] = [o["data"]["image/png"] for o in outcome.outputs if "image/png" in o.get("data", {})]
    monkeypatch.setattr("autograder.sandbox.gallery.MAX_KEPT_BYTES", len(text) + 100)
    gallery = Gallery()
    spawned.clear()
    for _ in range(2):
        assert pictures(show(source, gallery=gallery)[0])
    assert len(spawned) == 4


def test_a_plot_that_cannot_be_drawn_says_why(show: Show) -> None:
    """The notebook goes on, as in Jupyter."""
    bad = "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title(r'$\\frac{1$')\nplt.show()\nprint('on')"
    outcome, after = show(bad, "print(1 + 1)")
    assert not pictures(outcome)
    assert "could not be drawn" in texts(outcome)
    assert "on\n" in texts(outcome)
    assert outcome.fault is None
    assert texts(after) == "2\n"


def test_pictures_count_as_what_a_cell_shows(show: Show) -> None:
    """A small figure may make a large picture: it is left out, and the cell's output counts as cut."""
    large = (
        "import numpy as np, matplotlib.pyplot as plt\nnp.random.seed(1)\n"
        "plt.figure(figsize=(40, 40)); plt.imshow(np.random.randint(0, 9, (120, 120)).astype(np.int8),"
        "\n    cmap='jet', interpolation='bilinear')"
    )
    (outcome,) = show(large)
    assert not pictures(outcome)
    assert "could not be drawn" in texts(outcome)
    assert outcome.cut


class _Evil:
    """Once unpickled, draws what it likes, now and later."""

    def __reduce__(self) -> Any:
        code = (
            "from autograder.sandbox.worker import pictures as p\n"
            "honest = p._Waiting.at_once\n"
            "def forge(figure, **options):\n"
            "    if hasattr(figure, 'suptitle'):\n        figure.suptitle('forged')\n"
            "    return honest(figure, **options)\n"
            "p._Waiting.at_once = staticmethod(forge)"
        )
        return exec, (code, {})


def test_a_pickle_that_runs_code_changes_nobody_elses_picture(show: Show, warm: ZygoteProcess) -> None:
    """Nothing is unpickled by the judge, and whoever unpickled one draws no other."""
    gallery = Gallery()
    evil = {"figure": zlib.compress(pickle.dumps((_Evil(), {}, {}))), "numbers": []}
    output = {"output_type": "display_data", "data": {"text/plain": "a figure"}, "metadata": {}, "undrawn": evil}
    hung = gallery.hang({0: CellOutcome([output])}, warm, LIMITS)
    assert not pictures(hung[0])
    assert "could not be drawn" in texts(hung[0])
    source = CURVE.format(factor=1.0, title="a")
    (late,), (at_once,) = show(source, gallery=gallery), show(source, undrawn=False)
    assert np.array_equal(pictures(late)[0], pictures(at_once)[0])


CLAIMS = {
    "no mapping": [1],
    "numbers of another type": {"figure": b"", "numbers": [np.zeros(3, dtype=np.int64)]},
    "no numbers": {"figure": b"", "numbers": None},
    "no bytes": {"figure": "1", "numbers": []},
    "no pickle": {"figure": b"%%%", "numbers": []},
}


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
def test_any_claim_about_a_figure_is_borne(warm: ZygoteProcess, claim: object) -> None:
    """A worker may claim anything: its cell is shown without a picture."""
    output = {"output_type": "display_data", "data": {"text/plain": "a figure"}, "undrawn": claim}
    hung = Gallery().hang({0: CellOutcome([output])}, warm, LIMITS)
    assert not pictures(hung[0])
    assert hung[0].outputs[0]["data"] == {"text/plain": "a figure"}


EIGHT = """
import matplotlib.pyplot as plt
print('first')
for i in range(8):
    fig, axes = plt.subplots(2, 2)
    for a in axes.flat:
        a.plot([1, 2, i])
    plt.show()
print('last')
"""
SIMPLE = """
import matplotlib.pyplot as plt
print('first')
for i in range(35):
    plt.plot([1, 2, i])
    plt.show()
print('last')
"""
NOISE = """
import matplotlib.pyplot as plt
import numpy as np
print('first')
r = np.random.default_rng(0)
for i in range(3):
    plt.imshow(r.random((400, 400, 3)))
    plt.show()
print('last')
"""
DISPLAYS = """
from IPython.display import display
for i in range(2_000):
    display('é' * 400)
"""
MANY = {
    "eight figures of four plots": (EIGHT, 8),
    "35 simple plots": (SIMPLE, 35),
    "more than a cell may show": (NOISE, None),
}


@pytest.mark.parametrize(("source", "count"), MANY.values(), ids=MANY.keys())
def test_many_plots_cost_no_print(warm: ZygoteProcess, source: str, count: int | None) -> None:
    """Printed text is always kept; plots that do not fit are left out, and a line says so."""
    limits = dataclasses.replace(LIMITS, output_bytes=(4 << 20) if count else 300_000)
    session = Session(warm, limits, [RunCell(0, "cell 0", source)])
    session.undrawn = True
    try:
        session.run()
    finally:
        session.close()
    (outcome,) = Gallery().hang(session.outcomes, warm, limits, session.spare_s).values()
    assert texts(outcome).startswith("first\n")
    assert "last\n" in texts(outcome)
    if count is None:
        assert outcome.cut
        assert "a cell may show 292 KiB" in texts(outcome)
    else:
        assert len(pictures(outcome)) == count
        assert not outcome.cut


@pytest.mark.parametrize("source", ["print('é' * 800_000)", DISPLAYS], ids=["printed", "displayed"])
def test_letters_beyond_ascii_are_kept(warm: ZygoteProcess, source: str) -> None:
    """1.6 MB of UTF-8 are within a limit of 4 MiB, although they are longer in JSON."""
    limits = dataclasses.replace(LIMITS, output_bytes=4 << 20)
    session = Session(warm, limits, [RunCell(0, "cell 0", source)])
    try:
        session.run()
    finally:
        session.close()
    outcome = session.outcomes[0]
    assert not outcome.cut
    assert sum(str(o).count("é") for o in outcome.outputs) == 800_000


def test_a_notebook_has_one_budget_for_all_that_it_shows(warm: ZygoteProcess) -> None:
    """Each cell is within its own limit; together they are not, and the last ones are left out with a note."""
    limits = dataclasses.replace(LIMITS, outputs_bytes=1 << 20)
    session = Session(warm, limits, [RunCell(i, f"cell {i}", "print('x' * 200_000)") for i in range(8)])
    try:
        session.run()
    finally:
        session.close()
    kept = [len(texts(session.outcomes[i])) for i in range(8)]
    assert kept[:5] == [200_001] * 5
    assert sum(kept) < (1 << 20) + 1000
    assert "a notebook may show 1 MiB" in texts(session.outcomes[7])
    assert session.crowded is not None
    assert session.crowded.name == "cell 5"


def test_all_plots_together_have_the_time_that_is_left(warm: ZygoteProcess) -> None:
    """Pickles that sleep delay the judge no longer than one cell may take."""
    limits = dataclasses.replace(LIMITS, cell_s=1.0)
    sleeping = [zlib.compress(pickle.dumps((_Sleeper(), number, {}))) for number in range(6)]
    outputs: list[Mapping[str, Any]] = [
        {"output_type": "display_data", "data": {"text/plain": "x"}, "undrawn": {"figure": figure, "numbers": []}}
        for figure in sleeping
    ]
    began = time.monotonic()
    hung = Gallery().hang({0: CellOutcome(outputs)}, warm, limits)
    assert time.monotonic() - began < 5.0
    assert "the time for the plots of this notebook was used up" in texts(hung[0])


class _Sleeper:
    """Once unpickled, sleeps."""

    def __reduce__(self) -> Any:
        return exec, ("import time; time.sleep(60)", {})
