"""nbgrader's database, opened: patient while another program holds it, and clear about what it refuses."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from autograder.course.gradebook.database import make_if_absent, open_url
from autograder.course.gradebook.directories import Directories, put_scripts_on_path
from autograder.errors import GradebookError

__all__ = ["OpenGradebook", "explain_gradebook"]

#: How long another program may hold the database before we give up.
PATIENCE_S = 60.0
#: SQLite has room for 512 bytes, with the suffix of its journal's name.
_MAX_SQLITE_PATH_BYTES = 503
#: What a database says that lacks a newer column or table.
_OUTDATED = re.compile(r"no such (?:column|table)|has no column|does not exist|Can't locate revision", re.IGNORECASE)
#: PostgreSQL's codes for a lock that it could not get, a deadlock, and transactions that exclude each other.
_BUSY = frozenset({"55P03", "40P01", "40001"})


class OpenGradebook:
    """A gradebook as a context manager; it is made if there is none.

    If another program has locked the database, it waits for up to a minute, or not at all if `hurried` says so.
    """

    def __init__(self, directories: Directories, *, hurried: Callable[[], bool] = lambda: False) -> None:
        self._directories = directories
        self._hurried = hurried
        self._gradebook: Any = None

    def __enter__(self) -> Self:
        put_scripts_on_path()
        from nbgrader.api import Gradebook

        url, course_id = self._directories.db_url, self._directories.course_id
        try:
            self.patiently(lambda: make_if_absent(url, course_id), rollback=False)
            self._gradebook = self.patiently(lambda: Gradebook(open_url(url), course_id), rollback=False)
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            # A driver, or the program `alembic`, is not installed.
            raise GradebookError(explain_gradebook(self._directories.db_url, error)) from None
        try:
            self.patiently(self._begin)
        except BaseException:
            self._gradebook.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gradebook.close()

    def _begin(self) -> None:
        """Prepare an opened database."""
        engine = self._gradebook.engine
        if engine.dialect.name != "sqlite" and not self._directories.course_id:
            self._add_nameless_course()
        if engine.dialect.name == "postgresql":
            from sqlalchemy import event

            # By default it waits for ever for a locked row.
            @event.listens_for(engine, "connect")
            def _patient(connection: Any, _record: object) -> None:
                with connection.cursor() as cursor:
                    cursor.execute(f"SET lock_timeout = {int(1000 * PATIENCE_S)}")
                connection.commit()

            self._gradebook.db.remove()
            engine.dispose()

    def _add_nameless_course(self) -> None:
        """Add the course without an id, which assignments refer to: nbgrader does not, and only SQLite accepts that."""
        from nbgrader.api import Course

        database = self._gradebook.db
        if database.get(Course, "") is None:
            database.add(Course(id=""))
            database.commit()

    def patiently(self, action: Callable[[], Any], *, rollback: bool = True) -> Any:
        """Do something with the database; repeat it while another program has the database locked.

        Raises:
            GradebookError: if it stays locked, cannot be written, or refuses a row.
        """
        from sqlalchemy.exc import OperationalError, SQLAlchemyError

        deadline = time.monotonic() + PATIENCE_S
        wait_s = 0.05
        while True:
            try:
                return action()
            except OperationalError as error:
                if rollback:
                    self._gradebook.db.rollback()
                if not _is_busy(error) or time.monotonic() > deadline or self._hurried():
                    raise GradebookError(explain_gradebook(self._directories.db_url, error)) from None
                time.sleep(wait_s)
                wait_s = min(1.0, wait_s * 2)
            except SQLAlchemyError as error:
                if rollback:
                    self._gradebook.db.rollback()
                raise GradebookError(explain_gradebook(self._directories.db_url, error)) from None


def _is_busy(error: Any) -> bool:
    """Whether waiting may help. Drivers of PostgreSQL call the state `sqlstate` or `pgcode`."""
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    return state in _BUSY if state else "locked" in str(error).lower()


def explain_gradebook(url: str, error: Exception) -> str:
    """Say why a database cannot be used, and what to do."""
    reason = next(iter(str(getattr(error, "orig", None) or error).splitlines()), type(error).__name__)
    full = "full" in reason or "No space" in reason
    if _OUTDATED.search(reason):
        return (
            f"The gradebook {_shown(url)} was made by another version of nbgrader: {reason}. Make a copy of it, run "
            "`nbgrader db upgrade` in the course, and then the command again."
        )
    remedy = "Make room there" if full else "Close what holds it, or correct db_url and permissions,"
    if "unable to open" in reason and len(os.fsencode(url)) > _MAX_SQLITE_PATH_BYTES:
        reason = f"SQLite opens files whose path has at most {_MAX_SQLITE_PATH_BYTES} bytes"
        remedy = "Move the course to a shorter path"
    return f"The gradebook {_shown(url)} cannot be used: {reason}. {remedy} and run the command again: nothing is lost."


def _shown(url: str) -> str:
    """Return the URL without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return repr(url)
