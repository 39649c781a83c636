"""What is said if a check cannot use an answer of the wrong kind: its kind, and the expected kind.

The check's own exception would speak about the check's code, not about a line of the student's. There are few kinds, so
that little is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.sentences import Sentence, say

__all__ = ["due_kind", "other_kind"]

#: At most six sentences for a check: they fit in one part with those of checks that are skipped or crash.
_KINDS = {tuple: "a tuple", list: "a list", float: "a number", int: "a number"}


def due_kind(transcript: Sequence[Any]) -> tuple[str, str] | None:
    """Return the name that a check calls and the kind of its results; None unless there is one name and one kind.

    Args:
        transcript: the transcript of the check with the reference.
    """
    seen = {(entry[1], _kind(entry[2])) for entry in transcript if _is_call(entry)}
    return seen.pop() if len(seen) == 1 else None


def other_kind(transcript: Sequence[Any], due: tuple[str, str] | None) -> Sentence | None:
    """Say which kind the student's last answer has; None if the kind is right.

    Args:
        transcript: the transcript of the check with the student's code.
        due: what `due_kind` returned.
    """
    calls = [entry for entry in transcript if _is_call(entry)]
    if due is None or not calls:
        return None
    name, wanted = due
    found = _kind(calls[-1][2])
    if calls[-1][1] != name or found == wanted or {found, wanted} == {"a list", "a tuple"}:
        return None
    if found == "None":
        return say("hidden.returned-none", name=name, expected=wanted)
    return say("hidden.returned-other", name=name, expected=wanted, found=found)


def _is_call(entry: Any) -> bool:
    return isinstance(entry, tuple) and len(entry) > 2 and entry[0] == "call"  # noqa: PLR2004 - a name and a result


def _kind(value: Any) -> str:
    import torch

    if value is None:
        return "None"
    if isinstance(value, torch.Tensor):
        return "a tensor"
    return _KINDS.get(type(value), "something else")
