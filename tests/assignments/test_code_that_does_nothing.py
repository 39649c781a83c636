"""Code that does nothing has few points: what it leaves as it was is no work. Only small checks of an input count."""

import pytest
from every_assignment import SLUGS
from rehearsal import Rehearsal, answered

from autograder.engines.hidden.idle import idle

#: torch warns once where a loss is read as a number.
pytestmark = pytest.mark.filterwarnings("ignore:Converting a tensor")

#: The part of an exercise's points, as weights, that a check of unchanged inputs may be worth.
MOST = 0.15
#: Where doing nothing left more as it was than this.
CLOSED = [("optimizers", "momentum_step"), ("tensors", "share_and_copy"), ("tensors", "tracked")]


def share_of(rehearsal: Rehearsal, exercise: str) -> float:
    """Return the largest share of the weights that a function gets that does nothing."""
    rehearsal.remember(exercise)
    reference = rehearsal.grader.reference
    weights = {info.name: info.weight for info in rehearsal.checks(exercise)}
    verdicts = [rehearsal.verdict(exercise, {**reference, exercise: form}) for _, form in idle(reference[exercise])]
    return max(1 - sum(weights[name] for name in v.failed) / sum(weights.values()) for v in verdicts)


@pytest.mark.parametrize(("slug", "exercise"), CLOSED)
def test_what_is_left_as_it_was_is_no_work(slug: str, exercise: str) -> None:
    """Checks of what stays as it was ask for some work as well, where they are worth much."""
    assert answered(slug, 3, lambda rehearsal: share_of(rehearsal, exercise)) <= MOST


@pytest.mark.full
@pytest.mark.parametrize("slug", SLUGS)
def test_no_function_that_does_nothing_has_more(slug: str) -> None:
    """So it is in all exercises that are functions."""

    def shares(rehearsal: Rehearsal) -> dict[str, float]:
        functions = [e.id for e in rehearsal.exercises if not isinstance(rehearsal.grader.reference[e.id], type)]
        return {exercise: share_of(rehearsal, exercise) for exercise in functions}

    assert {k: v for k, v in answered(slug, 3, shares).items() if v > MOST} == {}
