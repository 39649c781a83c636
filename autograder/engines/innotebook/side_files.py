"""The files of the instructor's version that lie beside a notebook."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.course.gradebook.directories import Directories
from autograder.engines.beside import Beside
from autograder.engines.innotebook.release_record import Recorded

__all__ = ["Beside", "source_files"]


def source_files(directories: Directories, recorded: Recorded) -> dict[str, Path]:
    """Return the files of the instructor's version that replace a student's, by their path beneath it.

    Notebooks among them are the released ones in which nothing is to be filled in: the source of any other holds
    solutions.
    """
    from nbgrader.converters import Autograde
    from nbgrader.utils import find_all_files

    kept = Autograde(coursedir=None, config=directories.config).exclude_overwriting.get(recorded.slug, [])
    excluded = {os.path.normpath(name) for name in kept}
    filled_in = {f"{n.name}.ipynb" for n in recorded.notebooks if n.solution_cells or n.task_cells}

    def beneath(root: Path, ignored: list[str]) -> dict[str, Path]:
        paths = (Path(p) for p in find_all_files(str(root), ignored)) if root.is_dir() else ()
        return {p.relative_to(root).as_posix(): p for p in paths}

    released = beneath(directories.release(recorded.slug), directories.ignored)
    given = {name: p for name, p in released.items() if name.endswith(".ipynb") and name not in filled_in}
    found = given | beneath(directories.source(recorded.slug), [*directories.ignored, "*.ipynb"])
    return {name: path for name, path in sorted(found.items()) if os.path.normpath(name) not in excluded}
