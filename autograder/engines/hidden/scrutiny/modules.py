"""Which module a dotted name is: `torch.nn.functional.torch` is torch, because modules hold what they import."""

from __future__ import annotations

import sys
from types import ModuleType

from autograder.engines.hidden.scrutiny.vocabulary import ANYWHERE, MEANS, TEXT_MEANS

__all__ = ["may_have", "own_name"]

#: Modules that others hold under a name of their own.
_SHORT = {"np": "numpy", "_np": "numpy", "_os": "os", "_sys": "sys", "_torch": "torch", "_functools": "functools"}
#: Modules that reading looks for; others may be named as they like.
_KNOWN = {name.partition(".")[0] for name in MEANS | ANYWHERE | TEXT_MEANS} | {
    "torch",
    "numpy",
    "builtins",
    "scipy",
    "sklearn",
}


def own_name(owner: str, attribute: str) -> str | None:
    """Return the own name of the module that is an attribute of another one; None if it is no module, or below it.

    What this process has loaded is looked up, without loading anything; of other modules the attribute's name tells.
    """
    module = sys.modules.get(owner)
    if module is not None and attribute in vars(module):
        value = vars(module)[attribute]
        name = getattr(value, "__name__", None) if isinstance(value, ModuleType) else None
        return name if isinstance(name, str) and name != f"{owner}.{attribute}" else None
    known = _SHORT.get(attribute, attribute)
    return known if known in _KNOWN else None


def may_have(module: str, name: str) -> bool:
    """Whether a module has a name, or is not loaded here, so that nobody knows."""
    loaded = sys.modules.get(module)
    return loaded is None or name in vars(loaded)
