"""Libraries that cannot be loaded where workers are forked from are left out, each by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

LIBRARIES = {
    "starts_a_thread": "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
    "ends_its_process": "import os\nos._exit(3)",
    "leaves_python": "raise SystemExit",
    "harmless": "LOADED = True",
    "ends_its_thread": "import threading\nt = threading.Thread(target=int)\nt.start()",
    "waits_to_start_a_thread": "import threading, time\nthreading.Timer(0.05, time.sleep, (600,)).start()",
}


@pytest.fixture
def installed(tmp_path: Path) -> str:
    """Make a directory with these libraries, where the zygote's Python looks for modules."""
    for name, source in LIBRARIES.items():
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    return str(tmp_path)


def zygote(installed: str, *libraries: str) -> ZygoteProcess:
    """Start a zygote that is to load them."""
    return ZygoteProcess(Tier.C, libraries=libraries, environment={"PYTHONPATH": installed})


def test_what_is_in_the_way_is_left_out_and_the_rest_is_warm(installed: str) -> None:
    """A thread, an end of the process and an exit while loading each cost only their own library."""
    names = ("starts_a_thread", "ends_its_process", "harmless", "leaves_python", "ends_its_thread")
    with zygote(installed, *names) as started:
        started.wait_until_ready()
        assert set(started.left_out) == {"starts_a_thread", "ends_its_process", "leaves_python"}
        with started.spawn(WorkerLimits()) as worker:
            source = "import sys\nprint([n in sys.modules for n in ('harmless', 'ends_its_thread', 'starts_a_thread')])"
            request = {"source": source, "limit_s": 10.0, "limit_bytes": 10_000, "name": "cell 1"}
            answer = worker.channel.request("cell", request, 15.0)
    assert isinstance(answer, dict)
    assert [o["text"] for o in answer["outputs"]] == ["[True, True, False]\n"]


def test_a_thread_of_unknown_origin_costs_all_that_can_be_left_out(installed: str) -> None:
    """If it begins after later libraries were loaded, nobody knows which library started it."""
    with zygote(installed, "waits_to_start_a_thread", "harmless") as started:
        started.wait_until_ready()
        assert "waits_to_start_a_thread" in started.left_out


def test_what_cannot_be_left_out_is_named(installed: str) -> None:
    """A library that every notebook here needs, with a thread of its own, is named by the error."""
    spoiled = Path(installed, "numpy", "__init__.py")
    spoiled.parent.mkdir()
    spoiled.write_text(LIBRARIES["starts_a_thread"], encoding="utf-8")
    with zygote(installed, "harmless") as started, pytest.raises(SandboxError, match=r"numpy"):
        started.wait_until_ready()
