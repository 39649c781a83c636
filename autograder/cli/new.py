"""`autograder new`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli.console import examples, output_console
from autograder.cli.options import CourseOption, slug_of

NAME = "new"
EXAMPLE = examples("autograder new normalisation --title 'Batch and layer normalisation'")


def run(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="The name of the new assignment.", callback=slug_of)],
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="What students read; default: the name.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Make a new assignment with one complete exercise, as a pattern."""
    from autograder.authoring.scaffold import new_assignment
    from autograder.course.layout import open_course

    opened = open_course(course)
    written = new_assignment(opened, slug, title)
    console = output_console()
    for path in written:
        console.print(f"  {path.relative_to(opened.root)}", markup=False)
    console.print(f"Next: autograder verify {slug}; then replace its one exercise with your own.")
