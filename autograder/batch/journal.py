"""What earlier runs left: the batch's seed, what its results depend on, and which of them still hold."""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
import tomllib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import autograder
from autograder.assignment import Assignment
from autograder.outputs import write_atomically
from autograder.verdict import Grade, Status

__all__ = ["Journal", "file_sha256", "fingerprint"]

#: Exactly representable where JSON numbers are floating point.
SEED_BITS = 48
#: Hidden, so that no student id can name it.
_NAME = ".batch.json"


@functools.lru_cache(maxsize=8)
def _content(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and "__pycache__" not in path.parts and name != "extensions.toml":
            content = _timeless(path.read_bytes()) if name == "assignment.toml" else path.read_bytes()
            digest.update(name.encode() + b"\0")
            digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _timeless(toml: bytes) -> bytes:
    """Return what `assignment.toml` says without its deadline, which no verdict depends on."""
    data = tomllib.loads(toml.decode())
    data.pop("late", None)
    return json.dumps(data, sort_keys=True, default=str).encode()


def fingerprint(assignment: Assignment) -> str:
    """Return a digest of all that a verdict depends on besides the submission, the seed and the device."""
    _content.cache_clear()
    parts = [
        autograder.__version__,
        version("torch"),
        version("numpy"),
        version("ipython"),
        _content(assignment.public_dir),
        _content(assignment.secret_dir),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


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
    fingerprint: str

    @classmethod
    def open(cls, folder: Path, assignment: Assignment, seed: int | None) -> Journal:
        """Read what is there; a seed that was chosen once stays, unless another is asked for."""
        old = _read(folder / _NAME).get("seed")
        chosen = seed if seed is not None else old if type(old) is int else secrets.randbits(SEED_BITS)
        return cls(folder, chosen, fingerprint(assignment))

    def save(self) -> None:
        """Note the seed before anything is graded with it: an interrupted batch goes on with the same inputs."""
        write_atomically(self.folder / _NAME, json.dumps({"seed": self.seed}) + "\n", mode=0o600)

    def path(self, student: str) -> Path:
        """Return where a student's result stands."""
        return self.folder / f"{student}.json"

    def result(self, student: str) -> Grade | None:
        """Return a student's result, None if there is none that can be read."""
        try:
            return Grade.from_json(_read(self.path(student)))
        except (KeyError, TypeError, ValueError):
            return None

    def holds(self, student: str, notebook: Path | None, device: str, tier: str) -> Grade | None:
        """Return the result if grading again would only repeat it."""
        grade = self.result(student)
        if grade is None or grade.status is Status.UNGRADED:
            return None
        now = (self.fingerprint, self.seed, device, tier, (notebook and file_sha256(notebook)) or "")
        then = (grade.fingerprint, grade.seed, grade.device, grade.tier, grade.submission_sha256)
        return grade if now == then else None

    def write(self, grade: Grade) -> None:
        """Write a result; it is the last thing written of a submission, so it says that all else is there."""
        write_atomically(self.path(grade.student), json.dumps(grade.to_json(), indent=1) + "\n")


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
