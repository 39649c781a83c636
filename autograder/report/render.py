"""Turn views into self-contained HTML: escaped by default, without scripts, without a request to anywhere."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import jinja2

from autograder.assignment import Assignment
from autograder.course import templates_dir
from autograder.report.wording import student_view
from autograder.verdict import Grade

if TYPE_CHECKING:
    from autograder.report.plots import Plot
    from autograder.report.summary import ClassSummary

__all__ = ["render_class", "render_student"]


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@functools.cache
def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)


def render_student(grade: Grade, assignment: Assignment, plots: Sequence[Plot] = ()) -> str:
    """Return a student's feedback page; the plots, if any, stand at its end."""
    return _template("student.html.j2").render(view=student_view(grade, assignment), plots=plots)


def render_class(summary: ClassSummary) -> str:
    """Return the class report."""
    from autograder.report.plots import class_plots

    return _template("class.html.j2").render(view=summary, plots=class_plots(summary))
