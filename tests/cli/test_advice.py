"""What a command says to do next can be typed as it stands."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from tiny_course import TinyCourse

import autograder
from autograder.cli import app, doctor_report
from autograder.cli.options import slug_of
from autograder.course.assignment import load_assignment
from autograder.course.nearest import nearest
from autograder.errors import AssignmentError

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(autograder.__file__).parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMED = re.compile(r"(?:`|\$ )nbgrader ([a-z]\w*)")
TOML = 'title = "Tiny"\n{before}\n[[exercise]]\nid = "double"\ntitle = "Double"\npoints = 2\n{inside}\n'


def run(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, **environment}
    )


def test_commands_of_nbgrader_that_are_named_exist() -> None:
    """Each `nbgrader COMMAND` on a page or in a message is one that nbgrader has."""
    from nbgrader.apps.nbgraderapp import NbGraderApp

    texts = [p.read_text(encoding="utf-8") for p in [*PAGES, *PACKAGE.rglob("*.py")]]
    named = {name for text in texts for name in NAMED.findall(text)}
    assert len(named) > 6
    assert named <= set(NbGraderApp.subcommands)


def test_commands_of_ours_that_are_named_exist() -> None:
    """The same holds for `autograder COMMAND`, and for the first word of every example."""
    group = typer.main.get_group(app)
    texts = [p.read_text(encoding="utf-8") for p in [*PAGES, *PACKAGE.rglob("*.py")]]
    named = {name for text in texts for name in re.findall(r"(?:`|\$ |&& )autograder ([a-z]\w*)", text)}
    assert len(named) > 9
    assert named <= set(group.commands)
    for name, command in group.commands.items():
        lines = (command.epilog or "").splitlines()
        assert lines[0] == "\b"
        assert lines[1] in {"Example:", "Examples:"}
        assert all(line.startswith(f"  autograder {name}") for line in lines[2:]), "one to a line, to be copied"


def test_no_message_has_a_place_for_a_name_in_it() -> None:
    """What is raised, printed or skipped names the assignment that it is about, never SLUG."""
    said = {"print", "echo", "skip", "exit", "fail", "UsageError"}
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            calls = isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in said
            if calls or isinstance(node, ast.Raise):
                texts = [c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)]
                found += [(path.name, t) for t in texts if re.search(r"\bSLUG\b", t)]
    assert found == []


@pytest.mark.parametrize("typed", ["tiny", "tiny/", "assignments/tiny", "assignments/tiny/", "./tiny/"])
def test_an_assignment_may_be_typed_as_a_folder(typed: str) -> None:
    """A shell completes the name of a folder, with its slash."""
    assert slug_of(typed) == "tiny"


def test_commands_take_a_folder_for_an_assignment(tiny: TinyCourse) -> None:
    """`status tiny/` is `status tiny`."""
    told = [run("status", name, cwd=tiny.root) for name in ("tiny", "tiny/", "assignments/tiny/")]
    assert {(t.returncode, t.stdout, t.stderr) for t in told} == {(0, told[0].stdout, "")}


def test_a_mistyped_assignment_is_answered_with_the_nearest(tiny: TinyCourse) -> None:
    """The message lists what is there, and names the one that was meant."""
    done = run("grade", "tinny", cwd=tiny.root)
    assert done.returncode == 2
    assert "it has: tiny. Did you mean 'tiny'?" in done.stderr
    assert "Did you mean" not in run("grade", "unlike-all", cwd=tiny.root).stderr


def test_a_mistyped_exercise_or_student_is_answered_with_the_nearest(tiny: TinyCourse) -> None:
    """Students and instructors mistype names too."""
    notebook = tiny.hand_in("ada", tiny.solved())
    done = run("check", notebook, "--exercise", "duoble", cwd=tiny.root)
    assert (done.returncode, "Did you mean 'double'?" in done.stderr) == (2, True)
    tiny.add_checks()
    done = run("grade", "tiny", "--student", "ida", cwd=tiny.root)
    assert (done.returncode, "Did you mean 'ada'?" in done.stderr) == (2, True)


def test_upper_and_lower_case_are_alike() -> None:
    """A user who types `optimizers` may mean `Optimizers`."""
    assert nearest("optimizers", ["Optimizers", "xavier"]) == "Optimizers"
    assert nearest("zzz", ["Optimizers"]) is None


@pytest.mark.parametrize(
    ("before", "inside", "said"),
    [
        ('[late]\npenalty = "flat"\npercnt = 10', "", "late.percnt: there is no such entry; did you mean 'percent'?"),
        ("[limits]\ncel_s = 5", "", "limits.cel_s: there is no such entry; did you mean 'cell_s'?"),
        ("forbiden = []", "", "forbiden: there is no such entry; did you mean 'forbidden'?"),
        ("", "pionts = 2", "exercise.0.pionts: there is no such entry; did you mean 'points'?"),
        (
            "[limits]\nzzz = 5",
            "",
            "limits.zzz: there is no such entry; there are: beside_mib, cell_kib, cell_s, cells,",
        ),
    ],
)
def test_a_mistyped_entry_is_answered_with_the_nearest(tiny: TinyCourse, before: str, inside: str, said: str) -> None:
    """Of several errors, the message tells the name that does not exist: the others follow from it."""
    toml = tiny.assignment.public_dir / "assignment.toml"
    toml.write_text(TOML.format(before=before, inside=inside), encoding="utf-8")
    with pytest.raises(AssignmentError, match=re.escape(f"{toml}: {said}")):
        load_assignment(tiny.root, "tiny")


def test_a_shell_completes_commands_and_assignments(tiny: TinyCourse) -> None:
    """What `--install-completion` installs asks for these."""
    asked = {"_AUTOGRADER_COMPLETE": "complete_bash"}
    assert run(cwd=tiny.root, COMP_WORDS="autograder gr", COMP_CWORD="1", **asked).stdout.split() == ["grade"]
    assert run(cwd=tiny.root, COMP_WORDS="autograder status t", COMP_CWORD="2", **asked).stdout.split() == ["tiny"]
    # The result must not depend on the shell that runs these tests.
    named = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "True"}
    assert "autograder" in run("--show-completion", "bash", cwd=tiny.root, **named).stdout


@pytest.mark.parametrize("length", [255, 3215, 5000])
def test_long_names_are_one_message(tiny: TinyCourse, length: int) -> None:
    """A course, an assignment, a notebook or a folder for a course may have any name that can be typed."""
    name, path = "n" * length, "/".join(["d" * 200] * (length // 200))
    for arguments in (
        ("status", "tiny", "--course", path),
        ("init", path if length > 255 else name + "x"),
        ("demo", path if length > 255 else name + "x"),
        ("grade", name),
        ("check", f"{name}.ipynb"),
    ):
        done = run(*arguments, cwd=tiny.root)
        assert "Traceback" not in done.stdout + done.stderr
        assert done.returncode in {2, 3}, (arguments[0], done.stderr)
        assert done.stderr.startswith("error: ") or arguments[0] == "check"
    assert {p.name for p in tiny.root.iterdir()} == {"assignments", "solutions"}


def test_the_doctor_finds_what_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks for both distributions by name, and pip can install the names that it prints for missing ones."""
    monkeypatch.setattr(doctor_report, "_version", lambda name: "" if name == "torch-autograder" else "1")
    remarks = doctor_report.examine_machine().remarks
    assert "torch-autograder is not installed: pip install torch-autograder" in remarks
