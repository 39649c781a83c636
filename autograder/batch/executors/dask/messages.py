"""What coordinator and dask workers say to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.batch.executors.dask.bundle import Bundle
from autograder.engines.base import Finished, JudgeSetup
from autograder.sandbox.spec import Tier

__all__ = ["Answer", "Lost", "Offer", "Order", "Unprepared", "Unusable"]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a dask worker is and has."""

    host: str
    threads: int
    resources: Mapping[str, float]
    versions: Mapping[str, str]
    tier: Tier
    #: Why no stronger tier could be set up.
    weakness: str
    #: Why there is no CUDA; None if there is, or if the worker has no resource GPU and was not asked.
    no_cuda: str | None
    #: The strongest tier in which CUDA starts inside a worker; None where there is no CUDA.
    cuda_tier: Tier | None = None

    def tier_on(self, device: str) -> Tier:
        """Return the tier of what is graded there on a device."""
        return self.cuda_tier if device == "cuda" and self.cuda_tier is not None else self.tier


@dataclass(frozen=True, slots=True)
class Order:
    """All that a dask worker needs to know of a batch; `key` is new for every batch.

    `setup` is what judges on the coordinator's machine would be told.
    """

    key: str
    bundle: Bundle
    setup: JudgeSetup
    submission_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict; `said` is what the judge wrote meanwhile about its own faults."""

    finished: Finished
    said: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """The judge died or hung while it graded this submission."""

    reason: str
    worker: str
    said: str = ""
    code: int = 0


@dataclass(frozen=True, slots=True)
class Unprepared:
    """The dask worker does not know this batch: it is new, was restarted, or had nothing to do for long."""

    worker: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """No judge can be started there; `final` if the assignment's own files are to blame."""

    worker: str
    problem: str
    final: bool
    said: str = ""
