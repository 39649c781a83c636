"""`autograder grade`."""

from __future__ import annotations

from typing import Annotated

import typer

from autograder.cli.options import CourseOption, JobsOption, SlugArgument

NAME = "grade"
EXAMPLE = (
    "Examples: autograder grade optimizers   |   autograder grade optimizers --student s001 --force   |   "
    "autograder grade optimizers --jobs 8 --device cuda"
)


def run(
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
    course: CourseOption = None,
) -> None:
    """Score every new or changed submission; write results, autograded/, the gradebook and feedback."""
    from autograder.errors import UsageError

    if device not in {"cpu", "cuda", "auto"}:
        raise UsageError(f"--device {device!r}: there are cpu, cuda and auto.")
    from autograder.assignment import load_assignment
    from autograder.batch import BatchOptions, grade_batch
    from autograder.cli.outcome import print_outcome
    from autograder.cli.progress import progress_for_terminal
    from autograder.course import open_course
    from autograder.innotebook.batch import grade_notebooks, has_hidden_checks

    opened = open_course(course)
    options = BatchOptions(
        students=tuple(student or ()), jobs=jobs, device=device, seed=seed, force=force, min_tier=min_tier
    )
    if has_hidden_checks(opened, slug):
        assignment = load_assignment(opened.root, slug)
        report = grade_batch(opened, assignment, options, progress_for_terminal())
    else:
        report, assignment = grade_notebooks(opened, slug, options, progress_for_terminal())
    print_outcome(report, opened, assignment)
    if any(g.status == "ungraded" for g in report.grades):
        raise typer.Exit(3)
    if report.notes:
        raise typer.Exit(1)
