"""Fixtures: a released course with nbgrader's gradebook, in SQLite and on a PostgreSQL server."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from grades_written import writer_of
from postgres import Server, start_server
from tiny_course import TinyCourse, make_tiny_course

from autograder.authoring.release import release
from autograder.course.assignment import load_assignment
from autograder.course.layout import Course

__all__ = ["copy_of", "course", "on_postgres", "on_server", "postgres", "released", "sqlite_course"]

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a server once."""
    with start_server() as server:
        yield server


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release the tiny course once; tests work on copies."""
    tiny = make_tiny_course(tmp_path_factory.mktemp("released") / "course")
    release(tiny.course, tiny.assignment)
    return tiny.root


@pytest.fixture(scope="session")
def on_postgres(postgres: Server, released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the course with its gradebook on the server; nbgrader itself makes the tables."""
    root = tmp_path_factory.mktemp("on-postgres") / "course"
    shutil.copytree(released, root)
    (root / "gradebook.db").unlink()
    configure(root, postgres.create("released"))
    course = Course(root)
    with writer_of(course, load_assignment(root, "tiny")):
        pass
    return root


def configure(root: Path, url: str) -> None:
    """Name the database in the course's configuration."""
    text = f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\n"
    (root / "nbgrader_config.py").write_text(text, encoding="utf-8")


def copy_of(released: Path, root: Path) -> TinyCourse:
    """Copy the released course, gradebook and all."""
    shutil.copytree(released, root)
    return TinyCourse(Course(root), load_assignment(root, "tiny"))


@pytest.fixture
def sqlite_course(released: Path, tmp_path: Path) -> TinyCourse:
    """Return a released course with its gradebook in a file."""
    return copy_of(released, tmp_path / "course")


@pytest.fixture
def on_server(postgres: Server, on_postgres: Path, sqlite_course: TinyCourse) -> TinyCourse:
    """Return a released course with its gradebook in its own database on the server."""
    (sqlite_course.root / "gradebook.db").unlink()
    configure(sqlite_course.root, postgres.create(f"course{next(_NUMBERS)}", "released"))
    return sqlite_course


@pytest.fixture(params=["sqlite_course", pytest.param("on_server", marks=pytest.mark.postgres)])
def course(request: pytest.FixtureRequest) -> TinyCourse:
    """Return a released course, first with its gradebook in a file, then on a server."""
    made: TinyCourse = request.getfixturevalue(request.param)
    return made
