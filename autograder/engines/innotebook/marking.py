"""Mark one submission of several notebooks: its verdict, and everything that is written with it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import nbformat
from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.gradebook.rows import CellRow
from autograder.course.notebook.autograded import disarm, is_untouched
from autograder.course.notebook.bounds import bounds_of
from autograder.course.notebook.cells import grade_id, is_grade, is_solution
from autograder.course.notebook.file import parse_json
from autograder.course.notebook.normalise import well_formed
from autograder.course.notebook.prose import visible, with_files
from autograder.engines.base import Finished, JudgeSetup, Work, empty_grade
from autograder.engines.innotebook.pages import NotebookPages
from autograder.engines.innotebook.pipeline import Pipeline, StopBatch
from autograder.engines.innotebook.release_record import Recorded, RecordedNotebook, in_students_process
from autograder.engines.innotebook.rules import CellMark, Rules, score_cell
from autograder.engines.innotebook.run_notebook import NotebookRun, with_outputs
from autograder.engines.judge import after_a_wait
from autograder.engines.points import given_points, total
from autograder.errors import SubmissionRejected, SubmissionTooLarge
from autograder.sandbox.session import CellOutcome
from autograder.sentences import Sentence, say, together
from autograder.verdict import CheckResult, ExerciseResult, Grade, Outcome, Status, StudentFault

__all__ = ["Marker", "Runner"]

#: Runs a notebook's code cells beside these files.
Runner = Callable[[RecordedNotebook, NotebookNode, Mapping[str, bytes]], NotebookRun]
#: What `grade` says when it ends with a notebook that nbgrader would not accept.
_STOP = (
    "The batch ends here because nbgrader_config.py sets InNotebook.bad_notebook_stops_batch; without it this one "
    "submission would be rejected."
)


@dataclass(slots=True)
class _Part:
    """The result of one notebook."""

    name: str
    results: list[ExerciseResult] = field(default_factory=list)
    rows: list[CellRow] = field(default_factory=list)
    comments: dict[tuple[str, str], Sentence] = field(default_factory=dict)
    untouched: list[str] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    notebook: str | None = None
    starved: bool = False


class Marker:
    """Marks submissions of one assignment: by nbgrader's rules; where ours differ, `rules` says which hold."""

    def __init__(
        self, setup: JudgeSetup, recorded: Recorded, assignment: Assignment, pipeline: Pipeline, rules: Rules
    ) -> None:
        self._setup = setup
        self._recorded = recorded
        self._assignment = assignment
        self._pipeline = pipeline
        self._rules = rules
        self._pages = NotebookPages(recorded, assignment)

    def mark(self, work: Work, run: Runner) -> Finished:
        """Mark one submission.

        Raises:
            SubmissionRejected: if it holds none of the assignment's notebooks, or none can be read.
            SandboxError: as the runner does.
        """
        started = time.monotonic()
        empty = self._empty(work, Status.GRADED, None)
        expected = {f"{n.name}.ipynb" for n in self._recorded.notebooks}
        if not expected & set(work.files):
            if work.too_large:
                raise SubmissionTooLarge(together(*work.notes))
            missing = say("innotebook.none-there", wanted=", ".join(sorted(expected)))
            raise SubmissionRejected(together(missing, work.folder, *work.notes))
        parts: list[_Part] = []
        unreadable: list[Sentence] = []
        too_large = False
        for recorded in self._recorded.notebooks:
            try:
                parts.append(self._part(recorded, work, run))
            except SubmissionRejected as error:
                unreadable.append(error.reason)
                too_large = too_large or isinstance(error, SubmissionTooLarge)
                parts.append(self._zeros(recorded, error.reason, review=True, waits=True))
            except StopBatch as error:
                reason = say("innotebook.batch-ends", place=str(error))
                return Finished(replace(empty, status=Status.UNGRADED, reason=reason), stop=f"{error}. {_STOP}")
            except _DeadSubmission:
                return Finished(replace(empty, status=Status.UNGRADED, reason=say("innotebook.died")))
        if len(unreadable) == len(parts):
            raise (SubmissionTooLarge if too_large else SubmissionRejected)(together(*unreadable))
        extra = sorted(name for name in work.files if _is_unknown(name) and name not in expected)
        notes = [*work.notes, *(say("innotebook.not-of-assignment", name=name) for name in extra)]
        results = tuple(r for p in parts for r in p.results)
        grade = replace(
            empty,
            score=total(results),
            exercises=results,
            untouched=tuple(name for p in parts for name in p.untouched),
            seconds=time.monotonic() - started,
            notes=tuple(dict.fromkeys([in_students_process(), *notes, *(n for p in parts for n in p.notes)])),
        )
        starved = any(p.starved for p in parts)
        if starved and work.alone:
            grade = after_a_wait(grade)
        notebooks = {p.name: p.notebook for p in parts if p.notebook is not None}
        return Finished(
            grade,
            notebooks=notebooks,
            pages=self._pages.of(grade, notebooks),
            rows=tuple(row for p in parts for row in p.rows),
            comments={key: text for p in parts for key, text in p.comments.items()},
            alone=starved,
        )

    def _empty(self, work: Work, status: Status, reason: Sentence | None) -> Grade:
        return empty_grade(self._assignment, self._setup, work, status, reason, notes=(in_students_process(),))

    def ungraded(self, work: Work, reason: Sentence) -> Finished:
        """Return the result of a submission that the grader failed on."""
        return Finished(self._empty(work, Status.UNGRADED, reason))

    def rejected(self, work: Work, reason: Sentence) -> Finished:
        """Return the verdict on a submission that cannot be read: zero, with the reason, for a person to look at."""
        grade = self._empty(work, Status.REJECTED, reason)
        parts = [self._zeros(n, reason, review=True) for n in self._recorded.notebooks]
        return Finished(
            grade,
            pages=self._pages.of(grade),
            rows=tuple(row for p in parts for row in p.rows),
        )

    # -- one notebook --------------------------------------------------------------------------------------

    def _zeros(self, recorded: RecordedNotebook, reason: Sentence, *, review: bool, waits: bool = False) -> _Part:
        """Return the result of a notebook that did not run: 0 points, or none yet if it `waits` for a person."""
        part = _Part(recorded.name, notes=[reason])
        score = None if waits else 0.0
        for name, points in recorded.points.items():
            part.rows.append(CellRow(recorded.name, name, score, review))
            if name not in recorded.solutions:
                mark = CellMark(0.0, points, review=review, note=reason)
                part.results.append(self._result(recorded.name, name, mark, None))
        # The tasks that a person grades are missing too.
        part.rows += [CellRow(recorded.name, c.name, score, review) for c in recorded.task_cells]
        return part

    def _part(self, recorded: RecordedNotebook, work: Work, run: Runner) -> _Part:
        content = work.files.get(f"{recorded.name}.ipynb")
        if content is None:
            unread = work.unread.get(f"{recorded.name}.ipynb")
            reason = unread or say("innotebook.not-handed-in", notebook=recorded.name)
            return self._zeros(recorded, reason, review=bool(unread), waits=bool(unread))
        part = _Part(recorded.name)
        try:
            notebook = well_formed(parse_json(content), part.notes, bounds_of(self._assignment))
        except SubmissionRejected as error:
            raise type(error)(say("innotebook.of-notebook", notebook=recorded.name, reason=error.reason)) from None
        notebook = self._pipeline.sanitise(notebook, recorded.name, work.student, part.notes)
        ran = run(recorded, notebook, work.files)
        outcomes, part.starved = ran.outcomes, ran.starved
        if self._rules.death_fails_submission and any(o.crashed for o in outcomes.values()):
            raise _DeadSubmission
        with_outputs(notebook, outcomes)
        notebook = self._pipeline.finish(notebook, recorded.name, work.student)
        self._score(part, recorded, notebook, outcomes)
        part.notebook = nbformat.writes(_shown(notebook, recorded, work.files)) + "\n"
        return part

    def _score(
        self,
        part: _Part,
        recorded: RecordedNotebook,
        notebook: NotebookNode,
        outcomes: Mapping[int, CellOutcome],
    ) -> None:
        known = {**recorded.points, **{c.name: c.max_score for c in recorded.task_cells}}
        found: set[str] = set()
        for index, cell in enumerate(notebook.cells):
            identifier = grade_id(cell)
            if identifier is None or identifier not in {*known, *recorded.solutions}:
                continue
            if is_solution(cell) and identifier in recorded.solutions and is_untouched(cell):
                part.comments[recorded.name, identifier] = say("innotebook.no-response")
            if not is_grade(cell) or identifier not in recorded.points:
                continue
            found.add(identifier)
            score = score_cell(cell, self._rules)
            part.rows.append(CellRow(recorded.name, identifier, score.points, score.review))
            if identifier not in recorded.solutions:
                part.results.append(self._result(recorded.name, identifier, score, outcomes.get(index)))
            elif score.points is not None:
                part.untouched.append(self._recorded.exercise_id(recorded.name, identifier))
        for name, points in recorded.points.items():
            if name not in found:
                # As in nbgrader: a person decides what a deleted test cell is worth.
                note = say("innotebook.cell-missing", cell=name)
                part.rows.append(CellRow(recorded.name, name, None))
                if name not in recorded.solutions:
                    missing = CellMark(0.0, points, review=True, note=note)
                    part.results.append(self._result(recorded.name, name, missing, None))

    def _result(self, notebook: str, cell: str, score: CellMark, outcome: CellOutcome | None) -> ExerciseResult:
        points, maximum = Fraction(str(score.points or 0.0)), Fraction(str(score.max_points))
        ending, message = _ending(outcome, full=points == maximum)
        released = next((n for n in self._recorded.notebooks if n.name == notebook), None)
        fault = outcome.fault if outcome is not None else None
        if fault is not None and _is_bare(fault) and released is not None and fault.source:
            line = fault.source.strip()
            if line and line in released.visible(cell):
                message = say("innotebook.does-not-hold", line=line)
        check = CheckResult(
            name=cell,
            outcome=ending,
            weight=1,
            score=Fraction(0),
            title=say("innotebook.test-cell", name=cell if released is None else released.title(cell)),
            message=score.note or message,
        )
        result = ExerciseResult(
            id=self._recorded.exercise_id(notebook, cell),
            score=Fraction(0),
            max_score=maximum,
            notes=(say("innotebook.note", notebook=notebook, note=score.note),) if score.note else (),
            review=score.review,
            fault=outcome.fault if outcome is not None and ending is not Outcome.PASSED else None,
        )
        return given_points(result, (check,), by_cell=points)


class _DeadSubmission(Exception):
    """A cell ended its process, and the course asked for nbgrader's way."""


def _ending(outcome: CellOutcome | None, *, full: bool) -> tuple[Outcome, Sentence]:
    fault = outcome.fault if outcome is not None else None
    if outcome is not None and outcome.crashed:
        return Outcome.CRASHED, _message(fault)
    if outcome is not None and outcome.timeout:
        return Outcome.TIMEOUT, _message(fault) if fault else say("innotebook.no-time")
    if full:
        return Outcome.PASSED, Sentence()
    if fault is None:
        return Outcome.FAILED, Sentence()
    ending = Outcome.FAILED if fault.type == "AssertionError" else Outcome.ERROR
    if not fault.message:
        return ending, Sentence(fault.type)
    return ending, say("innotebook.raised", type=fault.type, message=fault.message)


def _message(fault: StudentFault | None) -> Sentence:
    """Return what an exception says: our sentence, or the student's text, which has no id."""
    said = fault.message if fault is not None else ""
    return said if isinstance(said, Sentence) else Sentence(said)


def _is_bare(fault: StudentFault) -> bool:
    """Whether it is an assertion without words."""
    return fault.type == "AssertionError" and not fault.message


def _is_unknown(name: str) -> bool:
    """Whether a file looks like a notebook to be graded; files in folders do not."""
    return name.endswith(".ipynb") and "/" not in name


def _shown(notebook: NotebookNode, recorded: RecordedNotebook, files: Mapping[str, bytes]) -> NotebookNode:
    """Change the notebook in place to what formgrader shows: no text of a student's in it can act.

    Pictures in `files` that an answer shows are attached to its cell.
    """
    own = {c.source for c in recorded.source_cells}
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"c{number}"
        if cell.cell_type == "code":
            cell.source = visible(cell.source)
        elif cell.source not in own:
            if cell.cell_type == "markdown":
                cell.source, attached = with_files(cell.source, files)
                cell["attachments"] = nbformat.from_dict({**cell.get("attachments", {}), **attached})
            disarm(cell)
    return notebook
