"""`autograder verify`: a sound assignment passes, and each kind of defect is found and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cli import main
from autograder.course import Course
from autograder.scaffold import new_assignment
from autograder.verify import AssignmentReport, SilentVerifyProgress, VerifyOptions, verify_assignment

Defect = Callable[[Path], None]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """The secret folder of a new assignment `own` in a course of its own."""
    (tmp_path / "assignments").mkdir()
    new_assignment(Course(tmp_path), "own")
    return tmp_path / "solutions" / "own"


def prove(secret: Path, *, seeds: int = 1, sandbox: bool = False) -> AssignmentReport:
    """Prove the assignment."""
    options = VerifyOptions(seeds=seeds, sandbox=sandbox)
    return verify_assignment(secret.parents[1], "own", options, SilentVerifyProgress())


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that is there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.sandbox
def test_a_new_assignment_is_sound(secret: Path, monkeypatch: pytest.MonkeyPatch, capsys: object) -> None:
    """What `new` writes passes, through the sandbox too, and the report is JSON where that is asked for."""
    assert isinstance(capsys, pytest.CaptureFixture)
    monkeypatch.setattr(
        "sys.argv", ["autograder", "verify", "--json", "--seeds", "2", "--course", str(secret.parents[1])]
    )
    with pytest.raises(SystemExit) as end:
        main()
    out = capsys.readouterr().out
    (report,) = json.loads(out)
    assert report["findings"] == []
    assert end.value.code in {0, None}
    assert (report["notebooks"], report["seeds"], report["false_alarms"]) == (10, 2, 0)


def honest_fails(secret: Path) -> None:
    """Let right work differ in the sixth digit."""
    edit(secret / "honest" / "by_var.py", "(x - mean)", "(x - mean) * 1.000001")


def misconception_passes(secret: Path) -> None:
    """Let a wrong idea be right."""
    shutil.copy(secret / "solution.py", secret / "x.py")
    text = '"""You do it right."""\nHINT = "Nothing is wrong."\n' + (secret / "x.py").read_text(
        encoding="utf-8"
    ).partition('"""\n')[2].replace("from __future__ import annotations\n", "")
    (secret / "misconceptions" / "right.py").write_text(text, encoding="utf-8")


def twins(secret: Path) -> None:
    """Have one idea twice."""
    shutil.copy(secret / "misconceptions" / "standardise_all_at_once.py", secret / "misconceptions" / "again.py")


def idle_check(secret: Path) -> None:
    """Add a check that passes for everything."""
    path = secret / "checks" / "test_01_standardise.py"
    with path.open("a", encoding="utf-8") as file:
        file.write('\n\ndef test_is_idle(student):\n    """Nothing is asked for."""\n')


def wrong_reference(secret: Path) -> None:
    """Let the reference change its input."""
    edit(
        secret / "solution.py",
        "    centred = x - x.mean(-1, keepdim=True)\n",
        "    x -= x.mean(-1, keepdim=True)\n    centred = x\n",
    )


def other_signature(secret: Path) -> None:
    """Let the solution have another parameter."""
    edit(secret / "solution.py", "def standardise(x, eps=1e-5)", "def standardise(x, epsilon=1e-5, eps=1e-5)")


def mistyped(secret: Path) -> None:
    """Let a variant define something else."""
    edit(secret / "misconceptions" / "in_place.py", "def standardise(", "def standardize(")


def broken_example(secret: Path) -> None:
    """Let the public example use what the solution does not import."""
    edit(secret / "solution.py", "import torch  #", "#")


def unreadable_check(secret: Path) -> None:
    """Let a check's file be no Python."""
    (secret / "checks" / "test_02.py").write_text("def (", encoding="utf-8")


@pytest.mark.parametrize(
    ("defect", "file", "words"),
    [
        (honest_fails, "honest/by_var.py", "right work does not pass"),
        (misconception_passes, "misconceptions/right.py", "passes every check"),
        (twins, "misconceptions/again.py", "is not recognised"),
        (idle_check, "checks/test_01_standardise.py", "passes for the untouched template"),
        (idle_check, "checks/test_01_standardise.py", "is failed by no variant"),
        (wrong_reference, "solution.py", "the reference does not pass"),
        (other_signature, "solutions/own", "the parameters differ"),
        (mistyped, "misconceptions/in_place.py", "'standardize', which is no exercise"),
        (broken_example, "assignments/own/assignment.toml", "the public example raises"),
        (unreadable_check, "solutions/own", "cannot be collected"),
    ],
)
def test_a_defect_is_found_and_named(secret: Path, defect: Defect, file: str, words: str) -> None:
    """The finding names the file and what is wrong, and says what to do."""
    defect(secret)
    found = [f for f in prove(secret).findings if file in f.file and words in f.problem]
    assert found
    assert all(f.remedy for f in found)


def test_a_finding_names_the_seeds_that_show_it(secret: Path) -> None:
    """One finding for all seeds, not one for each."""
    honest_fails(secret)
    seeds = {f.seeds for f in prove(secret, seeds=3).findings if f.check == "each_row_for_itself[matrix]"}
    assert seeds == {(1, 2, 3)}


def test_new_writes_over_nothing(secret: Path) -> None:
    """An assignment that is there stays as it is."""
    from autograder.errors import AssignmentError

    with pytest.raises(AssignmentError, match="is there already"):
        new_assignment(Course(secret.parents[1]), "own")
    with pytest.raises(AssignmentError, match="cannot name an assignment"):
        new_assignment(Course(secret.parents[1]), "../own")
