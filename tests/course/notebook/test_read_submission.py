"""What may come in as a notebook, and what is made of it."""

from __future__ import annotations

import copy
import json
import os
import socket
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from tiny_course import TinyCourse, cell

from autograder.course.notebook.autograded import autograded_notebook
from autograder.course.notebook.compose import compose_source
from autograder.course.notebook.read import Submission, load_template, parse_notebook, read_submission
from autograder.errors import AssignmentError, SubmissionRejected
from autograder.sentences import TOGETHER

if TYPE_CHECKING:
    from pathlib import Path


def read(tiny: TinyCourse, notebook: object) -> Submission:
    """Hand in and read; what is read must also be fit for nbformat's own validation and for writing."""
    path = tiny.hand_in("ada", notebook)
    submission = read_submission(path, tiny.assignment, load_template(tiny.assignment))
    assert all(note.id.startswith("reading.") for note in submission.notes)
    out = autograded_notebook(submission, tiny.assignment, compose_source(tiny.assignment), {}, {})
    nbformat.validate(out)
    nbformat.writes(out).encode("utf-8")
    copy.deepcopy(submission.notebook)
    return submission


def refused(tiny: TinyCourse, notebook: object) -> str:
    """Hand in what cannot be graded and return why."""
    with pytest.raises(SubmissionRejected) as caught:
        read(tiny, notebook)
    reason = caught.value.reason
    assert reason.id.startswith(("reading.", TOGETHER))
    assert str(caught.value) == reason
    assert len(reason) < 500
    return reason


def sources(submission: Submission) -> dict[str, str]:
    """Return what is run, by name."""
    return {c.name: c.source for c in submission.cells}


def test_an_honest_notebook_is_read_without_notes(tiny: TinyCourse) -> None:
    """A filled-in template needs no note, and each cell is known by its grade_id."""
    submission = read(tiny, tiny.solved())
    assert submission.notes == ()
    assert submission.missing == frozenset()
    assert [c.name for c in submission.cells] == ["setup", "double", "test_double", "Counter", "test_Counter"]
    assert sources(submission)["double"] == "def double(x):\n    return 2 * x"


# -- files that are no notebook ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"def double(x): return x", "no valid JSON"),
        (b"[]", "no cells"),
        (b"null", "no cells"),
        (b'{"nbformat": 4}', "no cells"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "cells": {}}', "no list"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "cells": null}', "no list"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "worksheets": []}', "no list"),
        (b'{"cells": []}', "nbformat"),
        (b'{"nbformat": "4", "cells": []}', "nbformat"),
        (b'{"nbformat": true, "cells": []}', "nbformat"),
        (b'{"nbformat": 5, "nbformat_minor": 0, "cells": []}', "newer"),
        (b'{"nbformat": 2, "nbformat_minor": 0, "worksheets": []}', "too old"),
        (b'{"nbformat": 1' + b"0" * 4000 + b', "cells": []}', "newer"),
        (b'{"nbformat": 1' + b"0" * 5000 + b', "cells": []}', "nested too deeply"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b'{"cells": [], "nbformat": 4, "x": "\x00"}', "no valid JSON"),
        (b"\xff\xfe{", "UTF-8"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "cells": [' + b"{}," * 3000 + b"{}]}", "3001 cells"),
    ],
)
def test_what_is_no_notebook_is_rejected_with_the_reason(tiny: TinyCourse, content: bytes, says: str) -> None:
    """Each kind of wrong file has its own words."""
    assert says in refused(tiny, content)


def test_millions_of_cells_are_counted_before_they_are_built(tiny: TinyCourse) -> None:
    """Six million empty cells in 18 MB are refused at the cost of parsing JSON."""
    content = b'{"nbformat": 4, "nbformat_minor": 5, "cells": [' + b"{}," * 2_000_000 + b"{}]}"
    assert "2000001 cells" in refused(tiny, content)
    old = b'{"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [' + b"{}," * 2_000_000 + b"{}]}]}"
    assert "2000001 cells" in refused(tiny, old)


def test_a_notebook_of_another_assignment_is_rejected(tiny: TinyCourse) -> None:
    """Neither its ids nor its texts are the assignment's; long or odd ids do not get into the message."""
    notebook = tiny.template()
    for number, found in enumerate(notebook["cells"]):
        found["source"] = f"def other{number}(): pass"
        found["metadata"] = {"nbgrader": {"grade_id": f"other{number}" + "x\x1b" * 5000}}
    message = refused(tiny, notebook)
    assert "does not belong" in message
    assert "\x1b" not in message
    for found in notebook["cells"]:
        found["metadata"] = {}
    assert "does not belong" in refused(tiny, notebook)


def test_links_are_never_followed(tiny: TinyCourse) -> None:
    """A link to a neighbour's good notebook gives no points."""
    neighbour = tiny.hand_in("bob", tiny.solved())
    path = tiny.hand_in("ada", "")
    path.unlink()
    path.symlink_to(neighbour)
    with pytest.raises(SubmissionRejected, match="symbolic link"):
        read_submission(path, tiny.assignment, load_template(tiny.assignment))


@pytest.mark.parametrize("kind", ["directory", "fifo", "socket", "device", "absent"])
def test_what_is_no_plain_file_is_rejected_at_once(
    tiny: TinyCourse, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No pipe is waited for, no device is read, no descriptor stays open."""
    path = tiny.hand_in("ada", "")
    path.unlink()
    monkeypatch.chdir(path.parent)
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    elif kind == "device":
        path = path.parent.__class__("/dev/zero")
    before = len(os.listdir("/proc/self/fd"))
    template = load_template(tiny.assignment)
    with pytest.raises(SubmissionRejected, match=r"plain file|cannot be read|not there"):
        read_submission(path, tiny.assignment, template)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_file_that_may_not_be_read_is_rejected(tiny: TinyCourse) -> None:
    """The student has to correct its permissions."""
    path = tiny.hand_in("ada", tiny.solved())
    template = load_template(tiny.assignment)
    path.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with pytest.raises(SubmissionRejected, match="Permission denied"):
            read_submission(path, tiny.assignment, template)
    finally:
        if root:
            os.seteuid(0)


def test_a_huge_file_is_not_read(tiny: TinyCourse) -> None:
    """A 100 GB file is refused by its size alone."""
    path = tiny.hand_in("ada", "")
    os.truncate(path, 100_000_000_000)
    with pytest.raises(SubmissionRejected, match="100000 MB"):
        read_submission(path, tiny.assignment, load_template(tiny.assignment))


# -- malformed cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "strange",
    [
        None,
        7,
        [],
        {},
        {"cell_type": ["code"], "source": "x"},
        {"cell_type": {}, "source": "x"},
        {"cell_type": "code"},
        {"cell_type": "code", "source": ["a", 1, None], "metadata": None},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": ["double"]}}},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": {}}}, "outputs": 3},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": [1]}, "id": {}},
        {"cell_type": "markdown", "source": "x", "attachments": [1]},
        {"cell_type": "markdown", "source": "x", "attachments": {"a.png": {"image/png": 3}, "b": 4}},
        {"cell_type": "code", "source": "print('\ud800')", "metadata": {}},
        {"cell_type": "code", "source": "x = '\x00'", "metadata": {"nbgrader": {"grade_id": "\ud800"}}},
    ],
)
def test_one_strange_cell_does_not_cost_the_others(tiny: TinyCourse, strange: object) -> None:
    """The exercises are read, whatever else is among the cells."""
    notebook = tiny.solved()
    notebook["cells"].insert(2, strange)
    submission = read(tiny, json.dumps(notebook))
    assert submission.missing == frozenset()
    assert "return 2 * x" in sources(submission)["double"]


@pytest.mark.parametrize("depth", [50, 150, 400, 900])
def test_deeply_nested_extras_do_no_harm(tiny: TinyCourse, depth: int) -> None:
    """Nesting that JSON can still parse is dropped or refused at any place; nothing recurses into it."""
    deep = json.loads("[" * depth + "]" * depth)
    for place in ("top", "metadata", "cell", "output", "cell_metadata"):
        notebook = tiny.solved()
        target = cell(notebook, "double")
        if place == "top":
            notebook["extra"] = deep
        elif place == "metadata":
            notebook["metadata"]["x"] = deep
        elif place == "cell":
            target["x"] = deep
        elif place == "output":
            target["outputs"] = deep
        else:
            target["metadata"]["nbgrader"]["points"] = deep
        submission = read(tiny, notebook)
        assert "return 2 * x" in sources(submission)["double"]


def test_a_cell_of_unreasonable_size_is_rejected(tiny: TinyCourse) -> None:
    """No answer has two million characters of code."""
    notebook = tiny.solved()
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": "#" * 2_000_000})
    assert "Cell 9" in refused(tiny, notebook)


def test_a_picture_pasted_into_prose_is_no_reason_to_reject(tiny: TinyCourse) -> None:
    """Markdown with a big inlined picture is cut, with a note."""
    notebook = tiny.solved()
    notebook["cells"].append(
        {"cell_type": "markdown", "metadata": {}, "source": "![](data:image/png;base64," + "A" * 2_000_000}
    )
    assert any("cut" in note for note in read(tiny, notebook).notes)


def test_pictures_attached_to_a_written_answer_stay(tiny: TinyCourse) -> None:
    """A photo of a derivation is an answer; an SVG attachment could carry a script and goes."""
    notebook = tiny.solved()
    answer = cell(notebook, "q_why")
    answer["source"] = "![me](attachment:me.png)"
    answer["attachments"] = {
        "me.png": {"image/png": "iVBORw0KGgo=", "image/svg+xml": "<svg onload=x>"},
        "bad.png": {"image/png": '" onerror="x'},
    }
    kept = next(c for c in read(tiny, notebook).notebook.cells if c.source == answer["source"])
    assert kept.attachments == {"me.png": {"image/png": "iVBORw0KGgo="}}


# -- what honest editors do ----------------------------------------------------------------------------------


def test_byte_order_mark_and_windows_line_ends_are_fine(tiny: TinyCourse) -> None:
    """Editors on Windows add both."""
    notebook = tiny.solved()
    cell(notebook, "double")["source"] = ["def double(x):\r\n", "    return 2 * x\r\n"]
    submission = read(tiny, b"\xef\xbb\xbf" + json.dumps(notebook).replace("\n", "\r\n").encode())
    assert sources(submission)["double"] == "def double(x):\n    return 2 * x\n"
    assert submission.notes == ()


@pytest.mark.parametrize("minor", [0, 1, 4])
def test_an_older_minor_format_is_graded_with_a_note(tiny: TinyCourse, minor: int) -> None:
    """Cells had no ids before 4.5."""
    notebook = tiny.solved() | {"nbformat_minor": minor}
    for found in notebook["cells"]:
        found.pop("id")
    submission = read(tiny, notebook)
    assert submission.notebook.nbformat_minor == 5
    assert any(f"4.{minor}" in note for note in submission.notes)


def test_format_3_is_graded_with_a_note(tiny: TinyCourse) -> None:
    """A notebook that nbformat itself wrote as version 3 has the same cells."""
    notebook = tiny.solved()
    notebook["cells"].insert(0, {"cell_type": "markdown", "id": "h", "metadata": {}, "source": "## Title"})
    old = nbformat.convert(nbformat.reads(json.dumps(notebook), as_version=4), 3)
    submission = read(tiny, nbformat.writes(old, version=3))
    assert any("nbformat 3" in note for note in submission.notes)
    expected = read(tiny, notebook)
    assert [(c.cell_type, c.source) for c in submission.notebook.cells] == [
        (c.cell_type, c.source) for c in expected.notebook.cells
    ]


def test_a_copied_solution_cell_runs_twice_and_the_last_counts(tiny: TinyCourse) -> None:
    """Copying a cell copies its grade_id; Jupyter's order decides."""
    notebook = tiny.solved()
    twin = copy.deepcopy(cell(notebook, "double"))
    twin["source"] = "def double(x):\n    return x + x"
    notebook["cells"].insert(4, twin)
    submission = read(tiny, notebook)
    assert [c.source for c in submission.cells].index(twin["source"]) == 3
    assert sum(c.source.startswith("def double") for c in submission.cells) == 2
    assert sum(c.name == "double" for c in submission.cells) == 1
    assert any("double is there more than once" in note for note in submission.notes)


def test_a_copy_that_became_prose_does_not_hide_the_code(tiny: TinyCourse) -> None:
    """Of two cells with one grade_id, the one of the right kind is the answer."""
    notebook = tiny.solved()
    twin = {"cell_type": "markdown", "metadata": cell(notebook, "double")["metadata"], "source": "mine"}
    notebook["cells"].append(twin)
    submission = read(tiny, notebook)
    assert submission.missing == frozenset()
    assert "return 2 * x" in sources(submission)["double"]


def test_a_missing_solution_cell_is_reported_and_other_code_still_runs(tiny: TinyCourse) -> None:
    """A cell that makes the function in another way still runs, named by its position in the student's notebook."""
    notebook = tiny.solved()
    notebook["cells"].remove(cell(notebook, "double"))
    notebook["cells"].remove(cell(notebook, "test_double"))
    source = "globals().update(double=lambda x: 2 * x)"
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": source})
    submission = read(tiny, notebook)
    assert submission.missing == {"double"}
    assert sources(submission)["cell 7"] == source
    assert [c.name for c in submission.cells][-1] == "test_double"


def test_a_cell_made_anew_is_the_exercises_own(tiny: TinyCourse) -> None:
    """A student deleted the cell and wrote the function into a new one, which is found by its definition."""
    notebook = tiny.solved()
    gone = cell(notebook, "double")
    notebook["cells"].remove(gone)
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": gone["source"]})
    submission = read(tiny, notebook)
    assert submission.missing == frozenset()
    assert sources(submission)["double"] == gone["source"]
    assert any("recognised by" in note for note in submission.notes)


def test_code_turned_into_prose_counts_as_missing(tiny: TinyCourse) -> None:
    """It is not run, and the student is told."""
    notebook = tiny.solved()
    cell(notebook, "double")["cell_type"] = "markdown"
    submission = read(tiny, notebook)
    assert submission.missing == {"double"}
    assert any("double" in note and "markdown" in note for note in submission.notes)


def test_an_answer_typed_into_a_code_cell_is_read_as_prose(tiny: TinyCourse) -> None:
    """The person who grades it finds it among the answers; it is not run."""
    notebook = tiny.solved()
    cell(notebook, "q_why")["cell_type"] = "code"
    submission = read(tiny, notebook)
    answer = next(c for c in submission.notebook.cells if c.source == "Because.")
    assert answer.cell_type == "markdown"
    assert answer.metadata.nbgrader.grade_id == "q_why"
    assert "q_why" not in sources(submission)
    assert submission.missing == frozenset()


def test_a_deleted_answer_cell_is_put_back_empty(tiny: TinyCourse) -> None:
    """Without the cell formgrader could not score the question, and it would wait for a score for ever."""
    notebook = tiny.solved()
    notebook["cells"].remove(cell(notebook, "q_why"))
    submission = read(tiny, notebook)
    assert submission.missing == {"q_why"}
    assert submission.notebook.cells[-1].source == "YOUR ANSWER HERE"


def test_changed_and_deleted_locked_cells_come_from_the_template(tiny: TinyCourse) -> None:
    """Tests and set-up are the course's, never the copy's; the student's cells stay."""
    notebook = tiny.solved()
    cell(notebook, "test_double")["source"] = "print('full marks')"
    cell(notebook, "test_Counter")["cell_type"] = "markdown"
    notebook["cells"].remove(cell(notebook, "setup"))
    submission = read(tiny, notebook)
    ran = sources(submission)
    assert [c.name for c in submission.cells] == ["setup", "double", "test_double", "Counter", "test_Counter"]
    assert ran["test_double"] == "print(double(2))"
    assert ran["test_Counter"] == "print(Counter())"
    notes = " ".join(submission.notes)
    assert "test_double was changed" in notes
    assert "setup was deleted" in notes


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("test_double", {"points": 1000}),
        ("test_double", {"points": float("nan")}),
        ("test_double", {"locked": False}),
        ("double", {"grade": True, "points": 50}),
        ("double", {"solution": False}),
        ("q_why", {"points": 99}),
    ],
)
def test_tampered_points_and_flags_are_ignored_with_a_note(tiny: TinyCourse, name: str, change: dict[str, Any]) -> None:
    """The template's values count."""
    notebook = tiny.solved()
    cell(notebook, name)["metadata"]["nbgrader"] |= change
    submission = read(tiny, notebook)
    assert any(name in note and "settings" in note for note in submission.notes)
    found = next(c for c in submission.notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)
    assert dict(found.metadata.nbgrader) == cell(tiny.template(), name)["metadata"]["nbgrader"]


def test_foreign_grade_ids_are_the_students_own_cells(tiny: TinyCourse) -> None:
    """An id that the assignment does not have means nothing."""
    notebook = tiny.solved()
    notebook["cells"].append({"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "mine"}}, "source": "1 + 1"})
    submission = read(tiny, notebook)
    assert sources(submission)["cell 9"] == "1 + 1"
    assert submission.notes == ()


def test_repeated_or_missing_cell_ids_are_fine(tiny: TinyCourse) -> None:
    """nbformat's ids are made anew."""
    notebook = tiny.solved()
    for found in notebook["cells"]:
        found["id"] = "same"
    read(tiny, notebook)
    for found in notebook["cells"]:
        found.pop("id")
        found.pop("outputs", None)
    assert read(tiny, notebook).notes == ()


def test_the_template_is_checked_against_the_points(tiny: TinyCourse) -> None:
    """Points that disagree with assignment.toml would let scores exceed nbgrader's maximum."""
    notebook = tiny.template()
    cell(notebook, "test_double")["metadata"]["nbgrader"]["points"] = 7
    tiny.assignment.template_path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(AssignmentError, match="test_double"):
        load_template(tiny.assignment)


def test_any_notebook_can_be_parsed_with_its_metadata(tiny: TinyCourse, tmp_path: Path) -> None:
    """The local check reads points and flags from the student's copy, strange cells or not."""
    notebook = tiny.solved()
    notebook["cells"].insert(0, 3)
    path = tmp_path / "any.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    parsed = parse_notebook(path)
    names = {c.metadata.nbgrader.grade_id: c.source for c in parsed.cells if "nbgrader" in c.metadata}
    assert names["test_double"] == "print(double(2))"
