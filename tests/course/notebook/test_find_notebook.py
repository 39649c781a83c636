"""Which file in a student's folder is the submission."""

from __future__ import annotations

import copy
import io
import json
import os
import socket
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tiny_course import TinyCourse, cell, make_tiny_course

from autograder.course.assignment import load_assignment
from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.notebook import choose, listing
from autograder.engines.base import Work
from autograder.engines.hidden.handin import load_work


def text(notebook: dict[str, Any]) -> bytes:
    """Return a notebook's bytes."""
    return json.dumps(notebook).encode()


def write(tiny: TinyCourse, name: str, content: bytes) -> Path:
    """Hand in one file."""
    path = tiny.root / "submitted" / "ada" / "tiny" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def found(tiny: TinyCourse) -> Handin:
    """Return what the one student handed in."""
    (handin,) = Directories(tiny.course).handins("tiny")
    return handin


def load(tiny: TinyCourse) -> Work:
    """Return what a judge gets of it."""
    return load_work(found(tiny), Directories(tiny.course), load_assignment(tiny.root, "tiny"))


NAMES = [
    "tiny (1).ipynb",
    "Tiny.IPYNB",
    "TINY.ipynb",
    "Ada Lovelace - tiny - final.ipynb",
    "Copy of tiny.ipynb",
    "tiny.ipynb.txt",
    "tiny.ipynb.json",
    "tiny.json",
    "tiny.txt",
    "tiny",
    "Untitled.ipynb",
    "hw1/tiny/tiny.ipynb",
    "a/b/c/d/solution.ipynb",
    "übung 1 – tïny.ipynb",
    "tiny.ipynb.1",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_only_notebook_is_the_submission_whatever_it_is_called(tiny: TinyCourse, name: str) -> None:
    """Downloads, editors and learning platforms rename files; the note says what it was called."""
    path = write(tiny, name, text(tiny.solved()))
    assert found(tiny).notebook == path
    work = load(tiny)
    assert work.files.get("tiny.ipynb") == path.read_bytes()
    assert any(name.rpartition("/")[2] in note and "tiny.ipynb" in note for note in work.notes)
    assert not work.review


@pytest.mark.parametrize(
    "noise",
    [
        "__MACOSX/._tiny.ipynb",
        "__MACOSX/hw1/tiny.ipynb",
        ".ipynb_checkpoints/tiny-checkpoint.ipynb",
        "hw/.ipynb_checkpoints/tiny-checkpoint.ipynb",
        "._tiny.ipynb",
        ".~tiny.ipynb",
        ".git/objects/tiny.ipynb",
        "__pycache__/tiny.ipynb",
    ],
)
def test_what_systems_and_editors_leave_beside_it_is_no_notebook(tiny: TinyCourse, noise: str) -> None:
    """It is neither graded nor mentioned."""
    path = write(tiny, "tiny (2).ipynb", text(tiny.solved()))
    write(tiny, noise, text(tiny.template()))
    assert found(tiny).notebook == path
    assert len(load(tiny).notes) == 1


def test_the_right_name_alone_needs_no_note(tiny: TinyCourse) -> None:
    """The usual case: data beside it changes nothing."""
    path = write(tiny, "tiny.ipynb", text(tiny.solved()))
    write(tiny, "data.json", b'{"a": 1}')
    write(tiny, "photo.png", b"\x89PNG")
    assert found(tiny).notebook == path
    assert load(tiny).notes == ()


def test_a_copy_that_an_editor_saved_is_better_than_nothing(tiny: TinyCourse) -> None:
    """A person is asked to look, because it may be older than the notebook that the student meant."""
    path = write(tiny, ".ipynb_checkpoints/tiny-checkpoint.ipynb", text(tiny.solved()))
    assert found(tiny).notebook == path
    assert load(tiny).review


# -- several -----------------------------------------------------------------------------------------------


def test_of_several_the_one_with_the_right_name_counts(tiny: TinyCourse) -> None:
    """Both are filled in; the other is named."""
    right = write(tiny, "tiny.ipynb", text(tiny.solved()))
    write(tiny, "tiny-Copy1.ipynb", text({**tiny.solved(), "metadata": {"x": 1}}))
    older = tiny.solved()
    cell(older, "double")["source"] = "def double(x):\n    return x ** 2"
    write(tiny, "old/tiny.ipynb", text(older))
    work = load(tiny)
    assert found(tiny).notebook == right
    assert not work.review
    assert "tiny-Copy1.ipynb” (the same notebook)" in " ".join(work.notes)
    assert "old/tiny.ipynb” (another version" in " ".join(work.notes)


@pytest.mark.parametrize("other", ["tiny (1).ipynb", "my work.ipynb", "final/tiny.ipynb"])
def test_empty_work_under_the_right_name_beside_a_filled_one_is_for_a_person(tiny: TinyCourse, other: str) -> None:
    """If the untouched notebook was handed in by mistake, the other one is graded, and a person looks."""
    untouched = tiny.template()
    # A blank line and a comment are no work.
    cell(untouched, "double")["source"] += "\n\n# TODO\n"
    write(tiny, "tiny.ipynb", text(untouched))
    filled = write(tiny, other, text(tiny.solved()))
    work = load(tiny)
    assert found(tiny).notebook == filled
    assert "tiny.ipynb" in work.review
    assert other in work.review
    assert work.review in work.notes


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff\xfe", b'{"cells": 3, "nbformat": 4}'])
def test_a_broken_file_under_the_right_name_is_no_reason_to_reject_the_other(tiny: TinyCourse, broken: bytes) -> None:
    """An upload broke off and was repeated under another name."""
    write(tiny, "tiny.ipynb", broken)
    other = write(tiny, "tiny (1).ipynb", text(tiny.solved()))
    assert found(tiny).notebook == other


def test_more_work_under_another_name_is_for_a_person(tiny: TinyCourse) -> None:
    """The right name counts, and the note says that the other holds other answers."""
    part = write(tiny, "tiny.ipynb", text(tiny.solved()))
    more = tiny.solved()
    cell(more, "Counter")["source"] = "class Counter:\n    count = 0"
    write(tiny, "tiny2.ipynb", text(more))
    work = load(tiny)
    assert found(tiny).notebook == part
    assert "tiny2.ipynb" in work.review


def test_among_other_names_the_one_with_the_work_counts(tiny: TinyCourse) -> None:
    """Scratch notebooks and notebooks of other courses do not count, whatever they are called."""
    write(tiny, "tiny scratch.ipynb", text({**tiny.template(), "cells": [code("x = 1")]}))
    write(tiny, "a.ipynb", text(tiny.template()))
    filled = write(tiny, "zzz.ipynb", text(tiny.solved()))
    assert found(tiny).notebook == filled


def test_two_copies_need_nobody(tiny: TinyCourse) -> None:
    """They hold the same cells, so it does not matter which one is graded."""
    write(tiny, "tiny (1).ipynb", text(tiny.solved()))
    write(tiny, "tiny (2).ipynb", json.dumps(tiny.solved(), indent=4).encode())
    work = load(tiny)
    assert work.files.get("tiny.ipynb") is not None
    assert not work.review


def code(source: str) -> dict[str, Any]:
    """Return a code cell without metadata."""
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


# -- archives ----------------------------------------------------------------------------------------------


def packed(**members: bytes) -> bytes:
    """Return an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_notebook_in_an_archive_is_read_there(tiny: TinyCourse) -> None:
    """Nothing is unpacked into the folder."""
    solved = text(tiny.solved())
    path = write(tiny, "hw.zip", packed(**{"hw/tiny.ipynb": solved, "__MACOSX/hw/._tiny.ipynb": b"x"}))
    assert found(tiny).notebook == path
    work = load(tiny)
    assert work.files.get("tiny.ipynb") == solved
    assert "archive" in work.notes[0]
    assert os.listdir(path.parent) == ["hw.zip"]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"", packed(**{"a.txt": b"x"}), b"PK\x05\x06" + b"\xff" * 18])
def test_an_archive_without_a_notebook_is_named(tiny: TinyCourse, content: bytes) -> None:
    """It is listed with its name and size, and nothing raises."""
    write(tiny, "hw.zip", content)
    work = load(tiny)
    assert work.files.get("tiny.ipynb") is None
    assert "hw.zip" in (work.problem or "")


def test_an_archive_that_unpacks_to_gigabytes_is_stopped(tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more bytes are unpacked than a notebook may have, and the submission is no zero."""
    toml = tiny.assignment.public_dir / "assignment.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "\n[limits]\nnotebook_mib = 1\n", encoding="utf-8")
    write(tiny, "hw.zip", packed(**{"tiny.ipynb": b" " * (8 << 20)}))
    work = load(tiny)
    assert work.too_large
    assert "notebook_mib" in (work.problem or "")


# -- nothing that can be graded ----------------------------------------------------------------------------


def test_a_rejection_names_what_is_there(tiny: TinyCourse) -> None:
    """The files are listed with their sizes and kinds."""
    write(tiny, "tiny.py", b"def double(x): return 2 * x\n" * 100)
    write(tiny, "report.pdf", b"%PDF-1.7" + b"x" * 2_000_000)
    write(tiny, "tiny.html", b"<!DOCTYPE html><html></html>")
    write(tiny, "empty.csv", b"")
    (tiny.root / "submitted/ada/tiny/link.ipynb").symlink_to("/etc/passwd")
    work = load(tiny)
    assert work.files.get("tiny.ipynb") is None
    problem = work.problem or ""
    for words in (
        "tiny.ipynb is not there",
        "“tiny.py” (2.8 KB, a Python script)",
        "“report.pdf” (2.0 MB, a PDF)",
        "“tiny.html” (28 bytes, a web page)",
        "“empty.csv” (an empty file)",
        "“link.ipynb” (a symbolic link",
    ):
        assert words in problem, (words, problem)


def test_an_empty_folder_is_said_to_be_empty(tiny: TinyCourse) -> None:
    """There is no file to list."""
    (tiny.root / "submitted/ada/tiny").mkdir(parents=True)
    assert "The folder is empty." in (load(tiny).problem or "")


def test_names_are_shown_short_and_as_text(tiny: TinyCourse) -> None:
    """Controls, undecodable bytes and reversals of text are escaped."""
    folder = tiny.root / "submitted/ada/tiny"
    folder.mkdir(parents=True)
    for name in (b"a\x1b[31m.pdf", b"bad\xff.pdf", "r\u202efdp".encode(), b"line\nbreak.pdf", b"x" * 200 + b".pdf"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"x")
    problem = load(tiny).problem or ""
    assert problem.isprintable()
    assert "line\\nbreak.pdf" in problem
    problem.encode()


# -- hostile folders ---------------------------------------------------------------------------------------


def test_nothing_outside_the_folder_is_read(tiny: TinyCourse) -> None:
    """Links to a neighbour's notebook, and to a folder with one, are not followed."""
    neighbour = tiny.hand_in("bob", tiny.solved())
    folder = tiny.root / "submitted/ada/tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").symlink_to(neighbour)
    (folder / "mine.ipynb").symlink_to(neighbour)
    (folder / "folder").symlink_to(neighbour.parent, target_is_directory=True)
    (folder / "up").symlink_to("..", target_is_directory=True)
    handin = next(h for h in Directories(tiny.course).handins("tiny") if h.student == "ada")
    work = load_work(handin, Directories(tiny.course), load_assignment(tiny.root, "tiny"))
    assert work.files.get("tiny.ipynb") is None
    assert "symbolic link" in (work.problem or "")


@pytest.mark.parametrize("kind", ["fifo", "socket", "directory"])
def test_what_is_no_file_is_passed_over(tiny: TinyCourse, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits for a pipe's other end, and the notebook beside it is found."""
    path = write(tiny, "tiny (1).ipynb", text(tiny.solved()))
    monkeypatch.chdir(path.parent)
    if kind == "fifo":
        os.mkfifo("tiny.ipynb")
    elif kind == "directory":
        os.mkdir("tiny.ipynb")
    else:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("tiny.ipynb")
    assert found(tiny).notebook == path
    assert load(tiny).files.get("tiny.ipynb") is not None


def test_a_folder_without_end_is_looked_at_for_a_bounded_time(
    tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten thousand nested files and folders the outer ones are listed, and the message says that there are more."""
    path = write(tiny, "tiny (1).ipynb", text(tiny.solved()))
    deep = path.parent
    for _ in range(200):
        deep /= "d"
        deep.mkdir()
    (path.parent / "many").mkdir()
    for number in range(10_000):
        (path.parent / "many" / f"{number}.ipynb.bin").touch()
    started = time.monotonic()
    assert found(tiny).notebook == path
    assert time.monotonic() - started < 20
    monkeypatch.setattr(listing, "MAX_ENTRIES", 100)
    assert found(tiny).notebook == path
    assert listing.list_folder(path.parent).cut


def test_no_more_than_a_few_notebooks_are_read_to_choose(tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred copies the likeliest are read; the others are only named."""
    read: list[str] = []
    original = choose._read

    def counted(candidate: Any, known: Any) -> Any:
        read.append(candidate.name)
        return original(candidate, known)

    monkeypatch.setattr(choose, "_read", counted)
    for number in range(100):
        write(tiny, f"tiny ({number}).ipynb", text(tiny.solved()))
    assert load(tiny).files.get("tiny.ipynb") is not None
    assert 0 < len(read) <= 2 * choose._MAX_READ


# -- other assignments -------------------------------------------------------------------------------------


def test_the_notebook_of_another_assignment_is_passed_over_beside_the_right_one(tiny: TinyCourse) -> None:
    """Of two assignments in one archive, this one's notebook is taken, and the other is named."""
    foreign = {**tiny.template(), "cells": [code("def sgd(): pass")]}
    write(tiny, "other.ipynb", text(foreign))
    own = write(tiny, "mine.ipynb", text(tiny.solved()))
    assert found(tiny).notebook == own
    assert "no notebook of this" in " ".join(load(tiny).notes)


def test_where_the_tests_stand_in_the_notebooks_names_are_nbgraders(tmp_path: Path) -> None:
    """Only notebooks of our own assignments are recognised by their cells."""
    tiny = make_tiny_course(tmp_path / "course")
    folder = tiny.root / "submitted" / "ada" / "ps1"
    folder.mkdir(parents=True)
    (folder / "ps1 (1).ipynb").write_bytes(text(copy.deepcopy(tiny.solved())))
    (handin,) = Directories(tiny.course).handins("ps1")
    assert handin.notebook is None
