"""`autograder status`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli.console import examples
from autograder.cli.options import CourseOption, SlugArgument

NAME = "status"
EXAMPLE = examples(
    "autograder status optimizers",
    "autograder status optimizers --json",
)


def run(
    slug: SlugArgument,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for programs.")] = False,
    course: CourseOption = None,
) -> None:
    """Show how far a batch is: what is graded, what is left, whether a run is going on, and what to do next."""
    import json

    from autograder.batch.status import batch_status
    from autograder.cli.console import output_console
    from autograder.course.layout import open_course
    from autograder.engines.registry import open_engine

    status = batch_status(open_engine(open_course(course), slug))
    run = status.run
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "assignment": status.slug,
                    "submissions": status.submissions,
                    "graded": status.graded,
                    "rejected": status.rejected,
                    "ungraded": status.ungraded,
                    "changed": status.changed,
                    "waiting": status.waiting,
                    "left": status.left,
                    "running": status.running,
                    "run": run
                    and {
                        "pid": run.pid,
                        "host": run.host,
                        "since": run.since,
                        "total": run.total,
                        "ending": run.ending or ("running" if status.running else "killed"),
                        "error": run.error or None,
                    },
                    "advice": status.advice,
                }
            )
        )
        return
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    for name in ("submissions", "graded", "rejected", "ungraded", "changed", "waiting"):
        table.add_row(name, str(getattr(status, name)))
    console = output_console()
    console.print(table)
    if status.last:
        console.print(status.last, markup=False)
    if run is not None and run.error and not status.running:
        console.print(run.error, markup=False)
    console.print(f"next: {status.advice}", markup=False)
