"""CUDA starts between the layers of the sandbox, and afterwards the notebook cannot use what the start needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from simulation import Fault, simulate

from autograder.errors import DeviceFault
from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.spec import Tier, WorkerLimits
from autograder.sandbox.survey import survey_cuda

pytestmark = pytest.mark.sandbox

#: What only the start may do, and the error that the notebook gets later.
CLOSED = {
    "import socket\nsocket.socket(socket.AF_UNIX)": "PermissionError",
    "import os\nos.memfd_create('x')": "PermissionError",
    "open('/proc/self/task/%d/comm' % __import__('threading').get_native_id(), 'w')": "PermissionError",
    "open('/proc/devices').read()": "PermissionError",
    "open('/proc/sys/vm/mmap_min_addr').read()": "PermissionError",
    "open('/proc/1/status').read()": "PermissionError",
}


@pytest.fixture(scope="class", params=[Tier.A, Tier.B], ids=["A", "B"])
def worker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """A worker in which the simulated device has started, in each tier with a filter."""
    with pytest.MonkeyPatch.context() as patch:
        simulate(tmp_path_factory.mktemp("device"), patch)
        with ZygoteProcess(request.param, device="cuda") as zygote, zygote.spawn(WorkerLimits()) as worker:
            yield worker


def shown(worker: Worker, source: str) -> str:
    """Return what a cell printed, or the type of the exception that ended it."""
    request = {"source": source, "limit_s": 20.0, "limit_bytes": 1 << 20, "name": "c"}
    outputs = worker.channel.request("cell", request, 30.0)["outputs"]
    return "".join(str(o.get("text") or o.get("ename")) for o in outputs).strip()


class TestLayers:
    """In both tiers the device works in a cell, and nothing that its start needed is left open."""

    def test_the_device_works_and_says_what_it_is(self, worker: Worker) -> None:
        """The worker reported the device before any code of a notebook ran, and a cell computes there."""
        assert worker.ready is not None
        assert worker.ready.device["name"] == "simulated"
        assert shown(worker, "import torch\nprint((torch.ones(2, device='cuda') * 2).sum().item())") == "4.0"

    @pytest.mark.parametrize("source", CLOSED)
    def test_what_the_start_needs_is_closed_after_it(self, worker: Worker, source: str) -> None:
        """Sockets, files in memory and the driver's files in /proc are refused."""
        assert shown(worker, source) == CLOSED[source]

    def test_the_drivers_threads_are_filtered_too(self, worker: Worker) -> None:
        """A thread that ran before the filter was installed can make no socket either."""
        source = "import socket, torch\nprint(torch.cuda.in_drivers_thread(lambda: socket.socket().fileno()))"
        assert shown(worker, source).startswith("PermissionError")

    def test_the_drivers_threads_are_none_of_the_students(self, worker: Worker) -> None:
        """A notebook can start as many threads as on the CPU: its limit does not count the driver's."""
        count = WorkerLimits().processes - 1
        source = (
            "import threading\ngate = threading.Event()\nstarted = 0\n"
            f"for _ in range({count} - 2):\n    threading.Thread(target=gate.wait).start()\n    started += 1\n"
            "gate.set()\nprint(started)"
        )
        assert shown(worker, source) == str(count - 2)


@pytest.mark.parametrize("tier", [Tier.A, *(pytest.param(t, marks=pytest.mark.full) for t in (Tier.B, Tier.C))])
def test_a_device_that_does_not_start_is_said_with_the_remedy(
    tier: Tier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is the driver's, and no student is blamed."""
    simulate(tmp_path, monkeypatch, [Fault("no-start")])
    with (
        ZygoteProcess(tier, device="cuda", libraries=("torch",)) as zygote,
        pytest.raises(DeviceFault, match=rf"tier {tier}.*driver initialization failed.*--device cpu"),
    ):
        zygote.spawn(WorkerLimits())


@pytest.mark.full
def test_doctor_starts_the_device_in_each_tier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For each tier that can be set up it says what a worker found there, or why it found nothing."""
    simulate(tmp_path, monkeypatch)
    told = survey_cuda({Tier.A: None, Tier.B: "no Landlock", Tier.C: None})
    assert told == dict.fromkeys((Tier.A, Tier.C), "starts: simulated, 4.0 of 8.0 GiB free")
    simulate(tmp_path, monkeypatch, [Fault("no-start")])
    assert survey_cuda({Tier.C: None})[Tier.C].startswith("does NOT start: CUDA does not start in a worker of tier C")
