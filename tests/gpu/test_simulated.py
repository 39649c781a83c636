"""No fault of a device is a student's: a simulated one fails on demand."""

from __future__ import annotations

from pathlib import Path

import pytest
from course_fixture import Classroom, make_classroom
from simulation import Fault, simulate

from autograder.batch.executors import choose
from autograder.errors import DeviceFault
from autograder.sandbox.probe import ProbeResult
from autograder.sandbox.spec import Tier
from autograder.verdict import Status

pytestmark = pytest.mark.sandbox


@pytest.fixture
def unproven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the device for granted before the batch: judges try it themselves."""
    monkeypatch.setattr(choose, "prove_cuda", lambda _: ProbeResult(Tier.A, ()))


@pytest.fixture(scope="class")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A course of its own for the tests of one class."""
    return make_classroom(tmp_path_factory.mktemp("room") / "course")


@pytest.mark.usefixtures("unproven")
class TestFaults:
    """Whatever the device does, a right notebook is graded in full or not at all."""

    @pytest.mark.parametrize(
        ("fault", "status"),
        [
            pytest.param(Fault("memory", "to-device", 3), Status.UNGRADED, id="no memory for an input"),
            pytest.param(Fault("memory", "sqrt"), Status.UNGRADED, id="no memory within a function"),
            pytest.param(Fault("memory", "to-host", 5), Status.UNGRADED, id="no memory on the way back"),
            pytest.param(Fault("assert", "sqrt"), Status.UNGRADED, id="an assertion on the device"),
            pytest.param(Fault("lost", "to-device", 20), Status.UNGRADED, id="lost between two exercises"),
            pytest.param(Fault("abort", "sqrt", workers=(2,)), Status.GRADED, id="the driver ends one process"),
            pytest.param(Fault("lost", "sqrt", workers=(2,)), Status.GRADED, id="lost once"),
            pytest.param(Fault("no-start", workers=(3, 4, 5, 6, 7, 8)), Status.GRADED, id="no second start needed"),
        ],
    )
    def test_no_fault_is_the_students(
        self, fault: Fault, status: Status, room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ungraded with the remedy where it lasts; graded in full where another process does better."""
        room.hand_in("a", room.solved())
        simulate(tmp_path, monkeypatch, [fault])
        grade = room.grades(device="cuda", jobs=1, force=True)["a"]
        assert grade.status is status
        if status is Status.GRADED:
            assert grade.score == grade.max_score
        else:
            assert grade.reason is not None
            assert "--device cpu" in grade.reason

    def test_a_batch_stops_before_its_first_submission(
        self, room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A device that starts in no worker of a judge's ends the batch with the reason and what to do."""
        room.hand_in("never", room.solved())
        simulate(tmp_path, monkeypatch, [Fault("no-start")])
        with pytest.raises(DeviceFault, match=r"driver initialization failed.*doctor.*--device cpu"):
            room.grade(device="cuda", jobs=2)
        assert not (room.root / "results" / "optimizers" / "never.json").exists()
