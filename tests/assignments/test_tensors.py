"""The assignment `tensors`: its checks pass what is right, fail what is wrong, and say which idea it was."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import pytest
from rehearsal import Rehearsal, answered, verdicts_of_forms

from autograder.checks.student import LocalTransport, Student, StudentError
from autograder.course.assignment import load_assignment
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import cleared, compose_source, compose_submission
from autograder.course.notebook.read import load_template
from autograder.engines.hidden.diagnosis import load_misconceptions

SLUG = "tensors"
ROOT = Path(__file__).parents[2]
SECRET = ROOT / "solutions" / SLUG
SEED = 1

GRID, SHARE, IN, OUT = ("even_grid",), ("share_and_copy",), ("image_to_batch",), ("batch_to_image",)
HOT, ERROR, SCALED, MODE = ("one_hot",), ("mean_squared_error",), ("standardize",), ("tracked",)
MIDDLE, TWICE, LAYER = ("intermediate_gradient",), ("second_derivative",), ("GradientScale",)
#: What the course lists: id and the exercises of its row. Generic ids: where a wrong variant makes sense.
IDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("grid-segments", "grid-excludes-end", "grid-single-point-nan"), GRID),
    **dict.fromkeys(("share-copies-both", "copy-shares-too", "share-swapped", "share-converts-dtype"), SHARE),
    **dict.fromkeys(("image-reshaped-not-permuted", "image-not-scaled", "image-integer-division"), IN),
    **dict.fromkeys(("image-no-batch", "image-scaled-by-maximum", "image-height-width-swapped"), IN),
    **dict.fromkeys(("image-wraps", "image-truncates", "image-channels-first"), OUT),
    **dict.fromkeys(("image-stretched", "image-crashes-on-graph"), OUT),
    **dict.fromkeys(("one-hot-from-one", "one-hot-integers", "one-hot-classes-first"), HOT),
    **dict.fromkeys(("one-hot-infers-classes", "one-hot-wraps-negative"), HOT),
    **dict.fromkeys(("mse-broadcasts", "mse-sum", "mse-half", "mse-root", "mse-absolute"), ERROR),
    "mse-truncates-silently": ERROR,
    **dict.fromkeys(("standardize-leaks", "standardize-each-own", "standardize-all-columns-together"), SCALED),
    **dict.fromkeys(("standardize-unbiased", "standardize-by-variance", "standardize-by-rows"), SCALED),
    **dict.fromkeys(("standardize-constant-nan", "standardize-train-only", "standardize-adds-epsilon"), SCALED),
    **dict.fromkeys(("tracked-leaves-mode", "tracked-always", "tracked-never-on"), MODE),
    "tracked-not-restored-on-error": MODE,
    **dict.fromkeys(("intermediate-of-input", "intermediate-of-outer-only"), MIDDLE),
    **dict.fromkeys(("intermediate-is-none", "intermediate-value"), MIDDLE),
    **dict.fromkeys(("second-is-squared-first", "second-is-first"), TWICE),
    **dict.fromkeys(("second-accumulates-first", "second-crashes-on-lines"), TWICE),
    **dict.fromkeys(("scale-forward-too", "scale-ignored", "scale-blocks", "scale-squared"), LAYER),
    "scale-crashes-without-grad": LAYER,
    "in-place": (*SHARE, *OUT, *HOT, *ERROR, *SCALED),
    "dtype-lost": (*GRID, *IN, *OUT, *HOT, *ERROR, *SCALED, *MIDDLE, *TWICE, *LAYER),
    "accumulates-over-calls": (*GRID, *ERROR),
    "graph-lost": ERROR,
    "device-lost": (),
    "not-implemented": (),
}
CONVENTIONS = {"image-truncates", "standardize-unbiased"}


with_checks = partial(answered, SLUG, SEED)
verdicts = partial(verdicts_of_forms, SLUG, SEED)


def test_every_id_has_a_file_and_covers_its_row() -> None:
    """The misconceptions are those that the course lists, with the exercises of their rows."""
    found: dict[str, set[str]] = {path.stem: set() for path in (SECRET / "misconceptions").glob("*.py")}
    for name, exercise, _ in verdicts("misconceptions"):
        found[name].add(exercise)
    assert {name.replace("_", "-"): exercises for name, exercises in found.items()} == {
        i: set(e) for i, e in IDS.items()
    }


def test_honest_work_passes_every_check() -> None:
    """In every style."""
    assert {key: v.failed for key, v in verdicts("honest").items() if v.failed} == {}


def test_every_form_of_a_wrong_idea_is_named() -> None:
    """The second and third way to have an idea are recognised like the first."""
    named = {key: v.diagnosis for key, v in verdicts("misconceptions").items()}
    assert named == {key: key[0].replace("_", "-") for key in named}


def test_conventions_fail_only_where_they_are_pinned() -> None:
    """A student who rounds or divides in another usual way loses one check."""
    for (name, _, _), verdict in verdicts("misconceptions").items():
        if name.replace("_", "-") in CONVENTIONS:
            assert set(verdict.failed) <= verdict.conventions


def test_stubs_fail_every_check() -> None:
    """The untouched template has no points, and is told that it is a stub."""

    def judge(rehearsal: Rehearsal) -> None:
        stubs = rehearsal.stubs()
        for exercise, checks in rehearsal.grader.examination.checks.items():
            found = rehearsal.verdict(exercise, stubs)
            assert len(found.failed) == len(checks)
            assert found.diagnosis == "not-implemented"

    with_checks(judge)


def test_a_small_epsilon_costs_the_constant_column_alone() -> None:
    """Adding 1e-8 or 1e-5 to every deviation is wrong only for a constant column, and costs nothing else."""

    def judge(rehearsal: Rehearsal) -> list[tuple[tuple[str, ...], str | None]]:
        found = []
        for epsilon in ("1e-8", "1e-5"):
            names = dict(rehearsal.grader._reference)
            exec(
                "def standardize(train, test):\n"
                f"    mean, size = train.mean(0), train.std(0, correction=0) + {epsilon}\n"
                "    return (train - mean) / size, (test - mean) / size",
                names,
            )
            verdict = rehearsal.verdict("standardize", names)
            found.append((verdict.failed, verdict.diagnosis))
        return found

    assert with_checks(judge) == [(("a_constant_column_is_centred_only",), "standardize-adds-epsilon")] * 2


def test_messages_hold_no_hidden_numbers() -> None:
    """What a student reads about a failure names no value that a check drew."""
    messages = {m for v in verdicts("misconceptions").values() for m in v.messages}
    assert messages
    assert not [m for m in messages if re.search(r"\d+\.\d{3,}|tensor\(", m)]


@pytest.mark.parametrize("identifier", IDS)
def test_a_misconception_says_in_one_sentence_what_the_student_did(identifier: str) -> None:
    """The docstring is one sentence in the second person that ends in a period, and a hint teaches."""
    exercises = tuple(e.id for e in load_assignment(ROOT, SLUG).coded)
    known = {m.id: m for m in load_misconceptions(SECRET / "misconceptions", exercises)}[identifier]
    assert known.title.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", known.title)
    assert re.search(r"\b[Yy]ours?\b|\b[Yy]ou\b", known.title)
    assert known.hint.strip().endswith((".", "?", "…"))
    assert known.convention is bool(known.usual_in) is (identifier in CONVENTIONS)


def test_evidence_is_a_sentence_with_numbers() -> None:
    """What a misconception shows of the public example is a sentence; an odd answer has none."""
    assignment = load_assignment(ROOT, SLUG)
    exercises = tuple(e.id for e in assignment.coded)

    def judge(rehearsal: Rehearsal) -> set[str]:
        sentences = set()
        reference = rehearsal.grader.examiner.new_reference()
        for known in load_misconceptions(SECRET / "misconceptions", exercises):
            for exercise in known.exercises:
                source = assignment.exercise(exercise).example
                assert source is not None
                expected = reference.tools.example(source)
                try:
                    yours = Student(LocalTransport(rehearsal.own(known.path))).tools.example(source)
                except StudentError:
                    continue
                found = known.evidence(exercise, yours, expected)
                if found is not None:
                    sentences.add(known.id)
                    assert found.endswith(".")
                    assert len(re.findall(r"\d|nan|inf", found)) > 1, found
                odd_answers: list[Any] = [None, "text", (), [], {"a": 1}]
                for odd in odd_answers:
                    assert known.evidence(exercise, odd, expected) is None
        return sentences

    written = {i for i in IDS if "def evidence(" in (SECRET / f"misconceptions/{i.replace('-', '_')}.py").read_text()}
    assert with_checks(judge) == written
    assert len(written) >= 35


# -- the notebook ------------------------------------------------------------------------------------------


def test_the_source_is_composed_and_cleared_back() -> None:
    """Template and reference fit; what nbgrader clears is the template."""
    assignment = load_assignment(ROOT, SLUG)
    source = compose_source(assignment)
    nbformat.validate(source)
    assert [c.source for c in cleared(source).cells] == [c.source for c in load_template(assignment).cells]


def test_points_are_those_of_the_course() -> None:
    """Thirty-six points, three of them by hand."""
    assignment = load_assignment(ROOT, SLUG)
    assert [int(e.points) for e in assignment.exercises] == [2, 3, 4, 3, 3, 3, 3, 3, 3, 3, 3, 3]
    assert assignment.max_score == 33


def test_honest_notebooks_agree_with_the_public_examples() -> None:
    """Composed into the template, each style runs cell by cell, and passes the asserts that a student sees."""
    assignment = load_assignment(ROOT, SLUG)
    template = load_template(assignment)
    exercises = {e.id for e in assignment.coded}
    shown = exercises | {f"test_{e}" for e in exercises}
    for path in sorted((SECRET / "honest").glob("*.py")):
        names: dict[str, Any] = {"__name__": "__main__", "show": print}
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            notebook = compose_submission(assignment, template, [path, assignment.solution_path])
            cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
            for cell in cells:
                if cell is cells[0] or grade_id(cell) in shown:
                    exec(cell.source, names)
