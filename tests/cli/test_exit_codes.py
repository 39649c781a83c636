"""Exit codes: 0 fine, 1 findings, 2 usage, 3 the grader failed; one message each, never a traceback."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tiny_course import TinyCourse

import autograder.batch
import autograder.course.layout
from autograder.batch import BatchOptions, BatchReport
from autograder.cli import main
from autograder.engines.base import Engine
from autograder.errors import GradebookError, SandboxError
from autograder.sentences import Sentence
from autograder.verdict import CheckResult, ExerciseResult, Grade, Outcome, Status

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def autograder_(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in this process; returns exit code, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["autograder", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        code = end.value.code
        return (0 if code is None else int(code)), out, err

    return run


def grade_of(student: str, status: Status, reason: str | None = None) -> Grade:
    """Return a grade of the tiny course."""
    return Grade(
        assignment="tiny",
        student=student,
        status=status,
        score=Fraction(5 if status is Status.GRADED else 0),
        max_score=Fraction(5),
        device="cpu",
        tier="A",
        seed=1,
        submission_sha256="0" * 64,
        reason=None if reason is None else Sentence(reason),
    )


def batch_of(monkeypatch: pytest.MonkeyPatch, *grades: Grade) -> list[BatchOptions]:
    """Let every batch end with these grades; returns the list that the options go to."""
    seen: list[BatchOptions] = []

    def grade_batch(engine: Engine, options: BatchOptions, progress: object) -> BatchReport:
        seen.append(options)
        page = engine.course.root / "feedback" / "STUDENT" / "tiny" / "tiny.html"
        return BatchReport(grades, unchanged=0, seconds=1.0, seed=1, tier="A", feedback=page)

    monkeypatch.setattr(autograder.batch, "grade_batch", grade_batch)
    return seen


def raising(error: BaseException) -> Callable[..., Any]:
    """Return a function that raises."""

    def raise_it(*arguments: object, **options: object) -> Any:
        raise error

    return raise_it


# -- 2: usage ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["release", "grade", "report"])
def test_no_course_here(autograder_: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """The message says what is missing and both remedies."""
    monkeypatch.chdir(tmp_path)
    code, _, err = autograder_(command, "optimizers")
    assert code == 2
    assert f"error: {tmp_path} is not a course" in err
    assert "autograder init" in err
    assert "--course DIR" in err


@pytest.mark.parametrize("command", ["release", "grade", "report"])
@pytest.mark.parametrize("slug", ["tinny", "..", "-x", "tiny/../tiny", ""])
def test_unknown_slug(autograder_: Run, tiny: TinyCourse, command: str, slug: str) -> None:
    """The message lists the assignments that there are."""
    code, _, err = autograder_(command, "--course", tiny.root, "--", slug)
    assert code == 2
    assert f"has no assignment {slug!r}; it has: tiny." in err


def test_no_submissions(autograder_: Run, tiny: TinyCourse) -> None:
    """The message says where they are looked for."""
    code, _, err = autograder_("grade", "tiny", "--course", tiny.root)
    assert code == 2
    assert str(tiny.root / "submitted" / "*" / "tiny") in err


def test_student_without_submission(autograder_: Run, tiny: TinyCourse) -> None:
    """A mistyped student is not silently left out."""
    tiny.hand_in("s001", tiny.solved())
    code, _, err = autograder_("grade", "tiny", "--course", tiny.root, "--student", "s001", "--student", "s01")
    assert code == 2
    assert "'s01' has handed in nothing" in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--device", "gpu"], "there are cpu, cuda and auto"),
        (["--min-tier", "S"], "there are the tiers A, B and C"),
        (["--jobs", "0"], "--jobs"),
        (["--seed", "-1"], "--seed"),
        (["--seed", "many"], "--seed"),
    ],
)
def test_option_with_a_wrong_value(autograder_: Run, tiny: TinyCourse, options: list[str], words: str) -> None:
    """The option is named, or what it takes."""
    tiny.hand_in("s001", tiny.solved())
    code, _, err = autograder_("grade", "tiny", "--course", tiny.root, *options)
    assert code == 2
    assert words in err


def test_cuda_without_cuda(autograder_: Run, tiny: TinyCourse) -> None:
    """An explicit `--device cuda` is refused with a reason, not run on the CPU."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    tiny.hand_in("s001", tiny.solved())
    code, _, err = autograder_("grade", "tiny", "--course", tiny.root, "--device", "cuda")
    assert code == 2
    assert "--device cuda:" in err
    assert "--device cpu" in err


def test_report_before_grade(autograder_: Run, tiny: TinyCourse) -> None:
    """There is nothing to report on yet."""
    code, _, err = autograder_("report", "tiny", "--course", tiny.root)
    assert code == 2
    assert "run `autograder grade tiny` first" in err


def test_init_in_a_directory_with_something_in_it(autograder_: Run, tmp_path: Path) -> None:
    """Nothing is written where something is."""
    (tmp_path / "thesis.tex").write_text("years of work", encoding="utf-8")
    code, _, err = autograder_("init", tmp_path)
    assert code == 2
    assert "is not empty" in err
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


@pytest.mark.parametrize("content", [None, "", "not json", "[]", '{"cells": 1}'])
def test_check_of_what_is_no_notebook(autograder_: Run, tmp_path: Path, content: str | None) -> None:
    """A missing or broken file is a message."""
    path = tmp_path / "mine.ipynb"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    code, _, err = autograder_("check", path)
    assert code == 2
    assert "error: " in err


@pytest.mark.parametrize("arguments", [["marks"], ["grade"], ["grade", "tiny", "--fast"]])
def test_command_line_that_is_none(autograder_: Run, arguments: list[str]) -> None:
    """Unknown commands, missing arguments and unknown options point to the help."""
    code, _, err = autograder_(*arguments)
    assert code == 2
    assert "--help" in err


# -- 3: the grader failed; and the rest --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SandboxError("no worker [/red] could be started"), "error: no worker [/red] could be started"),
        (GradebookError("locked"), "error: locked"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/course/results"), "/course/results: No space left"),
    ],
)
def test_own_failure(
    autograder_: Run, tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    """What is not the user's fault has a code of its own; the message is printed as it is."""
    monkeypatch.setattr(autograder.batch, "grade_batch", raising(error))
    code, _, err = autograder_("grade", "tiny", "--course", tiny.root)
    assert code == 3
    assert words in err


def test_interrupt(autograder_: Run, tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """After Ctrl-C it says that nothing is lost."""
    monkeypatch.setattr(autograder.batch, "grade_batch", raising(KeyboardInterrupt()))
    code, _, err = autograder_("grade", "tiny", "--course", tiny.root)
    assert code == 130
    assert "What is done is kept" in err


def test_rejected_submissions_are_a_result(autograder_: Run, tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be graded is the student's matter; the reason is printed as it is."""
    reason = "The file is [bold]no notebook"
    batch_of(monkeypatch, grade_of("a", Status.GRADED), grade_of("b", Status.REJECTED, reason))
    code, out, _ = autograder_("grade", "tiny", "--course", tiny.root)
    assert code == 0
    assert f"rejected: b: {reason}" in out


def test_ungraded_submissions_are_a_failure(
    autograder_: Run, tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scripts must notice that someone has no grade."""
    batch_of(monkeypatch, grade_of("a", Status.GRADED), grade_of("b", Status.UNGRADED, "the grader failed"))
    code, out, _ = autograder_("grade", "tiny", "--course", tiny.root)
    assert code == 3
    assert "ungraded: b: the grader failed" in out


def test_options_arrive(autograder_: Run, tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every option of `grade` reaches the batch."""
    seen = batch_of(monkeypatch, grade_of("a", Status.GRADED))
    options = ["--student", "a", "--student", "b", "--jobs", "3", "--device", "cpu", "--seed", "7"]
    options += ["--force", "--min-tier", "C"]
    code, _, _ = autograder_("grade", "tiny", "--course", tiny.root, *options)
    assert code == 0
    assert seen == [BatchOptions(students=("a", "b"), jobs=3, device="cpu", seed=7, force=True, min_tier="C")]


def test_outcome_is_a_table_and_where_to_look(
    autograder_: Run, tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts, the mean and the places of results, feedback and formgrader are printed."""
    batch_of(monkeypatch, *(grade_of(s, Status.GRADED) for s in "abc"), grade_of("d", Status.REJECTED, "empty"))
    _, out, _ = autograder_("grade", "tiny", "--course", tiny.root)
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.strip()}
    assert rows["graded"] == ["3"]
    assert rows["rejected"] == ["1"]
    assert rows["ungraded"] == ["0"]
    assert rows["mean"] == ["5", "of", "5", "points"]
    assert str(tiny.root / "results" / "tiny") in out
    assert str(tiny.root / "feedback" / "STUDENT" / "tiny" / "tiny.html") in out
    assert "run `jupyter lab` in " in out
    assert "then open http://localhost:8888/formgrader" in out


def wrong_in_double(student: str) -> Grade:
    """Return a grade with one wrong idea, which two checks show."""
    checks = tuple(
        CheckResult(name, Outcome.FAILED, 1, Fraction(0), Sentence(title))
        for name, title in (("four", "4 is 8."), ("ten", "10 is 20."))
    )
    double = ExerciseResult(
        "double", Fraction(0), Fraction(2), checks, "triples", diagnosis_title=Sentence("You add it thrice.")
    )
    return replace(grade_of(student, Status.GRADED), score=Fraction(3), exercises=(double,))


def test_what_more_than_a_fifth_share_is_said(
    autograder_: Run, tiny: TinyCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The diagnosis that so many share is named, for people and for programs; a fifth is not enough."""
    class_ = [*(wrong_in_double(s) for s in "abc"), *(grade_of(f"r{i}", Status.GRADED) for i in range(12))]
    batch_of(monkeypatch, *class_)
    _, out, _ = autograder_("grade", "tiny", "--course", tiny.root)
    assert "note:" not in out
    batch_of(monkeypatch, *class_, wrong_in_double("d"))
    _, out, _ = autograder_("grade", "tiny", "--course", tiny.root)
    said = [
        "4 of 16 share the diagnosis triples (double): look whether the text misleads.",
    ]
    assert [line for line in out.splitlines() if line.startswith("note:")] == [f"note: {text}" for text in said]
    _, out, _ = autograder_("grade", "tiny", "--course", tiny.root, "--json")
    assert json.loads(out.splitlines()[-1])["alerts"] == said


def test_init_says_what_comes_next(autograder_: Run, tmp_path: Path) -> None:
    """A new course has the built-in assignment, and the next command is named."""
    code, out, _ = autograder_("init", tmp_path / "course")
    assert code == 0
    assert (tmp_path / "course" / "assignments" / "optimizers" / "assignment.toml").is_file()
    assert "autograder release" in out
