"""`autograder doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.console import examples, output_console

if TYPE_CHECKING:
    from autograder.cli.doctor_report import Findings

NAME = "doctor"
EXAMPLE = examples(
    "autograder doctor",
    "autograder doctor --json | jq .tier",
)


def run(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
) -> None:
    """Show what isolation this machine offers, what is missing and how to get it, and the state of torch and CUDA."""
    import json

    from autograder.cli.doctor_report import examine_machine

    found = examine_machine()
    if as_json:
        typer.echo(json.dumps(found.to_json(), indent=2))
    else:
        _print(found)
    if found.tier.value == "C" or found.remarks:
        raise typer.Exit(1)


def _print(found: Findings) -> None:
    from rich.table import Table

    console = output_console()
    console.print(f"isolation    tier {found.tier.value}: {found.tier.explanation}")
    for tier, problem in found.problems.items():
        console.print(f"             tier {tier} cannot be set up: {problem}", markup=False)
    table = Table(box=None, pad_edge=False, title_justify="left")
    for heading in ("feature", "for tier", "", "found"):
        table.add_column(heading)
    for feature in found.features:
        table.add_row(feature.name, feature.tiers, "yes" if feature.available else "NO", feature.detail)
    console.print()
    console.print(table)
    for feature in found.features:
        if feature.remedy:
            console.print(f"To get {feature.name}: {feature.remedy}", markup=False)
    console.print()
    for name, value in (*found.machine.items(), ("cuda", found.cuda)):
        console.print(f"{name:<12} {value}", markup=False)
    for tier, told in found.cuda_by_tier.items():
        console.print(f"             in a worker of tier {tier} it {told}", markup=False)
    console.print("packages     " + ", ".join(f"{n} {v or 'MISSING'}" for n, v in found.packages.items()))
    for remark in found.remarks:
        console.print(f"note: {remark}", markup=False)
