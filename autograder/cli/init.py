"""`autograder init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.console import examples, output_console

NAME = "init"
EXAMPLE = examples("autograder init deep-learning && cd deep-learning && autograder release optimizers")


def run(directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")]) -> None:
    """Make a new course with the built-in assignments."""
    from autograder.course.layout import init_course

    course = init_course(directory)
    slugs = sorted(p.name for p in (course.root / "assignments").iterdir())
    console = output_console()
    console.print(f"{course.root} is a course now, with: {', '.join(slugs)}.")
    console.print(f"Next: cd {directory} && autograder release {slugs[0]}")
