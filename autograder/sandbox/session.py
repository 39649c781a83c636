"""One submission in one worker: run its notebook once, then hand out forks of that state."""

from __future__ import annotations

import contextlib
import enum
import signal
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.course.assignment import OVERTIME_SHARE, Limits
from autograder.errors import ProtocolError
from autograder.sandbox.budget import OutputBudget
from autograder.sandbox.cells import Cell, CellOutcome
from autograder.sandbox.channel import AnswerTooLarge, Channel, WorkerGone, WorkerLate
from autograder.sandbox.faults import StudentCrashed, device_failure, fault_from_wire
from autograder.sandbox.host import Death, Worker, ZygoteProcess
from autograder.sandbox.memory_watch import FILES, MEMORY
from autograder.sandbox.scenes import Changes, Scene
from autograder.sandbox.spec import Tier, WorkerLimits
from autograder.sandbox.system import out_of_memory_ends
from autograder.sandbox.wire.frames import MAX_HEADER_BYTES
from autograder.sandbox.worker.carry_on import REST_S
from autograder.sentences import Sentence, say
from autograder.verdict import StudentFault

__all__ = [
    "CONTROL_S",
    "Cell",
    "CellOutcome",
    "Session",
    "SessionLimits",
    "State",
    "read_outcome",
    "session_limits",
]

GRACE_S = 1.0
#: What reached a limit of time after it had waited for a processor for this part of it may be no slower than others.
STARVED_SHARE = 0.2
CONTROL_S = 5.0
MAX_RESTARTS = 3
#: How often a cell is tried: as a whole, and once more with its definitions.
MAX_LOSSES = 2
#: What a cell may take once the notebook has used up its time.
OVERTIME_CELL_S = 1.0
#: What a cell can show in one message.
MAX_CELL_BYTES = 32 << 20
#: How a process ends in which a driver fails.
_OF_DRIVERS = (signal.SIGABRT, signal.SIGBUS, signal.SIGSEGV)


class State(enum.Enum):
    """What is known of a process in which a notebook has run, where it cannot be copied."""

    #: Nobody has asked it anything.
    UNASKED = "unasked"
    #: All that it was asked left it as it was.
    AS_LEFT = "as left"
    #: Nothing.
    ANY = "any"


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Seconds of wall time, and what the kernel enforces."""

    cell_s: float
    check_s: float
    submission_s: float
    output_bytes: int
    worker: WorkerLimits
    checks_s: float = 120.0
    #: What is kept of all that the cells show.
    outputs_bytes: int = 20 << 20


def session_limits(limits: Limits) -> SessionLimits:
    """Translate an assignment's limits into the units of the sandbox."""
    return SessionLimits(
        cell_s=limits.cell_s,
        check_s=limits.check_s,
        submission_s=limits.submission_s,
        checks_s=limits.checks_s,
        output_bytes=min(limits.output_kib << 10, MAX_CELL_BYTES),
        outputs_bytes=limits.outputs_mib << 20,
        worker=WorkerLimits(
            memory_bytes=limits.memory_mib << 20,
            cpu_s=limits.cpu_s,
            file_bytes=limits.files_mib << 20,
            files=limits.files,
            processes=limits.processes,
        ),
    )


class Session:
    """The processes of one submission; close it when done.

    Two clocks: running the notebook has `submission_s`, and as much again where it must be run anew; what is asked of
    it afterwards has `checks_s`, also if the notebook took long.
    """

    def __init__(
        self,
        zygote: ZygoteProcess,
        limits: SessionLimits,
        cells: Sequence[Cell],
        *,
        exercises: Iterable[str] = (),
    ) -> None:
        """Prepare to run `cells`.

        With `exercises`, the cells of these names hold what is graded: cells go on after a statement that stopped, and
        it is noted what stood after each exercise's cell.
        """
        self._zygote = zygote
        self._limits = limits
        self.cells = cells
        #: What is taken away in copies of the notebook's process, besides what is gone in every worker.
        self.forbidden: Sequence[str] = ()
        self._exercises = frozenset(exercises)
        self._text = "\n".join([*self._exercises, *(cell.source for cell in cells)])
        self._tests = frozenset(f"test_{e}" for e in self._exercises)
        self._worker: Worker | None = None
        self._deadline = time.monotonic() + limits.submission_s
        self._again_s = limits.submission_s * (1 + OVERTIME_SHARE)
        self.outcomes: dict[int, CellOutcome] = {}
        self._budget = OutputBudget(limits.outputs_bytes)
        #: The first cell of whose outputs something was left out because all before took the room.
        self.crowded: Cell | None = None
        #: What the notebook left of its time.
        self.spare_s = 0.0
        #: What the present worker took to start.
        self._start_s = 0.0
        #: How often each cell took its process along.
        self._losses: dict[int, int] = {}
        self.changes = Changes(self._text)
        #: The first cell for which the notebook had no time of its own left.
        self.overtime: Cell | None = None
        self.restarts = 0
        #: The cells, by index, that end where the sandbox refuses something: those that test others.
        self.strict: frozenset[int] = frozenset()
        #: Whether figures may come undrawn.
        self.undrawn = False
        #: Whether a process was ended by a SIGKILL from outside. The notebook's own process cannot send itself one: see
        #: autograder.sandbox.seccomp; a copy of it can, and is believed only where the kernel bears it out.
        self.killed = False
        #: Whether a limit of time was reached while its processes waited long for a processor that others had.
        self.starved = False
        self._waited_for_cells_s = 0.0
        self._ends_before = out_of_memory_ends()
        #: What the notebook's cells said of a GPU that failed: `memory` or `lost`.
        self.device_failures: list[str] = []
        #: Whether there is a copy of the notebook's process that nobody ended.
        self._copied = False
        #: Whether the notebook's process was asked anything, where it cannot be copied; whether all that it was asked
        #: left it as it was; and what was taken away in it.
        self._asked = False
        self._unchanged = True
        self._taken: tuple[str, ...] = ()
        #: Whether what `fork` returned last had been asked something before.
        self.second_hand = False
        #: Whether a process hung, for which the GPU may be to blame.
        self._doubtful = False

    @property
    def _cuda(self) -> bool:
        return self._zygote.device == "cuda"

    @property
    def asked(self) -> bool:
        """Whether the notebook's own process was asked something, because it cannot be copied, and still answers."""
        return self._worker is not None and self._asked

    @property
    def waited_s(self) -> float:
        """How long the present worker's processes were seen to wait for a processor, in seconds."""
        return self._zygote.watch.processor.waited_s

    def timed_out(self, waited_before_s: float, limit_s: float) -> None:
        """Take note of a limit of time that was reached, and of what part of it was spent waiting for a processor.

        Args:
            waited_before_s: what `waited_s` was when the time began.
            limit_s: the limit, in seconds.
        """
        self._zygote.watch.look_at_processors()
        if self.waited_s - waited_before_s >= STARVED_SHARE * limit_s:
            self.starved = True

    def checks_timed_out(self) -> None:
        """Take note that the time for all checks is used up."""
        self.timed_out(self._waited_for_cells_s, self._limits.checks_s)

    @property
    def remaining_s(self) -> float:
        """What is left of the time for the notebook, or, once it has run, of the time for its checks."""
        return max(0.0, self._deadline - time.monotonic())

    @property
    def _late_s(self) -> float:
        return time.monotonic() - self._deadline

    @property
    def _overtime_s(self) -> float:
        """What a notebook may take beyond its time, for definitions that are still to come."""
        return self._limits.submission_s * OVERTIME_SHARE if self._exercises else 0.0

    def extend(self, seconds: float) -> None:
        """Give time back that was not spent on the student's behalf."""
        self._deadline += seconds

    def run(self) -> None:
        """Run every cell, once; what a cell did to the process stays with that cell.

        A cell that kills the process, or cannot be interrupted, is left out when the notebook is run again in
        a new one, so that the cells after it still count; of an assignment's own notebook its definitions are run.
        """
        # A cell that ends its process may do so twice: as a whole, then with nothing but its definitions.
        most = MAX_RESTARTS * (MAX_LOSSES if self._exercises else 1)
        waited_s = 0.0
        while not self._run_cells():
            waited_s += self.waited_s
            self.restarts += 1
            if self.restarts > most or self._late_s > self._overtime_s:
                break
        self.spare_s = self.remaining_s
        if self.spare_s <= 0:
            self.timed_out(-waited_s, self._limits.submission_s)
        self._waited_for_cells_s = self.waited_s
        self._deadline = time.monotonic() + self._limits.checks_s

    def _run_cells(self) -> bool:
        """Run what is not known to be harmful; False if the process was lost on the way."""
        self._stop()
        began = time.monotonic()
        if self._doubtful:
            self._doubtful = False
            self._zygote.prove_device(self._limits.worker)
        self._worker = self._zygote.spawn(self._limits.worker)
        self._worker.channel.explain_end(self._limit_passed)
        self._asked, self._unchanged, self._taken = False, True, ()
        # The first time that waits until the zygote is warm, and each time until the GPU has started.
        self._start_s = time.monotonic() - began
        self.extend(self._start_s)
        self.changes = Changes(self._text)
        alone = len(self._zygote.watch.processes())
        for cell in self.cells:
            known = self.outcomes.get(cell.index)
            after = self._after(cell, known)
            limit_s = self._time_for(cell)
            if limit_s <= 0:
                self.outcomes.setdefault(cell.index, CellOutcome(timeout=True))
                continue
            harmful = known is not None and (known.timeout or known.crashed)
            if harmful and after != "definitions":
                continue
            warnings, waited_s = self._zygote.watch.warnings, self.waited_s
            outcome, lost = self._run_cell(cell, limit_s, after)
            if outcome.timeout:
                self.timed_out(waited_s, limit_s)
            warned = self._zygote.watch.warnings > warnings and outcome.fault is not None
            if warned and not lost and len(self._zygote.watch.processes()) > alone:
                # It was stopped for the memory of all its processes. Those that it started live on, and would cost
                # the cells after it what this one did.
                outcome, lost = replace(outcome, crashed=True), True
            if known is None or (lost and not harmful):
                self.outcomes[cell.index] = self._within_budget(cell, outcome)
            if lost:
                self._losses[cell.index] = self._losses.get(cell.index, 0) + 1
                return False
        return True

    def _within_budget(self, cell: Cell, outcome: CellOutcome) -> CellOutcome:
        """Keep what there is room for of what a cell showed."""
        outputs, cut = self._budget.keep(outcome.outputs)
        if cut:
            self.crowded = self.crowded or cell
            most = self._limits.outputs_bytes >> 20
            outputs.append(_line(say("sandbox.cut-notebook", most=most)))
        return replace(outcome, outputs=outputs)

    def _after(self, cell: Cell, known: CellOutcome | None) -> str | None:
        """Return what is to be run of a cell after a statement that stopped; see `autograder.sandbox.worker.shell`."""
        if not self._exercises or cell.name in self._tests:
            return None
        harmless = known is None or not (known.timeout or known.crashed)
        if harmless and self._late_s <= self._overtime_s:
            return "all"
        return "definitions" if self._losses.get(cell.index, 0) < MAX_LOSSES else None

    def _time_for(self, cell: Cell) -> float:
        """Return how long a cell may run, in seconds.

        What comes after a notebook's time is up has a second for each cell, until the overtime is up too. The
        definitions in the exercises' own cells are run in any case.
        """
        left_s = self.remaining_s
        if not self._exercises:
            return min(self._limits.cell_s, left_s)
        if left_s > 0:
            return min(self._limits.cell_s, max(left_s, OVERTIME_CELL_S))
        self.overtime = self.overtime or cell
        in_time = self._late_s <= self._overtime_s or cell.name in self._exercises
        return min(self._limits.cell_s, OVERTIME_CELL_S) if in_time else 0.0

    def _run_cell(self, cell: Cell, limit_s: float, after: str | None) -> tuple[CellOutcome, bool]:
        assert self._worker is not None
        request = {
            "source": cell.source,
            "limit_s": limit_s,
            "limit_bytes": self._limits.output_bytes,
            "name": cell.name,
            "strict": cell.index in self.strict,
            # A picture is drawn when it is known that nobody drew it before: see autograder.sandbox.gallery.
            "undrawn": self.undrawn,
            "after": after,
            "noting": bool(self._exercises),
            "exercise": cell.name if cell.name in self._exercises else None,
        }
        rest_s = REST_S if after else 0.0
        try:
            room = self._limits.output_bytes + MAX_HEADER_BYTES
            answer = self._worker.channel.request("cell", request, limit_s + rest_s + GRACE_S, room)
            self.changes.read(answer, cell, self._exercises)
            outcome = _in_our_words(read_outcome(answer), limit_s)
        except WorkerLate:
            self._doubtful = self._cuda
            late = say("sandbox.cell-hung", limit=f"{limit_s:g}")
            fault = StudentFault("CellTimeout", late, cell.name)
            return CellOutcome([_note(fault)], fault=fault, timeout=True), True
        except WorkerGone:
            fault = _death(self._learn_death(self._worker), self._limits, cell.name)
        except AnswerTooLarge:
            much = say("sandbox.cut-cell", most=self._limits.output_bytes >> 10)
            return CellOutcome([_line(much)], cut=True), False
        except ProtocolError:
            fault = StudentFault("ProcessEnded", say("sandbox.cell-broke-connection"), cell.name)
        else:
            self._note_device(outcome.fault)
            return outcome, False
        return CellOutcome([_note(fault)], fault=fault, crashed=True), True

    def run_in_copy(self, cell: Cell) -> CellOutcome:
        """Run a cell once more in a copy of the notebook's final state, where what is `forbidden` now is gone."""
        try:
            channel = self.fork()
        except StudentCrashed as crash:
            return CellOutcome(fault=StudentFault("ProcessEnded", crash.reason, cell.name), crashed=True)
        limit_s = min(self._limits.cell_s, self.remaining_s)
        request = {
            "source": cell.source,
            "limit_s": limit_s,
            "limit_bytes": self._limits.output_bytes,
            "name": cell.name,
        }
        try:
            room = self._limits.output_bytes + MAX_HEADER_BYTES
            outcome = _in_our_words(read_outcome(channel.request("cell", request, limit_s + GRACE_S, room)), limit_s)
        except (WorkerGone, WorkerLate, AnswerTooLarge, ProtocolError):
            ended = StudentFault("ProcessEnded", say("sandbox.cell-ended"), cell.name)
            outcome = CellOutcome(fault=ended, crashed=True)
        self.end_fork(channel, broken=outcome.crashed)
        return outcome

    def fork(self, scene: Scene | None = None, state: State = State.AS_LEFT) -> Channel:
        """Return a connection to a fresh copy of the notebook's final state, where what is `forbidden` now is gone.

        A process in which CUDA has started cannot be copied. There it is the notebook's own process, as long as that
        will do, and then another in which the notebook has run once more.

        Args:
            scene: what is to stand in it as it did elsewhere; default the exercises' own definitions and the switches
                of the start.
            state: what will do where it cannot be copied.

        Raises:
            StudentCrashed: if the state cannot be had again, through the notebook's own fault.
        """
        wanted = {
            "scene": scene.which if scene else None,
            "exercise": scene.exercise if scene else "",
            "forbidden": list(self.forbidden),
        }
        self.second_hand = False
        if self._cuda:
            if self._worker is not None and self._will_do(state):
                with contextlib.suppress(StudentCrashed):
                    return self._ask_for_scene(self._worker, wanted)
            if self._worker is None or self._asked:
                self._rebuild()
            assert self._worker is not None
            return self._ask_for_scene(self._worker, wanted)
        if self._worker is not None and self._copied:
            # The last copy was left to itself; it must have ended before this one starts.
            self._end_copy(self._worker, gone=False)
        if self._worker is None:
            self._rebuild()
        assert self._worker is not None
        self._copied = True
        try:
            copy = self._worker.copy(wanted, CONTROL_S)
        except (WorkerGone, WorkerLate):
            self._stop(lost=True)
            raise StudentCrashed(say("sandbox.notebook-silent")) from None
        copy.explain_end(self._limit_passed)
        return copy

    def _will_do(self, state: State) -> bool:
        """Whether the notebook's own process, which was asked something before, is of further use."""
        if not self._asked or state is State.UNASKED or (state is State.AS_LEFT and not self._unchanged):
            return False
        # What is gone in a process stays so.
        return self._taken in {(), tuple(self.forbidden)}

    def _limit_passed(self) -> Sentence:
        """Say which limit the processes of this notebook were ended for, if they were."""
        worker = self._limits.worker
        if self._zygote.watch.fired == MEMORY:
            return say("sandbox.passed-memory", most=worker.memory_bytes >> 20)
        if self._zygote.watch.fired == FILES:
            return say("sandbox.passed-files", most=worker.file_bytes >> 20, files=worker.files)
        return Sentence()

    def end_fork(self, channel: Channel, *, broken: bool, unchanged: bool = False) -> None:
        """Be done with a copy.

        Args:
            channel: the connection to it.
            broken: whether it hung, died or lied.
            unchanged: whether what it was asked is known to leave a process as it was.
        """
        gone = channel.gone
        if self._worker is not None and self._cuda and not broken and not gone:
            self._unchanged = self._unchanged and unchanged
            return
        channel.close()
        if self._worker is None:
            return
        if self._cuda:
            self._doubtful = broken and not gone
            self._stop(lost=gone)
            return
        # Without a pid namespace the notebook's process may not signal its copy: both go.
        both = broken and self._zygote.tier is not Tier.A
        if gone or not both:
            self._end_copy(self._worker, gone=gone)
        if both:
            self._stop()

    def _end_copy(self, worker: Worker, *, gone: bool) -> None:
        """Let the notebook's process end its copy; `gone` says that it was found to have ended."""
        self._copied = False
        try:
            ended_by = worker.channel.request("end", gone, CONTROL_S)
        except (WorkerGone, WorkerLate, ProtocolError):
            self._stop(lost=True)
            return
        # How a copy ended is the notebook's claim, and a copy can end itself by any signal: it counts only where
        # the kernel counted an end of its own for want of memory.
        wanting = out_of_memory_ends() > self._ends_before
        if gone and ended_by == signal.SIGKILL and wanting and not self._zygote.watch.fired:
            self.killed = True

    def _ask_for_scene(self, worker: Worker, wanted: Mapping[str, Any]) -> Channel:
        """Let the notebook's own process stand as it is wanted, and return its connection."""
        self.second_hand, self._asked = self._asked, True
        taken = self._taken == tuple(self.forbidden)
        try:
            worker.channel.request("scene", {**wanted, "forbidden": []} if taken else wanted, CONTROL_S)
        except (WorkerGone, WorkerLate, ProtocolError):
            self._stop(lost=True)
            raise StudentCrashed(say("sandbox.notebook-silent")) from None
        self._taken = tuple(self.forbidden)
        return worker.channel

    def _rebuild(self) -> None:
        """Run the notebook again; that takes no time from the checks, and all times together have a limit."""
        if self._again_s <= 0:
            raise StudentCrashed(say("sandbox.notebook-ended-no-time"))
        checks, began = self._deadline, time.monotonic()
        # What a notebook says now it may have heard from a copy that was asked hidden questions.
        overtime, changes = self.overtime, self.changes
        self._deadline = began + min(self._limits.submission_s, self._again_s)
        complete = self._run_cells()
        self.overtime, self.changes = overtime, changes
        took_s = time.monotonic() - began
        # What a GPU takes to start is nobody's time.
        self._again_s -= took_s - self._start_s
        self._deadline = checks + took_s
        if not complete:
            self._stop()
            raise StudentCrashed(say("sandbox.notebook-ended-again"))

    def _stop(self, *, lost: bool = False) -> None:
        """End the notebook's process; with `lost`, it seems to have ended before."""
        self._copied = False
        if self._worker is not None:
            worker, self._worker = self._worker, None
            if lost:
                self._learn_death(worker)
            else:
                worker.kill()

    def _learn_death(self, worker: Worker) -> Death:
        death = worker.kill(patience_s=0.5)
        if death.code == -signal.SIGKILL and not death.limit and death.cpu_s < self._limits.worker.cpu_s:
            self.killed = True
        if self._cuda and not death.limit:
            # A GPU that is lost may take the process along: if no other can start it, that was it. If others can, one
            # more try tells, unless the process ended itself.
            self._zygote.prove_device(self._limits.worker)
            self.killed = self.killed or (death.code is not None and -death.code in _OF_DRIVERS)
        return death

    def _note_device(self, fault: StudentFault | None) -> None:
        """Note that a cell says that the GPU failed; what comes after it may suffer from that."""
        failure = device_failure(fault) if self._cuda else None
        if failure is not None:
            self.device_failures.append(failure)

    def close(self) -> None:
        """End all processes."""
        self._stop()


def _death(death: Death, limits: SessionLimits, cell: str) -> StudentFault:
    """Say how a cell ended its process, where the kernel told."""
    if death.limit == MEMORY:
        return StudentFault("MemoryOfAll", say("sandbox.cell-memory"), cell)
    if death.limit == FILES:
        return StudentFault("FilesOfAll", say("sandbox.cell-files"), cell)
    if death.code is not None and death.code < 0 and death.cpu_s >= limits.worker.cpu_s:
        return StudentFault("ProcessorTime", say("sandbox.cell-processor-time"), cell)
    how = say("sandbox.cell-ended")
    if death.code is not None and death.code < 0:
        with contextlib.suppress(ValueError):
            how = say("sandbox.cell-ended-by-signal", signal=signal.Signals(-death.code).name)
    elif death.code is not None:
        how = say("sandbox.cell-ended-with-code", code=death.code)
    return StudentFault("ProcessEnded", how, cell)


def _in_our_words(outcome: CellOutcome, limit_s: float) -> CellOutcome:
    """Return the outcome with a sentence of ours if the worker ended the cell for a limit of time."""
    fault = outcome.fault
    if fault is not None and outcome.timeout and fault.type == "CellTimeout":
        words = say("sandbox.cell-late", limit=f"{limit_s:g}")
    elif fault is not None and fault.type == "ProcessorTime":
        words = say("sandbox.notebook-processor-time")
    else:
        return outcome
    return replace(outcome, fault=replace(fault, message=words))


def _note(fault: StudentFault) -> dict[str, Any]:
    return {
        "output_type": "error",
        "ename": fault.type,
        "evalue": str(fault.message),
        "traceback": [str(fault.message)],
    }


def _line(said: Sentence) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stderr", "text": f"{said}\n"}


def read_outcome(answer: Any) -> CellOutcome:
    """Read what the worker claims that a cell showed.

    Raises:
        ProtocolError: if that is no mapping.
    """
    if not isinstance(answer, Mapping):
        raise ProtocolError("a cell's answer is not a mapping")
    if "too_large" in answer:
        return CellOutcome([_line(say("sandbox.output-too-large"))], cut=True)
    count = answer.get("count")
    error = answer.get("error")
    outputs = answer.get("outputs")
    return CellOutcome(
        outputs=[o for o in outputs if isinstance(o, Mapping)] if isinstance(outputs, list) else [],
        execution_count=count if type(count) is int and 0 <= count < 1 << 31 else None,
        fault=fault_from_wire(error) if isinstance(error, Mapping) else None,
        timeout=answer.get("timeout") is True,
        cut=answer.get("cut") is True,
    )
