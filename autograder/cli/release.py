"""`autograder release`."""

from __future__ import annotations

from autograder.cli.console import examples, output_console
from autograder.cli.options import CourseOption, SlugArgument

NAME = "release"
EXAMPLE = examples("autograder release optimizers")


def run(slug: SlugArgument, course: CourseOption = None) -> None:
    """Compose the source notebook and make the students' version with nbgrader's generate_assignment."""
    from autograder.authoring.release import release
    from autograder.course.assignment import load_assignment
    from autograder.course.layout import open_course
    from autograder.engines.registry import needs_hidden_checks

    opened = open_course(course)
    needs_hidden_checks(opened, slug, NAME)
    released = release(opened, load_assignment(opened.root, slug))
    console = output_console()
    console.print(f"Released: {released}")
    console.print(
        f"Next: hand it out (`nbgrader release_assignment {slug}`, or your learning platform), collect the "
        f"notebooks into submitted/STUDENT/{slug}/, then: autograder grade {slug}"
    )
