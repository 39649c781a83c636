"""nbgrader's own preprocessors around our execution: what makes a submission fit to be run, and what comes after."""

from __future__ import annotations

import functools
import json
import types
from collections.abc import Callable, Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course.gradebook.directories import Directories
from autograder.course.notebook.cells import SCHEMA_VERSION
from autograder.engines.innotebook.release_record import Recorded, RecordedGradebook, RecordedNotebook
from autograder.errors import CourseError, SubmissionRejected
from autograder.sentences import Sentence, say

__all__ = ["Pipeline", "StopBatch"]


class StopBatch(Exception):
    """A notebook that ends nbgrader's whole batch, where a course asked for nbgrader's way."""


class Pipeline:
    """The preprocessors that `nbgrader_config.py` lists, made once, for all submissions of an assignment."""

    def __init__(self, directories: Directories, recorded: Recorded, *, strict: bool) -> None:
        """Make the preprocessors.

        Args:
            directories: whose configuration counts.
            recorded: the released cells and their settings.
            strict: whether metadata that nbgrader refuses fail as in nbgrader, instead of being put right.

        Raises:
            CourseError: if one of them cannot be made.
        """
        from nbgrader.converters import Autograde
        from nbgrader.nbgraderformat import common
        from nbgrader.preprocessors import AssignLatePenalties, Execute, OverwriteCells, SaveAutoGrades, overwritecells
        from nbgrader.preprocessors import overwritekernelspec as kernelspec

        # nbgrader opens its database for every notebook; what it would read is known here already.
        gradebook = RecordedGradebook(recorded)
        for module in (overwritecells, kernelspec):
            module.Gradebook = lambda *_, **__: gradebook
        # jsonschema.validate checks the schema itself every time, which costs more than all the rest.
        common.jsonschema = types.SimpleNamespace(validate=_validate)
        self._recorded = {n.name: n for n in recorded.notebooks}
        self._slug = recorded.slug
        self._db_url = directories.db_url
        self._strict = strict
        try:
            autograde = Autograde(coursedir=None, config=directories.config)
            self._sanitising = [_made(p, directories.config) for p in autograde.sanitize_preprocessors]
            after = [_class(p) for p in autograde.autograde_preprocessors]
            at = next((i for i, c in enumerate(after) if _is_a(c, Execute)), 0)
            # Our worker and the writer of the gradebook do what these three do.
            ours = (Execute, SaveAutoGrades, AssignLatePenalties)
            made = [(i, _made(c, directories.config)) for i, c in enumerate(after) if not _is_a(c, *ours)]
        except Exception as error:  # noqa: BLE001 - a preprocessor of the course's raises what it likes
            raise CourseError(f"nbgrader_config.py: the preprocessors of Autograde: {error}.") from None
        # Unless the course says otherwise, nbgrader does not put back a deleted test cell, and then nobody can grade
        # it. It can put one back only beside metadata that were put right.
        if not strict and "add_missing_cells" not in directories.config.get("OverwriteCells", {}):
            for preprocessor in self._sanitising:
                if isinstance(preprocessor, OverwriteCells):
                    preprocessor.add_missing_cells = True
        self._before = [p for i, p in made if i < at]
        self._after = [p for i, p in made if i > at]

    def sanitise(self, notebook: NotebookNode, name: str, student: str, notes: list[Sentence]) -> NotebookNode:
        """Return the notebook with the released test cells and settings.

        Raises:
            SubmissionRejected: if its metadata cannot be put right.
            StopBatch: if nbgrader would end here, and `strict` is set.
        """
        from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError, ValidationError

        try:
            if not self._strict:
                _put_right(notebook, self._recorded[name], notes)
            for preprocessor in self._sanitising:
                notebook, _ = preprocessor(notebook, self._resources(name, student))
            # Cells that were put back are plain dictionaries.
            notebook = nbformat.from_dict(notebook)
            for preprocessor in self._before:
                notebook, _ = preprocessor(notebook, self._resources(name, student))
        except (SchemaTooOldError, SchemaTooNewError) as error:
            if self._strict:
                raise StopBatch(f"{name}.ipynb of {student!r}: {error}") from None
            raise SubmissionRejected(say("innotebook.refused", notebook=name, problem=f"{error}.")) from None
        except ValidationError as error:
            raise SubmissionRejected(say("innotebook.refused", notebook=name, problem=str(error))) from None
        return notebook

    def finish(self, notebook: NotebookNode, name: str, student: str) -> NotebookNode:
        """Return the executed notebook after the preprocessors that follow `Execute`."""
        for preprocessor in self._after:
            notebook, _ = preprocessor(notebook, self._resources(name, student))
        return notebook

    def _resources(self, name: str, student: str) -> dict[str, Any]:
        known = {"student": student, "assignment": self._slug, "notebook": name, "db_url": self._db_url}
        return {"unique_key": name, "output_files_dir": f"{name}_files", "metadata": {}, "nbgrader": known}


def _put_right(notebook: NotebookNode, recorded: RecordedNotebook, notes: list[Sentence]) -> None:
    """Set nbgrader's metadata to those of the release, in place, where nbgrader would give up.

    An older schema becomes the present one. A cell that the release does not have becomes an ordinary cell. Of several
    cells with the same id, the last one keeps it. Whether a cell is graded, locked or to be filled in is as released.
    """
    released = {c.name: c for c in recorded.source_cells}
    grades, tasks = set(recorded.points), {c.name for c in recorded.task_cells}
    seen: set[str] = set()
    for cell in reversed(notebook.cells):
        found = cell.metadata.get("nbgrader")
        if found is None:
            continue
        identifier = found.get("grade_id")
        if identifier not in released or identifier in seen:
            del cell.metadata["nbgrader"]
            if identifier in seen:
                notes.append(say("innotebook.cell-repeated", cell=identifier))
            continue
        seen.add(identifier)
        version = found.get("schema_version", 0)
        if type(version) is int and version > SCHEMA_VERSION:
            continue
        points = {**recorded.points, **{c.name: c.max_score for c in recorded.task_cells}}
        wanted: dict[str, Any] = {
            "grade": identifier in grades,
            "grade_id": identifier,
            "locked": released[identifier].locked,
            "solution": identifier in recorded.solutions,
            "task": identifier in tasks,
            "schema_version": SCHEMA_VERSION,
            "cell_type": released[identifier].cell_type,
        }
        if identifier in points:
            wanted["points"] = points[identifier]
        changed = [k for k in ("grade", "solution", "points") if k in found and found[k] != wanted.get(k, found[k])]
        if changed:
            notes.append(say("reading.settings-changed", cell=identifier))
        cell.metadata["nbgrader"] = type(found)(wanted)


#: Metadata that were found valid, with their schema: nearly all students' are the same.
_VALID: set[tuple[str, str]] = set()
_MAX_VALID = 10_000


def _validate(instance: Any, schema: dict[str, Any]) -> None:
    """Do as `jsonschema.validate`.

    Raises:
        ValidationError: jsonschema's, with the error that matters most.
    """
    from jsonschema.exceptions import best_match

    key = json.dumps(schema), json.dumps(instance)
    if key in _VALID:
        return
    error = best_match(_validator(key[0]).iter_errors(instance))
    if error is not None:
        raise error
    if len(_VALID) < _MAX_VALID:
        _VALID.add(key)


@functools.cache
def _validator(schema: str) -> Any:
    from jsonschema.validators import validator_for

    parsed = json.loads(schema)
    kind = validator_for(parsed)
    kind.check_schema(parsed)
    return kind(parsed)


def _class(preprocessor: Any) -> Any:
    """Return the class that an entry of the list names."""
    from traitlets.utils.importstring import import_item

    return import_item(preprocessor) if isinstance(preprocessor, str) else preprocessor


def _is_a(preprocessor: Any, *classes: type) -> bool:
    return isinstance(preprocessor, type) and issubclass(preprocessor, classes)


def _made(preprocessor: Any, config: Mapping[str, Any]) -> Callable[..., tuple[NotebookNode, dict[str, Any]]]:
    found = _class(preprocessor)
    made: Callable[..., tuple[NotebookNode, dict[str, Any]]] = (
        found(config=config) if isinstance(found, type) else found
    )
    return made
