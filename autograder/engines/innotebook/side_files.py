"""The files beside a notebook: the course's own, and what the student handed in with it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.course.gradebook.directories import Directories

__all__ = ["Beside", "source_files"]


def source_files(directories: Directories, slug: str) -> dict[str, Path]:
    """Return the files of the instructor's version that replace a student's, by their path beneath it."""
    from nbgrader.converters import Autograde
    from nbgrader.utils import find_all_files

    root = directories.source(slug)
    if not root.is_dir():
        return {}
    kept = Autograde(coursedir=None, config=directories.config).exclude_overwriting.get(slug, [])
    excluded = {os.path.normpath(root / name) for name in kept}
    paths = (Path(p) for p in find_all_files(str(root), [*directories.ignored, "*.ipynb"]))
    return {p.relative_to(root).as_posix(): p for p in sorted(paths) if os.path.normpath(p) not in excluded}


class Beside:
    """The directory that workers find their files in; `fill` it before a worker is spawned."""

    def __init__(self, folder: Path, own: Mapping[str, Path], *, trusted: bool) -> None:
        """Put the course's own files there.

        Args:
            folder: the directory.
            own: the course's files, by their path beneath it.
            trusted: whether nothing can be changed there by a worker, so that they may stay.
        """
        self._folder = folder
        self._own = own
        self._trusted = trusted
        self._empty()

    def _empty(self) -> None:
        for entry in list(self._folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
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
        """Whether a file stands where a directory is needed, or the other way round."""
        target = self._folder / name
        return target.exists() or any((self._folder / parent).is_file() for parent in PurePosixPath(name).parents)

    def _place(self, name: str, content: bytes) -> None:
        target = self._folder / name
        for parent in reversed(PurePosixPath(name).parents):
            folder = self._folder / parent
            folder.mkdir(mode=0o755, exist_ok=True)
            folder.chmod(0o755)
        target.write_bytes(content)
        target.chmod(0o644)
