"""Exercises of one notebook, answered by one copy of its state: fast if all is right, fair if not."""

from __future__ import annotations

from dataclasses import dataclass

import nbformat
import pytest
from tiny_course import TinyCourse, cell, make_tiny_course

from autograder.authoring.verify.rehearsal import Collected, collect
from autograder.course.assignment import load_assignment
from autograder.course.notebook.read import load_template, parse_submission
from autograder.engines.hidden import examine
from autograder.engines.hidden.scoring import Grader
from autograder.sandbox.channel import Channel
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.scenes import Scene
from autograder.sandbox.session import Session, State
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade, Outcome

pytestmark = pytest.mark.sandbox

SOLUTION = '''"""The reference."""


def double(x):
    """Return twice `x`."""
    return 2 * x


def Counter(x):
    """Return `x` and one more."""
    return x + 1
'''
DOUBLE = '''"""Doubling, twice too: what is asked then depends on an answer."""

import pytest
import torch

from autograder.checks import close

pytestmark = pytest.mark.exercise("double")


def test_doubles(student, reference, draw):
    """Twice a vector."""
    x = draw.normal(3)
    close(student.double(x), reference.double(x))


def test_doubles_again(student, reference, draw):
    """Twice what came of doubling."""
    x = draw.normal(3)
    close(student.double(student.double(x)), reference.double(reference.double(x)))
'''
COUNTER = '''"""One more."""

import pytest

from autograder.checks import close


@pytest.mark.exercise("Counter")
def test_adds_one(student, reference, draw):
    """One more than a vector."""
    x = draw.normal(3)
    close(student.Counter(x), reference.Counter(x))
'''
RIGHT = {"double": "def double(x):\n    return 2 * x", "Counter": "def Counter(x):\n    return x + 1"}

#: The notebook's own cells double a number; checks double tensors.
SPOILS = "import builtins\n\ndef double(x):\n    builtins.spoilt = type(x) is not int\n    return 2 * x"
SPOILT = (
    "import builtins\n\ndef Counter(x):\n"
    "    if getattr(builtins, 'spoilt', False):\n        raise RuntimeError('spoilt')\n    return x + 1"
)
#: Graded in this order, by one grader.
NOTEBOOKS: dict[str, dict[str, str]] = {
    "first": {},
    "same": {},
    "rounded": {"double": "def double(x):\n    return x * (2 + 1e-14)"},
    "wrong": {"double": "def double(x):\n    return 3 * x"},
    "spoilt": {"double": SPOILS, "Counter": SPOILT},
    "exits": {"double": "import os\n\ndef double(x):\n    return 4 if type(x) is int else os._exit(0)"},
    "hangs": {"double": "def double(x):\n    while type(x) is not int:\n        pass\n    return 4"},
    "stub": {"double": "def double(x):\n    raise NotImplementedError"},
}
ALL = {"double": 2.0, "Counter": 3.0}
ONE = {"double": 0.0, "Counter": 3.0}


@dataclass(frozen=True)
class Seen:
    """A verdict, how many copies of the notebook's state it took, and how many answers are known after it."""

    grade: Grade
    forks: int
    known: int

    @property
    def scores(self) -> dict[str, float]:
        """The points by exercise."""
        return {e.id: float(e.score) for e in self.grade.exercises}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Grade all of them with one zygote; the checks are collected and the reference is proved."""
    tiny = make_tiny_course(tmp_path_factory.mktemp("tiny"))
    (tiny.assignment.secret_dir / "solution.py").write_text(SOLUTION, encoding="utf-8")
    (tiny.assignment.checks_dir / "test_01_double.py").write_text(DOUBLE, encoding="utf-8")
    (tiny.assignment.checks_dir / "test_02_Counter.py").write_text(COUNTER, encoding="utf-8")
    toml = tiny.assignment.public_dir / "assignment.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "\n[limits]\ncheck_s = 5\n", encoding="utf-8")
    assignment = load_assignment(tiny.root, "tiny")
    found: dict[str, Seen] = {}

    def use(collected: Collected) -> None:
        grader = collected.grader(7)
        grader.prove_reference()
        with ZygoteProcess(choose_tier(Tier.C).tier, hidden=[tiny.root]) as zygote:
            for name, sources in NOTEBOOKS.items():
                found[name] = graded(tiny, grader, zygote, sources)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(examine, "MAX_LANDED_BYTES", 10)
                found["large"] = graded(tiny, grader, zygote, {})

    collect(assignment, use)
    return found


def graded(tiny: TinyCourse, grader: Grader, zygote: ZygoteProcess, sources: dict[str, str]) -> Seen:
    """Grade a notebook with these answers, the others right."""
    notebook = tiny.template()
    for name, source in {**RIGHT, **sources}.items():
        cell(notebook, name)["source"] = source
    data = nbformat.writes(nbformat.from_dict(notebook)).encode()
    submission = parse_submission(data, grader.assignment, load_template(grader.assignment))
    forks = 0
    fork = Session.fork

    def counted(session: Session, scene: Scene | None = None, state: State = State.AS_LEFT) -> Channel:
        nonlocal forks
        forks += 1
        return fork(session, scene, state)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "fork", counted)
        grade = grader.grade("ada", submission, zygote).grade
    return Seen(grade, forks, len(grader.examiner._passed))


def test_one_copy_of_the_state_answers_for_all_exercises(seen: dict[str, Seen]) -> None:
    """If everything passes, no question is asked twice."""
    assert seen["first"].scores == ALL
    assert seen["first"].forks == 1


def test_answers_that_were_judged_before_are_known_again(seen: dict[str, Seen]) -> None:
    """The same bits end in the same way; other bits are judged anew."""
    assert seen["same"].scores == ALL
    assert seen["same"].known == seen["first"].known > 0
    assert seen["rounded"].known > seen["same"].known


def test_a_question_that_depends_on_an_answer_is_asked_in_the_same_copy(seen: dict[str, Seen]) -> None:
    """Another rounding makes another question; that costs no new copy."""
    assert seen["rounded"].scores == ALL
    assert seen["rounded"].forks == 1


def test_known_answers_do_not_vouch_for_wrong_ones(seen: dict[str, Seen]) -> None:
    """After right notebooks, a wrong one is still wrong, and its right parts are right."""
    assert seen["wrong"].scores == ONE
    assert seen["wrong"].forks == 2


def test_what_one_exercise_does_to_the_process_costs_no_other_one(seen: dict[str, Seen]) -> None:
    """If one exercise spoils the process for another, the other is examined alone."""
    assert seen["spoilt"].scores == ALL
    assert seen["spoilt"].forks == 2


@pytest.mark.parametrize(("name", "outcome"), [("exits", Outcome.CRASHED), ("hangs", Outcome.TIMEOUT)])
def test_a_process_that_ends_in_one_exercise_is_there_for_the_next(
    seen: dict[str, Seen], name: str, outcome: Outcome
) -> None:
    """A death costs only its own exercise, and so does a hang, although it happens twice."""
    assert seen[name].scores == ONE
    assert seen[name].grade.exercises[0].checks[0].outcome is outcome


def test_answers_for_which_there_is_no_room_are_asked_for_one_by_one(seen: dict[str, Seen]) -> None:
    """A worker cannot fill the judge's memory with the answers to many questions at once."""
    assert seen["large"].scores == ALL
    assert seen["large"].forks == 3


def test_a_stub_is_named_as_one(seen: dict[str, Seen]) -> None:
    """The fast way still recognises an untouched exercise."""
    fault = seen["stub"].grade.exercises[0].fault
    assert fault is not None
    assert fault.type == "NotImplementedError"
    assert seen["stub"].scores == ONE
