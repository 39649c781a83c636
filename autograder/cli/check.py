"""`autograder check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.console import error_console, examples, output_console

NAME = "check"
EXAMPLE = examples(
    "autograder check optimizers.ipynb",
    "autograder check optimizers.ipynb --exercise adam_step",
)


def run(
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="Your notebook, whatever it is called.")],
    exercise: Annotated[
        str | None, typer.Option("--exercise", metavar="ID", help="Only this exercise; default: all.")
    ] = None,
) -> None:
    """For students: run your notebook and its public examples here, in a process of its own."""
    from autograder.authoring.student_check import check_notebook
    from autograder.feedback.text import clean

    error_console().print(f"Running {notebook} …")
    report = check_notebook(notebook, exercise)
    console = output_console()
    width = max(len(item.exercise) for item in report.items)
    for item in report.items:
        mark = {True: "ok   ", False: "WRONG", None: "to do"}[item.passed]
        console.print(f"{mark}  {item.exercise:<{width}}  {clean(item.message, 500)}".rstrip(), markup=False)
        if item.line is not None:
            elsewhere = f"{clean(item.cell, 80)}, " if item.cell not in {None, item.exercise} else ""
            console.print(
                f"       {elsewhere}line {item.line}: {clean((item.source or '').strip(), 200)}", markup=False
            )
        for note in item.notes:
            console.print(f"       {clean(note, 500)}", markup=False)
    for note in report.notes:
        error_console().print(f"note: {clean(note, 500)}", markup=False)
    right = sum(item.passed is True for item in report.items)
    ending = (
        "tests of this notebook pass."
        if report.own_tests
        else "exercises agree with their public examples. Hidden checks of the same formulas decide about the points."
    )
    console.print(f"{right} of {len(report.items)} {ending}")
    if not report.ok:
        raise typer.Exit(1)
