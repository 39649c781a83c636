"""Grade every habit of an assignment in one batch of the real `grade`, once for each tier."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from course_fixture import Classroom, make_classroom
from nbformat import NotebookNode
from real.corpus import HABITS
from real.habit import Habit
from real.handin import HandIn

from autograder.course.assignment import Assignment
from autograder.course.notebook.compose import BEGIN, END, compose_source

__all__ = ["PLAIN", "Batch", "Group", "cases", "grade_group", "hand_in", "solved", "told"]

#: If set, every habit runs in both tiers and on all its assignments; otherwise a part of them, each once.
FULL = os.environ.get("AUTOGRADER_CORPUS", "") == "full"
#: A student who hands in the plain solution, beside all others.
PLAIN = "plain-solution"
#: Limits that end slow work quickly; right work takes a tenth of them.
HURRY = {"cell_s": 2.0, "check_s": 3.0, "submission_s": 20.0}
TIME_LIMIT_S = 3600
_GRADE = Path(__file__).resolve().parents[1] / "hostile" / "grade_corpus.py"


@dataclass(frozen=True)
class Group:
    """The submissions of one batch."""

    slug: str
    tier: str
    hurried: bool = False

    def __str__(self) -> str:
        return f"{self.slug}-{self.tier}{'-hurried' if self.hurried else ''}"


@dataclass(frozen=True)
class Batch:
    """A graded group: its folder, and the results by student."""

    classroom: Classroom
    results: dict[str, dict[str, Any]]
    output: str

    def page(self, student: str) -> str:
        """Return the student's page."""
        return self.classroom.feedback(student)

    def pictures(self, student: str) -> int:
        """Count the PNG pictures in the notebook that a person grades."""
        slug = self.classroom.assignment.slug
        path = self.classroom.root / "autograded" / student / slug / f"{slug}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
        return sum("image/png" in o.get("data", {}) for o in outputs)


def cases() -> list[tuple[Habit, Group]]:
    """Return each habit with each of its groups."""
    found = []
    for number, habit in enumerate(HABITS):
        left_out = number % (2 if habit.pictures else 12) != 0 and not habit.everywhere
        if not FULL and (habit.rare or left_out):
            continue
        # Another assignment would need a batch of its own, which costs more than it shows.
        slugs = habit.slugs if FULL else [slug for slug in habit.slugs if slug == "optimizers"]
        tiers = "AB" if FULL or habit.everywhere else "A"
        found += [(habit, Group(slug, tier, habit.hurried)) for slug in slugs for tier in tiers]
    return found


def hand_in(classroom: Classroom, habit: Habit | None, student: str) -> None:
    """Write a student's folder: the solution, changed by a habit."""
    slug = classroom.assignment.slug
    made = HandIn(slug, solved(classroom.assignment), classroom.template, f"{slug}.ipynb")
    if habit is not None:
        habit.change(made)
    folder = classroom.root / "submitted" / student / slug
    made.write(folder)
    if habit is not None:
        assert _files(folder) != _files(folder.parents[1] / PLAIN / slug), f"{habit.name} changes nothing of {slug}"


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else b"" for p in folder.rglob("*")}


def solved(assignment: Assignment) -> NotebookNode:
    """Return the released notebook with the reference's bodies in place of the stubs, and no other change.

    Unlike in `compose_submission`, no exercise's cell brings its own imports: the first cell is needed.
    """
    notebook = compose_source(assignment)
    for cell in notebook.cells:
        lines = cell.source.split("\n")
        cell.source = "\n".join(line for line in lines if line.strip() not in {BEGIN, END})
    return notebook


def grade_group(group: Group, habits: Sequence[Habit], root: Path) -> Batch:
    """Hand in a class of habits and grade it."""
    classroom = make_classroom(root / "course", group.slug)
    if group.hurried:
        _hurry(classroom)
    hand_in(classroom, None, PLAIN)
    for habit in habits:
        hand_in(classroom, habit, habit.student)
    done = subprocess.run(
        [sys.executable, str(_GRADE), str(classroom.root), group.tier, group.slug],
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    results = {}
    for path in (classroom.root / "results" / group.slug).glob("[!.]*.json"):
        data = json.loads(path.read_text(encoding="utf-8"))
        if "student" in data:
            results[data["student"]] = data
    return Batch(classroom, results, done.stdout + done.stderr)


def _hurry(classroom: Classroom) -> None:
    path = classroom.assignment.public_dir / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    for name, seconds in HURRY.items():
        text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {seconds}", text)
        assert count == 1
    path.write_text(text, encoding="utf-8")


def told(result: dict[str, Any]) -> str:
    """Return everything that the results tell a student, except the messages of single checks."""
    left_out = {"checks", "submission_sha256", "fingerprint", "depends", "assignment", "student", "id"}
    return "\n".join(_strings(result, left_out))


def _strings(value: Any, left_out: set[str]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key not in left_out:
                yield from _strings(entry, left_out)
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry, left_out)
