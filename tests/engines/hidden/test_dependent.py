"""Questions that are sent ahead hold no answer of the reference: a student's code could read it there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
import torch
from every_assignment import SLUGS

from autograder.authoring.verify.rehearsal import Collected, collect
from autograder.checks.student import Operation
from autograder.course.assignment import Assignment, load_assignment
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import load_template, parse_submission
from autograder.engines.hidden.dependent import Nudged, asks_otherwise, asks_with_answers
from autograder.engines.hidden.replay import Exchange
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade

#: A check of `Momentum` lets a closure return a tensor, and torch warns once.
pytestmark = pytest.mark.filterwarnings("ignore:Converting a tensor")

ROOT = Path(__file__).resolve().parents[3]

#: Reads the questions that are there already, and fits a rule that leads from each question to the next.
READS_AHEAD = """
import sys
import torch

_codec = sys.modules["autograder.sandbox.worker.serve"].Codec
_decode, _seen = _codec.decode, []

def _reading(self, node, buffers):
    value = _decode(self, node, buffers)
    _note(value)
    return value

def _note(value):
    if isinstance(value, dict):
        if value.get("name") == "momentum_step":
            args = value["args"]
            _seen.append((args[0], args[1], args[2], float(args[3]), float(args[4])))
        for each in value.values():
            _note(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            _note(each)

_codec.decode = _reading

def _features(p, g, v, lr, mu, wanted):
    return [p, lr * g, lr * mu * v] if wanted == 0 else [mu * v, g]

def _fitted(question, wanted):
    rows, due = [], []
    for old, new in zip(_seen, _seen[1:]):
        if old[0].dtype != torch.float64 or not (old[3:] == new[3:] and old[0].shape == new[0].shape and new[2].any()):
            continue
        rows.append(torch.stack([t.double().flatten() for t in _features(*old, wanted)], 1))
        due.append(new[wanted].double().flatten())
    if not rows:
        return question[0] * 0
    rule = torch.linalg.lstsq(torch.cat(rows), torch.cat(due)[:, None], driver="gelsd").solution[:, 0]
    made = sum(c * p.double() for c, p in zip(rule, _features(*question, wanted)))
    return made.to(question[0].dtype)

def momentum_step(param, grad, velocity, lr, momentum):
    question = (param, grad, velocity, float(lr), float(momentum))
    return _fitted(question, 0), _fitted(question, 2)
"""


class Doubling:
    """Trusted code that answers with twice its input, and with its input."""

    def run(self, operations: list[Operation]) -> list[Any]:
        """Return one answer for each."""
        return [{"result": 2 * op["x"], "after": [op["x"]]} for op in operations]


def asked(*values: torch.Tensor) -> list[Exchange]:
    """Return the questions with these values, and their answers."""
    return [Exchange([{"op": "call", "x": v}], Doubling().run([{"op": "call", "x": v}])) for v in values]


def test_a_question_with_an_earlier_answer_is_told() -> None:
    """The answer itself, a row of it, or its value in another shape; not an input that came back."""
    x = torch.tensor([[0.25, 0.5], [1.5, 2.25]])
    assert not asks_with_answers(asked(x, x, x + 0.125))
    assert asks_with_answers(asked(x, 2 * x))
    assert asks_with_answers(asked(x, (2 * x)[1]))
    assert asks_with_answers(asked(x, (2 * x).flatten().double()))
    assert asks_with_answers(asked(torch.tensor([1000, 2000]), torch.tensor([2000, 4000])))


def test_small_whole_numbers_tell_nothing() -> None:
    """Zeros, ones and counts are in every question."""
    assert not asks_with_answers(asked(torch.ones(3), torch.full((3,), 2.0)))


def test_what_an_answer_was_made_into_is_told_by_a_rounding() -> None:
    """A question with minus the answer, or its sine, also holds the answer."""
    x = torch.tensor([0.3, 0.7], dtype=torch.float64)

    def walk(transport: Any) -> list[Exchange]:
        exchanges = []
        question = x
        for _ in range(3):
            answers = transport.run([{"op": "call", "x": question}])
            exchanges.append(Exchange([{"op": "call", "x": question}], answers))
            question = torch.sin(-answers[0]["result"])
        return exchanges

    assert not asks_with_answers(walk(Doubling()))
    assert asks_otherwise(walk(Doubling()), walk(Nudged(Doubling())))
    same = Nudged(Doubling()).run([{"op": "call", "x": x}])[0]
    assert torch.equal(same["after"][0], x)
    assert not torch.equal(same["result"], 2 * x)


@pytest.mark.parametrize("slug", SLUGS)
def test_no_question_that_is_sent_ahead_holds_an_answer(slug: str) -> None:
    """In all assignments: no frame that is sent ahead has the bytes of a reference's answer."""
    assignment = load_assignment(ROOT, slug)

    live: dict[str, list[str]] = {}

    def look(collected: Collected) -> None:
        grader = collected.grader(7)
        grader.prove_reference()
        examiner = grader.examiner
        for rehearsal in examiner._rehearsals.values():
            for requests in rehearsal.requests:
                exchanges = [Exchange(r, None) for r in requests or ()]
                assert not asks_with_answers(exchanges)
        live.update(examiner.asked_live())

    collect(assignment, look)
    if slug == "optimizers":
        assert "walks_the_right_path" in live["momentum_step"]
        assert "walks_the_right_path" in live["adam_step"]
        assert sum(map(len, live.values())) <= 15


@pytest.mark.sandbox
def test_reading_ahead_and_fitting_gains_nothing() -> None:
    """A least-squares fit over the questions scores no more than zeros do."""
    assignment = load_assignment(ROOT, "optimizers")
    zeros = "def momentum_step(param, grad, velocity, lr, momentum):\n    return param * 0, velocity * 0"

    found: list[Grade] = []

    def graded(collected: Collected) -> None:
        grader = collected.grader(7)
        grader.prove_reference()
        with ZygoteProcess(choose_tier(Tier.C).tier, hidden=[ROOT], forbidden=assignment.forbidden) as zygote:
            only = frozenset({"momentum_step"})
            submissions = [_submission(assignment, source) for source in (READS_AHEAD, zeros)]
            found.extend(grader.grade("x", s, zygote, only=only).grade for s in submissions)

    collect(assignment, graded)
    attack, honest = found
    assert attack.score <= honest.score


def _submission(assignment: Assignment, source: str) -> Any:
    template = load_template(assignment)
    notebook = compose_submission(assignment, template, [assignment.solution_path])
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "momentum_step":
            cell.source = source
    return parse_submission(nbformat.writes(notebook).encode(), assignment, template)
