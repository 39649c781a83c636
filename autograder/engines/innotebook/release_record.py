"""The cells of an assignment as the gradebook recorded them when it was released."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Self, TypeVar

from autograder.course.assignment import Assignment, Exercise, Limits, unknown_assignment
from autograder.course.gradebook.directories import Directories, put_scripts_on_path
from autograder.course.gradebook.opened import explain_gradebook
from autograder.errors import AssignmentError, GradebookError
from autograder.sentences import Sentence, say

__all__ = ["Recorded", "RecordedCell", "RecordedGradebook", "RecordedNotebook", "in_students_process", "read_recorded"]

_T = TypeVar("_T")
_SQLITE = "sqlite:///"
#: The line where hidden tests begin: nbgrader's delimiter, or one like it.
_HIDDEN = re.compile(r"hidden.*test|begin.*hidden|autotest", re.IGNORECASE)
#: An id as nbgrader's extension makes one.
_NUMBERED = re.compile(r"cell-?[0-9a-f]{8,}")
_MAX_TITLE = 60


@dataclass(frozen=True, slots=True)
class RecordedCell:
    """A cell of the released notebook under its grade_id; the names are those of nbgrader's rows."""

    name: str
    cell_type: str
    source: str
    locked: bool
    checksum: str | None


@dataclass(frozen=True, slots=True)
class Points:
    """A grade or task cell's row."""

    name: str
    max_score: float


@dataclass(frozen=True, slots=True)
class Named:
    """A solution cell's row."""

    name: str


@dataclass(frozen=True, slots=True)
class RecordedNotebook:
    """One notebook of the assignment."""

    name: str
    kernelspec: str | None
    source_cells: tuple[RecordedCell, ...]
    grade_cells: tuple[Points, ...]
    solution_cells: tuple[Named, ...]
    task_cells: tuple[Points, ...]
    #: The delimiter in the line where hidden tests begin.
    hidden_from: str = "BEGIN HIDDEN TESTS"

    def visible(self, cell: str) -> str:
        """Return the part of a cell's text that students see: what comes before hidden tests."""
        text = next((c.source for c in self.source_cells if c.name == cell), "")
        shown: list[str] = []
        for line in text.split("\n"):
            if self.hidden_from in line or _HIDDEN.search(line):
                break
            shown.append(line)
        return "\n".join(shown)

    def title(self, cell: str) -> str:
        """Return what a cell is called: its id, or the first line of its text where the id is a number."""
        if not _NUMBERED.fullmatch(cell):
            return cell
        lines = (line.strip(" \t#*\"'`") for line in self.visible(cell).split("\n"))
        first = next((line for line in lines if line), "")
        return f"{first[:_MAX_TITLE]} …" if len(first) > _MAX_TITLE else first or cell

    @property
    def solutions(self) -> frozenset[str]:
        """The ids of cells that students fill in."""
        return frozenset(c.name for c in self.solution_cells)

    @property
    def points(self) -> dict[str, float]:
        """Points of all grade cells, in the notebook's order."""
        order = {c.name: i for i, c in enumerate(self.source_cells)}
        cells = sorted(self.grade_cells, key=lambda c: order.get(c.name, len(order)))
        return {c.name: c.max_score for c in cells}


@dataclass(frozen=True, slots=True)
class Recorded:
    """All notebooks of an assignment."""

    slug: str
    notebooks: tuple[RecordedNotebook, ...]

    def exercise_id(self, notebook: str, cell: str) -> str:
        """Return a graded cell's id; with the notebook's name if there are several."""
        return cell if len(self.notebooks) == 1 else f"{notebook}/{cell}"

    def as_assignment(self, root: Path, limits: Limits) -> Assignment:
        """Return the assignment as reports need it: each graded cell is an exercise."""
        exercises = []
        for notebook in self.notebooks:
            for name, points in notebook.points.items():
                identifier = self.exercise_id(notebook.name, name)
                written = name in notebook.solutions
                title = self.exercise_id(notebook.name, notebook.title(name))
                exercises.append(_exercise(identifier, points, title, written=written))
            exercises += [
                _exercise(
                    self.exercise_id(notebook.name, c.name),
                    c.max_score,
                    self.exercise_id(notebook.name, notebook.title(c.name)),
                    written=True,
                )
                for c in notebook.task_cells
            ]
        return Assignment(
            slug=self.slug,
            title=self.slug,
            public_dir=root / "assignments" / self.slug,
            secret_dir=root / "solutions" / self.slug,
            exercises=tuple(exercises),
            forbidden=(),
            limits=limits,
            in_notebook=True,
        )


class _Cell(Exercise):
    """A graded cell: it carries its points itself."""

    @property
    def test_cell(self) -> str:
        """Its own id."""
        return self.id


def _exercise(identifier: str, points: float, title: str, *, written: bool) -> Exercise:
    # The ids are nbgrader's, which allows more than ours do.
    return _Cell.model_construct(
        id=identifier,
        title=title,
        points=Fraction(str(points)),
        written=written,
        all_or_nothing=False,
        example=None,
    )


def in_students_process() -> Sentence:
    """Return the note of every result that was made by the tests in notebooks."""
    return say("innotebook.in-students-process")


def read_recorded(directories: Directories, slug: str) -> Recorded:
    """Read the assignment's rows.

    Raises:
        AssignmentError: if the gradebook does not know it, or is not there.
        GradebookError: if it cannot be read.
    """
    url = directories.db_url
    unknown = unknown_assignment(directories.root, slug)
    advice = (
        "An assignment whose tests stand in its notebooks is released first, "
        f"with `nbgrader generate_assignment {slug}`."
    )
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).is_file():
        raise AssignmentError(f"{unknown} There is no gradebook {url} either. {advice}")
    put_scripts_on_path()
    from nbgrader.api import Gradebook, MissingEntry
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with Gradebook(url, directories.course_id or "default_course") as gradebook:
            try:
                assignment = gradebook.find_assignment(slug)
            except MissingEntry:
                known = ", ".join(sorted(a.name for a in gradebook.assignments)) or "none"
                raise AssignmentError(
                    f"{unknown} The gradebook {url} does not know it either; it knows: {known}. {advice}"
                ) from None
            hidden_from = directories.config.get("ClearHiddenTests", {}).get("begin_test_delimeter")
            delimiter = str(hidden_from or "BEGIN HIDDEN TESTS")
            notebooks = tuple(_notebook(n, delimiter) for n in sorted(assignment.notebooks, key=lambda n: n.name))
    except SQLAlchemyError as error:
        raise GradebookError(explain_gradebook(url, error)) from None
    if not notebooks:
        raise AssignmentError(f"The gradebook {url} knows {slug!r} but none of its notebooks. {advice}")
    return Recorded(slug, notebooks)


def _notebook(row: Any, hidden_from: str) -> RecordedNotebook:
    return RecordedNotebook(
        name=row.name,
        kernelspec=row.kernelspec,
        source_cells=tuple(
            RecordedCell(c.name, c.cell_type, c.source or "", bool(c.locked), c.checksum) for c in row.source_cells
        ),
        grade_cells=tuple(Points(c.name, float(c.max_score)) for c in row.grade_cells),
        solution_cells=tuple(Named(c.name) for c in row.solution_cells),
        task_cells=tuple(Points(c.name, float(c.max_score)) for c in row.task_cells),
        hidden_from=hidden_from,
    )


class RecordedGradebook:
    """The part of `nbgrader.api.Gradebook` that its sanitising preprocessors read, without a database."""

    def __init__(self, recorded: Recorded) -> None:
        self._notebooks = {n.name: n for n in recorded.notebooks}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def find_notebook(self, notebook: str, assignment: str) -> RecordedNotebook:
        """Return a notebook of the assignment."""
        return self._found(n for name, n in self._notebooks.items() if name == notebook)

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> RecordedCell:
        """Return a cell as it was released."""
        return self._found(c for c in self.find_notebook(notebook, assignment).source_cells if c.name == name)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> Points:
        """Return a graded cell's row."""
        found = self.find_notebook(notebook, assignment)
        return self._found(c for c in (*found.grade_cells, *found.task_cells) if c.name == name)

    @staticmethod
    def _found(candidates: Iterable[_T]) -> _T:
        from nbgrader.api import MissingEntry

        for candidate in candidates:
            return candidate
        raise MissingEntry("no such entry was recorded")
