"""The submissions that take part: all that were handed in, less those that the configuration leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.course.gradebook.directories import Handin
from autograder.course.nearest import did_you_mean
from autograder.engines.base import Engine
from autograder.errors import UsageError

__all__ = ["left_out", "selected", "taking_part"]


def taking_part(engine: Engine) -> list[Handin]:
    """Return everything that was handed in, by student, less what `CourseDirectory.student_id_exclude` names."""
    directories = engine.directories
    return [h for h in directories.handins(engine.assignment.slug) if directories.takes_part(h.student)]


def selected(engine: Engine, students: Sequence[str]) -> list[Handin]:
    """Return what these students handed in, or everybody who takes part.

    Raises:
        UsageError: if there is none.
    """
    slug, directories = engine.assignment.slug, engine.directories
    everybody = set(directories.students(slug))
    unknown = sorted(set(students) - everybody)
    if unknown:
        raise UsageError(
            f"{unknown[0]!r} has handed in nothing for {slug!r}; "
            f"{directories.submitted('*', slug)} is where submissions are looked for."
            f"{did_you_mean(unknown[0], everybody)}"
        )
    handins = taking_part(engine)
    excluded = sorted(set(students) - {h.student for h in handins})
    if excluded:
        raise UsageError(
            f"{excluded[0]!r} is left out by nbgrader_config.py (CourseDirectory.student_id or student_id_exclude). "
            "Change that setting to grade this student."
        )
    if students:
        return [h for h in handins if h.student in students]
    if not everybody:
        raise UsageError(
            f"There are no submissions for {slug!r}: none in {directories.submitted('*', slug)}. "
            "Collect them with `nbgrader collect` or `nbgrader zip_collect`, or copy them there."
        )
    if not handins:
        raise UsageError(
            f"All {len(everybody)} submissions for {slug!r} are left out by nbgrader_config.py "
            "(CourseDirectory.student_id or student_id_exclude); there is nothing to grade."
        )
    return handins


def left_out(engine: Engine) -> tuple[str, ...]:
    """Say which folders have names that no student can have."""
    slug, directories = engine.assignment.slug, engine.directories
    return tuple(
        f"{directories.submitted('', slug).parent} has a folder {name}, which cannot be a student's id: "
        "it was left out. Rename it and run the command again."
        for name in directories.unusable(slug)
    )
