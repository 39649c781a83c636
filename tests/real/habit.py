"""A habit: one named change of a right notebook, and the result that it must get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from real.handin import FULL_ONLY, PLACES, SLUGS, Change, HandIn

__all__ = ["Habit", "by_turns", "texts"]

#: The assignments on which `make test` tries the habits of a table, in this order. `optimizers` comes more often
#: because it is graded most quickly.
_TURNS = ("optimizers", "sequential", "optimizers", "xavier", "optimizers", "sequential", "optimizers", "gradients")


@dataclass(frozen=True)
class Habit:
    """What one person does, and what the grader must make of it.

    Attributes:
        name: a short name, unique in the corpus.
        item: the number of the demand in the issue that this habit belongs to.
        change: changes a right hand-in.
        slugs: the assignments on which it is tried; `make test` takes the first.
        told: words that the results must tell the student, in any order; empty if nothing has to be told.
        but: points that may be lost because no grader could know better; `told` then names the cause.
        review: whether a person must be asked; None if both are right.
        status: how the submission may end; anything but `graded` only with `but`.
        hurried: graded under limits of a few seconds, so that slow work ends quickly.
        rare: only the full run tries it, because it takes long or similar ones are tried each time.
        everywhere: `make test` tries it in tier B too, because the result depends on the tier.
        pictures: the notebook that a person grades must hold as many PNG pictures as the plain one's.
    """

    name: str
    item: int
    change: Change
    slugs: tuple[str, ...] = ("optimizers",)
    told: tuple[str, ...] = ()
    but: float = 0.0
    review: bool | None = False
    status: tuple[str, ...] = ("graded",)
    hurried: bool = False
    rare: bool = False
    everywhere: bool = False
    pictures: bool = False

    @property
    def student(self) -> str:
        """The folder in which it is handed in."""
        return self.name


def texts(place: str, item: int, sources: Mapping[str, str], *, told: Mapping[str, str] | None = None) -> list[Habit]:
    """Return a habit for each text, which it puts at a place of the notebook.

    Args:
        place: a name in `PLACES`.
        item: the number in the issue.
        sources: the text of each habit, by name.
        told: a word that the student must read, by name.
    """

    def change(source: str) -> Change:
        def put(handin: HandIn) -> None:
            PLACES[place](handin, source)

        return put

    words = told or {}
    return [
        Habit(name, item, change(source), told=(words[name],) if name in words else ())
        for name, source in sources.items()
    ]


def by_turns(habits: Sequence[Habit]) -> list[Habit]:
    """Share the habits out among the assignments, three for each habit; every third is tried each time."""
    others = [slug for slug in SLUGS if slug not in FULL_ONLY]
    shared = []
    for number, habit in enumerate(habits):
        first = _TURNS[number % len(_TURNS)]
        second = others[(others.index(first) + 1 + number % 3) % len(others)]
        third = FULL_ONLY[number % len(FULL_ONLY)]
        shared.append(replace(habit, slugs=(first, second, third), rare=number % 3 != 0))
    return shared
