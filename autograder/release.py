"""`autograder release`: compose the source notebook and let nbgrader make the students' version of it."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

import nbformat

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.errors import AssignmentError, GradebookError
from autograder.gradebook.directories import Directories, put_scripts_on_path
from autograder.notebook.cells import grade_id
from autograder.notebook.compose import BEGIN, END, compose_source
from autograder.notebook.read import load_template
from autograder.outputs import write_atomically

__all__ = ["release"]

_STUB = "raise NotImplementedError"


def release(course: Course, assignment: Assignment) -> Path:
    """Write `source/<slug>/` and have nbgrader make `release/<slug>/` from it.

    Returns:
        The released notebook.

    Raises:
        AssignmentError: if template and solution disagree, or something of the solution would be released.
        GradebookError: if nbgrader's generate_assignment fails; its words are in the message.
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
    from traitlets.config import Config

    config: Any = Config(directories.config)
    # What students see where the solution was must be what the template shows.
    config.ClearSolutions.code_stub = {"python": _STUB}
    written = next((e.id for e in assignment.exercises if e.written), None)
    if written is not None:
        text = next(c.source for c in load_template(assignment).cells if grade_id(c) == written)
        config.ClearSolutions.text_stub = text
    api = NbGraderAPI(config=config)
    # It tells what went wrong in its result; what it logs besides is for its own command line.
    api.log.setLevel(logging.CRITICAL)
    result = api.generate_assignment(assignment.slug, force=True, create=True)
    if not result["success"]:
        words = (result.get("error") or result.get("log") or "no reason given").strip().splitlines()
        raise GradebookError(
            f"nbgrader could not generate the assignment {assignment.slug!r}: {' | '.join(words[-3:])}"
        )


def _inspect(released: Path, assignment: Assignment) -> None:
    """Compare what is released with the template; nothing of the solution may be in it."""
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
