"""The kernel that the instructor's notebook names: the course's own Python environment."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader_samples import Sample, code, make_course, notebook_of

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.course.layout import Course
from autograder.engines.innotebook.kernels import kernel_for
from autograder.engines.innotebook.pythons import OwnPython, look_at
from autograder.engines.registry import open_engine
from autograder.errors import CourseError, UsageError
from autograder.sandbox import probe as probing
from autograder.sandbox.spec import Tier

SLUG = "ps"
SPEC = '{"name": "course-env", "language": "python"}'
TESTS = [
    "import only_in_the_course\nassert only_in_the_course.VALUE == 42",
    "import sys\nassert 'kenv' in sys.prefix, sys.prefix",
    "import os\nassert os.environ['OF_THE_KERNEL'] == 'yes'",
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An environment with our packages by a `.pth` file, a module of its own, and a kernel that names it."""
    root = tmp_path_factory.mktemp("environment")
    for folder in (root, *root.parents):
        if folder.stat().st_uid == root.stat().st_uid and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(root / "kenv")], check=True)
    (packages,) = (root / "kenv" / "lib").glob("python*/site-packages")
    (packages / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (packages / "only_in_the_course.py").write_text("VALUE = 42\n", encoding="utf-8")
    spec = root / "jupyter" / "kernels" / "course-env" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [str(root / "kenv" / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    known = {"argv": argv, "display_name": "Course", "language": "python", "env": {"OF_THE_KERNEL": "yes"}}
    spec.write_text(json.dumps(known), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(root / "jupyter"))
        yield root


@pytest.mark.full
@pytest.mark.sandbox
@pytest.mark.parametrize("tier", [Tier.A, pytest.param(Tier.B, marks=pytest.mark.full)])
def test_the_courses_own_python_runs_its_notebooks(
    tier: Tier, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The student's file may name any kernel; the message for a missing package names that Python."""
    monkeypatch.setattr(probing, "probe", lambda: probing.ProbeResult(tier, ()))
    tests = [code(test, f"test_{i}", points=1) for i, test in enumerate(TESTS)]
    source = notebook_of([code("x = 1", "answer", solution=True), *tests], "course-env")
    handed_in = notebook_of([code("x = 1", "answer", solution=True), *tests])
    root = tmp_path / "course"
    make_course(root, SLUG, [Sample("p", source, {"a": handed_in})])
    report = grade_batch(open_engine(Course(root), SLUG), BatchOptions(jobs=1), SilentProgress())
    (grade,) = report.grades
    assert [(float(e.score), e.checks[0].message) for e in grade.exercises] == [(1, "")] * 3
    assert report.preflight == ()
    path = root / "source" / SLUG / "p.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("x = 1", "import no_such_package"), encoding="utf-8")
    with pytest.raises(UsageError, match=rf"{environment}/kenv/bin/python -m pip install no_such_package"):
        grade_batch(open_engine(Course(root), SLUG), BatchOptions(jobs=1, force=True), SilentProgress())


@pytest.mark.usefixtures("environment")
def test_an_environment_without_what_a_warm_one_needs_is_a_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without its program says so."""
    found = kernel_for(SPEC, "p", tier=Tier.B)
    assert isinstance(found, OwnPython)
    assert found.lacks == ()
    monkeypatch.setattr("autograder.engines.innotebook.pythons.NEEDED", ("no_such_package",))
    look_at.cache_clear()
    again = kernel_for(SPEC, "p", tier=Tier.A)
    look_at.cache_clear()
    assert isinstance(again, tuple)
    assert again[0].name == "course-env"
    with pytest.raises(CourseError, match="which does not run"):
        look_at("gone", "/no/such/python")
