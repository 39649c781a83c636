"""Turn views into self-contained HTML: escaped by default, without scripts, without a request to anywhere."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup, escape

from autograder.course.assignment import Assignment
from autograder.course.gradebook.byhand import ByHand
from autograder.course.layout import templates_dir
from autograder.feedback.language import ENGLISH, Language
from autograder.feedback.wording import student_view
from autograder.verdict import Grade

if TYPE_CHECKING:
    from autograder.feedback.notebook_view import ShownCell
    from autograder.feedback.plots import Plot
    from autograder.feedback.summary import ClassSummary

__all__ = ["entered", "is_ours", "language_of", "render_class", "render_student"]

_NOTHING: Mapping[str, ByHand] = {}
_OURS = '<meta name="generator" content="autograder">'
_LANGUAGE = re.compile(r'<html lang="([A-Za-z0-9-]+)">')
_ENTERED = re.compile(r'<meta name="by-hand" content="([0-9a-f]+)">')


@functools.cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_dir()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["names"] = _names
    return made


def _names(text: str) -> Markup:
    """Return a sentence with what stands between backticks as code; everything in it is escaped."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(p) if i % 2 and p else escape(p) for i, p in enumerate(parts))


@functools.cache
def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)


def render_student(
    grade: Grade,
    assignment: Assignment,
    plots: Sequence[Plot] = (),
    *,
    by_hand: Mapping[str, ByHand] = _NOTHING,
    cells: Sequence[ShownCell] = (),
    language: Language = ENGLISH,
) -> str:
    """Return a student's feedback page; the plots, if any, stand at its end.

    Args:
        grade: what the page shows.
        assignment: whose exercises they are.
        plots: pictures for the end of the page.
        by_hand: what a person entered, by exercise.
        cells: those of the notebook, where the page shows it.
        language: what the page is written in, as far as its catalogue goes.
    """
    return _template("notebook.html.j2" if cells else "student.html.j2").render(
        view=student_view(grade, assignment, by_hand, language),
        plots=plots,
        entered=entered(by_hand),
        cells=cells,
        lang=language.name,
        say=language.markup,
        translated=language.of,
    )


def is_ours(head: str) -> bool:
    """Whether a page that begins like this was made here."""
    return _OURS in head.partition("<title>")[0]


def language_of(head: str) -> str:
    """Return the language that the head of a page names; empty where it names none."""
    found = _LANGUAGE.search(head.partition("<title>")[0])
    return found[1] if found else ""


def entered(what: str | Mapping[str, ByHand]) -> str:
    """Return a digest of what a person entered, empty for nothing: of the entries, or the one in the head of a page."""
    if isinstance(what, str):
        found = _ENTERED.search(what.partition("<title>")[0])
        return found[1] if found else ""
    return hashlib.sha256(repr(sorted(what.items())).encode()).hexdigest()[:16] if what else ""


def render_class(summary: ClassSummary) -> str:
    """Return the class report."""
    from autograder.feedback.plots import class_plots

    return _template("class.html.j2").render(view=summary, plots=class_plots(summary), lang=ENGLISH.name)
