"""`autograder demo`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.console import examples, output_console
from autograder.cli.options import JobsOption

NAME = "demo"
EXAMPLE = examples(
    "autograder demo /tmp/demo",
    "autograder demo /tmp/demo --assignment modules",
    "autograder demo /tmp/demo --assignment tensors --assignment training --students 60",
)


def run(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")] = Path(
        "autograder-demo"
    ),
    assignment: Annotated[
        list[str] | None,
        typer.Option(
            "--assignment",
            "-a",
            metavar="SLUG",
            help="The assignment, instead of optimizers; give it again for more.",
        ),
    ] = None,
    students: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="How many students; default: one for each kind of work."),
    ] = None,
    jobs: JobsOption = None,
) -> None:
    """Make a class of right, wrong and hostile submissions, and grade it."""
    from autograder.authoring.demo import SLUG, run_demo
    from autograder.cli.outcome import print_outcome
    from autograder.cli.progress import progress_for_terminal

    console = output_console()
    slugs = assignment or [SLUG]
    console.print(f"A course and a class in {directory}: making, releasing, grading …")
    started = time.monotonic()
    done = run_demo(directory, slugs, students=students, jobs=jobs, progress=progress_for_terminal())
    for one in done:
        slug = one.assignment.slug
        if len(done) > 1:
            console.print(f"\n{slug}", style="bold")
        print_outcome(one.report, one.course, one.assignment)
        wrong = sorted(g.student for g in one.report.grades if g.student.startswith("wrong-"))
        if wrong:
            page = one.course.root / "feedback" / wrong[len(wrong) // 2] / slug / f"{slug}.html"
            console.print(f"Look at      {page}")
        console.print(f"             {one.course.results_dir / slug / 'class.html'}")
    surprises = [surprise for one in done for surprise in one.surprises]
    if len(done) > 1:
        handed_in = sum(len(one.report.grades) for one in done)
        console.print(f"\n{len(done)} assignments, {handed_in} submissions, {time.monotonic() - started:.0f} s")
    if surprises:
        console.print(f"{len(surprises)} verdicts are not as expected:")
        for surprise in surprises:
            console.print(f"  {surprise}", markup=False)
        raise typer.Exit(1)
    count = sum(len(one.report.grades) for one in done)
    console.print(
        f"All {count} verdicts are as expected: right work has full marks, every known mistake is diagnosed as itself."
    )
