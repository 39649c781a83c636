"""`autograder release`: compose the source notebook and let nbgrader make the students' version of it."""

from __future__ import annotations

import contextlib
import logging
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from autograder.course.assignment import Assignment
from autograder.course.characters import uncoloured
from autograder.course.gradebook.directories import Directories, put_scripts_on_path
from autograder.course.layout import Course
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import BEGIN, END, STUB, compose_source
from autograder.course.notebook.read import load_template
from autograder.errors import AssignmentError, GradebookError
from autograder.files import write_atomically

__all__ = ["release"]


def release(course: Course, assignment: Assignment) -> Path:
    """Write `source/<slug>/` and have nbgrader make `release/<slug>/` from it.

    Returns:
        The released notebook.

    Raises:
        AssignmentError: if template and solution disagree, or a part of the solution would be released.
        GradebookError: if nbgrader's generate_assignment fails; the message says why in nbgrader's words.
    """
    directories = Directories(course)
    _write_source(directories.source(assignment.slug), assignment)
    _generate(directories, assignment)
    released = directories.release(assignment.slug) / f"{assignment.slug}.ipynb"
    _inspect(released, assignment)
    return released


def _write_source(folder: Path, assignment: Assignment) -> None:
    notebook = compose_source(assignment)
    write_atomically(folder / f"{assignment.slug}.ipynb", nbformat.writes(notebook) + "\n")
    for path in sorted(assignment.public_dir.iterdir()):
        if path.name in {assignment.template_path.name, "assignment.toml"} or path.name.startswith("."):
            continue
        target = folder / path.name
        if path.is_dir():
            shutil.copytree(path, target, dirs_exist_ok=True)
        else:
            write_atomically(target, path.read_bytes())


def _generate(directories: Directories, assignment: Assignment) -> None:
    put_scripts_on_path()
    from nbgrader.apps import NbGraderAPI
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import ClearSolutions
    from traitlets.config import Config

    class ClearCode(ClearSolutions):  # type: ignore[misc, unused-ignore]
        """Clears code only: nbgrader would give all written questions one text in place of their own."""

        def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> Any:
            if cell.cell_type != "code":
                return cell, resources
            return super().preprocess_cell(cell, resources, cell_index)

    config: Any = Config(directories.config)
    # Students must see the template's stub in the place of the solution.
    config.ClearSolutions.code_stub = {"python": STUB}
    if "preprocessors" not in config.GenerateAssignment:
        usual = GenerateAssignment.class_traits()["preprocessors"].default()
        config.GenerateAssignment.preprocessors = [ClearCode if p is ClearSolutions else p for p in usual]
    api = NbGraderAPI(config=config)
    with _unheard(api.log):
        result = api.generate_assignment(assignment.slug, force=True, create=True)
    if not result["success"]:
        raise GradebookError(f"nbgrader could not generate the assignment {assignment.slug!r}: {_reason(result)}")


@contextlib.contextmanager
def _unheard(log: logging.Logger) -> Iterator[None]:
    """Make nbgrader record in its result what goes wrong, and nowhere else."""
    before = log.level, log.propagate
    log.setLevel(logging.ERROR)
    log.propagate = False
    try:
        yield
    finally:
        log.level, log.propagate = before


def _reason(result: Mapping[str, str]) -> str:
    """Return the sentences of nbgrader's log and traceback that say what is wrong."""
    lines = [line.strip() for line in uncoloured(result.get("log", "")).splitlines()]
    raised = [line for line in lines if re.match(r"[\w.]*(Error|Exception): ", line)]
    logged = [line.removeprefix("[ERROR] ") for line in lines if re.match(r"\[ERROR\] (?!Traceback)", line)]
    last = result.get("error", "no reason given").strip().splitlines()[-1:]
    return " | ".join(dict.fromkeys([*raised, *logged] or last))


def _inspect(released: Path, assignment: Assignment) -> None:
    """Compare the released notebook with the template; no part of the solution may be in it."""
    notebook = nbformat.reads(released.read_text(encoding="utf-8"), as_version=4)
    stubs = {grade_id(c): c.source for c in load_template(assignment).cells if grade_id(c)}
    problem = None
    for cell in notebook.cells:
        identifier = grade_id(cell)
        if BEGIN in cell.source or END in cell.source:
            problem = f"cell {identifier} still has a solution mark"
        elif identifier in stubs and cell.source.strip() != stubs[identifier].strip():
            problem = f"cell {identifier} is not the template's"
    if problem is not None:
        released.unlink()
        raise AssignmentError(
            f"{released} was withdrawn: {problem}. Look at that cell in {assignment.template_path} "
            f"and {assignment.solution_path}."
        )
