"""Releasing an assignment with nbgrader's own generate_assignment."""

from __future__ import annotations

import json

import nbformat
import pytest
from tiny_course import SOLUTION, TOML, TinyCourse, cell

from autograder.authoring.release import release
from autograder.course.assignment import load_assignment
from autograder.course.gradebook.directories import Directories
from autograder.course.notebook.autograded import autograded_notebook
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import compose_source
from autograder.course.notebook.read import load_template, read_submission
from autograder.errors import AssignmentError, GradebookError


def test_the_released_notebook_is_the_template(tiny: TinyCourse, capfd: pytest.CaptureFixture[str]) -> None:
    """No trace of the solution, every stub as written, data files beside it, and nothing printed."""
    path = release(tiny.course, tiny.assignment)
    assert path == tiny.root / "release" / "tiny" / "tiny.ipynb"
    released = nbformat.read(path, 4)
    assert [c.source for c in released.cells] == [c.source for c in load_template(tiny.assignment).cells]
    everything = "".join(p.read_text(encoding="utf-8") for p in path.parent.rglob("*") if p.is_file())
    for secret in ("SOLUTION", "secret-double", "secret-init", "x + x", "self.count"):
        assert secret not in everything
    assert sorted(p.name for p in path.parent.iterdir()) == ["data.csv", "tiny.ipynb"]
    assert "secret-double" in (tiny.root / "source" / "tiny" / "tiny.ipynb").read_text(encoding="utf-8")
    assert capfd.readouterr() == ("", "")


def test_what_was_released_can_be_handed_in(tiny: TinyCourse) -> None:
    """nbgrader's additions to the metadata are no tampering."""
    path = release(tiny.course, tiny.assignment)
    submission = read_submission(path, tiny.assignment, load_template(tiny.assignment))
    assert submission.notes == ()
    assert submission.missing == frozenset()


def test_checksums_and_points_are_those_that_nbgrader_recorded(tiny: TinyCourse) -> None:
    """The autograded notebook and the gradebook agree on every cell."""
    from nbgrader.api import Gradebook

    path = release(tiny.course, tiny.assignment)
    template = load_template(tiny.assignment)
    submission = read_submission(path, tiny.assignment, template)
    made = autograded_notebook(submission, tiny.assignment, compose_source(tiny.assignment), {}, {})
    with Gradebook(Directories(tiny.course).db_url, "") as gradebook:
        recorded = {c.name: c for c in gradebook.find_notebook("tiny", "tiny").source_cells}
        ours = {grade_id(c): c for c in made.cells if grade_id(c)}
        assert set(recorded) == set(ours)
        for name, found in recorded.items():
            assert found.checksum == ours[name].metadata.nbgrader.checksum
            assert found.source == ours[name].source
            assert found.locked == ours[name].metadata.nbgrader.locked
        assert {c.name: c.max_score for c in gradebook.find_notebook("tiny", "tiny").grade_cells} == {
            "test_double": 2,
            "test_Counter": 3,
            "q_why": 1,
        }


def test_each_written_question_keeps_its_own_text(tiny: TinyCourse) -> None:
    """nbgrader knows only one text for all written answers."""
    toml = TOML + '\n[[exercise]]\nid = "q_how"\ntitle = "How"\npoints = 1\nwritten = true\n'
    (tiny.assignment.public_dir / "assignment.toml").write_text(toml, encoding="utf-8")
    notebook = tiny.template()
    twin = json.loads(json.dumps(cell(notebook, "q_why")))
    twin["metadata"]["nbgrader"]["grade_id"] = "q_how"
    twin |= {"id": "how", "source": ["1. First ...\n", "2. Second ..."]}
    notebook["cells"].append(twin)
    tiny.assignment.template_path.write_text(json.dumps(notebook), encoding="utf-8")
    path = release(tiny.course, load_assignment(tiny.root, "tiny"))
    released = {grade_id(c): c.source for c in nbformat.read(path, 4).cells}
    assert released["q_how"] == "1. First ...\n2. Second ..."
    assert released["q_why"] == "YOUR ANSWER HERE"


def test_the_courses_own_configuration_is_honoured(tiny: TinyCourse) -> None:
    """Folders and database are where nbgrader_config.py puts them."""
    (tiny.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.release_directory = 'out'\n"
        "c.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}/{student_id}'\n"
        f"c.CourseDirectory.db_url = 'sqlite:///{tiny.root}/grades.db'\n",
        encoding="utf-8",
    )
    path = release(tiny.course, tiny.assignment)
    assert path.parent.resolve() == tiny.root / "out" / "tiny"
    assert (tiny.root / "grades.db").is_file()
    assert not (tiny.root / "gradebook.db").exists()


def test_releasing_again_replaces_the_release(tiny: TinyCourse) -> None:
    """A corrected reference or template goes out with the same command."""
    release(tiny.course, tiny.assignment)
    tiny.assignment.solution_path.write_text(SOLUTION.replace("x + x", "2 * x"), encoding="utf-8")
    path = release(tiny.course, tiny.assignment)
    assert "2 * x" not in path.read_text(encoding="utf-8")


def test_nbgraders_own_words_are_passed_on(tiny: TinyCourse) -> None:
    """A duplicated grade_id in the template is nbgrader's to refuse, and the message says so."""
    notebook = tiny.template()
    notebook["cells"].append(cell(notebook, "setup") | {"id": "again"})
    tiny.assignment.template_path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(GradebookError) as caught:
        release(tiny.course, tiny.assignment)
    assert "setup" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_a_solution_that_would_leak_is_withdrawn(tiny: TinyCourse) -> None:
    """A configuration that keeps the solution regions must not publish them."""
    (tiny.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.GenerateAssignment.preprocessors = ['nbgrader.preprocessors.LockCells']\n",
        encoding="utf-8",
    )
    with pytest.raises(AssignmentError, match="withdrawn"):
        release(tiny.course, tiny.assignment)
    assert not (tiny.root / "release" / "tiny" / "tiny.ipynb").exists()
