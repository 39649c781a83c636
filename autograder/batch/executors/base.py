"""Where submissions are graded: on this machine, or on others."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol

from autograder.batch.task import Task
from autograder.engines.base import Finished, Started

__all__ = ["Executor"]


class Executor(Protocol):
    """Grades submissions and writes nothing.

    Every task ends in exactly one `Finished`; one that is lost for reasons of our own ends as `ungraded`.
    `Started` is for those who watch: an executor that does not know when a submission begins leaves it out.
    """

    def run(self, tasks: Sequence[Task]) -> Generator[Started | Finished]:
        """Yield results as they come, in no order; closing the iterator ends all work, at once.

        Raises:
            AssignmentError: if the hidden checks themselves are wrong.
            GraderFault: if nothing can be graded at all.
        """
