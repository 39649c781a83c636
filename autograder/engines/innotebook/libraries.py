"""What to load once for all students: the heavy libraries that the assignment itself imports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from autograder.engines.innotebook.release_record import Recorded

__all__ = ["libraries_of"]

#: Those that start no thread when they are loaded: a fork would leave it behind.
_HEAVY = frozenset({"torch", "pandas", "scipy", "sklearn", "seaborn", "sympy", "networkx"})
_IMPORT = re.compile(r"\b(?:import|from)\s+([A-Za-z_]\w*)")
_MAX_CHARS = 20 << 20


def libraries_of(recorded: Recorded, folders: Iterable[Path]) -> tuple[str, ...]:
    """Return the libraries that the recorded cells, or the notebooks in these folders, name."""
    texts = [c.source for n in recorded.notebooks for c in n.source_cells]
    for folder in folders:
        paths = sorted(folder.glob("*.ipynb"))
        texts += [path.read_text(encoding="utf-8", errors="replace")[:_MAX_CHARS] for path in paths]
    return tuple(sorted({name for text in texts for name in _IMPORT.findall(text)} & _HEAVY))
