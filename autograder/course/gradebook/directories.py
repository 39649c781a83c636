"""The folders and the gradebook of a course, by nbgrader's own configuration."""

from __future__ import annotations

import fnmatch
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.course import fast_imports
from autograder.course.assignment import Assignment, load_public
from autograder.course.layout import Course
from autograder.course.notebook.find import Found, find_notebook, find_unparsed
from autograder.course.notebook.read import load_template
from autograder.errors import AssignmentError, CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["Directories", "Handin", "put_scripts_on_path"]

CONFIG = "nbgrader_config.py"
#: Stands for a student's id while a path is taken apart; no file name can hold it.
_STUDENT = "\0"
#: Characters that could end a text, an attribute or a string of JavaScript in nbgrader's templates.
_LIVE = frozenset('<>&"\\`')


@dataclass(frozen=True, slots=True)
class Handin:
    """The folder that one student handed in.

    `notebook` is the file that is the submission, None if there is none; `found` says how it was found.
    """

    student: str
    directory: Path
    notebook: Path | None
    found: Found = field(default_factory=Found)


def put_scripts_on_path() -> None:
    """Let nbgrader find the program `alembic` of this environment, activated or not.

    Without it a new database stays incomplete.
    """
    scripts = os.path.dirname(sys.executable)
    path = os.environ.get("PATH", "")
    if scripts not in path.split(os.pathsep):
        os.environ["PATH"] = scripts + os.pathsep + path


class Directories:
    """The folders of a course, with the names in `nbgrader_config.py`.

    Raises:
        CourseError: if that file cannot be executed.
    """

    def __init__(self, course: Course) -> None:
        fast_imports.load_nbgrader()
        from nbgrader.coursedir import CourseDirectory
        from traitlets import TraitError

        self.config = _load_config(course)
        self._course = course
        self._known: dict[str, tuple[Assignment, NotebookNode] | None] = {}
        if "root" not in self.config.CourseDirectory:
            self.config.CourseDirectory.root = str(course.root)
        try:
            self._directory = CourseDirectory(config=self.config)
        except TraitError as error:
            raise CourseError(f"{course.root / CONFIG}: {error}") from None

    @property
    def db_url(self) -> str:
        """The gradebook's database."""
        return str(self._directory.db_url)

    @property
    def course_id(self) -> str:
        """nbgrader's id of the course, often empty."""
        return str(self._directory.course_id)

    @property
    def root(self) -> Path:
        """The course's directory."""
        return Path(self._directory.root)

    @property
    def ignored(self) -> list[str]:
        """File names and patterns that are no part of a submission."""
        return [str(pattern) for pattern in self._directory.ignore]

    @property
    def groupshared(self) -> bool:
        """Whether other instructors of the group may write files that are made here."""
        return bool(self._directory.groupshared)

    @property
    def notebook_glob(self) -> str:
        """The pattern of the names of notebooks that are graded."""
        return str(self._directory.notebook_id)

    def takes_part(self, student: str) -> bool:
        """Whether the configuration includes this student."""
        excluded = str(self._directory.student_id_exclude).split(",")
        return student not in excluded and fnmatch.fnmatchcase(student, str(self._directory.student_id))

    def _path(self, step: str, student: str, slug: str) -> Path:
        return Path(self._directory.format_path(step, student, slug))

    def source(self, slug: str) -> Path:
        """The instructor's version."""
        return self._path(self._directory.source_directory, ".", slug)

    def release(self, slug: str) -> Path:
        """The students' version."""
        return self._path(self._directory.release_directory, ".", slug)

    def submitted(self, student: str, slug: str) -> Path:
        """The folder that a student handed in."""
        return self._path(self._directory.submitted_directory, student, slug)

    def autograded(self, student: str, slug: str) -> Path:
        """The folder of what formgrader shows."""
        return self._path(self._directory.autograded_directory, student, slug)

    def feedback(self, student: str, slug: str) -> Path:
        """The folder that a student gets back."""
        return self._path(self._directory.feedback_directory, student, slug)

    def secrets(self, slug: str) -> list[Path]:
        """Return the paths that no notebook may see, wherever the configuration puts them.

        These are the instructor's versions, everybody's submissions and results, the exchange and the gradebook.
        """
        root = self._course.root
        found = [root / "solutions", self._course.results_dir, self.source(slug)]
        for step in (self.submitted, self.autograded, self.feedback):
            parts = step(_STUDENT, slug).parts
            at = next(i for i, part in enumerate(parts) if _STUDENT in part)
            found.append(Path(*parts[:at]))
        exchange = self.config.get("Exchange", {}).get("root", "/usr/local/share/nbgrader/exchange")
        found.append(Path(str(exchange)))
        if self.db_url.startswith("sqlite:///"):
            found.append(Path(self.db_url.removeprefix("sqlite:///")))
        return [p.absolute() for p in found]

    def handins(self, slug: str) -> list[Handin]:
        """Return everything that was handed in for an assignment, by student.

        Hidden folders and those of `unusable` are left out.
        """
        return [self._handin(student, folder, slug) for student, folder in self._folders(slug) if _is_usable(student)]

    def students(self, slug: str) -> list[str]:
        """Return the students who handed something in, without looking at their files."""
        return [student for student, _ in self._folders(slug) if _is_usable(student)]

    def unusable(self, slug: str) -> list[str]:
        """Return the names of folders, escaped, that cannot be a student's id.

        An id is written into a database, reports and file names, which cannot hold undecodable bytes and controls. And
        nbgrader writes it without escaping into formgrader's pages, between tags and into scripts.
        """
        return [ascii(student) for student, _ in self._folders(slug) if not _is_usable(student)]

    def _folders(self, slug: str) -> list[tuple[str, Path]]:
        parts = self.submitted(_STUDENT, slug).parts
        # The student's id may stand anywhere in the path, with other text around it.
        at = next(i for i, part in enumerate(parts) if _STUDENT in part)
        before, after = parts[at].split(_STUDENT, maxsplit=1)
        parent = Path(*parts[:at])
        found = []
        for entry in sorted(parent.iterdir()) if parent.is_dir() else ():
            student = entry.name.removeprefix(before).removesuffix(after)
            if f"{before}{student}{after}" != entry.name or not student or student.startswith("."):
                continue
            directory = self.submitted(student, slug)
            if directory.is_dir():
                found.append((student, directory))
        return found

    def _handin(self, student: str, directory: Path, slug: str) -> Handin:
        """Find the notebook; if the tests stand in the notebooks, nbgrader's rules decide about their names."""
        if not self._is_ours(slug):
            notebook = directory / f"{slug}.ipynb"
            path = notebook if os.path.lexists(notebook) else None
            return Handin(student, directory, path, Found(path))
        found = find_unparsed(directory, slug, self.ignored)
        if found is None:
            found = find_notebook(directory, slug, self._public(slug), self.ignored)
        return Handin(student, directory, found.path, found)

    def _is_ours(self, slug: str) -> bool:
        return (self._course.root / "assignments" / slug / "assignment.toml").is_file()

    def _public(self, slug: str) -> tuple[Assignment, NotebookNode] | None:
        """Return an assignment with its template; None if they cannot be read, which running it reports."""
        if slug not in self._known:
            try:
                assignment = load_public(self._course.root, slug)
                self._known[slug] = assignment, load_template(assignment)
            except AssignmentError:
                self._known[slug] = None
        return self._known[slug]


def _is_usable(student: str) -> bool:
    return student.isprintable() and _LIVE.isdisjoint(student)


def _load_config(course: Course) -> Any:
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    path = course.root / CONFIG
    if not path.is_file():
        return Config()
    try:
        return PyFileConfigLoader(path.name, path=str(course.root)).load_config()
    except Exception as error:  # noqa: BLE001 - a configuration is a program and raises what it likes
        raise CourseError(f"{path} cannot be read: {type(error).__name__}: {error}.") from None
