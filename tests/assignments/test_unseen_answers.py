"""Answers that were written without a look at the known ideas: right ones pass, wrong ones are told why.

`unseen/wrong.txt` and `unseen/right.txt` hold one exercise's cell each, behind a line
`### key | assignment | exercise | what is wrong or unusual | ids of the ideas`, with a `?` for one that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from course_fixture import Classroom, make_classroom
from every_assignment import SLUGS

from autograder.course.notebook.cells import grade_id
from autograder.verdict import ExerciseResult, Outcome

# All answers are graded for the first test.
pytestmark = [pytest.mark.sandbox, pytest.mark.full, pytest.mark.timeout(1800)]

FOLDER = Path(__file__).parent / "unseen"
#: What the first sentence may not be: it would say that something is wrong, and nothing else.
EMPTY = re.compile(r"^(Not what is due|Something is wrong|Your code does not pass)")


@dataclass(frozen=True)
class Answer:
    """One exercise as somebody wrote it."""

    key: str
    slug: str
    exercise: str
    what: str
    ideas: tuple[str, ...]
    source: str

    @property
    def known(self) -> frozenset[str]:
        """The ideas that the assignment has."""
        return frozenset(self.ideas) - {"?"}

    def calls(self, other: Answer) -> bool:
        """Whether its code uses the exercise that the other answer is about."""
        return re.search(rf"\b{other.exercise}\b", self.source) is not None


@cache
def answers(name: str) -> tuple[Answer, ...]:
    """Read `wrong` or `right`."""
    found = []
    for block in ("\n" + (FOLDER / f"{name}.txt").read_text(encoding="utf-8")).split("\n### ")[1:]:
        head, _, source = block.partition("\n")
        key, slug, exercise, what, *ideas = (part.strip() for part in head.split("|"))
        found.append(Answer(key, slug, exercise, what, tuple(" ".join(ideas).split()), source.strip()))
    return tuple(found)


def seated(several: Sequence[Answer]) -> list[list[Answer]]:
    """Share answers out to as few notebooks as it takes: one for each exercise, none that calls another one."""
    notebooks: list[list[Answer]] = []
    for answer in several:
        fits = (n for n in notebooks if not any(answer.calls(o) or o.calls(answer) for o in n))
        free = next(fits, None)
        if free is None:
            notebooks.append([answer])
        else:
            free.append(answer)
    return notebooks


def hand_in(room: Classroom, student: str, several: Sequence[Answer]) -> None:
    """Hand in a notebook with these answers in their cells, the reference in all others."""
    notebook = room.solved()
    sources = {a.exercise: a.source for a in several}
    for cell in notebook.cells:
        if grade_id(cell) in sources:
            cell.source = sources[str(grade_id(cell))]
    room.hand_in(student, notebook)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ExerciseResult]:
    """Grade all answers and return the results of their exercises by key."""
    found = {}
    for slug in SLUGS:
        room = make_classroom(tmp_path_factory.mktemp(slug) / "course", slug)
        places: dict[str, tuple[str, str]] = {}
        for name in ("wrong", "right"):
            for number, several in enumerate(seated([a for a in answers(name) if a.slug == slug])):
                hand_in(room, f"{name}-{number}", several)
                places |= {a.key: (f"{name}-{number}", a.exercise) for a in several}
        grades = room.grades()
        for key, (student, exercise) in places.items():
            (found[key],) = (e for e in grades[student].exercises if e.id == exercise)
    return found


def named(result: ExerciseResult) -> list[str]:
    """Return the ids that a student is told."""
    return [d.id for d in result.diagnoses]


def test_there_are_enough_of_both() -> None:
    """In all assignments, and half of the wrong ones have two things wrong, where ideas are known."""
    wrong, right = [a for a in answers("wrong") if a.known], answers("right")
    assert {a.slug for a in wrong} == {a.slug for a in right} == set(SLUGS)
    assert len(wrong) >= 60
    assert len(right) >= 20
    assert 2 * sum(len(a.ideas) > 1 for a in wrong) >= len(wrong)


def test_unusual_right_work_has_all_points(graded: dict[str, ExerciseResult]) -> None:
    """In any form."""
    lost = {a.key: [c.name for c in graded[a.key].checks if c.outcome is not Outcome.PASSED] for a in answers("right")}
    assert {key: checks for key, checks in lost.items() if checks} == {}
    assert all(graded[a.key].score == graded[a.key].max_score for a in answers("right"))


def test_wrong_work_loses_points(graded: dict[str, ExerciseResult]) -> None:
    """Each of them fails a check."""
    assert [a.key for a in answers("wrong") if graded[a.key].score == graded[a.key].max_score] == []


def test_no_name_misleads(graded: dict[str, ExerciseResult]) -> None:
    """What is named is among the things that are wrong."""
    names = {a.key: set(named(graded[a.key])) - a.known for a in answers("wrong")}
    assert {key: false for key, false in names.items() if false} == {}


def test_most_ideas_are_named(graded: dict[str, ExerciseResult]) -> None:
    """Where ideas are known, the first name is right for nearly all, and all of what is wrong is named for most."""
    wrong = [a for a in answers("wrong") if a.known]
    first = [a.key for a in wrong if named(graded[a.key])[:1] and named(graded[a.key])[0] in a.known]
    every = [a.key for a in wrong if set(named(graded[a.key])) == a.known and "?" not in a.ideas]
    assert len(first) >= len(wrong) - 2, sorted({a.key for a in wrong} - set(first))
    assert len(every) >= len(wrong) - 10, sorted({a.key for a in wrong} - set(every))


def test_the_first_sentence_says_something(graded: dict[str, ExerciseResult]) -> None:
    """An idea, a form, a line that raised, or numbers."""
    for answer in answers("wrong"):
        headline = graded[answer.key].headline
        assert headline, answer.key
        assert not EMPTY.match(headline), (answer.key, headline)
        told = bool(named(graded[answer.key])) or re.search(r"\d|`|not a number", headline)
        assert told, (answer.key, headline)
