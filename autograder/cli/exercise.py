"""`autograder exercise`."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Annotated

import typer

from autograder.cli.console import examples, output_console
from autograder.cli.options import CourseOption, SlugArgument

NAME = "exercise"
EXAMPLE = examples(
    "autograder exercise add noise clip --points 2 --title 'Clipping'",
    "autograder exercise rename noise clip clip_norm",
    "autograder exercise points noise clip_norm 3",
    "autograder exercise drop noise clip_norm",
)


class Action(StrEnum):
    """What is done with an exercise."""

    ADD = "add"
    DROP = "drop"
    RENAME = "rename"
    POINTS = "points"


def run(  # noqa: PLR0913, PLR0917 - the options of one command
    action: Annotated[Action, typer.Argument(metavar="ACTION", help="add, drop, rename or points.")],
    slug: SlugArgument,
    exercise: Annotated[str, typer.Argument(metavar="ID", help="The exercise.")],
    value: Annotated[
        str | None, typer.Argument(metavar="[NEW]", help="For rename the new id, for points their number.")
    ] = None,
    points: Annotated[str, typer.Option("--points", metavar="N", help="For add: its points.")] = "1",
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="For add: what students read.")] = None,
    signature: Annotated[
        str,
        typer.Option("--signature", metavar="TEXT", help="For add: the parameters, if solution.py has none yet."),
    ] = "x",
    written: Annotated[bool, typer.Option("--written", help="For add: a question that a person grades.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which files would change.")] = False,
    course: CourseOption = None,
) -> None:
    """Add, drop or rename an exercise, or change its points, in all files that mention it."""
    from autograder.authoring import exercises
    from autograder.course.layout import open_course
    from autograder.errors import UsageError

    root = open_course(course).root
    needed = {Action.RENAME: "the new id", Action.POINTS: "a number of points"}.get(action)
    if needed is not None and value is None:
        raise UsageError(f"exercise {action} needs {needed} after the id.")
    if needed is None and value is not None:
        raise UsageError(f"{value!r} is one argument too many.")
    if action is Action.ADD:
        name = title or exercise.replace("_", " ").capitalize()
        change = exercises.add_exercise(
            root, slug, exercise, points=_points(points), title=name, signature=signature, written=written
        )
    elif action is Action.DROP:
        change = exercises.drop_exercise(root, slug, exercise)
    elif action is Action.RENAME:
        change = exercises.rename_exercise(root, slug, exercise, str(value))
    else:
        change = exercises.set_points(root, slug, exercise, _points(str(value)))
    console = output_console()
    for path in change.files():
        what = f"→ {change.moved[path].name}" if path in change.moved else ""
        gone = "removed" if change.texts.get(path, "") is None else what
        console.print(f"  {path.relative_to(root)} {gone}".rstrip(), markup=False, highlight=False)
    if not dry_run:
        change.write()
    for line in change.left:
        console.print(f"Left to you: {line}.", markup=False, highlight=False)
    console.print("Nothing was written." if dry_run else f"Next: autograder verify {slug} --static", markup=False)


def _points(text: str) -> Fraction:
    from autograder.errors import UsageError

    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise UsageError(f"{text!r} is no number of points.") from None
