"""The assignment `modules`: its checks pass what is right, fail what is wrong, and say which idea it was."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from rehearsal import Rehearsal, answered, verdicts_of_forms

from autograder.checks.student import LocalTransport, Student, StudentError
from autograder.course.assignment import load_assignment
from autograder.course.notebook.cells import grade_id
from autograder.course.notebook.compose import cleared, compose_source, compose_submission
from autograder.course.notebook.read import load_template
from autograder.course.notebook.variants import reference_of
from autograder.engines.hidden.diagnosis import load_misconceptions

SLUG = "modules"
ROOT = Path(__file__).parents[2]
SECRET = ROOT / "solutions" / SLUG
SEED = 1

#: What the course lists, without the beginning that all ids of a row share.
ROWS = {
    ("linear", "Linear"): "weight-in-out samples-in-columns plain-tensors always-bias starts-too-large starts-at-zero "
    "bias-starts-at-zero two-dimensions-only forgets-bias",
    ("perceptron", "Perceptron"): "no-activation activation-at-end relu python-list other-names",
    ("size", "output_size"): "rounds-up no-plus-one plus-one-inside padding-once ignores-dilation float",
    ("conv", "conv2d"): "flips-kernel transposes-kernel ignores-stride ignores-padding pads-one-side pads-with-edge "
    "forgets-bias first-channel-only bias-per-channel mean",
    ("pool", "pool2d"): "stride-one ignores-stride sums max-for-both keeps-remainder over-channels any-mode",
    ("bn", "BatchNorm1d"): "momentum-of-old running-biased momentum-of-old-and-biased unbiased-inside eps-outside-root "
    "no-eps by-variance batch-in-evaluation running-in-training updates-in-evaluation over-features "
    "statistics-detached no-scale-and-shift statistics-trained statistics-not-in-state statistics-keep-graph",
    ("dropout", "Dropout"): "not-scaled scales-in-evaluation keeps-p divides-by-p in-evaluation whole-rows mask-fixed "
    "exact-number one-is-nan any-p",
    ("lenet", "LeNet"): "size-fixed kernel-six softmax-inside flattens-batch view-guesses-batch",
    ("visit", "visit_order"): "parents-first not-itself leaves-only children-only short-names",
    ("freeze", "freeze"): "inverted by-beginning by-part-of-name forgets-statistics keeps-old-gradients "
    "everything-in-evaluation sets-module-attribute never-unfreezes ignores-unknown-names",
    ("head", "replace_head"): "changes-attribute-only replaces-first appended always-bias restarts-the-body in-copy",
    ("load", "load_matching"): "cuts-blindly replaces-anywhere ignores-shapes parameters-only ignores-prefix by-order "
    "not-strict reports-swapped",
}
LAYERS = {"Linear", "Perceptron", "conv2d", "pool2d", "BatchNorm1d", "Dropout", "LeNet"}
IDS: dict[str, set[str]] = {
    **{f"{row}-{name}": {exercise} for (row, exercise), names in ROWS.items() for name in names.split()},
    "dtype-lost": LAYERS | {"replace_head", "load_matching"},
    "graph-lost": LAYERS,
    "in-place": {"BatchNorm1d", "Dropout", "freeze", "load_matching"},
    "device-lost": {"replace_head"},
    "accumulates-over-calls": {"visit_order", "load_matching"},
    "not-implemented": set(),
}
CONVENTIONS = {"conv-flips-kernel", "bn-momentum-of-old", "bn-running-biased", "bn-momentum-of-old-and-biased"}


with_checks = partial(answered, SLUG, SEED)
verdicts = partial(verdicts_of_forms, SLUG, SEED)


def test_every_id_has_a_file_and_covers_its_row() -> None:
    """The misconceptions are those that the course lists, with the exercises of their rows."""
    found: dict[str, set[str]] = {path.stem: set() for path in (SECRET / "misconceptions").glob("*.py")}
    for name, exercise, _ in verdicts("misconceptions"):
        found[name].add(exercise)
    assert {name.replace("_", "-"): exercises for name, exercises in found.items()} == IDS


def test_every_form_of_a_wrong_idea_is_named() -> None:
    """The second and third way to have an idea are recognised like the first."""
    named = {key: v.diagnosis for key, v in verdicts("misconceptions").items()}
    assert named == {key: key[0].replace("_", "-") for key in named}


def test_conventions_fail_only_where_they_are_pinned() -> None:
    """A student who flips the kernel, or uses another momentum or variance, loses only the checks that pin it."""
    lost = {k: v for k, v in verdicts("misconceptions").items() if k[0].replace("_", "-") in CONVENTIONS}
    assert len(lost) == len(CONVENTIONS)
    assert {key: v.failed for key, v in lost.items() if not set(v.failed) <= v.conventions} == {}


def test_honest_work_passes_every_check() -> None:
    """In every style."""
    assert {key: v.failed for key, v in verdicts("honest").items() if v.failed} == {}


def test_stubs_fail_every_check() -> None:
    """The untouched template has no points, and is told that it is a stub."""

    def judge(rehearsal: Rehearsal) -> None:
        stubs = rehearsal.stubs()
        for exercise, checks in rehearsal.grader.examination.checks.items():
            found = rehearsal.verdict(exercise, stubs)
            assert len(found.failed) == len(checks)
            assert found.diagnosis == "not-implemented"

    with_checks(judge)


def test_perceptron_does_not_pay_for_linear() -> None:
    """What follows from the student's own Linear counts as right: a transposed weight, a bias that is not used."""

    def judge(rehearsal: Rehearsal) -> dict[str, tuple[str, ...]]:
        found = {}
        for name in ("linear_weight_in_out", "linear_forgets_bias", "linear_starts_at_zero"):
            names = rehearsal.own(SECRET / "misconceptions" / f"{name}.py")
            # The reference's Perceptron, built on the variant's Linear.
            exec(ast.unparse(reference_of(SECRET / "misconceptions" / "_").definitions["Perceptron"]), names)
            found[name] = rehearsal.verdict("Perceptron", names).failed
        return found

    assert set(with_checks(judge).values()) == {()}


def test_a_bias_of_another_law_is_not_taken_for_weights() -> None:
    """Where the weights are right, no sentence about weights is told."""
    form = (
        "class Linear(Right):\n"
        "    def __init__(self, in_features, out_features, bias=True):\n"
        "        super().__init__(in_features, out_features, bias)\n"
        "        if bias:\n"
        "            self.bias = nn.Parameter(torch.BIAS)"
    )

    def judge(rehearsal: Rehearsal) -> list[tuple[str | None, tuple[str, ...]]]:
        found = []
        for bias in ("zeros(out_features)", "randn(out_features)", "rand(out_features)", "ones(out_features)"):
            names = {**rehearsal.stubs(), **rehearsal.grader.reference}
            names["Right"] = names["Linear"]
            exec(form.replace("BIAS", bias), names)
            verdict = rehearsal.verdict("Linear", names)
            found.append((verdict.diagnosis, verdict.failed))
        return found

    zeros, *others = with_checks(judge)
    bias, drawn = "bias_starts_within_its_bound", "draws_from_the_global_generator"
    assert zeros == ("linear-bias-starts-at-zero", (bias, drawn))
    assert others == [(None, (bias,)), (None, (bias,)), (None, (bias, drawn))]


def test_messages_hold_no_hidden_numbers() -> None:
    """What a student reads about a failure names no value that a check drew."""
    messages = {m for v in verdicts("misconceptions").values() for m in v.messages}
    assert messages
    assert not [m for m in messages if re.search(r"\d+\.\d{4,}|tensor\(", m)]


def test_a_misconception_says_in_one_sentence_what_the_student_did() -> None:
    """The docstring is one sentence in the second person that ends in a period, and a hint teaches."""
    exercises = tuple(e.id for e in load_assignment(ROOT, SLUG).coded)
    for known in load_misconceptions(SECRET / "misconceptions", exercises):
        assert known.title.endswith("."), known.id
        assert not re.search(r"[.!?] [A-Z]", known.title), known.id
        assert re.search(r"\b[Yy]ours?\b|\b[Yy]ou\b", known.title), known.id
        assert known.hint.strip().endswith((".", "?")), known.id
        assert known.convention is bool(known.usual_in) is (known.id in CONVENTIONS)


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
                    assert found.startswith("In the example "), found
                    assert found.endswith("."), found
                odd_answers: list[Any] = [None, "text", (), [], {"a": 1}]
                for odd in odd_answers:
                    assert known.evidence(exercise, odd, expected) is None
        return sentences

    assert len(with_checks(judge)) >= 55


# -- the notebook ------------------------------------------------------------------------------------------


def test_the_source_is_composed_and_cleared_back() -> None:
    """Template and reference fit; what nbgrader clears is the template."""
    assignment = load_assignment(ROOT, SLUG)
    source = compose_source(assignment)
    nbformat.validate(source)
    assert [c.source for c in cleared(source).cells] == [c.source for c in load_template(assignment).cells]


def test_points_are_those_of_the_course() -> None:
    """Forty-two points, three of them by hand."""
    assignment = load_assignment(ROOT, SLUG)
    assert [int(e.points) for e in assignment.exercises] == [4, 2, 2, 4, 3, 5, 3, 3, 2, 4, 3, 4, 3]
    assert assignment.max_score == 39


def test_what_writes_a_layer_has_one_list_of_what_is_forbidden() -> None:
    """The first seven share it, so that a notebook runs a second time once; the others have none."""
    lists = [e.forbidden for e in load_assignment(ROOT, SLUG).coded]
    assert len({tuple(names) for names in lists[:7]}) == 1
    assert "torch.nn.Linear" in lists[0]
    assert not any(lists[7:])


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
            last = max(i for i, cell in enumerate(notebook.cells) if grade_id(cell) in shown)
            for cell in notebook.cells[: last + 1]:
                drawn = "plt." in cell.source and grade_id(cell) is None and not cell.source.startswith("import")
                if cell.cell_type == "code" and not drawn:
                    exec(cell.source, names)
