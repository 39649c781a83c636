"""What the probe says of a machine that is busy with other things."""

from __future__ import annotations

import pytest

from autograder.errors import SandboxLate
from autograder.sandbox import probe as probing
from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.spec import WorkerLimits

pytestmark = pytest.mark.sandbox


def test_a_busy_machine_is_not_taken_for_a_weak_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is late twice and then in time still shows the real tier."""
    asked = 0

    class Busy(ZygoteProcess):
        def spawn(self, limits: WorkerLimits, *, bare: bool = False) -> Worker:
            nonlocal asked
            asked += 1
            if asked <= 2:
                raise SandboxLate("busy")
            return super().spawn(limits, bare=bare)

    expected = probing.probe()
    monkeypatch.setattr(probing, "ZygoteProcess", Busy)
    found = probing.probe.__wrapped__()
    assert found.tier is expected.tier
    assert asked >= 3
