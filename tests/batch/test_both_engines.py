"""What both kinds of assignments have in common: the same batch grades by hidden checks and by tests in notebooks."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from busy_processors import BusyProcessors
from dask_cluster import dask_cluster
from nbgrader_samples import Sample, exercise, make_course, put
from tiny_course import TinyCourse, cell

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.batch.executors.judge_process import START_S, JudgeProcess
from autograder.batch.recorder import ResultRecorder
from autograder.course.layout import Course
from autograder.engines.base import Engine, Finished, Ready, Warming
from autograder.engines.judge import BUSY
from autograder.engines.registry import open_engine
from autograder.errors import OutputError, UsageError
from autograder.sandbox.memory_watch import descendants
from autograder.sandbox.probe import probe
from autograder.verdict import Outcome, Status

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(300)]

SLUG = "tiny"
TESTS = ["assert double(1) == 2"]
NAMED = 'import ctypes, time\nctypes.CDLL(None).prctl(15, b"homework", 0, 0, 0)\ntime.sleep(2)\n'
CHECKS = """
import pytest

@pytest.mark.exercise("double")
def test_doubles(student):
    assert student.double(1) == 2

@pytest.mark.exercise("Counter")
def test_doubles_too(student):
    assert student.double(2) == 4
"""


@dataclass
class Class:
    """A course of either kind, and how to hand in there."""

    root: Path
    hand_in: Callable[[str, str], Path]

    @property
    def engine(self) -> Engine:
        """The engine, with the files as they are now."""
        return open_engine(Course(self.root), SLUG)

    def grade(self, **options: Any) -> BatchReport:
        """Grade here, with one judge."""
        given = BatchOptions(**{"jobs": 1, "device": "cpu", **options})
        return grade_batch(self.engine, given, SilentProgress())

    def configure(self, *lines: str) -> None:
        """Add lines to nbgrader's configuration."""
        path = self.root / "nbgrader_config.py"
        text = path.read_text(encoding="utf-8") if path.exists() else "c = get_config()\n"
        path.write_text(text + "".join(f"{line}\n" for line in lines), encoding="utf-8")

    @property
    def results(self) -> Path:
        """Where results stand."""
        return self.root / "results" / SLUG

    def autograded(self, student: str) -> Path:
        """Return the notebook that formgrader shows."""
        return self.root / "autograded" / student / SLUG / f"{SLUG}.ipynb"

    def page(self, student: str) -> Path:
        """Return the student's page."""
        return self.root / "feedback" / student / SLUG / f"{SLUG}.html"


def by_hidden_checks(tiny: TinyCourse) -> Class:
    """Make a course with hidden checks."""
    (tiny.assignment.checks_dir / "test_all.py").write_text(CHECKS, encoding="utf-8")

    def hand_in(student: str, before: str = "") -> Path:
        notebook = tiny.solved()
        cell(notebook, "double")["source"] = f"{before}def double(x):\n    return 2 * x"
        return tiny.hand_in(student, notebook)

    return Class(tiny.root, hand_in)


def by_tests_in_notebooks(root: Path) -> Class:
    """Release a course whose tests stand in its notebooks, with nbgrader."""
    make_course(root, SLUG, [Sample(SLUG, exercise("", TESTS), {})])

    def hand_in(student: str, before: str = "") -> Path:
        path = root / "submitted" / student / SLUG / f"{SLUG}.ipynb"
        put(exercise(f"{before}def double(x):\n    return 2 * x", TESTS), path)
        return path

    return Class(root, hand_in)


#: Where both kinds go through the same code, `make test` tries the one that is not tried elsewhere.
one_is_enough = pytest.mark.parametrize(
    "course", [pytest.param("hidden checks", marks=pytest.mark.full), "tests in notebooks"], indirect=True
)


@pytest.fixture(params=["hidden checks", "tests in notebooks"])
def course(request: pytest.FixtureRequest, tmp_path: Path) -> Class:
    """A course of each kind."""
    if request.param == "hidden checks":
        return by_hidden_checks(request.getfixturevalue("tiny"))
    return by_tests_in_notebooks(tmp_path / "course")


@one_is_enough
def test_what_the_configuration_says_is_honoured(course: Class) -> None:
    """`student_id_exclude` leaves students out, with the reason if asked for one; `groupshared` decides about modes."""
    for student in ("ada", "staff"):
        course.hand_in(student, "")
    course.configure('c.CourseDirectory.student_id_exclude = "staff"', "c.CourseDirectory.groupshared = True")
    assert {g.student for g in course.grade().grades} == {"ada"}
    assert not course.page("staff").exists()
    assert stat.S_IMODE(course.autograded("ada").stat().st_mode) == 0o664
    with pytest.raises(UsageError, match=r"'staff' is left out by nbgrader_config\.py"):
        course.grade(students=("staff",))
    course.configure('c.CourseDirectory.student_id_exclude = "staff,ada"')
    with pytest.raises(UsageError, match="All 2 submissions"):
        course.grade()


@one_is_enough
def test_a_file_that_a_power_cut_left_empty_is_written_again(course: Class) -> None:
    """A file of no bytes counts as no file: the submission is done again."""
    for student in ("ada", "bob", "eve"):
        course.hand_in(student, "")
    course.grade()
    assert stat.S_IMODE(course.autograded("ada").stat().st_mode) == 0o444
    emptied = [course.page("ada"), course.autograded("bob")]
    for path in emptied:
        path.chmod(0o644)
        path.write_bytes(b"")
    assert course.grade().unchanged == 1
    assert all(path.stat().st_size > 0 for path in emptied)
    assert course.grade().unchanged == 3


@pytest.mark.full
@one_is_enough
def test_the_class_report_is_written_after_a_fault_too(course: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk fails at the second submission, the summary still has the first."""
    for student in ("ada", "bob"):
        course.hand_in(student, "")
    take = ResultRecorder.take
    taken: list[Finished] = []

    def fail_later(recorder: ResultRecorder, finished: Finished) -> None:
        if taken:
            raise OSError(5, "Input/output error", "somewhere")
        taken.append(finished)
        take(recorder, finished)

    monkeypatch.setattr(ResultRecorder, "take", fail_later)
    with pytest.raises(OutputError, match="somewhere"):
        course.grade()
    assert taken[0].grade.student in (course.results / "class.html").read_text(encoding="utf-8")
    assert len((course.results / "summary.csv").read_text(encoding="utf-8").splitlines()) == 2


@contextlib.contextmanager
def killing_the_first_worker() -> Iterator[list[int]]:
    """Send SIGKILL, once, to the first process below this one that calls itself homework."""
    killed: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.1) and not killed:
            for pid in descendants(os.getpid()):
                with contextlib.suppress(OSError):
                    if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip() == "homework":
                        os.kill(pid, signal.SIGKILL)
                        killed.append(pid)
                        break

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield killed
    finally:
        over.set()
        watcher.join()


@pytest.mark.full
@one_is_enough
def test_a_worker_that_was_killed_from_outside_is_tried_again(course: Class) -> None:
    """The system may have needed the memory: the second run decides, and it is no crash of the student's."""
    course.hand_in("ada", NAMED)
    with killing_the_first_worker() as killed:
        (grade,) = course.grade().grades
    assert len(killed) == 1
    assert grade.status is Status.GRADED
    assert {c.outcome for e in grade.exercises for c in e.checks} == {Outcome.PASSED}


@pytest.mark.full
@one_is_enough
def test_a_judge_ends_in_good_order_when_it_is_asked_to(course: Class, tmp_path: Path) -> None:
    """SIGTERM ends it in order: its zygotes and workers end before it, and its exit code says so."""
    setup = course.engine.setup(1, "cpu", probe().tier.value)
    judge = JudgeProcess(setup, tmp_path / "log")
    said = []
    while isinstance(message := judge.receive(START_S), Warming):
        said.append(message.phase)
    assert message == Ready()
    assert len(said) > 1, "it says what it does while somebody waits"
    below = descendants(judge.process.pid)
    assert below
    judge.process.send_signal(signal.SIGTERM)
    assert judge.process.wait(30) == 0
    deadline = time.monotonic() + 3
    while any(Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]
    judge.connection.close()


@one_is_enough
def test_a_cluster_grades_both_kinds(course: Class, tmp_path: Path) -> None:
    """On dask's workers, which see no folder of the course, the results are those of this machine."""
    for student in ("ada", "bob"):
        course.hand_in(student, "")
    course.hand_in("wrong", "def double(x):\n    return x\n\n\n_")
    data = course.root / "source" / SLUG / "data.txt"
    data.parent.mkdir(parents=True, exist_ok=True)
    data.write_text("read me", encoding="utf-8")
    seed = {"seed": 7}
    with dask_cluster(tmp_path / "dask", 1) as cluster:
        course.grade(executor="dask", scheduler=cluster.address, **seed)
        there = written(course)
        assert not cluster.left_over()
    course.grade(force=True, **seed)
    assert written(course) == there


def written(course: Class) -> dict[str, Any]:
    """Return all results without durations."""
    found = {p.stem: json.loads(p.read_bytes()) for p in sorted(course.results.glob("[!.]*.json"))}
    return {student: without_times(result) for student, result in found.items()}


def without_times(found: Any) -> Any:
    """Leave out durations, at every depth."""
    if isinstance(found, dict):
        return {key: without_times(value) for key, value in found.items() if key != "seconds"}
    return [without_times(value) for value in found] if isinstance(found, list) else found


#: The code that this decorates takes a second of processor time.
SLOW = (
    "import time\n"
    "def slowly(function):\n"
    "    def slow(x):\n"
    "        began = time.process_time()\n"
    "        while time.process_time() - began < 1:\n"
    "            pass\n"
    "        return function(x)\n"
    "    return slow\n"
    "@slowly\n"
)


@dataclass
class BusyMeanwhile(SilentProgress):
    """Keeps the processors busy from when the first submission begins; one `until_again` until it begins again."""

    until_again: bool
    busy: BusyProcessors = field(default_factory=BusyProcessors)
    begun: list[str] = field(default_factory=list)

    def begin(self, student: str) -> None:
        """Take note."""
        if not self.begun:
            self.busy.start()
        elif self.until_again:
            self.busy.end()
        self.begun.append(student)

    def finish(self) -> None:
        """Leave them to others."""
        self.busy.end()


@pytest.fixture
def slow(course: Class) -> Class:
    """A course with a short limit of time, and a submission that needs a good part of it."""
    course.hand_in("ada", SLOW)
    toml = course.root / "assignments" / SLUG / "assignment.toml"
    if toml.exists():
        with toml.open("a", encoding="utf-8") as file:
            file.write("\n[limits]\ncheck_s = 3\n")
    else:
        course.configure("c.Execute.timeout = 3")
    return course


@one_is_enough
def test_what_ran_out_of_time_on_a_busy_machine_is_tried_again_alone(slow: Class) -> None:
    """Once, before it costs anybody a point."""
    progress = BusyMeanwhile(until_again=True)
    report = grade_batch(slow.engine, BatchOptions(jobs=1, device="cpu"), progress)
    assert progress.begun == ["ada", "ada"]
    (grade,) = report.grades
    assert {c.outcome for e in grade.exercises for c in e.checks} == {Outcome.PASSED}
    assert not any(e.review for e in grade.exercises)


@pytest.mark.full
@one_is_enough
def test_what_runs_out_of_time_alone_too_is_for_a_person(slow: Class) -> None:
    """The machine stayed busy: what was lost is noted, in the results and on the page."""
    progress = BusyMeanwhile(until_again=False)
    report = grade_batch(slow.engine, BatchOptions(jobs=1, device="cpu"), progress)
    assert progress.begun == ["ada", "ada"]
    (grade,) = report.grades
    assert BUSY in grade.notes
    lost = [e for e in grade.exercises if e.score < e.max_score]
    assert lost
    assert all(e.review for e in lost)
    assert "while other programs kept the processors busy" in slow.page("ada").read_text(encoding="utf-8")
