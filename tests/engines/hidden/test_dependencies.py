"""Which exercises an edit touches, from the files alone."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course.assignment import Assignment, load_assignment
from autograder.course.layout import builtin_course_dir
from autograder.engines.hidden.dependencies import Dependencies, dependencies
from autograder.files import PACKAGE_DIR
from autograder.verdict import OWN_IDS

SLUG = "optimizers"
NOTHING: frozenset[str] = frozenset()


class Copy:
    """A copy of the assignment `optimizers`, to be edited."""

    def __init__(self, root: Path) -> None:
        for folder in ("assignments", "solutions"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(builtin_course_dir() / folder / SLUG, root / folder / SLUG, ignore=ignored)
        self.root = root
        self.before = self.read()

    @property
    def assignment(self) -> Assignment:
        """The assignment with its current files."""
        return load_assignment(self.root, SLUG)

    def read(self) -> Dependencies:
        """Return the digests of the current files."""
        return dependencies(self.assignment)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text in one of its files; the text must be there, and an empty one stands for the end."""
        file = self.root / path.replace("SECRET", f"solutions/{SLUG}").replace("PUBLIC", f"assignments/{SLUG}")
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        assert old in text
        file.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")

    def changed(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the exercises whose outcomes may change, and those whose diagnosis may."""
        now = self.read()
        checks = frozenset(e for e in now.checks if now.checks[e] != self.before.checks.get(e))
        return checks, frozenset(e for e in now.ideas if now.ideas[e] != self.before.ideas.get(e))

    def fingerprint_changed(self) -> bool:
        """Whether there is anything to do at all."""
        return self.read().fingerprint != self.before.fingerprint


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A new copy."""
    return Copy(tmp_path)


ALL = frozenset(
    {
        "gradient_descent",
        "sgd_step",
        "momentum_step",
        "nesterov_step",
        "adagrad_step",
        "rmsprop_step",
        "adadelta_step",
        "adam_step",
        "Momentum",
        "Adam",
        "compare_optimizers",
    }
)
SGD = "SECRET/checks/test_02_sgd_step.py"


@pytest.mark.parametrize(
    ("path", "old", "new", "touched"),
    [
        (SGD, "0.3", "0.31", {"sgd_step"}),
        (SGD, "", "\n\ndef helper():\n    return 1\n", {"sgd_step"}),
        (SGD, "", "\n\n@pytest.mark.needs('keeps_float32')\ndef test_more(student):\n    pass\n", {"sgd_step"}),
        (SGD, 'mark.exercise("sgd_step")', "mark.exercise(NAME)", ALL),
        ("SECRET/solution.py", "", "\nx = 1\n", ALL),
        ("SECRET/checks/conftest.py", "", "x = 1\n", ALL),
        ("SECRET/checks/common.py", "", "x = 1\n", ALL),
        ("PUBLIC/assignment.toml", "forbidden = [", 'forbidden = [\n    "os",', ALL),
        ("PUBLIC/assignment.toml", "output_kib = 4096", "output_kib = 4000", ALL),
        ("PUBLIC/assignment.toml", 'id = "adam_step"', 'id = "adam_step"\nall_or_nothing = true', {"adam_step"}),
        ("PUBLIC/data.csv", "", "1\n", ALL),
    ],
)
def test_what_may_change_outcomes(copy: Copy, path: str, old: str, new: str, touched: set[str]) -> None:
    """A file of checks touches its own exercise; shared files, and unclear ones, touch all."""
    copy.edit(path, old, new)
    assert copy.changed()[0] == touched


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (SGD, "", "\n# a comment\n"),
        (SGD, "import torch", "import torch  # PyTorch"),
        (SGD, '    """', '    """Once more: '),
        (SGD, "def test_keeps", "@pytest.mark.weight(3)\ndef test_keeps"),
        (SGD, "def test_keeps", "@pytest.mark.convention\ndef test_keeps"),
        ("PUBLIC/assignment.toml", 'title = "', 'title = "The '),
        ("PUBLIC/assignment.toml", "points = 3", "points = 30"),
    ],
)
def test_what_only_changes_points_and_words(copy: Copy, path: str, old: str, new: str) -> None:
    """It is noticed, and nothing has to run."""
    copy.edit(path, old, new)
    assert copy.changed() == (NOTHING, NOTHING)
    assert copy.fingerprint_changed()


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("SECRET/answers.md", "More.\n"),
        ("SECRET/README.md", "More.\n"),
        ("SECRET/equivalent_mutants.toml", "\n"),
        ("PUBLIC/README", "More.\n"),
        ("SECRET/honest/like_the_library.py", "x = 1\n"),
        ("PUBLIC/assignment.toml", "\n"),
    ],
)
def test_what_nothing_depends_on(copy: Copy, path: str, new: str) -> None:
    """It is not even noticed."""
    copy.edit(path, "", new)
    assert not copy.fingerprint_changed()


def test_deadlines_are_looked_at_elsewhere(copy: Copy) -> None:
    """Neither the rule nor an extension makes a result outdated."""
    copy.edit("PUBLIC/assignment.toml", "", "\n[late]\ndue = 2026-11-30T23:59:00+01:00\n")
    copy.edit("SECRET/extensions.toml", "", "s1 = 2026-12-01T00:00:00Z\n")
    assert copy.assignment.late is not None
    assert not copy.fingerprint_changed()


def test_points_in_the_template_are_no_change_of_the_template(copy: Copy) -> None:
    """They repeat those of assignment.toml; any other edit of the template touches all."""
    path = copy.assignment.template_path
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'"points": \d+', '"points": 77', text), encoding="utf-8")
    assert copy.changed() == (NOTHING, NOTHING)
    path.write_text(text.replace("import torch", "import torch, math", 1), encoding="utf-8")
    assert copy.changed()[0] == ALL


@pytest.mark.parametrize(
    ("name", "touched"),
    [
        ("adam_swapped_betas", lambda found: {"adam_step", "Adam"} <= found < ALL),
        ("adagrad_no_sqrt", lambda found: "adagrad_step" in found and "sgd_step" not in found),
        # Checks of every exercise may name these ids, also if the files define only some exercises.
        ("accumulates_over_calls", lambda found: found == ALL),
        ("not_implemented", lambda found: found == ALL),
        ("in_place", lambda found: found == ALL),
    ],
)
def test_misconceptions_change_diagnoses_only(copy: Copy, name: str, touched: Callable[[frozenset[str]], bool]) -> None:
    """An edited wrong idea is tested again where it can be named."""
    copy.edit(f"SECRET/misconceptions/{name}.py", "HINT", "x = 1\nHINT")
    checks, ideas = copy.changed()
    assert checks == NOTHING
    assert touched(ideas)


def test_a_new_misconception_counts_where_it_defines_something(copy: Copy) -> None:
    """One more candidate may make a diagnosis ambiguous."""
    copy.edit(
        "SECRET/misconceptions/forgets_lr.py", "", '"""Wrong."""\nHINT = "h"\n\ndef sgd_step(p, g, lr):\n    return p\n'
    )
    assert copy.changed() == (NOTHING, frozenset({"sgd_step"}))


def test_a_check_that_reads_its_own_text_depends_on_it(copy: Copy) -> None:
    """Then a docstring is more than words."""
    copy.edit(SGD, "", "\n\nTEXT = test_keeps_float32.__doc__\n")
    copy.before = copy.read()
    assert not copy.before.wording["sgd_step"]
    copy.edit(SGD, '    """', '    """Once more: ')
    assert copy.changed()[0] == {"sgd_step"}


def test_weights_in_other_places_are_code(copy: Copy) -> None:
    """A weight outside a plain decorator is unknown unless the file is run."""
    copy.edit(
        SGD, "pytestmark = pytest.mark.exercise", "heavy = pytest.mark.weight(2)\npytestmark = pytest.mark.exercise"
    )
    assert copy.changed()[0] == {"sgd_step"}
    assert not copy.read().wording["sgd_step"]
    assert copy.read().wording["adam_step"]


def test_a_file_that_another_speaks_of_is_shared(copy: Copy) -> None:
    """It may be imported."""
    copy.edit("SECRET/checks/test_08_adam_step.py", "", "\n# see test_02_sgd_step\n")
    copy.before = copy.read()
    copy.edit(SGD, "0.3", "0.31")
    assert copy.changed()[0] == ALL


def test_wording_is_what_pytest_would_collect(copy: Copy) -> None:
    """Weight, title and convention of a plain check, by its name."""
    found = copy.read().wording["gradient_descent"]
    assert found["walks_down_a_curved_valley"].weight == 2
    assert found["keeps_float32"].weight == 1
    assert found["keeps_float32"].title == "A float32 start gives a float32 path."
    conventions = [w for e in ALL for w in copy.read().wording[e].values() if w.convention]
    text = "".join(p.read_text(encoding="utf-8") for p in copy.assignment.checks_dir.glob("test_*.py"))
    assert len(conventions) == text.count("@pytest.mark.convention") > 0


def test_every_id_that_the_grader_names_itself_is_declared() -> None:
    """It may stand anywhere in the package, but an id that is not declared would be forgotten."""
    known = {p.stem.replace("_", "-") for p in builtin_course_dir().glob("solutions/*/misconceptions/*.py")}
    written: dict[str, set[str]] = {}
    for path in PACKAGE_DIR.rglob("*.py"):
        if path.is_relative_to(PACKAGE_DIR / "_data"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in known | OWN_IDS:
                written.setdefault(str(node.value), set()).add(path.relative_to(PACKAGE_DIR).as_posix())
    assert written == {identifier: {"verdict/__init__.py"} for identifier in OWN_IDS}


IDEA = "SECRET/misconceptions/adam_no_bias_correction.py"


def test_a_sentence_or_a_hint_is_no_change_of_an_idea(copy: Copy) -> None:
    """Nobody is graded again for it; students read today's text."""
    copy.edit(IDEA, "Both averages", "Look again. Both averages")
    copy.edit(IDEA, "You use m", "Here you use m")
    copy.edit(IDEA, "How large is m", "First: how large is m")
    copy.edit(IDEA, "An average of the temperature", "The mean temperature")
    assert copy.changed() == (NOTHING, NOTHING)
    assert copy.read().shared == copy.before.shared
    assert copy.fingerprint_changed()
    saying = copy.read().sayings["adam-no-bias-correction"]
    assert saying.hint.startswith("Look again. ")
    assert saying.title.startswith("Here you")
    assert saying.question is not None
    assert saying.question.startswith("First: ")
    assert saying.worked is not None
    assert saying.worked.startswith("The mean temperature")


def test_a_hint_that_code_reads_is_code(copy: Copy) -> None:
    """If the variant itself uses its hint, an edit of the hint is an edit of the variant."""
    copy.edit(IDEA, "", "\n\ndef evidence(exercise, yours, expected):\n    return HINT\n")
    copy.before = copy.read()
    copy.edit(IDEA, "Both averages", "Look again. Both averages")
    assert copy.changed()[1]


def test_prose_in_the_template_changes_nothing_for_code(copy: Copy) -> None:
    """Only students read a cell of prose; a question's cell and code are compared."""
    path = f"PUBLIC/{SLUG}.ipynb"
    copy.edit(path, "Training a network means", "To train a network means")
    assert copy.changed() == (NOTHING, NOTHING)
    assert copy.read().shared == copy.before.shared
    assert copy.fingerprint_changed()
    copy.edit(path, "YOUR ANSWER HERE", "YOUR ANSWERS HERE")
    assert copy.read().shared != copy.before.shared
