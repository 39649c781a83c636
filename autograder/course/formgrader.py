"""nbgrader's *Autograde* for assignments that are graded here: it calls `autograder grade` and does nothing else.

`nbgrader_config.py` names the class below in nbgrader's own setting for the exporter:

    c.Autograde.exporter_class = "autograder.course.formgrader.GradeExporter"

nbgrader makes it before it removes or runs anything, for formgrader's button and for `nbgrader autograde` alike.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

__all__ = ["SETTING", "GradeExporter", "calls_us"]

#: The line of `nbgrader_config.py`.
SETTING = 'c.Autograde.exporter_class = "autograder.course.formgrader.GradeExporter"'
#: Exit codes of a run that graded everything.
_DONE = frozenset({0, 1})


class GradeExporter(NotebookExporter):
    """nbgrader's own exporter, except for assignments that are graded here.

    Raises:
        NbGraderException: if such an assignment could not be graded; says why. nbgrader has done nothing by then.
    """

    def __init__(self, config: Any = None, **options: Any) -> None:
        super().__init__(config=config, **options)  # type: ignore[no-untyped-call]
        if isinstance(self.parent, Autograde):
            _take_over(self.parent)


def calls_us(config: Any) -> bool:
    """Whether a course's configuration names the exporter."""
    return GradeExporter.__name__ in str(config.get("Autograde", {}).get("exporter_class", ""))


def _take_over(converter: Any) -> None:
    """Grade what nbgrader is about to grade, and leave it nothing to do, if the assignment is one of ours."""
    root, slug = Path(converter.coursedir.root), str(converter.coursedir.assignment_id)
    if not any((root / folder / slug).is_dir() for folder in ("solutions", "results")):
        return
    pattern = re.compile(converter._format_source(re.escape(slug), "(?P<student>.*)", escape=True))  # noqa: SLF001 - as nbgrader does
    students = sorted(m["student"] for path in converter.assignments if (m := pattern.match(path)))
    command = [sys.executable, "-m", "autograder", "grade", slug, "--course", str(root)]
    if converter.coursedir.student_id != "*":
        command += [part for student in students for part in ("--student", student)]
    if converter.force:
        command.append("--force")
    # The program runs in the course's folder, which may hold a module of the same name.
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    said = "\n".join(filter(None, (done.stdout.strip(), done.stderr.strip())))
    if done.returncode not in _DONE:
        converter.log.error("%s", said)
        raise NbGraderException(f"autograder grade {slug} ended with exit code {done.returncode}: {said}")
    converter.log.info("Graded by autograder, in its sandbox:\n%s", said)
    converter.assignments = {}
