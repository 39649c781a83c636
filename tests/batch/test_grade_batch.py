"""A batch on a course: what is graded, what is left alone, and what survives trouble.

Starting a judge takes longer than grading a dozen notebooks. So one run shows as much as it can, and tests that are not
about numbers use the tiny course, which is graded once and copied.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from course_fixture import Classroom, make_classroom
from tiny_course import make_tiny_course

from autograder.batch import rewrite_reports
from autograder.course.assignment import load_assignment
from autograder.course.layout import Course
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.read import read_submission
from autograder.errors import AssignmentError, DeviceError, SubmissionRejected, UsageError
from autograder.verdict import Grade, Outcome, Status

pytestmark = pytest.mark.sandbox

ALWAYS_EQUAL = """
class Yes(torch.Tensor):
    def __eq__(self, other):
        return True


def sgd_step(param, grad, lr):
    return param.as_subclass(Yes)
"""


#: A wrong answer that is right for whole numbers above zero: it passes one of two checks.
HALF_RIGHT = "def double(x):\n    return 2 * abs(x)"


@pytest.fixture
def classroom(tmp_path: Path) -> Classroom:
    """A new tiny course with hidden checks, in which nobody has handed in."""
    tiny = make_tiny_course(tmp_path / "course")
    tiny.add_checks()
    return Classroom(tiny.course, tiny.assignment)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A tiny course in which `a`, half right, and `b`, right, were graded with a seed of the grader's choice."""
    tiny = make_tiny_course(tmp_path_factory.mktemp("once") / "course")
    tiny.add_checks()
    classroom = Classroom(tiny.course, tiny.assignment)
    classroom.hand_in("a", classroom.edited("double", HALF_RIGHT))
    classroom.hand_in("b", classroom.solved())
    report = classroom.grade(seed=None)
    assert report.unchanged == 0
    assert [float(g.score) for g in report.grades] == [4.0, 5.0]
    return classroom


@pytest.fixture
def graded(once: Classroom, tmp_path: Path) -> Classroom:
    """A copy of the graded tiny course, as if it had been graded there."""
    shutil.copytree(once.root, tmp_path / "course", symlinks=True)
    return Classroom(Course(tmp_path / "course"), load_assignment(tmp_path / "course", "tiny"))


@dataclass(frozen=True)
class Crowd:
    """A course whose class has every kind of trouble, graded by two judges; results as they were then."""

    classroom: Classroom
    grades: dict[str, Grade]
    results: dict[str, Any]
    pages: dict[str, str]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    """Hand everything in at once and grade it once."""
    root = tmp_path_factory.mktemp("crowd") / "course"
    make_classroom(root)
    toml = root / "assignments" / "optimizers" / "assignment.toml"
    text = toml.read_text(encoding="utf-8")
    # Endless work ends sooner; right work takes hundredths of a second.
    toml.write_text(text.replace("check_s = 3.0", "check_s = 1.5"), encoding="utf-8")
    classroom = Classroom(Course(root), load_assignment(root, "optimizers"))
    assert classroom.assignment.limits.check_s == 1.5
    classroom.hand_in("right", classroom.solved())
    hand_in_unreadable(classroom)
    hand_in_edited_oddly(classroom)
    for student, (source, _) in TROUBLE.items():
        classroom.hand_in(student, classroom.edited("sgd_step", source))
    for student, variant in VARIANTS.items():
        classroom.hand_in(student, classroom.solved(variant))
    grades = classroom.grades(jobs=2)
    pages = {student: classroom.feedback(student) for student in VARIANTS}
    return Crowd(classroom, grades, results(classroom), pages)


def results(classroom: Classroom) -> dict[str, Any]:
    """Return all results without durations."""
    found = {}
    for path in sorted((classroom.course.results_dir / classroom.assignment.slug).glob("[!.]*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        data.pop("seconds")
        for exercise in data["exercises"]:
            for check in exercise["checks"]:
                check.pop("seconds")
        found[path.stem] = data
    return found


UNREADABLE = {
    "absent",
    "a-list",
    "binary",
    "deep",
    "empty",
    "huge",
    "link",
    "no-json",
    "not-a-notebook",
    "pipe",
    "wrong-assignment",
}
VARIANTS = {"stale": "misconceptions/adam_stale_m", "in-place": "misconceptions/in_place"}
TROUBLE = {
    "exit": ("import os\n\n\ndef sgd_step(param, grad, lr):\n    os._exit(0)", Outcome.CRASHED),
    "segfault": ("import ctypes\n\n\ndef sgd_step(param, grad, lr):\n    ctypes.string_at(0)", Outcome.CRASHED),
    "SystemExit": ("def sgd_step(param, grad, lr):\n    raise SystemExit(0)", Outcome.ERROR),
    "recursion": ("def sgd_step(param, grad, lr):\n    return sgd_step(param, grad, lr)", Outcome.ERROR),
    "exit-in-cell": ("import os\nos._exit(0)", Outcome.ERROR),
    "AlwaysEqual": (ALWAYS_EQUAL, Outcome.FAILED),
    "NaN": ("def sgd_step(param, grad, lr):\n    return param * float('nan')", Outcome.FAILED),
    "flood": ("def sgd_step(param, grad, lr):\n    return torch.zeros(1 << 24)", Outcome.FAILED),
    "endless": ("def sgd_step(param, grad, lr):\n    while True:\n        pass", Outcome.TIMEOUT),
}


def hand_in_unreadable(classroom: Classroom) -> None:
    """Hand in files that are no notebook of this assignment, and one notebook that is."""
    classroom.hand_in("empty", "")
    classroom.hand_in("no-json", "{")
    classroom.hand_in("a-list", [])
    classroom.hand_in("not-a-notebook", {"a": 1})
    classroom.hand_in("binary", b"\x00\xff\xfe" * 100)
    classroom.hand_in("deep", "[" * 100_000)
    classroom.hand_in("wrong-assignment", {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})
    with classroom.hand_in("huge", "").open("wb") as file:
        file.truncate(100 << 20)
    link = classroom.path("link")
    link.parent.mkdir(parents=True)
    link.symlink_to(classroom.path("right"))
    pipe = classroom.path("pipe")
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    (classroom.root / "submitted" / "absent" / "optimizers").mkdir(parents=True)


def hand_in_edited_oddly(classroom: Classroom) -> None:
    """Hand in right notebooks as editors, old formats and students leave them."""
    changed = classroom.solved()
    for cell in changed.cells:
        if grade_id(cell) == "test_adam_step":
            cell.source = "assert True"
            cell.metadata["nbgrader"]["points"] = 1000
    changed.cells = [c for c in changed.cells if grade_id(c) != "test_sgd_step"]
    copy = next(c for c in changed.cells if grade_id(c) == "momentum_step").copy()
    copy["id"] = "again"
    changed.cells.append(copy)
    classroom.hand_in("changed", changed)
    windows = classroom.solved()
    for cell in windows.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    classroom.hand_in("windows", windows)
    old = json.loads(json.dumps(classroom.solved()))
    old["nbformat_minor"] = 2
    for cell in old["cells"]:
        cell.pop("id")
        cell["source"] = cell["source"].splitlines(keepends=True)
    classroom.hand_in("old-format", old)
    retyped = classroom.solved()
    for cell in retyped.cells:
        if grade_id(cell) == "sgd_step":
            cell["cell_type"] = "markdown"
            cell.pop("outputs")
            cell.pop("execution_count")
    classroom.hand_in("retyped", retyped)


def test_bad_input_is_rejected_one_by_one_and_the_rest_is_graded(crowd: Crowd) -> None:
    """Each unreadable submission says what is wrong and what to do; the others get their points."""
    assert crowd.grades["right"].score == 39
    rejected = {s: g for s, g in crowd.grades.items() if g.status is Status.REJECTED}
    assert set(rejected) == UNREADABLE
    for grade in rejected.values():
        assert grade.reason
        assert str(crowd.classroom.root) not in grade.reason
        assert "Traceback" not in grade.reason
    assert "symbolic link" in str(rejected["link"].reason)
    assert "105 MB" in str(rejected["huge"].reason)


def test_an_unreadable_file_is_rejected(classroom: Classroom) -> None:
    """A file without read permission is the student's to hand in again."""
    path = classroom.hand_in("locked", classroom.solved())
    path.chmod(0)
    template = classroom.template
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)  # root reads everything
    try:
        with pytest.raises(SubmissionRejected, match="cannot be read"):
            read_submission(path, classroom.assignment, template)
    finally:
        if root:
            os.seteuid(0)


def test_notebooks_that_were_edited_oddly_are_graded(crowd: Crowd) -> None:
    """Deleted and changed test cells, points and copies of cells cost nothing; a note tells."""
    grades = {student: crowd.grades[student] for student in ("changed", "windows", "old-format", "retyped")}
    assert {s: float(g.score) for s, g in grades.items() if s != "retyped"} == {
        "changed": 39.0,
        "windows": 39.0,
        "old-format": 39.0,
    }
    assert grades["changed"].max_score == 39
    assert len(grades["changed"].notes) >= 3
    assert "markdown" in " ".join(grades["retyped"].notes)
    assert {e.id: e.score for e in grades["retyped"].exercises}["sgd_step"] == 0


def test_trouble_costs_its_own_exercise_only(crowd: Crowd) -> None:
    """If one exercise misbehaves, those that do not build on it keep their points, and so do other students."""
    grades = crowd.grades
    assert grades["right"].score == 39
    for student, (_, outcome) in TROUBLE.items():
        grade = grades[student]
        assert grade.status is Status.GRADED
        by_id = {e.id: e for e in grade.exercises}
        # A wrong answer that at least leaves its inputs alone earns that one check.
        assert by_id["sgd_step"].score <= Fraction(1, 8), student
        assert outcome in {c.outcome for c in by_id["sgd_step"].checks}, student
        lost = {i for i, e in by_id.items() if e.score < e.max_score}
        assert lost <= {"sgd_step", "compare_optimizers"}, student


def test_what_has_not_changed_is_not_run_again(graded: Classroom) -> None:
    """A second run grades nothing; after a changed submission, another seed or a changed check, `grade` runs again."""
    first = results(graded)
    report = graded.grade(seed=None)
    assert report.unchanged == 2
    assert graded.grade(seed=report.seed).unchanged == 2
    assert results(graded) == first
    graded.hand_in("a", graded.solved())
    report = graded.grade(seed=None)
    assert (report.unchanged, [float(g.score) for g in report.grades]) == (1, [5.0, 5.0])
    report = graded.grade(seed=report.seed + 1)
    assert report.unchanged == 0
    check = graded.assignment.checks_dir / "test_tiny.py"
    check.write_text(check.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    edited = graded.grade(seed=report.seed)
    assert (edited.unchanged, edited.reevaluated) == (0, 2)
    assert graded.grade(seed=report.seed).unchanged == 2


def test_reruns_are_identical_bit_by_bit(crowd: Crowd) -> None:
    """The same seed gives the same results, beside any students and in any number of processes; durations aside."""
    report = crowd.classroom.grade(jobs=1, force=True, students=tuple(VARIANTS))
    assert report.unchanged == 0
    assert results(crowd.classroom) == crowd.results
    assert {student: crowd.classroom.feedback(student) for student in VARIANTS} == crowd.pages


def test_a_manual_score_survives_a_regrade(graded: Classroom) -> None:
    """What a person entered in formgrader stays; only the automatic score changes."""
    from nbgrader.api import Gradebook

    url = f"sqlite:///{graded.root / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        for name, points in (("q_why", 0.5), ("test_double", 1.5)):
            gradebook.find_grade(name, "tiny", "tiny", "a").manual_score = points
        comment = gradebook.find_comment("double", "tiny", "tiny", "a")
        assert "negative" in comment.auto_comment
        comment.manual_comment = "Well tried."
        gradebook.db.commit()
    graded.hand_in("a", graded.solved())
    graded.grade()
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("test_double", "tiny", "tiny", "a")
        assert (grade.manual_score, grade.auto_score, grade.score) == (1.5, 2.0, 1.5)
        assert grade.needs_manual_grade
        assert gradebook.find_grade("q_why", "tiny", "tiny", "a").score == 0.5
        comment = gradebook.find_comment("double", "tiny", "tiny", "a")
        assert comment.comment == "Well tried."
        assert gradebook.find_submission("tiny", "a").score == 5 - 0.5 + 0.5


def test_only_the_named_student_is_graded(graded: Classroom) -> None:
    """--student grades one, --force again, and keeps the others' results in the summary."""
    result = graded.course.results_dir / "tiny"
    before = {s: (result / f"{s}.json").stat().st_ino for s in "ab"}
    report = graded.grade(seed=None, students=("b",), force=True)
    assert report.unchanged == 0
    assert [g.student for g in report.grades] == ["a", "b"]
    after = {s: (result / f"{s}.json").stat().st_ino for s in "ab"}
    assert after["a"] == before["a"]
    assert after["b"] != before["b"]
    with pytest.raises(UsageError, match="'c' has handed in nothing"):
        graded.grade(students=("c",))


def test_a_submission_that_loses_two_judges_is_ungraded_and_one_that_loses_one_is_graded(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own crash is never a student's zero. One loss may be chance; what is ungraded, the next run grades."""
    from autograder.batch.executors import local as pool

    classroom.hand_in("a", classroom.solved())
    classroom.hand_in("b", classroom.solved())
    give = pool.JudgePool._give

    deaths = {"a": 2, "b": 1}

    def give_and_kill(self: pool.JudgePool, judge: Any, waiting: Any) -> None:
        give(self, judge, waiting)
        if judge.work is not None and deaths.get(judge.work.student):
            deaths[judge.work.student] -= 1
            judge.process.kill()

    with monkeypatch.context() as patch:
        patch.setattr(pool.JudgePool, "_give", give_and_kill)
        grades = classroom.grades(jobs=1)
    assert grades["a"].status is Status.UNGRADED
    assert "twice" in str(grades["a"].reason)
    assert grades["b"].score == 5
    assert classroom.grades(jobs=1)["a"].score == 5


def test_a_broken_check_stops_the_batch_with_its_name(classroom: Classroom) -> None:
    """Nobody is graded by a check that the reference does not pass, or that cannot be collected."""
    classroom.hand_in("a", classroom.solved())
    check = classroom.assignment.checks_dir / "test_tiny.py"
    text = check.read_text(encoding="utf-8")
    check.write_text(text.replace("!= 8", "!= 9", 1), encoding="utf-8")
    with pytest.raises(AssignmentError, match="the reference solution does not pass 'doubles_whole_numbers"):
        classroom.grade()
    check.write_text(text + "\nimport nothing_of_this_name\n", encoding="utf-8")
    with pytest.raises(AssignmentError, match="nothing_of_this_name"):
        classroom.grade()
    assert not list((classroom.course.results_dir / "tiny").glob("a.json"))


def test_exercises_can_count_as_a_whole_only(classroom: Classroom) -> None:
    """With all_or_nothing one failed check takes all points of its exercise."""
    toml = classroom.assignment.public_dir / "assignment.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('id = "double"', 'id = "double"\nall_or_nothing = true'), encoding="utf-8")
    strict = Classroom(classroom.course, load_assignment(classroom.root, "tiny"))
    strict.hand_in("a", strict.edited("double", HALF_RIGHT))
    exercises = {e.id: e for e in strict.grades()["a"].exercises}
    assert {c.outcome for c in exercises["double"].checks} == {Outcome.PASSED, Outcome.FAILED}
    assert exercises["double"].score == 0
    assert exercises["Counter"].score == 3


def test_reports_can_be_written_again(graded: Classroom) -> None:
    """`report` makes the same pages from the results alone."""
    page = graded.feedback("a")
    (graded.root / "feedback/a/tiny/tiny.html").unlink()
    assert rewrite_reports(graded.engine).students == 2
    assert graded.feedback("a") == page


def test_the_seed_is_kept_secret(graded: Classroom) -> None:
    """The batch's seed is chosen once and readable by the grader alone."""
    journal = graded.course.results_dir / "tiny" / ".batch.json"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    seed = json.loads(journal.read_text(encoding="utf-8"))["seed"]
    assert graded.grade(seed=None).seed == seed


def test_nothing_to_grade_is_said(classroom: Classroom) -> None:
    """Without submissions the message names the folder and how to fill it."""
    with pytest.raises(UsageError, match="nbgrader collect"):
        classroom.grade()


def test_cuda_without_a_gpu_is_a_clear_error(classroom: Classroom) -> None:
    """An explicit cuda on a machine without one says so."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    classroom.hand_in("a", classroom.solved())
    with pytest.raises(DeviceError, match="--device cpu"):
        classroom.grade(device="cuda")


def test_a_tier_that_is_not_there_is_refused(classroom: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below --min-tier nothing runs, and the message says what to allow."""
    from autograder.sandbox import probe
    from autograder.sandbox.spec import Tier

    classroom.hand_in("a", classroom.solved())
    weak = probe.ProbeResult(Tier.C, ((Tier.A, "unshare refused"), (Tier.B, "no Landlock")))
    monkeypatch.setattr(probe, "probe", lambda: weak)
    with pytest.raises(UsageError, match=r"tier B: no Landlock\. Allow unprivileged user namespaces"):
        classroom.grade()
