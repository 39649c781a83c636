"""`autograder verify`."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.cli.console import error_console, examples, output_console
from autograder.cli.options import CourseOption, slug_of

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.authoring.verify import AssignmentReport, Finding, MutantReport, PairReport, VerifyProgress

NAME = "verify"
EXAMPLE = examples(
    "autograder verify",
    "autograder verify optimizers --seeds 50",
    "autograder verify xavier --mutants",
    "autograder verify xavier --exercise fans --table",
    "autograder verify --static",
    "autograder verify --json",
)

EVERY_S = 5.0


def run(
    slugs: Annotated[
        list[str] | None, typer.Argument(metavar="SLUG", help="The assignments; default: all of the course.")
    ] = None,
    seeds: Annotated[
        int, typer.Option("--seeds", min=1, metavar="N", help="How many times, each time with new inputs.")
    ] = 20,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Also change the reference in small ways: some check must notice.")
    ] = False,
    exercises: Annotated[
        list[str] | None, typer.Option("--exercise", metavar="ID", help="Look at this exercise alone; may be repeated.")
    ] = None,
    static: Annotated[
        bool, typer.Option("--static", help="Only read the files; this takes seconds, and no code runs.")
    ] = False,
    table: Annotated[
        bool, typer.Option("--table", help="Also show which checks each variant fails, and the points that it keeps.")
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    course: CourseOption = None,
) -> None:
    """Prove assignments before release: right work scores 100 %, wrong ideas are caught and named."""
    from autograder.authoring.verify import VerifyOptions, known_slugs, verify_assignment
    from autograder.course.layout import open_course
    from autograder.engines.registry import needs_hidden_checks

    opened = open_course(course)
    root = opened.root
    for slug in slugs or ():
        needs_hidden_checks(opened, slug, NAME)
    options = VerifyOptions(seeds=seeds, mutants=mutants, exercises=tuple(exercises or ()), static=static)
    progress = _progress()
    reports = []
    try:
        for slug in [slug_of(text) for text in slugs or ()] or known_slugs(root):
            reports.append(verify_assignment(root, slug, options, progress))
            if not json_:
                progress.finish()
                _print_report(reports[-1])
                if table:
                    _print_variants(reports[-1])
    finally:
        progress.finish()
    if json_:
        import json

        typer.echo(json.dumps([r.as_json() for r in reports], indent=2, ensure_ascii=False))
    if not all(r.sound for r in reports):
        raise typer.Exit(1)


# -- the report --------------------------------------------------------------------------------------------


def _print_report(report: AssignmentReport) -> None:
    from rich.table import Table

    console = output_console()
    verdict = "sound" if report.sound else _plural(len(report.findings), "finding")
    console.print(f"{report.slug}: {verdict}", style="bold green" if report.sound else "bold red")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
    if report.exercises:
        table.add_row(
            "  points", f"{report.points} in {_plural(report.exercises, 'exercise')}, {report.written_points} by hand"
        )
        table.add_row("  checks", str(report.checks))
        table.add_row(
            "  variants",
            f"{_plural(report.misconceptions, 'misconception')} in {report.wrong} forms, "
            f"{report.faulty} plain mistakes, {report.honest} honest forms",
        )
        table.add_row("  runs", f"{report.runs} in this process, with {_plural(report.seeds, 'seed')}")
        if report.pairs.composed:
            table.add_row("  pairs", _pairs(report.pairs))
        table.add_row("  false alarms", f"{report.false_alarms} of {report.honest_runs} runs of right work")
        if report.tier is not None:
            table.add_row("  sandbox", f"{_plural(report.notebooks, 'notebook')}, tier {report.tier}")
    if report.mutants is not None:
        table.add_row("  mutants", _mutants(report.mutants))
    table.add_row("  time", f"{report.seconds:.1f} s")
    console.print(table)
    if report.mutants is not None:
        _print_mutants(console, report.mutants)
    for number, finding in enumerate(report.findings, 1):
        _print_finding(console, number, finding)


def _print_variants(report: AssignmentReport) -> None:
    """Print one table for each exercise: variants by checks, with the points that each keeps."""
    from rich.table import Table

    console = output_console()
    for exercise in dict.fromkeys(row.exercise for row in report.variants):
        rows = [row for row in report.variants if row.exercise == exercise]
        checks = list(rows[0].failed)
        console.print(f"  {exercise}", markup=False, style="bold")
        for number, name in enumerate(checks, 1):
            console.print(f"    {number:>2} {name}", markup=False)
        table = Table(box=None, pad_edge=False, padding=(0, 1))
        table.add_column("    variant")
        for number in range(1, len(checks) + 1):
            table.add_column(str(number), justify="center")
        table.add_column("keeps", justify="right")
        for row in rows:
            marks = ["×" if row.failed[name] else "·" for name in checks]
            kept = {f"{float(row.least):.4g}", f"{float(row.most):.4g}"}
            table.add_row(f"    {_short(row.file)}", *marks, f"{'–'.join(sorted(kept))} of {float(row.points):g}")
        console.print(table)


def _short(file: str) -> str:
    """Return the folder and the name of a variant."""
    return "/".join(file.removesuffix(".py").split("/")[-2:])


def _pairs(found: PairReport) -> str:
    parts = [f"{found.unique} of {found.composed} pairs of ideas are named"]
    for count, what in (
        (found.own, "as one of their own"),
        (found.third, "as others with the same answers"),
        (found.twins, "not named"),
    ):
        parts += [f"{count} {what}"] if count else []
    return ", ".join([*parts, f"{found.right} right"] if found.right else parts)


def _mutants(found: MutantReport) -> str:
    total, killed = sum(found.total.values()), sum(found.killed.values())
    share = f"{100 * killed / total:.1f} %" if total else "–"
    return f"{killed} of {total} killed ({share}), {found.equivalent} equivalent, in {found.seconds:.1f} s"


def _print_mutants(console: Console, found: MutantReport) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for name in ("  exercise", "mutants", "killed", "survived"):
        table.add_column(name, justify="left" if "exercise" in name else "right")
    for exercise, total in found.total.items():
        killed = found.killed.get(exercise, 0)
        table.add_row(f"  {exercise}", str(total), str(killed), str(total - killed))
    console.print(table)
    for survivor in found.survivors:
        console.print(f"  survivor in {survivor.exercise}, line {survivor.line} ({survivor.operator})", markup=False)
        for line in survivor.diff.splitlines():
            console.print(f"    {line}", markup=False, style=_COLOURS.get(line[:1], ""))


_COLOURS = {"-": "red", "+": "green"}


def _print_finding(console: Console, number: int, finding: Finding) -> None:
    from autograder.feedback.text import listed

    where = " · ".join(filter(None, (finding.file, finding.exercise, finding.check)))
    console.print(f"  {number}. {where}", markup=False)
    seeds = f" (seeds {listed(finding.seeds, 8)})" if finding.seeds else ""
    console.print(f"     {finding.problem}{seeds}", markup=False)
    console.print(f"     → {finding.remedy}", markup=False)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


# -- progress ----------------------------------------------------------------------------------------------


def _progress() -> VerifyProgress:
    return _Bar() if sys.stderr.isatty() else _Lines()


class _Lines:
    """Plain lines, for logs: one for each part, and one every few seconds."""

    def __init__(self) -> None:
        self._part = ""
        self._steps = self._done = 0
        self._printed = 0.0

    def part(self, slug: str, what: str, steps: int) -> None:
        self._part, self._steps, self._done = f"{slug}: {what}", steps, 0
        self._printed = time.monotonic()
        error_console().print(f"{self._part}, {steps} …", markup=False)

    def step(self) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._printed >= EVERY_S:
            self._printed = now
            error_console().print(f"{self._part}, {self._done}/{self._steps}", markup=False)

    def finish(self) -> None:
        pass


class _Bar:
    """One bar on a terminal, for the part that runs."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._task: Any = None

    def part(self, slug: str, what: str, steps: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.finish()
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=error_console(),
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task(f"{slug}: {what}", total=steps)

    def step(self) -> None:
        self._bar.update(self._task, advance=1)

    def finish(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
