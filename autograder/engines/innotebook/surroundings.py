"""What a course's notebooks find besides Python's own: directories, modules installed elsewhere, variables."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import distributions
from pathlib import Path

from autograder.engines.innotebook.pythons import editable_projects
from autograder.errors import CourseError
from autograder.files import PACKAGE_DIR

__all__ = ["python_path", "readable_paths", "variables"]

#: Variables that decide how workers are set up; a course cannot change them.
_OURS = frozenset({"HOME", "IPYTHONDIR", "MPLCONFIGDIR", "TMPDIR"})


def readable_paths(named: Iterable[Path], secrets: Sequence[Path]) -> list[Path]:
    """Return what notebooks may read besides Python's own files; never a secret path, even if the course names it.

    Besides the named paths these are the directories of `PYTHONPATH`, of `.pth` files and of editable installations.
    """
    wanted = [*map(Path, named), *map(Path, python_path(secrets)), *_from_site(), *_editable()]
    ours = PACKAGE_DIR.parent.resolve()
    return [p for p in dict.fromkeys(wanted) if p.resolve() != ours and not _is_secret(p, secrets)]


def python_path(secrets: Sequence[Path]) -> list[str]:
    """Return the directories of this process's `PYTHONPATH`, without the secret ones."""
    entries = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [os.path.abspath(e) for e in entries if e and not _is_secret(Path(e), secrets)]


def variables(named: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
    """Return the variables that a course names: with their values, or by their names alone, as they are here.

    Raises:
        CourseError: if one is not set here, or decides how workers are set up.
    """
    found = dict(named) if isinstance(named, Mapping) else {name: os.environ.get(name) for name in named}
    values: dict[str, str] = {}
    for name, value in found.items():
        if value is None:
            raise CourseError(f"nbgrader_config.py: InNotebook.environment: {name} is not set here. Give it a value.")
        if name in _OURS:
            raise CourseError(f"nbgrader_config.py: InNotebook.environment: {name} is set by the grader itself.")
        values[name] = value
    return values


def _is_secret(path: Path, secrets: Sequence[Path]) -> bool:
    real = path.resolve()
    return any(real.is_relative_to(s.resolve()) for s in secrets)


def _from_site() -> Iterator[Path]:
    """Yield the directories that `.pth` files add to the search path of modules."""
    python = [Path(p).resolve() for p in (sys.prefix, sys.base_prefix)]
    for entry in filter(None, sys.path):
        path = Path(entry)
        if path.is_dir() and not any(path.resolve().is_relative_to(p) for p in python):
            yield path


def _editable() -> Iterator[Path]:
    texts = (d.read_text("direct_url.json") for d in distributions())
    yield from map(Path, editable_projects(t for t in texts if t))
