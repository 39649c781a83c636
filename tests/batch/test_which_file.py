"""Right work under wrong names, in wrong places, too large or without metadata: one class, graded for real."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from course_fixture import Classroom, make_classroom

from autograder.batch import BatchReport
from autograder.course.assignment import load_assignment
from autograder.verdict import Grade, Status

pytestmark = pytest.mark.sandbox

#: Everything that is graded automatically in `optimizers`.
FULL = 39


def text(notebook: Any) -> bytes:
    """Return a notebook's bytes."""
    return str(nbformat.writes(notebook)).encode()


def stripped(notebook: Any) -> Any:
    """Drop all metadata and ids."""
    data = json.loads(nbformat.writes(notebook))
    for cell in data["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    return {"cells": data["cells"], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}


def written(room: Classroom, student: str, name: str, content: bytes) -> None:
    """Hand in one file."""
    path = room.path(student).parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def with_outputs(room: Classroom, megabytes: int) -> bytes:
    """Return a right notebook with large outputs."""
    notebook = room.solved()
    code = next(c for c in notebook.cells if c.cell_type == "code")
    code.outputs = [nbformat.v4.new_output("stream", text="x" * (megabytes * 1_000_000))]
    return text(notebook)


def archive(room: Classroom) -> bytes:
    """Return a right notebook in an archive, as macOS makes them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("hw1/my optimizers.ipynb", text(room.solved()))
        packed.writestr("__MACOSX/hw1/._my optimizers.ipynb", b"x")
    return buffer.getvalue()


HABITS: dict[str, Callable[[Classroom, str], None]] = {
    "copy": lambda room, s: written(room, s, "optimizers (1).ipynb", text(room.solved())),
    "case": lambda room, s: written(room, s, "Optimizers.IPYNB", text(room.solved())),
    "name": lambda room, s: written(room, s, "Müller_Ada-HW1.ipynb", text(room.solved())),
    "txt": lambda room, s: written(room, s, "optimizers.ipynb.txt", text(room.solved())),
    "json": lambda room, s: written(room, s, "optimizers.json", text(room.solved())),
    "inside": lambda room, s: written(room, s, "hw1/optimizers/optimizers.ipynb", text(room.solved())),
    "zip": lambda room, s: written(room, s, "hw1.zip", archive(room)),
    "stripped": lambda room, s: written(room, s, "optimizers.ipynb", json.dumps(stripped(room.solved())).encode()),
    "large": lambda room, s: written(room, s, "optimizers.ipynb", with_outputs(room, 60)),
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """The course with everybody's hand-in."""
    room = make_classroom(tmp_path_factory.mktemp("which") / "course")
    for student, hand_in in HABITS.items():
        hand_in(room, student)
    written(room, "empty-beside-filled", "optimizers.ipynb", text(room.template))
    written(room, "empty-beside-filled", "optimizers (1).ipynb", text(room.solved()))
    written(room, "two-versions", "optimizers.ipynb", text(room.solved()))
    written(room, "two-versions", "old.ipynb", text(room.edited("sgd_step", "def sgd_step(param, grad, lr):\n    1")))
    written(room, "nothing", "optimizers.py", b"x = 1\n")
    written(room, "wrong", "optimizers.ipynb", (room.root / "assignments/xavier/xavier.ipynb").read_bytes())
    written(room, "huge", "optimizers.ipynb", b"")
    os.truncate(room.path("huge"), 400_000_000)
    written(room, "beside", "optimizers.ipynb", text(room.solved()))
    os.truncate(shutil.copy(room.path("beside"), room.path("beside").parent / "model.pt"), 150_000_000)
    return room


@pytest.fixture(scope="module")
def report(room: Classroom) -> BatchReport:
    """Grade them once."""
    return room.grade()


@pytest.fixture(scope="module")
def grades(report: BatchReport) -> dict[str, Grade]:
    """The verdicts by student."""
    return {g.student: g for g in report.grades}


@pytest.mark.parametrize("habit", HABITS)
def test_right_work_has_full_marks_however_it_was_handed_in(grades: dict[str, Grade], habit: str) -> None:
    """With a note if something was found in another place; nobody has to look."""
    grade = grades[habit]
    assert (grade.status, float(grade.score)) == (Status.GRADED, FULL), grade.reason
    assert bool(grade.notes) == (habit != "large"), grade.notes
    assert not any(e.review for e in grade.exercises)


def test_empty_work_beside_a_filled_notebook_is_for_a_person(room: Classroom, grades: dict[str, Grade]) -> None:
    """The student has the points of the filled one, both are named, and the page says so."""
    grade = grades["empty-beside-filled"]
    assert float(grade.score) == FULL
    assert all(e.review for e in grade.exercises)
    note = next(n for n in grade.notes if "holds no work" in n)
    assert "optimizers (1).ipynb" in note
    assert "optimizers (1).ipynb" in room.feedback("empty-beside-filled")


def test_the_right_name_counts_and_the_other_is_named(grades: dict[str, Grade]) -> None:
    """An older version beside it changes nothing."""
    grade = grades["two-versions"]
    assert float(grade.score) == FULL
    assert any("old.ipynb" in note for note in grade.notes)


def test_rejections_name_what_is_there(room: Classroom, grades: dict[str, Grade]) -> None:
    """A script is no notebook, and the notebook of another assignment is named as such."""
    nothing, wrong = grades["nothing"], grades["wrong"]
    assert nothing.status is wrong.status is Status.REJECTED
    assert "“optimizers.py” (6 bytes, a Python script)" in str(nothing.reason)
    assert "the notebook of 'xavier'" in str(wrong.reason)
    assert "“optimizers.ipynb”" in str(wrong.reason)
    assert "optimizers.py" in room.feedback("nothing")


def test_what_was_not_run_for_its_size_is_no_zero(grades: dict[str, Grade]) -> None:
    """The limit, its entry and where it stands are in the reason."""
    grade = grades["huge"]
    assert grade.status is Status.UNGRADED
    assert "400 MB" in str(grade.reason)
    assert "`notebook_mib` in [limits] of assignments/optimizers/assignment.toml" in str(grade.reason)


def test_a_large_file_beside_the_notebook_costs_nothing(grades: dict[str, Grade]) -> None:
    """The notebook does not need it."""
    assert float(grades["beside"].score) == FULL


def test_what_was_graded_is_not_graded_again(room: Classroom, report: BatchReport) -> None:
    """Each is recognised by the file that was found; only what was not run is tried again."""
    again = room.grade()
    assert [g.student for g in again.grades if g.student == "huge"] == ["huge"]
    assert again.unchanged == len(report.grades) - 1


@pytest.mark.full
def test_a_raised_limit_is_what_the_message_says(room: Classroom) -> None:
    """The reason says how to raise the limit; then the ungraded one is graded, and the others stay as they are."""
    toml = room.assignment.public_dir / "assignment.toml"
    usual = toml.read_text(encoding="utf-8")
    # So far it was no notebook: a notebook of the same size replaces the file of zeros.
    written(room, "huge", "optimizers.ipynb", with_outputs(room, 300))
    try:
        assert room.grades(students=("huge",))["huge"].status is Status.UNGRADED
        toml.write_text(usual.replace("[limits]", "[limits]\nnotebook_mib = 400"), encoding="utf-8")
        raised = Classroom(room.course, load_assignment(room.root, "optimizers"))
        assert float(raised.grades(students=("huge",))["huge"].score) == FULL
    finally:
        toml.write_text(usual, encoding="utf-8")
