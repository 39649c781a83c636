"""How a student's code can fail to answer: what stand-ins raise, and what becomes of a check then."""

from __future__ import annotations

from autograder.verdict import StudentFault

__all__ = ["StudentCrashed", "StudentError", "StudentTimeout"]


class StudentError(Exception):
    """The student's code raised, or, unless it is its `own`, what it answered could not be used as a check uses it."""

    def __init__(
        self, fault: StudentFault, *, not_implemented: bool = False, missing: bool = False, own: bool = True
    ) -> None:
        super().__init__(f"{fault.type}: {fault.message}")
        self.fault = fault
        self.not_implemented = not_implemented
        self.missing = missing
        self.own = own


class StudentTimeout(Exception):
    """The student's code did not end within the limit of its check."""


class StudentCrashed(Exception):
    """The student's process died, or broke the protocol; the message says which."""
