"""Whether a notebook belongs to an assignment, and if not, to which other one of the course."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import nbformat
from nbformat import NotebookNode

from autograder.course.assignment import Assignment, load_public
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.identify import Recognised, recognise
from autograder.errors import AssignmentError, SubmissionRejected
from autograder.sentences import say

__all__ = ["best_match", "check_assignment", "neighbours", "other_assignment", "read_template"]

_MAX_NEIGHBOURS = 200


def read_template(assignment: Assignment) -> NotebookNode:
    """Read an assignment's template notebook, without checking that its cells fit `assignment.toml`.

    Raises:
        AssignmentError: if it cannot be read.
    """
    path = assignment.template_path
    try:
        return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    except Exception as error:  # noqa: BLE001 - nbformat raises anything on malformed input
        raise AssignmentError(f"{path} is not a notebook: {error}.") from None


def check_assignment(notebook: NotebookNode, assignment: Assignment, template: NotebookNode) -> None:
    """Check that a notebook's cells are those of an assignment, by their grade_ids or by their texts.

    Raises:
        SubmissionRejected: if they are not; says which other assignment of the course they belong to.
    """
    own = recognise(notebook.cells, assignment, template)
    if 2 * len(own.exercises) >= len(assignment.exercises):
        return
    other = other_assignment(notebook, assignment, own)
    if other is not None:
        raise SubmissionRejected(
            say(
                "reading.of-other-assignment",
                slug=assignment.slug,
                title=assignment.title,
                other=other.slug,
                other_title=other.title,
            )
        )
    if own.exercises:
        return
    found = {identifier for cell in notebook.cells if (identifier := grade_id(cell))}
    # Texts of a student's file are shown short and escaped.
    others = ", ".join(ascii(identifier[:40]) for identifier in sorted(found)[:3])
    if others:
        raise SubmissionRejected(say("reading.of-other-exercises", slug=assignment.slug, names=others))
    raise SubmissionRejected(say("reading.of-no-assignment", slug=assignment.slug))


def other_assignment(notebook: NotebookNode, assignment: Assignment, own: Recognised) -> Assignment | None:
    """Return the assignment of the same course that a notebook belongs to rather than to this one."""
    return best_match(notebook, neighbours(assignment), own.weight)


def best_match(
    notebook: NotebookNode, assignments: Iterable[Assignment], above: tuple[int, int] = (0, 0)
) -> Assignment | None:
    """Return the assignment of which a notebook has the most cells, if they are more than `above`."""
    best, found = above, None
    for assignment in assignments:
        try:
            weight = recognise(notebook.cells, assignment, read_template(assignment)).weight
        except (AssignmentError, KeyError):
            continue
        if weight[0] and weight > best:
            best, found = weight, assignment
    return found


def neighbours(assignment: Assignment) -> Iterator[Assignment]:
    """Return the other assignments of the same course, as far as they can be read."""
    folder = assignment.public_dir.parent
    paths = sorted(folder.iterdir())[:_MAX_NEIGHBOURS] if folder.is_dir() else ()
    for path in paths:
        if path.name == assignment.slug or not (path / "assignment.toml").is_file():
            continue
        try:
            yield load_public(folder.parent, path.name)
        except AssignmentError:
            continue
