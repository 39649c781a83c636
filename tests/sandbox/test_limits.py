"""Which limit a notebook ran into, told apart by how it ended."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from autograder.course.assignment import Limits
from autograder.engines.hidden.disclosure import limit_reached
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.session import CellOutcome, Session, SessionLimits
from autograder.sandbox.spec import WorkerLimits
from autograder.sentences import Sentence
from autograder.verdict import StudentFault

pytestmark = pytest.mark.sandbox


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    index: int
    name: str
    source: str


def outcome_of(zygote: ZygoteProcess, source: str, worker: WorkerLimits, cell_s: float = 8.0) -> CellOutcome:
    """Run one cell and return what became of it; the cell after it must still run."""
    limits = SessionLimits(cell_s=cell_s, check_s=2.0, submission_s=90.0, output_bytes=10_000, worker=worker)
    session = Session(zygote, limits, [Cell(0, "first", source), Cell(1, "second", "print(1)")])
    try:
        session.run()
        assert session.outcomes[1].fault is None or session.outcomes[1].fault.type == "ProcessorTime"
        return session.outcomes[0]
    finally:
        session.close()


def named(outcome: CellOutcome) -> str | None:
    """Return the sentence about a limit."""
    assert outcome.fault is not None
    return limit_reached(outcome.fault, Limits(cpu_s=1, memory_mib=2048))


def test_how_a_cell_ended_its_process_is_said_with_its_code(zygote: ZygoteProcess) -> None:
    """The sentence knows the code, so that it can be said in another language."""
    outcome = outcome_of(zygote, "import os\nos._exit(3)", WorkerLimits())
    assert outcome.fault is not None
    said = outcome.fault.message
    assert isinstance(said, Sentence)
    assert (said.id, said.values) == ("sandbox.cell-ended-with-code", {"code": 3})


def test_a_cells_time_is_said_by_the_judge(zygote: ZygoteProcess) -> None:
    """The worker's word that it was late is put into our sentence."""
    outcome = outcome_of(zygote, "while True:\n    pass", WorkerLimits(cpu_s=60), cell_s=0.5)
    assert outcome.fault is not None
    said = outcome.fault.message
    assert isinstance(said, Sentence)
    assert (said, said.id) == ("this cell ran longer than 0.5 s", "sandbox.cell-late")


def test_processor_time(zygote: ZygoteProcess) -> None:
    """A cell that computes too long is interrupted and told so."""
    outcome = outcome_of(zygote, "while True:\n    pass", WorkerLimits(cpu_s=1))
    assert re.fullmatch(
        r"Your code reached the limit on processor time in first, line [12]: 1 s for the notebook\.",
        str(named(outcome)),
    )


def test_processor_time_of_a_cell_that_will_not_stop(zygote: ZygoteProcess) -> None:
    """A cell that swallows the interrupt is ended a little later, with the same words."""
    source = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
    # Four seconds of processor time, which may take many more on a busy machine.
    outcome = outcome_of(zygote, source, WorkerLimits(cpu_s=1), cell_s=60.0)
    assert outcome.crashed
    assert named(outcome) == "Your code reached the limit on processor time in first: 1 s for the notebook."


def test_memory_of_all_processes_together(zygote: ZygoteProcess) -> None:
    """Each process is within the limit; when they exceed it together, the one that runs the cell is told."""
    source = (
        "import os, time, torch\nfor _ in range(4):\n    if os.fork() == 0:\n"
        "        kept = torch.ones(1 << 27)\n        time.sleep(20)\ntime.sleep(20)"
    )
    outcome = outcome_of(zygote, source, WorkerLimits(memory_bytes=3 << 29))
    assert outcome.fault is not None
    assert "reached the limit on memory in first" in str(named(outcome))


def test_memory_of_processes_that_a_cell_left_behind(zygote: ZygoteProcess) -> None:
    """The cell that started them is blamed, however late they grow, and not the cell that runs then."""
    source = (
        "import os, time, torch\nfor number in range(4):\n    if os.fork() == 0:\n"
        "        kept = [torch.ones(1 << 26)]\n        time.sleep(2.5)\n        kept.append(torch.ones(1 << 26))\n"
        "        time.sleep(20)\nmine = torch.ones(1 << 27)\ntime.sleep(20)"
    )
    limits = SessionLimits(
        cell_s=8.0, check_s=2.0, submission_s=30.0, output_bytes=10_000, worker=WorkerLimits(memory_bytes=3 << 29)
    )
    later = "import time\nfor _ in range(40):\n    time.sleep(0.1)\nprint(1)"
    session = Session(zygote, limits, [Cell(0, "first", source), Cell(1, "second", later)])
    try:
        session.run()
        assert "reached the limit on memory in first" in str(named(session.outcomes[0]))
        assert session.outcomes[1].fault is None
    finally:
        session.close()


@pytest.mark.parametrize(
    ("source", "words"),
    [("import ctypes\nctypes.string_at(0)", "SIGSEGV"), ("import os\nos._exit(3)", "exit code 3")],
    ids=["signal", "exit"],
)
def test_how_a_process_ended_is_told(zygote: ZygoteProcess, source: str, words: str) -> None:
    """A cell that ends its process is told how it did."""
    outcome = outcome_of(zygote, source, WorkerLimits())
    assert outcome.crashed
    assert outcome.fault is not None
    assert words in outcome.fault.message


def test_an_ordinary_exception_is_no_limit() -> None:
    """Only an exception that a limit caused counts as one."""
    assert limit_reached(StudentFault("RuntimeError", "shapes differ"), Limits()) is None
    assert limit_reached(StudentFault("OSError", "[Errno 2] no such file"), Limits()) is None
