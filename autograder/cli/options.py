"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CourseOption", "JobsOption", "LanguageOption", "SlugArgument", "slug_of"]


def slug_of(text: str) -> str:
    """Return the assignment that was typed; a shell completes it as a folder, `assignments/optimizers/`."""
    return text.removeprefix("./").removeprefix("assignments/").rstrip("/") or text


def _assignments(incomplete: str) -> list[str]:
    """Return what a shell completes an assignment to, in the course that is the current directory."""
    here = Path("assignments")
    known = sorted(p.name for p in here.iterdir() if p.is_dir()) if here.is_dir() else []
    return [name for name in known if name.startswith(incomplete)]


SlugArgument = Annotated[
    str,
    typer.Argument(
        metavar="SLUG",
        help="The assignment, a folder under assignments/.",
        callback=slug_of,
        autocompletion=_assignments,
    ),
]
CourseOption = Annotated[
    Path | None, typer.Option("--course", metavar="DIR", help="The course; default: the current directory.")
]
LanguageOption = Annotated[
    Path | None,
    typer.Option(
        "--language", metavar="DIR", help="Write the students' pages with the translation in this folder, such as de/."
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, metavar="N", help="Parallel judges; default: one per core."),
]
