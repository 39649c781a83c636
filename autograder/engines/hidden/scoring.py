"""One submission with hidden checks → one `Grade`."""

from __future__ import annotations

import contextlib
import functools
import inspect
import time
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import pytest

from autograder.checks.numerics.compare import RIGHT_DTYPE
from autograder.checks.student import StudentCrashed
from autograder.course.assignment import MAX_CONVENTION_SHARE, Assignment, Exercise
from autograder.course.notebook.read import Submission
from autograder.course.notebook.variants import reference_of
from autograder.engines.hidden.accountant import PLAIN, rounded_duration
from autograder.engines.hidden.alike import digest_of
from autograder.engines.hidden.consequences import Loan, blamed, called_names, loans, spared
from autograder.engines.hidden.diagnosis import Misconception, Trace, load_misconceptions, load_module
from autograder.engines.hidden.disclosure import (
    MISSING_NAME,
    cell_fault,
    confirmed_fault,
    known_type,
    limit_reached,
    shown_source,
)
from autograder.engines.hidden.examine import Examined, Examiner
from autograder.engines.hidden.examples import (
    ExampleAnswer,
    ExampleSource,
    compare_example,
    example_inputs,
    run_example,
    sources_of,
)
from autograder.engines.hidden.explain import Evidence, explained
from autograder.engines.hidden.facts import Seen
from autograder.engines.hidden.fixtures import CheckInfo, Stage, check_info
from autograder.engines.hidden.ideas import Ideas, NamedIdeas
from autograder.engines.hidden.lender import LentProcess
from autograder.engines.hidden.pictures import picture_of
from autograder.engines.hidden.places import place_of
from autograder.engines.hidden.quiet import quiet_exercises
from autograder.engines.hidden.replay import Posted, packed_script
from autograder.engines.hidden.run_check import Ending
from autograder.engines.hidden.scrutiny.find import scrutinise
from autograder.engines.hidden.scrutiny.finding import CodeFinding
from autograder.engines.hidden.signature import other_parameters, other_signature
from autograder.engines.hidden.state_notes import state_notes
from autograder.engines.hidden.stops import first_stop
from autograder.engines.points import given_points, total
from autograder.errors import AssignmentError, ProtocolError
from autograder.sandbox.cells import Cell
from autograder.sandbox.channel import Channel, WorkerGone, WorkerLate
from autograder.sandbox.gallery import Gallery
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.session import CONTROL_S, OVERTIME_CELL_S, CellOutcome, Session, State, session_limits
from autograder.sentences import Sentence, say, together
from autograder.verdict import (
    NOT_IMPLEMENTED,
    CheckResult,
    ExerciseResult,
    Grade,
    Outcome,
    Picture,
    Status,
    StudentFault,
)

__all__ = ["Examination", "Graded", "Grader"]

#: How many cells that reached a limit are named.
MAX_LIMIT_NOTES = 4
#: What Python raises where it finds no such module.
_NO_MODULE = frozenset({"ModuleNotFoundError", "ImportError"})


@dataclass(frozen=True, slots=True)
class Graded:
    """The verdict, and the outputs of each cell of the notebook."""

    grade: Grade
    outcomes: Mapping[int, CellOutcome] = field(default_factory=dict)
    #: Whether something other than the grader killed a process: one more try may end differently.
    killed: bool = False
    #: Whether a limit of time was reached while the notebook waited long for a processor.
    starved: bool = False


@dataclass(frozen=True, slots=True)
class Examination:
    """The hidden checks of an assignment by exercise, collected once."""

    checks: Mapping[str, Sequence[tuple[pytest.Item, CheckInfo]]]

    @classmethod
    def from_items(cls, items: Sequence[pytest.Item], assignment: Assignment) -> Examination:
        """Sort collected items by exercise.

        Raises:
            AssignmentError: if a check belongs to no exercise, or an exercise has no check, or conventions
                weigh too much.
        """
        checks: dict[str, list[tuple[pytest.Item, CheckInfo]]] = {e.id: [] for e in assignment.coded}
        for item in items:
            info = check_info(item)
            if info is None or info.exercise not in checks:
                raise AssignmentError(
                    f"{item.path}: {item.name} belongs to no exercise of {assignment.slug!r}; "
                    'mark it with @pytest.mark.exercise("ID").'
                )
            checks[info.exercise].append((item, info))
        for exercise, found in checks.items():
            if not found and items:
                raise AssignmentError(f"{assignment.checks_dir}: exercise {exercise!r} has no check.")
            total = sum(info.weight for _, info in found)
            conventions = sum(info.weight for _, info in found if info.convention)
            if conventions > total * MAX_CONVENTION_SHARE:
                raise AssignmentError(
                    f"{found[0][1].path}: the convention checks of {exercise!r} weigh {conventions} of {total}; "
                    f"at most a quarter is allowed."
                )
        return cls(checks)


@dataclass(frozen=True, slots=True)
class _Looked:
    """The examination of one exercise, its session, and the answers to the public examples there."""

    examined: Examined
    session: Session
    answers: Mapping[str, ExampleAnswer]


def _source_of(exercise: Exercise, session: Session) -> str:
    """Return the text of an exercise's own cell, empty if there is none."""
    return next((c.source for c in session.cells if c.name == exercise.id), "")


class Grader:
    """Everything that stays the same from one submission to the next."""

    def __init__(
        self,
        assignment: Assignment,
        examination: Examination,
        stage: Stage,
        *,
        seed: int,
        device: str = "cpu",
    ) -> None:
        self.assignment = assignment
        self.examination = examination
        self.seed = seed
        self.device = device
        self._stage = stage
        stage.seed = seed
        self._limits = session_limits(assignment.limits)
        module = load_module(assignment.solution_path)
        self._reference: dict[str, Any] = vars(module)
        self._parameters = {e.id: _parameter_names(self._reference.get(e.id)) for e in assignment.coded}
        self._ideas: dict[str, Ideas] = {}
        self._sources: dict[str, tuple[ExampleSource, ...]] = {}
        self._gallery = Gallery()
        self._graded = frozenset(name for e in assignment.exercises for name in (e.id, e.test_cell))
        self.examiner = Examiner(
            examination.checks,
            stage,
            self._limits,
            self._reference,
            self._parameters,
            device=device,
            listed=frozenset(e.id for e in assignment.coded if assignment.forbidden or e.forbidden),
        )

    @functools.cached_property
    def misconceptions(self) -> tuple[Misconception, ...]:
        """The known wrong ideas of the assignment."""
        folder = self.assignment.secret_dir / "misconceptions"
        return load_misconceptions(folder, tuple(e.id for e in self.assignment.coded))

    def prove_reference(self) -> None:
        """Run the checks against the reference, in this process.

        Raises:
            AssignmentError: naming the check that the reference fails; nobody is graded by such a check.
        """
        for exercise in self.assignment.coded:
            self.examiner.rehearse(exercise.id)

    @property
    def reference(self) -> Mapping[str, Any]:
        """The names that the reference solution defines."""
        return self._reference

    def examine_trusted(self, exercise: str, namespace: Mapping[str, Any]) -> tuple[list[Trace], list[Ending]]:
        """Run an exercise's checks against trusted code in this process; return what they saw and how they ended."""
        found = self.examiner.run_local(exercise, namespace)
        return [trace for trace, _ in found], [ending for _, ending in found]

    def passes_trusted(self, exercise: str, namespace: Mapping[str, Any]) -> bool:
        """Whether trusted code passes all checks of an exercise, in this process; the first failure ends it."""
        found = self.examiner.run_local(exercise, namespace, to_first_failure=True)
        return all(trace.passed for trace, _ in found)

    def name_idea(self, exercise: str, traces: Sequence[Trace], endings: Sequence[Ending]) -> str | None:
        """Return the id of the first wrong idea that traces and endings show; None if no idea is recognised."""
        found = self.recognise(exercise, traces, endings).ids
        return found[0] if found else None

    # -- one submission ------------------------------------------------------------------------------------

    def grade(
        self,
        student: str,
        submission: Submission,
        zygote: ZygoteProcess,
        *,
        beside: Mapping[str, bytes] | None = None,
        only: frozenset[str] | None = None,
    ) -> Graded:
        """Run a submission's notebook and its checks.

        Args:
            student: the student's id.
            submission: the notebook.
            zygote: where it runs; the files beside the notebook are there already.
            beside: those files, to be read.
            only: the exercises to check and score, None for all.

        Raises:
            GraderFault: if the sandbox fails; never because of what the student wrote.
        """
        started = time.perf_counter()
        wanted = [e for e in self.assignment.coded if only is None or e.id in only]
        findings = scrutinise(submission.cells, self.assignment, beside)
        seen: dict[str, _Looked] = {}
        # Where a process cannot be copied, it serves for more than one.
        on_gpu = zygote.device == "cuda"
        quiet = quiet_exercises(submission.cells, [e.id for e in self.assignment.coded]) if on_gpu else frozenset()

        def examine_in(session: Session, names: tuple[str, ...]) -> None:
            """Examine the exercises that forbid exactly these names, besides those of the whole assignment."""
            due = [e for e in wanted if e.forbidden == names]
            session.forbidden = names
            # Where no copy can be made, the process that answered for the others is tried first.
            tried = session.asked
            found = self.examiner.examine_in_used(session, [e.id for e in due]) if tried else {}
            answers: Mapping[str, ExampleAnswer] = {}
            left = [e.id for e in due if e.id not in found]
            if left:
                # Before any hidden input is in the student's process: what an example shows is public.
                answers, copy = self._public_answers(session, names)
                # The examples call all exercises that forbid these names.
                tried = tried and quiet.issuperset(e.id for e in self.assignment.coded if e.forbidden == names)
                found |= self.examiner.examine(session, left, copy, quiet, tried=tried)
            for e in due:
                seen[e.id] = _Looked(found[e.id], session, answers)

        # Where the stub is unchanged, a definition in another cell is the student's.
        exercises = [e.id for e in self.assignment.coded if e.id not in submission.untouched]

        def session_without(names: tuple[str, ...]) -> Session:
            session = Session(zygote, self._limits, submission.cells, exercises=exercises)
            session.forbidden = names
            return session

        with contextlib.closing(session_without(())) as session:
            session.undrawn = True
            session.run()
            for names in dict.fromkeys(sorted((e.forbidden for e in wanted), key=bool)):
                examine_in(session, names)
        killed, starved = session.killed, session.starved
        # Last of all: what a notebook learns from lent functions ends together with their session.
        results: dict[str, ExerciseResult] = {}
        lending = time.monotonic()
        for e in wanted:
            tried: Sequence[tuple[Loan, _Looked]] = ()
            if time.monotonic() - lending < self._limits.submission_s:
                tried = self._with_loans(e, seen, submission.cells, session_without)
            results[e.id] = self._result(e, seen[e.id], tried, submission, findings.get(e.id, ()))
            killed = killed or any(looked.session.killed for _, looked in tried)
            starved = starved or any(looked.session.starved for _, looked in tried)
        outcomes = self._gallery.hang(session.outcomes, zygote, self._limits, session.spare_s)
        grade = Grade(
            assignment=self.assignment.slug,
            student=student,
            status=Status.GRADED,
            score=total(results.values()),
            max_score=self.assignment.max_score,
            device=self.device,
            tier=zygote.tier.value,
            seed=self.seed,
            submission_sha256=submission.sha256,
            exercises=tuple(results[e.id] for e in wanted),
            notes=(*submission.notes, *self._limit_notes(session)),
            stop=first_stop(session.cells, session.outcomes, self._graded, self.assignment.limits),
            seconds=time.perf_counter() - started,
        )
        return Graded(grade, outcomes, killed=killed, starved=starved)

    def _public_answers(
        self, session: Session, names: tuple[str, ...]
    ) -> tuple[dict[str, ExampleAnswer], Channel | None]:
        """Run the public examples in a copy of the notebook's state, or in a new copy after an example breaks one.

        Returns the answers, and the last copy if it can still be used.
        """
        found: dict[str, ExampleAnswer] = {}
        waiting = [source for e in self.assignment.coded if e.forbidden == names for source in self._examples(e)]
        while waiting:
            try:
                channel = session.fork(state=State.UNASKED)
            except StudentCrashed:
                break
            if self._work_examples(waiting, session, channel, found):
                return found, channel
            session.end_fork(channel, broken=True)
        return found, None

    def _examples(self, exercise: Exercise) -> tuple[ExampleSource, ...]:
        """Return the public texts of an exercise that are run: its example and its picture's numbers."""
        if exercise.id not in self._sources:
            self._sources[exercise.id] = sources_of(exercise, self.examiner.new_reference)
        return self._sources[exercise.id]

    def _work_examples(
        self, waiting: list[ExampleSource], session: Session, channel: Channel, found: dict[str, ExampleAnswer]
    ) -> bool:
        """Run examples and take them off the list, until one breaks the process; False if one did."""
        packed = packed_script([[{"op": "example", "source": s.text}] for s in waiting])
        assert packed is not None
        posted = None
        with contextlib.suppress(WorkerGone, WorkerLate):
            posted = Posted(channel, channel.post(packed, CONTROL_S), 0.0)
        while waiting:
            source = waiting.pop(0)
            answer = ExampleAnswer(problem="the Python process ended", broken=True)
            if posted is not None:
                posted.limit_s = min(self._limits.check_s, session.remaining_s)
                answer = run_example(source, self.examiner.new_student(posted))
            found[source.key] = answer
            if answer.broken:
                return False
        return True

    def _with_loans(
        self,
        exercise: Exercise,
        seen: Mapping[str, _Looked],
        cells: Sequence[Cell],
        session_without: Callable[[tuple[str, ...]], Session],
    ) -> list[tuple[Loan, _Looked]]:
        """Examine an exercise that did not pass with right functions in the place of the wrong ones that it calls.

        Returns:
            The loans that were tried, with their examinations.
        """
        endings = seen[exercise.id].examined.endings
        if _complete(endings) or all(e.not_implemented or e.outcome is Outcome.SKIPPED for e in endings):
            return []
        coded = self.assignment.coded
        passed = {name: _complete(looked.examined.endings) for name, looked in seen.items()}
        names = called_names(exercise.id, cells)
        tried = []
        for loan in loans(exercise, coded[: coded.index(exercise)], passed, names, self._reference):
            with (
                contextlib.closing(session_without(exercise.forbidden)) as session,
                LentProcess({name: self._reference[name] for name in loan.names}) as lender,
            ):
                session.run()
                try:
                    examined = self.examiner.examine_with(session, exercise.id, loan.names, lender)
                except (WorkerGone, WorkerLate, ProtocolError):
                    continue
            tried.append((loan, _Looked(examined, session, {})))
            if _complete(examined.endings):
                break
        return tried

    def _result(
        self,
        exercise: Exercise,
        looked: _Looked,
        tried: Sequence[tuple[Loan, _Looked]],
        submission: Submission,
        findings: Sequence[CodeFinding],
    ) -> ExerciseResult:
        """Return the result of the examination that counts, with what the others showed."""
        weight = self.examiner.weight
        names: tuple[str, ...] = ()
        for loan, other in tried:
            if loan.counts and weight(exercise.id, other.examined) > weight(exercise.id, looked.examined):
                looked, names = replace(other, answers=looked.answers), loan.names
        result = self._grade_exercise(
            exercise, looked.examined, looked.session, submission, looked.answers, findings, lent=bool(names)
        )
        if names:
            result = spared(result, names)
        for loan, other in tried:
            if not loan.counts and _complete(other.examined.endings):
                result = blamed(result, loan.names)
        return result

    def _limit_notes(self, session: Session) -> list[Sentence]:
        """Say which limits the notebook's cells reached, for a few cells only."""
        limits = self.assignment.limits
        notes: list[Sentence | None] = []
        for cell in session.cells:
            outcome = session.outcomes.get(cell.index)
            if outcome is None:
                continue
            if outcome.fault is not None:
                notes.append(limit_reached(replace(outcome.fault, cell=cell.name), limits))
            if outcome.cut:
                notes.append(say("exercise.output-cut", cell=cell.name, limit=limits.output_kib))
        told = [note for note in notes if note is not None]
        if len(told) > MAX_LIMIT_NOTES:
            told = [*told[:MAX_LIMIT_NOTES], say("exercise.more-limits", count=len(told) - MAX_LIMIT_NOTES)]
        if session.crowded is not None:
            told.append(say("exercise.outputs-crowded", cell=session.crowded.name, limit=limits.outputs_mib))
        if session.overtime is not None:
            limit, left = f"{limits.submission_s:g}", f"{OVERTIME_CELL_S:g}"
            told.append(say("exercise.overtime", limit=limit, cell=session.overtime.name, left=left))
        return told

    def _grade_exercise(
        self,
        exercise: Exercise,
        examined: Examined,
        session: Session,
        submission: Submission,
        answers: Mapping[str, ExampleAnswer],
        findings: Sequence[CodeFinding],
        *,
        lent: bool = False,
    ) -> ExerciseResult:
        traces, endings = examined.traces, examined.endings
        answer = answers.get(exercise.id)
        checks = tuple(
            CheckResult(
                name=info.name,
                outcome=ending.outcome,
                weight=info.weight,
                score=Fraction(0),
                title=info.title,
                message=self._message(exercise, ending, session, answer),
                seconds=rounded_duration(ending.seconds) if ending.outcome is Outcome.PASSED else 0.0,
                convention=info.convention,
            )
            for (_, info), ending in zip(self.examination.checks[exercise.id], endings, strict=True)
        )
        complete = all(c.outcome is Outcome.PASSED for c in checks)
        findings = [f for f in findings if not (f.unread and _is_missing(f, session))]
        proven = any(f.proven for f in findings)
        notes = [f.sentence for f in findings if f.proven or f.doubtful or not complete]
        if exercise.id in submission.missing:
            notes.append(say("exercise.cell-missing", cell=exercise.id))
        if submission.review:
            notes.append(submission.review)
        source = _source_of(exercise, session)
        other = other_parameters(source, exercise.id, self._reference.get(exercise.id))
        if other is not None:
            notes.append(together(other, say("exercise.costs-nothing")))
        notes += state_notes(exercise.id, session.changes, examined.scene)
        if exercise.all_or_nothing:
            notes.append(say("exercise.only-as-a-whole"))
        result = given_points(
            ExerciseResult(
                id=exercise.id,
                score=Fraction(0),
                max_score=exercise.points,
                notes=tuple(notes),
                review=bool(submission.review) or (not proven and any(f.doubtful for f in findings)),
            ),
            checks,
            void=proven or (exercise.all_or_nothing and not complete),
        )
        if complete:
            return result
        fault = self._public_fault(exercise, endings, session, answer)
        limit = self._limit_reached(exercise, endings, session, answer)
        if limit is not None:
            result = replace(result, notes=(*result.notes, limit))
        example, inputs = None, []
        broken = any(e.broken for e in endings)
        # The example ran in the usual state, without lent functions.
        if (
            answer is not None
            and examined.scene is None
            and not lent
            and not broken
            and not all(e.not_implemented for e in endings)
        ):
            assert exercise.example is not None
            example = compare_example(exercise.example, answer, self.examiner.new_reference())
            inputs = example_inputs(exercise.example, exercise.id, self._reference)
            result = replace(result, picture=self._picture(exercise, answers))
        result = replace(result, source=shown_source(source, fault, exercise.id), alike=digest_of(traces))
        named = self.recognise(exercise.id, traces, endings)
        if example is not None and example[0].agrees and exercise.example is not None:
            named = self.ideas(exercise.id).unless_refuted(named, exercise.example, example[2])
        return explained(
            result,
            Evidence(
                exercise,
                named,
                {m.id: m for m in self.misconceptions},
                self._reference.get(exercise.id),
                source,
                example,
                answered=answer is not None and answer.problem is None,
                fault=fault,
                exercises=[e.id for e in self.assignment.coded],
                aside=self._of_dtype_alone(exercise.id, checks, endings),
                inputs=inputs,
            ),
        )

    def _picture(self, exercise: Exercise, answers: Mapping[str, ExampleAnswer]) -> Picture | None:
        """Return the picture of the exercise's public numbers beside the right ones, if it shows a difference."""
        drawn = next((s for s in self._examples(exercise) if s.draws), None)
        answer = answers.get(drawn.key) if drawn is not None else None
        if drawn is None or answer is None or answer.problem is not None or exercise.picture is None:
            return None
        expected = self.examiner.new_reference().tools.example(drawn.original)
        public = self.assignment.public_dir
        place = place_of(public / "assignment.toml", public, f"{exercise.id}.picture")
        return picture_of(exercise.picture, answer.value, expected, place)

    def _of_dtype_alone(
        self, exercise: str, checks: Sequence[CheckResult], endings: Sequence[Ending]
    ) -> frozenset[str]:
        """Return the failed checks that are about float32 and found nothing wrong with the dtype."""
        single = self.examiner.in_single(exercise)
        return frozenset(
            check.name
            for check, ending in zip(checks, endings, strict=True)
            if check.name in single
            and "float32" in check.title
            and (
                (ending.outcome is Outcome.FAILED and ending.diagnosis is None and _dtype_is_right(ending.message))
                or (ending.outcome is Outcome.ERROR and not ending.not_implemented)
            )
        )

    def _message(self, exercise: Exercise, ending: Ending, session: Session, answer: ExampleAnswer | None) -> Sentence:
        """Return the message of a check: of an exception only its kind, where that may be told beside its line."""
        if ending.outcome is not Outcome.ERROR or ending.fault is None or ending.fault.type == MISSING_NAME:
            return ending.message
        if ending.not_implemented:
            return ending.message
        told = confirmed_fault(ending.fault, exercise.id, session.cells, answer.fault if answer else None)
        kind = known_type(told.type) if told.type != "Exception" else None
        if kind == "TypeError":
            # The judge reads this in the notebook, so it tells nothing about what the check asked.
            source = _source_of(exercise, session)
            other = other_signature(source, exercise.id, self._reference.get(exercise.id))
            if other is not None:
                return other
        return say("hidden.raised", kind=kind) if kind else say("hidden.raised-an-exception")

    def _limit_reached(
        self, exercise: Exercise, endings: Sequence[Ending], session: Session, answer: ExampleAnswer | None
    ) -> Sentence | None:
        """Say which limit was reached, and the line only if it may be told: the worker claims the line."""
        for ending in endings:
            if ending.fault is None:
                continue
            told = confirmed_fault(ending.fault, exercise.id, session.cells, answer.fault if answer else None)
            found = limit_reached(replace(ending.fault, cell=told.cell, line=told.line), self.assignment.limits)
            if found is not None:
                return found
        return None

    def _public_fault(
        self, exercise: Exercise, endings: Sequence[Ending], session: Session, answer: ExampleAnswer | None
    ) -> StudentFault | None:
        """Return the first exception in a check, as far as it may be told."""
        met = next((e for e in endings if e.fault is not None and e.own), None)
        fault = met.fault if met else None
        if met is not None and fault is not None and met.not_implemented:
            # The same kind for every class that was raised.
            fault = replace(fault, type="NotImplementedError")
        if fault is None or fault.type == MISSING_NAME:
            own = cell_fault(exercise.id, session.cells, session.outcomes)
            if own is not None:
                return own
        if fault is None:
            return None
        return confirmed_fault(fault, exercise.id, session.cells, answer.fault if answer else None)

    # -- diagnosis -----------------------------------------------------------------------------------------

    def recognise(self, exercise: str, traces: Sequence[Trace], endings: Sequence[Ending]) -> NamedIdeas:
        """Return the wrong ideas that an exercise's traces and endings show."""
        failed = [e for e in endings if e.outcome not in {Outcome.PASSED, Outcome.SKIPPED}]
        if failed and all(ending.not_implemented for ending in failed):
            return NamedIdeas((NOT_IMPLEMENTED,), how="said")
        by_check = {t.check: t for t in traces}
        seen = [
            Seen(
                by_check.get(info.name, Trace(info.name, ending.outcome is Outcome.PASSED, ())),
                ending,
                info.weight,
                info.convention,
                info.error_diagnosis,
            )
            for (_, info), ending in zip(self.examination.checks[exercise], endings, strict=True)
        ]
        return self.ideas(exercise).name(seen)

    def ideas(self, exercise: str) -> Ideas:
        """Return the known wrong ideas of an exercise, compiled once."""
        if exercise not in self._ideas:
            self._ideas[exercise] = Ideas(
                exercise,
                self.misconceptions,
                self._reference,
                reference_of(self.assignment.solution_path),
                run=functools.partial(self.examiner.run_one, exercise),
                run_all=lambda names: [trace for trace, _ in self.examiner.run_local(exercise, names)],
                cost=self.examiner.costs(exercise),
            )
        return self._ideas[exercise]


def _dtype_is_right(message: str) -> bool:
    """Whether a check's message is about something else than the dtype."""
    return RIGHT_DTYPE in message or ("dtype" not in message and message != PLAIN)


def _is_missing(found: CodeFinding, session: Session) -> bool:
    """Whether the cell stopped at this import, because there is no such module."""
    ended = [session.outcomes.get(cell.index) for cell in session.cells if cell.name == found.cell]
    faults = [outcome.fault for outcome in ended if outcome is not None and outcome.fault is not None]
    return any(fault.line == found.line and fault.type in _NO_MODULE for fault in faults)


def _complete(endings: Sequence[Ending]) -> bool:
    return all(ending.outcome is Outcome.PASSED for ending in endings)


def _parameter_names(function: object) -> tuple[str, ...]:
    """Return the parameters of a function or of a class's constructor; none if one is not a plain parameter."""
    if not isinstance(function, (types.FunctionType, type)):
        return ()
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(p.name for p in found) if all(p.kind is p.POSITIONAL_OR_KEYWORD for p in found) else ()
