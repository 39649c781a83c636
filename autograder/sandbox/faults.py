"""How a student's code can fail to answer: what stand-ins raise, and what becomes of a check then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.verdict import StudentFault

__all__ = ["StudentCrashed", "StudentError", "StudentTimeout", "claimed_text", "fault_from_wire"]

_MAX_LINE = 1_000_000


class StudentError(Exception):
    """The student's code raised, or, unless it is its `own`, what it answered could not be used as a check uses it.

    Example:
        >>> try:
        ...     student.positive_root(-1.0)
        ... except StudentError as error:
        ...     error.fault.type
        'ValueError'
    """

    def __init__(
        self, fault: StudentFault, *, not_implemented: bool = False, missing: bool = False, own: bool = True
    ) -> None:
        super().__init__(f"{fault.type}: {fault.message}")
        self.fault = fault
        self.not_implemented = not_implemented
        self.missing = missing
        self.own = own


class StudentTimeout(Exception):
    """The student's code did not end within the limit of its check.

    Example:
        >>> raise StudentTimeout("no answer within 5 s")
        Traceback (most recent call last):
            ...
        autograder.sandbox.faults.StudentTimeout: no answer within 5 s
    """


class StudentCrashed(Exception):
    """The student's process died, or broke the protocol; the message says which.

    Example:
        >>> raise StudentCrashed("the process ended before it answered")
        Traceback (most recent call last):
            ...
        autograder.sandbox.faults.StudentCrashed: the process ended before it answered
    """


def fault_from_wire(error: Mapping[str, Any]) -> StudentFault:
    """Read the worker's description of an exception; every field of it is a claim of the right type."""
    line = error.get("line")
    return StudentFault(
        type=claimed_text(error.get("type"), 200) or "Exception",
        message=claimed_text(error.get("message")),
        cell=claimed_text(error.get("cell"), 200) or None,
        line=line if type(line) is int and 0 < line < _MAX_LINE else None,
        source=claimed_text(error.get("source"), 500) or None,
    )


def claimed_text(value: object, limit: int = 2000) -> str:
    """Return a text that a worker sent, cut; empty if it is none."""
    return value[:limit] if isinstance(value, str) else ""
