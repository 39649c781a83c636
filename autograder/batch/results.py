"""The folder `results/SLUG/`: the batch's seed and each student's result, read one after the other."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from autograder.engines.base import Engine
from autograder.files import file_name, write_atomically
from autograder.verdict import Grade

__all__ = ["PREVIEW", "Results", "read_grade"]

#: Exactly representable where JSON numbers are floating point.
SEED_BITS = 48
#: Hidden, so that no student id can name it.
_NAME = ".batch.json"
#: Where a dry run keeps what it found.
PREVIEW = ".preview"


class Results(Collection[Grade]):
    """The results of one assignment. A class may be large, so only one at a time is in memory."""

    def __init__(self, engine: Engine, seed: int | None = None) -> None:
        """Read the seed: one that was chosen once stays, unless another is asked for."""
        slug = engine.assignment.slug
        self.folder = engine.course.results_dir / slug
        self._engine = engine
        self._all = sorted(engine.directories.students(slug))
        self.seed = self._chosen(seed) if engine.seeded else 0

    def _chosen(self, seed: int | None) -> int:
        # There may be a preview already, which holds for the same inputs only.
        known = (_read(f / _NAME).get("seed") for f in (self.folder, self.preview_folder))
        old = next((s for s in known if type(s) is int), None)
        return seed if seed is not None else old if old is not None else secrets.randbits(SEED_BITS)

    @property
    def preview_folder(self) -> Path:
        """Where a dry run keeps what it found."""
        return self.folder / PREVIEW

    @property
    def students(self) -> list[str]:
        """The students of today who have a result."""
        return [s for s in self._all if self.path(s).is_file()]

    def save_seed(self, *, preview: bool = False) -> None:
        """Note the seed before anything is graded with it: an interrupted batch goes on with the same inputs."""
        if self._engine.seeded:
            folder = self.preview_folder if preview else self.folder
            write_atomically(folder / _NAME, json.dumps({"seed": self.seed}) + "\n", mode=0o600)

    def path(self, student: str) -> Path:
        """Return where a student's result stands."""
        return self.folder / file_name(student, ".json")

    def result(self, student: str) -> Grade | None:
        """Return a student's result; None if there is none, or it cannot be read."""
        return read_grade(_read(self.path(student)))

    def write(self, grade: Grade) -> None:
        """Write a result; it is written last of a submission, so it shows that all else is there."""
        write_atomically(self.path(grade.student), json.dumps(grade.to_json(), indent=1) + "\n")

    def __len__(self) -> int:
        return len(self.students)

    def __contains__(self, grade: object) -> bool:
        return isinstance(grade, Grade) and self.result(grade.student) == grade

    def __iter__(self) -> Iterator[Grade]:
        return (grade for student in self.students if (grade := self.result(student)) is not None)


def read_grade(data: dict[str, Any]) -> Grade | None:
    """Return the verdict in a result's data; None if there is none."""
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
