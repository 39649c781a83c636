"""Run an assignment's checks: against trusted code in this process, and against a notebook in its worker.

A notebook that is right is the common case, and the fast one: one copy of its state answers the questions of all
exercises, which were sent ahead (`replay`). What it answers counts only where every check of an exercise
passes; in all other cases that exercise is examined again, alone, in a fresh copy of the state, question by
question. So no exercise loses a point to what another one did to the process.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from autograder.checks.assertions import current_device
from autograder.checks.forms import noting
from autograder.checks.student import LocalTransport, RemoteTransport, Student, StudentCrashed, Tools, Transport
from autograder.engines.hidden.accountant import Sentences, sentences_in
from autograder.engines.hidden.dependent import Nudged, asks_otherwise, asks_with_answers
from autograder.engines.hidden.diagnosis import Trace
from autograder.engines.hidden.fixtures import CheckInfo, Stage
from autograder.engines.hidden.other_kind import due_kind, other_kind
from autograder.engines.hidden.replay import (
    Exchange,
    Recorder,
    Rehearsed,
    Remembered,
    fingerprint,
    held_bytes,
    packed_script,
    unsendable,
)
from autograder.engines.hidden.run_check import Ending, Enough, fresh, run_item
from autograder.errors import AssignmentError, DeviceFault, ProtocolError
from autograder.sandbox.channel import Channel, Lender, WorkerGone, WorkerLate
from autograder.sandbox.faults import device_failure
from autograder.sandbox.scenes import Scene
from autograder.sandbox.session import CONTROL_S, Session, SessionLimits, State
from autograder.sandbox.wire.frames import Packed, RawFrame
from autograder.sandbox.wire.trees import leaves
from autograder.sentences import say
from autograder.verdict import Outcome

__all__ = ["Examined", "Examiner"]

Items = Sequence[tuple[pytest.Item, CheckInfo]]

#: Answers that passed a check, a hundred bytes each.
MAX_REMEMBERED = 50_000
#: What a worker may say to all questions of an exercise that were sent ahead: it lies in the judge's memory at once.
MAX_LANDED_BYTES = 32 << 20
#: What it may say to all questions of one check; `SPARE` times what the reference says, where that is more.
MAX_CHECK_BYTES = 32 << 20
#: What is kept of one exercise's answers for the diagnosis.
MAX_TRACE_BYTES = 1 << 20
SPARE = 4
_QUESTION_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Examined:
    """How the checks of one exercise ended, and what they saw where one did not pass.

    `scene` is where the notebook's state stood for them otherwise than for all others, None if it did not.
    """

    endings: Sequence[Ending]
    traces: Sequence[Trace] = ()
    scene: Scene | None = None


@dataclass(slots=True)
class _Rehearsal:
    """What the checks of one exercise asked the reference: by check, and as one frame where that can be sent.

    None stands for the questions of a check that asks on from an answer: those would hold the reference's.
    """

    requests: list[list[list[dict[str, Any]]] | None]
    packed: Packed | None


@dataclass(slots=True)
class _Flight:
    """Questions under way: the nonce of the answers, and how many each check has."""

    nonce: str
    counts: list[int]


@dataclass(slots=True)
class _Landed:
    """The answers of one exercise, by check, and how long each check waited for its own."""

    nonce: str
    replies: list[list[RawFrame]]
    seconds: list[float]


class _Watched(list[Any]):
    """A transcript that ends its check as soon as `enough` is true of an entry."""

    def __init__(self, enough: Callable[[Any], bool] | None) -> None:
        super().__init__()
        self._enough = enough
        self.stopped = False

    def append(self, entry: Any) -> None:
        super().append(entry)
        if self._enough is not None and self._enough(entry):
            self.stopped = True
            raise Enough


class Examiner:
    """The checks of an assignment, its reference, and the stage that they play on."""

    def __init__(
        self,
        checks: Mapping[str, Items],
        stage: Stage,
        limits: SessionLimits,
        reference: Mapping[str, Any],
        parameters: Mapping[str, tuple[str, ...]],
        *,
        device: str,
        listed: frozenset[str] = frozenset(),
    ) -> None:
        self._checks = checks
        #: The exercises for which something is forbidden.
        self._listed = listed
        self._stage = stage
        self._limits = limits
        self._reference = reference
        self._parameters = parameters
        self._device = device
        self._rehearsals: dict[str, _Rehearsal] = {}
        self._known: dict[str, list[Exchange]] = {}
        self._passed: dict[bytes, None] = {}
        #: How large the reference's answers are, by check, and what an exercise's checks note of them.
        self._answer_bytes: dict[str, int] = {}
        self._trace_bytes: dict[str, int] = {}
        #: How exercises ended on a GPU in the process that others were examined in.
        self._beside_others: dict[str, tuple[Examined, list[str]]] = {}
        self._prices: dict[str, int] = {}
        #: By exercise, the checks whose inputs are all float32: what they are about is the dtype.
        self._single: dict[str, set[str]] = {}
        #: What each check calls, and the kind of value that is due, where that is one.
        self._due_kinds: dict[str, tuple[str, str] | None] = {}
        #: What each check may say of a notebook; see `accountant`.
        self._sentences: dict[str, Sentences] = {}

    # -- trusted code --------------------------------------------------------------------------------------

    def rehearse(self, exercise: str) -> None:
        """Put the reference through an exercise's checks, and remember what they ask and what it answers.

        Raises:
            AssignmentError: naming the check that it does not pass.
        """
        requests: list[list[list[dict[str, Any]]] | None] = []
        traced = 0
        for item, info in self._checks[exercise]:
            asked = Recorder(LocalTransport(self._reference))
            answered = Recorder(self._live_reference())
            student = self.new_student(asked)
            with self._on_stage(student), noting() as compared:
                self._stage.reference = Student(answered)
                ending = run_item(item)
            self._prices[item.nodeid] = _price(asked.exchanges)
            self._sentences[item.nodeid] = Sentences(len(compared), sentences_in(info.path) | frozenset(compared))
            if ending.outcome is not Outcome.PASSED:
                raise AssignmentError(
                    f"{info.path}: the reference solution does not pass {info.name!r} of {exercise!r} "
                    f"({ending.outcome}: {_for_the_author(ending)}). Correct the check or the solution; "
                    "nothing was graded."
                )
            stuck = next(filter(None, (unsendable(exchange.operations) for exchange in asked.exchanges)), None)
            if stuck is not None:
                raise AssignmentError(
                    f"{info.path}: {info.name!r} of {exercise!r} asks with a value that cannot be sent to a student's "
                    f"process ({stuck}). Tensors, numpy arrays, numbers, texts, functions, plans of models, and lists, "
                    "tuples and dicts of them can; nothing was graded."
                )
            self._known[item.nodeid] = answered.exchanges
            if _in_single(asked.exchanges):
                self._single.setdefault(exercise, set()).add(info.name)
            self._answer_bytes[item.nodeid] = held_bytes([exchange.answers for exchange in asked.exchanges])
            transcript = fresh(student)
            traced += held_bytes(transcript)
            self._due_kinds[item.nodeid] = due_kind(transcript)
            live = asks_with_answers(asked.exchanges) or self._asks_on(item, asked.exchanges)
            requests.append(None if live else [exchange.operations for exchange in asked.exchanges])
        self._trace_bytes[exercise] = traced
        asked_ahead = [r for check in requests for r in check or ()]
        packed = packed_script(asked_ahead, listed=exercise in self._listed)
        self._rehearsals[exercise] = _Rehearsal(requests, packed)

    def _asks_on(self, item: pytest.Item, exchanges: Sequence[Exchange]) -> bool:
        """Whether a check's questions change with the answers, where those differ by a rounding only."""
        if len(exchanges) == 1:
            return False
        asked = Recorder(Nudged(LocalTransport(self._reference)))
        with self._on_stage(self.new_student(asked)):
            self._stage.reference = self.new_reference(item)
            run_item(item)
        return asks_otherwise(exchanges, asked.exchanges)

    def asked_live(self) -> dict[str, list[str]]:
        """Return by exercise the checks whose questions are never sent ahead."""
        return {
            exercise: [
                info.name
                for (_, info), asked in zip(self._checks[exercise], rehearsal.requests, strict=True)
                if asked is None or rehearsal.packed is None
            ]
            for exercise, rehearsal in self._rehearsals.items()
        }

    def run_local(
        self, exercise: str, namespace: Mapping[str, Any], *, to_first_failure: bool = False
    ) -> list[tuple[Trace, Ending]]:
        """Run an exercise's checks against trusted code in this process, all of them unless one failure is enough."""
        found: list[tuple[Trace, Ending]] = []
        for item, info in self._checks[exercise]:
            found.append(self._run_local(item, info, namespace, None))
            if to_first_failure and found[-1][1].outcome is not Outcome.PASSED:
                break
        return found

    def run_one(
        self, exercise: str, check: str, namespace: Mapping[str, Any], enough: Callable[[Any], bool] | None = None
    ) -> Trace:
        """Run one check against trusted code in this process; with `enough` until that is true of an answer."""
        (found,) = ((item, info) for item, info in self._checks[exercise] if info.name == check)
        return self._run_local(*found, namespace, enough)[0]

    def _run_local(
        self, item: pytest.Item, info: CheckInfo, namespace: Mapping[str, Any], enough: Callable[[Any], bool] | None
    ) -> tuple[Trace, Ending]:
        """Run a check with a random state of its own, so that what is drawn does not depend on other checks."""
        student = self.new_student(LocalTransport(namespace))
        watched = _Watched(enough)
        student.tools.transcript = watched
        with self._on_stage(student):
            self._stage.reference = self.new_reference(item)
            ending = run_item(item)
        return Trace(info.name, ending.outcome is Outcome.PASSED, fresh(student), watched.stopped), ending

    def costs(self, exercise: str) -> dict[str, int]:
        """Return what each check of an exercise costs, compared with each other; see `_price`."""
        return {info.name: self._prices.get(item.nodeid, 0) for item, info in self._checks[exercise]}

    def in_single(self, exercise: str) -> frozenset[str]:
        """Return the names of an exercise's checks whose inputs are all float32."""
        return frozenset(self._single.get(exercise, ()))

    def _live_reference(self) -> Transport:
        return LocalTransport(self._reference, promote=True)

    def new_reference(self, item: pytest.Item | None = None) -> Student:
        """Return the reference as a check sees it: in float64, with nothing left over from another check."""
        known = self._known.get(item.nodeid) if item is not None else None
        return Student(self._live_reference() if known is None else Remembered(known, self._live_reference))

    def new_student(self, transport: Transport) -> Student:
        """Return the stand-in for what is behind `transport`."""
        return Student(transport, self._parameters)

    @contextmanager
    def _on_stage(self, student: Student, device: str = "cpu") -> Iterator[None]:
        """Let the fixtures give out `student`, whose answers must live on `device`."""
        self._stage.student = student
        token = current_device.set(device)
        try:
            yield
        finally:
            current_device.reset(token)
            self._stage.student = self._stage.reference = None

    # -- a notebook: all exercises in one copy of its state ------------------------------------------------

    def examine(
        self,
        session: Session,
        exercises: Sequence[str],
        channel: Channel | None = None,
        quiet: frozenset[str] = frozenset(),
        *,
        tried: bool = False,
    ) -> dict[str, Examined]:
        """Examine exercises of a notebook that has run.

        Args:
            session: its processes.
            exercises: which.
            channel: a copy of its state to begin with; it is ended here.
            quiet: the exercises that leave a process as it was; see `quiet`.
            tried: whether `examine_in_used` has looked at them.
        """
        started = time.monotonic()
        found: dict[str, Examined] = {}
        if not tried:
            self._beside_others.clear()
        with contextlib.suppress(StudentCrashed):
            channel = channel or session.fork()
            unbroken = tried or self._sweep(session, channel, exercises, found)
            if unbroken and not tried and self._device == "cuda":
                unbroken = self._take_stubs(session, channel, exercises, found)
            if len(found) == len(exercises) and self._device == "cpu":
                # Nothing more is asked: the copy ends with the notebook's process.
                channel.close()
                return found
            session.end_fork(channel, broken=not unbroken, unchanged=tried)
        # What was tried in vain is not the student's time; it ends with the first answer that does not come.
        session.extend(time.monotonic() - started)
        # Where a process serves for more than one, what leaves it as it was comes first, and what came after others
        # in the first process comes before them.
        waiting = [e for e in exercises if e not in found]
        if self._device == "cuda":
            waiting.reverse()
            waiting.sort(key=lambda e: e not in quiet)
        found |= {e: self._fairly(e, session, quiet) for e in waiting}
        return {e: found[e] for e in exercises}

    def examine_in_used(self, session: Session, exercises: Sequence[str]) -> dict[str, Examined]:
        """Examine exercises in a process that was asked others, as far as that is enough.

        Returns:
            Those that passed as a whole, and those that were never begun; all others have yet to be examined.
        """
        started = time.monotonic()
        found: dict[str, Examined] = {}
        self._beside_others.clear()
        with contextlib.suppress(StudentCrashed):
            channel = session.fork(state=State.ANY)
            unbroken = self._sweep(session, channel, exercises, found)
            unbroken = unbroken and self._take_stubs(session, channel, exercises, found)
            session.end_fork(channel, broken=not unbroken)
        session.extend(time.monotonic() - started)
        return found

    def _sweep(self, session: Session, channel: Channel, exercises: Sequence[str], found: dict[str, Examined]) -> bool:
        """Examine exercises until the copy breaks; add those that passed as a whole. False if it broke."""
        judged: dict[str, dict[str, Ending] | None] = {}
        try:
            ahead = [e for e in exercises if e in self._rehearsals and self._rehearsals[e].packed is not None]
            flight = self._launch(channel, ahead[0]) if ahead else None
            for exercise, following in itertools.zip_longest(ahead, ahead[1:]):
                assert flight is not None
                landed = self._land(session, channel, flight)
                # The worker is at the next answers while these are judged.
                flight = self._launch(channel, following) if following else None
                judged[exercise] = self._rehearsed(exercise, channel, landed)
            for exercise in exercises:
                endings = judged.get(exercise, {})
                if endings is not None and self._asked(exercise, session, channel, endings):
                    found[exercise] = Examined([endings[item.nodeid] for item, _ in self._checks[exercise]])
        except (WorkerGone, WorkerLate, ProtocolError):
            return False
        return True

    def _launch(self, channel: Channel, exercise: str) -> _Flight | None:
        """Send all questions of an exercise's checks, if they are known."""
        rehearsal = self._rehearsals.get(exercise)
        if rehearsal is None or rehearsal.packed is None:
            return None
        nonce = channel.post(rehearsal.packed, self._limits.check_s)
        return _Flight(nonce, [len(requests or ()) for requests in rehearsal.requests])

    def _land(self, session: Session, channel: Channel, flight: _Flight) -> _Landed:
        """Fetch the answers to all questions of an exercise.

        Raises:
            WorkerGone, WorkerLate: as named.
            ProtocolError: if they are more than there is room for.
        """
        landed = _Landed(flight.nonce, [], [])
        room = MAX_LANDED_BYTES
        for count in flight.counts:
            began = time.monotonic()
            deadline = began + min(self._limits.check_s, session.remaining_s)
            replies = []
            for _ in range(count):
                replies.append(channel.fetch(deadline, room))
                room -= len(replies[-1].header) + len(replies[-1].body)
            landed.replies.append(replies)
            landed.seconds.append(time.monotonic() - began)
        return landed

    def _rehearsed(self, exercise: str, channel: Channel, landed: _Landed) -> dict[str, Ending] | None:
        """Judge answers that are there; None if a check does not pass.

        A check whose questions depend on answers is left out: it is asked step by step.
        """
        rehearsal = self._rehearsals[exercise]
        endings = {}
        for (item, _), requests, replies, waited in zip(
            self._checks[exercise], rehearsal.requests, landed.replies, landed.seconds, strict=True
        ):
            if requests is None:
                continue
            digest = fingerprint(replies, landed.nonce)
            key = digest and item.nodeid.encode() + digest
            if key in self._passed:
                endings[item.nodeid] = Ending(Outcome.PASSED, seconds=waited)
                continue
            transport = Rehearsed(channel, landed.nonce, requests, replies)
            ending = self._run(item, self.new_student(transport))
            if transport.off_script:
                continue
            if ending.outcome is not Outcome.PASSED or transport.lost:
                return None
            if not transport.complete:
                # On another device than the reference's it asks less; what it then makes of the answers is asked for.
                continue
            if key and len(self._passed) < MAX_REMEMBERED:
                self._passed[key] = None
            endings[item.nodeid] = replace(ending, seconds=waited + ending.seconds)
        return endings

    def _room(self, item: pytest.Item) -> int:
        """Return how large the answers to one check may be together."""
        return max(MAX_CHECK_BYTES, SPARE * self._answer_bytes.get(item.nodeid, 0))

    def _run(self, item: pytest.Item, student: Student) -> Ending:
        with self._on_stage(student, self._device):
            self._stage.reference = self.new_reference(item)
            return run_item(item)

    def _asked(self, exercise: str, session: Session, channel: Channel, endings: dict[str, Ending]) -> bool:
        """Ask question by question what is missing in `endings`; False if a check does not pass.

        Raises:
            WorkerGone: if the process did not come to an end with a check.
        """
        transport = RemoteTransport(channel, self._limits.check_s, listed=exercise in self._listed)
        for item, _ in self._checks[exercise]:
            if item.nodeid in endings:
                continue
            transport.restart_clock(min(self._limits.check_s, session.remaining_s), self._room(item))
            ending = self._run(item, self.new_student(transport))
            if ending.broken:
                raise WorkerGone
            if ending.outcome is not Outcome.PASSED:
                return False
            endings[item.nodeid] = ending
        return True

    def _take_stubs(
        self, session: Session, channel: Channel, exercises: Sequence[str], found: dict[str, Examined]
    ) -> bool:
        """Add the exercises whose every check says that nothing was written; False if the process broke.

        On a GPU each copy of the state is another run of the notebook. What others did to the process makes no
        exercise raise a NotImplementedError of its own. What comes of the others is kept, to be compared with what
        comes of them in another process, and for those that the notebook has no time to be run for once more.
        """
        for exercise in exercises:
            if exercise in found or session.changes.scenes(exercise):
                continue
            examined, failures = self._checked(exercise, session, channel)
            if any(ending.broken for ending in examined.endings):
                return False
            self._beside_others[exercise] = examined, failures
            if failures:
                # Of no more use to anybody, and said to be the GPU's fault.
                return True
            if all(ending.not_implemented or ending.outcome is Outcome.SKIPPED for ending in examined.endings):
                found[exercise] = examined
        return True

    # -- a notebook: one exercise alone --------------------------------------------------------------------

    def _fairly(self, exercise: str, session: Session, quiet: frozenset[str]) -> Examined:
        """Examine one exercise alone; where it does not pass, with what stood otherwise at its own cell or at the end.

        Whole exercises are compared: the first that earns most counts. A notebook in which none of that changed has
        one try.
        """
        best = self._alone(exercise, session, quiet=quiet)
        for scene in session.changes.scenes(exercise):
            if self.weight(exercise, best) == self.weight(exercise):
                break
            other = self._alone(exercise, session, scene, quiet=quiet)
            if self.weight(exercise, other) > self.weight(exercise, best):
                best = other
        return best

    def weight(self, exercise: str, examined: Examined | None = None) -> int:
        """Return the weight of the checks that passed, or of all."""
        items = self._checks[exercise]
        if examined is None:
            return sum(info.weight for _, info in items)
        passed = zip(items, examined.endings, strict=True)
        return sum(info.weight for (_, info), ending in passed if ending.outcome is Outcome.PASSED)

    def examine_with(self, session: Session, exercise: str, lent: Sequence[str], lender: Lender) -> Examined:
        """Run all checks of one exercise where some names mean functions that are worked by `lender`.

        What the notebook's code learns from them is for this exercise alone: nothing else may be asked of this session.

        Raises:
            DeviceFault: as for `_alone`.
        """
        return self._alone(exercise, session, lent=(lent, lender))

    def _alone(
        self,
        exercise: str,
        session: Session,
        scene: Scene | None = None,
        lent: tuple[Sequence[str], Lender] | None = None,
        quiet: frozenset[str] = frozenset(),
        state: State = State.AS_LEFT,
    ) -> Examined:
        """Run all checks of one exercise in a fresh copy of the notebook's state, with lent functions if there are any.

        Where no copy can be made, a process that is as the notebook left it will do, as far as reading the code tells
        that. What does not pass there counts only if it went the same way in the first process, after other exercises
        than here; or else the notebook runs once more for it alone.

        Raises:
            DeviceFault: if it does not pass, and the GPU failed meanwhile.
        """
        try:
            channel = session.fork(scene, state)
        except StudentCrashed as crash:
            if scene is None and exercise in self._beside_others:
                examined, failures = self._beside_others[exercise]
                _blame_device(exercise, examined, [*session.device_failures, *failures])
                return examined
            lost = Ending(Outcome.CRASHED, say("exercise.notebook-ended", how=crash.reason))
            examined = Examined([lost] * len(self._checks[exercise]), scene=scene)
            _blame_device(exercise, examined, session.device_failures)
            return examined
        second_hand, began = session.second_hand, time.monotonic()
        broken, failures = True, []
        try:
            if lent is not None:
                channel.lend(*lent, CONTROL_S)
            examined, failures = self._checked(exercise, session, channel)
            broken = any(ending.broken for ending in examined.endings)
        finally:
            session.end_fork(channel, broken=broken, unchanged=exercise in quiet and not failures)
        if second_hand and (failures or not self._is_certain(exercise, examined, scene)):
            if scene is None:
                self._beside_others.setdefault(exercise, (examined, failures))
            # Tried in vain.
            session.extend(time.monotonic() - began)
            return self._alone(exercise, session, scene, lent, quiet, State.UNASKED)
        _blame_device(exercise, examined, [*session.device_failures, *failures])
        return replace(examined, scene=scene)

    def _is_certain(self, exercise: str, examined: Examined, scene: Scene | None) -> bool:
        """Whether what came of an exercise in a process that others were examined in is its own doing."""
        outcomes = [ending.outcome for ending in examined.endings]
        if all(outcome is Outcome.PASSED for outcome in outcomes):
            return True
        if scene is not None or exercise not in self._beside_others or not all(map(_is_its_own, examined.endings)):
            return False
        before, failures = self._beside_others[exercise]
        return not failures and [ending.outcome for ending in before.endings] == outcomes

    def _checked(self, exercise: str, session: Session, channel: Channel) -> tuple[Examined, list[str]]:
        """Run all checks of one exercise, question by question; return what was said of a GPU that failed too."""
        items = self._checks[exercise]
        traces: list[Trace] = []
        endings: list[Ending] = []
        transport = RemoteTransport(channel, self._limits.check_s, listed=exercise in self._listed)
        student = self.new_student(transport)
        broken: Ending | None = None
        room = max(MAX_TRACE_BYTES, SPARE * self._trace_bytes.get(exercise, 0))
        with self._on_stage(student, self._device):
            for item, info in items:
                ending = _before(info, items, endings, broken, session)
                if ending is None:
                    limit_s, waited_s = min(self._limits.check_s, session.remaining_s), session.waited_s
                    transport.restart_clock(limit_s, self._room(item))
                    self._stage.reference = self.new_reference(item)
                    ending = run_item(item, self._sentences.get(item.nodeid))
                    if ending.outcome is Outcome.TIMEOUT:
                        session.timed_out(waited_s, limit_s)
                    answers = fresh(student)
                    if ending.stumbled or not ending.own:
                        # The exception is the check's: what it stumbled over is what the student can use.
                        said = other_kind(answers, self._due_kinds.get(item.nodeid))
                        ending = replace(ending, message=said or ending.message)
                    room -= held_bytes(answers)
                    # An answer of another size is none of a known wrong idea's.
                    kept = answers if room >= 0 else ()
                    traces.append(Trace(info.name, ending.outcome is Outcome.PASSED, kept))
                    if ending.broken:
                        broken = ending
                endings.append(ending)
        failures = [device_failure(fault) for fault in student.tools.faults] if self._device == "cuda" else []
        return Examined(endings, traces), [failure for failure in failures if failure is not None]


def _in_single(exchanges: Sequence[Exchange]) -> bool:
    """Whether the floating-point tensors in a check's questions are all float32, and there are some."""
    import torch

    given = (leaf for exchange in exchanges for leaf in leaves(exchange.operations))
    return {t.dtype for t in given if isinstance(t, torch.Tensor) and t.is_floating_point()} == {torch.float32}


def _is_its_own(ending: Ending) -> bool:
    """Whether a check did not end for want of time, of memory or of a process, which others may have used up."""
    if ending.broken or ending.outcome in {Outcome.TIMEOUT, Outcome.CRASHED}:
        return False
    return ending.fault is None or ending.fault.type != "MemoryError"


def _blame_device(exercise: str, examined: Examined, failures: Sequence[str]) -> None:
    """Grade nothing where an exercise did not pass and the GPU failed meanwhile.

    Raises:
        DeviceFault: if it failed.
    """
    if not failures or all(ending.outcome is Outcome.PASSED for ending in examined.endings):
        return
    what = "had no memory left" if failures[0] == "memory" else "failed"
    raise DeviceFault(
        f"the GPU {what} while {exercise} was examined; grade this submission with --device cpu if that happens again",
        memory=failures[0] == "memory",
    )


def _before(
    info: CheckInfo, items: Items, endings: Sequence[Ending], broken: Ending | None, session: Session
) -> Ending | None:
    """Return how a check ends without being run, or None if it is to be run."""
    if broken is not None:
        return Ending(broken.outcome, say("exercise.not-run-broken"))
    if session.remaining_s <= 0:
        session.checks_timed_out()
        return Ending(Outcome.TIMEOUT, say("exercise.not-run-time"))
    for (_, earlier), ending in zip(items, endings, strict=False):
        if earlier.name in info.needs and ending.outcome is not Outcome.PASSED:
            return Ending(Outcome.SKIPPED, say("exercise.not-run-needs"))
    return None


def _for_the_author(ending: Ending) -> str:
    """Say what a check of the author's own met in the reference."""
    fault = ending.fault
    if fault is None or fault.type != "MissingName":
        return ending.stumbled or ending.message
    name = fault.message.rpartition(" ")[2]
    ours = f"; the grader's own is `student.tools.{name}`" if hasattr(Tools, name) else ""
    return f"solution.py does not define {name}{ours}"


def _price(exchanges: Sequence[Exchange]) -> int:
    """Say how much a check asks for, in bytes; a question costs as much as a thousand of them.

    Seconds on a busy machine would be other ones each time, and so would be the check that is asked first.
    """
    return sum(_QUESTION_BYTES * len(e.operations) + held_bytes(e.operations) for e in exchanges)
