"""What a student with mistakes gets from the real judge: own lines, before and after, a picture, steps, a digest."""

from __future__ import annotations

import json

import pytest
from tiny_course import cell, make_tiny_course

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.engines.registry import open_engine
from autograder.verdict import ChangedInput, ExerciseResult, Grade

pytestmark = pytest.mark.sandbox

CHECKS = """
import pytest, torch
from autograder.checks import close, inputs_unchanged

@pytest.mark.exercise("double")
def test_doubles(student, reference, draw):
    '''The answer is twice the number.'''
    x = draw.normal(3)
    close(student.double(x), reference.double(x), "the double")
    inputs_unchanged(student)

@pytest.mark.exercise("Counter")
def test_counts(student):
    '''It counts.'''
    assert student.tools.example("Counter(1).up(2)") == 3
"""
TRIPLES = '''"""You take it three times."""

HINT = "Twice is once and once more."
QUESTION = "What is twice one?"
WORKED = """
Half of 8 is 4,
    for 4 and 4 are 8.
"""


def double(x):
    return 3 * x
'''
EXAMPLE = 'example = """\\nx = torch.tensor([1.0, 2.0])\\ndouble(x)\\n"""\n'
PICTURE = 'picture = { kind = "curve", title = "<i>Twice</i>", code = "[float(double(float(k))) for k in range(4)]" }\n'
IN_PLACE = "def double(x):\n    x *= 3\n    return x"
RAISES = """class Counter:
    def __init__(self, start=0):
        self.count = start

    def up(self, by=1):
        return self.cont"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Grade, str]]:
    """Three students' results and pages."""
    tiny = make_tiny_course(tmp_path_factory.mktemp("pages") / "course")
    toml = tiny.assignment.public_dir / "assignment.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("points = 2\n", f"points = 2\n{EXAMPLE}{PICTURE}", 1), encoding="utf-8")
    (tiny.assignment.checks_dir / "test_tiny.py").write_text(CHECKS, encoding="utf-8")
    ideas = tiny.assignment.secret_dir / "misconceptions"
    ideas.mkdir()
    (ideas / "triples.py").write_text(TRIPLES, encoding="utf-8")
    for student, source in (("ada", IN_PLACE), ("bob", "def double(x):\n    return x + x + x"), ("cyd", IN_PLACE)):
        notebook = tiny.solved()
        cell(notebook, "double")["source"] = source
        cell(notebook, "Counter")["source"] = RAISES
        tiny.hand_in(student, notebook)
    report = grade_batch(open_engine(tiny.course, "tiny"), BatchOptions(jobs=1, device="cpu"), SilentProgress())
    page = tiny.root / "feedback"
    found = {}
    for grade in report.grades:
        html = (page / grade.student / "tiny" / "tiny.html").read_text(encoding="utf-8")
        stored = json.loads((tiny.root / "results" / "tiny" / f"{grade.student}.json").read_text(encoding="utf-8"))
        found[grade.student] = (Grade.from_json(stored), html)
    return found


def exercise(graded: dict[str, tuple[Grade, str]], student: str, identifier: str) -> ExerciseResult:
    """Return one exercise of a stored result."""
    return next(e for e in graded[student][0].exercises if e.id == identifier)


def test_a_changed_input_is_shown_before_and_after(graded: dict[str, tuple[Grade, str]]) -> None:
    """The page shows the input before and after the call."""
    example = exercise(graded, "ada", "double").example
    assert example is not None
    assert example.changed == (ChangedInput("x", "tensor([1., 2.])", "tensor([3., 6.])"),)
    assert example.actual == "tensor([3., 6.])"
    page = graded["ada"][1]
    assert "Before the call" in page
    assert "After your call" in page
    unchanged = exercise(graded, "bob", "double").example
    assert unchanged is not None
    assert not unchanged.changed
    assert "Before the call" not in graded["bob"][1]


def test_the_picture_holds_public_numbers(graded: dict[str, tuple[Grade, str]]) -> None:
    """The student's curve stands beside the right one, and its title is text."""
    picture = exercise(graded, "bob", "double").picture
    assert picture is not None
    (curve,) = picture.curves
    assert [y for _, y in curve.yours] == [0, 3, 6, 9]
    assert [y for _, y in curve.expected] == [0, 2, 4, 6]
    page = graded["bob"][1]
    assert "&lt;i&gt;Twice&lt;/i&gt;" in page
    assert 'aria-label="Yours goes in 4 points from 0 to 9. The right one goes in 4 points from 0 to 6."' in page


def test_the_line_that_raised_is_marked_in_the_own_cell(graded: dict[str, tuple[Grade, str]]) -> None:
    """The page has all lines of the cell, and marks the one that stopped with a sign and in words."""
    found = exercise(graded, "ada", "Counter")
    assert found.source == RAISES
    assert found.fault is not None
    assert found.fault.line == 6
    page = graded["ada"][1]
    assert page.count("This line stopped: ") == 1
    assert "def __init__(self, start=0):" in page


def test_the_steps_of_an_idea_come_with_it(graded: dict[str, tuple[Grade, str]]) -> None:
    """Question, hint and worked example are those of the misconception; lines stay lines."""
    (idea,) = exercise(graded, "bob", "double").diagnoses
    assert (idea.id, idea.question, idea.hint) == ("triples", "What is twice one?", "Twice is once and once more.")
    assert idea.worked == "Half of 8 is 4,\n    for 4 and 4 are 8."
    assert graded["bob"][1].count('<details class="rung">') == 3


def test_equal_answers_have_one_digest_that_no_page_shows(graded: dict[str, tuple[Grade, str]]) -> None:
    """Two students who answer alike can be found in the results, and not on their pages."""
    digests = {name: exercise(graded, name, "double").alike for name in graded}
    assert digests["ada"] == digests["cyd"] != digests["bob"]
    assert all(str(digests[name]) not in html for name, (_, html) in graded.items())
