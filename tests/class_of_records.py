"""A class in a real gradebook, with results beside it: odd ids, a manual score, a late and a rejected submission."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from gradebooks import gradebook
from grades_written import entry, writer_of
from tiny_course import TOML, TinyCourse

from autograder.batch.export import ExportOptions, ExportReport, export_scores
from autograder.batch.results import Results
from autograder.course.assignment import load_assignment
from autograder.course.gradebook.deadlines import read_deadlines, submitted_at
from autograder.course.gradebook.directories import Directories
from autograder.engines.registry import open_engine
from autograder.sentences import Sentence
from autograder.verdict import CheckResult, ExerciseResult, Grade, Outcome, Status

__all__ = ["ODD", "STAMP", "export", "make_class"]

STAMP = "2026-03-01 11:00:00 UTC"
LATE = '\n[late]\ndue = 2026-03-01T12:00:00Z\npenalty = "flat"\npercent = 10\n'
#: Ids that a folder can have and a table, a spreadsheet or a parser may trip over.
ODD = ("o'neill, x", "=1+1", "@SUM(A1)", "-2+3+cmd|' C'!A0", "+49 151", "zoë", "王小明", "a;b", "two  spaces", "007")


def verdict(student: str, status: Status = Status.GRADED) -> Grade:
    """Return a verdict with a check of every outcome: 1.25 points of 5."""
    outcomes = tuple(Outcome)
    checks = tuple(
        CheckResult(
            name=f"is_{outcome.value}",
            outcome=outcome,
            weight=1,
            score=Fraction(1, 4) if outcome is Outcome.PASSED else Fraction(0),
            title=Sentence(f"Ends as {outcome.value} <&>."),
            message=Sentence("" if outcome is Outcome.PASSED else f"=because & of \x1b[31m\x00]]> {student}"),
            seconds=0.125,
        )
        for outcome in outcomes
    )
    title = Sentence("One too many.")
    exercises = (
        ExerciseResult("double", Fraction(1, 4), Fraction(2), checks, "off-by-one", diagnosis_title=title),
        ExerciseResult("Counter", Fraction(1), Fraction(3), (replace(checks[0], score=Fraction(1)), checks[1])),
    )
    graded = status is Status.GRADED
    return Grade(
        assignment="tiny",
        student=student,
        status=status,
        score=Fraction(5, 4) if graded else Fraction(0),
        max_score=Fraction(5),
        device="cpu",
        tier="A",
        seed=1,
        submission_sha256="0" * 64,
        exercises=exercises if graded else (),
        reason=None if graded else Sentence(f"=no & good <{status.value}>"),
        seconds=1.5,
    )


def make_class(course: TinyCourse) -> TinyCourse:
    """Hand in, write verdicts and gradebook, and grade by hand as formgrader does.

    ada has 1.25 points, 0.5 by hand for the question and 0.25 extra; bob is late; rejected, ungraded and the odd
    ones are what they are called.
    """
    (course.assignment.public_dir / "assignment.toml").write_text(TOML + LATE, encoding="utf-8")
    made = TinyCourse(course.course, load_assignment(course.root, "tiny"))
    directories = Directories(made.course)
    deadlines = read_deadlines(directories, made.assignment)
    assert deadlines is not None
    results = Results(open_engine(made.course, "tiny"), 1)
    entries = []
    status = {"rejected": Status.REJECTED, "ungraded": Status.UNGRADED}
    for student in ("ada", "bob", *status, *ODD):
        path = made.hand_in(student, {}, "2026-03-02 12:00:00 UTC" if student == "bob" else STAMP)
        grade = verdict(student, status.get(student, Status.GRADED))
        grade = replace(grade, late=deadlines.judge(grade, submitted_at(path.parent)))
        results.write(grade)
        entries.append(entry(made.assignment, grade, STAMP))
    with writer_of(made.course, made.assignment) as writer:
        writer.write(entries)
    with gradebook(made) as opened:
        for student in ("ada", "bob"):
            answer = opened.find_grade("q_why", "tiny", "tiny", student)
            answer.manual_score, answer.needs_manual_grade = 0.5, False
        opened.find_grade("test_Counter", "tiny", "tiny", "ada").extra_credit = 0.25
        person = opened.find_student("ada")
        person.first_name, person.last_name = "Ada", "=Lovelace, Countess"
        person.email, person.lms_user_id = "ada@x.org", "4711"
        opened.db.commit()
    return made


def export(course: TinyCourse, to: str, output: Path, **options: Any) -> ExportReport:
    """Export the class."""
    return export_scores(course.engine, ExportOptions(to, output=output, **options))
