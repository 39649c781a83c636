"""A built-in assignment's hidden checks, run in this process."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from autograder.authoring.verify.rehearsal import Collected, Rehearsal, Verdict, collect
from autograder.course.assignment import load_assignment
from autograder.course.notebook.variants import edited, forms_in, reference_of

__all__ = ["Rehearsal", "Verdict", "answered", "forms_of", "rehearse", "verdicts_of_files", "verdicts_of_forms"]

ROOT = Path(__file__).resolve().parents[1]


def rehearse(slug: str, seed: int, use: Callable[[Rehearsal], None]) -> None:
    """Collect an assignment's checks as a batch does, prove the reference, and let `use` run them."""

    def run(collected: Collected) -> None:
        rehearsal = collected.rehearsal(seed)
        rehearsal.grader.prove_reference()
        use(rehearsal)

    collect(load_assignment(ROOT, slug), run)


def answered(slug: str, seed: int, use: Callable[[Rehearsal], Any]) -> Any:
    """Return the result of `use` for an assignment's checks with that seed."""
    answers: list[Any] = []
    rehearse(slug, seed, lambda rehearsal: answers.append(use(rehearsal)))
    return answers[0]


def forms_of(rehearsal: Rehearsal, path: Path, exercise: str) -> list[dict[str, Any]]:
    """Return a notebook for each form that a file has of an exercise."""
    notebooks = []
    for form in forms_in(path).get(exercise, ()):
        names, reference = rehearsal.own(path), reference_of(path)
        exec("\n".join(ast.unparse(node) for node in reference.around), names)
        exec(ast.unparse(edited(path, exercise, form, reference)), names)
        notebooks.append(names)
    return notebooks or [rehearsal.own(path)]


@cache
def verdicts_of_forms(slug: str, seed: int, folder: str) -> dict[tuple[str, str, int], Verdict]:
    """Judge every form in the files of a folder, by (name, exercise, number of the form)."""

    def judge(rehearsal: Rehearsal) -> dict[tuple[str, str, int], Verdict]:
        return {
            (path.stem, exercise, number): rehearsal.verdict(exercise, names)
            for path in sorted((ROOT / "solutions" / slug / folder).glob("*.py"))
            for exercise in rehearsal.defined_by(path)
            for number, names in enumerate(forms_of(rehearsal, path, exercise))
        }

    found: dict[tuple[str, str, int], Verdict] = answered(slug, seed, judge)
    return found


@cache
def verdicts_of_files(slug: str, seed: int) -> dict[tuple[str, str, str], Verdict]:
    """Judge right and wrong variants in each exercise that they have a form of, by folder, name and exercise."""

    def judge(rehearsal: Rehearsal) -> dict[tuple[str, str, str], Verdict]:
        for exercise in load_assignment(ROOT, slug).coded:
            rehearsal.remember(exercise.id)
        return {
            (folder, path.stem, exercise): rehearsal.verdict(exercise, rehearsal.own(path))
            for folder in ("honest", "misconceptions")
            for path in sorted((ROOT / "solutions" / slug / folder).glob("*.py"))
            for exercise in rehearsal.defined_by(path)
        }

    found: dict[tuple[str, str, str], Verdict] = answered(slug, seed, judge)
    return found
