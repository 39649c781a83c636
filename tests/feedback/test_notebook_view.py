"""The notebook on a student's page: what it showed, what we say beside it, and nothing live."""

from __future__ import annotations

import json

from nbgrader_samples import code, notebook_of

from autograder.feedback.notebook_view import CellNote, shown_cells
from autograder.sentences import Sentence

SCRIPT = "<script>alert(1)</script>"
HIDDEN = "assert f() == 1\n### BEGIN HIDDEN TESTS\nassert f(2) == 'secret'\n### END HIDDEN TESTS"


def test_cells_have_their_outputs_and_what_is_said_of_them() -> None:
    """What a test printed is not shown where a part of it is hidden; the instructor's words alone are rendered."""
    frame = {"text/plain": "frame", "text/html": f"<table onclick=x><tr><td>7{SCRIPT}</table>"}
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["line with secret"]}
    answer = {**code("f = 1", "answer", solution=True), "outputs": [{"output_type": "display_data", "data": frame}]}
    hides = {**code(HIDDEN, "test_hidden", points=2), "outputs": [error]}
    shows = {**code("assert f", "test_shown", points=2), "outputs": [error]}
    words = [
        {"cell_type": "markdown", "metadata": {}, "source": f"**given** [x](javascript:x) {SCRIPT}"},
        {"cell_type": "markdown", "metadata": {}, "source": f"**mine** {SCRIPT}"},
    ]
    beside = {
        "test_hidden": CellNote(
            "test_hidden", Sentence("0 of 2 points."), "none", source="assert f() == 1", hides=True
        ),
        "test_shown": CellNote("test_shown", Sentence("2 of 2 points."), "full", source="assert f"),
    }
    given = frozenset({str(words[0]["source"])})
    cells = shown_cells(json.dumps(notebook_of([*words, answer, hides, shows])), beside, given)
    rendered, typed, plain, hidden, shown = cells
    assert rendered.markup is not None
    assert "<strong>given</strong>" in rendered.markup
    assert "script" not in rendered.markup
    assert "javascript" not in rendered.markup
    assert typed.words == f"**mine** {SCRIPT}"
    assert plain.outputs[0].markup is not None
    assert "<td>7</td>" in plain.outputs[0].markup
    assert "onclick" not in plain.outputs[0].markup
    assert (hidden.code, hidden.outputs) == ("assert f() == 1", ())
    assert "secret" in shown.outputs[0].text
    assert shown.beside == beside["test_shown"]


def test_what_is_no_notebook_has_no_cells() -> None:
    """A file that is gone, or that something else wrote."""
    for text in ("", "[]", "{}", '{"cells": 3}', '{"cells": [3]}', "no json"):
        assert shown_cells(text, {}, frozenset()) == ()
