"""Run one check against one implementation, and say how it ended."""

from __future__ import annotations

import hashlib
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.student import Student, StudentCrashed, StudentError, StudentTimeout
from autograder.engines.hidden.accountant import PLAIN, Sentences
from autograder.engines.hidden.disclosure import known_type
from autograder.engines.hidden.fixtures import check_place
from autograder.errors import AutograderError, GraderFault
from autograder.sentences import Sentence, say
from autograder.verdict import NOT_IMPLEMENTED, Outcome, StudentFault

__all__ = ["Ending", "Enough", "ending_of", "fresh", "run_item"]

#: Faults of the machine or of this grader, which no answer can cause: never a verdict.
_OURS = (AutograderError, OSError, MemoryError, KeyboardInterrupt, SystemExit)

#: This many hex digits of a text's SHA-256 tell it from the other texts of its check.
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Ending:
    """How a check ended, with the public message and what a diagnosis needs."""

    outcome: Outcome
    message: Sentence = Sentence()  # noqa: RUF009 - it never changes
    diagnosis: str | None = None
    fault: StudentFault | None = None
    not_implemented: bool = False
    #: Whether the fault, if any, was raised in the notebook's own code.
    own: bool = True
    seconds: float = 0.0
    #: What the check itself raised, and where; only for its author, because it may hold hidden inputs.
    stumbled: str = ""

    @property
    def broken(self) -> bool:
        """Whether the copy of the notebook's state that was checked cannot be used any more."""
        return self.outcome in {Outcome.TIMEOUT, Outcome.CRASHED}


class Enough(BaseException):
    """Ends a check whose further answers nobody asks for; a check that catches exceptions does not catch it."""


#: What can end a fixture that calls a student's code, or requires something of an answer.
_VERDICTS = (StudentError, StudentTimeout, StudentCrashed, AssertionError, Enough, pytest.skip.Exception)


def run_item(item: pytest.Item, sentences: Sentences | None = None) -> Ending:
    """Set up, call and tear down a collected check through pytest's own hooks.

    With `sentences`, the message has only as many details as may be told; without, it has all.

    All fixtures are torn down with the check, also those of wider scope, so that nothing is left for the next check.

    Raises:
        GraderFault: if a fixture fails, and not because of the student's code.
        AutograderError, OSError, MemoryError: our own faults, untouched.
    """
    started = time.perf_counter()
    if not getattr(item, "_request", None):
        item._initrequest()  # type: ignore[attr-defined]  # noqa: SLF001 - what pytest's own protocol does
    try:
        error = _call(item, "setup")
        if error is not None and not isinstance(error, _VERDICTS):
            raise GraderFault(f"{item.nodeid} could not be set up ({type(error).__name__}: {error})")
        error = error or _call(item, "call")
        left = _call(item, "teardown", nextitem=None)
        if left is not None:
            raise GraderFault(f"{item.nodeid} could not be torn down ({type(left).__name__}: {left})")
    finally:
        item._request = False  # type: ignore[attr-defined]  # noqa: SLF001 - as above
        item.funcargs = None  # type: ignore[attr-defined]
    return ending_of(error, time.perf_counter() - started, sentences, check_place(item))


def _call(item: pytest.Item, when: str, **arguments: Any) -> BaseException | None:
    hook = getattr(item.ihook, f"pytest_runtest_{when}")
    try:
        hook(item=item, **arguments)
    except _OURS:
        raise
    except BaseException as error:  # noqa: BLE001 - pytest.fail and pytest.skip are no Exceptions
        # torch raises a plain RuntimeError for it, and a judge without memory is no verdict.
        if type(error) is RuntimeError and "can't allocate memory" in str(error):
            raise MemoryError(str(error)) from None
        return error
    return None


def ending_of(
    error: BaseException | None, seconds: float, sentences: Sentences | None = None, place: str = ""
) -> Ending:
    """Read what a check raised as a verdict with a public message.

    Args:
        error: what it raised, None if it passed.
        seconds: how long it took.
        sentences: what may be said; None if all may be said.
        place: the check's id; an author's sentence gets an id from it.
    """
    from autograder.checks.assertions import CheckFailure

    if error is None:
        return Ending(Outcome.PASSED, seconds=seconds)
    if isinstance(error, CheckFailure):
        told = error.message if sentences is None else sentences.told(error)
        return Ending(Outcome.FAILED, _placed(told, place), error.diagnosis, seconds=seconds)
    if isinstance(error, StudentError):
        if not error.own and not error.missing:
            # No line of the notebook raised it: the check did something that the answer does not allow. The type of
            # the exception is not told, because it would be told for each check.
            message = say("hidden.other-form-used")
            return Ending(Outcome.FAILED, message, None, error.fault, own=False, seconds=seconds)
        return Ending(
            Outcome.ERROR,
            _raised(error),
            NOT_IMPLEMENTED if error.not_implemented else None,
            error.fault,
            error.not_implemented,
            seconds=seconds,
        )
    if isinstance(error, StudentTimeout):
        return Ending(Outcome.TIMEOUT, say("hidden.timed-out", answer=error.reason), seconds=seconds)
    if isinstance(error, StudentCrashed):
        return Ending(Outcome.CRASHED, say("hidden.ended-process", cause=error.reason), seconds=seconds)
    if isinstance(error, AssertionError):
        # A plain assert shows the values that it compared, which are hidden; only the check's docstring is public.
        return Ending(Outcome.FAILED, PLAIN, seconds=seconds)
    if isinstance(error, (pytest.skip.Exception, Enough)):
        return Ending(Outcome.SKIPPED, say("hidden.not-applicable"), seconds=seconds)
    # The same check passed with the reference before anything was graded, so the cause is the form of the answer.
    return Ending(
        Outcome.FAILED,
        say("hidden.other-form-read"),
        seconds=seconds,
        stumbled=_place(error),
    )


def _place(error: BaseException) -> str:
    """Say what was raised, and in which line of which check."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).parent.name == "checks"] or frames
    where = f" in {Path(own[-1].filename).name}, line {own[-1].lineno}" if own else ""
    return f"{type(error).__name__}: {error}{where}"


def _placed(told: Sentence, place: str) -> Sentence:
    """Return an author's sentence with an id; a hash of the text follows, because a check may have several."""
    if told.id or not place:
        return told
    return Sentence(told, f"{place}#{hashlib.sha256(told.encode()).hexdigest()[:_DIGITS]}")


def _raised(error: StudentError) -> Sentence:
    if error.not_implemented:
        return say("hidden.stub")
    if error.missing:
        return say("hidden.missing-name")
    kind = known_type(error.fault.type)
    return say("hidden.raised", kind=kind) if kind else say("hidden.raised-an-exception")


def fresh(student: Student) -> tuple[Any, ...]:
    """Return what a stand-in recorded, and clear its transcript."""
    recorded = tuple(student.tools.transcript)
    student.tools.transcript.clear()
    return recorded
