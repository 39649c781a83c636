"""Run one check against one implementation, and say how it ended."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.student import Student, StudentCrashed, StudentError, StudentTimeout
from autograder.engines.hidden.accountant import Sentences
from autograder.engines.hidden.disclosure import known_type
from autograder.errors import AutograderError, GraderFault
from autograder.verdict import NOT_IMPLEMENTED, Outcome, StudentFault

__all__ = ["Ending", "Enough", "ending_of", "fresh", "run_item"]

#: Faults of the machine or of this grader, whatever a student answered: never a verdict.
_OURS = (AutograderError, OSError, MemoryError, KeyboardInterrupt, SystemExit)

#: What a student's code can cause in a fixture that calls it.
_VERDICTS = (StudentError, StudentTimeout, StudentCrashed, pytest.skip.Exception)

_FORM = "Your answer has another form than the one that is asked for"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a check ended, with the public message and what points to a diagnosis."""

    outcome: Outcome
    message: str = ""
    diagnosis: str | None = None
    fault: StudentFault | None = None
    not_implemented: bool = False
    #: Whether the fault, if there is one, was raised in the notebook's own code.
    own: bool = True
    seconds: float = 0.0
    #: What the check itself raised and where, for its author alone: it may hold hidden inputs.
    stumbled: str = ""

    @property
    def broken(self) -> bool:
        """Whether the copy of the notebook's state that was checked is of no more use."""
        return self.outcome in {Outcome.TIMEOUT, Outcome.CRASHED}


class Enough(BaseException):
    """Ends a check whose further answers nobody asks for; a check that catches exceptions does not catch it."""


def run_item(item: pytest.Item, sentences: Sentences | None = None) -> Ending:
    """Set up, call and tear down a collected check through pytest's own hooks.

    With `sentences` no more is said than there is room for; without, all is.

    Every fixture goes down with its check, those of wider scope too: whatever the next check is, and whoever's
    code it looks at, nothing of this one is left.

    Raises:
        GraderFault: if a fixture fails for another reason than the student's code.
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
    return ending_of(error, time.perf_counter() - started, sentences)


def _call(item: pytest.Item, when: str, **arguments: Any) -> BaseException | None:
    hook = getattr(item.ihook, f"pytest_runtest_{when}")
    try:
        hook(item=item, **arguments)
    except _OURS:
        raise
    except BaseException as error:  # noqa: BLE001 - pytest.fail and pytest.skip are no Exceptions
        # torch has no type of its own for it, and a judge without memory is no verdict.
        if type(error) is RuntimeError and "can't allocate memory" in str(error):
            raise MemoryError(str(error)) from None
        return error
    return None


def ending_of(error: BaseException | None, seconds: float, sentences: Sentences | None = None) -> Ending:
    """Read what a check raised as a verdict with a public message."""
    from autograder.checks.assertions import CheckFailure

    if error is None:
        return Ending(Outcome.PASSED, seconds=seconds)
    if isinstance(error, CheckFailure):
        told = error.message if sentences is None else sentences.told(error)
        return Ending(Outcome.FAILED, told, error.diagnosis, seconds=seconds)
    if isinstance(error, StudentError):
        if not error.own and not error.missing:
            # No line of the notebook had a part in it: the check did something that the answer does not allow.
            # Which one it was would be told for each check.
            message = f"{_FORM} (an exception while it was used)."
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
        return Ending(Outcome.TIMEOUT, f"Your code gave {error}.", seconds=seconds)
    if isinstance(error, StudentCrashed):
        return Ending(Outcome.CRASHED, f"Your code ended its own Python process: {error}.", seconds=seconds)
    if isinstance(error, AssertionError):
        # A plain assert shows the values it compared: they stay here, the docstring is public.
        return Ending(Outcome.FAILED, "Your answer does not meet this check.", seconds=seconds)
    if isinstance(error, (pytest.skip.Exception, Enough)):
        return Ending(Outcome.SKIPPED, "This check does not apply here.", seconds=seconds)
    # The same check passed on the reference before anything was graded, so it is the answer's form that the
    # check stumbled over.
    return Ending(
        Outcome.FAILED,
        f"{_FORM} (an exception while reading it).",
        seconds=seconds,
        stumbled=_place(error),
    )


def _place(error: BaseException) -> str:
    """Say what was raised, and in which line of which check."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).parent.name == "checks"] or frames
    where = f" in {Path(own[-1].filename).name}, line {own[-1].lineno}" if own else ""
    return f"{type(error).__name__}: {error}{where}"


def _raised(error: StudentError) -> str:
    if error.not_implemented:
        return "The stub is still there: nothing was computed."
    if error.missing:
        return "Your notebook does not define this name any more, or the cell that defines it failed."
    return f"Your code raised {known_type(error.fault.type) or 'an exception'}."


def fresh(student: Student) -> tuple[Any, ...]:
    """Return and forget what a stand-in recorded."""
    recorded = tuple(student.tools.transcript)
    student.tools.transcript.clear()
    return recorded
