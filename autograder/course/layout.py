"""A course: one directory with nbgrader's folders around our `assignments/` and `solutions/`."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError
from autograder.files import PACKAGE_DIR

__all__ = ["Course", "builtin_course_dir", "init_course", "open_course", "templates_dir"]

#: A path has at most 4096 bytes; the names of a student, an assignment and a file come after the course's.
_MAX_ROOT_BYTES = 2000
_OF_NBGRADER = ("nbgrader_config.py", "gradebook.db")


def _data_root() -> Path:
    """The root of course and templates: inside an installed wheel, or the checkout around the package."""
    bundled = PACKAGE_DIR / "_data"
    return bundled if bundled.is_dir() else PACKAGE_DIR.parent


def builtin_course_dir() -> Path:
    """The directory that holds the built-in `assignments/` and `solutions/`."""
    return _data_root()


def templates_dir() -> Path:
    """The directory of the jinja2 templates."""
    return _data_root() / "templates"


@dataclass(frozen=True, slots=True)
class Course:
    """A course root. Folder names that nbgrader configures are resolved in `gradebook.directories`."""

    root: Path

    @property
    def results_dir(self) -> Path:
        """Where `grade` writes `<slug>/<student>.json` and `<slug>/summary.csv`."""
        return self.root / "results"


def open_course(directory: Path | None = None) -> Course:
    """Return the course in `directory` (default: the current one).

    A course of ours has `assignments/`; one of nbgrader's has nbgrader's configuration or gradebook.

    Raises:
        CourseError: if it is neither, or its path is too long for files in it.
    """
    root = (directory or Path.cwd()).resolve()
    _refuse_long(root, "Move the course to a shorter path.")
    if not (root / "assignments").is_dir() and not any((root / name).is_file() for name in _OF_NBGRADER):
        raise CourseError(
            f"{root} is not a course: it has no assignments/ folder, and no nbgrader_config.py or gradebook.db. "
            "Make one with `autograder init DIR`, or name yours with --course DIR."
        )
    return Course(root)


def _refuse_long(root: Path, remedy: str) -> None:
    if len(os.fsencode(root)) > _MAX_ROOT_BYTES:
        raise CourseError(
            f"The path of this folder has {len(os.fsencode(root))} bytes; a course's may have {_MAX_ROOT_BYTES}, "
            f"since files below it have longer paths. {remedy}"
        )


def init_course(directory: Path) -> Course:
    """Copy the built-in course into `directory`, which must be new or empty.

    Raises:
        CourseError: if the directory is not empty, or its path is too long for files in it.
    """
    _refuse_long(directory.resolve(), "Name a shorter one; nothing was written.")
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise CourseError(f"{directory} is not empty; name a new directory, nothing was written.")
    directory.mkdir(parents=True, exist_ok=True)
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in ("assignments", "solutions"):
        shutil.copytree(builtin_course_dir() / name, directory / name, ignore=ignore)
    (directory / "nbgrader_config.py").write_text(
        'c = get_config()  # noqa: F821\nc.CourseDirectory.course_id = "course"\n'
        "# Formgrader's button Autograde calls `autograder grade`.\n"
        'c.Autograde.exporter_class = "autograder.course.formgrader.GradeExporter"\n',
        encoding="utf-8",
    )
    return Course(directory.resolve())
