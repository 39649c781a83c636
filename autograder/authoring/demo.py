"""A class to try the grader on: honest work in many styles, every known mistake, and some trouble."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.authoring.release import release
from autograder.batch import BatchOptions, BatchReport, Progress, grade_batch
from autograder.course.assignment import Assignment, load_assignment
from autograder.course.layout import Course, init_course
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import load_template
from autograder.engines.hidden.diagnosis import load_misconceptions
from autograder.engines.registry import open_engine
from autograder.files import write_atomically
from autograder.verdict import ACCUMULATES, NOT_IMPLEMENTED, Grade, Outcome, Status

__all__ = ["DemoReport", "Expectation", "make_class", "run_demo"]

SLUG = "optimizers"
#: Exercises that call what the student wrote for others: where those crash or remember, these must suffer.
_BUILT_ON_OTHERS = {"compare_optimizers"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the grade of one made-up student must be."""

    student: str
    #: Returns what is wrong with a grade, None if it is as it should be.
    judge: Callable[[Grade], str | None]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """The batch, where it is, and which verdicts were not as expected."""

    report: BatchReport
    course: Course
    assignment: Assignment
    surprises: tuple[str, ...]


def run_demo(directory: Path, *, jobs: int | None, progress: Progress) -> DemoReport:
    """Make a course and a class in `directory`, release the assignment, and grade the class.

    Raises:
        UsageError: if the directory is not empty.
    """
    course = init_course(directory)
    assignment = load_assignment(course.root, SLUG)
    release(course, assignment)
    expected = make_class(course, assignment)
    report = grade_batch(open_engine(course, SLUG), BatchOptions(jobs=jobs, device="cpu", min_tier="C"), progress)
    by_student = {g.student: g for g in report.grades}
    surprises = []
    for expectation in expected:
        grade = by_student.get(expectation.student)
        problem = "has no result" if grade is None else expectation.judge(grade)
        if problem is not None:
            surprises.append(f"{expectation.student} {problem}")
    return DemoReport(report, course, assignment, tuple(surprises))


def make_class(course: Course, assignment: Assignment) -> list[Expectation]:
    """Write `submitted/*/<slug>/` and return what each grade must be."""
    template = load_template(assignment)
    reference = assignment.solution_path
    expected: list[Expectation] = []

    def hand_in(student: str, notebook: Any, judge: Callable[[Grade], str | None]) -> None:
        data = notebook if isinstance(notebook, (str, bytes)) else nbformat.writes(notebook) + "\n"
        folder = course.root / "submitted" / student / assignment.slug
        write_atomically(folder / f"{assignment.slug}.ipynb", data)
        write_atomically(folder / "timestamp.txt", "2026-10-05 09:30:00.000000 UTC\n")
        expected.append(Expectation(student, judge))

    def solved(*modules: Path) -> nbformat.NotebookNode:
        return compose_submission(assignment, template, [*modules, reference])

    hand_in("reference", solved(), _full)
    for path in sorted((assignment.secret_dir / "honest").glob("*.py")):
        hand_in(f"honest-{path.stem.replace('_', '-')}", solved(path), _full)
    exercises = tuple(e.id for e in assignment.coded)
    for misconception in load_misconceptions(assignment.secret_dir / "misconceptions", exercises):
        if misconception.exercises:
            due = {e: misconception.equals.get(e, misconception.id) for e in misconception.exercises}
            hand_in(f"wrong-{misconception.id}", solved(misconception.path), _diagnosed(due))
    for student, notebook, judge in _trouble(template, solved):
        hand_in(student, notebook, judge)
    return expected


# -- trouble -----------------------------------------------------------------------------------------------


def _trouble(
    template: nbformat.NotebookNode, solved: Callable[..., nbformat.NotebookNode]
) -> list[tuple[str, Any, Callable[[Grade], str | None]]]:
    def edited(exercise: str, source: str) -> nbformat.NotebookNode:
        notebook = solved()
        for cell in notebook.cells:
            if grade_id(cell) == exercise:
                cell.source = source
        return notebook

    deleted = solved()
    deleted.cells = [c for c in deleted.cells if grade_id(c) not in {"rmsprop_step", "test_rmsprop_step"}]
    loop = "def sgd_step(param, grad, lr):\n    while True:\n        pass"
    leave = "import os\n\n\ndef sgd_step(param, grad, lr):\n    os._exit(0)"
    bomb = "def sgd_step(param, grad, lr):\n    return torch.zeros(1 << 33, dtype=torch.float64)"
    return [
        ("untouched-stub", template, _score(0, NOT_IMPLEMENTED)),
        (
            "broken-syntax",
            edited("sgd_step", "def sgd_step(param, grad, lr)\n    return param - lr * grad"),
            _loses("sgd_step", Outcome.ERROR),
        ),
        ("broken-endless-loop", edited("sgd_step", loop), _loses("sgd_step", Outcome.TIMEOUT)),
        ("broken-os-exit", edited("sgd_step", leave), _loses("sgd_step", Outcome.CRASHED)),
        ("broken-memory-bomb", edited("sgd_step", bomb), _loses("sgd_step", Outcome.ERROR)),
        ("broken-deleted-cell", deleted, _loses("rmsprop_step", Outcome.ERROR)),
        ("broken-not-json", "{this is no notebook", _rejected),
        ("broken-wrong-notebook", json.dumps(_wrong_notebook()), _rejected),
    ]


def _wrong_notebook() -> dict[str, Any]:
    cell = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Notes of week 3"}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


# -- what is expected --------------------------------------------------------------------------------------


def _full(grade: Grade) -> str | None:
    if grade.status is Status.GRADED and grade.score == grade.max_score:
        return None
    lost = [f"{e.id}: {c.name} {c.outcome} ({c.message})" for e in grade.exercises for c in e.checks if not c.score]
    return f"is right and got {float(grade.score):g} of {float(grade.max_score):g}: {grade.reason or lost[:2]}"


def _diagnosed(due: dict[str, str]) -> Callable[[Grade], str | None]:
    def judge(grade: Grade) -> str | None:
        results = {e.id: e for e in grade.exercises}
        for exercise, identifier in due.items():
            found = results.get(exercise)
            if found is None or found.score >= found.max_score:
                return f"lost nothing in {exercise}"
            if found.diagnosis != identifier:
                return f"is diagnosed as {found.diagnosis} in {exercise}, not as {identifier}"
        spared = set(due) | (_BUILT_ON_OTHERS if ACCUMULATES in due.values() else set())
        others = [e.id for e in results.values() if e.id not in spared and e.score < e.max_score]
        return f"lost points in {others[0]} too" if others else None

    return judge


def _score(points: int, diagnosis: str) -> Callable[[Grade], str | None]:
    def judge(grade: Grade) -> str | None:
        same = grade.score == points and {e.diagnosis for e in grade.exercises} == {diagnosis}
        return None if same else f"got {float(grade.score):g} points instead of {points} with {diagnosis}"

    return judge


def _loses(exercise: str, outcome: Outcome) -> Callable[[Grade], str | None]:
    def judge(grade: Grade) -> str | None:
        for e in grade.exercises:
            if e.id == exercise:
                if e.score or not any(c.outcome is outcome for c in e.checks):
                    return f"should have ended as {outcome} in {exercise}: {[c.outcome.value for c in e.checks]}"
            elif e.score < e.max_score and e.id not in _BUILT_ON_OTHERS:
                return f"lost points in {e.id} too"
        return None if grade.status is Status.GRADED else f"is {grade.status}: {grade.reason}"

    return judge


def _rejected(grade: Grade) -> str | None:
    return None if grade.status is Status.REJECTED else f"is {grade.status} instead of rejected"
