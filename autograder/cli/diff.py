"""`autograder diff`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.console import examples
from autograder.cli.options import CourseOption, SlugArgument

NAME = "diff"
EXAMPLE = examples(
    "autograder diff optimizers",
    "autograder diff optimizers --csv changes.csv",
)


def run(
    slug: SlugArgument,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write every change into this file, too.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    course: CourseOption = None,
) -> None:
    """Show whose score the next grade would change, and by which check; nothing is run or written.

    New points and weights are applied to stored outcomes. Changes that only a run can tell are listed as such, unless
    a dry run has found them.
    """
    from autograder.batch.status import outlook
    from autograder.cli.changes import changes_fields, print_changes, write_changes
    from autograder.course.layout import open_course
    from autograder.engines.registry import open_engine

    found = outlook(open_engine(open_course(course), slug))
    if as_json:
        print(json.dumps(changes_fields(found.changes, found.pending), indent=1))  # noqa: T201 - for machines
    else:
        print_changes(found.changes, found.pending, slug=slug)
    if csv is not None:
        write_changes(csv, found.changes)
