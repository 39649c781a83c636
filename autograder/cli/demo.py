"""`autograder demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.console import examples, output_console
from autograder.cli.options import JobsOption

NAME = "demo"
EXAMPLE = examples("autograder demo /tmp/demo")


def run(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")] = Path(
        "autograder-demo"
    ),
    jobs: JobsOption = None,
) -> None:
    """Make a class of submissions, right, wrong and hostile ones, and grade it in front of you."""
    from autograder.authoring.demo import SLUG, run_demo
    from autograder.cli.outcome import print_outcome
    from autograder.cli.progress import progress_for_terminal

    console = output_console()
    console.print(f"A course and a class in {directory}: making, releasing, grading …")
    done = run_demo(directory, jobs=jobs, progress=progress_for_terminal())
    print_outcome(done.report, done.course, done.assignment)
    page = done.course.root / "feedback" / "wrong-adam-no-bias-correction" / SLUG / f"{SLUG}.html"
    console.print(f"Look at      {page}")
    console.print(f"             {done.course.results_dir / SLUG / 'class.html'}")
    if done.surprises:
        console.print(f"{len(done.surprises)} verdicts are not as they should be:")
        for surprise in done.surprises:
            console.print(f"  {surprise}", markup=False)
        raise typer.Exit(1)
    console.print(
        f"All {len(done.report.grades)} verdicts are as they should be: right work has full marks, "
        "every known mistake is diagnosed as itself."
    )
