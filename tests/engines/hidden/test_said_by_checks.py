"""What checks say stands in a result with its id: of the catalogue, or of the place in the course."""

from __future__ import annotations

import hashlib
import json

import pytest
from tiny_course import cell, make_tiny_course

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.engines.registry import open_engine
from autograder.feedback.language import Language
from autograder.sentences import Sentence
from autograder.verdict import CheckResult, Grade, Outcome

pytestmark = pytest.mark.sandbox

CHECKS = """
import pytest, torch
from autograder.checks import close, fail, inputs_unchanged

@pytest.mark.exercise("double")
@pytest.mark.parametrize("n", [3])
def test_doubles(student, reference, draw, n):
    '''The answer is twice the number.'''
    x = draw.normal(n)
    close(student.double(x), reference.double(x), "the double")

@pytest.mark.exercise("double")
def test_keeps(student, draw):
    '''The input stays.'''
    student.double(draw.normal(3))
    inputs_unchanged(student)

@pytest.mark.exercise("double")
def test_is_even(student):
    '''Twice a whole number is even.'''
    if student.double(torch.tensor(3)) % 2:
        fail("Three times two is odd for you.")

@pytest.mark.exercise("double")
def test_of_a_list(student):
    '''A list is refused.'''
    assert student.double(torch.tensor(1)) == 2

@pytest.fixture
def twice_two(student):
    answer = student.double(torch.tensor(2))
    if answer != 4:
        fail("Twice two is not four for you.")
    return answer

@pytest.mark.exercise("double")
def test_of_two(twice_two):
    '''Twice two is four.'''
    assert twice_two > 3

@pytest.mark.exercise("Counter")
def test_counts(student):
    '''It counts.'''
    assert student.tools.example("Counter(1).up(2)") == 3
"""


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CheckResult]:
    """The checks of one student's stored result, by name."""
    tiny = make_tiny_course(tmp_path_factory.mktemp("said") / "course")
    (tiny.assignment.checks_dir / "test_tiny.py").write_text(CHECKS, encoding="utf-8")
    notebook = tiny.solved()
    cell(notebook, "double")["source"] = "def double(x):\n    x *= 3\n    return x"
    cell(notebook, "Counter")["source"] = (
        "class Counter:\n    def __init__(self, start=0):\n        raise ValueError(1)"
    )
    tiny.hand_in("ada", notebook)
    grade_batch(open_engine(tiny.course, "tiny"), BatchOptions(jobs=1, device="cpu"), SilentProgress())
    stored = json.loads((tiny.root / "results" / "tiny" / "ada.json").read_text(encoding="utf-8"))
    return {c.name: c for e in Grade.from_json(stored).exercises for c in e.checks}


def test_a_comparison_is_said_from_the_catalogue(checks: dict[str, CheckResult]) -> None:
    """The sentence, the phrase in it, and what an author called the answer are told apart."""
    said = checks["doubles[3]"].message
    assert said == "Wrong numbers: the double, in all 3 elements."
    assert said.id == "checks.wrong-numbers"
    german = Language(
        {
            "checks.wrong-numbers": "Falsche Zahlen: {what}.",
            "checks.in-all": "{what}, in allen {count} Elementen",
            "phrases.the double": "das Doppelte",
        }
    )
    assert german.of(said) == "Falsche Zahlen: das Doppelte, in allen 3 Elementen."


def test_names_of_inputs_are_a_list(checks: dict[str, CheckResult]) -> None:
    """Another language joins them with its own word."""
    said = checks["keeps"].message
    assert (said, said.id, said.values) == (
        "The call changed its input x in place.",
        "checks.changed-inputs",
        {"names": ("x",)},
    )


def test_what_an_author_says_has_the_place_of_its_check(checks: dict[str, CheckResult]) -> None:
    """A title has the check's id, a sentence of `fail` the check's id and a hash of the text."""
    said = checks["is_even"].message
    place = "course.tiny/checks/test_tiny.py::test_is_even"
    digest = hashlib.sha256(b"Three times two is odd for you.").hexdigest()[:8]
    assert (said, said.id) == ("Three times two is odd for you.", f"{place}#{digest}")
    assert checks["is_even"].title.id == place
    title = checks["doubles[3]"].title
    inner = title.values["title"]
    assert title == "The answer is twice the number. (3)"
    assert isinstance(inner, Sentence)
    assert inner.id == "course.tiny/checks/test_tiny.py::test_doubles"


def test_a_fixture_may_require_something_of_an_answer(checks: dict[str, CheckResult]) -> None:
    """What a check's fixture does not accept is the student's mistake, not ours."""
    assert (checks["of_two"].outcome, checks["of_two"].message) == (Outcome.FAILED, "Twice two is not four for you.")


def test_no_check_says_anything_without_an_id(checks: dict[str, CheckResult]) -> None:
    """Exceptions and plain assertions are told in our words."""
    assert all(c.title.id and c.message.id for c in checks.values())
    assert checks["of_a_list"].message.id == "hidden.not-met"
    assert checks["counts"].message == "Your code raised ValueError."
