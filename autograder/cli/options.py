"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CourseOption", "JobsOption", "SlugArgument"]

SlugArgument = Annotated[str, typer.Argument(metavar="SLUG", help="The assignment, a folder under assignments/.")]
CourseOption = Annotated[
    Path | None, typer.Option("--course", metavar="DIR", help="The course; default: the current directory.")
]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, metavar="N", help="Parallel judges; default: one per core."),
]
