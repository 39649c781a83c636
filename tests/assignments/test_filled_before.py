"""What outlives a call is named, also where the notebook's own cells have filled it before the checks."""

from __future__ import annotations

from pathlib import Path

import pytest
from every_assignment import SLUGS
from rehearsal import Rehearsal, answered

from autograder.verdict import ACCUMULATES

ROOT = Path(__file__).parents[2]
#: How often all checks of an exercise were run before: more pictures and answers than any notebook makes.
BEFORE = 4


@pytest.mark.filterwarnings("ignore:Converting a tensor")
@pytest.mark.parametrize("slug", [pytest.param(s, marks=() if s == "modules" else pytest.mark.full) for s in SLUGS])
def test_a_list_that_was_filled_before_is_named(slug: str) -> None:
    """In every exercise that has such a form, after any earlier calls."""

    def judge(rehearsal: Rehearsal) -> dict[str, str | None]:
        path = ROOT / "solutions" / slug / "misconceptions" / "accumulates_over_calls.py"
        found = {}
        for exercise in rehearsal.defined_by(path):
            names = rehearsal.own(path)
            for _ in range(BEFORE):
                rehearsal.verdict(exercise, names)
            found[exercise] = rehearsal.verdict(exercise, names).diagnosis
        return found

    found = answered(slug, 1, judge)
    assert found
    assert found == dict.fromkeys(found, ACCUMULATES)
