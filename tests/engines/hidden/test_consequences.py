"""A wrong earlier exercise: what it costs the exercises that call it, and that nobody gains by it."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
import torch

from autograder.authoring.verify.rehearsal import Collected, collect
from autograder.course.assignment import load_assignment
from autograder.course.notebook.read import load_template, parse_submission
from autograder.engines.hidden import lender
from autograder.engines.hidden.consequences import called_names
from autograder.engines.hidden.lender import LentProcess
from autograder.errors import AssignmentError, ProtocolError
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier
from autograder.verdict import ExerciseResult

TOML = """
title = "Lent"

[[exercise]]
id = "spread"
title = "Spread"
points = 1

[[exercise]]
id = "scaled"
title = "Scaled"
points = 2
lends = ["spread"]

[[exercise]]
id = "shifted"
title = "Shifted"
points = 2

[[exercise]]
id = "doubled"
title = "Doubled"
points = 2
lends = ["scaled"]

[[exercise]]
id = "tripled"
title = "Tripled"
points = 2
lends = ["spread"]
"""

SOLUTION = '''"""The reference."""

import torch


def spread(x):
    """Return largest minus smallest."""
    return x.max() - x.min()  # secret-spread


def scaled(x):
    """Return x over its spread."""
    return x / (x.max() - x.min())


def shifted(x):
    """Return x less its spread."""
    return x - (x.max() - x.min())


def doubled(x):
    """Return twice what is scaled."""
    return 2 * x / (x.max() - x.min())


def tripled(x):
    """Return three times what is scaled."""
    return 3 * x / (x.max() - x.min())
'''
NAMES = ("spread", "scaled", "shifted", "doubled", "tripled")

CHECKS = "\n\n".join(
    [
        '"""Checks."""\n\nimport pytest\nimport torch\n\nfrom autograder.checks import close',
        *(
            f'''@pytest.mark.exercise("{name}")
def test_{name}(student, reference, draw):
    """It is right."""
    x = {"draw.normal(5)" if name in {"spread", "scaled", "shifted"} else "torch.tensor([1.0, 2.0, 4.0]).double()"}
    close(student.{name}(x), reference.{name}(x), "the result")'''
            for name in NAMES
        ),
    ]
)

SCALED = "def scaled(x):\n    return x / spread(x)"
SHIFTED = "def shifted(x):\n    return x - spread(x)"
DOUBLED = "def doubled(x):\n    return 2 * x / (x.max() - x.min())"
TRIPLED = "def tripled(x):\n    return 3 * x / spread(x)"
RAISES = "def spread(x):\n    return x.max() - x.mini()"
WRONG = "def spread(x):\n    return x.max()"

Results = dict[str, ExerciseResult]


@dataclass(frozen=True)
class SimpleCell:
    """A cell of code."""

    index: int
    name: str
    source: str


def _notebook(cells: dict[str, str]) -> bytes:
    """Write a notebook of an autograded answer and its test cell for each exercise, after one cell of imports."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import torch", id="c")])
    for number, (name, source) in enumerate(cells.items()):
        for part, marks in ((name, {"solution": True, "grade": False}), (f"test_{name}", {"grade": True})):
            meta = {"schema_version": 3, "locked": part != name, "solution": False, "grade_id": part, **marks}
            if part != name:
                meta["points"] = 1 if name == "spread" else 2
            meta["task"] = False
            text = source if part == name else "pass"
            notebook.cells.append(
                nbformat.v4.new_code_cell(text, metadata={"nbgrader": meta}, id=f"{part.replace('_', '-')}-{number}")
            )
    return str(nbformat.writes(notebook)).encode()


#: Code that gets a lent function leaves its answers in files and with the process that it was copied from.
KEEP = """
import os, pickle, torch
inbox, outbox = os.pipe()
os.set_blocking(inbox, False)
def keep(pair):
    for place in (".", "/tmp", "/dev/shm"):
        try:
            with open(place + "/kept", "ab") as file:
                pickle.dump(pair, file)
        except OSError:
            pass
    os.write(outbox, pickle.dumps(pair))
def kept(x):
    for place in (".", "/tmp", "/dev/shm"):
        try:
            with open(place + "/kept", "rb") as file:
                while True:
                    key, value = pickle.load(file)
                    if torch.equal(key, x):
                        return value
        except (OSError, EOFError):
            pass
    key, value = pickle.loads(os.read(inbox, 65536))
    if torch.equal(key, x):
        return value
    raise ValueError("nothing")
"""
LOOK = """
import gc, inspect
def scaled(x):
    value = spread(x)
    texts = [repr(vars(spread)), *(repr(c.cell_contents) for c in spread.__closure__)]
    found = [f.__code__ for f in gc.get_objects() if inspect.isfunction(f) and f.__name__ == "spread"]
    hidden = any("secret-" in t for t in texts) or any("max" in c.co_names and "min" in c.co_names for c in found)
    return x / value if not hidden else x
"""
#: The difference of each notebook from a right one.
NOTEBOOKS = {
    "raises": {"spread": RAISES},
    "wrong": {"spread": WRONG},
    "own": {"spread": RAISES, "scaled": "def scaled(x):\n    return 2 * x / spread(x)"},
    "keeps": {
        "spread": RAISES,
        "scaled": f"{KEEP}\ndef scaled(x):\n    raise ValueError('on purpose')",
        "doubled": "def doubled(x):\n    value = scaled(x)\n    keep((x, value))\n    return 2 * value",
        "tripled": "def tripled(x):\n    return 3 * kept(x) + 0 * spread(x)",
    },
    "looks": {"spread": RAISES, "scaled": LOOK},
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Results]:
    """Grade all notebooks; return the results by their names."""
    root = tmp_path_factory.mktemp("course")
    public, secret = root / "assignments" / "lent", root / "solutions" / "lent"
    (secret / "checks").mkdir(parents=True)
    public.mkdir(parents=True)
    (public / "assignment.toml").write_text(TOML)
    (secret / "solution.py").write_text(SOLUTION)
    (secret / "checks" / "test_all.py").write_text(CHECKS)
    (public / "lent.ipynb").write_bytes(
        _notebook({n: f'def {n}(x):\n    """It."""\n    raise NotImplementedError' for n in NAMES})
    )
    assignment = load_assignment(root, "lent")
    right = {"spread": "def spread(x):\n    return x.max() - x.min()", "scaled": SCALED, "shifted": SHIFTED}
    right |= {"doubled": DOUBLED, "tripled": TRIPLED}
    found: dict[str, Results] = {}

    def use(collected: Collected) -> None:
        grader = collected.grader(5)
        grader.prove_reference()
        template = load_template(assignment)
        with ZygoteProcess(choose_tier(Tier.C).tier, hidden=[root]) as zygote:
            for name, cells in NOTEBOOKS.items():
                content = _notebook({**right, **cells})
                grade = grader.grade("ada", parse_submission(content, assignment, template), zygote).grade
                found[name] = {e.id: e for e in grade.exercises}

    collect(assignment, use)
    return found


@pytest.mark.parametrize("name", ["raises", "wrong"])
def test_what_is_lent_costs_nothing(graded: dict[str, Results], name: str) -> None:
    """An exercise over a wrong one keeps its points if that function is lent; otherwise the cause is told."""
    results = graded[name]
    assert results["spread"].score == 0
    assert results["scaled"].score == 2
    assert "examined with a right one" in results["scaled"].notes[-1]
    assert results["shifted"].score == 0
    assert results["shifted"].headline is not None
    assert results["shifted"].headline.startswith("Because of your `spread`, which `shifted` calls: with a right")


def test_a_mistake_of_its_own_stays(graded: dict[str, Results]) -> None:
    """A right function in the place of a wrong one does not make other work right."""
    scaled = graded["own"]["scaled"]
    assert scaled.score == 0
    assert not any("examined with" in note for note in scaled.notes)
    assert "with a right" not in str(scaled.headline)


def test_what_was_learned_ends_with_the_examination(graded: dict[str, Results]) -> None:
    """The answers of lent functions reach no other exercise, although one leaves them in every place that it can."""
    results = graded["keeps"]
    assert results["scaled"].score == 0
    assert results["doubled"].score == 2
    assert results["tripled"].score == 0


def test_nothing_of_the_reference_is_in_the_worker(graded: dict[str, Results]) -> None:
    """The lent function is a stand-in: its code and its contents do not show how it is computed."""
    assert graded["looks"]["scaled"].score == 2


# -- the process that works them ---------------------------------------------------------------------------


def _endless(x: torch.Tensor) -> torch.Tensor:
    while True:
        time.sleep(0.05)


def _large(n: int) -> torch.Tensor:
    return torch.zeros(n, dtype=torch.float64)


def _picky(x: torch.Tensor) -> torch.Tensor:
    raise ValueError("a secret of the reference")


def _less(x: float, y: float) -> float:
    return x - y


def _where() -> int:
    return os.getpid()


def test_the_process_is_another_one() -> None:
    """Lent functions are computed in a process of their own."""
    with LentProcess({"where": _where}) as lender:
        assert lender("where", (), {})["value"] not in {os.getpid(), None}


def test_calls_go_by_the_names_that_the_notebook_has() -> None:
    """A function with other names, in another order, is called as its own author calls it."""
    with LentProcess({"less": _less}) as lender:
        assert lender("less", (3.0, 1.0), {}, ["a", "b"])["value"] == 2.0
        assert lender("less", (3.0,), {"b": 1.0}, ["a", "b"])["value"] == 2.0
        assert lender("less", (1.0, 3.0), {}, ["y", "x"])["value"] == 2.0
        assert lender("less", (3.0, 1.0), {}, [])["value"] == 2.0


def test_too_much_is_refused_and_the_judge_goes_on() -> None:
    """Memory and size have limits; a refused call does not harm later ones.

    Here several threads have computed, unlike in a judge; a fork has none of them.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    torch.ones(10**7).sum()
    torch.set_num_threads(threads)
    with LentProcess({"large": _large, "picky": _picky}) as lender:
        assert lender("large", (3,), {})["value"].shape == (3,)
        assert lender("large", (10**7,), {})["error"] is not None
        assert lender("large", (10**12,), {})["error"] is not None
        assert lender("large", (), {"n": torch.zeros(2_000_000, dtype=torch.float64)})["type"] == "TypeError"
        assert lender("large", (object(),), {})["type"] == "TypeError"
        assert lender("large", (3,), {})["value"].shape == (3,)
        refused = lender("picky", (torch.ones(2),), {})
        assert refused["type"] == "ValueError"
        assert "secret" not in refused["error"]
        with pytest.raises(ProtocolError):
            lender("other", (), {})


def test_what_does_not_come_to_an_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call has a limited time; after a time-out nothing is lent any more."""
    monkeypatch.setattr(lender, "CALL_S", 1.0)
    with LentProcess({"endless": _endless, "large": _large}) as lent:
        assert lent("endless", (torch.ones(1),), {})["type"] == "RuntimeError"
        assert lent("large", (3,), {})["error"] is not None


# -- who calls whom ----------------------------------------------------------------------------------------


def test_names_behind_helpers_are_found() -> None:
    """An exercise's calls through functions of other cells count; a name that it only mentions in a text does not."""
    cells = [
        SimpleCell(0, "a", "def a(x):\n    return x"),
        SimpleCell(1, "cell 2", "def helper(x):\n    return a(x)"),
        SimpleCell(2, "b", "def b(x):\n    return helper(x), 'c'"),
        SimpleCell(3, "broken", "def c(:"),
    ]
    assert called_names("b", cells) == {"helper", "a", "x"}


@pytest.mark.parametrize("lends", ['["late"]', '["q"]', '["frist"]'])
def test_only_earlier_graded_exercises_can_be_lent(tmp_path: Path, lends: str) -> None:
    """An unknown name, a written question, or a later exercise is an error that lists the possible names."""
    public = tmp_path / "assignments" / "a"
    public.mkdir(parents=True)
    exercise = '[[exercise]]\nid = "{}"\ntitle = "T"\npoints = 1\n{}\n'
    text = 'title = "A"\n' + exercise.format("first", "") + exercise.format("q", "written = true")
    text += exercise.format("second", f"lends = {lends}") + exercise.format("late", "")
    (public / "assignment.toml").write_text(text)
    with pytest.raises(AssignmentError, match="there are: first"):
        load_assignment(tmp_path, "a")
