"""What a worker's answer is read as when it is not of the right form."""

from __future__ import annotations

from autograder.sandbox.faults import StudentCrashed
from autograder.sentences import say

__all__ = ["wrong_answer"]


def wrong_answer() -> StudentCrashed:
    """Return the fault of a process whose answer is not of the right form."""
    return StudentCrashed(say("checks.answered-otherwise"))
