"""No fault of a device is blamed on a student: a simulated device fails on demand."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from course_fixture import Classroom, make_classroom
from simulation import Fault, simulate

from autograder.batch.executors import choose
from autograder.errors import DeviceFault
from autograder.sandbox.probe import ProbeResult
from autograder.sandbox.spec import Tier
from autograder.verdict import Status

pytestmark = pytest.mark.sandbox


#: Like others that `make test` runs.
FULL = pytest.mark.full


@pytest.fixture
def unproven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip the test of the device before the batch: judges try it themselves."""
    monkeypatch.setattr(choose, "prove_cuda", lambda _: ProbeResult(Tier.A, ()))


@pytest.fixture(scope="class")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A course of its own for the tests of one class."""
    return make_classroom(tmp_path_factory.mktemp("room") / "course")


@pytest.mark.usefixtures("unproven")
class TestFaults:
    """With any fault of the device, a right notebook is graded in full or not at all."""

    @pytest.mark.parametrize(
        ("fault", "status"),
        [
            pytest.param(Fault("memory", "to-device", 3), Status.UNGRADED, id="no memory for an input", marks=FULL),
            pytest.param(Fault("memory", "sqrt"), Status.UNGRADED, id="no memory within a function", marks=FULL),
            pytest.param(Fault("memory", "to-host", 5), Status.UNGRADED, id="no memory on the way back", marks=FULL),
            pytest.param(Fault("assert", "sqrt"), Status.UNGRADED, id="an assertion on the device", marks=FULL),
            pytest.param(Fault("lost", "to-device", 4), Status.UNGRADED, id="lost between two exercises", marks=FULL),
            pytest.param(Fault("abort", "sqrt", workers=(1,)), Status.GRADED, id="the driver ends one process"),
            pytest.param(Fault("lost", "sqrt", workers=(1,)), Status.GRADED, id="lost once", marks=FULL),
        ],
    )
    def test_no_fault_is_the_students(
        self, fault: Fault, status: Status, room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ungraded with the remedy if the fault lasts; graded in full if another process has none."""
        room.hand_in("a", room.solved())
        simulate(tmp_path, monkeypatch, [fault])
        grade = room.grades(device="cuda", jobs=1, students=("a",), force=True)["a"]
        assert grade.status is status
        if status is Status.GRADED:
            assert grade.score == grade.max_score
        else:
            assert grade.reason is not None
            assert "--device cpu" in grade.reason

    @pytest.mark.full
    def test_what_found_no_memory_is_tried_once_more_alone(
        self, room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A fresh judge gets it when all others are done; if it finds memory then, it is graded in full."""
        room.hand_in("a", room.solved())
        simulate(tmp_path, monkeypatch, [Fault("memory", "sqrt")], judges=1)
        grade = room.grades(device="cuda", jobs=1, students=("a",), force=True)["a"]
        assert (grade.status, grade.score) == (Status.GRADED, grade.max_score)
        assert (tmp_path / "judges").read_bytes() == bytes(2)

    def test_a_batch_stops_before_its_first_submission(
        self, room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A device that starts in no worker of a judge ends the batch with the reason and the remedy."""
        room.hand_in("never", room.solved())
        simulate(tmp_path, monkeypatch, [Fault("no-start")])
        with pytest.raises(DeviceFault, match=r"driver initialization failed.*doctor.*--device cpu"):
            room.grade(device="cuda", jobs=2, students=("never",))
        assert not (room.root / "results" / "optimizers" / "never.json").exists()

    @pytest.mark.parametrize("kind", ["right", pytest.param("stub", marks=FULL)])
    def test_one_run_of_the_notebook_is_enough(
        self, kind: str, room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Right exercises and exercises that were never begun need no second process, which would not start here."""
        room.hand_in(kind, room.solved() if kind == "right" else room.template)
        simulate(tmp_path, monkeypatch, [Fault("no-start", workers=tuple(range(2, 40)))])
        grade = room.grades(device="cuda", jobs=1, students=(kind,), force=True)[kind]
        assert grade.status is Status.GRADED
        assert grade.score == (grade.max_score if kind == "right" else 0)

    @FULL
    def test_a_notebook_without_time_for_more_runs_keeps_its_points(
        self, room: Classroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Wrong exercises need another run each; if there is no time for it, the first outcome counts."""
        hurried = make_classroom(tmp_path / "course")
        file = hurried.assignment.public_dir / "assignment.toml"
        file.write_text(file.read_text(encoding="utf-8").replace("submission_s = 60.0", "submission_s = 12.0"))
        notebook = hurried.solved("misconceptions/in_place")
        slow = {**notebook.cells[-1], "id": "slow", "cell_type": "code", "source": "import time\ntime.sleep(8)"}
        notebook.cells.append({**slow, "outputs": [], "execution_count": None, "metadata": {}})
        hurried.hand_in("a", nbformat.from_dict(notebook))
        simulate(tmp_path, monkeypatch)
        due = hurried.grades(device="cpu", jobs=1)["a"]
        found = hurried.grades(device="cuda", jobs=1)["a"]
        assert sum(e.score < e.max_score for e in due.exercises) > 3
        assert 0 < found.score == due.score


@FULL
def test_without_a_name_a_gpu_that_does_not_start_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--device auto` grades on the CPU and says why; `--device cuda` ends at once."""
    room = make_classroom(tmp_path / "course")
    room.hand_in("a", room.solved())
    simulate(tmp_path, monkeypatch, [Fault("no-start")])
    with pytest.raises(DeviceFault, match=r"nothing was graded.*driver initialization failed.*--device cpu"):
        room.grade(device="cuda", jobs=1, min_tier="A")
    report = room.grade(device="auto", jobs=1, min_tier="A")
    (grade,) = report.grades
    assert (grade.device, grade.score) == ("cpu", grade.max_score)
    assert "driver initialization failed" in report.remarks[0]
