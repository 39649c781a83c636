"""What makes a batch safe: the lock, the list of what is under way, interrupts, whole files, a whole database."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from autograder.batch.interrupts import Interrupts
from autograder.batch.lock import exclusive, is_locked
from autograder.batch.underway import Underway
from autograder.course.gradebook.database import make_if_absent, open_url
from autograder.errors import BusyError
from autograder.files import explain, remove_with_receipts, sweep, write_atomically


def test_the_lock_is_held_by_one_and_given_back(tmp_path: Path) -> None:
    """A second holder is refused; when the first has ended, the lock is free."""
    assert not is_locked(tmp_path)
    with exclusive(tmp_path, "tiny"):
        assert is_locked(tmp_path)
        with pytest.raises(BusyError, match="autograder status tiny"), exclusive(tmp_path, "tiny"):
            pass
    assert not is_locked(tmp_path)
    with exclusive(tmp_path, "tiny"):
        pass


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    """However it ends, nobody has to remove a file."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with exclusive(tmp_path, "tiny"):
            os.write(write, b".")
            os.close(read)
            signal.pause()
    os.read(read, 1)
    assert is_locked(tmp_path)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not is_locked(tmp_path)
    os.close(read)
    os.close(write)


def test_names_under_way_outlive_the_process(tmp_path: Path) -> None:
    """What was begun is there for the next process, until it is ended; half a name counts as none."""
    first = Underway(tmp_path)
    for student in ("ada", "bob", "zoë"):
        first.begin(student)
    first.end(["bob"])
    with (tmp_path / ".underway").open("ab") as file:
        file.write(b"\ncl")
    second = Underway(tmp_path)
    second.begin("dan")
    assert Underway(tmp_path).students == {"ada", "zoë", "cl", "dan"}
    second.end(["ada", "zoë", "cl", "dan"])
    assert not (tmp_path / ".underway").exists()


def test_an_interrupt_waits_for_what_is_being_written() -> None:
    """A delayed interrupt comes at the end of the block; a second one right after it does not count."""
    steps = []
    with Interrupts() as interrupts, contextlib.suppress(KeyboardInterrupt):
        with interrupts.held_off():
            os.kill(os.getpid(), signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("written")
            assert interrupts.requested
        steps.append("never")
    assert steps == ["written"]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_an_interrupt_comes_at_once_elsewhere() -> None:
    """Outside such a block an interrupt does not wait."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        with pytest.raises(KeyboardInterrupt), Interrupts():
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_an_ignored_signal_stays_ignored() -> None:
    """`nohup autograder grade` goes on when the terminal is closed."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not interrupts.requested
    finally:
        signal.signal(signal.SIGHUP, before)


def test_an_error_of_writing_names_the_file_and_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error of a full disk comes from a descriptor without a name."""
    path = tmp_path / "a.json"
    write_atomically(path, "old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "chmod", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_atomically(path, "new")
    assert explain(caught.value).startswith(f"{path}: No space left on device. Make room there")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_sweeping_takes_unfinished_files_only(tmp_path: Path) -> None:
    """Names that may be a student's id are never touched; a missing folder is no error."""
    for name in (".x.part", "x.part", ".batch.json"):
        (tmp_path / name).write_text("", encoding="utf-8")
    sweep(tmp_path)
    sweep(tmp_path / "nowhere")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".batch.json", "x.part"]


def test_a_file_goes_with_its_receipts_and_an_empty_folder(tmp_path: Path) -> None:
    """Other people's files stay."""
    folder = tmp_path / "ada" / "tiny"
    folder.mkdir(parents=True)
    for name in ("tiny.ipynb", "timestamp.txt", "note.txt"):
        (folder / name).write_text("", encoding="utf-8")
    remove_with_receipts(folder / "tiny.ipynb")
    assert [p.name for p in folder.iterdir()] == ["note.txt"]
    (folder / "note.txt").unlink()
    remove_with_receipts(folder / "tiny.ipynb")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_was_left_half_made_is_made_again(tmp_path: Path) -> None:
    """nbgrader makes the tables first and their version last; a process may have died in between."""
    path = tmp_path / "gradebook.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE course (id VARCHAR(128) NOT NULL)")
        database.execute("CREATE TABLE student (id VARCHAR(128) NOT NULL)")
        database.commit()
    (tmp_path / ".gradebook.db.part").write_text("what a killed process left", encoding="utf-8")
    make_if_absent(f"sqlite:///{path}", "course")
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert len(database.execute("SELECT version_num FROM alembic_version").fetchall()) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["gradebook.db"]
    made = path.read_bytes()
    make_if_absent(f"sqlite:///{path}", "course")
    assert path.read_bytes() == made


def test_a_database_with_somebody_in_it_is_left_alone(tmp_path: Path) -> None:
    """Also without a version: it may be older than nbgrader's versions."""
    path = tmp_path / "gradebook.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE student (id VARCHAR(128) NOT NULL)")
        database.execute("INSERT INTO student VALUES ('ada')")
        database.commit()
    before = path.read_bytes()
    make_if_absent(f"sqlite:///{path}", "course")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("sqlite:////course/gradebook.db", "sqlite:////course/gradebook.db?timeout=0.25"),
        ("sqlite:////course/gradebook.db?timeout=9", "sqlite:////course/gradebook.db?timeout=9"),
        ("postgresql://me:pass@host/db", "postgresql://me:pass@host/db"),
    ],
)
def test_sqlite_does_not_wait_where_no_interrupt_arrives(url: str, opened: str) -> None:
    """We wait ourselves, and look at the interrupt in between."""
    assert open_url(url) == opened
