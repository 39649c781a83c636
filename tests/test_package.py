"""The wheel is built once, and it, not the checkout, makes a course, releases and grades."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from autograder import __version__
from autograder.course.assignment import load_assignment
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import load_template

ROOT = Path(__file__).resolve().parents[1]
CARRIED = ("assignments", "solutions", "templates")
Autograder = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with what is installed, without the network."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [found] = target.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def autograder_(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Autograder:
    """Install the wheel alone into a new environment that borrows its dependencies from this one."""
    home = tmp_path_factory.mktemp("installed")
    environment = home / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    # A path file inside a directory that a path file names is not read: the checkout stays out.
    packages = environment / "lib" / f"python{sysconfig.get_python_version()}" / "site-packages"
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    install = ["-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run(
        [sys.executable, *install, "--ignore-installed", "--disable-pip-version-check", str(wheel)], check=True
    )
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    clean["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), clean.get("PATH", os.defpath)])

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(environment / "bin" / "autograder"), *map(str, arguments)]
        return subprocess.run(command, cwd=home, env=clean, capture_output=True, text=True, check=False)

    where = "import autograder; print(autograder.__file__)"
    origin = subprocess.run([str(python), "-c", where], cwd=home, env=clean, capture_output=True, text=True, check=True)
    assert origin.stdout.startswith(str(packages)), "the checkout is what would be tested"
    return run


def test_wheel_carries_the_course_and_the_templates(wheel: Path) -> None:
    """Every file of the three folders is in it, and nothing that tools leave behind."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in CARRIED:
        expected = {
            f"autograder/_data/{path.relative_to(ROOT)}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and not any(part.startswith((".", "__")) for part in path.relative_to(ROOT).parts)
        }
        assert {n for n in names if n.startswith(f"autograder/_data/{folder}/")} == expected
    assert "autograder/feedback/result.schema.json" in names


def test_wheel_carries_nothing_else(wheel: Path) -> None:
    """Neither tests nor benchmarks nor somebody's results are installed."""
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {"autograder", f"autograder-{__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or "/." in name]


@pytest.mark.sandbox
def test_installed_wheel_makes_a_course_releases_and_grades(autograder_: Autograder, tmp_path: Path) -> None:
    """Outside the checkout, the whole way from `init` to a full score in the results and on a feedback page."""
    course = tmp_path / "course"
    done = autograder_("init", course)
    assert done.returncode == 0, done.stderr
    done = autograder_("release", "optimizers", "--course", course)
    assert done.returncode == 0, done.stderr
    assert (course / "release" / "optimizers" / "optimizers.ipynb").is_file()

    assignment = load_assignment(course, "optimizers")
    template = load_template(assignment)
    handin = course / "submitted" / "s001" / "optimizers" / "optimizers.ipynb"
    handin.parent.mkdir(parents=True)
    nbformat.write(compose_submission(assignment, template, [assignment.solution_path]), handin)
    done = autograder_("grade", "optimizers", "--course", course, "--jobs", 1, "--device", "cpu")
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((course / "results" / "optimizers" / "s001.json").read_text(encoding="utf-8"))
    assert (result["status"], result["score"], result["max_score"]) == ("graded", 39.0, 39.0), result["reason"]
    assert "s001" in (course / "feedback" / "s001" / "optimizers" / "optimizers.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "module",
    [
        "cli",
        "engines.hidden.judge",
        "engines.innotebook.judge",
        "authoring.verify.mutant_host",
        "course.gradebook.opened",
    ],
)
def test_no_process_of_ours_builds_the_grammar_of_addresses(module: str) -> None:
    """It takes a second of every start, and comes along with nbformat wherever it is imported first."""
    code = f"import sys, autograder.{module}, nbformat, jsonschema; assert not sys.modules.get('rfc3987_syntax')"
    subprocess.run([sys.executable, "-c", code], check=True)
