"""Functions that stand for earlier exercises and are computed in another process: only values go there and come back.

This process does not hold their code.
"""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from autograder.sandbox.wire.frames import FrameError, PeerClosed

__all__ = ["borrowed"]


def borrowed(name: str, own: Any, ask: Callable[[dict[str, Any]], Any]) -> Callable[..., Any]:
    """Return a function that stands for the exercise `name`.

    Args:
        name: the exercise.
        own: the notebook's own function of that name; the notebook's calls fit its parameters.
        ask: asks the judge and returns its answer.
    """
    names: list[str] = []
    # A notebook can change what a function says about itself.
    with suppress(Exception):
        names = list(inspect.signature(own).parameters)

    def lent(*args: Any, **kwargs: Any) -> Any:
        try:
            answer = ask({"lent": name, "args": args, "kwargs": kwargs, "names": names})
        except PeerClosed:
            raise
        except FrameError as error:
            raise ValueError(f"{name} was given too much") from error
        if answer["error"] is None:
            return answer["value"]
        kind = getattr(builtins, str(answer["type"]), ValueError)
        raise (kind if isinstance(kind, type) and issubclass(kind, Exception) else ValueError)(answer["error"])

    lent.__name__ = lent.__qualname__ = name
    return lent
