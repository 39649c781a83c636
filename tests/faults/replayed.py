"""Rounds of faults against the real coordinator, in forked children of one warm process.

Files, gradebook, locks, signals and fork are real; only the judges' answers are played back (`recording`). A chain
starts from some state of the course and suffers a few faults, one after the other. Then it is graded once without a
fault, and must look as if nothing had happened. After every single fault, each existing result must be whole, with its
files and its rows.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import resource
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.eight import FIRST, LATER, SEEDS, SLUG, hand_in, make_course, notebook_bytes
from faults.recording import Recording, grade
from faults.state import State, differences, half_done, result_of
from hostile.target_course import TargetCourse

from autograder.batch import recorder as record
from autograder.batch.lock import is_locked
from autograder.course.gradebook import opened
from autograder.errors import AutograderError, BusyError, GraderFault, Interrupted
from autograder.feedback import plots

__all__ = ["KINDS", "Rounds"]

#: Kinds of fault, and how often each is drawn.
KINDS = {
    "killed at a call": 10,
    "killed at a time": 6,
    "killed inside a write": 4,
    "file too large": 2,
    "disk full": 4,
    "database locked": 2,
    "database locked for a moment": 1,
    "read-only": 2,
    "interrupted": 4,
    "two at the same time": 1,
}
WORK_BYTES = 24 << 20
PAGE = 4096
ENDS_WITHIN_S = 90.0
#: Audit events that mean a change on the disk; `open` counts within the course only.
_CALLS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "fcntl.flock", "sqlite3.connect"}

WORKS = {"first": FIRST, "later": LATER}
Target = tuple[str, int]
Run = Callable[..., "_Child"]
#: How often a run before the last uses another seed or force, and how often a last run is repeated.
DETOURS = 0.25
AGAIN = 0.2


@dataclass(frozen=True)
class Start:
    """A state of the course to start from, the state that grading should end in, and how often it is drawn."""

    enters: str
    targets: tuple[Target, ...]
    weight: int
    force: bool = False


_FIRST, _OTHER_SEED, _LATER = ("first", 7), ("first", 6), ("later", 7)
STARTS = (
    Start("new", (_FIRST, _OTHER_SEED, _LATER), 1),
    Start("gradebook", (_FIRST, _OTHER_SEED, _LATER), 8),
    Start("first-7", (_FIRST,), 5, force=True),
    Start("first-7", (_LATER, _OTHER_SEED), 8),
    Start("first-6", (_FIRST, _LATER), 6),
)


@dataclass
class Fault:
    """One fault, and the report of the run that it hit: empty if the run was killed."""

    kind: str
    detail: str
    said: dict[str, Any] = field(default_factory=dict)


class Failure(AssertionError):
    """Something was lost, doubled, half-written or unclear."""


class Rounds:
    """What all chains share: the recorded grading, the states to start from and those to end in."""

    def __init__(self, disk: Path, seed: int) -> None:
        self.disk, self.seed = disk, seed
        self.counts: Counter[str] = Counter()
        self.chains = 0
        self.slowest_interrupt_s = 0.0
        self.recording = Recording()
        self.work = disk / "work"
        self.root = self.work / "course"
        self.due: dict[Target, State] = {}
        #: Calls and seconds of an undisturbed run, by the state from which it started.
        self.calls: dict[str, int] = {}
        self.seconds: dict[str, float] = {}

    # -- what there is before ------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Grade for real, record, and keep the states."""
        # Two pictures of the class take more time than all the rest, and depend only on the rest.
        plots.class_plots = lambda summary: ()  # noqa: ARG005 - the name is part of its signature
        self.target = make_course(self.disk / "origin" / "course")
        real = self.disk / "real" / "course"
        shutil.copytree(self.target.root, real)
        self.recording.record()
        really: dict[Target, State] = {}
        for name, work, seed in (("first", FIRST, SEEDS[0]), ("first", FIRST, SEEDS[1]), ("later", LATER, SEEDS[1])):
            hand_in(self.target, work, where=real)
            if any(g.status == "ungraded" for g in grade(real, seed).grades):
                raise Failure("the grader failed on the class without any fault")
            really[name, seed] = State.of(real)
        self.recording.replay()
        self.work.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={WORK_BYTES}", "none", str(self.work)], check=True)
        self.starts = self.disk / "starts"
        shutil.copytree(self.target.root, self.starts / "new")
        for (name, seed), state in really.items():
            self._enter("gradebook")
            hand_in(self.target, WORKS[name], where=self.root)
            self._undisturbed(seed)
            self.due[name, seed] = State.of(self.root)
            found = differences(self.due[name, seed], state)
            if found:
                raise Failure(f"played back, {name} with seed {seed} is not what it was: {found}")
            shutil.copytree(self.root, self.starts / f"{name}-{seed}")
            if not (self.starts / "gradebook").exists():
                self._keep_empty_gradebook()
        for name in {s.enters for s in STARTS}:
            self._enter(name)
            hand_in(self.target, FIRST, where=self.root)
            said = self._undisturbed(SEEDS[1], force=True)
            self.calls[name], self.seconds[name] = said["calls"], said["seconds"]

    def _keep_empty_gradebook(self) -> None:
        """Keep a course whose gradebook has the assignment but no submission."""
        kept = self.starts / "gradebook"
        shutil.copytree(self.starts / "new", kept)
        shutil.copyfile(self.root / "gradebook.db", kept / "gradebook.db")
        with contextlib.closing(sqlite3.connect(kept / "gradebook.db")) as database:
            for table in ("grade", "comment", "submitted_notebook", "submitted_assignment", "student"):
                database.execute(f"DELETE FROM {table}")
            database.commit()

    def _enter(self, name: str) -> None:
        """Restore this state of the course."""
        shutil.rmtree(self.root, ignore_errors=True)
        known = self.starts / name
        shutil.copytree(known if known.is_dir() else self.starts / "new", self.root)

    # -- one run in a child --------------------------------------------------------------------------------

    def _undisturbed(self, seed: int, *, force: bool = False) -> dict[str, Any]:
        said = _ended(self._run(seed, force=force))
        if said.get("end") != "finished":
            raise Failure(f"without any fault it ended so: {said}")
        return said

    def _run(self, seed: int, *, force: bool = False, inject: Callable[[], None] = lambda: None) -> _Child:
        """Start `grade` in a child, which calls `inject` first."""
        read, write = os.pipe()
        pid = os.fork()
        if pid:
            os.close(write)
            return _Child(pid, read)
        try:
            os.close(read)
            said = self._said(seed, force=force, inject=inject)
            os.write(write, json.dumps(said).encode())
        finally:
            # After any exception or late signal, this child must not go on as the parent.
            os._exit(0)

    def _said(self, seed: int, *, force: bool, inject: Callable[[], None]) -> dict[str, Any]:
        """Grade in a child, and return how it ended."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        calls = _count_calls(self.root)
        said: dict[str, Any]
        try:
            inject()
            started = time.monotonic()
            report = grade(self.root, seed, force=force)
            said = {"end": "finished", "unchanged": report.unchanged}
        except Interrupted as stop:
            said = {"end": "interrupted", "message": str(stop)}
        except BusyError as error:
            said = {"end": "busy", "message": str(error)}
        except GraderFault as error:
            said = {"end": "fault", "message": str(error)}
        except (AutograderError, KeyboardInterrupt) as error:
            said = {"end": "other", "message": f"{type(error).__name__}: {error}"}
        except BaseException:  # noqa: BLE001 - told by the parent, with the faults that led to it
            said = {"end": "bug", "message": traceback.format_exc()}
        return said | {"calls": calls[0], "seconds": time.monotonic() - started}

    # -- chains --------------------------------------------------------------------------------------------

    def chain(self, number: int, faults: int) -> int:
        """Suffer at most this many faults, then grade without one; return how many there were.

        Raises:
            Failure: if something was lost; names the seed, the chain and its faults.
        """
        draw = random.Random(f"{self.seed}-{number}")
        start = draw.choices(STARTS, [s.weight for s in STARTS])[0]
        name, seed = target = draw.choice(start.targets)
        self._enter(start.enters)
        hand_in(self.target, WORKS[name], where=self.root)
        suffered: list[Fault] = []
        try:
            for _ in range(min(faults, draw.randint(2, 5))):
                detour = draw.random() < DETOURS and name == "first"
                used = draw.choice(SEEDS) if detour else seed
                fault = Fault(draw.choices(list(KINDS), list(KINDS.values()))[0], f"seed {used}")
                suffered.append(fault)
                force = start.force or draw.random() < DETOURS
                self._suffer(fault, used, force=force, draw=draw, usual=start.enters)
                self._nothing_half()
            self._undisturbed(seed)
            found = differences(State.of(self.root), self.due[target])
            if found:
                raise Failure(f"not as after an undisturbed run: {found}")
            if is_locked(self.root / "results" / SLUG):
                raise Failure("the lock is still held")
            if draw.random() < AGAIN and (said := self._undisturbed(seed))["unchanged"] != len(FIRST):
                raise Failure(f"what was done is done again: {said}")
        except AssertionError as failure:
            history = "; ".join(f"{f.kind} ({f.detail}) -> {f.said or 'killed'}" for f in suffered)
            raise Failure(
                f"seed {self.seed}, chain {number}, from {start.enters!r} to {target}: {failure}\nfaults: {history}"
            ) from failure
        self.chains += 1
        self.counts.update(f.kind for f in suffered)
        return len(suffered)

    def _nothing_half(self) -> None:
        """Check that every existing result without a mark has all its files and rows, and that they are right."""
        state, marked = State.of(self.root), half_done(self.root)
        for student in FIRST:
            result = result_of(self.root, student)
            if result is None or student in marked:
                continue
            name = "first" if result["submission_sha256"] == _sha256(FIRST[student], self.target) else "later"
            due, found = (s.of_student(student) for s in (self.due[name, result["seed"]], state))
            if found != due:
                wrong = sorted(k for k in due.keys() | found.keys() if due.get(k) != found.get(k))
                raise Failure(f"{student} has a result, but not all of the rest: {wrong}")

    def _suffer(self, fault: Fault, seed: int, *, force: bool, draw: random.Random, usual: str) -> None:
        act = getattr(self, "_" + fault.kind.replace(" ", "_").replace("-", "_"))
        act(
            fault,
            lambda inject=lambda: None: self._run(seed, force=force, inject=_in_batches(draw, inject)),
            draw,
            usual,
        )
        if fault.said.get("end") in {"bug", "other"}:
            raise Failure("the run ended in a way that it should not")

    # -- the kinds -----------------------------------------------------------------------------------------

    def _killed_at_a_call(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        at = draw.randint(1, self.calls[usual])
        fault.detail += f", call {at}"
        fault.said = _ended(run(lambda: _kill_at.append(at)))

    def _killed_at_a_time(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        after = draw.uniform(0, 1.1 * self.seconds[usual])
        fault.detail += f", after {after:.3f} s"
        child = run()
        if not child.ends_within(after):
            os.kill(child.pid, signal.SIGKILL)
        fault.said = _ended(child)

    def _killed_inside_a_write(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        size = int(10 ** draw.uniform(1, 5.6))
        fault.detail += f", after {size} bytes of a file"
        fault.said = _ended(run(lambda: _limit_files(size, signal.SIG_DFL)))

    def _file_too_large(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        size = int(10 ** draw.uniform(1, 5.6))
        fault.detail += f", after {size} bytes of a file"
        fault.said = _ended(run(lambda: _limit_files(size, signal.SIG_IGN)))
        self._names_the_place(fault)

    def _disk_full(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        left = draw.choice([0, 0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48])
        fault.detail += f", {left} pages left"
        with _filled(self.work, left):
            fault.said = _ended(run())
        self._names_the_place(fault)

    def _database_locked(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        if not (self.root / "gradebook.db").exists():
            fault.said = _ended(run(lambda: _kill_at.append(1)))
            return
        with _locked(self.root / "gradebook.db", draw.choice(["EXCLUSIVE", "IMMEDIATE"])):
            fault.said = _ended(run(lambda: _be_patient(0.1)))
        self._names_the_place(fault)

    def _database_locked_for_a_moment(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        if not (self.root / "gradebook.db").exists():
            fault.said = _ended(run(lambda: _kill_at.append(1)))
            return
        with _locked(self.root / "gradebook.db", "EXCLUSIVE"):
            child = run()
            child.ends_within(draw.uniform(0, 1.2 * self.seconds[usual]))
        fault.said = _ended(child)
        if fault.said.get("end") != "finished":
            raise Failure("it did not wait for the database")

    def _read_only(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        places = [self.root / n for n in ("gradebook.db", "results", "feedback", "autograded", ".")]
        place = draw.choice([p for p in places if p.exists()])
        fault.detail += f", {place.name or 'the course'}"
        with _bound_read_only(place):
            fault.said = _ended(run())
        self._names_the_place(fault)

    def _interrupted(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        number = draw.choice([signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
        times, after = draw.randint(1, 3), draw.uniform(0, 1.1 * self.seconds[usual])
        fault.detail += f", {times} times {number.name} after {after:.3f} s"
        child = run()
        if child.ends_within(after):
            fault.said = _ended(child)
            return
        started = time.monotonic()
        for _ in range(times):
            os.kill(child.pid, number)
            child.ends_within(draw.uniform(0, 0.02))
        fault.said = _ended(child)
        self.slowest_interrupt_s = max(self.slowest_interrupt_s, time.monotonic() - started)
        if fault.said.get("end") == "interrupted" and "Run the same command again" not in fault.said["message"]:
            raise Failure("the interrupted run does not say how to go on")
        if fault.said.get("end") == "other" and number == signal.SIGINT:
            # Before the batch begins, and after it has ended, Python's own KeyboardInterrupt is right.
            fault.said["end"] = "interrupted"

    def _two_at_the_same_time(self, fault: Fault, run: Run, draw: random.Random, usual: str) -> None:
        # The first one stops itself while it holds the lock, and goes on when the second has been refused.
        at = draw.randint(1, self.calls[usual])
        fault.detail += f", call {at}"
        first = run(lambda: _stop_at.append(at))
        stopped = first.stops()
        locked = stopped and is_locked(self.root / "results" / SLUG)
        second = _ended(run()) if locked else {"end": "busy", "message": f"process {first.pid}"}
        if stopped:
            os.kill(first.pid, signal.SIGCONT)
        fault.said = _ended(first)
        if fault.said.get("end") != "finished" or second.get("end") != "busy":
            raise Failure(f"two at once: the second says {second}")

    def _names_the_place(self, fault: Fault) -> None:
        """Check that a run that could not write names the place and the remedy, and that other runs are finished."""
        end, message = fault.said.get("end"), str(fault.said.get("message"))
        if end == "finished":
            return
        if end != "fault" or str(self.root) not in message or "run the command again" not in message:
            raise Failure("the message does not name the place and the remedy")


# -- children ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Child:
    pid: int
    pipe: int

    def ends_within(self, seconds: float) -> bool:
        """Wait this long for its end."""
        return bool(select.select([self.pipe], [], [], seconds)[0])

    def stops(self) -> bool:
        """Wait until it stops itself, or ends."""
        return os.WIFSTOPPED(os.waitpid(self.pid, os.WUNTRACED)[1])


def _ended(child: _Child) -> dict[str, Any]:
    """Wait for the end; return the child's report, empty if it was killed."""
    if not child.ends_within(ENDS_WITHIN_S):
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        os.close(child.pipe)
        raise Failure(f"a run did not end within {ENDS_WITHIN_S:g} s")
    with open(child.pipe, "rb") as pipe:
        said: dict[str, Any] = json.loads(pipe.read() or b"{}")
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child.pid, 0)
    return said


#: Set in a child: the call at which it kills or stops itself.
_kill_at: list[int] = []
_stop_at: list[int] = []


def _count_calls(root: Path) -> list[int]:
    """From now on, count the changes of the disk in this process, and act at the drawn call."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    count, prefix = [0], str(root)

    def tick(*_: object, **__: object) -> None:
        count[0] += 1
        if count[0] in _kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if count[0] in _stop_at:
            os.kill(os.getpid(), signal.SIGSTOP)

    def hook(name: str, arguments: tuple[Any, ...]) -> None:
        if name in _CALLS or (name == "open" and isinstance(arguments[0], str) and arguments[0].startswith(prefix)):
            tick()

    sys.addaudithook(hook)
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, tick)
    return count


def _in_batches(draw: random.Random, inject: Callable[[], None]) -> Callable[[], None]:
    """Let results also be committed a few at a time."""
    size = draw.choice([1, 2, 3, 50])

    def both() -> None:
        record.BATCH_SIZE = size
        inject()

    return both


def _limit_files(size: int, handler: signal.Handlers) -> None:
    signal.signal(signal.SIGXFSZ, handler)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _be_patient(seconds: float) -> None:
    opened.PATIENCE_S = seconds


@contextlib.contextmanager
def _locked(path: Path, how: str) -> Iterator[None]:
    """Hold a lock in another process: for SQLite, a parent's lock is also its children's."""
    mine, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            mine.close()
            database = sqlite3.connect(path, isolation_level=None, timeout=10)
            database.execute(f"BEGIN {how}")
            theirs.send(b"locked")
            theirs.recv(1)
        finally:
            os._exit(0)
    theirs.close()
    if mine.recv(6) != b"locked":
        raise Failure("the test itself could not lock the database")
    try:
        yield
    finally:
        # A process that was forked meanwhile holds this end too, so closing it would signal nothing.
        mine.send(b"x")
        mine.close()
        os.waitpid(pid, 0)


@contextlib.contextmanager
def _filled(disk: Path, pages: int) -> Iterator[None]:
    """Leave this many pages of a file system free."""
    filler = disk / "filler"
    free = os.statvfs(disk).f_bavail - pages
    try:
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free) * PAGE)
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def _bound_read_only(path: Path) -> Iterator[None]:
    subprocess.run(["mount", "--bind", str(path), str(path)], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(path)], check=True)
        yield
    finally:
        subprocess.run(["umount", str(path)], check=True)


def _sha256(work: dict[str, str] | bytes, target: TargetCourse) -> str:
    return hashlib.sha256(notebook_bytes(target, work)).hexdigest()
