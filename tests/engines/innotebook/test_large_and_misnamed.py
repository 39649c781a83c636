"""Notebooks graded by their own tests: large files, and names that nbgrader does not accept."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from nbgrader_samples import Sample, exercise, make_course, read_scores

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.course.gradebook.directories import Directories
from autograder.course.layout import Course
from autograder.engines.base import Work
from autograder.engines.innotebook.handin import load_work
from autograder.engines.registry import open_engine
from autograder.verdict import Grade, Status

SLUG = "ps"
TESTS = ["assert f() == 3"]
SOLVED = exercise("def f():\n    return 3", TESTS)
READS = exercise("import os\ndef f():\n    return 3 if os.path.getsize('model.pt') == 25_000_000 else 0", TESTS)


def load(root: Path, config: str = "", **sizes: int) -> Work:
    """Hand in files of these sizes beside a notebook, and return what a judge gets."""
    (root / "nbgrader_config.py").write_text(f"c = get_config()\n{config}\n", encoding="utf-8")
    folder = root / "submitted" / "ada" / SLUG
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "p.ipynb").write_text("{}", encoding="utf-8")
    for name, size in sizes.items():
        path = folder / name.replace("__", ".")
        path.touch()
        os.truncate(path, size)
    directories = Directories(Course(root))
    (handin,) = directories.handins(SLUG)
    return load_work(handin, directories)


def test_a_model_beside_the_notebook_is_there(tmp_path: Path) -> None:
    """Twenty-five megabytes are more than a notebook's text, but no reason to leave a file out."""
    handed = load(tmp_path, model__pt=25_000_000)
    assert len(handed.files["model.pt"]) == 25_000_000
    assert handed.notes == ()


def test_a_file_beyond_the_limit_is_named_with_the_entry(tmp_path: Path) -> None:
    """The notebook and the other files are read; the message does not advise clearing outputs because of a model."""
    handed = load(tmp_path, a__csv=1000, model__pt=150_000_000, z__csv=1000)
    assert sorted(handed.files) == ["a.csv", "p.ipynb", "z.csv"]
    (note,) = handed.notes
    for words in ("Left out", "“model.pt” (150 MB)", "100 MiB", "`beside_mib` in `c.InNotebook.limits`"):
        assert words in note
    assert "utputs" not in note
    raised = load(tmp_path, "c.InNotebook.limits = {'beside_mib': 200}", model__pt=150_000_000)
    assert len(raised.files["model.pt"]) == 150_000_000


def test_a_notebook_beyond_the_limit_is_named_with_the_entry(tmp_path: Path) -> None:
    """It is there but was not read: that is no zero."""
    handed = load(tmp_path, "c.InNotebook.limits = {'notebook_mib': 30}", p__ipynb=40_000_000)
    assert handed.too_large
    (note,) = handed.notes
    assert "p.ipynb has 40 MB; at most 30 MiB are read" in note
    assert "`notebook_mib` in `c.InNotebook.limits` of nbgrader_config.py" in note


def shows_much(notebook: dict[str, Any], megabytes: int) -> dict[str, Any]:
    """Return a notebook with a large output."""
    first, *others = notebook["cells"]
    output = {"output_type": "stream", "name": "stdout", "text": "x" * (megabytes * 1_000_000)}
    return {**notebook, "cells": [{**first, "outputs": [output]}, *others]}


@pytest.mark.sandbox
def test_a_class_with_large_and_misnamed_notebooks(tmp_path: Path) -> None:
    """Outputs are dropped, models are there, and a rejection by nbgrader's rules for names lists the files."""
    root = tmp_path / "course"
    config = "c.InNotebook.limits = {'notebook_mib': 100}\n"
    handed_in = {"outputs": shows_much(SOLVED, 60), "model": READS, "misnamed": SOLVED, "huge": SOLVED}
    make_course(root, SLUG, [Sample("p", exercise("", TESTS), handed_in)], config)
    submitted = root / "submitted"
    os.truncate(submitted / "huge" / SLUG / "p.ipynb", 300_000_000)
    (submitted / "misnamed" / SLUG / "p.ipynb").rename(submitted / "misnamed" / SLUG / "p (1).ipynb")
    model = submitted / "model" / SLUG / "model.pt"
    model.touch()
    os.truncate(model, 25_000_000)
    report = grade_batch(open_engine(Course(root), SLUG), BatchOptions(jobs=1), SilentProgress())
    grades: dict[str, Grade] = {g.student: g for g in report.grades}
    assert float(grades["outputs"].score) == 2
    assert float(grades["model"].score) == 2
    assert grades["huge"].status is Status.UNGRADED
    assert "notebook_mib" in str(grades["huge"].reason)
    assert grades["misnamed"].status is Status.REJECTED
    assert "“p (1).ipynb” (" in str(grades["misnamed"].reason)


@pytest.mark.full
@pytest.mark.sandbox
def test_one_of_several_notebooks_that_did_not_run_waits_for_a_person(tmp_path: Path) -> None:
    """Too large, of a newer format, no notebook: no zero in the gradebook; a notebook that is missing is a zero."""
    root = tmp_path / "course"
    newer = json.loads(json.dumps(SOLVED))
    for cell in newer["cells"]:
        cell["metadata"]["nbgrader"]["schema_version"] = 99
    handed_in = dict.fromkeys(("huge", "newer", "text", "gone"), SOLVED)
    samples = [
        Sample("p", exercise("", TESTS), handed_in | {"newer": newer}),
        Sample("q", exercise("", TESTS), handed_in),
    ]
    make_course(root, SLUG, samples)
    handed = {s: root / "submitted" / s / SLUG / "p.ipynb" for s in handed_in}
    os.truncate(handed["huge"], 300_000_000)
    handed["text"].write_text("no JSON", encoding="utf-8")
    handed["gone"].unlink()
    report = grade_batch(open_engine(Course(root), SLUG), BatchOptions(jobs=1), SilentProgress())
    assert {g.student: (g.status, float(g.score)) for g in report.grades} == dict.fromkeys(
        handed_in, (Status.GRADED, 2)
    )
    found = read_scores(root, SLUG)
    assert {s: found[s, "p", "test_0"] for s in handed_in} == {"huge": None, "newer": None, "text": None, "gone": 0}
    assert all(found[s, "q", "test_0"] == 2 for s in handed_in)
