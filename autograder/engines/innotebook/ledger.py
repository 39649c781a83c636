"""The folder `results/<slug>/` of an assignment that is graded by the tests in its notebooks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from importlib.metadata import version
from pathlib import Path

import autograder
from autograder.batch.results import read_grade
from autograder.course.gradebook.directories import CONFIG, Directories
from autograder.course.layout import Course
from autograder.engines.innotebook.handin import NotebookTask
from autograder.engines.innotebook.release_record import Recorded
from autograder.engines.innotebook.side_files import source_files
from autograder.files import have_receipts, write_atomically
from autograder.verdict import Grade, Status

__all__ = ["Ledger", "fingerprint"]


class Ledger(Collection[Grade]):
    """The results of a class, one file each, read one after the other whenever they are gone through."""

    def __init__(self, folder: Path, digest: str, students: Collection[str]) -> None:
        self.folder = folder
        self.fingerprint = digest
        self._all = sorted(students)

    @property
    def students(self) -> list[str]:
        """Who has a result."""
        return [s for s in self._all if self.path(s).is_file()]

    def path(self, student: str) -> Path:
        """Return where a student's result stands."""
        return self.folder / f"{student}.json"

    def result(self, student: str) -> Grade | None:
        """Return a student's result, None if there is none that can be read."""
        try:
            data = json.loads(self.path(student).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return read_grade(data) if isinstance(data, dict) else None

    def holds(self, task: NotebookTask, tier: str, sha256: str) -> bool:
        """Whether grading again would only repeat an earlier result; the digest is that of what is handed in now."""
        grade = self.result(task.student)
        if grade is None or grade.status is Status.UNGRADED:
            return False
        if (grade.fingerprint, grade.tier, grade.submission_sha256) != (self.fingerprint, tier, sha256):
            return False
        written = task.is_written(graded=grade.status is Status.GRADED)
        return written and have_receipts(task.submitted_dir, task.feedback_dir)

    def write(self, grade: Grade) -> None:
        """Write a result; it is the last thing written of a submission, so it says that all else is there."""
        write_atomically(self.path(grade.student), json.dumps(grade.to_json(), indent=1) + "\n")

    def __len__(self) -> int:
        return len(self.students)

    def __contains__(self, grade: object) -> bool:
        return isinstance(grade, Grade) and self.result(grade.student) == grade

    def __iter__(self) -> Iterator[Grade]:
        return (grade for student in self.students if (grade := self.result(student)) is not None)


def fingerprint(course: Course, directories: Directories, recorded: Recorded) -> str:
    """Return a digest of all that a verdict depends on besides the submission."""
    config = course.root / CONFIG
    digest = hashlib.sha256(config.read_bytes() if config.is_file() else b"")
    for part in (autograder.__version__, *map(version, ("torch", "ipython", "nbgrader")), repr(recorded)):
        digest.update(part.encode() + b"\0")
    for name, path in source_files(directories, recorded.slug).items():
        digest.update(name.encode("utf-8", "surrogateescape") + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
