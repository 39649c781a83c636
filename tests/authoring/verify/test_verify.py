"""`autograder verify`: a sound assignment passes, and each kind of defect is found and named."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.scaffold import new_assignment
from autograder.authoring.verify import (
    AssignmentReport,
    PairReport,
    SilentVerifyProgress,
    VerifyOptions,
    verify_assignment,
)
from autograder.authoring.verify.mutants import try_mutants
from autograder.cli import main
from autograder.cli.verify import _print_report as print_report
from autograder.cli.verify import _print_variants as print_variants
from autograder.course.assignment import load_assignment
from autograder.course.layout import Course
from autograder.errors import AssignmentError, UsageError

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
    """What `new` writes passes, also through the sandbox; the report is JSON if asked for."""
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


def broken_check(secret: Path) -> None:
    """Let a check use a name that it does not import."""
    edit(secret / "checks" / "test_01_standardise.py", "    x = 0.01 * draw.normal(3, 7)", "    x = normal(0, 0.01)")


def other_signature(secret: Path) -> None:
    """Let the solution have another parameter."""
    edit(secret / "solution.py", "def standardise(x, eps=1e-5)", "def standardise(x, epsilon=1e-5, eps=1e-5)")


def mistyped(secret: Path) -> None:
    """Let a variant define something else."""
    edit(secret / "misconceptions" / "in_place.py", "def standardise(", "def standardize(")


def broken_example(secret: Path) -> None:
    """Let the public example use a name that nobody defines."""
    edit(
        secret.parents[1] / "assignments" / "own" / "assignment.toml",
        "standardise(torch.tensor",
        "standardise(tensors.of",
    )


def unreadable_check(secret: Path) -> None:
    """Let a check's file be no valid Python."""
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
        (broken_check, "solution.py", "(NameError: name 'normal' is not defined in test_01_standardise.py, line "),
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


def test_pairs_of_ideas_are_counted(secret: Path) -> None:
    """Two ideas that are edits are composed; one pair is like one of its own ideas, all others are told apart."""
    text = '"""You leave your mean in."""\n\nHINT = "Zero belongs in the middle."\n'
    text += 'EDITS = {"standardise": [("x - A_", "x")]}\n'
    (secret / "misconceptions" / "standardise_not_centred.py").write_text(text, encoding="utf-8")
    report = prove(secret)
    assert report.findings == ()
    assert replace(report.pairs, strangers=0) == PairReport(composed=3, unique=2, own=1)
    # Three that do nothing, and small changes of the reference.
    assert report.pairs.strangers > 3


def test_an_edit_that_fits_nothing_is_told_with_its_line(secret: Path) -> None:
    """The author reads which pattern it is, and where it stands."""
    edit(secret / "misconceptions" / "standardise_divides_by_variance.py", '("A_.sqrt()"', '("A_.root()"')
    (finding,) = prove(secret).findings
    assert "standardise_divides_by_variance.py, line 9: the pattern 'A_.root()' fits no place" in finding.problem


WAYS = {
    # Kept before the exercise is examined, but the function was taken away even before that.
    "kept": "import torch\n\n_kept = torch.native_layer_norm\n\n\ndef standardise(x, eps=1e-5):\n"
    "    return _kept(x, x.shape[-1:], None, None, eps)[0]\n",
    "open": "import torch\n\n\ndef standardise(x, eps=1e-5):\n    variance, mean = torch.var_mean(x, -1, correction=0, "
    "keepdim=True)\n    return (x - mean) / (variance + eps).sqrt()\n",
    "shown": "import torch\n\n\ndef standardise(x, eps=1e-5):\n"
    "    variance, mean = torch.ops.aten.var_mean(x, [-1], correction=0, keepdim=True)\n"
    "    return (x - mean) / (variance + eps).sqrt()\n",
}


@pytest.mark.full
@pytest.mark.sandbox
def test_ways_around_an_exercise_are_tried(secret: Path) -> None:
    """A way that is refused, or shown to a person, is no finding; a way with full marks and no word is one."""
    (secret / "ways").mkdir()
    for name, text in WAYS.items():
        (secret / "ways" / f"{name}.py").write_text(f'"""Somebody else\'s."""\n\n{text}', encoding="utf-8")
    edit(
        secret.parents[1] / "assignments" / "own" / "assignment.toml",
        "points = 4\n",
        'points = 4\nforbidden = ["torch.native_layer_norm"]\n',
    )
    found = prove(secret, sandbox=True).findings
    assert [(f.file, f.problem) for f in found] == [
        ("solutions/own/ways/open.py", "has full marks, and no person is asked to look")
    ]
    # With OPEN, the same file is no finding.
    edit(secret / "ways" / "open.py", "import torch\n", "import torch\n\nOPEN = True\n")
    assert prove(secret, sandbox=True).findings == ()


# -- mutants -----------------------------------------------------------------------------------------------

#: An exercise without torch: only the trying of mutants is tested.
CLAMP = '''"""The reference."""


def clamp(x, low=0):
    """Return x, or low if x is less."""
    if x < low:
        return low
    return x
'''
#: No check passes a negative number without `low`.
CLAMP_CHECKS = '''"""Checks of `clamp`."""

import pytest

from autograder.checks import fail

pytestmark = pytest.mark.exercise("clamp")


def test_is_never_below(student):
    """What is less than low becomes low, all else stays."""
    if [student.clamp(5, 2), student.clamp(1, 2), student.clamp(0.5)] != [5, 2, 0.5]:
        fail("A number is not what it has to be.")
'''
CLAMP_TOML = """title = "Own"

[[exercise]]
id = "clamp"
title = "Clamp"
points = 2
"""
#: The first entry is right; a check notices the second one, so it does not belong in the list.
CLAMP_EQUIVALENT = """[[mutant]]
exercise = "clamp"
was = "if x < low:"
becomes = "if x <= low:"
reason = "Where both are equal, it does not matter which is returned."

[[mutant]]
exercise = "clamp"
was = "def clamp(x, low=0):"
becomes = "def clamp(x, low=1):"
reason = "Nobody would call it like that."
"""


def only_clamp(secret: Path) -> None:
    """Let the assignment ask for `clamp` and nothing else."""
    public = secret.parents[1] / "assignments" / "own"
    (secret / "checks" / "test_01_standardise.py").unlink()
    (secret / "checks" / "test_01_clamp.py").write_text(CLAMP_CHECKS, encoding="utf-8")
    (secret / "solution.py").write_text(CLAMP, encoding="utf-8")
    (secret / "equivalent_mutants.toml").write_text(CLAMP_EQUIVALENT, encoding="utf-8")
    (public / "assignment.toml").write_text(CLAMP_TOML, encoding="utf-8")
    notebook = json.loads((public / "own.ipynb").read_text(encoding="utf-8").replace("standardise", "clamp"))
    sources = {
        "clamp": CLAMP.partition("\n\n\n")[2].partition("    if")[0] + "    raise NotImplementedError",
        "test_clamp": "",
    }
    notebook["cells"] = [c for c in notebook["cells"] if name_of(c) in sources]
    for cell in notebook["cells"]:
        cell["source"] = sources[name_of(cell)]
        if name_of(cell) == "test_clamp":
            cell["metadata"]["nbgrader"]["points"] = 2
    (public / "own.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def name_of(cell: dict[str, Any]) -> str:
    """Return a cell's grade_id, if it has one."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def test_mutants_are_killed_listed_or_shown(secret: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mutant that a check notices is killed, one with the same meaning does not count, others are shown as a diff."""
    only_clamp(secret)
    report, found = try_mutants(load_assignment(secret.parents[1], "own"), SilentVerifyProgress())
    assert (report.total, report.killed, report.equivalent) == ({"clamp": 3}, {"clamp": 2}, 1)
    (survivor,) = report.survivors
    assert survivor.line == 4
    problems = [(f.file, f.problem) for f in found]
    assert problems == [
        (
            "solutions/own/solution.py:4",
            "no check notices when `def clamp(x, low=0):` becomes `def clamp(x, low=(-1)):`",
        ),
        (
            "solutions/own/equivalent_mutants.toml",
            "no surviving mutant turns `def clamp(x, low=0):` into `def clamp(x, low=1):`",
        ),
    ]
    print_report(AssignmentReport("own", exercises=1, findings=tuple(found), mutants=report))
    out = capsys.readouterr().out
    assert "2 of 3 killed (66.7 %), 1 equivalent" in out
    assert "survivor in clamp, line 4" in out
    assert "    -def clamp(x, low=0):\n    +def clamp(x, low=(-1)):\n" in out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[mutant]", "equivalent_mutants.toml is not valid TOML"),
        (CLAMP_EQUIVALENT.replace("Nobody would call it like that.", "So."), "mutant.1.reason: .*correct that entry"),
    ],
)
def test_a_list_of_equivalents_that_cannot_be_read_is_named(secret: Path, text: str, words: str) -> None:
    """Before any mutant is tried."""
    (secret / "equivalent_mutants.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError, match=words):
        try_mutants(load_assignment(secret.parents[1], "own"), SilentVerifyProgress())


#: One trial sleeps, the other computes for longer than a trial may wait.
TRIALS = """
import time
import autograder.authoring.verify.mutant_host as host

host.WALL_S, host.PROGRESS_S = 1.0, 0.01

class Host(host._Host):
    def __init__(self):
        pass

    def _try(self, trial):
        if trial.source == "sleeps":
            time.sleep(60)
        end = time.process_time() + 1.5
        while time.process_time() < end:
            pass
        return host.SURVIVED

trials = [host._Trial(i, (), source, 30.0) for i, source in enumerate(("sleeps", "computes"))]
print(sorted((trial.source, how) for trial, how, _ in Host()._run(trials)))
"""


def test_a_busy_machine_kills_no_mutant() -> None:
    """A trial that computes has all its processor time; a trial that only waits is ended."""
    done = subprocess.run([sys.executable, "-c", TRIALS], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[('computes', 'survived'), ('sleeps', 'time')]"


# -- new ---------------------------------------------------------------------------------------------------


def test_where_the_reference_fails_nothing_else_is_accused(secret: Path) -> None:
    """One defect of a check is one finding, not one for each variant; neither sandbox nor mutants are tried."""
    broken_check(secret)
    options = VerifyOptions(seeds=2, sandbox=True, mutants=True)
    report = verify_assignment(secret.parents[1], "own", options, SilentVerifyProgress())
    (finding,) = report.findings
    assert (finding.file, finding.seeds) == ("solutions/own/solution.py", (1, 2))
    assert (report.tier, report.mutants) == (None, None)


def test_new_writes_over_nothing(secret: Path) -> None:
    """An existing assignment stays as it is."""
    with pytest.raises(AssignmentError, match="is there already"):
        new_assignment(Course(secret.parents[1]), "own")
    with pytest.raises(AssignmentError, match="cannot name an assignment"):
        new_assignment(Course(secret.parents[1]), "../own")


def misnamed_idea(secret: Path) -> None:
    """Add a check that names an idea by an id without a file."""
    text = """import pytest
from autograder.checks import fail


@pytest.mark.exercise('standardise')
def test_more(student):
    'Something holds.'
    fail('Wrong.', 'standardise-all-at-onc')
"""
    (secret / "checks/test_02_more.py").write_text(text, encoding="utf-8")


STATIC: dict[str, tuple[Defect, str]] = {
    "an undefined name": (
        lambda s: edit(s / "misconceptions/standardise_all_at_once.py", "x.mean()", "y.mean()"),
        "uses 'y'",
    ),
    "an idea that is none": (misnamed_idea, "did you mean 'standardise-all-at-once'?"),
    "a mark of no exercise": (
        lambda s: edit(s / "checks/test_01_standardise.py", 'exercise("standardise")', 'exercise("standardize")'),
        "did you mean 'standardise'?",
    ),
    "a variant without a hint": (
        lambda s: edit(s / "misconceptions/standardise_all_at_once.py", "HINT", "TIP"),
        "has no HINT",
    ),
    "a layer that gives the function away": (
        lambda s: edit(
            s.parents[1] / "assignments/own/assignment.toml", "forbidden = [", 'forbidden = ["torch.sigmoid", '
        ),
        "torch.nn.Sigmoid still computes it",
    ),
}


@pytest.mark.parametrize("case", STATIC.values(), ids=STATIC)
def test_files_alone_show_much(secret: Path, case: tuple[Defect, str]) -> None:
    """`--static` runs nothing and names each of these; without one it finds nothing."""
    options = VerifyOptions(static=True)
    root = secret.parents[1]
    assert verify_assignment(root, "own", options, SilentVerifyProgress()).sound
    defect, told = case
    defect(secret)
    found = verify_assignment(root, "own", options, SilentVerifyProgress()).findings
    assert any(told in f.problem for f in found), found


def test_one_exercise_can_be_looked_at(secret: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Others are left out; the table says what each variant fails and keeps."""
    root = secret.parents[1]
    options = VerifyOptions(seeds=1, sandbox=False, exercises=("standardise",))
    report = verify_assignment(root, "own", options, SilentVerifyProgress())
    assert report.exercises == 1
    (row,) = [r for r in report.variants if r.file.endswith("misconceptions/in_place.py")]
    assert row.exercise == "standardise"
    assert 0 < row.least == row.most < row.points
    assert [r.most for r in report.variants if "/honest/" in r.file] == [row.points] * 3
    print_variants(report)
    shown = capsys.readouterr().out
    assert "misconceptions/in_place" in shown
    assert f"of {float(row.points):g}" in shown
    with pytest.raises(UsageError, match="did you mean 'standardise'"):
        verify_assignment(root, "own", VerifyOptions(exercises=("standardize",)), SilentVerifyProgress())


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("[late]\npercnt = 10", "did you mean 'percent'?"),
        ("[limits]\ncell_seconds = 10", "did you mean 'cell_s'?"),
        ("[[exercise]]\nid = 'x'\ntitle = 'X'\npoint = 1", "did you mean 'points'?"),
    ],
)
def test_an_unknown_entry_is_answered_with_the_nearest(secret: Path, entry: str, told: str) -> None:
    """In every table."""
    toml = secret.parents[1] / "assignments/own/assignment.toml"
    text = toml.read_text(encoding="utf-8")
    if entry.startswith("[limits]"):
        text = text.replace("[limits]", entry, 1) if "[limits]" in text else f"{text}\n{entry}\n"
    else:
        text = f"{text}\n{entry}\n"
    toml.write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError, match=re.escape(told)):
        load_assignment(secret.parents[1], "own")
