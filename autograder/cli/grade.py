"""`autograder grade`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.console import examples
from autograder.cli.options import CourseOption, JobsOption, LanguageOption, SlugArgument

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograder.batch import BatchReport, Tls
    from autograder.cli.progress import JsonProgress

NAME = "grade"
EXAMPLE = examples(
    "autograder grade optimizers",
    "autograder grade optimizers --student s001 --force",
    "autograder grade optimizers --jobs 8 --device cuda",
    "autograder grade optimizers --dry-run --csv changes.csv",
    "autograder grade optimizers --executor dask --scheduler tcp://head:8786",
)


def run(  # noqa: PLR0913, PLR0917 - each is an option of the command
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
    as_json: Annotated[
        bool, typer.Option("--json", help="For programs: progress and outcome as JSON lines on standard output.")
    ] = False,
    go_on: Annotated[
        bool, typer.Option("--go-on", help="Grade although the instructor's own notebook lacks something here.")
    ] = False,
    executor: Annotated[
        str, typer.Option("--executor", metavar="local|dask", help="Grade here, or on the workers of a dask cluster.")
    ] = "local",
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="URL", help="The dask scheduler, tcp://HOST:PORT or tls://HOST:PORT."),
    ] = None,
    tls_ca: Annotated[
        Path | None, typer.Option("--tls-ca", metavar="PEM", help="The authority that signed the cluster's keys.")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option("--tls-cert", metavar="PEM", help="Our certificate there.")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", metavar="PEM", help="Its key.")] = None,
    language: LanguageOption = None,
    course: CourseOption = None,
) -> None:
    """Score every new or changed submission; write results, autograded/, the gradebook and feedback."""
    _check(slug, device, executor, csv, cluster=bool(scheduler or tls_ca or tls_cert or tls_key), dry_run=dry_run)
    from autograder.batch import BatchOptions, grade_batch
    from autograder.cli.changes import print_changes, write_changes
    from autograder.cli.outcome import outcome_fields, print_outcome
    from autograder.cli.progress import JsonProgress, progress_for_terminal
    from autograder.course.layout import open_course
    from autograder.engines.registry import open_engine
    from autograder.feedback.changes import changes_json
    from autograder.feedback.language import read_language

    opened = open_course(course)
    options = BatchOptions(
        students=tuple(student or ()),
        jobs=jobs,
        device=device,
        seed=seed,
        force=force,
        min_tier=min_tier,
        dry_run=dry_run,
        go_on=go_on,
        executor=executor,
        scheduler=scheduler,
        tls=_tls(tls_ca, tls_cert, tls_key),
        language=None if language is None else read_language(language),
    )
    engine = open_engine(opened, slug)
    if as_json:
        progress = JsonProgress()
        report = _told(progress, lambda: grade_batch(engine, options, progress))
        if dry_run:
            progress.emit("changes", **changes_json(report.changes))
        progress.emit("end", **outcome_fields(report, engine.assignment))
    else:
        report = grade_batch(engine, options, progress_for_terminal())
        if dry_run:
            print_changes(report.changes, slug=slug)
        else:
            print_outcome(report, opened, engine.assignment)
    if csv is not None:
        write_changes(csv, report.changes)
    if report.ungraded:
        raise typer.Exit(3)
    if report.notes:
        raise typer.Exit(1)


def _check(slug: str, device: str, executor: str, csv: Path | None, *, cluster: bool, dry_run: bool) -> None:
    """Refuse what does not go together."""
    from autograder.errors import UsageError

    if device not in {"cpu", "cuda", "auto"}:
        raise UsageError(f"--device {device!r}: there are cpu, cuda and auto.")
    if csv is not None and not dry_run:
        raise UsageError(f"--csv writes changes: it goes with --dry-run. Results are in results/{slug}/summary.csv.")
    if executor not in {"local", "dask"}:
        raise UsageError(f"--executor {executor!r}: there are local and dask.")
    if executor == "local" and cluster:
        raise UsageError("--scheduler and --tls-… go with --executor dask.")


def _told(progress: JsonProgress, action: Callable[[], BatchReport]) -> BatchReport:
    """Tell programs what ends a run too."""
    from autograder.errors import AutograderError, Interrupted

    try:
        return action()
    except Interrupted as stop:
        progress.emit("interrupted", message=str(stop))
        raise
    except AutograderError as error:
        progress.emit("error", message=str(error))
        raise


def _tls(ca: Path | None, cert: Path | None, key: Path | None) -> Tls | None:
    from autograder.batch import Tls
    from autograder.errors import UsageError

    if ca is None and cert is None and key is None:
        return None
    if ca is None or cert is None or key is None:
        raise UsageError("--tls-ca, --tls-cert and --tls-key go together.")
    for path in (ca, cert, key):
        if not path.is_file():
            raise UsageError(f"{path} is not there; --tls-ca, --tls-cert and --tls-key name PEM files.")
    return Tls(ca, cert, key)
