"""A class to try the grader on: honest work in many styles, every known mistake, and some trouble."""

from __future__ import annotations

import ast
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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
from autograder.verdict import NOT_IMPLEMENTED, Grade, Outcome, Status

__all__ = ["DemoReport", "Expectation", "make_class", "run_demo"]

SLUG = "optimizers"
_Judge = Callable[[Grade], str | None]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the grade of one made-up student must be."""

    student: str
    #: Returns what is wrong with a grade, None if it is as it should be.
    judge: _Judge


@dataclass(frozen=True, slots=True)
class DemoReport:
    """The batch, where it is, and which verdicts were not as expected."""

    report: BatchReport
    course: Course
    assignment: Assignment
    surprises: tuple[str, ...]


def run_demo(
    directory: Path,
    slugs: Sequence[str] = (SLUG,),
    *,
    students: int | None = None,
    jobs: int | None,
    progress: Progress,
) -> list[DemoReport]:
    """Make a course in `directory`; for each assignment make a class, release the assignment, and grade the class.

    Args:
        directory: a new or empty directory.
        slugs: assignments that come with the grader.
        students: how many there are in each class; None for one student for each kind of work.
        jobs: how many judges run side by side.
        progress: is told how far each class is.

    Raises:
        UsageError: if the directory is not empty.
        CourseError: if there is no such assignment.
    """
    course = init_course(directory)
    assignments = [load_assignment(course.root, slug) for slug in dict.fromkeys(slugs)]
    return [_graded(course, assignment, students, jobs, progress) for assignment in assignments]


def _graded(
    course: Course, assignment: Assignment, students: int | None, jobs: int | None, progress: Progress
) -> DemoReport:
    release(course, assignment)
    expected = make_class(course, assignment, students)
    engine = open_engine(course, assignment.slug)
    report = grade_batch(engine, BatchOptions(jobs=jobs, device="cpu", min_tier="C"), progress)
    by_student = {g.student: g for g in report.grades}
    surprises = []
    for expectation in expected:
        grade = by_student.get(expectation.student)
        problem = "has no result" if grade is None else expectation.judge(grade)
        if problem is not None:
            surprises.append(f"{assignment.slug}: {expectation.student} {problem}")
    return DemoReport(report, course, assignment, tuple(surprises))


def make_class(course: Course, assignment: Assignment, students: int | None = None) -> list[Expectation]:
    """Write `submitted/*/<slug>/` of this many students (default: all), and return what each grade must be."""
    template = load_template(assignment)
    class_ = _members(assignment, template)
    if students is not None:
        class_ = _of_size(class_, students)
    expected = []
    for student, make, judge in class_:
        notebook = make()
        data = notebook if isinstance(notebook, str) else nbformat.writes(notebook) + "\n"
        folder = course.root / "submitted" / student / assignment.slug
        write_atomically(folder / f"{assignment.slug}.ipynb", data)
        write_atomically(folder / "timestamp.txt", "2026-10-05 09:30:00.000000 UTC\n")
        expected.append(Expectation(student, judge))
    return expected


#: A student, a function that makes the notebook or text to hand in, and what its grade must be.
_Member = tuple[str, Callable[[], Any], _Judge]


def _members(assignment: Assignment, template: nbformat.NotebookNode) -> list[_Member]:
    """Return one student for each kind of work: right, wrong, and trouble."""

    def solved(*modules: Path) -> nbformat.NotebookNode:
        return compose_submission(assignment, template, [*modules, assignment.solution_path])

    callers = _callers(assignment)
    found: list[_Member] = [("reference", solved, _full)]
    honest = sorted((assignment.secret_dir / "honest").glob("*.py"))
    found += [(f"honest-{path.stem.replace('_', '-')}", partial(solved, path), _full) for path in honest]
    exercises = tuple(e.id for e in assignment.coded)
    for misconception in load_misconceptions(assignment.secret_dir / "misconceptions", exercises):
        if misconception.exercises:
            due = {e: misconception.equals.get(e, misconception.id) for e in misconception.exercises}
            member = f"wrong-{misconception.id}", partial(solved, misconception.path), _diagnosed(due, callers)
            found.append(member)
    return [*found, *_trouble(assignment, template, solved, callers)]


def _of_size(class_: list[_Member], students: int) -> list[_Member]:
    """Return this many of a class, evenly from its right, wrong and troublesome work; repeat it for a larger number."""
    if students <= len(class_):
        return [class_[i * len(class_) // students] for i in range(students)]
    more = ((f"{name}-{again}", make, judge) for again in itertools.count(2) for name, make, judge in class_)
    return [*class_, *itertools.islice(more, students - len(class_))]


def _callers(assignment: Assignment) -> dict[str, set[str]]:
    """Return for each exercise those whose reference calls it, also through others: if it is wrong, they may fail."""
    exercises = {e.id for e in assignment.coded}
    callers: dict[str, set[str]] = {e: set() for e in exercises}
    for name, node in _definitions(assignment).items():
        for called in {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & exercises - {name}:
            callers[called].add(name)
    for _ in exercises:
        for found in callers.values():
            found |= {further for caller in found for further in callers[caller]}
    return callers


def _definitions(assignment: Assignment) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    """Return what the reference defines for each exercise."""
    exercises = {e.id for e in assignment.coded}
    tree = ast.parse(assignment.solution_path.read_text(encoding="utf-8"))
    found = (n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef))
    return {n.name: n for n in found if n.name in exercises}


# -- trouble -----------------------------------------------------------------------------------------------


def _trouble(
    assignment: Assignment,
    template: nbformat.NotebookNode,
    solved: Callable[..., nbformat.NotebookNode],
    callers: Mapping[str, set[str]],
) -> list[_Member]:
    """Return broken and hostile notebooks; what breaks is the first exercise that no other one calls."""
    alone = [e.id for e in assignment.coded if not callers[e.id]]
    broken, deleted = alone[0], alone[-1]
    is_class = isinstance(_definitions(assignment)[broken], ast.ClassDef)

    def edited(*lines: str) -> nbformat.NotebookNode:
        notebook = solved()
        head = [f"def {broken}(*args, **kwargs):"]
        if is_class:
            head = [f"class {broken}:", "    def __init__(self, *args, **kwargs):"]
        body = ["    " * len(head) + line for line in lines]
        for cell in notebook.cells:
            if grade_id(cell) == broken:
                cell.source = "\n".join(["import os", "import torch", "", "", *head, *body])
        return notebook

    def without_a_cell() -> nbformat.NotebookNode:
        notebook = solved()
        notebook.cells = [c for c in notebook.cells if grade_id(c) not in {deleted, f"test_{deleted}"}]
        return notebook

    return [
        ("untouched-stub", lambda: template, _score(0, NOT_IMPLEMENTED)),
        ("broken-syntax", lambda: edited("return ("), _loses(broken, Outcome.ERROR)),
        ("broken-endless-loop", lambda: edited("while True:", "    pass"), _loses(broken, Outcome.TIMEOUT)),
        ("broken-os-exit", lambda: edited("os._exit(0)"), _loses(broken, Outcome.CRASHED)),
        (
            "broken-memory-bomb",
            lambda: edited("return torch.zeros(1 << 33, dtype=torch.float64)"),
            _loses(broken, Outcome.ERROR),
        ),
        ("broken-deleted-cell", without_a_cell, _loses(deleted, Outcome.ERROR)),
        ("broken-not-json", lambda: "{this is no notebook", _rejected),
        ("broken-wrong-notebook", lambda: json.dumps(_wrong_notebook()), _rejected),
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


def _diagnosed(due: dict[str, str], callers: Mapping[str, set[str]]) -> _Judge:
    def judge(grade: Grade) -> str | None:
        results = {e.id: e for e in grade.exercises}
        for exercise, identifier in due.items():
            found = results.get(exercise)
            if found is None or found.score >= found.max_score:
                return f"lost nothing in {exercise}"
            if found.diagnosis != identifier:
                return f"is diagnosed as {found.diagnosis} in {exercise}, not as {identifier}"
        spared = set(due).union(*(callers[exercise] for exercise in due))
        others = [e.id for e in results.values() if e.id not in spared and e.score < e.max_score]
        return f"lost points in {others[0]} too" if others else None

    return judge


def _score(points: int, diagnosis: str) -> _Judge:
    def judge(grade: Grade) -> str | None:
        same = grade.score == points and {e.diagnosis for e in grade.exercises} == {diagnosis}
        return None if same else f"got {float(grade.score):g} points instead of {points} with {diagnosis}"

    return judge


def _loses(exercise: str, outcome: Outcome) -> _Judge:
    def judge(grade: Grade) -> str | None:
        for e in grade.exercises:
            if e.id == exercise:
                if e.score or not any(c.outcome is outcome for c in e.checks):
                    return f"should have ended as {outcome} in {exercise}: {[c.outcome.value for c in e.checks]}"
            elif e.score < e.max_score:
                return f"lost points in {e.id} too"
        return None if grade.status is Status.GRADED else f"is {grade.status}: {grade.reason}"

    return judge


def _rejected(grade: Grade) -> str | None:
    return None if grade.status is Status.REJECTED else f"is {grade.status} instead of rejected"
