"""The fault of a worker whose answer has the wrong form."""

from __future__ import annotations

from autograder.sandbox.faults import StudentCrashed
from autograder.sentences import say

__all__ = ["wrong_answer"]


def wrong_answer() -> StudentCrashed:
    """Return the fault to raise when an answer of the student's process has the wrong form."""
    return StudentCrashed(say("checks.answered-otherwise"))
