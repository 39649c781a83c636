"""Where nbgrader keeps things in a course, by its own configuration."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import Course
from autograder.errors import CourseError

__all__ = ["Directories", "Handin", "put_scripts_on_path"]


@dataclass(frozen=True, slots=True)
class Handin:
    """What one student handed in; `notebook` is None where the file is not there."""

    student: str
    directory: Path
    notebook: Path | None


def put_scripts_on_path() -> None:
    """Let nbgrader find the program `alembic` of this environment, activated or not.

    Without it a new database is left half made.
    """
    scripts = os.path.dirname(sys.executable)
    path = os.environ.get("PATH", "")
    if scripts not in path.split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + path


class Directories:
    """The folders of a course as `nbgrader_config.py` names them.

    Raises:
        CourseError: if that file cannot be executed.
    """

    def __init__(self, course: Course) -> None:
        from nbgrader.coursedir import CourseDirectory

        self.config = _load_config(course)
        if "root" not in self.config.CourseDirectory:
            self.config.CourseDirectory.root = str(course.root)
        self._directory = CourseDirectory(config=self.config)

    @property
    def db_url(self) -> str:
        """The gradebook's database."""
        return str(self._directory.db_url)

    @property
    def course_id(self) -> str:
        """Nbgrader's id of the course, often empty."""
        return str(self._directory.course_id)

    def _path(self, step: str, student: str, slug: str) -> Path:
        return Path(self._directory.format_path(step, student, slug))

    def source(self, slug: str) -> Path:
        """The instructor's version."""
        return self._path(self._directory.source_directory, ".", slug)

    def release(self, slug: str) -> Path:
        """The students' version."""
        return self._path(self._directory.release_directory, ".", slug)

    def submitted(self, student: str, slug: str) -> Path:
        """What a student handed in."""
        return self._path(self._directory.submitted_directory, student, slug)

    def autograded(self, student: str, slug: str) -> Path:
        """What formgrader shows."""
        return self._path(self._directory.autograded_directory, student, slug)

    def feedback(self, student: str, slug: str) -> Path:
        """What a student gets back."""
        return self._path(self._directory.feedback_directory, student, slug)

    def handins(self, slug: str) -> list[Handin]:
        """Return everything that was handed in for an assignment, by student, hidden folders left out."""
        parent = Path(str(self.submitted("\0", slug)).split("\0", maxsplit=1)[0])
        if not parent.is_dir():
            return []
        found = []
        for entry in sorted(parent.iterdir()):
            directory = self.submitted(entry.name, slug)
            if entry.name.startswith(".") or not directory.is_dir():
                continue
            notebook = directory / f"{slug}.ipynb"
            found.append(Handin(entry.name, directory, notebook if os.path.lexists(notebook) else None))
        return found


def _load_config(course: Course) -> Any:
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    path = course.root / "nbgrader_config.py"
    if not path.is_file():
        return Config()
    try:
        return PyFileConfigLoader(path.name, path=str(course.root)).load_config()
    except Exception as error:  # noqa: BLE001 - a configuration is a program and raises what it likes
        raise CourseError(f"{path} cannot be read: {type(error).__name__}: {error}.") from None
