"""Every choice of a backend or a format ends as inline PNG, with the pixels that Jupyter shows."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator

import matplotlib.image
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from autograder.course.notebook.read import RunCell
from autograder.sandbox.gallery import Gallery
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.session import CellOutcome, Session, SessionLimits
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

LIMITS = SessionLimits(
    cell_s=20,
    check_s=5,
    submission_s=120,
    output_bytes=4 << 20,
    worker=WorkerLimits(memory_bytes=3 << 30, cpu_s=60, file_bytes=8 << 20, processes=16),
)
#: A legend outside the axes: without a tight box it would be cut.
LEGEND = """
import matplotlib.pyplot as plt
plt.plot([1, 3, 2], label='a curve with a long name')
plt.legend(loc='upper left', bbox_to_anchor=(1.02, 1.0))
"""
PLOTS = {
    "a legend outside": LEGEND,
    "a title above two": "fig, a = plt.subplots(1, 2)\na[0].plot([1, 2])\nfig.suptitle('t', y=1.1)",
    "constrained": "fig, a = plt.subplots(2, 1, layout='constrained')\na[0].set_ylabel('long\\nlabel')",
    "tight layout": "fig, a = plt.subplots(2, 2)\na[0, 0].set_title('title')\nfig.tight_layout()",
    "a colour bar": "plt.imshow([[1, 2], [3, 4]]); plt.colorbar(label='values')",
    "a text beside": "plt.plot([1, 2]); plt.text(2.5, 1, 'beside the axes')",
    "a background": "plt.figure(facecolor='lightblue', dpi=60); plt.plot([1, 2])",
    "three dimensions": "ax = plt.figure().add_subplot(projection='3d'); ax.plot([1, 2], [3, 4], [5, 6])",
    "two figures": "plt.plot([1, 2]); plt.figure(figsize=(2, 2)); plt.plot([3, 1])",
    "in no box": "%config InlineBackend.print_figure_kwargs = {'bbox_inches': None}\n" + LEGEND,
    "in a wide box": "%config InlineBackend.print_figure_kwargs = {'bbox_inches': 'tight', 'pad_inches': 1}\n" + LEGEND,
    "in a tight box again": "%config InlineBackend.print_figure_kwargs = {'bbox_inches': 'tight'}\n" + LEGEND,
    "twice as sharp": "%config InlineBackend.figure_format = 'retina'\n" + LEGEND,
}


@pytest.fixture(scope="module")
def warm() -> Iterator[ZygoteProcess]:
    """Run workers in the strongest tier of this machine."""
    with ZygoteProcess(choose_tier(Tier.C).tier) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def in_jupyter() -> dict[str, list[np.ndarray]]:
    """Draw all plots in a Jupyter kernel."""
    sources = ["import matplotlib.pyplot as plt\n%matplotlib inline", *PLOTS.values()]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return {name: pixels(cell.outputs) for name, cell in zip(PLOTS, notebook.cells[1:], strict=True)}


Show = Callable[..., list[CellOutcome]]


@pytest.fixture
def show(warm: ZygoteProcess) -> Show:
    """Run cells as a notebook, and draw what they show."""

    def run(*sources: str, undrawn: bool = True) -> list[CellOutcome]:
        session = Session(warm, LIMITS, [RunCell(i, f"cell {i}", source) for i, source in enumerate(sources)])
        session.undrawn = undrawn
        try:
            session.run()
        finally:
            session.close()
        hung = Gallery().hang(session.outcomes, warm, LIMITS)
        return [hung[i] for i in range(len(sources))]

    return run


def pixels(outputs: object) -> list[np.ndarray]:
    """Return the pixels of a cell's pictures."""
    assert isinstance(outputs, list)
    found = [o["data"]["image/png"] for o in outputs if "image/png" in o.get("data", {})]
    return [matplotlib.image.imread(io.BytesIO(base64.b64decode(text))) for text in found]


def complaints(outcome: CellOutcome) -> str:
    """Return what a cell printed on stderr."""
    return "".join(o["text"] for o in outcome.outputs if o.get("name") == "stderr")


@pytest.mark.parametrize("undrawn", [True, False], ids=["later", "at-once"])
def test_pictures_are_those_of_jupyter(show: Show, in_jupyter: dict[str, list[np.ndarray]], *, undrawn: bool) -> None:
    """Pixel by pixel, whether they are drawn when they are shown, or later by another worker."""
    _, *outcomes = show("import matplotlib.pyplot as plt\n%matplotlib inline", *PLOTS.values(), undrawn=undrawn)
    for (name, expected), outcome in zip(in_jupyter.items(), outcomes, strict=True):
        drawn = pixels(outcome.outputs)
        assert expected, name
        assert len(drawn) == len(expected), name
        assert all(np.array_equal(a, b) for a, b in zip(drawn, expected, strict=True)), name
        assert outcome.fault is None, name


def test_a_sharp_figure_leaves_undrawn(warm: ZygoteProcess) -> None:
    """It costs a notebook as little as any other figure."""
    source = "%config InlineBackend.figure_format = 'retina'\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    session = Session(warm, LIMITS, [RunCell(0, "cell 0", source)])
    session.undrawn = True
    try:
        session.run()
    finally:
        session.close()
    assert ["undrawn" in o for o in session.outcomes[0].outputs] == [True]


CHOICES = {
    "a widget": "%matplotlib widget",
    "ipympl": "%matplotlib ipympl",
    "the old notebook": "%matplotlib notebook",
    "a window": "%matplotlib qt",
    "another window": "%matplotlib tk",
    "whatever there is": "%matplotlib",
    "no screen": "%matplotlib agg",
    "nothing known": "%matplotlib colab",
    "pylab": "%pylab qt",
    "by a call": "get_ipython().run_line_magic('matplotlib', 'notebook')",
    "as converted notebooks say it": "get_ipython().magic('matplotlib inline')\nget_ipython().magic('%matplotlib qt')",
    "by a method": "get_ipython().enable_matplotlib('osx')",
    "a toolkit": "%gui qt",
    "before anything": "import matplotlib\nmatplotlib.use('Agg')",
    "a window before anything": "import matplotlib as mpl\nmpl.use('TkAgg')",
    "a module": "import matplotlib\nmatplotlib.use('module://ipympl.backend_nbagg', force=True)",
    "as it was once": "import matplotlib\nmatplotlib.use('TkAgg', warn=False)",
    "of no such name": "import matplotlib\nmatplotlib.use('nonsense', force=False)",
    "after the fact": "import matplotlib.pyplot as plt\nplt.switch_backend('agg')",
    "a window after the fact": "import matplotlib.pyplot as plt\nplt.switch_backend('Qt5Agg')",
    "to print": "import matplotlib.pyplot as plt\nplt.switch_backend('svg')",
    "a variable": "import os\nos.environ['MPLBACKEND'] = 'TkAgg'",
    "a variable by a magic": "%env MPLBACKEND=agg",
    "a setting": "import matplotlib\nmatplotlib.rcParams['backend'] = 'agg'",
    "a setting of plots": "import matplotlib.pyplot as plt\nplt.rcParams.update({'backend': 'nbAgg'})",
    "a setting, then inline": "import matplotlib as m\nm.rcParams['backend'] = 'nbAgg'\n%matplotlib inline",
    "a setting and a format": "import matplotlib as m\nm.rcParams['backend'] = 'nbAgg'\n"
    "%config InlineBackend.figure_format = 'svg'",
    "settings by default": "import matplotlib.pyplot as plt\nplt.rcdefaults()",
    "interactive": "import matplotlib.pyplot as plt\nplt.ion()",
    "SVG": "%config InlineBackend.figure_format = 'svg'",
    "SVG and PDF": "%config InlineBackend.figure_formats = {'svg', 'pdf'}",
    "JPEG": "%config InlineBackend.figure_format = 'jpeg'",
    "JPEG in a quality": "from matplotlib_inline.backend_inline import set_matplotlib_formats as f\n"
    "f('jpeg', pil_kwargs={'quality': 90}, quality=90)",
    "SVG by a call": "import matplotlib_inline.backend_inline as b\nb.set_matplotlib_formats('svg')",
    "SVG by the old call": "from IPython.display import set_matplotlib_formats\nset_matplotlib_formats('svg', 'pdf')",
    "SVG as books write it": "from IPython import display\ndisplay.set_matplotlib_formats('svg')",
    "SVG with a date": "%config InlineBackend.figure_format = 'svg'\n"
    "%config InlineBackend.print_figure_kwargs = {'bbox_inches': 'tight', 'metadata': {'Date': None}}",
    "of no such format": "%config InlineBackend.figure_format = 'webp'",
    "by IPython's helper": "from IPython.core.pylabtools import select_figure_formats\n"
    "select_figure_formats(get_ipython(), {'svg'})",
}


@pytest.mark.parametrize(
    "choice",
    # Every third one; the others only differ in where a setting stands.
    [pytest.param(c, marks=[pytest.mark.full] * (number % 3 != 0)) for number, c in enumerate(CHOICES.values())],
    ids=CHOICES.keys(),
)
def test_every_choice_ends_as_inline_and_png(show: Show, in_jupyter: dict[str, list[np.ndarray]], choice: str) -> None:
    """In the same cell, in a later one, and by `plt.show()`: there is one picture each, and no error."""
    chosen, same, shown = show(f"{choice}\n{LEGEND}", LEGEND, f"{LEGEND}\nplt.show()\nprint(1)")
    (expected,) = in_jupyter["a legend outside"]
    for outcome in (chosen, same, shown):
        assert outcome.fault is None
        assert not complaints(outcome)
        (drawn,) = pixels(outcome.outputs)
        assert np.array_equal(drawn, expected)
        assert not any("image/svg+xml" in o.get("data", {}) for o in outcome.outputs)


def test_figures_stay_open_where_a_notebook_wants_it(show: Show) -> None:
    """`set_matplotlib_close` also works under its old name."""
    first, second = show(
        "from IPython.display import set_matplotlib_close\nset_matplotlib_close(False)\n" + LEGEND,
        "plt.title('added later')\nplt.gcf()",
    )
    assert len(pixels(first.outputs)) == 1
    assert pixels(second.outputs)
    assert second.fault is None


def test_a_saved_figure_has_the_format_of_its_name(show: Show, warm: ZygoteProcess) -> None:
    """Only shown pictures are PNG."""
    source = "import io\nimport matplotlib.pyplot as plt\nfile = io.BytesIO()\nplt.plot([1, 2])\n"
    svg, pdf = show(
        f"{source}plt.savefig(file, format='svg')\nprint(b'<svg' in file.getvalue())",
        f"{source}plt.savefig(file, format='pdf')\nprint(file.getvalue()[:4])",
    )
    assert [o["text"] for o in svg.outputs if o.get("name") == "stdout"] == ["True\n"]
    assert [o["text"] for o in pdf.outputs if o.get("name") == "stdout"] == ["b'%PDF'\n"]
