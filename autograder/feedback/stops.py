"""Where the notebooks of a class stopped outside their exercises, alike ones together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from autograder.feedback.text import one_line
from autograder.verdict import Grade, Stop

__all__ = ["stop_lines"]

#: How many groups are told; one without a known remedy is told from `MANY` notebooks on.
SHOWN = 6
MANY = 2
_UNKNOWN = frozenset({"other", "name", "assertion"})


def stop_lines(grades: Iterable[Grade]) -> tuple[str, ...]:
    """Return a sentence for each cause that stopped notebooks, the most frequent first.

    A cause without a known remedy is told only where several notebooks share it.
    """
    groups: dict[tuple[str, str], list[Stop]] = defaultdict(list)
    for grade in grades:
        if grade.stop is not None:
            groups[grade.stop.kind, grade.stop.cause].append(grade.stop)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    told = [_line(stops) for (kind, _), stops in ranked if kind not in _UNKNOWN or len(stops) >= MANY]
    if len(told) > SHOWN:
        told = [*told[:SHOWN], f"{len(told) - SHOWN} more causes stopped single cells; the results tell them."]
    return tuple(told)


def _line(stops: list[Stop]) -> str:
    count = "1 notebook" if len(stops) == 1 else f"{len(stops)} notebooks"
    source, _ = Counter(one_line(stop.source, 120) for stop in stops).most_common(1)[0]
    shown = f"`{source}`" if source else "a cell stopped"
    return f"{count}: {shown} in {_where(stops)}; {one_line(stops[0].cause, 300)}"


def _where(stops: list[Stop]) -> str:
    whose = "its" if len(stops) == 1 else "their"
    if all(stop.position == 1 for stop in stops):
        return f"{whose} first cell"
    names = {one_line(stop.cell, 60) for stop in stops}
    return names.pop() if len(names) == 1 else "different cells"
