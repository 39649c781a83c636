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
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="Your notebook; it may have any name.")],
    exercise: Annotated[
        str | None, typer.Option("--exercise", metavar="ID", help="Only this exercise; default: all.")
    ] = None,
) -> None:
    """For students: run your notebook and its public examples here, in a process of its own."""
    from autograder.authoring.student_check import check_notebook
    from autograder.feedback.text import clean
    from autograder.sentences import say

    error_console().print(say("check.running", notebook=str(notebook)))
    report = check_notebook(notebook, exercise)
    console = output_console()
    width = max(len(item.exercise) for item in report.items)
    marks = {True: say("check.ok"), False: say("check.wrong"), None: say("check.to-do")}
    widest = max(map(len, marks.values()))
    for item in report.items:
        console.print(
            f"{marks[item.passed]:<{widest}}  {item.exercise:<{width}}  {clean(item.message, 500)}".rstrip(),
            markup=False,
        )
        if item.line is not None:
            source = clean((item.source or "").strip(), 200)
            where = (
                say("check.line", line=item.line, source=source)
                if item.cell in {None, item.exercise}
                else say("check.line-elsewhere", cell=clean(item.cell or "", 80), line=item.line, source=source)
            )
            console.print(f"       {where}", markup=False)
        for note in item.notes:
            console.print(f"       {clean(note, 500)}", markup=False)
    for note in report.notes:
        error_console().print(say("check.note", note=clean(note, 500)), markup=False)
    right = sum(item.passed is True for item in report.items)
    ending = "check.tests-pass" if report.own_tests else "check.examples-agree"
    console.print(say(ending, right=right, total=len(report.items)))
    if not report.ok:
        raise typer.Exit(1)
