"""What earlier runs left: the batch's seed, what its results depend on, and which of them still hold."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.course.assignment import Assignment
from autograder.engines.hidden.dependencies import Dependencies, dependencies
from autograder.engines.hidden.reuse import Standing, standing
from autograder.files import write_atomically
from autograder.verdict import Grade

__all__ = ["PREVIEW", "Journal", "file_sha256", "read_grade"]

#: Exactly representable where JSON numbers are floating point.
SEED_BITS = 48
#: Hidden, so that no student id can name it.
_NAME = ".batch.json"
#: Where a dry run keeps what it found.
PREVIEW = ".preview"


def file_sha256(path: Path) -> str | None:
    """Return the digest of a plain file, None if it is something else or cannot be read."""
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Journal:
    """The folder `results/<slug>/` of one assignment."""

    folder: Path
    seed: int
    assignment: Assignment
    depends: Dependencies

    @classmethod
    def open(cls, folder: Path, assignment: Assignment, seed: int | None) -> Journal:
        """Read what is there; a seed that was chosen once stays, unless another is asked for.

        Raises:
            AssignmentError: if the assignment's files cannot be read.
        """
        # A preview came first, perhaps: what it found out is good for the same inputs only.
        known = (_read(f / _NAME).get("seed") for f in (folder, folder / PREVIEW))
        old = next((s for s in known if type(s) is int), None)
        chosen = seed if seed is not None else old if old is not None else secrets.randbits(SEED_BITS)
        return cls(folder, chosen, assignment, dependencies(assignment))

    @property
    def preview_folder(self) -> Path:
        """Where a dry run keeps what it found."""
        return self.folder / PREVIEW

    def save(self, *, preview: bool = False) -> None:
        """Note the seed before anything is graded with it: an interrupted batch goes on with the same inputs."""
        folder = self.preview_folder if preview else self.folder
        write_atomically(folder / _NAME, json.dumps({"seed": self.seed}) + "\n", mode=0o600)

    def path(self, student: str) -> Path:
        """Return where a student's result stands."""
        return self.folder / f"{student}.json"

    def result(self, student: str) -> Grade | None:
        """Return a student's result, None if there is none that can be read."""
        return read_grade(_read(self.path(student)))

    def standing(self, student: str, notebook: Path | None, device: str, tier: str) -> Standing:
        """Return what a student's result is worth today, for a run on that device in that tier."""
        earlier = self.result(student)
        if earlier is None or (earlier.seed, earlier.device, earlier.tier) != (self.seed, device, tier):
            return Standing()
        if earlier.submission_sha256 != ((notebook and file_sha256(notebook)) or ""):
            return Standing()
        return standing(earlier, self.assignment, self.depends)

    def stamped(self, grade: Grade) -> Grade:
        """Return a new verdict with what it was made under."""
        return replace(grade, fingerprint=self.depends.fingerprint, depends=self.depends.record())

    def write(self, grade: Grade) -> None:
        """Write a result; it is the last thing written of a submission, so it says that all else is there."""
        write_atomically(self.path(grade.student), json.dumps(grade.to_json(), indent=1) + "\n")


def read_grade(data: dict[str, Any]) -> Grade | None:
    """Return the verdict that stands in such a file, None if none does."""
    try:
        return Grade.from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
