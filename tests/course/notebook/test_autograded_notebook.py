"""The notebook that formgrader shows in the instructor's session."""

from __future__ import annotations

import base64
import functools
import html
import json
import re
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.server_extensions.formgrader import handlers
from nbgrader.utils import compute_checksum
from tiny_course import TinyCourse, cell

from autograder.course.notebook.autograded import CellRun, autograded_notebook, checksum
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import compose_source
from autograder.course.notebook.read import load_template, read_submission

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1" + bytes(9)).decode()
SCRIPT = "<script>alert(1)</script>"


def autograded(
    tiny: TinyCourse,
    notebook: dict[str, Any],
    outputs: list[dict[str, Any]] | None = None,
    reports: dict[str, str] | None = None,
) -> nbformat.NotebookNode:
    """Read a notebook and return what formgrader would show, with outputs at the cell `double`."""
    submission = read_submission(tiny.hand_in("ada", notebook), tiny.assignment, load_template(tiny.assignment))
    index = next(c.index for c in submission.cells if c.name == "double")
    runs = {index: CellRun(outputs or [], 3)}
    made = autograded_notebook(submission, tiny.assignment, compose_source(tiny.assignment), runs, reports or {})
    nbformat.validate(made)
    return made


def find(notebook: nbformat.NotebookNode, identifier: str) -> nbformat.NotebookNode:
    """Return the cell with that grade_id."""
    return next(c for c in notebook.cells if grade_id(c) == identifier)


@functools.cache
def exporter() -> Any:
    """Make the exporter that formgrader uses."""
    exporter_class: Any = HTMLExporter
    return exporter_class(template_name="formgrade", extra_template_basedirs=[handlers.template_path])


def page(notebook: nbformat.NotebookNode) -> str:
    """Render a notebook as nbgrader's formgrader does, with its own template."""
    return str(exporter().from_notebook_node(notebook, resources={"index": 0, "total": 1})[0])


def test_metadata_are_valid_and_the_students_text_stays(tiny: TinyCourse) -> None:
    """nbgrader's own validator accepts every cell."""
    made = autograded(tiny, tiny.solved(), reports={"double": "2 of 2"})
    MetadataValidator().validate_nb(made)
    assert find(made, "double").source == "def double(x):\n    return 2 * x"
    assert find(made, "double").execution_count == 3
    assert find(made, "test_double").outputs[0] == {
        "output_type": "stream",
        "name": "stdout",
        "text": "2 of 2\n",
    }
    assert find(made, "q_why").source == "Because."


def test_checksums_are_nbgraders_of_the_source_as_it_is_recorded(tiny: TinyCourse) -> None:
    """nbgrader clears solutions before it computes them, so an untouched answer is recognised."""
    made = autograded(tiny, tiny.template())
    for found in made.cells:
        if grade_id(found):
            assert checksum(found) == compute_checksum(found)
            assert found.metadata.nbgrader.checksum == compute_checksum(found)
    solved = autograded(tiny, tiny.solved())
    assert find(solved, "double").metadata.nbgrader.checksum != compute_checksum(find(solved, "double"))


def test_plain_text_and_pictures_are_shown(tiny: TinyCourse) -> None:
    """Prints, progress bars, coloured tracebacks, French spaces and plots of honest students look right."""
    made = autograded(
        tiny,
        tiny.solved(),
        [
            {"output_type": "stream", "name": "stdout", "text": "1\u00a0000 €\n 0%\r 50%\r100%\r\nok\n"},
            {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[0;31mE\x1b[0m: v"]},
            {"output_type": "display_data", "data": {"image/png": PNG, "text/plain": "<Figure>"}, "metadata": {}},
        ],
    )
    outputs = find(made, "double").outputs
    assert outputs[0].text == "1\u00a0000 €\n100%\nok\n"
    assert outputs[1].traceback == ["E: v"]
    assert outputs[2].data == {"image/png": PNG, "text/plain": "<Figure>"}


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "display_data", "data": {"text/html": SCRIPT}, "metadata": {}},
        {"output_type": "display_data", "data": {"text/html": SCRIPT, "text/plain": "x"}, "metadata": {}},
        {"output_type": "display_data", "data": {"image/svg+xml": f"<svg>{SCRIPT}</svg>"}, "metadata": {}},
        {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}, "metadata": {}},
        {"output_type": "display_data", "data": {"text/markdown": SCRIPT, "text/latex": SCRIPT}, "metadata": {}},
        {"output_type": "display_data", "data": {SCRIPT: "x"}, "metadata": {"a": SCRIPT}},
        {"output_type": "display_data", "data": {"image/png": '" onerror="alert(1)'}, "metadata": {}},
        {"output_type": "stream", "name": SCRIPT, "text": SCRIPT, "more": SCRIPT},
        {"output_type": "stream", "name": "stdout", "text": "\x1b]8;;javascript:alert(1)\x07x\u202e\x9b1m"},
        {"output_type": "error", "ename": SCRIPT, "evalue": SCRIPT, "traceback": [SCRIPT]},
        {"output_type": "stream"},
        {"output_type": "stream", "name": 3, "text": ["a", 1]},
        {"output_type": "error", "traceback": 3},
        {"output_type": "display_data"},
        {"output_type": "execute_result", "data": [1], "execution_count": "x"},
        {"output_type": "execute_result", "data": {"text/plain": 3, "image/png": [1]}, "execution_count": -1},
        {"output_type": ["stream"]},
        {},
    ],
)
def test_nothing_of_an_output_is_live(tiny: TinyCourse, output: dict[str, Any]) -> None:
    """For any claim of a worker about a cell's outputs, the rendered page has no script of it, and nothing raises."""
    made = autograded(tiny, tiny.solved(), [output])
    text = json.dumps(made)
    assert "\\u202e" not in text
    assert "\\u001b" not in text
    shown = page(made)
    assert SCRIPT not in shown
    assert "onerror=" not in shown
    assert "javascript:alert" not in shown.replace("]8;;javascript:alert", "")


LIVE_PROSE = [
    SCRIPT,
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "```\n```\n<iframe src=javascript:alert(1)>",
    "<a\nhref='javascript:alert(1)'>x</a>",
    "<!-- --><style>*{display:none}</style>",
    "$x$ $$<script>alert(1)</script>$$",
    "[x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    '![x](x"onerror="alert(1))',
    "[x](javascript\\:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "<javascript:alert(1)>",
]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_nothing_of_a_students_prose_is_live(tiny: TinyCourse, kind: str) -> None:
    """Markdown may hold raw HTML, which formgrader renders unsanitised, in answers and in other cells."""
    notebook = tiny.solved()
    clean = page(autograded(tiny, notebook))
    cell(notebook, "q_why").update(source=LIVE_PROSE[0], cell_type=kind)
    for text in LIVE_PROSE:
        notebook["cells"].append({"cell_type": kind, "metadata": {"raw_mimetype": "text/html"}, "source": text})
    shown = page(autograded(tiny, notebook))
    assert shown.count("alert") > clean.count("alert")
    for target in re.findall(r'(?:href|src)="([^"]*)"', shown):
        # As browsers read it: character references resolved, tabs and line ends left out.
        assert not re.sub(r"[\t\r\n]", "", html.unescape(target)).strip().startswith("javascript:")
    for live in ("<script>alert", "<img src=x", "<svg/", "<iframe", "<a\nhref", "<style>*"):
        assert live not in shown
    for tag in ("<script", "<style", "<iframe", "<svg"):
        assert shown.count(tag) == clean.count(tag)


def test_honest_prose_and_the_courses_own_are_left_alone(tiny: TinyCourse) -> None:
    """Formulas and comparisons stay as written; so does HTML in the template's text."""
    notebook = tiny.solved()
    answer = "Since $a < b$ and `x <= y`:\n\n1. **yes**, 3 <4\n\n[link](https://pytorch.org)"
    cell(notebook, "q_why")["source"] = answer
    made = autograded(tiny, notebook)
    assert find(made, "q_why").source == answer
    assert made.cells[0].source == "# Tiny <br> notebook"


def test_a_flood_of_text_is_cut(tiny: TinyCourse) -> None:
    """The page stays loadable, and says that it was cut."""
    made = autograded(tiny, tiny.solved(), [{"output_type": "stream", "name": "stdout", "text": "x" * 3_000_000}])
    text = find(made, "double").outputs[0].text
    assert len(text) < 200_000
    assert "cut" in text[-60:]
