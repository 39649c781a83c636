"""An assignment as bytes: both its folders, to be unpacked where there is no shared filesystem."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.course.assignment import Assignment
from autograder.errors import GraderFault

__all__ = ["Bundle"]


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files below a course that belong to one assignment, by path, and the digest of it all."""

    files: Mapping[str, bytes]
    digest: str

    @classmethod
    def of(cls, assignment: Assignment) -> Bundle:
        """Read `assignments/<slug>/` and `solutions/<slug>/`; a symbolic link travels as what it leads to."""
        files = {}
        for kind, folder in (("assignments", assignment.public_dir), ("solutions", assignment.secret_dir)):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    name = PurePosixPath(kind, assignment.slug, path.relative_to(folder).as_posix())
                    files[str(name)] = path.read_bytes()
        return cls(files, _digest(files))

    def unpack(self, root: Path) -> None:
        """Write the files below `root`, for its owner alone.

        Raises:
            GraderFault: if what arrived is not what was sent.
        """
        if _digest(self.files) != self.digest:
            raise GraderFault("the assignment's files were damaged on their way.")
        for name, content in self.files.items():
            path = root / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o600)


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{len(name.encode())} {name} {len(files[name])} ".encode())
        digest.update(files[name])
    return digest.hexdigest()
