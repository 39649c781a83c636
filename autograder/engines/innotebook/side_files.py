"""The files of the instructor's version that lie beside a notebook."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.course.gradebook.directories import Directories
from autograder.engines.beside import Beside

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
