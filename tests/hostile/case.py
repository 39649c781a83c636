"""One case of the hostile corpus: what is handed in, and the most that it may get."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["GROUPS", "Case"]

#: The groups of the catalogue, as docs/security.md lists them.
GROUPS = ("answer theft", "verdict forging", "numbers", "forbidden", "resources", "submissions")


@dataclass(frozen=True)
class Case:
    """One hostile submission.

    `cells` replaces solution cells by exercise; `edit` changes the notebook's JSON data, and may return bytes to hand
    in instead, or None. `most` is the most points that it may get: what the same wrong answer gets without the attack.
    `status` is how the submission must end. `wins` names what it wins without protection: points in the unprotected
    grader of `naive_grader` ("points"), a token ("leak"), or nothing that a grader counts (""). `review` and `proven`
    say what the reading of the code must find. `same_everywhere` means that the judge's clock or its limit on output
    ends it, in the same way in every tier.
    """

    name: str
    group: str
    cells: Mapping[str, str] = field(default_factory=dict)
    edit: Callable[[dict[str, Any]], Any] | None = None
    most: float = 0.0
    status: tuple[str, ...] = ("graded",)
    tiers: str = "ABC"
    wins: str = "points"
    review: bool = False
    proven: bool = False
    same_everywhere: bool = False

    @property
    def student(self) -> str:
        """The folder in which it is handed in."""
        return self.name
