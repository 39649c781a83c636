"""What an idea shows of the public example: two different numbers, in each form that the idea has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from every_assignment import SLUGS
from rehearsal import Rehearsal, answered, forms_of

from autograder.checks.student import LocalTransport, Student, StudentError
from autograder.course.assignment import load_assignment
from autograder.engines.hidden.diagnosis import load_misconceptions
from autograder.engines.hidden.ideas import NamedIdeas
from autograder.verdict import OWN_IDS

ROOT = Path(__file__).parents[2]

#: A sentence that compares: the answer's number, and the expected one.
COMPARED = re.compile(
    r"\b(?:is|are|becomes|begins with) (?P<mine>[^;:]+?)(?:;| where) (?P<due>.+?) (?:is|are) expected\.$"
)


def test_the_comparison_is_read() -> None:
    """The pattern finds both numbers; numbers that differ are told apart."""
    same = COMPARED.search("In the example your share for sigmoid is 0.375; 0.375 is expected.")
    other = COMPARED.search("In the example your first row is [1.0, 2.0]; [2.0, 1.0] is expected.")
    assert same is not None
    assert same["mine"] == same["due"]
    assert other is not None
    assert (other["mine"], other["due"]) == ("[1.0, 2.0]", "[2.0, 1.0]")


# Wrong ideas, and one closure of the reference, make torch and Python warn.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("slug", [pytest.param(s, marks=() if s == "activations" else pytest.mark.full) for s in SLUGS])
def test_evidence_compares_two_numbers_that_differ(slug: str) -> None:
    """No form of an idea gets a sentence such as "your share is 0.375; 0.375 is expected"."""

    def judge(rehearsal: Rehearsal) -> tuple[list[str], int]:
        wrong, seen = [], 0
        assignment = load_assignment(ROOT, slug)
        exercises = tuple(e.id for e in assignment.coded)
        reference = rehearsal.grader.examiner.new_reference()
        for known in load_misconceptions(assignment.secret_dir / "misconceptions", exercises):
            for exercise in sorted(known.exercises):
                source = assignment.exercise(exercise).example
                if source is None:
                    continue
                expected = reference.tools.example(source)
                for number, names in enumerate(forms_of(rehearsal, known.path, exercise)):
                    torch.manual_seed(0)
                    try:
                        yours = Student(LocalTransport(names)).tools.example(source)
                    except StudentError:
                        continue
                    said = COMPARED.search(str(known.evidence(exercise, yours, expected) or ""))
                    seen += said is not None
                    if said is not None and said["mine"] == said["due"]:
                        wrong.append(f"{known.id}, form {number}: {said[0]}")
        return wrong, seen

    wrong, seen = answered(slug, 1, judge)
    assert wrong == []
    assert seen > 0


def test_a_right_example_speaks_against_an_idea() -> None:
    """An idea whose forms all answer the public example wrongly is not named where the student's answer is right."""

    def judge(rehearsal: Rehearsal) -> tuple[set[str], set[str]]:
        grader = rehearsal.grader
        kept: set[str] = set()
        refuted: set[str] = set()
        for exercise in ("ELU", "softmax", "dead_units", "saturated_fraction"):
            example = grader.assignment.exercise(exercise).example
            assert example is not None
            expected = grader.examiner.new_reference().tools.example(example)
            ideas = [m.id for m in grader.misconceptions if exercise in m.exercises and m.id not in OWN_IDS]
            for known in ideas:
                named = NamedIdeas((known,), how="one")
                left = grader.ideas(exercise).unless_refuted(named, example, expected)
                assert left.ids in {(), (known,)}
                (kept if left.ids else refuted).add(known)
        pair = NamedIdeas(("elu-alpha-inside", "elu-no-scale"), how="pair")
        example = grader.assignment.exercise("ELU").example
        assert example is not None
        expected = grader.examiner.new_reference().tools.example(example)
        assert grader.ideas("ELU").unless_refuted(pair, example, expected).ids == ()
        return kept, refuted

    kept, refuted = answered("activations", 1, judge)
    assert refuted >= {"elu-no-scale", "softmax-ignores-dim"}
    assert kept


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("slug", ["modules", "activations"])
def test_a_right_answer_shows_no_idea(slug: str) -> None:
    """Where the example comes out right, an idea has no sentence about its numbers."""

    def judge(rehearsal: Rehearsal) -> dict[str, str]:
        said = {}
        assignment = load_assignment(ROOT, slug)
        exercises = tuple(e.id for e in assignment.coded)
        reference = rehearsal.grader.examiner.new_reference()
        for known in load_misconceptions(assignment.secret_dir / "misconceptions", exercises):
            for exercise in sorted(known.exercises):
                source = assignment.exercise(exercise).example
                if source is not None:
                    expected = reference.tools.example(source)
                    said[f"{known.id}, {exercise}"] = str(known.evidence(exercise, expected, expected) or "")
        return said

    said = answered(slug, 1, judge)
    assert len(said) > 60
    assert {key: sentence for key, sentence in said.items() if sentence} == {}
