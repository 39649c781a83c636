"""What `autograder check` runs: the student's notebook, and the assignment that it belongs to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.course.assignment import Assignment, Limits, load_public
from autograder.course.layout import builtin_course_dir
from autograder.course.notebook.belongs import best_match, read_template
from autograder.course.notebook.bounds import Bounds
from autograder.course.notebook.cells import grade_id, is_grade, is_solution
from autograder.course.notebook.file import parse_json
from autograder.course.notebook.find import Found, ReadNotebook, find_in, read_found, renamed
from autograder.course.notebook.listing import described, list_folder
from autograder.course.notebook.normalise import well_formed
from autograder.course.notebook.read import RunCell, cells_to_run, parse_submission
from autograder.errors import AssignmentError, SubmissionRejected, UsageError
from autograder.sentences import Sentence, say, together

__all__ = ["Checked", "open_notebook"]

#: How many folders above the notebook may be the course's.
_LEVELS = 6
_MAX_ASSIGNMENTS = 200


@dataclass(frozen=True, slots=True)
class Checked:
    """A notebook to be checked: its cells, and by exercise the position of its test.

    `assignment` is None where the notebook belongs to none that is known here; then the usual limits hold.
    """

    folder: Path
    cells: tuple[RunCell, ...]
    tests: Mapping[str, int]
    limits: Limits
    assignment: Assignment | None
    notes: tuple[Sentence, ...]


def open_notebook(path: Path) -> Checked:
    """Read a notebook, under any name, or the one in a folder or an archive.

    Raises:
        UsageError: if there is none with exercises; says what is there.
    """
    folder = path if os.path.isdir(path) else path.parent
    found = _file(path)
    kept = read_found(found, folder, path.stem)
    if kept.content is None:
        raise UsageError(f"{path}: {kept.problem}")
    notes = list(kept.notes)
    try:
        notebook = well_formed(parse_json(kept.content), [], Bounds())
        assignment = _assignment_of(notebook, folder.resolve())
        if assignment is not None:
            wanted = assignment.template_path.name
            name = found.member.rpartition("/")[2] or (found.path or path).name
            if name != wanted:
                notes.append(renamed(name, wanted, packed=bool(found.member)))
            return _of_assignment(kept, folder, notes, assignment)
    except SubmissionRejected as error:
        raise UsageError(f"{path}: {error} {described(list_folder(folder))}") from None
    tests = {
        identifier.removeprefix("test_"): position
        for position, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell) and (identifier := grade_id(cell))
    }
    if not tests:
        raise UsageError(say("check.no-tests", path=str(path), there=described(list_folder(folder))))
    notes.append(say("check.own-tests"))
    return Checked(folder.resolve(), cells_to_run(notebook), tests, Limits(), None, tuple(notes))


def _of_assignment(kept: ReadNotebook, folder: Path, notes: list[Sentence], assignment: Assignment) -> Checked:
    """Read a notebook as the grader does: its locked cells are the released ones."""
    template = read_template(assignment)
    assert kept.content is not None
    submission = parse_submission(kept.content, assignment, template)
    tests = {e.test_cell: e.id for e in assignment.coded}
    positions = {
        tests[identifier]: position
        for position, cell in enumerate(submission.notebook.cells)
        if (identifier := grade_id(cell)) in tests
    }
    return Checked(
        folder.resolve(),
        submission.cells,
        {e.id: positions[e.id] for e in assignment.coded if e.id in positions},
        assignment.limits,
        assignment,
        (*notes, *submission.notes),
    )


def _file(path: Path) -> Found:
    """Return what a path means.

    Raises:
        UsageError: if nothing is there, or a folder holds no notebook or several; says what is there.
    """
    if not os.path.lexists(path):
        there = described(list_folder(path.parent)) if os.path.isdir(path.parent) else Sentence()
        raise UsageError(together(say("check.not-there", path=str(path)), there))
    found = find_in(path)
    if len(found) == 1:
        return found[0]
    if os.path.isdir(path) or found:
        there = described(list_folder(path if os.path.isdir(path) else path.parent))
        if not found:
            raise UsageError(say("check.no-notebook", path=str(path), there=there))
        raise UsageError(say("check.several-notebooks", path=str(path), there=there))
    return Found(path)


def _assignment_of(notebook: NotebookNode, folder: Path) -> Assignment | None:
    """Return the assignment that a notebook belongs to, of the course around it or of the built-in ones."""
    for root in _courses(folder):
        found = best_match(notebook, _assignments(root))
        if found is not None:
            return found
    return None


def _courses(folder: Path) -> Iterator[Path]:
    """Return the folders that may be a course: those above the notebook, the current one, the built-in one."""
    seen: list[Path] = []
    for start in (folder, Path.cwd().resolve()):
        seen += [start, *start.parents][: _LEVELS + 1]
    yield from (root for root in dict.fromkeys([*seen, builtin_course_dir()]) if (root / "assignments").is_dir())


def _assignments(root: Path) -> Iterator[Assignment]:
    for path in sorted((root / "assignments").iterdir())[:_MAX_ASSIGNMENTS]:
        if (path / "assignment.toml").is_file():
            try:
                yield load_public(root, path.name)
            except AssignmentError:
                continue
