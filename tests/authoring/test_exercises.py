"""`autograder exercise` changes every file that mentions an exercise, and a sound assignment stays sound."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from sample_assignment import make_from_page

from autograder.authoring import exercises, source_edits
from autograder.authoring.scaffold import new_assignment
from autograder.authoring.verify import SilentVerifyProgress, VerifyOptions, verify_assignment
from autograder.cli import main
from autograder.course.assignment import load_assignment
from autograder.course.layout import Course


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course with the assignment of docs/asking.md, fourteen exercises, one of which uses another one's function."""
    make_from_page(tmp_path, "asking", "asking.md")
    return tmp_path


def command(root: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run `autograder exercise …` in the course; return the exit code."""
    monkeypatch.setattr("sys.argv", ["autograder", "exercise", *words, "--course", str(root)])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def findings(root: Path, slug: str = "asking", **options: Any) -> list[str]:
    """Return what `verify` finds, except checks that no variant fails."""
    settings = VerifyOptions(**{"seeds": 1, "sandbox": False, **options})
    report = verify_assignment(root, slug, settings, SilentVerifyProgress())
    return [f"{f.file} {f.exercise}: {f.problem}" for f in report.findings if "failed by no variant" not in f.problem]


def texts(root: Path) -> dict[str, str]:
    """Return all files of the course."""
    return {str(p.relative_to(root)): p.read_text(encoding="utf-8") for p in sorted(root.rglob("*")) if p.is_file()}


def test_a_dropped_exercise_is_gone_from_every_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells, entry, definition, checks and variants; what is left proves itself."""
    assert command(root, monkeypatch, "drop", "asking", "Gate") == 0
    left = texts(root)
    assert not [name for name, text in left.items() if "Gate" in text]
    assert "solutions/asking/checks/test_05_Gate.py" not in left
    assert "solutions/asking/misconceptions/gate_masks_the_input.py" not in left
    assert len(load_assignment(root, "asking").coded) == 13
    assert findings(root, exercises=("share_and_copy", "mean_softplus")) == []


def test_a_renamed_exercise_proves_itself_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its definition, its callers, its checks and variants; `torch.nn.functional.softplus` keeps its name."""
    assert command(root, monkeypatch, "rename", "asking", "softplus", "soft_plus") == 0
    left = texts(root)
    assert "torch.nn.functional.softplus(x)" in left["solutions/asking/checks/test_02_soft_plus.py"]
    assert 'student.tools.vjp("soft_plus"' in left["solutions/asking/checks/test_02_soft_plus.py"]
    assert "return soft_plus(x).mean()" in left["solutions/asking/solution.py"]
    assert findings(root, exercises=("soft_plus", "mean_softplus")) == []
    assert findings(root, static=True) == []


def test_points_change_in_the_notebook_and_in_the_toml(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else changes; halves are points too."""
    before = texts(root)
    assert command(root, monkeypatch, "points", "asking", "tracked", "2.5") == 0
    after = texts(root)
    assert [name for name in after if after[name] != before[name]] == [
        "assignments/asking/asking.ipynb",
        "assignments/asking/assignment.toml",
    ]
    assert float(load_assignment(root, "asking").exercise("tracked").points) == 2.5
    assert findings(root, static=True) == []


def test_an_added_exercise_is_complete_but_for_its_content(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the solution defines it, its signature and docstring make the stub; and a question can be added."""
    solution = root / "solutions/asking/solution.py"
    own = '\n\ndef twice(x, *, by=2):\n    """Return x times by."""\n    y = x\n    return by * y\n'
    solution.write_text(solution.read_text(encoding="utf-8") + own, encoding="utf-8")
    assert command(root, monkeypatch, "add", "asking", "twice", "--points", "2", "--title", 'Two "times"') == 0
    assert command(root, monkeypatch, "add", "asking", "q_why", "--written") == 0
    (root / "solutions/asking/answers.md").write_text("# Why\n", encoding="utf-8")
    notebook = json.loads((root / "assignments/asking/asking.ipynb").read_text(encoding="utf-8"))
    stub = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "twice")
    shown = "".join(stub["source"])
    assert shown == 'def twice(x, *, by=2):\n    """Return x times by."""\n    raise NotImplementedError'
    assert load_assignment(root, "asking").exercise("twice").title == 'Two "times"'
    assert load_assignment(root, "asking").exercise("q_why").written
    assert findings(root, static=True) == []
    assert findings(root, exercises=("twice",)) == []
    assert command(root, monkeypatch, "add", "asking", "fresh", "--signature", "x, y") == 0
    assert "def fresh(x, y):" in solution.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("drop", "asking", "softpluss"), "did you mean 'softplus'?"),
        (("rename", "asking", "softplus", "tracked"), "has an exercise 'tracked' already"),
        (("rename", "asking", "softplus", "soft plus"), "cannot be the id"),
        (("rename", "asking", "softplus"), "needs the new id"),
        (("points", "asking", "softplus", "0"), "more than zero"),
        (("points", "asking", "softplus", "many"), "no number of points"),
        (("drop", "asking", "softplus", "now"), "one argument too many"),
        (("add", "asking", "softplus"), "has an exercise 'softplus' already"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    told: str,
) -> None:
    """The message says why, and every file is as it was."""
    before = texts(root)
    assert command(root, monkeypatch, *words) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert texts(root) == before


def test_a_dry_run_names_the_files_and_writes_none(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files to be removed and files to be renamed are told too."""
    before = texts(root)
    assert command(root, monkeypatch, "rename", "asking", "dropout", "drop_out", "--dry-run") == 0
    printed = capsys.readouterr().out
    assert "test_07_dropout.py → test_07_drop_out.py" in printed
    assert "Nothing was written." in printed
    assert texts(root) == before


def test_an_entry_with_brackets_in_its_example_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line of an example may look like a table's header."""
    (tmp_path / "assignments").mkdir()
    new_assignment(Course(tmp_path), "own")
    toml = tmp_path / "assignments/own/assignment.toml"
    more = '\n# Last.\n[[exercise]]\nid = "other"\ntitle = "Other"\npoints = 1\nexample = """\n[other]\n[[1]]\n"""\n'
    toml.write_text(toml.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert command(tmp_path, monkeypatch, "points", "own", "other", "4") == 0
    assert command(tmp_path, monkeypatch, "drop", "own", "standardise") == 0
    *_, kept = tomllib.loads(toml.read_text(encoding="utf-8"))["exercise"]
    assert (kept["id"], kept["points"], kept["example"]) == ("other", 4, "[other]\n[[1]]\n")
    assert "# Last." in toml.read_text(encoding="utf-8")


RENAMES = {
    "a call": ("y = fans(w)", "y = faens(w)"),
    "a definition": ("def fans(w): return fans(w)", "def faens(w): return faens(w)"),
    "a class": ("class fans(Base): pass", "class faens(Base): pass"),
    "another's function": ("y = torch.fans(w) + x.fans()", "y = torch.fans(w) + x.fans()"),
    "a fixture": ("student.fans(w); reference.fans(w)", "student.faens(w); reference.faens(w)"),
    "a text": ('raises(student, "fans", w)', 'raises(student, "faens", w)'),
    "a sentence": ('fail("fans of this layer")', 'fail("fans of this layer")'),
    "a parameter": ("def f(fans): return fans", "def f(fans): return fans"),
    "a local variable": ("def f(w):\n    fans = 1\n    return fans", "def f(w):\n    fans = 1\n    return fans"),
    "a keyword": ("f(fans=3)", "f(fans=3)"),
    "beside signs": ('x = "ä"; y = fans(w)', 'x = "ä"; y = faens(w)'),
    "a magic": ("%time fans(w)", "%time faens(w)"),
}


@pytest.mark.parametrize("case", RENAMES.values(), ids=RENAMES)
def test_only_what_means_the_exercise_is_renamed(case: tuple[str, str]) -> None:
    """Other things of that name stay."""
    assert source_edits.renamed(case[0], "fans", "faens") == case[1]


def test_checks_of_several_exercises_lose_the_one() -> None:
    """Decorators tell which check belongs to which exercise; a file about one exercise alone is removed."""
    shared = (
        "import pytest\n\n\n# About a.\n@pytest.mark.exercise('a')\ndef test_a():\n    pass\n\n\n"
        "@pytest.mark.exercise('b')\ndef test_b():\n    pass\n"
    )
    kept = source_edits.without_checks(shared, "a")
    assert kept == "import pytest\n\n\n@pytest.mark.exercise('b')\ndef test_b():\n    pass\n"
    assert source_edits.without_checks("pytestmark = pytest.mark.exercise('a')\ndef test_a(): pass\n", "a") is None
    assert source_edits.without_checks(kept, "a") == kept


def test_equal_ideas_of_a_dropped_exercise_are_forgotten() -> None:
    """An empty table is removed as a whole."""
    text = 'EQUALS = {"a": "x", "b": "y"}\nALSO_COSTS = ["a"]\nHINT = "a"'
    assert source_edits.without_entries(text, "a", ("EQUALS", "ALSO_COSTS")) == 'EQUALS = {"b": "y"}\nHINT = "a"'


PICTURED = '''title = "T"

[[exercise]]
id = "a"
points = 1

[exercise.picture]
kind = "curve"
code = """
[x, y] = 1, 2
a([x, y])
"""

[[exercise]]
id = "b"
points = 1
picture = { kind = "curve", code = "b(1)" }
'''


def test_a_picture_goes_and_is_renamed_with_its_exercise() -> None:
    """The table of a picture belongs to the entry above it, and its code calls the exercise."""
    kept = exercises._without_entry(PICTURED, "exercise", "id", "a")
    assert [e["id"] for e in tomllib.loads(kept)["exercise"]] == ["b"]
    assert "a([x, y])" not in kept
    renamed = tomllib.loads(exercises._renamed_toml(PICTURED, "a", "first"))
    assert renamed["exercise"][0]["picture"]["code"] == "[x, y] = 1, 2\nfirst([x, y])\n"


def test_what_is_lent_goes_with_its_exercise() -> None:
    """A renamed function is lent under its new name, a dropped one to nobody."""
    text = 'id = "a"\npoints = 1\nlends = ["fans", "spread"]  # two\n\n[[exercise]]\nid = "b"\nlends = ["fans"]\n'
    assert exercises._renamed_toml(text, "fans", "counts").count('"counts"') == 2
    assert '"fans"' not in exercises._renamed_toml(text, "fans", "counts")
    kept = exercises._not_lent(text, "fans")
    assert tomllib.loads(kept.replace("[[exercise]]", "[b]"))["lends"] == ["spread"]
    assert "fans" not in kept
    assert kept.count("lends") == 1
