"""Where submissions are graded: on this machine, or on others."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol

from autograder.batch.task import Task
from autograder.engines.base import Finished, Started, Warming, Work
from autograder.sentences import Sentence

__all__ = ["Executor", "OnLost"]


class OnLost(Protocol):
    """Makes the result of a submission that lost its judges."""

    def __call__(self, work: Work, reason: Sentence, *, broken: bool = False) -> Finished:
        """Return it; `broken` says that the submission itself breaks every judge."""


class Executor(Protocol):
    """Grades submissions and writes nothing.

    Every task ends in exactly one `Finished`; a submission that is lost through our own failure ends as `ungraded`.
    `Started` and `Warming` are for the progress display; an executor that does not know them leaves them out.
    """

    def run(self, tasks: Sequence[Task]) -> Generator[Started | Warming | Finished]:
        """Yield results as they come, in no order; closing the iterator ends all work, at once.

        Raises:
            AssignmentError: if the hidden checks themselves are wrong.
            GraderFault: if nothing can be graded at all.
        """
