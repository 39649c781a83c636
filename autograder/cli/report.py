"""`autograder report`."""

from __future__ import annotations

from autograder.cli.console import examples, output_console
from autograder.cli.options import CourseOption, LanguageOption, SlugArgument

NAME = "report"
EXAMPLE = examples("autograder report optimizers", "autograder report optimizers --language de")


def run(slug: SlugArgument, language: LanguageOption = None, course: CourseOption = None) -> None:
    """Write the feedback pages, summary.csv and the class report again, without running anything."""
    from autograder.batch import rewrite_reports
    from autograder.course.layout import open_course
    from autograder.engines.registry import open_engine
    from autograder.feedback.language import ENGLISH, read_language

    written_in = ENGLISH if language is None else read_language(language)
    engine = open_engine(open_course(course), slug)
    rewritten = rewrite_reports(engine, written_in)
    report = engine.course.results_dir / slug / "class.html"
    console = output_console()
    console.print(f"The feedback of {rewritten.students} students and {report} are written again.")
    for student, before, after in rewritten.changed:
        console.print(f"{student}: {before or 'no'} → {after or 'no'} points", markup=False)
