"""The files beside a notebook that is graded by hidden checks: the assignment's own, and the student's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.course.assignment import Assignment
from autograder.engines.beside import Beside
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier

__all__ = ["SideFiles", "own_files", "side_files_of"]


def own_files(assignment: Assignment) -> dict[str, Path]:
    """Return the files that are released together with an assignment's notebook, by their path from its folder."""
    root = assignment.public_dir
    ours = {assignment.template_path.name, "assignment.toml"}
    return {
        path.relative_to(root).as_posix(): path
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.relative_to(root).parts[0].startswith(".") and path.name not in ours
    }


def side_files_of(files: Mapping[str, bytes], notebook: str) -> dict[str, bytes]:
    """Return the files that were handed in, without notebooks, by their path from the notebook's folder.

    Args:
        files: the files by their path beneath the submission's directory.
        notebook: the path of its notebook beneath the submission's directory, which may be in a folder.
    """
    folder = PurePosixPath(notebook).parent
    files = {name: content for name, content in files.items() if not name.endswith(".ipynb")}
    near = {
        PurePosixPath(name).relative_to(folder).as_posix(): content
        for name, content in files.items()
        if PurePosixPath(name).is_relative_to(folder)
    }
    # Often one folder is the whole submission; sometimes the data is next to that folder.
    return {**files, **near}


class SideFiles:
    """Puts files into the directory where a zygote's next worker finds them."""

    def __init__(self, assignment: Assignment) -> None:
        self._own = own_files(assignment)
        self._folders: dict[Path, Beside] = {}

    def fill(self, zygote: ZygoteProcess, files: Mapping[str, bytes]) -> None:
        """Replace the last student's files by these; the assignment's own go first."""
        if zygote.beside is None:
            return
        if zygote.beside not in self._folders:
            # One zygote at a time: a new one has a new folder.
            self._folders = {zygote.beside: Beside(zygote.beside, self._own, trusted=zygote.tier is not Tier.C)}
        self._folders[zygote.beside].fill(files)
        zygote.beside_digest = _digest(files)


def _digest(files: Mapping[str, bytes]) -> bytes:
    digest = hashlib.blake2b()
    for name, content in sorted(files.items()):
        digest.update(f"{len(name)} {len(content)} {name}".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.digest()
