"""Files beside a notebook that is graded by hidden checks: its own, the assignment's, and what it writes."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tiny_course import make_tiny_course

from autograder.batch import BatchOptions, SilentProgress, grade_batch
from autograder.course.gradebook.directories import Directories
from autograder.course.notebook.bounds import Bounds
from autograder.engines.handed import MAX_DEPTH, read_handed
from autograder.engines.hidden.handin import load_work
from autograder.engines.hidden.side_files import side_files_of
from autograder.sandbox import probe as probing
from autograder.sandbox.spec import Tier
from autograder.sandbox.trees import remove_tree
from autograder.sentences import Sentence, english, written

_DOUBLE = (
    "def double(x):\n    open('seen.txt', 'a+').write('x')\n    factor = open('data/factor.csv').read()\n"
    "    return int(mine.times(x) * float(factor) * ONE)"
)
CELLS = (
    "%%writefile mine.py\nfrom helper import TWO\ndef times(x):\n    return TWO * x",
    "import mine\nfrom utils import *",
    _DOUBLE,
)


def notebook(cells: Sequence[str], template: dict[str, Any]) -> str:
    """Put cells before the template's cells, and a function in place of its own."""
    for cell in template["cells"]:
        if "def double" in "".join(cell["source"]):
            cell["source"] = cells[-1]
    extra: list[dict[str, Any]] = [
        {"cell_type": "code", "metadata": {}, "source": s, "outputs": [], "execution_count": None, "id": f"x{n}"}
        for n, s in enumerate(cells[:-1])
    ]
    return json.dumps({**template, "cells": [*extra, *template["cells"]]})


@pytest.mark.sandbox
@pytest.mark.parametrize("tier", [Tier.A, *(pytest.param(t, marks=pytest.mark.full) for t in (Tier.B, Tier.C))])
def test_helpers_and_data_are_found_by_hidden_checks(
    tier: Tier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that a cell writes, modules and data handed in, and the assignment's data, which win."""
    monkeypatch.setattr(probing, "probe", lambda: probing.ProbeResult(tier, ()))
    tiny = make_tiny_course(tmp_path / "course")
    tiny.add_checks()
    (tiny.assignment.public_dir / "data").mkdir()
    (tiny.assignment.public_dir / "data" / "factor.csv").write_text("1.0", encoding="utf-8")
    for student in ("ada", "bob"):
        folder = tiny.root / "submitted" / student / "tiny"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text(notebook(CELLS, tiny.template()), encoding="utf-8")
        (folder / "data").mkdir()
        (folder / "data" / "factor.csv").write_text("7", encoding="utf-8")
        (folder / "utils.py").write_text("ONE = 1\n", encoding="utf-8")
        if student == "ada":
            (folder / "helper.py").write_text("TWO = 2\n", encoding="utf-8")
    grade_batch(tiny.engine, BatchOptions(jobs=1, device="cpu", seed=7, min_tier="C"), SilentProgress())
    scores = {}
    for student in ("ada", "bob"):
        result = json.loads((tiny.root / "results" / "tiny" / f"{student}.json").read_text(encoding="utf-8"))
        assert result["tier"] == tier.value
        scores[student] = next(e["score"] for e in result["exercises"] if e["id"] == "double")
    # A file that one student handed in is not there for the next.
    assert scores == {"ada": 2.0, "bob": 0.0}
    assert not list(tiny.root.rglob("seen.txt"))


def test_files_are_found_where_the_notebook_is() -> None:
    """The notebook runs in the folder of the submission that it lies in."""
    files = {"hw/a.ipynb": b"{}", "hw/x.py": b"near", "x.py": b"far", "data.csv": b"1"}
    assert side_files_of(files, "hw/a.ipynb")["x.py"] == b"near"
    assert side_files_of(files, "hw/a.ipynb")["data.csv"] == b"1"
    assert side_files_of(files, "a.ipynb") == {"hw/x.py": b"near", "x.py": b"far", "data.csv": b"1"}


def test_compiled_code_is_left_out_with_a_note(tmp_path: Path) -> None:
    """It could call torch's kernels past all that is refused; files that only look similar stay."""
    tiny = make_tiny_course(tmp_path / "course")
    path = tiny.hand_in("ada", tiny.template())
    for number in range(7):
        (path.parent / f"fast{number}.so").write_bytes(b"\x7fELF" + bytes(100))
    (path.parent / "elf.txt").write_bytes(b"ELF")
    directories = Directories(tiny.course)
    (handin,) = directories.handins("tiny")
    work = load_work(handin, directories, tiny.assignment)
    assert sorted(work.files) == ["elf.txt", "tiny.ipynb"]
    (note,) = (note for note in work.notes if "Compiled code" in note)
    assert "fast0.so" in note
    assert note.count(".so") == 5
    assert "2 more" in note


def test_what_is_left_out_is_named_with_its_limit(tmp_path: Path) -> None:
    """Too large, too deep, too many, unreadable: the rest is read, and the note says how to raise the limit."""
    (tmp_path / "large.pt").write_bytes(bytes(3_000_000))
    (tmp_path / "small.csv").write_text("1", encoding="utf-8")
    (tmp_path / "p.ipynb").write_text("{}", encoding="utf-8")
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "._p.ipynb").write_text("x", encoding="utf-8")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "x.pyc").write_text("x", encoding="utf-8")
    deep = tmp_path
    for _ in range(MAX_DEPTH + 3):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_text("x", encoding="utf-8")
    found = read_handed(
        tmp_path,
        ["__pycache__", ".ipynb_checkpoints"],
        Bounds(files_bytes=1 << 20),
        wanted=lambda name: "/" not in name,
    )
    assert sorted(found.files) == ["p.ipynb", "small.csv"]
    notes = " ".join(found.notes)
    assert "“large.pt” (3.0 MB)" in notes
    assert "1 MiB together. That limit is the entry `beside_mib`" in notes
    assert "link.py is a symbolic link" in notes
    assert f"more than {MAX_DEPTH} levels" in notes


def test_of_many_files_that_are_too_large_a_few_are_named(tmp_path: Path) -> None:
    """The note counts the others, and its id and values write it again."""
    for number in range(7):
        (tmp_path / f"{number}.pt").write_bytes(bytes(2000))
    (note,) = read_handed(tmp_path, [], Bounds(files_bytes=1000), wanted=bool).notes
    assert "“3.pt” (2.0 KB), “4.pt” (2.0 KB) and 2 more. The files" in note
    parts = note.values["parts"]
    assert isinstance(parts, tuple)
    left_out, remedy = parts
    assert isinstance(left_out, Sentence)
    assert written(left_out.id, left_out.values, english()) == left_out
    assert f"{left_out} {remedy}" == note


def test_a_nest_of_a_thousand_folders_is_walked(deep_path: Path) -> None:
    """Deeper than Python's recursion limit, as deep as a path can be."""
    (deep_path / "a.txt").write_text("x", encoding="utf-8")
    path = str(deep_path)
    for _ in range(1200):
        path += "/d"
        os.mkdir(path)
    assert sorted(read_handed(deep_path, [], Bounds(), wanted=bool).files) == ["a.txt"]
    remove_tree(str(deep_path / "d"))
    assert not (deep_path / "d").exists()
