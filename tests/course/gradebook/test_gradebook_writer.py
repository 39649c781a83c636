"""Scores and comments in nbgrader's real database, read back with nbgrader's own programs."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from gradebooks import gradebook
from grades_written import entry, writer_of
from tiny_course import TOML, TinyCourse, cell

from autograder.authoring.release import release
from autograder.course.assignment import load_assignment
from autograder.course.gradebook import opened as opened_module
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.writer import Entry
from autograder.errors import GradebookError
from autograder.files import copy_receipts
from autograder.verdict import ExerciseResult, Grade, Status

STAMP = "2026-03-01 12:30:00.000000 UTC"


def grade(student: str, double: Fraction | int = 2, status: Status = Status.GRADED) -> Grade:
    """Return a verdict: full marks for Counter, `double` points for double."""
    exercises = (
        ExerciseResult("double", Fraction(double), Fraction(2)),
        ExerciseResult("Counter", Fraction(3), Fraction(3)),
    )
    return Grade(
        assignment="tiny",
        student=student,
        status=status,
        score=Fraction(double) + 3,
        max_score=Fraction(5),
        device="cpu",
        tier="A",
        seed=1,
        submission_sha256="0" * 64,
        exercises=exercises if status is Status.GRADED else (),
    )


def write(course: TinyCourse, *entries: Entry) -> None:
    """Write one batch."""
    with writer_of(course.course, course.assignment) as writer:
        writer.write(entries)


def row(course: TinyCourse, student: str, name: str) -> dict[str, Any]:
    """Return what the gradebook says of one graded cell."""
    with gradebook(course) as opened:
        found = opened.find_grade(name, "tiny", "tiny", student)
        return {
            "auto": found.auto_score,
            "manual": found.manual_score,
            "review": found.needs_manual_grade,
            "score": found.score,
            "extra": found.extra_credit,
        }


def test_nbgrader_exports_the_scores(course: TinyCourse) -> None:
    """`nbgrader export`, a separate program, shows the scores that were written."""
    write(
        course,
        entry(course.assignment, grade("ada", Fraction(1, 2)), STAMP),
        entry(course.assignment, grade("bob", 2), None),
    )
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", "--to", "grades.csv"],
        cwd=course.root,
        env=os.environ | {"PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"},
        check=True,
        capture_output=True,
        timeout=60,
    )
    with open(course.root / "grades.csv", encoding="utf-8") as file:
        rows = {r["student_id"]: r for r in csv.DictReader(file)}
    assert (float(rows["ada"]["score"]), float(rows["ada"]["max_score"])) == (3.5, 6.0)
    assert float(rows["bob"]["score"]) == 5.0
    assert rows["ada"]["timestamp"].startswith("2026-03-01 12:30:00")


@pytest.mark.parametrize("stamp", [STAMP, None])
def test_formgrader_sees_the_submission_as_autograded(course: TinyCourse, stamp: str | None) -> None:
    """The time stamps of row and folder agree, with and without timestamp.txt."""
    from nbgrader.apps import NbGraderAPI

    directories = Directories(course.course)
    course.hand_in("ada", course.solved(), stamp)
    write(course, entry(course.assignment, grade("ada"), stamp))
    target = directories.autograded("ada", "tiny")
    target.mkdir(parents=True)
    shutil.copy(directories.submitted("ada", "tiny") / "tiny.ipynb", target)
    copy_receipts(directories.submitted("ada", "tiny"), target)
    found = NbGraderAPI(config=directories.config).get_submission("tiny", "ada")
    assert found["autograded"]
    assert (found["score"], found["max_score"]) == (5.0, 6.0)
    assert found["needs_manual_grade"]


def test_what_a_person_entered_survives_a_regrade(course: TinyCourse) -> None:
    """Manual scores, extra credit and manual comments stay; both scores can be read."""
    write(course, entry(course.assignment, grade("ada", 1), STAMP, {"double": "old"}))
    with gradebook(course) as opened:
        found = opened.find_grade("test_double", "tiny", "tiny", "ada")
        found.manual_score, found.extra_credit = 1.5, 0.25
        opened.find_grade("q_why", "tiny", "tiny", "ada").manual_score = 1.0
        opened.find_comment("double", "tiny", "tiny", "ada").manual_comment = "well done"
        opened.db.commit()
    write(course, entry(course.assignment, grade("ada", 2), STAMP, {"double": "new"}))
    found = row(course, "ada", "test_double")
    assert found == {"auto": 2.0, "manual": 1.5, "review": True, "score": 1.75, "extra": 0.25}
    assert row(course, "ada", "q_why")["manual"] == 1.0
    with gradebook(course) as opened:
        comment = opened.find_comment("double", "tiny", "tiny", "ada")
        assert (comment.auto_comment, comment.manual_comment) == ("new", "well done")


def test_written_answers_wait_for_a_person(course: TinyCourse) -> None:
    """Coded cells do not wait."""
    write(course, entry(course.assignment, grade("ada")))
    assert row(course, "ada", "q_why") == {
        "auto": None, "manual": None, "review": True, "score": 0.0, "extra": None,
    }  # fmt: skip
    assert row(course, "ada", "test_double")["review"] is False


def test_rejected_is_zero_and_ungraded_leaves_everything_as_it_was(course: TinyCourse) -> None:
    """A fault of the grader costs nobody points."""
    write(
        course,
        entry(course.assignment, grade("ada", 2)),
        entry(course.assignment, grade("bob", status=Status.REJECTED)),
    )
    assert row(course, "bob", "test_Counter")["score"] == 0.0
    assert row(course, "bob", "test_Counter")["review"] is False
    write(
        course,
        entry(course.assignment, grade("ada", status=Status.UNGRADED)),
        entry(course.assignment, grade("eve", status=Status.UNGRADED)),
    )
    assert row(course, "ada", "test_double")["auto"] == 2.0
    with gradebook(course) as opened:
        assert {s.id for s in opened.students} == {"ada", "bob"}


def test_rows_are_made_where_release_was_never_run(tiny: TinyCourse) -> None:
    """Grading works in a course whose notebooks were released by other means."""
    write(tiny, entry(tiny.assignment, grade("ada")))
    assert row(tiny, "ada", "test_Counter")["score"] == 3.0
    with gradebook(tiny) as opened:
        notebook = opened.find_notebook("tiny", "tiny")
        assert {c.name: c.max_score for c in notebook.grade_cells} == {
            "test_double": 2.0,
            "test_Counter": 3.0,
            "q_why": 1.0,
        }
        assert all("SOLUTION" not in c.source for c in notebook.source_cells)
        before = {c.name: c.checksum for c in notebook.source_cells}
    release(tiny.course, tiny.assignment)
    with gradebook(tiny) as opened:
        assert {c.name: c.checksum for c in opened.find_notebook("tiny", "tiny").source_cells} == before


def test_writing_does_not_change_what_release_recorded(course: TinyCourse) -> None:
    """nbgrader's source cells hold the released text, and students' copies are compared with it."""

    def recorded() -> list[tuple[Any, ...]]:
        with gradebook(course) as opened:
            cells = opened.find_notebook("tiny", "tiny").source_cells
            return sorted((c.name, c.source, c.checksum, c.locked, c.cell_type) for c in cells)

    before = recorded()
    write(course, entry(course.assignment, grade("ada")))
    assert recorded() == before


def test_an_exercise_added_later_is_scored_for_earlier_submissions(course: TinyCourse) -> None:
    """A submission row made before the cell existed gets the cell's rows now."""
    write(course, entry(course.assignment, grade("ada")))
    toml = TOML + '\n[[exercise]]\nid = "triple"\ntitle = "T"\npoints = 2\n'
    (course.assignment.public_dir / "assignment.toml").write_text(toml, encoding="utf-8")
    extended = course.template()
    for name in ("double", "test_double"):
        text = json.dumps(cell(extended, name)).replace("double", "triple").replace("tiny-", "more-")
        extended["cells"].append(json.loads(text))
    course.assignment.template_path.write_text(json.dumps(extended), encoding="utf-8")
    solution = course.assignment.solution_path
    solution.write_text(
        solution.read_text(encoding="utf-8") + "\n\ndef triple(x):\n    return x * 3\n", encoding="utf-8"
    )
    later = TinyCourse(course.course, load_assignment(course.root, "tiny"))
    graded = grade("ada")
    more = replace(graded, exercises=(*graded.exercises, ExerciseResult("triple", Fraction(2), Fraction(2))))
    write(later, entry(later.assignment, more, None, {"triple": "good"}))
    assert row(later, "ada", "test_triple")["score"] == 2.0
    with gradebook(later) as opened:
        assert opened.find_comment("triple", "tiny", "tiny", "ada").auto_comment == "good"


def test_a_locked_database_is_waited_for(sqlite_course: TinyCourse) -> None:
    """A person saves a score in formgrader while a batch is written."""
    write(sqlite_course, entry(sqlite_course.assignment, grade("ada", 0)))
    holder = sqlite3.connect(sqlite_course.root / "gradebook.db", check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    release_it = threading.Timer(0.6, holder.rollback)
    release_it.start()
    started = time.monotonic()
    write(sqlite_course, entry(sqlite_course.assignment, grade("ada", 2)))
    assert time.monotonic() - started > 0.3
    release_it.join()
    holder.close()
    assert row(sqlite_course, "ada", "test_double")["auto"] == 2.0


def test_a_database_that_stays_locked_is_an_error_and_nothing_is_half_written(
    sqlite_course: TinyCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is written as a whole or not at all; the message says what to do."""
    monkeypatch.setattr(opened_module, "PATIENCE_S", 0.1)
    (sqlite_course.root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///{sqlite_course.root}/gradebook.db?timeout=0.05'\n",
        encoding="utf-8",
    )
    with writer_of(sqlite_course.course, sqlite_course.assignment) as writer:
        holder = sqlite3.connect(sqlite_course.root / "gradebook.db")
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GradebookError, match=r"locked.*run the command again"):
            writer.write([entry(sqlite_course.assignment, grade("ada")), entry(sqlite_course.assignment, grade("bob"))])
        holder.rollback()
        holder.close()
        with gradebook(sqlite_course) as opened:
            assert opened.students == []
        writer.write([entry(sqlite_course.assignment, grade("ada")), entry(sqlite_course.assignment, grade("bob"))])
    assert row(sqlite_course, "bob", "test_double")["auto"] == 2.0


@pytest.mark.parametrize(
    "url",
    ["sqlite:////no/such/folder/gradebook.db", "no-such-dialect://x", "nonsense", "postgresql://u@127.0.0.1:1/x"],
)
def test_a_database_that_cannot_be_opened_is_an_error_without_traceback(sqlite_course: TinyCourse, url: str) -> None:
    """A wrong folder, an unknown dialect and a missing driver are reported in the same way."""
    (sqlite_course.root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n", encoding="utf-8"
    )
    with pytest.raises(GradebookError, match="cannot be"):
        write(sqlite_course, entry(sqlite_course.assignment, grade("ada")))


@pytest.mark.parametrize("stamp", ["", "yesterday", "9" * 400, "\x00", "2026-13-45", "1 1 1 1 1 1", "24:61"])
def test_a_time_stamp_that_cannot_be_read_counts_as_none(sqlite_course: TinyCourse, stamp: str) -> None:
    """Anybody may have edited the file that holds it."""
    write(sqlite_course, entry(sqlite_course.assignment, grade("ada"), stamp))
    assert row(sqlite_course, "ada", "test_double")["auto"] == 2.0


@pytest.mark.postgres
def test_a_row_that_another_session_holds_is_waited_for(on_server: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL locks rows: the writer waits, then reports an error, and nothing is half written."""
    from sqlalchemy import create_engine, text

    write(on_server, entry(on_server.assignment, grade("ada", 0)))
    engine = create_engine(Directories(on_server.course).db_url)
    with engine.connect() as holder:
        holder.execute(text("UPDATE grade SET extra_credit = 0.5"))
        release_it = threading.Timer(0.6, holder.commit)
        release_it.start()
        started = time.monotonic()
        write(on_server, entry(on_server.assignment, grade("ada", 2)))
        assert time.monotonic() - started > 0.3
        release_it.join()
        assert row(on_server, "ada", "test_double")["auto"] == 2.0
        monkeypatch.setattr(opened_module, "PATIENCE_S", 0.1)
        holder.execute(text("UPDATE grade SET extra_credit = 0.25"))
        with pytest.raises(GradebookError, match=r"lock timeout.*run the command again"):
            write(on_server, entry(on_server.assignment, grade("ada", 1)), entry(on_server.assignment, grade("bob")))
        holder.rollback()
    engine.dispose()
    assert row(on_server, "ada", "test_double") == {
        "auto": 2.0, "manual": None, "review": False, "score": 2.5, "extra": 0.5,
    }  # fmt: skip
    with gradebook(on_server) as opened:
        assert [s.id for s in opened.students] == ["ada"]


@pytest.mark.postgres
def test_a_server_that_refuses_is_named_without_its_password(on_server: TinyCourse) -> None:
    """The message is shown in a terminal, and may be sent to others who help."""
    url = Directories(on_server.course).db_url.replace("not-a-secret", "hunter2")
    (on_server.root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n", encoding="utf-8"
    )
    with pytest.raises(GradebookError, match="password authentication failed") as caught:
        write(on_server, entry(on_server.assignment, grade("ada")))
    assert "hunter2" not in str(caught.value)


def test_students_are_told_apart_by_every_letter(course: TinyCourse) -> None:
    """Ids that differ in case, or have odd characters, are different students."""
    names = ["ada", "Ada", "o'neill; DROP TABLE grade", "zoë", "zoe\u0308", "a" * 120]
    write(course, *(entry(course.assignment, grade(name, i % 3)) for i, name in enumerate(names)))
    for i, name in enumerate(names):
        assert row(course, name, "test_double")["auto"] == i % 3


def test_three_hundred_submissions_are_written_in_seconds(course: TinyCourse) -> None:
    """There is one transaction per batch, not several per cell."""
    entries = [entry(course.assignment, grade(f"s{i:03}"), STAMP) for i in range(300)]
    with writer_of(course.course, course.assignment) as writer:
        started = time.monotonic()
        writer.write(entries)
        writer.write(entries)
        assert time.monotonic() - started < 20
    assert row(course, "s299", "test_Counter")["auto"] == 3.0
