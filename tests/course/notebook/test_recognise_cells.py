"""Cells are known by their texts where editors dropped the metadata that named them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from every_assignment import SLUGS
from tiny_course import TinyCourse, cell

from autograder.course.assignment import load_assignment
from autograder.course.layout import builtin_course_dir
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import compose_submission
from autograder.course.notebook.read import Submission, load_template, parse_submission
from autograder.errors import SubmissionRejected


def read(tiny: TinyCourse, notebook: dict[str, Any]) -> Submission:
    """Read a notebook of the tiny course."""
    return parse_submission(json.dumps(notebook).encode(), tiny.assignment, load_template(tiny.assignment))


def stripped(notebook: dict[str, Any]) -> dict[str, Any]:
    """Drop every name that nbgrader and nbformat gave."""
    for found in notebook["cells"]:
        found["metadata"] = {}
        found.pop("id", None)
    return {"cells": notebook["cells"], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}


def names(submission: Submission) -> list[str]:
    """Return the grade_ids in order."""
    return [identifier for c in submission.notebook.cells if (identifier := grade_id(c))]


def answer(submission: Submission, identifier: str) -> str:
    """Return the text of the cell that is named so."""
    (found,) = [c.source for c in submission.notebook.cells if grade_id(c) == identifier]
    return str(found)


@pytest.mark.parametrize("slug", SLUGS)
def test_each_cell_of_our_notebooks_is_found_without_metadata(slug: str) -> None:
    """Exercises, tests and written answers of the assignments, filled in by the reference."""
    assignment = load_assignment(builtin_course_dir(), slug)
    template = load_template(assignment)
    notebook = compose_submission(assignment, template, [assignment.solution_path])
    wanted = [identifier for c in notebook.cells if (identifier := grade_id(c))]
    for number, c in enumerate(notebook.cells):
        if grade_id(c) in {e.id for e in assignment.exercises if e.written}:
            c.source = f"What I think about question {number}.\n\nIt is so."
    bare = stripped(json.loads(json.dumps(notebook)))
    submission = parse_submission(json.dumps(bare).encode(), assignment, template)
    assert names(submission) == wanted
    assert submission.missing == frozenset()
    for exercise in assignment.exercises:
        assert answer(submission, exercise.id) != next(
            c.source for c in template.cells if grade_id(c) == exercise.id
        ), exercise.id


def no_prose(notebook: dict[str, Any]) -> None:
    """Delete everything that is no code."""
    notebook["cells"] = [c for c in notebook["cells"] if c["cell_type"] == "code"]


def reordered(notebook: dict[str, Any]) -> None:
    """Put the cells into another order."""
    random.Random(3).shuffle(notebook["cells"])


def extra(notebook: dict[str, Any]) -> None:
    """Put cells of one's own between."""
    for position in range(len(notebook["cells"]), 0, -2):
        notebook["cells"].insert(position, code(f"mine_{position} = {position}"))


def indented(notebook: dict[str, Any]) -> None:
    """Blank lines and spaces at the ends of lines, as formatters and converters leave them."""
    for found in notebook["cells"]:
        text = "".join(found["source"])
        found["source"] = "\n".join(f"{line}  " for line in text.split("\n")) + "\n\n"


def no_docstrings(notebook: dict[str, Any]) -> None:
    """The stub's own words are gone; the name is left."""
    cell(notebook, "Counter")["source"] = "class Counter(object):\n    count = 0"


def experiment(notebook: dict[str, Any]) -> None:
    """The last cell defines an exercise once more."""
    notebook["cells"].append(code("def double(x):\n    return 0"))
    cell(notebook, "double")["source"] = 'def double(x):\n    """Return twice `x`."""\n    return 2 * x'


def edited_test(notebook: dict[str, Any]) -> None:
    """A test got one more line."""
    cell(notebook, "test_double")["source"] = "print(double(2))\nprint(double(3))"


def code(source: str) -> dict[str, Any]:
    """Return a code cell without metadata."""
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


@pytest.mark.parametrize(
    "change", [no_prose, reordered, extra, indented, no_docstrings, experiment, edited_test], ids=lambda f: f.__name__
)
def test_edited_notebooks_are_recognised_without_metadata(tiny: TinyCourse, change: Any) -> None:
    """The exercises are found, each once, after other changes of the notebook too."""
    notebook = tiny.solved()
    change(notebook)
    submission = read(tiny, stripped(notebook))
    assert sorted(names(submission)) == sorted(["setup", "double", "test_double", "Counter", "test_Counter", "q_why"])
    assert "return 2 * x" in answer(submission, "double"), change
    assert answer(submission, "Counter").startswith("class Counter")
    assert submission.missing <= {"q_why"}
    assert any("recognised by" in note for note in submission.notes)


def test_only_some_names_lost(tiny: TinyCourse) -> None:
    """Cells that kept their metadata keep their names; the one that lost it is found."""
    notebook = tiny.solved()
    cell(notebook, "double")["metadata"] = {"vscode": {"languageId": "python"}}
    submission = read(tiny, notebook)
    assert submission.missing == frozenset()
    assert answer(submission, "double") == "def double(x):\n    return 2 * x"
    (note,) = submission.notes
    assert "double" in note


def test_two_exercises_merged_into_one_cell(tiny: TinyCourse) -> None:
    """The merged cell keeps one name; it also defines the other exercise, so nothing is missing."""
    notebook = tiny.solved()
    merged = cell(notebook, "double")
    other = cell(notebook, "Counter")
    merged["source"] += "\n\n\n" + "".join(other["source"])
    notebook["cells"].remove(other)
    submission = read(tiny, notebook)
    assert submission.missing == frozenset()
    assert any("Counter stands in the cell double" in note for note in submission.notes)


def test_an_exercise_split_into_two_cells(tiny: TinyCourse) -> None:
    """A helper moved into its own cell; editors copy the metadata into both halves, or into neither."""
    notebook = tiny.solved()
    position = notebook["cells"].index(cell(notebook, "double"))
    notebook["cells"][position : position + 1] = [
        code("def two():\n    return 2"),
        code("def double(x):\n    return two() * x"),
    ]
    submission = read(tiny, notebook)
    assert submission.missing == frozenset()
    assert answer(submission, "double") == "def double(x):\n    return two() * x"


def test_a_written_answer_is_known_by_its_question(tiny: TinyCourse) -> None:
    """It comes after the question; an answer in two cells is shown in both."""
    notebook = tiny.solved()
    position = notebook["cells"].index(cell(notebook, "q_why"))
    notebook["cells"].insert(position + 1, {"cell_type": "markdown", "metadata": {}, "source": "And moreover."})
    submission = read(tiny, stripped(notebook))
    assert answer(submission, "q_why") == "Because."
    assert [c.source for c in submission.notebook.cells][-1] == "And moreover."


def test_functions_alone_are_the_notebook(tiny: TinyCourse) -> None:
    """A student wrote a new notebook that holds only the functions."""
    notebook = {"cells": [code("def double(x):\n    return 2 * x")], "nbformat": 4, "nbformat_minor": 5}
    submission = read(tiny, notebook)
    assert answer(submission, "double").startswith("def double")
    assert "test_double" in names(submission)


@pytest.mark.parametrize("without", [{"nbformat": 5}, {"nbformat": None}, {"nbformat": "4"}])
def test_a_strange_format_with_ordinary_cells_is_read(tiny: TinyCourse, without: dict[str, Any]) -> None:
    """A converter forgot the format, or wrote a newer one: the cells count, and a note says so."""
    submission = read(tiny, {**tiny.solved(), **without})
    assert answer(submission, "double") == "def double(x):\n    return 2 * x"
    assert any("nbformat" in note for note in submission.notes)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_notebook_handed_in_for_another_assignment_is_named(slug: str) -> None:
    """With metadata or without, the message names the assignment that it belongs to, and the one that is wanted."""
    root = builtin_course_dir()
    given = load_assignment(root, slug)
    wanted = load_assignment(root, SLUGS[SLUGS.index(slug) - 1])
    notebook = json.loads(Path(given.template_path).read_text(encoding="utf-8"))
    for data in (notebook, stripped(json.loads(json.dumps(notebook)))):
        with pytest.raises(SubmissionRejected) as caught:
            parse_submission(json.dumps(data).encode(), wanted, load_template(wanted))
        assert f"the notebook of {slug!r} ({given.title})" in str(caught.value)
        assert f"Hand in the notebook of {wanted.slug!r}" in str(caught.value)


def test_many_cells_that_are_nothing_take_bounded_time(tiny: TinyCourse) -> None:
    """A thousand long cells without a name are compared once with each cell that is looked for."""
    cells = [code("\n".join(f"x{i}_{j} = {j}" for j in range(50))) for i in range(1000)]
    submission = read(tiny, {"cells": [*cells, code("def double(x): return x")], "nbformat": 4, "nbformat_minor": 5})
    assert "double" in names(submission)
