"""Right work in many styles is never called wrong: with fifty seeds, in both precisions, in every tier."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import nbformat
import pytest
import torch
from every_assignment import SLUGS

from autograder.authoring.verify.rehearsal import Collected, collect, defined_by
from autograder.authoring.verify.sources import variants
from autograder.checks.student import LocalTransport
from autograder.course.assignment import Assignment, load_assignment
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import load_template, parse_submission
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier
from autograder.verdict import Outcome

ROOT = Path(__file__).parents[2]
_T = TypeVar("_T")

SEEDS = range(1, 51)
#: These take Python's numbers, which have one precision, arrays, or whole numbers.
NUMBERS = {"chain_gradient", "vanishing_bound", "glorot_ratio", "output_size"}
NUMBERS |= {"even_grid", "share_and_copy", "image_to_batch"}
#: Its text says float32: it draws its own network, and torch draws other numbers in another dtype.
SINGLE = {"profile_by_epoch", "compare_starts"}
#: These get counts, lists and generators.
NUMBERS |= {"steps_per_epoch", "polynomial_data", "minibatches", "lr_at"}


@cache
def assignment_of(slug: str) -> Assignment:
    """Load a built-in assignment."""
    return load_assignment(ROOT, slug)


@cache
def forms(slug: str) -> tuple[tuple[Path, str], ...]:
    """Return the honest variants of an assignment, each with an exercise of which it has its own form."""
    assignment = assignment_of(slug)
    return tuple((path, e) for path in variants(assignment, "honest") for e in defined_by(path, assignment))


def collected(slug: str, use: Callable[[Collected], _T]) -> _T:
    """Return what `use` makes of an assignment's checks."""
    answers: list[_T] = []
    collect(assignment_of(slug), lambda found: answers.append(use(found)))
    return answers[0]


def test_every_exercise_has_four_forms_and_all_together_150() -> None:
    """What guards against false rejections is there."""
    counts = {e.id: 0 for slug in SLUGS for e in assignment_of(slug).coded}
    for slug in SLUGS:
        for _, exercise in forms(slug):
            counts[exercise] += 1
    assert {e: n for e, n in counts.items() if n < 4} == {}
    assert sum(counts.values()) >= 150


@pytest.mark.full
@pytest.mark.timeout(3600)  # minutes where nothing else runs
@pytest.mark.parametrize("slug", SLUGS)
def test_no_false_alarm_with_fifty_seeds(slug: str) -> None:
    """In this process, every form of every exercise, and the reference, with inputs of fifty draws."""

    def run(found: Collected) -> tuple[int, list[tuple[int, str, str, Any]]]:
        runs, alarms = 0, []
        pairs = [*forms(slug), *((assignment_of(slug).solution_path, e.id) for e in assignment_of(slug).coded)]
        for seed in SEEDS:
            rehearsal = found.rehearsal(seed)
            for path, exercise in pairs:
                verdict = rehearsal.verdict(exercise, rehearsal.own(path))
                runs += 1
                if verdict.failed:
                    alarms.append((seed, path.stem, exercise, verdict))
        return runs, alarms

    runs, alarms = collected(slug, run)
    assert alarms == []
    assert runs == len(SEEDS) * (len(forms(slug)) + len(assignment_of(slug).coded))


@pytest.mark.full
@pytest.mark.sandbox
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("tier", list(Tier), ids=lambda tier: f"tier-{tier.value}")
@pytest.mark.parametrize("slug", SLUGS)
def test_no_false_alarm_in_any_tier(slug: str, tier: Tier) -> None:
    """Whole notebooks, one for each honest file and one of the reference: everything passes, nobody is suspected."""
    assignment = assignment_of(slug)
    template = load_template(assignment)

    def run(found: Collected) -> dict[str, list[str]]:
        grader = found.grader(list(Tier).index(tier) + 101)
        lost = {}
        with ZygoteProcess(tier, hidden=[ROOT], forbidden=assignment.forbidden) as zygote:
            for path in (*variants(assignment, "honest"), assignment.solution_path):
                notebook = compose_submission(assignment, template, [path, assignment.solution_path])
                submission = parse_submission(nbformat.writes(notebook).encode(), assignment, template)
                grade = grader.grade(path.stem, submission, zygote).grade
                assert (grade.tier, len(grade.exercises)) == (tier.value, len(assignment.coded))
                lost[path.stem] = [
                    f"{e.id}: {c.name}: {c.outcome}: {c.message}"
                    for e in grade.exercises
                    for c in e.checks
                    if c.outcome is not Outcome.PASSED
                ] + [f"{e.id}: {e.notes}" for e in grade.exercises if e.review or e.score < e.max_score]
        return lost

    assert {name: reasons for name, reasons in collected(slug, run).items() if reasons} == {}


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("slug", SLUGS)
def test_checks_feed_both_precisions(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every exercise on tensors or models meets float32 and float64."""
    met: set[torch.dtype] = set()
    usual = LocalTransport.run

    def run(self: LocalTransport, operations: list[Any]) -> list[Any]:
        # Promoted operations are the reference's.
        if not self._promote:
            met.update(t.dtype for t in tensors_in(operations))
        return usual(self, operations)

    monkeypatch.setattr(LocalTransport, "run", run)

    def use(found: Collected) -> dict[str, set[torch.dtype]]:
        rehearsal = found.rehearsal(1)
        by_exercise = {}
        for e in assignment_of(slug).coded:
            met.clear()
            assert not rehearsal.verdict(e.id, rehearsal.own(assignment_of(slug).solution_path)).failed
            by_exercise[e.id] = {dtype for dtype in met if dtype.is_floating_point}
        return by_exercise

    due = {
        e.id: set[torch.dtype]()
        if e.id in NUMBERS
        else {torch.float32}
        if e.id in SINGLE
        else {torch.float32, torch.float64}
        for e in assignment_of(slug).coded
    }
    assert collected(slug, use) == due


def tensors_in(value: Any) -> list[torch.Tensor]:
    """List the tensors in operations."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        return [t for entry in value.values() for t in tensors_in(entry)]
    return [t for entry in value for t in tensors_in(entry)] if isinstance(value, (list, tuple)) else []
