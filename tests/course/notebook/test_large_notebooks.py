"""Large notebooks are read for their code; what is too large is told with the limit and where it stands."""

from __future__ import annotations

import base64
import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st
from tiny_course import TinyCourse, cell

from autograder.course.assignment import load_assignment
from autograder.course.gradebook.directories import Directories
from autograder.course.notebook import file
from autograder.course.notebook.bounds import Bounds
from autograder.course.notebook.read import Submission, load_template, parse_submission
from autograder.course.notebook.slim import slim
from autograder.engines.base import Work
from autograder.engines.hidden.handin import load_work
from autograder.errors import SubmissionRejected, SubmissionTooLarge

KEYS = ("source", "outputs", "metadata", "attachments", "cell_type", "cells")
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + os.urandom(3_000_000)).decode()


def load(tiny: TinyCourse, notebook: dict[str, Any] | bytes) -> Work:
    """Hand in a notebook and return what a judge gets."""
    tiny.hand_in("ada", notebook)
    directories = Directories(tiny.course)
    (handin,) = directories.handins("tiny")
    return load_work(handin, directories, load_assignment(tiny.root, "tiny"))


def submission(tiny: TinyCourse, work: Work) -> Submission:
    """Return what is read of it."""
    assert work.files.get("tiny.ipynb") is not None, work.problem
    assignment = load_assignment(tiny.root, "tiny")
    return parse_submission(work.files["tiny.ipynb"], assignment, load_template(assignment))


def limit(tiny: TinyCourse, **entries: int) -> None:
    """Write limits into assignment.toml."""
    toml = tiny.assignment.public_dir / "assignment.toml"
    lines = [f"{name} = {value}" for name, value in entries.items()]
    toml.write_text("\n".join([toml.read_text(encoding="utf-8"), "[limits]", *lines, ""]), encoding="utf-8")


def pictures(count: int) -> list[dict[str, Any]]:
    """Return displays of large pictures."""
    return [
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": PICTURE, "text/plain": '"]}{["\\'}}
        for _ in range(count)
    ]


@pytest.mark.parametrize("place", ["outputs", "widgets", "stream", "nested"])
def test_a_notebook_that_is_large_for_what_it_showed_is_read(tiny: TinyCourse, place: str) -> None:
    """It has 60 MB of plots, a widget's state, printed lines or nested data, but little code."""
    notebook = tiny.solved()
    if place == "outputs":
        cell(notebook, "test_double")["outputs"] = pictures(15)
    elif place == "widgets":
        notebook["metadata"]["widgets"] = {"state": "x" * 60_000_000}
    elif place == "stream":
        cell(notebook, "double")["outputs"] = [
            {"output_type": "stream", "name": "stdout", "text": ["1\n"] * 10_000_000}
        ]
    else:
        cell(notebook, "double")["outputs"] = [
            {"data": {"application/json": [[i, {"a": ["x" * 100]}] for i in range(250_000)]}}
        ]
    work = load(tiny, notebook)
    assert work.files.get("tiny.ipynb") is not None
    assert len(work.files["tiny.ipynb"]) < 100_000
    assert work.notes == ()
    read = submission(tiny, work)
    assert read.missing == frozenset()
    assert read.notes == ()
    assert [c.source for c in read.notebook.cells] == ["".join(c["source"]) for c in tiny.solved()["cells"]]


@pytest.mark.parametrize("how", ["attached", "inside"])
def test_photos_of_derivations_are_kept_as_far_as_there_is_room(tiny: TinyCourse, how: str) -> None:
    """Jupyter attaches pictures, Colab writes them into the text; the code is graded, and the note names the limit."""
    notebook = tiny.solved()
    answer = cell(notebook, "q_why")
    if how == "attached":
        answer["attachments"] = {"first.png": {"image/png": PICTURE}}
        answer["source"] = "![](attachment:first.png)"
        more = [{"p.png": {"image/png": PICTURE}} for _ in range(14)]
        notebook["cells"] += [
            {"cell_type": "markdown", "metadata": {}, "source": "![](attachment:p.png)", "attachments": a} for a in more
        ]
    else:
        answer["source"] = "\n".join(f"![photo {n}](data:image/png;base64,{PICTURE})" for n in range(15))
    work = load(tiny, notebook)
    assert any("pictures_mib" in note and "[limits] of assignments/tiny/assignment.toml" in note for note in work.notes)
    read = submission(tiny, work)
    assert read.missing == frozenset()
    kept = [c for c in read.notebook.cells if "attachments" in c]
    found = [name for c in kept for name in c.attachments]
    assert 3 <= len(found) <= 5
    assert all("attachment:" in c.source for c in kept)
    assert not any("cut to" in note for note in read.notes)


def test_a_raised_limit_keeps_all_pictures(tiny: TinyCourse) -> None:
    """The advice of the message works."""
    limit(tiny, pictures_mib=100)
    notebook = tiny.solved()
    cell(notebook, "q_why")["attachments"] = {f"{n}.png": {"image/png": PICTURE} for n in range(8)}
    work = load(tiny, notebook)
    assert work.notes == ()
    (kept,) = [c for c in submission(tiny, work).notebook.cells if "attachments" in c]
    assert len(kept.attachments) == 8


def test_beyond_the_limit_of_the_file_it_is_no_zero(tiny: TinyCourse) -> None:
    """The message has the entry, its place and the size; it does not guess that clearing outputs would help."""
    path = tiny.hand_in("ada", "")
    os.truncate(path, 300_000_000)
    directories = Directories(tiny.course)
    (handin,) = directories.handins("tiny")
    work = load_work(handin, directories, load_assignment(tiny.root, "tiny"))
    assert work.too_large
    problem = work.problem or ""
    assert "300 MB" in problem
    assert "256 MiB" in problem
    assert "`notebook_mib` in [limits] of assignments/tiny/assignment.toml" in problem
    assert "outputs" not in problem.casefold()


def test_text_beyond_the_limit_is_measured(tiny: TinyCourse) -> None:
    """Data were pasted into cells: the message gives the size of each part, and the entry that limits it."""
    notebook = tiny.solved()
    cell(notebook, "q_why")["source"] = "x" * 30_000_000
    work = load(tiny, notebook)
    assert work.too_large
    assert "30 MB in the text of its cells" in (work.problem or "")
    assert "`text_mib`" in (work.problem or "")
    limit(tiny, text_mib=40)
    assert not load(tiny, notebook).too_large


@pytest.mark.parametrize(
    ("entry", "value", "cells"),
    [("cells", 5, []), ("cell_kib", 1, [{"cell_type": "code", "metadata": {}, "source": "#" * 2000}])],
)
def test_other_limits_name_their_entries(tiny: TinyCourse, entry: str, value: int, cells: list[Any]) -> None:
    """They limit the number of cells and the length of one cell."""
    limit(tiny, **{entry: value})
    notebook = tiny.solved()
    notebook["cells"] += cells
    with pytest.raises(SubmissionTooLarge, match=f"`{entry}` in"):
        submission(tiny, load(tiny, notebook))


def test_the_digest_is_the_files_own(tiny: TinyCourse) -> None:
    """A submission has the same digest, whatever is dropped while it is read."""
    import hashlib

    notebook = tiny.solved()
    cell(notebook, "test_double")["outputs"] = pictures(8)
    work = load(tiny, notebook)
    content = (tiny.root / "submitted/ada/tiny/tiny.ipynb").read_bytes()
    assert work.sha256 == hashlib.sha256(content).hexdigest()


# -- the bytes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minor", [0, 5])
@pytest.mark.parametrize("indent", [None, 1, "\t"])
def test_what_is_kept_is_what_json_would_read(tiny: TinyCourse, indent: int | str | None, minor: int) -> None:
    """Scanned or parsed, the notebook is the same except for outputs and its metadata."""
    notebook = {**tiny.solved(), "nbformat_minor": minor}
    cell(notebook, "double")["source"] = ['# \\\\ " [ { ] } \u00e9 \n', "x = '\\n'"]
    cell(notebook, "double")["outputs"] = [{"text": 'a\\"]}', "data": {"outputs": [1]}}]
    cell(notebook, "setup")["metadata"]["outputs"] = [1, "[", {"a": "]"}]
    for ascii_only in (True, False):
        data = json.dumps(notebook, indent=indent, ensure_ascii=ascii_only).encode()
        kept = json.loads(slim(data, "x", Bounds()).data)
        expected = json.loads(data)
        expected.pop("metadata")
        for found in expected["cells"]:
            found.pop("outputs", None)
        assert kept == expected


def test_worksheets_of_the_older_format_are_passed_over_too() -> None:
    """The cells of nbformat 3 are one level deeper."""
    cells = [{"cell_type": "code", "input": "1", "outputs": ["x" * 1000]}]
    data = json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}).encode()
    kept = json.loads(slim(data, "x", Bounds()).data)
    assert kept["worksheets"] == [{"cells": [{"cell_type": "code", "input": "1"}]}]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text('a"\\[]{}:,é\n', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*KEYS, "x", '"', "]"]), inner, max_size=4)
    ),
    max_leaves=12,
)
CELLS = st.lists(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5) | JSON, max_size=4)


@hypothesis.settings(max_examples=50)
@hypothesis.given(top=st.dictionaries(st.sampled_from([*KEYS, "nbformat"]), JSON, max_size=4), cells=CELLS)
def test_whatever_json_it_is_only_outputs_and_metadata_go(top: dict[str, Any], cells: list[Any]) -> None:
    """Brackets, quotes and backslashes in texts, values of wrong types, and keys at other places do no harm."""
    top.pop("worksheets", None)
    notebook = {**top, "cells": cells}
    expected = {k: v for k, v in notebook.items() if k != "metadata"}
    expected["cells"] = [{k: v for k, v in c.items() if k != "outputs"} if isinstance(c, dict) else c for c in cells]
    for indent in (None, 1):
        data = json.dumps(notebook, indent=indent).encode()
        assert json.loads(slim(data, "x", Bounds()).data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b'{"cells"',
        b'{"cells":',
        b'{"cells": [',
        b'{"cells": [{"source": "x',
        b'{"cells": [{"source": "x\\',
        b'{"cells": [{"outputs": [[[',
        b'{"cells": [{"outputs": [["]]',
        b'{"cells": [{:}]}',
        b'{"cells": [{"a" 1}]}',
        b'{"a": }',
        b'{"cells": [,]}' + b"[" * 1000,
    ],
)
def test_broken_json_ends(data: bytes) -> None:
    """It is refused at once, or the part that is kept is refused."""
    with pytest.raises((SubmissionRejected, ValueError)):
        json.loads(slim(data, "x", Bounds()).data + b"")


@pytest.mark.parametrize(
    "data",
    [
        b'{"cells":[{"cell_type":"code","outputs":' + b"[" * 15_000_000 + b"]" * 15_000_000 + b"}]}",
        b'{"cells":[' + b"{}," * 3_000_000 + b"{}]}",
        b'{"cells":[{"source":"' + b'\\"' * 15_000_000,
        b'{"cells":[{"source":"' + b"(data:image/png;base64," * 1_500_000 + b'"}]}',
    ],
    ids=["nested", "cells", "escapes", "pictures"],
)
def test_hostile_bytes_take_bounded_time_and_memory(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file has 30 MB and is made to be slow."""
    # Counting memory makes each step ten times slower.
    monkeypatch.setattr("autograder.course.notebook.slim._MAX_BRACKETS", 50_000)
    tracemalloc.start()
    try:
        with pytest.raises(SubmissionRejected):
            slim(data, "x", Bounds())
        assert tracemalloc.get_traced_memory()[1] < 8 * len(data)
    finally:
        tracemalloc.stop()


def test_a_small_notebook_is_not_passed_over(tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual case takes no extra time."""
    monkeypatch.setattr(file, "slim", None)
    path: Path = tiny.hand_in("ada", tiny.solved())
    assert file.read_notebook(path, Bounds(), []) == path.read_bytes()
