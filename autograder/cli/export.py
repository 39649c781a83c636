"""`autograder export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.console import examples, output_console
from autograder.cli.options import CourseOption, SlugArgument

NAME = "export"
EXAMPLE = examples(
    "autograder export optimizers --to csv",
    "autograder export optimizers --to canvas --template downloaded.csv",
)


def run(
    slug: SlugArgument,
    to: Annotated[str, typer.Option("--to", metavar="csv|canvas|moodle|gradescope|junit", help="The format.")],
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="FILE", help="The file downloaded from Canvas or Moodle, to be filled in."),
    ] = None,
    column: Annotated[
        str | None, typer.Option("--column", metavar="NAME", help="The column of the points in that file.")
    ] = None,
    feedback_column: Annotated[
        str | None, typer.Option("--feedback-column", metavar="NAME", help="The column of the comments, for Moodle.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="PATH", help="Where to write; default: results/SLUG/export/."),
    ] = None,
    course: CourseOption = None,
) -> None:
    """Write the grades for another system, with manual scores and late penalties."""
    from autograder.batch.export import ExportOptions, export_scores
    from autograder.course.layout import open_course
    from autograder.engines.registry import open_engine

    engine = open_engine(open_course(course), slug)
    options = ExportOptions(to, template, column, feedback_column, output)
    report = export_scores(engine, options)
    console = output_console()
    console.print(f"{report.students} grades: {report.path}", markup=False)
    for note in report.notes:
        console.print(f"note: {note}", markup=False)
    for finding in report.findings:
        console.print(f"finding: {finding}", markup=False)
    if report.findings:
        raise typer.Exit(1)
