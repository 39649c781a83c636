"""Real nbgrader material to grade twice: the sample course and the notebooks of nbgrader's own tests.

`make_course` releases notebooks with nbgrader itself; `autograde` runs nbgrader on what was handed in, in one process;
`read_scores` reads the gradebook that either grader wrote.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbgrader

PACKAGE = Path(nbgrader.__file__).parent
GUIDE = PACKAGE / "docs" / "source" / "user_guide"
APPS = PACKAGE / "tests" / "apps" / "files"
PREPROCESSORS = PACKAGE / "tests" / "preprocessors" / "files"
#: (student, notebook, cell): the auto score.
Scores = dict[tuple[str, str, str], float | None]


@dataclass(frozen=True)
class Sample:
    """One notebook of an assignment, and what students hand in under its name."""

    name: str
    source: Path | Mapping[str, Any]
    handed_in: Mapping[str, Path | Mapping[str, Any]]
    files: Sequence[Path] = field(default_factory=tuple)


def environment() -> dict[str, str]:
    """Return an environment in which nbgrader finds the program `alembic`."""
    return {**os.environ, "PATH": os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]}


def run_nbgrader(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of nbgrader's commands in a course."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command, cwd=root, env=environment(), capture_output=True, text=True, check=False, timeout=900
    )


def make_course(root: Path, slug: str, samples: Sequence[Sample], config: str = "") -> None:
    """Make a course, release its one assignment with nbgrader, and hand everything in."""
    source = root / "source" / slug
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ClearSolutions.code_stub = {'python': '# YOUR CODE HERE', 'bash': '# YOUR CODE HERE'}\n"
        + config,
        encoding="utf-8",
    )
    shutil.copy(APPS / "autotests.yml", root)
    for sample in samples:
        put(sample.source, source / f"{sample.name}.ipynb")
        for path in sample.files:
            shutil.copy(path, source)
        for student, notebook in sample.handed_in.items():
            put(notebook, root / "submitted" / student / slug / f"{sample.name}.ipynb")
    done = run_nbgrader(root, "generate_assignment", slug)
    assert done.returncode == 0, done.stderr


def sample_course(root: Path) -> None:
    """Copy nbgrader's own sample course and release its assignment."""
    for name in ("source", "submitted"):
        shutil.copytree(GUIDE / name, root / name)
    (root / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    done = run_nbgrader(root, "generate_assignment", "ps1")
    assert done.returncode == 0, done.stderr


def put(notebook: Path | Mapping[str, Any], target: Path) -> None:
    """Write a notebook, given as a file or as its content."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, Path):
        shutil.copy(notebook, target)
    else:
        target.write_text(json.dumps(notebook), encoding="utf-8")


def read_scores(root: Path, slug: str) -> Scores:
    """Return every auto score in the gradebook of a course."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        return {
            (submission.student.id, notebook.name, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(slug)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def notebook_of(
    cells: Sequence[Mapping[str, Any]], kernel: str = "python3", language: str = "python"
) -> dict[str, Any]:
    """Return a notebook of these cells."""
    spec = {"name": kernel, "display_name": kernel, "language": language}
    numbered = [{**cell, "id": f"c{i}"} for i, cell in enumerate(cells)]
    return {"cells": numbered, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}


def code(source: str, grade_id: str = "", *, points: float | None = None, solution: bool = False) -> dict[str, Any]:
    """Return a code cell: plain, a solution, or a test that carries points."""
    metadata: dict[str, Any] = {}
    if grade_id:
        kept: dict[str, Any] = {
            "grade_id": grade_id,
            "grade": points is not None,
            "solution": solution,
            "locked": points is not None,
            "task": False,
            "schema_version": 3,
            "cell_type": "code",
        }
        if points is not None:
            kept["points"] = points
        metadata["nbgrader"] = kept
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def exercise(answer: str, tests: Sequence[str], kernel: str = "python3", language: str = "python") -> dict[str, Any]:
    """Return a notebook with one answer and test cells `test_0`, `test_1`, … of two points each."""
    cells = [code(answer, "answer", solution=True)]
    cells += [code(test, f"test_{i}", points=2) for i, test in enumerate(tests)]
    return notebook_of(cells, kernel, language)


def autotest(name: str, *answers: str) -> Sample:
    """Return one of nbgrader's autotest samples with some of its answers."""
    handed_in = {answer: APPS / f"autotest-{name}-{answer}.ipynb" for answer in answers}
    return Sample(f"autotest-{name}", APPS / f"autotest-{name}.ipynb", handed_in)
