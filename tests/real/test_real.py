"""Right work counts, in every form of handing it in: every habit through the real `grade`."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from real.corpus import HABITS
from real.gradings import PLAIN, Batch, Group, cases, grade_group, told
from real.habit import Habit
from real.handin import SLUGS

from autograder.sandbox.probe import probe

# The first test of a group waits for its batch.
pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(3600)]

_CASES = cases()
_GROUPS = sorted({group for _, group in _CASES}, key=str)
_IDS = [f"{habit.name}-{group}" for habit, group in _CASES]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Group], Batch]:
    """Return a function that grades a group, once."""
    batches: dict[Group, Batch] = {}

    def grade(group: Group) -> Batch:
        best = probe().tier.value
        if best > group.tier:
            pytest.skip(f"this machine offers tier {best}, not {group.tier}")
        if group not in batches:
            habits = [h for h, g in _CASES if g == group]
            batches[group] = grade_group(group, habits, tmp_path_factory.mktemp(str(group)))
        return batches[group]

    return grade


def test_the_corpus_is_large() -> None:
    """At least 120 habits with different names, for every part of the issue, over all assignments."""
    assert len({h.student for h in HABITS}) == len(HABITS) >= 120
    assert {h.item for h in HABITS} >= {1, 2, 3, 4, 5, 6, 7, 8}
    assert {slug for h in HABITS for slug in h.slugs} == set(SLUGS)


@pytest.mark.parametrize("group", _GROUPS, ids=str)
def test_the_plain_solution_has_everything(graded: Callable[[Group], Batch], group: Group) -> None:
    """The measure for all habits: full marks, in the tier that was asked for, and nothing to say."""
    result = graded(group).results[PLAIN]
    assert (result["status"], result["score"], result["tier"]) == ("graded", result["max_score"], group.tier)
    assert not result["notes"]


@pytest.mark.parametrize(("habit", "group"), _CASES, ids=_IDS)
def test_right_work_counts(graded: Callable[[Group], Batch], habit: Habit, group: Group) -> None:
    """A right notebook with one habit has its points, or the student reads why it cannot have them."""
    batch = graded(group)
    result = batch.results.get(habit.student)
    assert result is not None, "no result"
    said = told(result)
    lost = {
        e["id"]: (e["score"], e["notes"], [c["message"] for c in e["checks"] if c["outcome"] != "passed"][:2])
        for e in result["exercises"]
        if e["score"] < e["max_score"]
    }
    assert result["status"] in habit.status, (result["status"], result["reason"])
    assert result["score"] >= result["max_score"] - habit.but, (result["score"], lost, result["notes"])
    # A student with full marks, of which some could have been lost, need not read why.
    spared = habit.but > 0 and result["score"] == result["max_score"]
    missing = [word for word in habit.told if not spared and word.lower() not in said.lower()]
    assert not missing, (missing, said[-2000:])
    if habit.review:
        assert any(_reviews(result)), said
    elif habit.review is False and not habit.but and not habit.told:
        assert not any(_reviews(result)), said


@pytest.mark.parametrize(
    ("habit", "group"),
    [c for c in _CASES if c[0].pictures],
    ids=[i for i, c in zip(_IDS, _CASES, strict=True) if c[0].pictures],
)
def test_pictures_are_kept(graded: Callable[[Group], Batch], habit: Habit, group: Group) -> None:
    """With any backend, format or style, the grading person sees as many pictures as without it."""
    batch = graded(group)
    assert batch.pictures(habit.student) >= batch.pictures(PLAIN) > 0


@pytest.mark.parametrize("group", _GROUPS, ids=str)
def test_the_page_says_what_the_results_say(graded: Callable[[Group], Batch], group: Group) -> None:
    """Every note of the results stands on the student's page."""
    batch = graded(group)
    silent = {}
    for habit in (h for h, g in _CASES if g == group):
        result = batch.results.get(habit.student)
        if result is None or result["status"] != "graded":
            continue
        page = _words(html.unescape(re.sub(r"<[^>]*>", " ", batch.page(habit.student))))
        missing = [note for note in result["notes"] if _words(note) not in page]
        if missing:
            silent[habit.name] = missing
    assert not silent


def _words(text: str) -> str:
    """Leave only words and digits, without the marks around them."""
    return " ".join(re.findall(r"\w+", text))


def _reviews(value: Any) -> list[bool]:
    """Return every flag for a person in the results."""
    if isinstance(value, dict):
        own = [bool(entry) for key, entry in value.items() if key == "review"]
        return own + [flag for entry in value.values() for flag in _reviews(entry)]
    return [flag for entry in value for flag in _reviews(entry)] if isinstance(value, list) else []
