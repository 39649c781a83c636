"""A batch on a real dask cluster of processes on loopback: same results, lost workers, no shared folder."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tiny_course import TinyCourse, cell, make_tiny_course

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.batch.executors.dask import connect, remote
from autograder.batch.executors.dask.bundle import Bundle
from autograder.batch.executors.dask.messages import Offer
from autograder.engines.registry import open_engine
from autograder.errors import GraderFault, Interrupted, UsageError
from autograder.sandbox.memory_watch import descendants
from autograder.sandbox.spec import Tier
from autograder.verdict import Grade

if not os.environ.get("CI"):  # there it must not be skipped
    pytest.importorskip("distributed")

from dask_cluster import DaskCluster, dask_cluster

CLASS_SIZE = 10
#: An interrupt takes less than two seconds on a machine with nothing else to do, reports included.
BUSY_S = 8.0
CHECKS = '''
import pytest


@pytest.mark.exercise("double")
def test_doubles(student, reference, draw):
    """Twice each number."""
    x = draw.normal(5)
    assert bool((student.double(x) == reference.double(x)).all())


@pytest.mark.exercise("Counter")
def test_doubles_too(student, reference, draw):
    """The other exercise needs a check, too."""
    assert bool((student.double(draw.normal(3)) != 0).all())
'''


@pytest.fixture(scope="module")
def class_of_many(tmp_path_factory: pytest.TempPathFactory) -> TinyCourse:
    """A class: right, wrong, crashing and unreadable notebooks; slow enough to be interrupted."""
    tiny = make_tiny_course(tmp_path_factory.mktemp("home") / "course")
    (tiny.assignment.checks_dir / "test_all.py").write_text(CHECKS, encoding="utf-8")
    for number in range(CLASS_SIZE):
        notebook: Any = tiny.solved()
        source = "import time\n\n\ndef double(x):\n    time.sleep(0.1)\n    return {}"
        cell(notebook, "double")["source"] = source.format(
            {3: "3 * x", 4: "__import__('os')._exit(1)"}.get(number, "2 * x")
        )
        tiny.hand_in(f"s{number:02}", b"{" if number == 5 else notebook)
    return tiny


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A scheduler and two workers."""
    with dask_cluster(tmp_path_factory.mktemp("dask"), 2) as running:
        yield running


class Watching(SilentProgress):
    """Calls a function after a number of results."""

    def __init__(self, after: int, act: Callable[[], None]) -> None:
        self.left = after
        self.act = act

    def advance(self, grade: Grade) -> None:
        """Count."""
        self.left -= 1
        if self.left == 0:
            self.act()


def on_cluster(tiny: TinyCourse, cluster: DaskCluster, progress: SilentProgress, **options: Any) -> BatchReport:
    """Grade on the cluster."""
    given = BatchOptions(device="cpu", seed=7, executor="dask", scheduler=cluster.address)
    return grade_batch(tiny.engine, replace(given, **options), progress)


def without_times(found: Any) -> Any:
    """Leave out durations, at every depth."""
    if isinstance(found, dict):
        return {key: without_times(value) for key, value in found.items() if key != "seconds"}
    return [without_times(value) for value in found] if isinstance(found, list) else found


def written(tiny: TinyCourse) -> dict[str, Any]:
    """Return results, feedback and autograded notebooks without durations."""
    results = {p.stem: json.loads(p.read_bytes()) for p in tiny.root.glob("results/tiny/s*.json")}
    notebooks = {p.parts[-3]: json.loads(p.read_bytes()) for p in tiny.root.glob("autograded/*/tiny/tiny.ipynb")}
    pages = sorted(p.parts[-3] for p in tiny.root.glob("feedback/*/tiny/tiny.html"))
    return {"results": without_times(results), "notebooks": without_times(notebooks), "pages": pages}


def gone(pids: set[int], within_s: float) -> bool:
    """Wait until none of the processes is left; zombies are gone."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not any(_alive(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.sandbox
def test_a_batch_survives_the_loss_of_a_worker(class_of_many: TinyCourse, cluster: DaskCluster) -> None:
    """A worker killed in mid-batch takes its judge with it; everything is graded as on this machine alone."""
    victim, other = cluster.workers
    judges: set[int] = set()

    def kill() -> None:
        judges.update(descendants(victim.pid))
        os.kill(victim.pid, signal.SIGKILL)

    report = on_cluster(class_of_many, cluster, Watching(3, kill))
    victim.wait()
    assert judges
    assert gone(judges, 5)
    assert len(report.grades) == CLASS_SIZE
    assert {str(g.status) for g in report.grades} == {"graded", "rejected"}
    assert sum(g.score == 5 for g in report.grades) == CLASS_SIZE - 3
    assert not descendants(other.pid)
    assert not [p for p in cluster.left_over() if "scratch-1" in str(p)]

    there = written(class_of_many)
    again = on_cluster(class_of_many, cluster, SilentProgress())
    assert again.unchanged == CLASS_SIZE
    options = BatchOptions(device="cpu", seed=7, force=True, jobs=1)
    grade_batch(class_of_many.engine, options, SilentProgress())
    assert there == written(class_of_many)


@pytest.mark.sandbox
def test_an_interrupt_ends_what_is_in_flight(class_of_many: TinyCourse, cluster: DaskCluster) -> None:
    """Ctrl-C waits for no submission, and leaves no judge and no file on a worker."""
    worker = cluster.workers[1]
    judges: set[int] = set()
    interrupted = 0.0

    def interrupt() -> None:
        nonlocal interrupted
        judges.update(descendants(worker.pid))
        interrupted = time.monotonic()
        raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        on_cluster(class_of_many, cluster, Watching(2, interrupt), force=True)
    took = time.monotonic() - interrupted
    assert judges
    assert gone(judges, 5)
    assert worker.poll() is None
    assert not [p for p in cluster.left_over() if "scratch-1" in str(p)]
    assert took < BUSY_S


def offer(**changes: Any) -> Offer:
    """Return what a worker like this machine would offer."""
    made = Offer("node7", 4, {}, remote.own_versions(), Tier.A, "", None)
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("changes", "device", "minimum", "words"),
    [
        ({"versions": {**remote.own_versions(), "torch": "1.0"}}, "cpu", Tier.C, ["torch 1.0 there", "here"]),
        ({"versions": {}}, "cpu", Tier.C, ["autograder missing there", "python missing there"]),
        ({"tier": Tier.C, "weakness": "tier B: no Landlock"}, "cpu", Tier.B, ["tier C", "no Landlock", "tier B"]),
        ({"no_cuda": "no driver"}, "cuda", Tier.B, ["resource GPU", "no driver"]),
        ({"cuda_tier": Tier.C}, "cuda", Tier.B, ["tier C", "tier B"]),
    ],
)
def test_a_worker_that_does_not_fit_is_named(
    changes: dict[str, Any], device: str, minimum: Tier, words: list[str]
) -> None:
    """The message has the worker's address and host, and what is wrong with it."""
    with pytest.raises(UsageError) as caught:
        connect._accept("tcp://10.0.0.7:1", offer(**changes), device, minimum)
    assert not [w for w in ("tcp://10.0.0.7:1", "node7", *words) if w not in str(caught.value)]


def test_a_worker_that_fits_is_accepted() -> None:
    """Neither a build of torch nor a stronger tier is a difference."""
    connect._accept("tcp://10.0.0.7:1", offer(tier=Tier.A), "cuda", Tier.B)
    connect._accept("tcp://10.0.0.7:1", offer(tier=Tier.A, cuda_tier=Tier.C), "cpu", Tier.B)
    assert not [v for v in remote.own_versions().values() if "+" in v]


@pytest.mark.parametrize(
    ("wanted", "slots"), [({}, 4), ({"GPU": 1.0}, 2), ({"CPU": 1.0}, 0)], ids=["any", "gpu", "cpu"]
)
def test_slots_follow_from_threads_and_resources(wanted: dict[str, float], slots: int) -> None:
    """As many at a time as dask itself would run."""
    some = {"tcp://a:1": offer(resources={"GPU": 2.0})}
    client: Any = None
    assert connect.Cluster(client, "cpu", Tier.B, wanted, some).slots == slots


def test_results_have_the_tier_in_which_their_device_works() -> None:
    """A worker whose CUDA starts only in a weaker tier than its own gives results of the weaker tier."""
    some = {"tcp://a:1": offer(cuda_tier=Tier.B), "tcp://b:1": offer()}
    client: Any = None
    assert connect.Cluster(client, "cpu", Tier.B, {}, some).tiers == (Tier.A,)
    assert connect.Cluster(client, "cuda", Tier.B, {}, some).tiers == (Tier.A, Tier.B)


def test_an_assignment_travels_whole_and_private(tmp_path: Path, tiny: TinyCourse) -> None:
    """The unpacked files are the packed ones, without caches, and nobody else can read them."""
    cache = tiny.assignment.secret_dir / "__pycache__"
    cache.mkdir()
    (cache / "solution.pyc").write_bytes(b"")
    bundle = Bundle.of(open_engine(tiny.course, "tiny").bundle())
    bundle.unpack(tmp_path / "there")
    there = {str(p.relative_to(tmp_path / "there")): p for p in (tmp_path / "there").rglob("*") if p.is_file()}
    assert set(there) == set(bundle.files) >= {"assignments/tiny/tiny.ipynb", "solutions/tiny/solution.py"}
    assert not [name for name in there if "__pycache__" in name]
    assert {p.stat().st_mode & 0o777 for p in there.values()} == {0o600}
    for name, path in there.items():
        assert path.read_bytes() == (tiny.root / name).read_bytes()
    damaged = replace(bundle, files={**bundle.files, "solutions/tiny/solution.py": b"x = 1"})
    with pytest.raises(GraderFault, match="damaged"):
        damaged.unpack(tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_nobody_at_the_address(tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the address."""
    monkeypatch.setattr(connect, "CONNECT_S", 0.2)
    tiny.hand_in("s1", tiny.solved())
    options = BatchOptions(executor="dask", scheduler="tcp://127.0.0.1:1")
    with pytest.raises(UsageError, match=r"tcp://127\.0\.0\.1:1"):
        grade_batch(tiny.engine, options, SilentProgress())
