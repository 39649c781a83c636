"""The students whose files are being written: their earlier results do not hold any more.

A first result is written last of a submission, so it shows that all else is there. An older result does not show that
while notebook, feedback and gradebook are replaced one after the other. So a student's name is written down here
before the first of them is touched, and removed once the new result is there.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from autograder.files import write_atomically

__all__ = ["Underway"]

_NAME = ".underway"


class Underway:
    """The list in `results/<slug>/`; only the run that holds the lock may change it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        try:
            lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        #: The students whose files an earlier run did not finish.
        self.students = {line for line in lines if line}

    def begin(self, student: str) -> None:
        """Write a name down.

        Raises:
            OSError: if it cannot be written; then none of the student's files is touched.
        """
        if student in self.students:
            return
        # A line end before it too: a disk that was full may have left half a name there.
        line = f"\n{student}\n".encode()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.write(fd, line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self._path)) from error
        finally:
            os.close(fd)
        self.students.add(student)

    def end(self, students: Iterable[str]) -> None:
        """Remove names."""
        self.students.difference_update(students)
        if self.students:
            write_atomically(self._path, "".join(f"{s}\n" for s in sorted(self.students)), mode=0o600)
        else:
            self._path.unlink(missing_ok=True)
