"""The students' pages: nbgrader keeps one for each notebook."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from autograder.course.assignment import Assignment
from autograder.course.gradebook.byhand import ByHand
from autograder.engines.innotebook.release_record import Recorded, RecordedNotebook
from autograder.engines.points import total
from autograder.feedback.language import ENGLISH, Language
from autograder.feedback.notebook_view import CellNote, shown_cells
from autograder.feedback.render import render_student
from autograder.feedback.text import clean, points
from autograder.sentences import Sentence, say
from autograder.verdict import Grade, Lateness, Status

__all__ = ["NotebookPages"]

_NONE: Mapping[str, str] = {}
_MAX_MESSAGE = 2000


class NotebookPages:
    """Renders the pages of one assignment from grades alone."""

    def __init__(self, recorded: Recorded, assignment: Assignment) -> None:
        self._recorded = recorded
        self._assignment = assignment

    def of(self, grade: Grade, notebooks: Mapping[str, str] = _NONE) -> dict[str, str]:
        """Return the page of each notebook; a submission that was not graded has its reason on each.

        `notebooks` are the autograded ones.
        """
        return {n.name: self.page(grade, n.name, ran=notebooks.get(n.name, "")) for n in self._recorded.notebooks}

    def page(
        self,
        grade: Grade,
        notebook: str,
        late: Lateness | None = None,
        by_hand: Mapping[str, ByHand] | None = None,
        *,
        ran: str = "",
        language: Language = ENGLISH,
    ) -> str:
        """Return the page of one notebook, with what being late costs it and what a person entered.

        `ran` is the text of the autograded notebook; the page shows it with a note beside each graded cell.
        """
        if grade.status is not Status.GRADED:
            return render_student(replace(grade, late=late), self._assignment, by_hand=by_hand or {}, language=language)
        prefix = self._recorded.exercise_id(notebook, "")
        mine = tuple(r for r in grade.exercises if r.id.startswith(prefix))
        part = replace(
            grade,
            exercises=mine,
            score=total(mine),
            max_score=sum((r.max_score for r in mine), start=Fraction(0)),
            late=late,
        )
        recorded = next(n for n in self._recorded.notebooks if n.name == notebook)
        given = frozenset(c.source for c in recorded.source_cells if c.cell_type != "code")
        cells = shown_cells(ran, self._beside(part, recorded, by_hand or {}), given)
        return render_student(part, self._part(notebook), by_hand=by_hand or {}, cells=cells, language=language)

    def _beside(self, part: Grade, recorded: RecordedNotebook, by_hand: Mapping[str, ByHand]) -> dict[str, CellNote]:
        """Return the notes beside the graded cells of a notebook, by the cells' ids."""
        results = {r.id: r for r in part.exercises}
        found = {}
        for name, full in {**recorded.points, **{c.name: c.max_score for c in recorded.task_cells}}.items():
            identifier = self._recorded.exercise_id(recorded.name, name)
            hand, result = by_hand.get(identifier, ByHand()), results.get(identifier)
            score = hand.score if hand.score is not None else result.score if result is not None else None
            if score is None and identifier in part.untouched:
                score = Fraction(0)
            maximum = Fraction(str(full))
            message = next((c.message for c in result.checks if c.message), "") if result is not None else ""
            state = "untouched" if score is None else "full" if score >= maximum else "part" if score > 0 else "none"
            visible = recorded.visible(name)
            whole = next((c.source for c in recorded.source_cells if c.name == name), "")
            is_test = result is not None
            found[name] = CellNote(
                identifier,
                _sentence(score, hand, maximum, message),
                state,
                source=visible if is_test else None,
                hides=is_test and visible != whole,
                comment=clean(hand.comment),
            )
        return found

    @functools.cache  # noqa: B019 - it lives as long as its process
    def _part(self, notebook: str) -> Assignment:
        prefix = self._recorded.exercise_id(notebook, "")
        kept = tuple(e for e in self._assignment.exercises if e.id.startswith(prefix))
        several = len(self._recorded.notebooks) > 1
        title = f"{self._assignment.title}: {notebook}" if several else self._assignment.title
        return replace(self._assignment, title=title, exercises=kept)


def _sentence(score: Fraction | None, hand: ByHand, maximum: Fraction, message: str) -> Sentence:
    """Return what stands beside a graded cell: its points, and what its check says."""
    shown = clean(message, _MAX_MESSAGE)
    # A sentence keeps its id, unless its text had to be cleaned.
    said = message if shown == message else shown
    if score is None:
        waiting = points(maximum)
        if said:
            return say("innotebook.points-wait-because", points=waiting, message=said)
        return say("innotebook.points-wait", points=waiting)
    given = points(score + hand.extra)
    if said:
        return say("innotebook.points-because", given=given, maximum=points(maximum), message=said)
    return say("innotebook.points", given=given, maximum=points(maximum))
