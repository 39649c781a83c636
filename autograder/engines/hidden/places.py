"""The ids of texts that a course's authors wrote: each text is named by its place."""

from __future__ import annotations

from pathlib import Path

from autograder.sentences import Sentence, say

__all__ = ["TITLE", "place_of", "placed", "with_case", "without_case"]

#: The name of the text at the top of a misconception's file: its docstring.
TITLE = "__doc__"


def place_of(file: Path, folder: Path, name: str) -> str:
    """Return the id of a text, for example `course.optimizers/misconceptions/adam.py:HINT`.

    Args:
        file: where the text stands.
        folder: the assignment's folder in `solutions/` or `assignments/`; its name is the assignment's.
        name: the text's name in the file.
    """
    return f"course.{folder.name}/{file.relative_to(folder).as_posix()}:{name}"


def placed(text: str, file: Path, folder: Path, name: str) -> Sentence:
    """Return an author's text with the id of its place."""
    return Sentence(text, place_of(file, folder, name)) if text else Sentence()


def with_case(title: Sentence, case: str) -> Sentence:
    """Return the title of one case of a parametrised check; an empty `case` is a check without cases."""
    return say("exercise.case", title=title, case=case) if case else title


def without_case(title: Sentence) -> tuple[Sentence, str]:
    """Return a check's title and its case apart."""
    inner, case = title.values.get("title"), title.values.get("case")
    if title.id == "exercise.case" and isinstance(inner, Sentence) and isinstance(case, str):
        return inner, case
    return title, ""
