"""Make nbgrader's database: as a whole or not at all, and in one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["make_if_absent", "open_url"]

#: SQLite waits in C, where Ctrl-C has no effect: so it waits only a moment, and is tried again.
BUSY_S = 0.25


def open_url(url: str) -> str:
    """Return the URL with a short time for SQLite's own waiting for a lock."""
    from sqlalchemy.engine import make_url

    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or "timeout" in parsed.query:
        return url
    parsed = parsed.update_query_dict({"timeout": str(BUSY_S)})
    return parsed.render_as_string(hide_password=False)


def make_if_absent(url: str, course_id: str) -> None:
    """Make an SQLite database under another name, and move it to its place when it is complete.

    nbgrader commits the tables first and the version of their schema seconds later, when a program has told it. A
    process that is killed in between leaves a database that nbgrader cannot upgrade any more. If another program left
    such a database, and it holds no data yet, it is made again.

    Raises:
        OSError: if the folder cannot be written.
        sqlalchemy.exc.SQLAlchemyError: if the database cannot be written.
    """
    path = _sqlite_path(url)
    if path is None or not _is_missing(path):
        return
    from nbgrader.api import Gradebook

    with _locked(path.parent):
        if not _is_missing(path):
            return
        part = path.with_name(f".{path.name}.part")
        for leftover in (part, part.with_name(f"{part.name}-journal")):
            leftover.unlink(missing_ok=True)
        try:
            Gradebook(f"sqlite:///{part}", course_id).close()
            os.replace(part, path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _sqlite_path(url: str) -> Path | None:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except ArgumentError:
        return None  # opening it raises the error
    name = parsed.database
    if parsed.get_backend_name() != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)


def _is_missing(path: Path) -> bool:
    """Whether there is no database, or only one with empty tables and without a version."""
    import sqlite3

    if not path.exists():
        return True
    if path.stat().st_size == 0:
        return True
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)) as found:
        try:
            tables = [name for (name,) in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: found.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() for name in tables}  # noqa: S608
        except sqlite3.Error:
            return False  # locked, or something else: opening it raises the error
    return rows.get("alembic_version") is None and not any(row for name, row in rows.items() if name != "course")


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time make a database in this folder, if the file system has locks."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
