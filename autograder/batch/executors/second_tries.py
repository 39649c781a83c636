"""Which submissions get a second try: those that lost a judge, and those that may do better alone."""

from __future__ import annotations

from collections import deque

from autograder.batch.task import Task
from autograder.engines.base import Finished
from autograder.verdict import Status

__all__ = ["SecondTries"]


class SecondTries:
    """The second tries of a batch: each submission has one at most for either reason."""

    def __init__(self) -> None:
        #: The tasks that are tried again when nothing else runs.
        self.alone: deque[Task] = deque()
        self._lost_codes: dict[str, list[int]] = {}
        self._again: set[str] = set()

    def last(self, task: Task) -> bool:
        """Whether a submission runs alone because it ran out of time beside others."""
        return task.student in self._again

    def alone_in_memory(self, task: Task) -> bool:
        """Whether it needs a fresh judge, and no other one that takes memory."""
        return task.student in self._lost_codes

    def waits(self, task: Task, finished: Finished) -> bool:
        """Whether a result does not count, because the submission waits for its try alone."""
        if not finished.alone or task.student in self._again:
            return False
        self._again.add(task.student)
        self.alone.append(task)
        if finished.grade.status is Status.UNGRADED:
            # What its own judge holds in memory may be why there was no room.
            self._lost_codes.setdefault(task.student, [])
        return True

    def lost(self, task: Task, code: int) -> list[int]:
        """Note that a submission lost its judge, and return the exit codes of all that it lost."""
        codes = self._lost_codes.setdefault(task.student, [])
        codes.append(code)
        return codes
