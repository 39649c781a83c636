"""The directory that workers find files in: the course's own, and what the student handed in with the notebook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.sandbox.trees import remove_tree

__all__ = ["Beside"]


class Beside:
    """The directory that workers find their files in; `fill` it before a worker is spawned."""

    def __init__(self, folder: Path, own: Mapping[str, Path], *, trusted: bool) -> None:
        """Put the course's own files there.

        Args:
            folder: the directory.
            own: the course's files, by their path beneath it.
            trusted: whether no worker can change anything there, so that these files may stay.
        """
        self._folder = folder
        self._own = own
        self._trusted = trusted
        self._empty()

    def _empty(self) -> None:
        for entry in list(self._folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                remove_tree(str(entry))
            else:
                entry.unlink()
        for name, path in self._own.items():
            self._place(name, path.read_bytes())
        self._added: list[str] = []

    def fill(self, files: Mapping[str, bytes]) -> None:
        """Replace the last student's files by these; the course's own go first."""
        if self._added or not self._trusted:
            self._empty()
        for name, content in files.items():
            if name not in self._own and not self._blocked(name):
                self._place(name, content)
                self._added.append(name)

    def _blocked(self, name: str) -> bool:
        """Whether a file is where a directory is needed, or a directory where a file is needed."""
        target = self._folder / name
        return target.exists() or any((self._folder / parent).is_file() for parent in PurePosixPath(name).parents)

    def _place(self, name: str, content: bytes) -> None:
        target = self._folder / name
        for parent in reversed(PurePosixPath(name).parents):
            folder = self._folder / parent
            if not folder.is_dir():
                folder.mkdir(mode=0o755)
                folder.chmod(0o755)
        target.write_bytes(content)
        target.chmod(0o644)
