"""Hidden checks of `diagnose`. Entries between the first and the last never change the answer, unless not finite."""

import pytest
import torch

from autograder.checks import close, fail, inputs_unchanged, repeatable

pytestmark = pytest.mark.exercise("diagnose")

INFINITY, NAN = float("inf"), float("nan")


def profile_of(draw, ratio):
    """Return a profile of that ratio, with larger and smaller entries between its ends."""
    last = float(draw.positive_log_uniform(1e-3, 10, 1))
    return torch.cat([torch.tensor([ratio * last]).double(), last * torch.tensor([1e4, 1e-4]), torch.tensor([last])])


def tells_apart(student):
    """Require that two gradients, far apart, do not have the same word: one word for all is no diagnosis."""
    words = [student.diagnose(torch.tensor([first, 1.0], dtype=torch.float64)) for first in (1e-5, 1.0, 1e5)]
    if all(word == words[0] for word in words):
        fail("All profiles get the same word.")


@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("ratio", "word"),
    [
        (3e-4, "vanishing"),
        (0.0098, "vanishing"),
        (0.0102, "stable"),
        (1.0, "stable"),
        (99.5, "stable"),
        (100.5, "exploding"),
        (4e3, "exploding"),
    ],
    ids=["tiny", "just below low", "just above low", "level", "just below high", "just above high", "huge"],
)
def test_judges_the_ratio_of_first_to_last(student, draw, ratio, word):
    """Below 1/100 the gradient vanishes, above 100 it explodes, between them it is stable."""
    close(student.diagnose(profile_of(draw, ratio)), word, "the word")
    tells_apart(student)


@pytest.mark.weight(2)
@pytest.mark.parametrize("where", [0, 1, -1], ids=["first", "middle", "last"])
@pytest.mark.parametrize("value", [INFINITY, NAN], ids=["inf", "nan"])
def test_what_is_not_finite_explodes(student, draw, where, value):
    """One entry that is infinite or no number is enough, wherever it stands."""
    profile = profile_of(draw, 1.0)
    profile[where] = value
    close(student.diagnose(profile), "exploding", "the word")
    tells_apart(student)


@pytest.mark.weight(2)
@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(0.5, 8.0, "vanishing"), (0.125, 0.2, "exploding"), (0.125, 0.5, "stable")],
    ids=["low", "high", "between"],
)
def test_uses_its_own_bounds(student, low, high, word):
    """The bounds that are given count, not the usual ones."""
    profile = torch.tensor([1.0, 7.0, 4.0], dtype=torch.float64)
    close(student.diagnose(profile, low=low, high=high), word, "the word")
    tells_apart(student)


@pytest.mark.parametrize("ratio", [0.25, 4.0], ids=["low", "high"])
def test_a_bound_itself_is_stable(student, ratio):
    """A ratio that equals a bound is neither below nor above it."""
    profile = torch.tensor([ratio, 1.0], dtype=torch.float64)
    close(student.diagnose(profile, low=0.25, high=4.0), "stable", "the word")
    tells_apart(student)


def test_works_for_float32(student, draw):
    """float32 profiles are judged like any others."""
    words = [student.diagnose(profile_of(draw, ratio).float()) for ratio in (1e-4, 1.0, 1e4)]
    close(words, ["vanishing", "stable", "exploding"], "the words", levels=("word",))


def test_leaves_its_inputs_alone(student, draw):
    """The profile is the same afterwards, and a second call gives the same answer."""
    repeatable(student, "diagnose", profile_of(draw, 1e-3))
    inputs_unchanged(student)
    tells_apart(student)
