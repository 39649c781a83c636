"""The rows of an assignment with hidden checks, like those of nbgrader's generate_assignment."""

from __future__ import annotations

import json
from typing import Any

from autograder.course.assignment import Assignment
from autograder.course.notebook.autograded import checksum
from autograder.course.notebook.cells import grade_id, is_grade, is_solution, nbgrader_metadata
from autograder.course.notebook.compose import cleared, compose_source

__all__ = ["ensure_assignment"]


def ensure_assignment(gradebook: Any, assignment: Assignment) -> None:
    """Make the rows of an assignment that do not exist yet.

    Rows that a release recorded stay, because students' copies are compared with them. Only points follow the template.
    """
    from nbgrader.api import MissingEntry

    slug = assignment.slug
    source = cleared(compose_source(assignment))
    try:
        notebook = gradebook.find_notebook(slug, slug)
    except MissingEntry:
        gradebook.update_or_create_assignment(slug)
        kernel = json.dumps(source.metadata.get("kernelspec", {}))
        notebook = gradebook.update_or_create_notebook(slug, slug, kernelspec=kernel)
    points = {c.name: c.max_score for c in notebook.grade_cells}
    solutions = {c.name for c in notebook.solution_cells}
    recorded = {c.name for c in notebook.source_cells}
    for cell in source.cells:
        identifier = grade_id(cell)
        if identifier is None:
            continue
        metadata = nbgrader_metadata(cell)
        if is_grade(cell) and points.get(identifier) != metadata["points"]:
            gradebook.update_or_create_grade_cell(
                identifier, slug, slug, max_score=float(metadata["points"]), cell_type=cell.cell_type
            )
        if is_solution(cell) and identifier not in solutions:
            gradebook.update_or_create_solution_cell(identifier, slug, slug)
        if identifier not in recorded:
            gradebook.update_or_create_source_cell(
                identifier,
                slug,
                slug,
                cell_type=cell.cell_type,
                source=cell.source,
                locked=not is_solution(cell),
                checksum=checksum(cell),
            )
