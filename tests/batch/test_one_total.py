"""One total everywhere: the page, the class report and the summary read the gradebook, with both kinds of grading."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader_samples import Sample, code, make_course, notebook_of
from tiny_course import TinyCourse

from autograder.batch import BatchOptions, SilentProgress, grade_batch, rewrite_reports
from autograder.course.gradebook.directories import put_scripts_on_path
from autograder.course.layout import Course
from autograder.engines.base import Engine
from autograder.engines.registry import open_engine

pytestmark = pytest.mark.sandbox

SLUG = "tiny"


def in_the_notebook(root: Path) -> Engine:
    """Make a class of two: one answers everything, one nothing."""

    def notebook(answer: str, why: str) -> dict[str, object]:
        question = code(why, "q_why", points=1, solution=True)
        question["cell_type"] = question["metadata"]["nbgrader"]["cell_type"] = "markdown"
        question["metadata"]["nbgrader"]["locked"] = False
        del question["outputs"], question["execution_count"]
        tests = [code("assert f(1) == 2", "test_double", points=2), code("assert f", "test_Counter", points=3)]
        return notebook_of([code(answer, "answer", solution=True), *tests, question])

    solved = "### BEGIN SOLUTION\ndef f(x):\n    return 2 * x\n### END SOLUTION"
    handed_in = {"ada": notebook("def f(x):\n    return 2 * x", "Because.")}
    make_course(root, SLUG, [Sample("tiny", notebook(solved, "### BEGIN SOLUTION\nAs.\n### END SOLUTION"), handed_in)])
    there = root / "submitted" / "bob" / SLUG / "tiny.ipynb"
    there.parent.mkdir(parents=True)
    there.write_bytes((root / "release" / SLUG / "tiny.ipynb").read_bytes())
    return open_engine(Course(root), SLUG)


def hidden_checks(tiny: TinyCourse) -> Engine:
    """Hand in the same with the tiny course."""
    tiny.add_checks()
    right = tiny.solved()
    counter = next(c for c in right["cells"] if "class Counter" in "".join(c["source"]))
    counter["source"] = (
        "class Counter:\n    def __init__(self, start=0):\n        self.n = start\n\n"
        "    def up(self, by=1):\n        self.n += by\n        return self.n"
    )
    tiny.hand_in("ada", right)
    tiny.hand_in("bob", tiny.template())
    return tiny.engine


@pytest.fixture(params=["hidden", "in the notebook"])
def engine(request: pytest.FixtureRequest, tiny: TinyCourse, tmp_path: Path) -> Engine:
    """A class of two in either kind of assignment."""
    make: Callable[[], Engine] = {
        "hidden": lambda: hidden_checks(tiny),
        "in the notebook": lambda: in_the_notebook(tmp_path / "notebooks"),
    }[request.param]
    return make()


def told(engine: Engine) -> dict[str, tuple[str, str, str]]:
    """Return by student what the page, the class report and the summary say: points, of how many, what waits."""
    folder = engine.course.results_dir / SLUG
    with (folder / "summary.csv").open(newline="", encoding="utf-8") as file:
        lines = {line["student"]: line for line in csv.DictReader(file)}
    report = (folder / "class.html").read_text(encoding="utf-8")
    found = {}
    for student, line in lines.items():
        page = (engine.directories.feedback(student, SLUG) / "tiny.html").read_text(encoding="utf-8")
        score = re.search(r'class="score"><strong>([\d.]+)</strong> <span>of ([\d.]+) points', page)
        waits = re.search(r"; ([\d.]+) more wait", page)
        row = re.search(rf'>{student}</a>.*?class="number">([\d.]+)<', report)
        assert score is not None
        assert row is not None
        on_page = (score[1], score[2], waits[1] if waits else "0")
        assert (line["score"], line["max_score"], line["waiting"]) == on_page
        assert row[1] == on_page[0]
        assert float(line["automatic"]) + float(line["by_hand"]) == float(line["score"]) == float(line["final_score"])
        found[student] = on_page
    return found


def test_all_say_what_the_gradebook_says(engine: Engine) -> None:
    """Before and after a person's work; an answer that was left as handed out waits for nobody."""
    report = grade_batch(engine, BatchOptions(jobs=1), SilentProgress())
    assert told(engine) == {"ada": ("5", "5", "1"), "bob": ("0", "6", "0")}
    assert report.summary is not None
    assert any("Answers of 1 of 2 wait for a person in formgrader: ada." in a for a in report.summary.alerts)
    assert [g.untouched for g in report.grades] == [(), ("q_why",)]
    put_scripts_on_path()
    from nbgrader.api import Gradebook

    with Gradebook(engine.directories.db_url, engine.directories.course_id) as gradebook:
        assert not gradebook.find_grade("q_why", "tiny", SLUG, "bob").needs_manual_grade
        gradebook.find_grade("q_why", "tiny", SLUG, "ada").manual_score = 0.5
        gradebook.find_grade("test_double", "tiny", SLUG, "ada").manual_score = 1.5
        gradebook.find_grade("test_Counter", "tiny", SLUG, "ada").extra_credit = 0.5
        gradebook.db.commit()
    rewritten = rewrite_reports(engine)
    assert (rewritten.students, rewritten.changed) == (2, (("ada", "5", "5.5"),))
    assert told(engine) == {"ada": ("5.5", "6", "0"), "bob": ("0", "6", "0")}


def test_an_answer_in_a_new_cell_below_waits_for_a_person(tiny: TinyCourse) -> None:
    """The cell for it is as it was handed out; a cell that is empty, or was there before, is no answer."""
    tiny.add_checks()
    for student, text in (("ada", "Because the slope is steep."), ("bob", "  ")):
        work = tiny.solved()
        place = next(
            i for i, c in enumerate(work["cells"]) if c["metadata"].get("nbgrader", {}).get("grade_id") == "q_why"
        )
        given = next(
            c for c in tiny.template()["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "q_why"
        )
        added = {"cell_type": "markdown", "metadata": {}, "source": text, "id": "added"}
        work["cells"][place : place + 1] = [given, added]
        tiny.hand_in(student, work)
    report = grade_batch(tiny.engine, BatchOptions(jobs=1), SilentProgress())
    assert [(g.student, g.untouched) for g in report.grades] == [("ada", ()), ("bob", ("q_why",))]
