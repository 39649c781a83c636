"""The steps that a student opens one by one: a question, the hint, and a worked example whose numbers are right."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from every_assignment import SLUGS

from autograder.course.assignment import load_assignment
from autograder.engines.hidden.diagnosis import Misconception, load_misconceptions

ROOT = Path(__file__).parents[2]
#: How many ideas of each assignment have all three steps, at least.
AT_LEAST = {
    "optimizers": 14,
    "sequential": 14,
    "xavier": 12,
    "gradients": 14,
    "tensors": 37,
    "modules": 44,
    "activations": 51,
    "training": 58,
}
#: `4 / 2 + 1 = 3` and `√16 = 4`: a calculation as it stands in a text, and the number behind its sign.
SUM = re.compile(r"(?<![\w.=^·/⌊½)])([-−(√\d][-−\d.()·/+*√ ²]*[\d)²]) = ([-−]?\d+(?:\.\d+)?)(?![\d/·^]|\.\d| [-+·/−])")


@cache
def ideas(slug: str) -> tuple[Misconception, ...]:
    """Return the misconceptions of an assignment."""
    assignment = load_assignment(ROOT, slug)
    return load_misconceptions(assignment.secret_dir / "misconceptions", tuple(e.id for e in assignment.coded))


def steps(known: Misconception) -> tuple[str, str]:
    """Return question and worked example, empty where there is none."""
    return getattr(known.module, "QUESTION", ""), getattr(known.module, "WORKED", "")


def sums(text: str) -> Iterator[tuple[str, str]]:
    """Yield each calculation of a text with the number that it claims."""
    for line in text.splitlines():
        for found in SUM.finditer(line):
            left, right = found.groups()
            # What begins inside brackets is a part of something with letters.
            whole = left.count("(") == left.count(")")
            if whole and (any(sign in left for sign in "+·/√²") or re.search(r"\d\)? [-−] \(?\d", left)):
                yield left, right


def worked_out(calculation: str) -> float:
    """Work a calculation out."""
    plain = calculation.replace("−", "-").replace("·", "*").replace("²", "**2")
    plain = re.sub(r"√(\(?[\d.+* ]+\)|[\d.]+)", r"(\1)**0.5", plain)
    value = eval(compile(ast.parse(plain.strip(), mode="eval"), "<worked>", "eval"), {"__builtins__": {}})
    return float(value)


@pytest.mark.parametrize("slug", SLUGS)
def test_most_ideas_have_all_steps(slug: str) -> None:
    """A question comes with a worked example, and the other way round."""
    both = [steps(known) for known in ideas(slug)]
    assert all(bool(question) == bool(worked) for question, worked in both)
    assert sum(bool(question) for question, _ in both) >= AT_LEAST[slug]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_question_asks_and_tells_nothing(slug: str) -> None:
    """A short question or two, in other words than the sentence and the hint."""
    for known in ideas(slug):
        question, _ = steps(known)
        if question:
            assert question.count("?") in {1, 2}, known.id
            assert len(question) <= 120, known.id
            assert question not in known.hint, known.id


@pytest.mark.parametrize("slug", SLUGS)
def test_a_worked_example_fits_the_page(slug: str) -> None:
    """Its lines stay lines, so none of them is wide; it is no essay."""
    for known in ideas(slug):
        _, worked = steps(known)
        lines = worked.strip().splitlines()
        assert len(lines) <= 8, known.id
        assert all(len(line) <= 120 for line in lines), known.id


@pytest.mark.parametrize("slug", SLUGS)
def test_the_numbers_of_a_worked_example_are_right(slug: str) -> None:
    """Each calculation gives the number behind it, to the digits that stand there."""
    wrong, seen = [], 0
    for known in ideas(slug):
        for calculation, claimed in sums(steps(known)[1]):
            number = float(claimed.replace("−", "-"))
            digits = len(claimed.partition(".")[2])
            seen += 1
            if not math.isclose(worked_out(calculation), number, abs_tol=0.50001 * 10**-digits * (digits > 0) + 1e-9):
                wrong.append((known.id, calculation, claimed))
    assert wrong == []
    assert seen >= 4


def test_a_wrong_number_is_seen() -> None:
    """The test above can fail."""
    assert list(sums("0.5 · 0 + 0.5 · 8 = 5 and (9 + 16) / 2 = 12.5")) == [
        ("0.5 · 0 + 0.5 · 8", "5"),
        ("(9 + 16) / 2", "12.5"),
    ]
    assert worked_out("0.5 · 0 + 0.5 · 8") == 4
    assert worked_out("√(0.09 + 0.07)") == pytest.approx(0.4)
