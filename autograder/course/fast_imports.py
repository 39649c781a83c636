"""Import this before nbformat: it leaves out what nbformat's validator would build and nothing here needs.

`load_nbgrader` does the same for nbgrader; call it before the first import of nbgrader.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

__all__ = ["load_nbgrader"]

_EXTENSIONS = "nbgrader.server_extensions"
_OF_A_SERVER = ("assignment_list", "course_list", "validate_assignment", "formgrader")


def _stand_in(name: str) -> types.ModuleType:
    """Return a module with the one function that nbgrader takes from its extension, which loads the real one."""

    def load(app: Any) -> None:
        importlib.import_module(name).load_jupyter_server_extension(app)

    module = types.ModuleType(name)
    module.load_jupyter_server_extension = load  # type: ignore[attr-defined]
    return module


def load_nbgrader() -> None:
    """Load nbgrader without its Jupyter extensions, which take a third of its start; they can still be imported."""
    if "nbgrader" in sys.modules:
        return
    placed = {name: _stand_in(name) for name in (f"{_EXTENSIONS}.{part}" for part in _OF_A_SERVER)}
    sys.modules.update(placed)
    try:
        importlib.import_module("nbgrader")
    finally:
        for name in placed:
            del sys.modules[name]
        package = sys.modules.get(_EXTENSIONS)
        for part in _OF_A_SERVER:
            if package is not None and part in vars(package):
                delattr(package, part)


# jsonschema knows international addresses by a grammar whose construction takes a second.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
