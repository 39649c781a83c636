"""A built-in assignment's hidden checks, run in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from autograder.authoring.verify.rehearsal import Collected, Rehearsal, Verdict, collect
from autograder.course.assignment import load_assignment

__all__ = ["Rehearsal", "Verdict", "rehearse"]

ROOT = Path(__file__).resolve().parents[1]


def rehearse(slug: str, seed: int, use: Callable[[Rehearsal], None]) -> None:
    """Collect an assignment's checks as a batch does, prove the reference, and let `use` run them."""

    def run(collected: Collected) -> None:
        rehearsal = collected.rehearsal(seed)
        rehearsal.grader.prove_reference()
        use(rehearsal)

    collect(load_assignment(ROOT, slug), run)
