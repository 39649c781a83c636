"""What a student with mistakes gets from the real judge: own lines, before and after, a picture, steps, a digest.

And what is said in the results: each sentence has an id and values, from which its text can be written again.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from tiny_course import TinyCourse, cell, make_tiny_course

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.engines.registry import open_engine
from autograder.sentences import TOGETHER, Sentence, english, written
from autograder.verdict import ChangedInput, ExerciseResult, Grade, Status

pytestmark = pytest.mark.sandbox

CHECKS = """
import pytest, torch
from autograder.checks import close, fail, inputs_unchanged

@pytest.mark.exercise("double")
def test_doubles(student, reference, draw):
    '''The answer is twice the number.'''
    x = draw.normal(3)
    close(student.double(x), reference.double(x), "the double")
    inputs_unchanged(student)

@pytest.mark.exercise("double")
@pytest.mark.parametrize("x", [4, -3])
def test_doubles_whole_numbers(student, x):
    '''Whole numbers are doubled.'''
    if student.double(x) != 2 * x:
        fail("A whole number is not doubled.")

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


#: A package that nobody has, a second definition, other names for parameters, and numbers that are wrong at times.
MANY_THINGS = {
    "double": "def double(number):\n    return number + abs(number)",
    "Counter": "def Counter(start=0):\n    return start",
}
AGAIN = "import no_such_package_at_all\n"
TWICE = "def double(x, by):\n    return by * x"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyCourse:
    """A course in which five students' notebooks were graded, one of them no notebook."""
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
    notebook = tiny.solved()
    for name, source in MANY_THINGS.items():
        cell(notebook, name)["source"] = source
    notebook["cells"] += [json.loads(json.dumps(nbformat.v4.new_code_cell(text))) for text in (AGAIN, TWICE)]
    tiny.hand_in("dee", notebook)
    tiny.hand_in("eve", "no notebook")
    grade_batch(open_engine(tiny.course, "tiny"), BatchOptions(jobs=1, device="cpu"), SilentProgress())
    return tiny


@pytest.fixture(scope="module")
def graded(tiny: TinyCourse) -> dict[str, tuple[Grade, str]]:
    """Three students' results and pages."""
    page = tiny.root / "feedback"
    found = {}
    for student in ("ada", "bob", "cyd"):
        html = (page / student / "tiny" / "tiny.html").read_text(encoding="utf-8")
        found[student] = (stored(tiny, student), html)
    return found


def stored(tiny: TinyCourse, student: str) -> Grade:
    """Return a student's result as its file has it."""
    text = (tiny.root / "results" / "tiny" / f"{student}.json").read_text(encoding="utf-8")
    return Grade.from_json(json.loads(text))


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


# -- what is said ------------------------------------------------------------------------------------------


def sentences_in(value: object) -> Iterator[Sentence]:
    """Yield every sentence of a result that is not empty."""
    if isinstance(value, Sentence):
        if value:
            yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from sentences_in(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from sentences_in(getattr(value, field.name))


def problems_of(sentence: Sentence, root: Path) -> Iterator[str]:
    """Yield what keeps a sentence from being written again, in another language too."""
    kind, _, place = sentence.id.partition(".")
    if kind == "course":
        file = place.partition(":")[0]
        if not any((root / folder / file).is_file() for folder in ("assignments", "solutions")):
            yield f"{sentence!r}: no file of {sentence.id}"
        return
    if sentence.id != TOGETHER and sentence.id not in english():
        yield f"{sentence!r}: no template {sentence.id!r}"
        return
    values = [e for v in sentence.values.values() for e in (v if isinstance(v, tuple) else (v,))]
    if sentence != (
        " ".join(map(str, values)) if sentence.id == TOGETHER else written(sentence.id, sentence.values, english())
    ):
        yield f"{sentence!r}: {sentence.id} says something else"
    yield from (f"{sentence!r}: {v!r} is stored, not shown" for v in values if isinstance(v, str) and v not in sentence)
    for value in values:
        if isinstance(value, Sentence) and value:
            yield from problems_of(value, root)


@pytest.mark.parametrize("student", ["ada", "bob", "cyd", "dee", "eve"])
def test_each_sentence_can_be_written_again_from_its_id_and_values(tiny: TinyCourse, student: str) -> None:
    """In a stored result the catalogue and the values give the text word for word; nothing else is stored."""
    grade = stored(tiny, student)
    assert grade.status is (Status.REJECTED if student == "eve" else Status.GRADED)
    found = list(sentences_in(grade))
    assert len(found) >= (1 if student == "eve" else 8)
    assert not [problem for sentence in found for problem in problems_of(sentence, tiny.root)]


def test_notes_stops_titles_and_ideas_are_among_what_is_said(tiny: TinyCourse) -> None:
    """What the student wrote many things in is told each of them, by the ids that a translation has."""
    dee, bob = stored(tiny, "dee"), stored(tiny, "bob")
    assert dee.stop is not None
    assert dee.stop.cause.id == "exercise.stop-package"
    double = next(e for e in dee.exercises if e.id == "double")
    assert "exercise.own-definition-counts" in [n.id for n in double.notes]
    titles = {c.name: c.title for c in double.checks}
    assert titles["doubles"].id == "course.tiny/checks/test_tiny.py::test_doubles"
    assert titles["doubles_whole_numbers[-3]"] == "Whole numbers are doubled. (-3)"
    assert titles["doubles_whole_numbers[-3]"].id == "exercise.case"
    (idea,) = next(e for e in bob.exercises if e.id == "double").diagnoses
    told = {"__doc__": idea.title, "HINT": idea.hint, "QUESTION": idea.question, "WORKED": idea.worked}
    for name, text in told.items():
        assert text is not None
        assert text.id == f"course.tiny/misconceptions/triples.py:{name}"


def test_what_is_told_anew_of_a_stored_result_keeps_ids_and_values(tiny: TinyCourse) -> None:
    """Other titles, weights and hints are taken over without a run; messages and notes stay what they were."""
    before = {student: stored(tiny, student) for student in ("bob", "dee")}
    checks, idea = (tiny.assignment.secret_dir / p for p in ("checks/test_tiny.py", "misconceptions/triples.py"))
    old = {path: path.read_text(encoding="utf-8") for path in (checks, idea)}
    checks.write_text(old[checks].replace("Whole numbers are", "Any whole number is"), encoding="utf-8")
    idea.write_text(old[idea].replace("You take it three times.", "You take it thrice."), encoding="utf-8")
    try:
        engine = open_engine(tiny.course, "tiny")
        for student, grade in before.items():
            again = engine.reuse(grade).grade
            assert again is not None
            again = Grade.from_json(again.to_json())
            assert not [problem for s in sentences_in(again) for problem in problems_of(s, tiny.root)]
            was, now = (next(e for e in g.exercises if e.id == "double") for g in (grade, again))
            assert now.checks[1].title == "Any whole number is doubled. (4)"
            assert [(c.message.id, c.message.values) for c in now.checks] == [
                (c.message.id, c.message.values) for c in was.checks
            ]
            assert [(n.id, n.values) for n in now.notes] == [(n.id, n.values) for n in was.notes]
            if student == "bob":
                assert now.headline is not None
                assert now.headline.startswith("You take it thrice.")
                assert now.headline.id == "course.tiny/misconceptions/triples.py:__doc__"
    finally:
        for path, text in old.items():
            path.write_text(text, encoding="utf-8")
