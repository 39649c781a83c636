"""What can be found in an assignment's files without running any of them."""

from __future__ import annotations

import ast
from pathlib import Path

from autograder.authoring.verify.findings import Finding
from autograder.authoring.verify.rehearsal import defined_by
from autograder.course.assignment import Assignment
from autograder.course.notebook.compose import cleared, compose_source
from autograder.course.notebook.modules import read_module
from autograder.course.notebook.read import load_template
from autograder.course.notebook.variants import variant_text
from autograder.errors import AssignmentError

__all__ = ["examine_sources", "relative", "variants"]

#: What a variant may define for the grader, besides exercises and `_helpers`.
_KNOWN = {"evidence"}


def relative(path: Path, assignment: Assignment) -> str:
    """Return a file's path as one would type it in the course's folder."""
    root = assignment.secret_dir.parent.parent
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def variants(assignment: Assignment, folder: str) -> list[Path]:
    """Return the files of a folder of variants; those that begin with `_` are shared by others."""
    return [p for p in sorted((assignment.secret_dir / folder).glob("*.py")) if not p.name.startswith("_")]


def examine_sources(assignment: Assignment) -> list[Finding]:
    """Compare names and signatures of template, solution and variants.

    Raises:
        AssignmentError: if nothing can be tried before a fault is corrected; names file and remedy.
    """
    found = []
    source = compose_source(assignment)
    shown = load_template(assignment).cells
    for cell, restored in zip(shown, cleared(source).cells, strict=True):
        if cell.source != restored.source:
            found.append(
                Finding(
                    relative(assignment.template_path, assignment),
                    f"the released cell would not be the template's: {restored.source[:80]!r}…",
                    "let the stub consist of signature, docstring and `raise NotImplementedError`",
                )
            )
    for folder in ("misconceptions", "faulty", "honest", "ways"):
        for path in variants(assignment, folder):
            found += _strangers(path, assignment)
    if any(e.written for e in assignment.exercises) and not (assignment.secret_dir / "answers.md").is_file():
        found.append(
            Finding(
                relative(assignment.secret_dir / "answers.md", assignment),
                "is missing, though there are written questions",
                "write down what an answer is worth, for those who grade it",
            )
        )
    return found


def _strangers(path: Path, assignment: Assignment) -> list[Finding]:
    """Find public functions of a variant that belong to no exercise: a mistyped name would never be tried."""
    where = relative(path, assignment)
    module = read_module(path)
    if path.parent.name != "misconceptions" and not defined_by(path, assignment):
        return [Finding(where, "defines no exercise", "define at least one of them, or remove the file")]
    exercises = {e.id for e in assignment.coded}
    helpers = _used_names(module.path)
    return [
        Finding(
            where,
            f"defines {name!r}, which is no exercise and is not used in the file",
            "correct the name; helpers begin with an underscore",
        )
        for name in module.definitions
        if name not in exercises | _KNOWN | helpers and not name.startswith("_")
    ]


def _used_names(path: Path) -> set[str]:
    try:
        tree = ast.parse(variant_text(path))
    except SyntaxError as error:
        raise AssignmentError(f"{path} is not valid Python: {error}.") from None
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
