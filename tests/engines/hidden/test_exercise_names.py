"""An exercise may have any name that the grader does not refuse: no such name reaches the grader's own objects."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.verify.rehearsal import Collected, collect
from autograder.checks import Model, Optimizer, Tools
from autograder.course.assignment import load_assignment
from autograder.course.notebook.read import load_template, parse_submission
from autograder.errors import AssignmentError
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier
from autograder.sandbox.worker.ops import Environment
from autograder.verdict import Grade, Outcome

pytestmark = pytest.mark.sandbox


def public(*owners: type) -> set[str]:
    """Return the public names of these classes."""
    return {name for owner in owners for name in vars(owner) if not name.startswith("_")}


#: Names of the grader's own operations, of handles, of a check's fixtures, and of what checks import.
NAMES = sorted(
    public(Tools, Model, Optimizer, Environment)
    | {"transcript", "student", "reference", "draw", "device", "close", "fail", "linear", "call", "name", "handle"}
    | {"item", "state", "self", "args", "kwargs", "parameter", "new", "answer", "session", "namespace", "torchvision"}
)
STUB = 'def {name}(x):\n    """Return twice `x`."""\n    raise NotImplementedError'
RIGHT = 'def {name}(x):\n    """Return twice `x`."""\n    return 2 * x'
WRONG = "def {name}(x):\n    return None"
CHECK = '''"""Checks of an exercise called {name}."""

import pytest

from autograder import checks


@pytest.mark.exercise("{name}")
def test_doubles(student, reference, draw):
    """It returns twice its argument."""
    x = draw.normal(3)
    checks.close(student.{name}(x), reference.{name}(x), "the double")


@pytest.mark.exercise("{name}")
def test_leaves_its_inputs_alone(student, draw):
    """Its argument stays as it is, and a second call gives the same."""
    checks.repeatable(student, "{name}", draw.normal(3))
    checks.inputs_unchanged(student)
'''


def write_course(root: Path, names: list[str]) -> None:
    """Write a course whose one assignment has an exercise of each of these names."""
    public_dir, secret = root / "assignments" / "names", root / "solutions" / "names"
    public_dir.mkdir(parents=True)
    (secret / "checks").mkdir(parents=True)
    exercises = [
        f'[[exercise]]\nid = "{name}"\ntitle = "Twice"\npoints = 1\nexample = "{name}(torch.ones(2))"' for name in names
    ]
    (public_dir / "assignment.toml").write_text("\n\n".join(['title = "Names"', *exercises]), encoding="utf-8")
    (secret / "solution.py").write_text("\n\n\n".join(RIGHT.format(name=name) for name in names), encoding="utf-8")
    cells = [nbformat.v4.new_markdown_cell("# Names")]
    for number, name in enumerate(names):
        (secret / "checks" / f"test_{number:02}.py").write_text(CHECK.format(name=name), encoding="utf-8")
        for grade_id, source, points in ((name, STUB.format(name=name), None), (f"test_{name}", "print(1)", 1)):
            made = nbformat.v4.new_code_cell(source)
            made.metadata["nbgrader"] = {
                "schema_version": 3,
                "grade_id": grade_id,
                "grade": points is not None,
                "solution": points is None,
                "locked": points is not None,
                "task": False,
            } | ({} if points is None else {"points": points})
            cells.append(made)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(notebook, public_dir / "names.ipynb")


@pytest.fixture(scope="module")
def grades(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grade]:
    """The stubs as released, the right answers, and functions that return None."""
    root = tmp_path_factory.mktemp("names")
    write_course(root, NAMES)
    assignment = load_assignment(root, "names")
    template = load_template(assignment)
    notebooks = {}
    for what, text in (("stub", STUB), ("right", RIGHT), ("wrong", WRONG)):
        notebooks[what] = nbformat.read(assignment.template_path, 4)
        for cell in notebooks[what].cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = text.format(name=cell.metadata.nbgrader.grade_id)
    found: dict[str, Grade] = {}

    def use(collected: Collected) -> None:
        grader = collected.grader(7)
        grader.prove_reference()
        with ZygoteProcess(choose_tier(Tier.C).tier, hidden=[root]) as zygote:
            for what, notebook in notebooks.items():
                submission = parse_submission(nbformat.writes(notebook).encode(), assignment, template)
                found[what] = grader.grade("ada", submission, zygote).grade

    collect(assignment, use)
    return found


def test_the_right_answers_have_all_points(grades: dict[str, Grade]) -> None:
    """No part of the grader conflicts with an exercise's name."""
    assert {e.id for e in grades["right"].exercises if e.score != e.max_score} == set()


def test_an_untouched_stub_has_no_points(grades: dict[str, Grade]) -> None:
    """For every name, the stub is what is called."""
    assert {e.id for e in grades["stub"].exercises if e.score} == set()
    assert {c.outcome for e in grades["stub"].exercises for c in e.checks} == {Outcome.ERROR}


def test_a_wrong_answer_fails(grades: dict[str, Grade]) -> None:
    """For every name, None is not twice a vector."""
    assert {e.checks[0].outcome for e in grades["wrong"].exercises} == {Outcome.FAILED}


@pytest.mark.parametrize(
    ("called", "said"),
    [
        ("model", "solution.py does not define model; the grader's own is `student.tools.model`"),
        ("doubble", "solution.py does not define doubble"),
    ],
)
def test_a_check_that_calls_what_is_not_there_is_told_to_its_author(tmp_path: Path, called: str, said: str) -> None:
    """An older check has `student.model`, which is `student.tools.model` now."""
    write_course(tmp_path, ["mean"])
    check = tmp_path / "solutions" / "names" / "checks" / "test_00.py"
    check.write_text(check.read_text(encoding="utf-8").replace("student.mean", f"student.{called}"), encoding="utf-8")

    def use(collected: Collected) -> None:
        collected.grader(7).prove_reference()

    with pytest.raises(AssignmentError, match=re.escape(f"'doubles' of 'mean' (error: {said}). Correct the check")):
        collect(load_assignment(tmp_path, "names"), use)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("tools", "in a check, `student.tools` is the grader's own"),
        ("_mean", "names that begin with an underscore are helpers, and checks cannot call them"),
        ("evidence", "in a variant of the reference, 'evidence' says something to the grader"),
        ("HINT", "in a variant of the reference, 'HINT' says something to the grader"),
        ("nn", "in an example it means the module torch.nn"),
        ("sum", "in an example it means what is built into Python"),
        ("display", "IPython defines it in every notebook"),
        ("lambda", "it is a keyword of Python"),
        ("test_mean", "the test cell of the exercise 'mean' has that name"),
    ],
)
def test_a_name_that_means_something_else_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    """The error of `load_assignment` has the file, the name and the reason."""
    write_course(tmp_path, ["mean", name])
    with pytest.raises(AssignmentError) as refused:
        load_assignment(tmp_path, "names")
    toml = tmp_path / "assignments" / "names" / "assignment.toml"
    assert str(refused.value) == f"{toml}: an exercise cannot be called {name!r}: {reason}; give it another id."


def test_a_written_question_names_nothing_in_python(tmp_path: Path) -> None:
    """A written question may be called `sum`, but not like the test cell of an exercise."""
    write_course(tmp_path, ["mean"])
    toml = tmp_path / "assignments" / "names" / "assignment.toml"
    text = toml.read_text(encoding="utf-8")
    question = '\n\n[[exercise]]\nid = "{}"\ntitle = "Why"\npoints = 1\nwritten = true\n'
    toml.write_text(text + question.format("sum"), encoding="utf-8")
    assert load_assignment(tmp_path, "names").exercises[1].id == "sum"
    toml.write_text(text + question.format("test_mean"), encoding="utf-8")
    with pytest.raises(AssignmentError, match="the test cell of the exercise 'mean' has that name"):
        load_assignment(tmp_path, "names")
