"""Where a batch is graded: what that place offers, and the executor that works there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.batch.executors.base import Executor, OnLost
from autograder.batch.executors.judge_process import patience_s
from autograder.batch.executors.local import JudgePool
from autograder.batch.options import BatchOptions
from autograder.engines.base import Engine, JudgeSetup
from autograder.errors import DeviceFault, UsageError
from autograder.sandbox.device import judges_on, resolve_device, share_for
from autograder.sandbox.probe import ProbeResult, choose_tier, prove_cuda
from autograder.sandbox.spec import Tier

__all__ = ["Site", "site_for", "tier_named"]


@dataclass(frozen=True, slots=True)
class Site:
    """This machine, or a cluster.

    `tiers` holds every tier that a result from there may have, strongest first: machines of a cluster may differ.
    `executor` makes the executor from the setup, the judges' log, the folder for their temporary files here, and a
    function that makes the result of a lost submission.
    """

    device: str
    tiers: tuple[Tier, ...]
    executor: Callable[[JudgeSetup, Path, Path, OnLost], Executor]
    #: What the person who runs the batch has to know about the choice.
    remark: str = ""

    @property
    def weakest(self) -> Tier:
        """The tier that every machine there has at least."""
        return self.tiers[-1]


@contextlib.contextmanager
def site_for(engine: Engine, options: BatchOptions) -> Iterator[Site]:
    """Look at this machine, or connect to the cluster.

    Raises:
        UsageError: if it cannot do what the options ask for.
        DeviceFault: if they ask for a GPU that does not start.
    """
    minimum = tier_named(options.min_tier)
    device = _device(engine, options.device)
    if options.executor == "local":
        device, found, remark = _here(device, minimum)
        tier = found.tier

        def local(setup: JudgeSetup, log: Path, scratch: Path, on_lost: OnLost) -> Executor:
            jobs = options.jobs or os.cpu_count() or 1
            if device == "cuda":
                jobs = options.jobs or min(jobs, judges_on(found.device))
                setup = replace(setup, share=share_for(found.device, jobs))
            return JudgePool(setup, jobs, log, patience_s(engine.submission_s, device), on_lost, scratch)

        yield Site(device, (tier,), local, remark)
        return
    from autograder.batch.executors.dask.connect import connect
    from autograder.batch.executors.dask.executor import DaskExecutor

    with connect(options.scheduler, options.tls, device, minimum) as cluster:

        def on_cluster(setup: JudgeSetup, log: Path, _scratch: Path, on_lost: OnLost) -> Executor:
            return DaskExecutor(cluster, engine, setup, options.jobs, log, on_lost)

        yield Site(cluster.device, cluster.tiers, on_cluster)


def _here(wanted: str, minimum: Tier) -> tuple[str, ProbeResult, str]:
    """Return this machine's device, what it offers, and a remark on that.

    A GPU is tried in a worker before anything is graded. If it does not start there, and was not asked for by name,
    the CPU is used.

    Raises:
        DeviceFault: if it was asked for.
        UsageError: if there is none, or the machine's isolation is too weak.
    """
    device = resolve_device(wanted)
    if device == "cpu":
        return device, choose_tier(minimum), ""
    try:
        return device, prove_cuda(minimum), ""
    except DeviceFault as fault:
        if wanted == "cuda":
            raise
        return "cpu", choose_tier(minimum), f"Graded on the CPU, though there is a GPU: {fault}"


def _device(engine: Engine, wanted: str) -> str:
    """Return the device to use; what was asked for where there is a choice, also `auto`."""
    if wanted == "cuda" and "cuda" not in engine.devices:
        raise UsageError(
            f"{engine.assignment.slug!r} is graded by the tests in its notebooks, and those run on the CPU. "
            "Leave --device out."
        )
    return wanted if len(engine.devices) > 1 else next(iter(engine.devices))


def tier_named(name: str) -> Tier:
    """Return the tier of that name.

    Raises:
        UsageError: if there is none.
    """
    try:
        return Tier(name.upper())
    except ValueError:
        raise UsageError(f"--min-tier {name!r}: there are the tiers A, B and C.") from None
