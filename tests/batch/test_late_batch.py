"""Deadlines in a batch: they change after grading, and no student's code runs again for that."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from gradebooks import gradebook
from tiny_course import TOML, TinyCourse, cell, make_tiny_course

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch, rewrite_reports
from autograder.batch.executors.local import JudgePool
from autograder.batch.results import Results
from autograder.course.assignment import load_assignment
from autograder.engines.registry import open_engine

pytestmark = pytest.mark.sandbox

RULE = '\n[late]\ndue = 2026-11-30T23:59:00+01:00\npenalty = "per_day"\npercent = 10\n'
CHECK = '''"""Both exercises, as simply as can be."""

from dataclasses import replace

import pytest


@pytest.mark.exercise("double")
def test_doubles(student):
    """Twice a number is that number twice."""
    assert student.double(3) == 6


@pytest.mark.exercise("Counter")
def test_counts(student):
    """One and one more is two."""
    assert student.tools.example("Counter(1).up()") == 2
'''
COUNTER = """class Counter:
    def __init__(self, start=0):
        self.count = start

    def up(self, by=1):
        self.count += by
        return self.count"""
STAMPS = {
    "in-time": "2026-11-30 22:59:00.000000 UTC",
    "late": "2026-12-02 12:00:00.000000 UTC",
    "extended": "2026-12-02 12:00:00.000000 UTC",
    "unknown": None,
}


class Late:
    """The tiny course with deadlines and simple checks."""

    def __init__(self, tiny: TinyCourse) -> None:
        self.tiny = tiny
        (tiny.assignment.checks_dir / "test_both.py").write_text(CHECK, encoding="utf-8")

    def ruled(self, rule: str, extensions: str = "") -> TinyCourse:
        """Write the rule and the extensions, and load the assignment anew."""
        (self.tiny.assignment.public_dir / "assignment.toml").write_text(TOML + rule, encoding="utf-8")
        path = self.tiny.assignment.extensions_path
        path.unlink(missing_ok=True)
        if extensions:
            path.write_text(extensions, encoding="utf-8")
        return TinyCourse(self.tiny.course, load_assignment(self.tiny.root, "tiny"))

    def grade(self, rule: str, extensions: str = "") -> BatchReport:
        """Grade everything by these deadlines."""
        ruled = self.ruled(rule, extensions)
        options = BatchOptions(jobs=1, device="cpu", seed=7, min_tier="B")
        return grade_batch(ruled.engine, options, SilentProgress())

    def result(self, student: str) -> dict[str, Any]:
        """Return a student's result."""
        path = self.tiny.course.results_dir / "tiny" / f"{student}.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def penalties(self) -> dict[str, float | None]:
        """Return nbgrader's field of every student."""
        with gradebook(self.tiny) as opened:
            return {s: opened.find_submission_notebook("tiny", "tiny", s).late_submission_penalty for s in STAMPS}

    def page(self, student: str) -> str:
        """Return a student's feedback."""
        return (self.tiny.root / "feedback" / student / "tiny" / "tiny.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Late:
    """Grade once with the rule: one student is in time, three are late or unknown."""
    made = Late(make_tiny_course(tmp_path_factory.mktemp("late") / "course"))
    notebook = made.tiny.solved()
    cell(notebook, "Counter")["source"] = COUNTER
    for student, stamp in STAMPS.items():
        made.tiny.hand_in(student, notebook, stamp)
    made.grade(RULE)
    return made


@pytest.fixture
def no_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no judge start: the test has to work without running code."""

    def refuse(*arguments: object) -> None:
        raise AssertionError("a judge was started")

    monkeypatch.setattr(JudgePool, "_start", refuse)


def test_the_first_run_writes_penalties_everywhere_and_leaves_the_score(late: Late) -> None:
    """Result, gradebook, the student's page, the class report."""
    assert {s: late.result(s)["score"] for s in STAMPS} == dict.fromkeys(STAMPS, 5.0)
    assert {s: late.result(s)["late"]["penalty"] for s in STAMPS} == {
        "in-time": 0.0, "late": 1.0, "extended": 1.0, "unknown": 0.0,
    }  # fmt: skip
    assert late.penalties() == {"in-time": None, "late": 1.0, "extended": 1.0, "unknown": None}
    assert "Handed in 1 d 13 h after your deadline" in late.page("late")
    assert "deadline, 2026" not in late.page("in-time")
    report = (late.tiny.course.results_dir / "tiny" / "class.html").read_text(encoding="utf-8")
    assert "No readable timestamp.txt: unknown." in report


def test_changed_deadlines_take_effect_without_running_code(late: Late, no_judges: None) -> None:
    """An extension, a milder rule, no rule: each shows in result, gradebook and feedback after the next `grade`."""
    before = {s: late.result(s) for s in STAMPS}
    report = late.grade(RULE, 'extended = "3d"\n')
    assert report.unchanged == 4
    assert late.penalties()["extended"] is None
    assert late.result("extended")["late"]["due"] == "2026-12-03T22:59:00+00:00"
    assert "deadline, 2026" not in late.page("extended")
    assert late.result("late") == before["late"]
    late.grade(RULE.replace("percent = 10", "percent = 1"))
    assert late.penalties() == {"in-time": None, "late": 0.1, "extended": 0.1, "unknown": None}
    assert "2 % of the points" in late.page("late")
    late.grade("")
    assert late.penalties() == dict.fromkeys(STAMPS)
    assert "late" not in late.result("late")
    assert "deadline, 2026" not in late.page("late")
    late.grade(RULE)
    assert {s: late.result(s) for s in STAMPS} == before


def test_a_rule_that_is_gone_leaves_no_penalty_on_who_is_graded_again(late: Late, no_judges: None) -> None:
    """Only if the rule had set one: a penalty of nbgrader's own plugin stays."""
    late.grade(RULE)
    plain = open_engine(late.ruled("").course, "tiny")
    results = Results(plain)
    again = [g for g in map(results.result, ("late", "in-time")) if g is not None]
    now = [replace(g, late=plain.lateness(g)) for g in again]
    assert [plain.penalises(n, before) for n, before in zip(now, again, strict=True)] == [True, True]
    assert [plain.penalises(n, None) for n in now] == [False, False]
    ruled = open_engine(late.ruled(RULE).course, "tiny")
    now = [replace(g, late=ruled.lateness(g)) for g in again]
    assert [ruled.penalises(n, None) for n in now] == [True, True]


def test_report_works_penalties_out_anew_with_what_a_person_gave(late: Late, no_judges: None) -> None:
    """A written answer graded in formgrader counts into the percentage of the gradebook, not of the result."""
    with gradebook(late.tiny) as opened:
        opened.find_grade("q_why", "tiny", "tiny", "late").manual_score = 0.5
        opened.db.commit()
    assert rewrite_reports(open_engine(late.ruled(RULE).course, "tiny")).students == 4
    assert late.penalties()["late"] == pytest.approx(1.1)
    assert late.result("late")["late"]["penalty"] == 1.0


def test_a_changed_time_stamp_alone_changes_the_penalty(late: Late, no_judges: None) -> None:
    """Collected again with the right stamp, the same notebook is in time."""
    stamp = late.tiny.root / "submitted" / "late" / "tiny" / "timestamp.txt"
    stamp.write_text("2026-11-30 22:00:00 UTC", encoding="utf-8")
    late.grade(RULE)
    assert late.result("late")["late"]["late_s"] == 0.0
    assert late.penalties()["late"] is None
