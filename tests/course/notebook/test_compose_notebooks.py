"""Composing the instructor's source and whole submissions out of the template and Python files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest
from tiny_course import SOLUTION, TinyCourse

from autograder.course.assignment import load_assignment
from autograder.course.layout import builtin_course_dir
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import cleared, compose_source, compose_submission, without_shows
from autograder.course.notebook.read import load_template
from autograder.errors import AssignmentError

if TYPE_CHECKING:
    from pathlib import Path


def source_of(notebook: nbformat.NotebookNode, identifier: str) -> str:
    """Return a cell's text."""
    return next(str(c.source) for c in notebook.cells if grade_id(c) == identifier)


def write_solution(tiny: TinyCourse, text: str) -> None:
    """Replace the reference."""
    tiny.assignment.solution_path.write_text(text, encoding="utf-8")


def test_bodies_stand_between_marks_with_their_comments(tiny: TinyCourse) -> None:
    """The stub's signature and docstring stay; the reference's docstring does not come along."""
    notebook = compose_source(tiny.assignment)
    nbformat.validate(notebook)
    assert source_of(notebook, "double") == (
        'def double(x):\n    """Return twice `x`."""\n    ### BEGIN SOLUTION\n    # Adding is exact.\n'
        "    return x + x  # secret-double\n    ### END SOLUTION"
    )
    counter = source_of(notebook, "Counter")
    assert counter.count("### BEGIN SOLUTION") == 2
    assert "        self.count = start  # secret-init\n        ### END SOLUTION" in counter


def test_the_composed_cells_define_what_the_reference_defines(tiny: TinyCourse) -> None:
    """When both are run, they give the same answers."""
    notebook = compose_source(tiny.assignment)
    names: dict[str, object] = {}
    exec(source_of(notebook, "double") + "\n" + source_of(notebook, "Counter"), names)
    assert eval("double(4), Counter(2).up(3)", names) == (8, 5)


@pytest.mark.parametrize(
    "body",
    [
        "    # first\n    return x + x\n    # last",
        '    """Doc."""\n\n    # first\n\n    return x + x\n',
        '    text = """\nleft\n  more\n"""\n    return text * 0 + x + x if False else x + x',
        "    if x:\n        return x + x\n\n    else:\n        return 0\n        # after",
    ],
)
def test_any_layout_of_a_body_survives(tiny: TinyCourse, body: str) -> None:
    """Comments, blank lines and texts that start at the margin stay as they are."""
    write_solution(
        tiny,
        SOLUTION.replace(
            SOLUTION[SOLUTION.index("def double") : SOLUTION.index("class")], f"def double(x):\n{body}\n\n\n"
        ),
    )
    composed = source_of(compose_source(tiny.assignment), "double")
    names: dict[str, object] = {}
    exec(composed, names)
    assert eval("double(4)", names) == 8
    for line in body.splitlines():
        if line.strip().startswith("#"):
            assert line in composed


def test_cleared_is_the_template_again(tiny: TinyCourse) -> None:
    """nbgrader clears the source in this way before it records it."""
    again = cleared(compose_source(tiny.assignment))
    assert [c.source for c in again.cells] == [c.source for c in load_template(tiny.assignment).cells]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("def double(x):", "def double(y):", "double(y)"),
        ("def double(x):", "def twice(x):", "does not define 'double'"),
        ("    def up(self, by=1):", "    def go(self, by=1):", "method 'go'"),
        ("    def up(self, by=1):", "    def up(self, by=2):", "by=2"),
        ("class Counter:", "class Counter(dict):", "bases"),
        ("def double(x):", "@staticmethod\ndef double(x):", "decorators"),
        ("class Counter:", "class Counter", "cannot be read as Python"),
        ("    return self.count\n", "    return self.count\n\ndef Counter(): pass\n", "function"),
    ],
)
def test_template_and_solution_that_disagree_are_told_apart(tiny: TinyCourse, old: str, new: str, says: str) -> None:
    """The message names the file and the difference."""
    assert old in SOLUTION
    write_solution(tiny, SOLUTION.replace(old, new))
    with pytest.raises(AssignmentError) as caught:
        compose_source(tiny.assignment)
    assert says in str(caught.value)
    assert "solution.py" in str(caught.value)


def test_a_stub_without_its_raise_is_refused(tiny: TinyCourse) -> None:
    """Without it there is no place for the solution."""
    path = tiny.assignment.template_path
    text = path.read_text(encoding="utf-8").replace("    raise NotImplementedError", "    pass", 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError, match="raise NotImplementedError"):
        compose_source(tiny.assignment)


def test_a_submission_takes_each_exercise_from_the_first_module(tiny: TinyCourse, tmp_path: Path) -> None:
    """Helpers, constants and imports are included; names that describe the module, such as HINT, are not."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        '"""You triple."""\nfrom __future__ import annotations\n\nimport cmath\n\nHINT = "Halve."\n'
        'CONVENTION = False\nEXTRA_CELLS = ["import warnings", "print(1)"]\n_THREE = 3\n\n\n'
        "def evidence(exercise, yours, expected):\n    return None\n\n\n"
        "def _help(x):\n    return x * _THREE\n\n\ndef double(x):\n    return _help(x)\n",
        encoding="utf-8",
    )
    template = load_template(tiny.assignment)
    notebook = compose_submission(tiny.assignment, template, [wrong, tiny.assignment.solution_path])
    nbformat.validate(notebook)
    double = source_of(notebook, "double")
    assert "HINT" not in double
    assert "evidence" not in double
    assert "__future__" not in double
    names: dict[str, object] = {}
    exec(double, names)
    assert eval("double(2)", names) == 6
    assert "self.count = start" in source_of(notebook, "Counter")
    order = [c.source for c in notebook.cells]
    assert order[2:4] == ["import warnings", "print(1)"]
    assert order[1] == "import math"


def test_extra_cells_must_be_literal(tiny: TinyCourse, tmp_path: Path) -> None:
    """They are read, never executed."""
    bad = tmp_path / "bad.py"
    bad.write_text("EXTRA_CELLS = [str(1)]\n", encoding="utf-8")
    with pytest.raises(AssignmentError, match="EXTRA_CELLS"):
        compose_submission(tiny.assignment, load_template(tiny.assignment), [bad])


def test_the_built_in_assignments_compose() -> None:
    """Their templates and references fit, and clearing gives the template back."""
    root = builtin_course_dir()
    slugs = sorted(p.parent.name for p in (root / "assignments").glob("*/assignment.toml"))
    assert slugs
    for slug in slugs:
        assignment = load_assignment(root, slug)
        source = compose_source(assignment)
        assert [c.source for c in cleared(source).cells] == [c.source for c in load_template(assignment).cells]


def test_cells_that_only_show_something_can_be_left_out() -> None:
    """Imports, exercises and what they need stay: a helper that a cell defines, and what that helper uses."""
    assignment = load_assignment(builtin_course_dir(), "gradients")
    notebook = compose_submission(assignment, load_template(assignment), [assignment.solution_path])
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    ids = [grade_id(cell) for cell in code]
    code[ids.index("test_sigmoid_grad")].source = "SCALE = 2\ndef helper(x):\n    return x * SCALE"
    code[ids.index("test_tanh_grad")].source = "def other(helper):\n    y = helper\n    return y"
    code[ids.index("diagnose")].source += "\nhelper(1)"
    kept = without_shows(notebook, assignment)
    left = {grade_id(cell) for cell in kept.cells if cell.cell_type == "code" and cell.source}
    assert left == {None, "test_sigmoid_grad", *(e.id for e in assignment.coded)}
    assert next(c.source for c in kept.cells if c.cell_type == "code") == code[0].source
    assert len(kept.cells) == len(notebook.cells)
    assert code[ids.index("test_tanh_grad")].source
