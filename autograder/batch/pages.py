"""Students' pages with what no judge knows: the late penalty, what a person entered in formgrader, the language."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from autograder.course.gradebook.byhand import ByHand, read_by_hand
from autograder.engines.base import Engine
from autograder.feedback.language import ENGLISH, Language
from autograder.feedback.render import entered, is_ours, language_of
from autograder.verdict import Grade

__all__ = ["StudentPages"]

#: Within so many bytes a page says who made it, and from what.
_HEAD_BYTES = 2048


class StudentPages:
    """The pages of one run. What was entered is read once, before the first page is made.

    Judges make pages in English. Those in another language are made here; None leaves the language of pages that are
    there already as it is.
    """

    def __init__(self, engine: Engine, language: Language | None = None) -> None:
        self._engine = engine
        self._language = language

    @functools.cached_property
    def _by_hand(self) -> dict[str, dict[str, ByHand]]:
        engine = self._engine
        return read_by_hand(engine.directories, engine.assignment.slug, engine.hand_cells())

    def of(self, grade: Grade, made: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return a student's pages by notebook: those that a judge made, unless there is more to say.

        Raises:
            GradebookError: if the gradebook cannot be read.
        """
        late = grade.late is not None and grade.late.late_s > 0
        english = self._language is None or not self._language.catalogue
        if made is not None and english and not late and not self._by_hand.get(grade.student):
            return dict(made)
        names, language = self._engine.notebooks, self._language or ENGLISH
        return {name: self._engine.page(name, grade, self._entered(grade.student, name), language) for name in names}

    def is_outdated(self, student: str, notebook: str, page: Path) -> bool:
        """Whether something else was entered since a page was written, or it is to be in another language.

        A page that another program wrote there, such as nbgrader's generate_feedback, is left alone.

        Raises:
            GradebookError: if the gradebook cannot be read.
        """
        try:
            with page.open("rb") as file:
                head = file.read(_HEAD_BYTES).decode("utf-8", "replace")
        except OSError:
            return False
        if not is_ours(head):
            return False
        other = self._language is not None and language_of(head) != self._language.name
        return other or entered(head) != entered(self._entered(student, notebook))

    def _entered(self, student: str, notebook: str) -> dict[str, ByHand]:
        ours = set(self._engine.exercises_of(notebook))
        return {e: given for e, given in self._by_hand.get(student, {}).items() if e in ours}
