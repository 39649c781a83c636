"""Both wheels are built once, and they, not the checkout, make a course, release, grade and check."""

from __future__ import annotations

import email
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import grimp
import nbformat
import pytest
from fresh_environment import FreshEnvironment, fresh_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import __version__
from autograder.course.assignment import load_assignment
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import load_template

ROOT = Path(__file__).resolve().parents[1]
CHECK = ROOT / "packaging" / "check"
#: As in a workflow of this forge.
FORGE = {"GITHUB_SERVER_URL": "https://forge.example", "GITHUB_REPOSITORY": "somebody/autograder"}
#: What each wheel carries of the course, and of the templates.
CARRIED = {"torch_autograder": ("solutions", "templates"), "torch_autograder_check": ("assignments",)}
#: A notebook of no known assignment: one exercise agrees with its example, one does not.
EXERCISES = {"double": "def double(x):\n    return 2 * x", "halve": "def halve(x):\n    return x / 3"}
EXAMPLES = {"double": "assert double(torch.ones(1)).item() == 2", "halve": "assert halve(torch.ones(1)).item() == 0.5"}


@dataclass(frozen=True)
class Built:
    """What the builds left."""

    grade: Path
    check: Path
    check_sdist: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build with what is installed, without the network; the students' wheel out of its sdist."""
    target = tmp_path_factory.mktemp("wheel")
    for kinds, folder in ((["--wheel"], ROOT), ([], CHECK)):
        command = [sys.executable, "-m", "build", *kinds, "--no-isolation", "--outdir", str(target), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **FORGE})
        assert done.returncode == 0, done.stdout + done.stderr
    [grade] = target.glob("torch_autograder-*.whl")
    [check] = target.glob("torch_autograder_check-*.whl")
    [sdist] = target.glob("torch_autograder_check-*.tar.gz")
    return Built(grade, check, sdist)


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> FreshEnvironment:
    """Both wheels in one environment, with what they declare."""
    environment = fresh_environment(
        tmp_path_factory.mktemp("both"), declared_by(built.grade) + declared_by(built.check)
    )
    environment.install(built.check, built.grade)
    origin = environment.evaluate("import autograder; print(autograder.__file__)")
    assert origin.startswith(str(environment.packages)), "the checkout is what would be tested"
    return environment


@pytest.fixture(scope="module")
def for_students(built: Built, tmp_path_factory: pytest.TempPathFactory) -> FreshEnvironment:
    """The students' wheel alone, with what it declares."""
    environment = fresh_environment(tmp_path_factory.mktemp("alone"), declared_by(built.check))
    environment.install(built.check)
    return environment


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's notebook."""
    cells = [nbformat.v4.new_code_cell("import torch")]
    for name, source in EXERCISES.items():
        for grade_id, text in ((name, source), (f"test_{name}", EXAMPLES[name])):
            made = nbformat.v4.new_code_cell(text)
            tests = grade_id != name
            flags = {"grade": tests, "locked": tests, "solution": not tests, "task": False, "schema_version": 3}
            made.metadata["nbgrader"] = {"grade_id": grade_id, **flags} | ({"points": 1} if tests else {})
            cells.append(made)
    path = tmp_path_factory.mktemp("student") / "week1.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def names_in(wheel: Path) -> set[str]:
    """Return the files of a wheel that are not about the wheel itself."""
    return {n for n in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in n}


def metadata_of(wheel: Path) -> Message:
    """Return a wheel's metadata."""
    archive = zipfile.ZipFile(wheel)
    [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
    return email.message_from_bytes(archive.read(name))


def declared_by(wheel: Path) -> list[str]:
    """Return what a wheel requires without extras, except the other wheel."""
    found = metadata_of(wheel).get_all("Requires-Dist") or []
    return [r for r in found if "extra ==" not in r and Requirement(r).name != "torch-autograder-check"]


def listed() -> list[str]:
    """Return the files of the students' wheel, as its pyproject.toml lists them."""
    settings = tomllib.loads((CHECK / "pyproject.toml").read_text(encoding="utf-8"))
    files: list[str] = settings["tool"]["hatch"]["build"]["hooks"]["custom"]["files"]
    return files


def test_each_file_is_in_one_of_the_wheels(built: Built) -> None:
    """Every file of the package and of its data is installed once, and nothing that tools leave behind."""
    grade, check = names_in(built.grade), names_in(built.check)
    assert not grade & check
    package = {str(p.relative_to(ROOT)) for p in (ROOT / "autograder").rglob("*") if p.is_file()}
    carried = {
        f"autograder/_data/{path.relative_to(ROOT)}"
        for folders in CARRIED.values()
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    due = {n for n in package | carried if not any(part.startswith((".", "__pycache__")) for part in Path(n).parts)}
    assert grade | check == due
    for wheel, folders in ((grade, CARRIED["torch_autograder"]), (check, CARRIED["torch_autograder_check"])):
        assert {n.split("/")[2] for n in wheel if n.startswith("autograder/_data/")} == set(folders)


def test_wheels_hold_nothing_else(built: Built) -> None:
    """Neither tests nor benchmarks nor somebody's results are installed."""
    for wheel, name in ((built.grade, "torch_autograder"), (built.check, "torch_autograder_check")):
        names = zipfile.ZipFile(wheel).namelist()
        assert {n.partition("/")[0] for n in names} == {"autograder", f"{name}-{__version__}.dist-info"}


def test_wheels_say_where_they_come_from(built: Built) -> None:
    """Addresses of the forge that built them, classifiers, and a text for the index."""
    for wheel in (built.grade, built.check):
        told = metadata_of(wheel)
        home = "https://forge.example/somebody/autograder"
        addresses = dict(str(a).split(", ") for a in told.get_all("Project-URL") or [])
        assert addresses["Source"] == home
        assert set(addresses) == {"Source", "Documentation", "Changelog", "Issues"}
        assert all(address.startswith(home) for address in addresses.values())
        known = told.get_all("Classifier") or []
        assert {"Typing :: Typed", "Intended Audience :: Education", "Framework :: Jupyter"} <= set(known)
        assert told["License-Expression"] == "MIT"
        assert len(str(told.get_payload())) > 500


def test_students_install_no_secret(built: Built) -> None:
    """Their wheel has no solution, check or wrong idea, and needs neither nbgrader nor pytest."""
    assert not [n for n in names_in(built.check) if re.search("solution|misconception|/checks/test_|answers[.]md", n)]
    needed = {canonicalize_name(Requirement(r).name) for r in declared_by(built.check)}
    assert not needed & {"nbgrader", "pytest", "sqlalchemy", "jinja2", "torch-autograder"}


def test_the_sdist_for_students_holds_its_files(built: Built) -> None:
    """A build from it needs nothing else; the wheel of these tests was built from it."""
    with tarfile.open(built.check_sdist) as archive:
        names = {n.partition("/")[2] for n in archive.getnames()}
    wheel = {n.replace("autograder/_data/assignments", "assignments") for n in names_in(built.check)}
    assert wheel <= names
    assert {"pyproject.toml", "hatch_build.py", "README.md", "LICENSE"} <= names
    assert not [n for n in names if n.startswith(("solutions", "templates"))]


def test_the_list_of_files_is_what_check_imports() -> None:
    """All modules that `autograder check` imports are in the students' wheel, and all packages are declared."""
    graph = grimp.build_graph("autograder", include_external_packages=True)
    needed: set[str] = set()
    todo = [
        "autograder.__main__",
        "autograder.cli.check",
        "autograder.sandbox.zygote",
        "autograder.sandbox.worker.serve",
    ]
    while todo:
        module = todo.pop()
        if module not in needed:
            needed.add(module)
            if module.startswith("autograder"):
                todo += [*graph.find_modules_directly_imported_by(module), module.rpartition(".")[0] or module]
    files = {
        str(p.relative_to(ROOT)) for n in listed() for p in [ROOT / n, *(ROOT / n).rglob("*.py")] if p.suffix == ".py"
    }
    modules = {n.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for n in files}
    ours = {m for m in needed if m.partition(".")[0] == "autograder"}
    assert ours - modules == set(), "add these to packaging/check/pyproject.toml"
    # Three folders are listed whole.
    whole = ("autograder.sandbox.", "autograder.checks.", "autograder.verdict.")
    assert {m for m in modules - ours if not m.startswith(whole)} == set(), "remove these there"
    settings = tomllib.loads((CHECK / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = {canonicalize_name(Requirement(r).name).replace("-", "_") for r in settings["dependencies"]}
    foreign = {m.lower() for m in needed if m.partition(".")[0] != "autograder"} - set(sys.stdlib_module_names)
    # pydantic brings its core.
    assert foreign - promised == {"pydantic_core"}


def test_both_files_agree() -> None:
    """One list of files, one version, one licence."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    check = tomllib.loads((CHECK / "pyproject.toml").read_text(encoding="utf-8"))
    excluded = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["exclude"]
    assert excluded == [f"/{name}" for name in listed() if name != "assignments"]
    assert check["project"]["version"] == __version__
    assert f"torch-autograder-check=={__version__}" in settings["project"]["dependencies"]
    assert set(check["project"]["dependencies"]) - set(settings["project"]["dependencies"]) == {"jupyter-client>=8.0"}
    assert (CHECK / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


HINT = re.compile(r"pip install (?:-\S+ )*['\"]?([A-Za-z][\w.-]*)(?:\[([\w,]+)\])?")
PAGES = [ROOT / "README.md", CHECK / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_install_hints_name_what_is_ours(built: Built) -> None:
    """Where we say how to install the grader, in a wheel or on a page, it has our name and an extra that exists."""
    texts = {str(path): path.read_text(encoding="utf-8") for path in PAGES}
    for wheel in (built.grade, built.check):
        archive = zipfile.ZipFile(wheel)
        texts |= {n: archive.read(n).decode() for n in archive.namelist() if n.endswith((".py", ".j2", "METADATA"))}
    extras = set(metadata_of(built.grade).get_all("Provides-Extra") or [])
    hints = [(where, *hint) for where, text in texts.items() for hint in HINT.findall(text) if "autograder" in hint[0]]
    assert len(hints) > 8
    for where, name, extra in hints:
        assert name in {"torch-autograder", "torch-autograder-check"}, where
        assert not extra or (name == "torch-autograder" and set(extra.split(",")) <= extras), where
    assert not [where for where, text in texts.items() if re.search(r"(?<![\w-])autograder\[", text)]


@pytest.mark.sandbox
def test_students_check_with_their_wheel_alone(for_students: FreshEnvironment, notebook: Path) -> None:
    """Nothing but what it declares can be imported, and the notebook runs in the grader's own kind of process."""
    assert for_students.evaluate("import importlib.util as u; print(u.find_spec('torch') is not None)") == "True"
    done = for_students.run("check", notebook)
    assert done.returncode == 1, done.stderr
    assert re.search(r"^ok +double", done.stdout, re.MULTILINE), done.stdout + done.stderr
    assert re.search(r"^WRONG +halve", done.stdout, re.MULTILINE)
    assert "plain Jupyter kernel" not in done.stderr


def test_students_are_told_what_grading_takes(for_students: FreshEnvironment) -> None:
    """The other commands are not in the help, and say what to install."""
    helped = for_students.run("--help").stdout
    assert "check " in helped
    assert not re.search(r"^ +grade ", helped, re.MULTILINE)
    for arguments in (("grade", "optimizers", "--jobs", 2), ("demo",)):
        done = for_students.run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        command = arguments[0]
        assert done.stderr == f"error: `autograder {command}` is for those who grade: pip install torch-autograder\n"


@pytest.mark.full
@pytest.mark.sandbox
def test_either_can_be_removed(built: Built, notebook: Path, tmp_path: Path) -> None:
    """Without the grader's part students' checks still work; without the students' part none of its files is left."""
    environment = fresh_environment(tmp_path, declared_by(built.grade) + declared_by(built.check))
    for order in ((built.grade, built.check), (built.check, built.grade)):
        for wheel in order:
            environment.install(wheel)
        assert environment.run("init", tmp_path / order[0].name).returncode == 0
        environment.remove("torch-autograder")
        left = {str(p.relative_to(environment.packages)) for p in environment.packages.glob("autograder/**/*.*")}
        assert {n for n in left if "__pycache__" not in n} == names_in(built.check)
        assert environment.run("grade", "optimizers").returncode == 2
        assert re.search(r"^ok +double", environment.run("check", notebook).stdout, re.MULTILINE)
        environment.install(built.grade)
        assert environment.run("grade", "--help").returncode == 0
        environment.remove("torch-autograder-check")
        left = {str(p.relative_to(environment.packages)) for p in environment.packages.glob("autograder/**/*.*")}
        assert {n for n in left if "__pycache__" not in n} == names_in(built.grade)
        assert not environment.command.exists()
        environment.remove("torch-autograder")
        assert not [p for p in environment.packages.glob("autograder/**/*") if p.is_file() and p.suffix != ".pyc"]


@pytest.mark.sandbox
def test_installed_wheel_makes_a_course_releases_and_grades(installed: FreshEnvironment, tmp_path: Path) -> None:
    """Outside the checkout, the whole way from `init` to a full score in the results and on a feedback page."""
    course = tmp_path / "course"
    done = installed.run("init", course)
    assert done.returncode == 0, done.stderr
    done = installed.run("release", "optimizers", "--course", course)
    assert done.returncode == 0, done.stderr
    assert (course / "release" / "optimizers" / "optimizers.ipynb").is_file()

    assignment = load_assignment(course, "optimizers")
    template = load_template(assignment)
    handin = course / "submitted" / "s001" / "optimizers" / "optimizers.ipynb"
    handin.parent.mkdir(parents=True)
    nbformat.write(compose_submission(assignment, template, [assignment.solution_path]), handin)
    done = installed.run("grade", "optimizers", "--course", course, "--jobs", 1, "--device", "cpu")
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
    """The grammar costs a second at every start, and an import of nbformat brings it along."""
    code = f"import sys, autograder.{module}, nbformat, jsonschema; assert not sys.modules.get('rfc3987_syntax')"
    subprocess.run([sys.executable, "-c", code], check=True)
