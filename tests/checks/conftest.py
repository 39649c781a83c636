"""Cells in real workers and in this process; a check cannot tell the two apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import pytest

from autograder.checks.student import LocalTransport, RemoteTransport, Student
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier, WorkerLimits

Start = Callable[..., Student]


@pytest.fixture(scope="session")
def zygote() -> Iterator[ZygoteProcess]:
    """A warm zygote in tier B: a machine may lack the namespaces of tier A."""
    with ZygoteProcess(Tier.B, hidden=[], forbidden=()) as started:
        yield started


@pytest.fixture
def in_worker(zygote: ZygoteProcess) -> Iterator[Start]:
    """Run cells in real workers, and return stand-ins for what they defined."""
    stack = ExitStack()

    def start(
        source: str, parameters: Mapping[str, Sequence[str]] | None = None, forbidden: Sequence[str] = ()
    ) -> Student:
        limits = WorkerLimits(memory_bytes=3 << 30, cpu_s=30, file_bytes=32 << 20, processes=16)
        worker = stack.enter_context(zygote.spawn(limits))
        cell = {"source": source, "limit_s": 20.0, "limit_bytes": 100_000, "name": "cell 1"}
        assert worker.channel.request("cell", cell, 30)["error"] is None
        copy = worker.copy({"scene": None, "exercise": "", "forbidden": list(forbidden)}, 10.0)
        transport = RemoteTransport(copy, 30.0, listed=bool(forbidden))
        transport.restart_clock(30.0)
        return Student(transport, parameters or {})

    with stack:
        yield start


@pytest.fixture(params=["local", "remote"])
def defined(request: pytest.FixtureRequest) -> Start:
    """Return a function that makes a stand-in for a notebook, on each of the two transports."""
    if request.param == "remote":
        start: Start = request.getfixturevalue("in_worker")
        return start

    def here(source: str, parameters: Mapping[str, Sequence[str]] | None = None) -> Student:
        namespace: dict[str, Any] = {}
        exec(source, namespace)
        return Student(LocalTransport(namespace), parameters or {})

    return here
