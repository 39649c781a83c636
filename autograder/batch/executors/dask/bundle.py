"""The files that judges on other machines need, to be unpacked where there is no shared filesystem."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GraderFault

__all__ = ["Bundle"]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A course's files by path, as `Engine.bundle` gives them, and their digest."""

    files: Mapping[str, bytes]
    digest: str

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Bundle:
        """Pack files."""
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
        digest.update(f"{len(name)} {len(files[name])} ".encode() + name.encode("utf-8", "surrogateescape"))
        digest.update(files[name])
    return digest.hexdigest()
