"""`autograder report`."""

from __future__ import annotations

from autograder.cli.console import output_console
from autograder.cli.options import CourseOption, SlugArgument

NAME = "report"
EXAMPLE = "Example: autograder report optimizers"


def run(slug: SlugArgument, course: CourseOption = None) -> None:
    """Write the feedback pages, summary.csv and the class report again, without running anything."""
    from autograder.assignment import load_assignment
    from autograder.batch import rewrite_reports
    from autograder.course import open_course

    opened = open_course(course)
    count = rewrite_reports(opened, load_assignment(opened.root, slug))
    output_console().print(f"{count} feedback pages and {opened.results_dir / slug / 'class.html'} are written again.")
