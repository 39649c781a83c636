"""What `nbgrader_config.py` says about running notebooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from autograder.course.assignment import Limits
from autograder.course.gradebook.directories import Directories
from autograder.course.notebook.bounds import Bounds
from autograder.engines.innotebook.rules import Rules
from autograder.engines.innotebook.surroundings import variables
from autograder.errors import CourseError
from autograder.sentences import say

__all__ = ["Settings", "bounds_of_course", "read_settings", "timeout_function"]


class _Section(Rules):
    """`c.InNotebook`: the switches, and settings that nbgrader does not have."""

    limits: Limits = Limits(submission_s=600.0, cpu_s=600, processes=300)
    #: Directories and files that notebooks read besides the system's.
    readable: tuple[Path, ...] = ()
    #: Variables of the notebooks' environment: with values, or by their names alone, with the grader's values.
    environment: dict[str, str] | tuple[str, ...] = ()
    #: Run every notebook in a real Jupyter kernel, Python ones too.
    kernels: bool = Field(default=False)
    #: Modules to load once for all students besides those that are found, and libraries not to load.
    preload: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """How notebooks are run and scored."""

    rules: Rules
    limits: Limits
    #: Whether cells after the first error are left out.
    stop_at_error: bool
    readable: tuple[Path, ...]
    kernels: bool
    preload: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


def read_settings(directories: Directories) -> Settings:
    """Read nbgrader's own settings of `Execute`, and `c.InNotebook`.

    Raises:
        CourseError: if they cannot be used.
    """
    from nbgrader.preprocessors import Execute
    from traitlets import TraitError

    config = directories.config
    try:
        section = _Section.model_validate(dict(config.get("InNotebook", {})))
        execute = Execute(config=config)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CourseError(f"nbgrader_config.py: InNotebook.{where}: {first['msg']}.") from None
    except TraitError as error:
        raise CourseError(f"nbgrader_config.py: {error}.") from None
    if not execute.enabled:
        raise CourseError(
            "nbgrader_config.py: Execute.enabled is False, but notebooks are always run here. "
            "Remove that line, or grade with `nbgrader autograde`."
        )
    timeout = execute.timeout
    limits = section.limits
    cell_s = min(float(timeout), limits.submission_s) if timeout and timeout > 0 else limits.submission_s
    return Settings(
        rules=Rules(**{name: getattr(section, name) for name in Rules.model_fields}),
        limits=limits.model_copy(update={"cell_s": cell_s}),
        stop_at_error=_allow_errors(config, default=True) is False,
        readable=section.readable,
        kernels=section.kernels,
        preload=section.preload,
        leave_out=section.leave_out,
        environment=variables(section.environment),
    )


def timeout_function(directories: Directories) -> Callable[[Any], float | None] | None:
    """Return the course's function that limits a cell's time; None if all cells have the same limit."""
    for name in ("Execute", "ExecutePreprocessor", "NotebookClient"):
        found = directories.config.get(name, {}).get("timeout_func")
        if callable(found):
            limit: Callable[[Any], float | None] = found
            return limit
    return None


def bounds_of_course(directories: Directories) -> Bounds:
    """Return how large the notebooks of a course may be; unusable settings are reported elsewhere."""
    given = directories.config.get("InNotebook", {}).get("limits", {})
    try:
        limits = Limits.model_validate(dict(given))
    except (ValidationError, TypeError, ValueError):
        limits = Limits()
    return Bounds.of(limits, say("reading.limits-of-nbgrader"))


def _allow_errors(config: Any, *, default: bool) -> object:
    """Return the setting, under either of its names; nbgrader's own class forgot to make it configurable."""
    for name in ("Execute", "ExecutePreprocessor", "NotebookClient"):
        if "allow_errors" in config.get(name, {}):
            return config[name]["allow_errors"]
    return default
