"""Names and paths at the limits of the system: a student's folder, a course's folder, a locale without UTF-8."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny_course import TinyCourse, cell, make_tiny_course

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.opened import OpenGradebook
from autograder.course.layout import open_course
from autograder.errors import CourseError, GradebookError
from autograder.feedback.export.gradescope import file_name as gradescope_name
from autograder.files import file_name

#: The longest possible names, one in letters of two bytes.
LONGEST = ("x" * 255, "x" * 254, "é" * 127)
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def handed_in(root: Path, *students: str) -> TinyCourse:
    """Return a course with hidden checks in which these students have right notebooks."""
    tiny = make_tiny_course(root)
    tiny.add_checks()
    notebook: Any = tiny.solved()
    cell(notebook, "double")["source"] = "def double(x):\n    return 2 * x"
    for student in students:
        tiny.hand_in(student, notebook)
    return tiny


@pytest.mark.sandbox
def test_a_folder_of_the_longest_name_stops_nobody(tmp_path: Path) -> None:
    """Each has a result, and a second run finds it."""
    tiny = handed_in(tmp_path / "course", "ada", *LONGEST)
    options = BatchOptions(jobs=1, min_tier="C")
    first = grade_batch(tiny.engine, options, SilentProgress())
    assert sorted(g.student for g in first.grades) == sorted(["ada", *LONGEST])
    assert {g.score for g in first.grades} == {2}
    assert grade_batch(tiny.engine, options, SilentProgress()).unchanged == 4


@pytest.mark.full
@pytest.mark.sandbox
def test_a_course_is_graded_in_a_locale_without_utf8(tmp_path: Path) -> None:
    """File names are read correctly in any locale; judges find the files too."""
    tiny = handed_in(tmp_path / "Übung" / "cöurse", "zoë")
    command = [sys.executable, "-P", "-m", "autograder", "grade", "tiny", "--jobs", "1", "--min-tier", "C"]
    done = subprocess.run(
        command, cwd=tiny.root, env={**os.environ, **C_LOCALE}, capture_output=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    assert (tiny.root / "results" / "tiny" / "zoë.json").is_file()


def test_no_two_names_are_shortened_to_one() -> None:
    """Not even a name that looks like a shortened one; common names stay as they are."""
    names = [*LONGEST, file_name(LONGEST[0], ".json").removesuffix(".json")]
    made = [file_name(name, ".json") for name in names]
    assert len(set(made)) == len(names)
    assert all(len(os.fsencode(name)) <= 255 for name in made)
    assert file_name("ada", ".json") == "ada.json"
    assert len({gradescope_name(name) for name in names}) == len(names)


def deep(base: Path, length: int) -> Path:
    """Make folders until the path has that length."""
    here = os.getcwd()
    path = str(base)
    try:
        os.chdir(base)
        while len(path) < length:
            part = "d" * min(200, max(1, length - len(path) - 1))
            os.mkdir(part)
            os.chdir(part)
            path += f"/{part}"
    finally:
        os.chdir(here)
    return Path(path)


def test_a_path_that_is_too_long_is_named(tmp_path: Path) -> None:
    """The message says how long it is and how long it may be."""
    with pytest.raises(CourseError, match=r"has 3215 bytes; a course's may have 2000"):
        open_course(deep(tmp_path, 3215))


def test_a_path_that_sqlite_does_not_open_is_named(tmp_path: Path) -> None:
    """A gradebook's path is bounded by its database."""
    root = deep(tmp_path, 700)
    (root / "assignments").mkdir()
    with (
        pytest.raises(GradebookError, match=r"at most 503 bytes\. Move the course"),
        OpenGradebook(Directories(open_course(root))),
    ):
        pass
