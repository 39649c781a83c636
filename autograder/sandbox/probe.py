"""Find the tier that this machine offers by setting each one up, not by reading versions."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import DeviceFault, SandboxError, SandboxLate, UsageError
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier, WorkerLimits

__all__ = ["ProbeResult", "choose_tier", "probe", "prove_cuda", "try_cuda"]

_REMEDY = (
    "Allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, or "
    "kernel.apparmor_restrict_unprivileged_userns=0; in a container run with --security-opt seccomp=unconfined) "
    "for tier A, use Linux 5.13 or newer with Landlock for tier B, or accept less with --min-tier {tier}."
)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The strongest tier that could be set up, and why the stronger ones could not.

    `device` is what a worker found out about its GPU, see `autograder.sandbox.worker.cuda.start`; empty on the CPU.
    """

    tier: Tier
    problems: tuple[tuple[Tier, str], ...]
    device: Mapping[str, Any] = field(default_factory=dict)


@functools.cache
def probe() -> ProbeResult:
    """Set up a zygote without torch and one worker in each tier, strongest first, until one works."""
    problems: list[tuple[Tier, str]] = []
    for tier in (Tier.A, Tier.B):
        if not sys.platform.startswith("linux"):
            problems.append((tier, f"{sys.platform} has no namespaces, Landlock or seccomp"))
            continue
        try:
            _set_up(tier)
            return ProbeResult(tier, tuple(problems))
        except SandboxError as error:
            problems.append((tier, str(error)))
    return ProbeResult(Tier.C, tuple(problems))


def _set_up(tier: Tier) -> None:
    """Set one worker up, with patience for a machine that is busy with other things.

    Raises:
        SandboxError: if that fails.
    """
    for last in (False, False, True):
        try:
            with ZygoteProcess(tier, warm=False) as zygote, zygote.spawn(WorkerLimits()):
                return
        except SandboxLate:
            if last:
                raise


def prove_cuda(minimum: Tier) -> ProbeResult:
    """Start CUDA inside a worker of each tier down to `minimum`, strongest first, until it starts.

    Takes seconds: torch is loaded for it.

    Raises:
        DeviceFault: if it starts in no tier; says why, and what to do.
        UsageError: if no tier down to `minimum` can be set up at all.
    """
    strongest = choose_tier(minimum)
    problems = list(strongest.problems)
    memory = False
    for tier in Tier:
        if not strongest.tier.satisfies(tier) or not tier.satisfies(minimum):
            continue
        try:
            return ProbeResult(tier, tuple(problems), try_cuda(tier))
        except SandboxError as error:
            problems.append((tier, str(error)))
            memory = memory or (isinstance(error, DeviceFault) and error.memory)
    told = "; ".join(f"tier {tier.value}: {problem}" for tier, problem in problems[len(strongest.problems) :])
    raise DeviceFault(f"CUDA can be used in no worker here, and nothing was graded. {told}.", memory=memory)


def try_cuda(tier: Tier) -> Mapping[str, Any]:
    """Start CUDA inside a worker of one tier; return what it found out about the device.

    Raises:
        SandboxError: if it does not start.
    """
    with ZygoteProcess(tier, device="cuda", libraries=("torch",)) as zygote, zygote.spawn(WorkerLimits()) as worker:
        return {} if worker.ready is None else worker.ready.device


def choose_tier(minimum: Tier) -> ProbeResult:
    """Return the strongest tier.

    Raises:
        UsageError: if it is weaker than `minimum`; says what failed and what to do.
    """
    found = probe()
    if not found.tier.satisfies(minimum):
        reasons = "; ".join(f"tier {tier.value}: {problem}" for tier, problem in found.problems)
        remedy = _REMEDY.format(tier=found.tier.value)
        raise UsageError(
            f"This machine offers isolation of tier {found.tier.value} ({found.tier.explanation}), "
            f"less than the required tier {minimum.value}. {reasons}. {remedy}"
        )
    return found
