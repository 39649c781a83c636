"""Backends and styles: every choice ends as inline, and the pictures are kept (item 1)."""

from __future__ import annotations

from dataclasses import replace

from real.habit import Habit, by_turns, texts

__all__ = ["HABITS"]

_ON_TOP = {
    "matplotlib-widget": "%matplotlib widget",
    "matplotlib-notebook": "%matplotlib notebook",
    "matplotlib-ipympl": "%matplotlib ipympl",
    "matplotlib-qt": "%matplotlib qt",
    "matplotlib-qt5": "%matplotlib qt5",
    "matplotlib-tk": "%matplotlib tk",
    "matplotlib-bare": "%matplotlib",
    "matplotlib-inline": "%matplotlib inline",
    "matplotlib-list": "%matplotlib --list\n%matplotlib inline",
    "gui-tk": "%gui tk",
    "pylab": "%pylab inline --no-import-all",
    "use-tkagg": "import matplotlib\nmatplotlib.use('TkAgg')",
    "use-qt5agg": "import matplotlib as mpl\nmpl.use('Qt5Agg', force=True)",
    "use-agg": "import matplotlib\nmatplotlib.use('Agg')",
    "use-ipympl": "import matplotlib\nmatplotlib.use('module://ipympl.backend_nbagg')",
    "use-macosx": "import matplotlib\nmatplotlib.use('macosx')",
    "mplbackend": "import os\nos.environ['MPLBACKEND'] = 'TkAgg'",
    "retina": "%config InlineBackend.figure_format = 'retina'",
    "svg": "%config InlineBackend.figure_format = 'svg'",
    "svg-and-pdf": "%config InlineBackend.figure_formats = ['svg', 'pdf']",
    "rc-of-inline": "%config InlineBackend.rc = {'figure.figsize': (10, 6)}\n%config InlineBackend.close_figures = True",
    "formats-by-ipython": "from IPython.display import set_matplotlib_formats\nset_matplotlib_formats('svg', 'pdf')",
    "formats-by-matplotlib-inline": "import matplotlib_inline.backend_inline\n"
    "matplotlib_inline.backend_inline.set_matplotlib_formats('svg')",
    "formats-retina-by-matplotlib-inline": "from matplotlib_inline.backend_inline import set_matplotlib_formats\n"
    "set_matplotlib_formats('retina', 'pdf')",
    "through-get-ipython": "get_ipython().run_line_magic('matplotlib', 'notebook')",
}

_AFTER = {
    "switch-tkagg": "plt.switch_backend('TkAgg')",
    "switch-agg": "plt.switch_backend('agg')",
    "switch-nbagg": "plt.switch_backend('nbAgg')",
    "rcparams-backend": "plt.rcParams['backend'] = 'TkAgg'",
    "style-of-seaborn": "plt.style.use('seaborn-v0_8-whitegrid')",
    "style-that-was-renamed": "plt.style.use('seaborn')\nplt.rcParams['figure.figsize'] = (8, 4)",
    "style-dark": "plt.style.use(['dark_background', 'fivethirtyeight'])",
    "xkcd": "plt.xkcd()",
    "interactive-on": "plt.ion()",
    "large-dpi": "plt.rcParams.update({'figure.dpi': 200, 'savefig.dpi': 200, 'font.size': 14})",
    "font-that-is-not-here": "plt.rcParams['font.family'] = 'Times New Roman'\nplt.rcParams['axes.unicode_minus'] = False",
    "legend-outside": "plt.plot([1, 2], label='a')\nplt.legend(loc='upper left', bbox_to_anchor=(1.05, 1))\nplt.show()",
    "seaborn-theme": "import seaborn as sns\nsns.set_theme(style='whitegrid')\nsns.set_palette('deep')",
    "figures-left-open": "for _ in range(25):\n    plt.figure()",
    "widgets": "from ipywidgets import interact\n@interact(k=(1, 5))\ndef show(k=2):\n    print(k)",
}

#: No LaTeX is installed, so nothing can be drawn afterwards: the pictures are lost, but no point is.
_NO_PICTURES = {"latex-in-figures": "plt.rcParams.update({'text.usetex': True})"}

HABITS: list[Habit] = by_turns(
    [
        *(replace(h, pictures=True) for h in texts("on-top", 1, _ON_TOP)),
        *(replace(h, pictures=True) for h in texts("after-imports", 1, _AFTER)),
        *texts("after-imports", 2, _NO_PICTURES),
    ]
)
