"""`autograder grade`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import CourseOption, JobsOption, SlugArgument

NAME = "grade"
EXAMPLE = (
    "Examples: autograder grade optimizers   |   autograder grade optimizers --student s001 --force   |   "
    "autograder grade optimizers --jobs 8 --device cuda   |   autograder grade optimizers --dry-run --csv changes.csv"
)


def run(  # noqa: PLR0913, PLR0917 - one for each option
    slug: SlugArgument,
    student: Annotated[
        list[str] | None, typer.Option("--student", metavar="ID", help="Only this student; may be repeated.")
    ] = None,
    jobs: JobsOption = None,
    device: Annotated[
        str, typer.Option("--device", metavar="cpu|cuda|auto", help="Where the students' code computes.")
    ] = "auto",
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, metavar="N", help="The seed of all inputs; default: a secret one, kept."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what has not changed.")] = False,
    min_tier: Annotated[
        str, typer.Option("--min-tier", metavar="A|B|C", help="The weakest isolation to accept.")
    ] = "B",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Grade, show whose score would change, and write no score anywhere.")
    ] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="With --dry-run: write every change into this file.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="With --dry-run: print JSON instead of a table.")] = False,
    course: CourseOption = None,
) -> None:
    """Score every new or changed submission; write results, autograded/, the gradebook and feedback."""
    from autograder.errors import UsageError

    if device not in {"cpu", "cuda", "auto"}:
        raise UsageError(f"--device {device!r}: there are cpu, cuda and auto.")
    if (csv is not None or json) and not dry_run:
        raise UsageError("--csv and --json show changes: they go with --dry-run. Results are in results/.")
    from autograder.assignment import load_assignment
    from autograder.batch import BatchOptions, grade_batch
    from autograder.cli.changes import give_changes
    from autograder.cli.outcome import print_outcome
    from autograder.cli.progress import progress_for_terminal
    from autograder.course import open_course

    opened = open_course(course)
    assignment = load_assignment(opened.root, slug)
    options = BatchOptions(
        students=tuple(student or ()),
        jobs=jobs,
        device=device,
        seed=seed,
        force=force,
        min_tier=min_tier,
        dry_run=dry_run,
    )
    report = grade_batch(opened, assignment, options, progress_for_terminal())
    if dry_run:
        give_changes(report.changes, (), csv=csv, as_json=json)
    else:
        print_outcome(report, opened, assignment)
    if any(g.status == "ungraded" for g in report.grades):
        raise typer.Exit(3)
    if report.notes:
        raise typer.Exit(1)
