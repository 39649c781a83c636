"""`autograder report`."""

from __future__ import annotations

from autograder.cli.console import output_console
from autograder.cli.options import CourseOption, SlugArgument

NAME = "report"
EXAMPLE = "Example: autograder report optimizers"


def run(slug: SlugArgument, course: CourseOption = None) -> None:
    """Write the feedback pages, summary.csv and the class report again, without running anything."""
    from autograder.batch import rewrite_reports
    from autograder.course.assignment import load_assignment
    from autograder.course.layout import open_course
    from autograder.engines.innotebook.classbook import rewrite_notebook_reports
    from autograder.engines.innotebook.engine import has_hidden_checks, open_classroom

    opened = open_course(course)
    if has_hidden_checks(opened, slug):
        count = rewrite_reports(opened, load_assignment(opened.root, slug))
    else:
        count = rewrite_notebook_reports(open_classroom(opened, slug))
    report = opened.results_dir / slug / "class.html"
    output_console().print(f"The feedback of {count} students and {report} are written again.")
