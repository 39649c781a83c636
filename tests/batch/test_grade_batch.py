"""A batch on a course: what is graded, what is left alone, and what survives trouble."""

from __future__ import annotations

import json
import os
import stat
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from course_fixture import Classroom, make_classroom

from autograder.assignment import load_assignment
from autograder.batch import rewrite_reports
from autograder.errors import AssignmentError, DeviceError, SubmissionRejected, UsageError
from autograder.notebook.cells import grade_id
from autograder.notebook.read import read_submission
from autograder.verdict import Outcome, Status

pytestmark = pytest.mark.sandbox

ALWAYS_EQUAL = """
class Yes(torch.Tensor):
    def __eq__(self, other):
        return True


def sgd_step(param, grad, lr):
    return param.as_subclass(Yes)
"""


@pytest.fixture
def classroom(tmp_path: Path) -> Classroom:
    """A new course."""
    return make_classroom(tmp_path / "course")


def results(classroom: Classroom) -> dict[str, Any]:
    """Return all results without durations."""
    found = {}
    for path in sorted((classroom.course.results_dir / "optimizers").glob("[!.]*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        data.pop("seconds")
        for exercise in data["exercises"]:
            for check in exercise["checks"]:
                check.pop("seconds")
        found[path.stem] = data
    return found


def test_bad_input_is_rejected_one_by_one_and_the_rest_is_graded(classroom: Classroom) -> None:
    """Each unreadable submission says what is wrong and what to do; the others get their points."""
    right = classroom.solved()
    classroom.hand_in("right", right)
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
    grades = classroom.grades()
    assert grades.pop("right").score == 39
    assert {g.status for g in grades.values()} == {Status.REJECTED}
    assert len(grades) == 11
    for grade in grades.values():
        assert grade.reason
        assert str(classroom.root) not in grade.reason
        assert "Traceback" not in grade.reason
    assert "symbolic link" in str(grades["link"].reason)
    assert "105 MB" in str(grades["huge"].reason)


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


def test_notebooks_that_were_edited_oddly_are_graded(classroom: Classroom) -> None:
    """Deleted and changed test cells, points and copies of cells cost nothing; a note tells."""
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
    grades = classroom.grades()
    assert {s: float(g.score) for s, g in grades.items() if s != "retyped"} == {
        "changed": 39.0,
        "windows": 39.0,
        "old-format": 39.0,
    }
    assert grades["changed"].max_score == 39
    assert len(grades["changed"].notes) >= 3
    assert "markdown" in " ".join(grades["retyped"].notes)
    assert {e.id: e.score for e in grades["retyped"].exercises}["sgd_step"] == 0


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


def test_trouble_costs_its_own_exercise_only(classroom: Classroom) -> None:
    """However one exercise misbehaves, those that do not build on it keep their points, and so do others."""
    for student, (source, _) in TROUBLE.items():
        classroom.hand_in(student, classroom.edited("sgd_step", source))
    classroom.hand_in("right", classroom.solved())
    grades = classroom.grades()
    assert grades.pop("right").score == 39
    for student, (_, outcome) in TROUBLE.items():
        grade = grades[student]
        assert grade.status is Status.GRADED
        by_id = {e.id: e for e in grade.exercises}
        # A wrong answer that at least leaves its inputs alone earns that one check.
        assert by_id["sgd_step"].score <= Fraction(1, 8), student
        assert outcome in {c.outcome for c in by_id["sgd_step"].checks}, student
        lost = {i for i, e in by_id.items() if e.score < e.max_score}
        assert lost <= {"sgd_step", "compare_optimizers"}, student


def test_what_has_not_changed_is_not_run_again(classroom: Classroom) -> None:
    """A second run grades nothing, a comment in a check neither; a changed submission, another seed or --force do."""
    classroom.hand_in("a", classroom.solved())
    classroom.hand_in("b", classroom.solved("misconceptions/adam_swapped_betas"))
    assert classroom.grade().unchanged == 0
    first = results(classroom)
    assert classroom.grade().unchanged == 2
    assert classroom.grade(seed=None).seed == 7
    classroom.hand_in("b", classroom.solved())
    assert classroom.grade().unchanged == 1
    assert classroom.grade(seed=8).unchanged == 0
    check = classroom.assignment.checks_dir / "test_02_sgd_step.py"
    check.write_text(check.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    edited = classroom.grade(seed=8)
    assert (edited.unchanged, edited.reevaluated) == (0, 2)
    assert classroom.grade(seed=8, force=True).unchanged == 0
    assert first["a"]["score"] == 39


def test_reruns_are_identical_bit_by_bit(classroom: Classroom) -> None:
    """Same seed, same results, whoever is graded beside whom; durations aside."""
    classroom.hand_in("a", classroom.solved("misconceptions/adam_stale_m"))
    classroom.hand_in("b", classroom.solved("misconceptions/in_place"))
    classroom.grade(jobs=1)
    first = results(classroom)
    pages = [classroom.feedback(s) for s in "ab"]
    classroom.hand_in("0", classroom.edited("sgd_step", "import os\nos._exit(0)"))
    classroom.grade(jobs=2, force=True)
    second = results(classroom)
    second.pop("0")
    assert first == second
    assert pages == [classroom.feedback(s) for s in "ab"]


def test_a_manual_score_survives_a_regrade(classroom: Classroom) -> None:
    """What a person entered in formgrader stays; only the automatic score changes."""
    from nbgrader.api import Gradebook

    classroom.hand_in("a", classroom.solved("misconceptions/adam_swapped_betas"))
    classroom.grade()
    url = f"sqlite:///{classroom.root / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        for name, points in (("q_optimizers", 2.5), ("test_adam_step", 4.0)):
            gradebook.find_grade(name, "optimizers", "optimizers", "a").manual_score = points
        comment = gradebook.find_comment("adam_step", "optimizers", "optimizers", "a")
        assert "β" in comment.auto_comment
        comment.manual_comment = "Well tried."
        gradebook.db.commit()
    classroom.hand_in("a", classroom.solved())
    classroom.grade()
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade("test_adam_step", "optimizers", "optimizers", "a")
        assert (grade.manual_score, grade.auto_score, grade.score) == (4.0, 5.0, 4.0)
        assert grade.needs_manual_grade
        assert gradebook.find_grade("q_optimizers", "optimizers", "optimizers", "a").score == 2.5
        comment = gradebook.find_comment("adam_step", "optimizers", "optimizers", "a")
        assert comment.comment == "Well tried."
        assert gradebook.find_submission("optimizers", "a").score == 39 - 1 + 2.5


def test_only_the_named_student_is_graded(classroom: Classroom) -> None:
    """--student grades one and keeps the others' results in the summary."""
    for student in ("a", "b"):
        classroom.hand_in(student, classroom.solved())
    classroom.grade()
    report = classroom.grade(students=("b",), force=True)
    assert [g.student for g in report.grades] == ["a", "b"]
    with pytest.raises(UsageError, match="'c' has handed in nothing"):
        classroom.grade(students=("c",))


def test_a_judge_that_dies_leaves_its_submission_ungraded(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own death is never a student's zero; the next run makes it good."""
    from autograder.batch import pool

    classroom.hand_in("a", classroom.solved())
    classroom.hand_in("b", classroom.solved())
    give = pool.JudgePool._give

    def give_and_kill(self: pool.JudgePool, judge: Any, waiting: Any) -> None:
        give(self, judge, waiting)
        if judge.work is not None and judge.work.student == "a":
            judge.process.kill()

    with monkeypatch.context() as patch:
        patch.setattr(pool.JudgePool, "_give", give_and_kill)
        grades = classroom.grades(jobs=1)
    assert grades["a"].status is Status.UNGRADED
    assert grades["b"].score == 39
    assert classroom.grades(jobs=1)["a"].score == 39


def test_a_broken_check_stops_the_batch_with_its_name(classroom: Classroom) -> None:
    """Nobody is graded by a check that the reference does not pass, or that cannot be collected."""
    classroom.hand_in("a", classroom.solved())
    check = classroom.assignment.checks_dir / "test_02_sgd_step.py"
    text = check.read_text(encoding="utf-8")
    check.write_text(text.replace("0.3)", "0.4)", 1), encoding="utf-8")
    with pytest.raises(AssignmentError, match="the reference solution does not pass 'steps_against_the_gradient"):
        classroom.grade()
    check.write_text(text + "\nimport nothing_of_this_name\n", encoding="utf-8")
    with pytest.raises(AssignmentError, match="nothing_of_this_name"):
        classroom.grade()
    assert not list((classroom.course.results_dir / "optimizers").glob("a.json"))


def test_exercises_can_count_as_a_whole_only(classroom: Classroom) -> None:
    """With all_or_nothing one failed check takes all points of its exercise."""
    toml = classroom.assignment.public_dir / "assignment.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('id = "adam_step"', 'id = "adam_step"\nall_or_nothing = true'), encoding="utf-8")
    strict = Classroom(classroom.course, load_assignment(classroom.root, "optimizers"))
    strict.hand_in("a", strict.solved("misconceptions/adam_eps_inside_sqrt"))
    exercises = {e.id: e for e in strict.grades()["a"].exercises}
    assert exercises["adam_step"].score == 0
    assert exercises["Adam"].score > 4


def test_reports_can_be_written_again(classroom: Classroom) -> None:
    """`report` makes the same pages from the results alone."""
    classroom.hand_in("a", classroom.solved("misconceptions/adam_swapped_betas"))
    classroom.grade()
    page = classroom.feedback("a")
    (classroom.root / "feedback/a/optimizers/optimizers.html").unlink()
    assert rewrite_reports(classroom.course, classroom.assignment) == 1
    assert classroom.feedback("a") == page


def test_the_seed_is_kept_secret(classroom: Classroom) -> None:
    """The batch's seed is chosen once and readable by the grader alone."""
    classroom.hand_in("a", classroom.edited("sgd_step", "1"))
    seed = classroom.grade(seed=None).seed
    assert classroom.grade(seed=None).seed == seed
    journal = classroom.course.results_dir / "optimizers" / ".batch.json"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


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
