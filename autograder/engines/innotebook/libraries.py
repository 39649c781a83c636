"""What to load once for all students: the heavy libraries that the assignment itself imports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.engines.innotebook.release_record import Recorded

__all__ = ["libraries_of"]

#: Libraries that load slowly and do nothing else meanwhile. The zygote itself leaves out one that starts a thread.
_HEAVY = frozenset(
    {
        "altair",
        "bokeh",
        "cv2",
        "joblib",
        "networkx",
        "nltk",
        "pandas",
        "plotly",
        "polars",
        "pyarrow",
        "scipy",
        "seaborn",
        "skimage",
        "sklearn",
        "statsmodels",
        "sympy",
        "torch",
        "torchvision",
        "xarray",
    }
)
_IMPORT = re.compile(r"\bimport[ \t]+([A-Za-z_][\w., \t]*)|\bfrom[ \t]+([A-Za-z_][\w.]*)[ \t]+import\b")
_NAME = re.compile(r"[A-Za-z_][\w.]*\w|[A-Za-z_]")
_MAX_CHARS = 20 << 20


def libraries_of(
    recorded: Recorded, folders: Iterable[Path], *, preload: Iterable[str] = (), leave_out: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the modules of heavy libraries that the recorded cells or the notebooks in these folders import.

    Args:
        recorded: the released cells.
        folders: where the instructor's notebooks are.
        preload: modules that the course wants loaded even if no notebook imports them.
        leave_out: libraries that are not to be loaded.
    """
    texts = [c.source for n in recorded.notebooks for c in n.source_cells]
    for folder in folders:
        paths = sorted(folder.glob("*.ipynb"))
        texts += [path.read_text(encoding="utf-8", errors="replace")[:_MAX_CHARS] for path in paths]
    found = {name for text in texts for name in _imported(text) if name.partition(".")[0] in _HEAVY} | {*preload}
    # A library stands before its own modules.
    names = found | {name.partition(".")[0] for name in found}
    unwanted = tuple(leave_out)
    return tuple(sorted(n for n in names if not any(n == u or n.startswith(f"{u}.") for u in unwanted)))


def _imported(text: str) -> Iterator[str]:
    """Yield the modules that a text imports: `a` and `b.c` for `import a, b.c as d`."""
    for found in _IMPORT.finditer(text):
        if found[2]:
            yield found[2]
            continue
        for part in found[1].split(","):
            name = _NAME.match(part.strip())
            if name is not None:
                yield name[0]
