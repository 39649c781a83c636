"""A warm zygote in each tier, shared by the tests of a session: starting one takes seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.spec import Tier, WorkerLimits

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", params=[Tier.A, Tier.B], ids=["tier-A", "tier-B"])
def zygote(request: pytest.FixtureRequest) -> Iterator[ZygoteProcess]:
    """A zygote as a batch starts it, with the repository itself as the hidden course."""
    forbidden = ("torch.optim.Adam", "torch.optim._functional", "torch._fused_adam_", "torch.nn.init")
    with ZygoteProcess(request.param, hidden=[ROOT], forbidden=forbidden) as started:
        yield started


@pytest.fixture
def worker(zygote: ZygoteProcess) -> Iterator[Worker]:
    """A fresh confined worker."""
    limits = WorkerLimits(memory_bytes=3 << 30, cpu_s=20, file_bytes=8 << 20, processes=16)
    with zygote.spawn(limits) as spawned:
        yield spawned


@pytest.fixture
def run(worker: Worker) -> Callable[[str], dict[str, Any]]:
    """Run a cell in the worker and return its answer."""

    def run_cell(source: str, limit_s: float = 10.0) -> dict[str, Any]:
        request = {"source": source, "limit_s": limit_s, "limit_bytes": 100_000, "name": "cell 1"}
        answer = worker.channel.request("cell", request, limit_s + 5)
        assert isinstance(answer, dict)
        return answer

    return run_cell


@pytest.fixture(scope="module", params=[Tier.A, Tier.B], ids=lambda tier: f"tier-{tier.value}")
def zygotes(request: pytest.FixtureRequest) -> Iterator[list[ZygoteProcess]]:
    """Two zygotes, as of two judges."""
    with ZygoteProcess(request.param) as first, ZygoteProcess(request.param) as second:
        yield [first, second]
