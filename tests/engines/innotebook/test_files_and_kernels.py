"""What a notebook finds beside it, and notebooks of another language in a real kernel."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from nbgrader_samples import Sample, code, exercise, make_course, notebook_of, put, read_scores
from typer.testing import CliRunner

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.cli import app
from autograder.course.gradebook.directories import Directories
from autograder.course.layout import Course
from autograder.engines.innotebook.release_record import read_recorded
from autograder.engines.innotebook.side_files import source_files
from autograder.engines.registry import open_engine
from autograder.sandbox import probe as probing
from autograder.sandbox.probe import probe
from autograder.sandbox.spec import Tier
from autograder.verdict import Outcome

pytestmark = pytest.mark.sandbox

SLUG = "ps"
FILES = """
from pathlib import Path
import helper
answer = helper.VALUE
def attempt(path):
    try:
        Path(path).write_text('changed')
    except OSError as error:
        return type(error).__name__
    return 'written'
"""
FILE_TESTS = [
    "assert Path('data/numbers.txt').read_text() == 'course'",
    "assert answer == 42",
    "assert attempt('data/numbers.txt') == 'written'",
    "assert attempt('out.txt') == 'written' and attempt('data/new.txt') == 'written'",
    "assert not Path('../neighbour').exists() and not Path('out.txt.old').exists()",
]
PROGRAMS = [
    "assert list(f()) == ['hello']",
    # A worker without a kernel has no sockets at all.
    """import socket
try:
    s = socket.socket()
except OSError:
    s = None
assert s is None or s.connect_ex(('192.0.2.1', 80)) != 0""",
]
ANSWER = "double() { echo $(( $1 * 2 )); }\nspin() { while true; do :; done; }"
BASH_TESTS = [
    '[ "$(double 21)" = 42 ]',
    '[ "$(double 2)" = 5 ]',
    "spin",
    "cat numbers.txt && echo more > mine.txt && cat mine.txt",
    "exec 3<>/dev/tcp/192.0.2.1/80",
    "kill -9 $PPID; sleep 5",
    '[ "$(double 4)" = 8 ]',
]


def grade(root: Path) -> BatchReport:
    """Grade the class here."""
    return grade_batch(open_engine(Course(root), SLUG), BatchOptions(jobs=1), SilentProgress())


def outcomes(report: BatchReport) -> dict[str, list[Outcome]]:
    """Return how each student's tests ended."""
    return {g.student: [e.checks[0].outcome for e in g.exercises] for g in report.grades}


@pytest.mark.parametrize("tier", [Tier.A, pytest.param(Tier.B, marks=pytest.mark.full)])
def test_files_beside_the_notebook_are_a_copy(tier: Tier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The course's data replace a student's, helper modules can be imported, and written files stay in the worker."""
    monkeypatch.setattr(probing, "probe", lambda: probing.ProbeResult(tier, ()))
    root = tmp_path / "course"
    solved = exercise(FILES, FILE_TESTS)
    make_course(root, SLUG, [Sample("p", exercise("", FILE_TESTS), {"a": solved, "b": solved})])
    course_data = root / "source" / SLUG / "data"
    course_data.mkdir()
    (course_data / "numbers.txt").write_text("course", encoding="utf-8")
    for student in ("a", "b"):
        folder = root / "submitted" / student / SLUG
        (folder / "data").mkdir()
        (folder / "data" / "numbers.txt").write_text("forged", encoding="utf-8")
        (folder / "helper.py").write_text("VALUE = 42\n", encoding="utf-8")
    report = grade(root)
    assert outcomes(report) == {name: [Outcome.PASSED] * 5 for name in ("a", "b")}, list(report.grades)
    assert (course_data / "numbers.txt").read_text(encoding="utf-8") == "course"
    assert not list(root.rglob("out.txt"))


@pytest.mark.full
def test_bash_notebooks_run_in_their_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless loop is interrupted, a dead kernel costs only its cell, there is no network, and files can be read."""
    pytest.importorskip("bash_kernel")
    if probe().tier is not Tier.A:
        pytest.skip("kernels need tier A")
    install_kernel(tmp_path / "jupyter", monkeypatch)
    root = tmp_path / "course"
    samples = [
        Sample("p", exercise("", BASH_TESTS, "bash", "bash"), {"a": exercise(ANSWER, BASH_TESTS, "bash", "bash")})
    ]
    make_course(root, SLUG, samples, "c.Execute.timeout = 4\n")
    (root / "source" / SLUG / "numbers.txt").write_text("1 2 3\n", encoding="utf-8")
    report = grade(root)
    scores: dict[str, Any] = {cell: score for (_, _, cell), score in read_scores(root, SLUG).items()}
    assert scores == {
        "test_0": 2,
        "test_1": 0,
        "test_2": 0,
        "test_3": 2,
        "test_4": 0,
        "test_5": 0,
        "test_6": 2,
    }, list(report.grades)
    ended = outcomes(report)["a"]
    assert ended[2] is Outcome.TIMEOUT
    assert ended[5] is Outcome.CRASHED


@pytest.mark.full
def test_python_notebooks_run_in_their_kernel_where_a_course_asks(tmp_path: Path) -> None:
    """With `c.InNotebook.kernels`, programs can be started, but connections cannot be made."""
    if probe().tier is not Tier.A:
        pytest.skip("kernels need tier A")
    root = tmp_path / "course"
    solved = exercise("said = !echo hello\ndef f():\n    return said", PROGRAMS)
    make_course(root, SLUG, [Sample("p", exercise("", PROGRAMS), {"a": solved})])
    scores = []
    for switch in ("", "c.InNotebook.kernels = True\n"):
        config = root / "nbgrader_config.py"
        config.write_text(config.read_text(encoding="utf-8") + switch, encoding="utf-8")
        result = CliRunner().invoke(app, ["grade", SLUG, "--course", str(root), "--jobs", "1"])
        assert result.exit_code == 0, result.output
        scores.append([score for _, score in sorted(read_scores(root, SLUG).items())])
    assert scores == [[0, 2], [2, 2]]


def install_kernel(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Jupyter find the bash kernel under the interpreter that runs these tests."""
    spec = {
        "argv": [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"],
        "display_name": "Bash",
        "language": "bash",
        "env": {"PS1": "$"},
    }
    kernel = folder / "kernels" / "bash"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(folder))


def test_notebooks_run_and_read_each_other(tmp_path: Path) -> None:
    """A notebook can use a given one, also in a folder, the assignment's other part, and itself; none can be forged."""
    root = tmp_path / "course"
    part1 = exercise("def mine(x):\n    return 2 * x", ["assert mine(1) == 2"])
    tests = [
        "%run tools.ipynb\nassert given(1) == 2",
        "%run part1.ipynb\nassert mine(3) == 6",
        "%run more/deep.ipynb\nassert deep == 7",
        "import nbformat\nassert len(nbformat.read('part2.ipynb', 4).cells) == 6",
        "assert 'return 2' in open('part1.ipynb').read()",
    ]
    part2 = exercise("", tests)
    tools = notebook_of([code("def given(x):\n    return x + 1")])
    handed_in = {"a": tools, "b": notebook_of([code("given = None")])}
    samples = [Sample("part1", exercise("", ["assert mine(1) == 2"]), dict.fromkeys("ab", part1))]
    samples += [Sample("part2", part2, dict.fromkeys("ab", part2)), Sample("tools", tools, handed_in)]
    make_course(root, SLUG, samples)
    put(notebook_of([code("deep = 7")]), root / "release" / SLUG / "more" / "deep.ipynb")
    secret = exercise("### BEGIN SOLUTION\nsecret = 1\n### END SOLUTION", ["assert True"])
    put(secret, root / "source" / SLUG / "key.ipynb")
    report = grade(root)
    assert outcomes(report) == dict.fromkeys("ab", [Outcome.PASSED] * 6), list(report.grades)
    assert "key.ipynb" not in source_files(Directories(Course(root)), read_recorded(Directories(Course(root)), SLUG))
