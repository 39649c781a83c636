"""Scores of single cells, and what is put right before nbgrader's preprocessors see a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader_samples import code, notebook_of

from autograder.course.gradebook.directories import Directories
from autograder.course.layout import Course
from autograder.engines.innotebook.kernels import kernel_for
from autograder.engines.innotebook.libraries import libraries_of
from autograder.engines.innotebook.penalties import late_plugin
from autograder.engines.innotebook.pipeline import Pipeline, StopBatch
from autograder.engines.innotebook.release_record import Recorded, RecordedCell, RecordedNotebook, read_recorded
from autograder.engines.innotebook.rules import Rules, score_cell
from autograder.engines.innotebook.settings import read_settings
from autograder.engines.innotebook.side_files import Beside
from autograder.errors import AssignmentError, CourseError, SubmissionRejected
from autograder.sandbox.spec import Tier
from autograder.sentences import Sentence

ALL = Rules(stderr_fails=True, odd_results_pass=True)


def shown(*outputs: dict[str, Any]) -> Any:
    """Return a test cell of two points with these outputs."""
    cell = code("", "test", points=2)
    cell["outputs"] = list(outputs)
    return nbformat.from_dict(cell)


def value(text: str) -> dict[str, Any]:
    """Return the output of a cell whose last line has a value."""
    return {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}, "execution_count": 1}


STDERR = {"output_type": "stream", "name": "stderr", "text": "DeprecationWarning: old"}
STDOUT = {"output_type": "stream", "name": "stdout", "text": "fine"}
ERROR = {"output_type": "error", "ename": "AssertionError", "evalue": "", "traceback": []}


@pytest.mark.parametrize(
    ("outputs", "ours", "nbgraders"),
    [
        ([], 2, 2),
        ([STDOUT], 2, 2),
        ([STDERR], 2, 0),
        ([ERROR], 0, 0),
        ([STDERR, ERROR], 0, 0),
        ([value("1.5")], 1.5, 1.5),
        ([STDERR, value("1.5")], 1.5, 0),
        ([value("1.5"), ERROR], 1.5, 1.5),
        ([value("'ok'")], 2, 2),
        ([value("nan")], 0, 2),
        ([value("-1")], 0, 2),
        ([value("True")], 2, 2),
        ([value("False")], 0, 2),
        ([value("np.True_")], 2, 2),
        ([value("array([ True,  True])")], 2, 2),
        ([value("array([ True, False])")], 0, 2),
        ([value("np.float64(0.)")], 0, 2),
        ([value("np.float64(1.5)")], 1.5, 2),
        ([value("np.int64(1)")], 1, 2),
        ([value("tensor(0.)")], 0, 2),
        ([value("tensor(0.5000, dtype=torch.float64, grad_fn=<MulBackward0>)")], 0.5, 2),
        ([value("array(0.5, dtype=float32)")], 0.5, 2),
        ([value("Decimal('0.5')")], 0.5, 2),
        ([value("Fraction(1, 2)")], 0.5, 2),
        ([value("<tf.Tensor: shape=(), dtype=float32, numpy=0.5>")], 0.5, 2),
        ([value("array([0.5, 1.5])")], 2, 2),
        ([value("np.False_")], 0, 2),
        ([value("tensor(True)")], 2, 2),
        ([value("tensor(False)")], 0, 2),
        ([value("tensor(1.5)")], 1.5, 2),
    ],
)
def test_points_of_a_cell(outputs: list[dict[str, Any]], ours: float, nbgraders: float) -> None:
    """By default, and with the switches, which leave everything to nbgrader's own function."""
    assert score_cell(shown(*outputs), Rules()).points == ours
    assert score_cell(shown(*outputs), ALL).points == nbgraders


def test_odd_values_are_left_to_a_person() -> None:
    """The score is 0, the note names the value, and more points than the cell has are odd too."""
    for text in ("nan", "-0.5", "False", "2.5", "inf"):
        score = score_cell(shown(value(text)), Rules())
        assert score.review
        assert text in score.note
    with pytest.raises(ValueError, match="partial credit"):
        score_cell(shown(value("2.5")), ALL)


def recorded() -> Recorded:
    """Return an assignment of one notebook: an answer and a test of two points."""
    from nbgrader.utils import compute_checksum

    test = nbformat.from_dict(code("assert f() == 1", "test", points=2))
    answer = nbformat.from_dict(code("# YOUR CODE HERE", "answer", solution=True))
    cells = tuple(
        RecordedCell(name, "code", cell.source, name == "test", compute_checksum(cell))
        for name, cell in (("answer", answer), ("test", test))
    )
    from autograder.engines.innotebook.release_record import Named, Points

    return Recorded("ps", (RecordedNotebook("p", None, cells, (Points("test", 2.0),), (Named("answer"),), ()),))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """An nbgrader course without a gradebook."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    return Course(tmp_path)


def sanitised(course: Course, cells: list[dict[str, Any]], *, strict: bool = False) -> tuple[Any, list[Sentence]]:
    """Sanitise a notebook; return it and the notes."""
    notes: list[Sentence] = []
    pipeline = Pipeline(Directories(course), recorded(), strict=strict)
    return pipeline.sanitise(nbformat.from_dict(notebook_of(cells)), "p", "s", notes), notes


def test_edited_tests_and_settings_become_the_releases(course: Course) -> None:
    """Source, points and flags of a test cell come from the gradebook, never from the submission."""
    edited = code("pass", "test", points=200)
    edited["metadata"]["nbgrader"]["solution"] = True
    notebook, notes = sanitised(course, [code("def f(): return 1", "answer", solution=True), edited])
    test = notebook.cells[1]
    assert test.source == "assert f() == 1"
    assert (test.metadata.nbgrader.points, test.metadata.nbgrader.solution) == (2.0, False)
    assert notebook.cells[0].source == "def f(): return 1"
    assert "settings of the cell test" in notes[0]


def test_copied_foreign_and_outdated_cells_do_not_fail_the_notebook(course: Course) -> None:
    """Of two cells with one id the last counts, an unknown id is ordinary, and schema 1 becomes schema 3."""
    old = code("def f(): return 1", "answer", solution=True)
    old["metadata"]["nbgrader"]["schema_version"] = 1
    cells = [old, code("", "test", points=2), code("", "test", points=2), code("x = 1", "elsewhere", solution=True)]
    notebook, notes = sanitised(course, cells)
    kept = [c.metadata.get("nbgrader", {}).get("grade_id") for c in notebook.cells]
    assert kept == ["answer", None, "test", None]
    assert any("more than once" in note for note in notes)
    with pytest.raises(StopBatch):
        sanitised(course, cells, strict=True)


def test_a_newer_schema_is_refused_with_a_reason(course: Course) -> None:
    """The grader cannot know what a newer nbgrader means by its settings."""
    new = code("", "test", points=2)
    new["metadata"]["nbgrader"]["schema_version"] = 9
    with pytest.raises(SubmissionRejected, match="too new"):
        sanitised(course, [new])


def test_settings_are_nbgraders_and_ours(course: Course) -> None:
    """Time-outs and allow_errors come from nbgrader's sections, switches from ours; a wrong name is reported."""
    path = course.root / "nbgrader_config.py"
    path.write_text(
        "c = get_config()\nc.Execute.timeout = 7\nc.ExecutePreprocessor.allow_errors = False\n"
        "c.InNotebook.stderr_fails = True\nc.InNotebook.limits = {'memory_mib': 2048}\n",
        encoding="utf-8",
    )
    settings = read_settings(Directories(course))
    assert (settings.limits.cell_s, settings.limits.memory_mib) == (7, 2048)
    assert settings.stop_at_error
    assert settings.rules == Rules(stderr_fails=True)
    path.write_text("c = get_config()\nc.InNotebook.stdrr_fails = True\n", encoding="utf-8")
    with pytest.raises(CourseError, match="stdrr_fails"):
        read_settings(Directories(course))


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        ("", True),
        ("c.AssignLatePenalties.enabled = False", False),
        ("c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']", False),
        ("c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.AssignLatePenalties']", True),
    ],
)
def test_penalties_are_asked_for_where_the_course_lists_them(course: Course, lines: str, *, asked: bool) -> None:
    """As in nbgrader, a course can leave out or switch off the preprocessor that asks for them."""
    (course.root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n{lines}\n", encoding="utf-8"
    )
    plugin = late_plugin(Directories(course))
    assert (plugin is not None) is asked
    assert plugin is None or plugin.late_submission_penalty("s", 2.0, 60.0) == 2.0


def test_a_plugin_that_cannot_be_had_is_told(course: Course) -> None:
    """The message names the file with the setting."""
    (course.root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.AssignLatePenalties.plugin_class = 'nowhere.Plugin'\n", encoding="utf-8"
    )
    with pytest.raises(CourseError, match=r"nbgrader_config\.py: the plugin for late submissions"):
        late_plugin(Directories(course))


def test_an_unknown_assignment_names_the_remedy(course: Course) -> None:
    """Without a gradebook nothing can be graded, and no gradebook is made."""
    with pytest.raises(AssignmentError, match="nbgrader generate_assignment ps9"):
        read_recorded(Directories(course), "ps9")
    assert not (course.root / "gradebook.db").exists()


def test_a_missing_kernel_is_named_with_the_remedy() -> None:
    """The same holds if the machine cannot confine a kernel."""
    with pytest.raises(
        CourseError, match=r"p\.ipynb needs the Jupyter kernel 'ir', which is not installed here \(there are: .*python3"
    ):
        kernel_for('{"name": "ir", "language": "R"}', "p", tier=Tier.A)
    with pytest.raises(CourseError, match="tier A, and this machine offers B"):
        kernel_for('{"name": "python3"}', "p", tier=Tier.B, always=True)
    assert kernel_for('{"name": "conda-env-x", "language": "python"}', "p", tier=Tier.B) is None
    assert kernel_for(None, "p", tier=Tier.B) is None


def test_python_notebooks_of_any_kernel_get_the_one_that_is_here() -> None:
    """Names such as conda's, or the `python` of older notebooks, mean the installed kernel if kernels are asked for."""
    for spec in ('{"name": "python", "language": "python"}', '{"name": "conda-env-x", "language": "python"}', None):
        found = kernel_for(spec, "p", tier=Tier.A, always=True)
        assert isinstance(found, tuple)
        assert found[0].name == "python3"


def test_the_courses_own_files_win_over_a_students(tmp_path: Path) -> None:
    """A student's other files exist for one submission only; a file that would replace the course's is left out."""
    own, folder = tmp_path / "data.csv", tmp_path / "beside"
    own.write_text("real", encoding="utf-8")
    folder.mkdir()
    beside = Beside(folder, {"deep/data.csv": own}, trusted=True)
    beside.fill({"deep/data.csv": b"forged", "deep": b"a file", "mine/helper.py": b"x = 1"})
    assert (folder / "deep" / "data.csv").read_text(encoding="utf-8") == "real"
    assert (folder / "mine" / "helper.py").read_bytes() == b"x = 1"
    beside.fill({})
    assert sorted(p.name for p in folder.rglob("*")) == ["data.csv", "deep"]


def test_libraries_are_those_that_the_assignment_imports(tmp_path: Path) -> None:
    """Known libraries with their modules, from recorded cells or a folder's notebooks, and those a course names."""
    lines = '["import numpy as np, pandas as pd\\n", "from torchy import x\\n", "from sklearn.svm import SVC"]'
    (tmp_path / "a.ipynb").write_text(f'{{"source": {lines}}}', encoding="utf-8")
    assert libraries_of(recorded(), [tmp_path]) == ("pandas", "sklearn", "sklearn.svm")
    named = libraries_of(recorded(), [tmp_path], preload=["xgboost"], leave_out=["sklearn"])
    assert named == ("pandas", "xgboost")
