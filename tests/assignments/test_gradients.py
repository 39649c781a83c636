"""The assignment `gradients`: its checks pass what is right, fail what is wrong, and say which idea it was."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import nbformat
import pytest
from course_fixture import Classroom, make_classroom
from rehearsal import Rehearsal, Verdict, answered
from torch import nn

from autograder.checks.student import LocalTransport, Student, StudentError
from autograder.course.assignment import load_assignment
from autograder.course.notebook.compose import cleared, compose_source
from autograder.course.notebook.read import load_template
from autograder.engines.hidden.diagnosis import load_misconceptions
from autograder.verdict import Status

SLUG = "gradients"
ROOT = Path(__file__).parents[2]
SECRET = ROOT / "solutions" / SLUG
SEEDS = (1,)

SLOPES = ("sigmoid_grad", "tanh_grad", "relu_grad")
PROFILES = ("gradient_profile", "profile_by_epoch")
#: What course.md lists: id and the exercises of its row. Generic ids: where a wrong variant makes sense.
IDS: dict[str, tuple[str, ...]] = {
    "sigmoid-grad-of-x": ("sigmoid_grad",),
    "tanh-grad-not-squared": ("tanh_grad",),
    "tanh-grad-of-x": ("tanh_grad",),
    "grad-overflows": ("sigmoid_grad", "tanh_grad"),
    "chain-forgets-input": ("chain_gradient",),
    "chain-forgets-weights": ("chain_gradient",),
    "chain-one-derivative-too-many": ("chain_gradient",),
    "chain-derivative-at-output": ("chain_gradient",),
    "chain-reversed": ("chain_gradient",),
    "bound-forgets-weights": ("vanishing_bound",),
    "bound-exponent": ("vanishing_bound",),
    "bound-includes-first-weight": ("vanishing_bound",),
    "profile-signed-mean": PROFILES,
    "profile-with-bias": PROFILES,
    "profile-norm": PROFILES,
    "profile-accumulates": PROFILES,
    "profile-reversed": PROFILES,
    "profile-of-weights": PROFILES,
    "gradients-alias": ("linear_gradients",),
    "gradients-of-all-modules": ("linear_gradients",),
    "gradients-of-weights": ("linear_gradients",),
    "gradients-include-bias": ("linear_gradients",),
    "ratio-inverted": ("vanishing_ratio",),
    "epochs-after-update": ("profile_by_epoch",),
    "epochs-no-zero-grad": ("profile_by_epoch",),
    "epochs-aliased": ("profile_by_epoch",),
    "epochs-sum-loss": ("profile_by_epoch",),
    "epochs-activation-after-last": ("profile_by_epoch",),
    "vp-wrong-attribute": ("weights_vp",),
    "vp-includes-bias": ("weights_vp",),
    "in-place": (*SLOPES, "vanishing_ratio", "diagnose"),
    "dtype-lost": (*SLOPES, "chain_gradient", "vanishing_bound", "linear_gradients", "gradient_profile"),
    "accumulates-over-calls": ("chain_gradient", "linear_gradients", "weights_vp"),
    "device-lost": (),
    "not-implemented": (),
}
#: Where two ideas are one and the same algebra, the other one is named.
TWINS = {("profile_accumulates", "profile_by_epoch"): "epochs-no-zero-grad"}


@pytest.fixture(autouse=True)
def headless() -> Iterator[None]:
    """Draw where there is no screen."""
    from matplotlib import pyplot as plt

    plt.switch_backend("agg")
    yield
    plt.close("all")


with_seed = partial(answered, SLUG)


@cache
def verdicts(folder: str, seed: int = SEEDS[0]) -> dict[tuple[str, str], Verdict]:
    """Judge the files of `honest` or `misconceptions`, in every exercise they have a form of, by (name, exercise)."""

    def judge(rehearsal: Rehearsal) -> dict[tuple[str, str], Verdict]:
        # Some variants keep state between calls: each exercise gets new ones.
        return {
            (path.stem, exercise): rehearsal.verdict(exercise, rehearsal.own(path))
            for path in sorted((SECRET / folder).glob("*.py"))
            for exercise in rehearsal.defined_by(path)
        }

    answer: dict[tuple[str, str], Verdict] = with_seed(seed, judge)
    return answer


def test_every_id_has_a_file_and_covers_its_row() -> None:
    """The misconceptions are those that the course lists, with the exercises of their rows."""
    by_name: dict[str, set[str]] = {path.stem: set() for path in (SECRET / "misconceptions").glob("*.py")}
    for name, exercise in verdicts("misconceptions"):
        by_name[name].add(exercise)
    assert {name.replace("_", "-"): found for name, found in by_name.items()} == {i: set(e) for i, e in IDS.items()}


@pytest.mark.full
def test_every_exercise_has_four_honest_forms() -> None:
    """Right work in several styles is the guard against false rejections."""
    styles: dict[str, int] = {}
    for _, exercise in verdicts("honest"):
        styles[exercise] = styles.get(exercise, 0) + 1
    assert set(styles) == {e.id for e in load_assignment(ROOT, SLUG).coded}
    assert min(styles.values()) >= 4, styles


@pytest.mark.parametrize("seed", SEEDS)
def test_honest_work_passes_every_check(seed: int) -> None:
    """Whatever its style."""
    assert {key: v.failed for key, v in verdicts("honest", seed).items() if v.failed} == {}


def test_wrong_ideas_fail_and_are_named() -> None:
    """Each variant fails, and is diagnosed as itself."""
    found = verdicts("misconceptions")
    assert not [key for key, v in found.items() if not v.failed]
    named = {key: TWINS.get(key, key[0].replace("_", "-")) for key in found}
    assert {key: v.diagnosis for key, v in found.items()} == named


def test_twins_are_declared() -> None:
    """Where two ideas are one, EQUALS says which of them is named."""
    exercises = tuple(e.id for e in load_assignment(ROOT, SLUG).coded)
    known = load_misconceptions(SECRET / "misconceptions", exercises)
    declared = {(m.path.stem, exercise): twin for m in known for exercise, twin in m.equals.items()}
    assert declared == TWINS


def test_stubs_fail_every_check() -> None:
    """The untouched template has no points, and is told that it is a stub."""

    def judge(rehearsal: Rehearsal) -> None:
        stubs = rehearsal.stubs()
        for exercise, checks in rehearsal.grader.examination.checks.items():
            found = rehearsal.verdict(exercise, stubs)
            assert len(found.failed) == len(checks)
            assert found.diagnosis == "not-implemented"

    with_seed(1, judge)


AUTOGRAD = """
def {name}(x):
    leaf = x.detach().clone().requires_grad_()
    with torch.enable_grad():
        {function}(leaf).sum().backward()
    return leaf.grad
"""
VIOLINS = """
def weights_vp(model, att="grad"):
    if att not in ("grad", "weight"):
        raise ValueError(att)
    values = [(m.weight.grad if att == "grad" else m.weight).detach().flatten().numpy() for m in model.modules()
              if isinstance(m, nn.Linear)]
    {before}
    fig, ax = plt.subplots()
    {draw}
    ax.set_xticks({ticks})
    ax.set_xlabel({label})
    ax.set_title({title})
    return {result}
"""
RIGHT = {
    "before": "pass",
    "draw": "ax.violinplot(values)",
    "ticks": "range(1, len(values) + 1)",
    "label": "'num_hidden'",
    "title": "att",
    "result": "ax",
}
#: Name of a shortcut, exercise, source, and a word of what the student reads; none of them may pass.
CHEATS = [
    *((f"autograd {n}", n, AUTOGRAD.format(name=n, function=f"torch.{n.split('_')[0]}"), "raised") for n in SLOPES),
    ("order", "weights_vp", VIOLINS.format(**{**RIGHT, "before": "values = values[::-1]"}), "order"),
    ("one missing", "weights_vp", VIOLINS.format(**{**RIGHT, "before": "values = values[:-1]"}), "one violin for each"),
    (
        "sizes",
        "weights_vp",
        VIOLINS.format(**{**RIGHT, "before": "values = [abs(v) for v in values]"}),
        "does not show",
    ),
    ("boxes", "weights_vp", VIOLINS.format(**{**RIGHT, "draw": "ax.boxplot(values)"}), "one violin for each"),
    ("title", "weights_vp", VIOLINS.format(**{**RIGHT, "title": "'violins'"}), "the title"),
    ("label", "weights_vp", VIOLINS.format(**{**RIGHT, "label": "'layer'"}), "the label"),
    ("ticks", "weights_vp", VIOLINS.format(**{**RIGHT, "ticks": "range(len(values))"}), "the ticks"),
    ("figure", "weights_vp", VIOLINS.format(**{**RIGHT, "result": "fig"}), "has to return the matplotlib Axes"),
    ("nothing", "weights_vp", "def weights_vp(model, att='grad'): return None", "has to return the matplotlib Axes"),
    ("always stable", "diagnose", "def diagnose(profile, low=1e-2, high=1e2): return 'stable'", "Not as expected"),
    (
        "fresh layers",
        "profile_by_epoch",
        "def profile_by_epoch(activation, sizes, x, y, epochs, *_):\n    return torch.zeros(epochs, len(sizes) - 1)",
        "Wrong numbers",
    ),
    (
        "zeros",
        "gradient_profile",
        "def gradient_profile(model, x, y, loss_fn): return torch.zeros(3).double()",
        "Wrong numbers",
    ),
    (
        "vanished",
        "chain_gradient",
        "def chain_gradient(x, weights, a, upstream=1.0): return [0.0] * len(weights)",
        "Wrong numbers",
    ),
]


def test_shortcuts_fail_and_are_told_why() -> None:
    """What looks like an answer but is none loses points; for the plots, the message says what is missing."""

    def judge(rehearsal: Rehearsal) -> list[str]:
        surprises = []
        for name, exercise, source, word in CHEATS:
            names = dict(rehearsal.grader._reference)
            exec(source, names)
            found = rehearsal.verdict(exercise, names)
            if not any(word in message for message in found.messages):
                surprises.append(f"{name}: {found.messages}")
        return surprises

    assert with_seed(1, judge) == []


def test_shortcuts_differ_from_what_is_right_in_one_thing() -> None:
    """The frame of those plots passes, so it is the one change that costs points."""

    def judge(rehearsal: Rehearsal) -> tuple[str, ...]:
        names = dict(rehearsal.grader._reference)
        exec(VIOLINS.format(**RIGHT), names)
        return rehearsal.verdict("weights_vp", names).failed

    assert with_seed(1, judge) == ()


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
    assert known.hint.strip().endswith((".", ")", "…"))
    assert not known.convention


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
    assert with_seed(1, judge) == written
    assert len(written) >= 10


def test_examples_tell_most_wrong_ideas_from_the_right_one() -> None:
    """The public example shows a student of each wrong idea another value than the expected one."""
    assignment = load_assignment(ROOT, SLUG)
    #: The plot's example is about texts and counts; what accumulates shows at the second call only.
    silent = {"vp-wrong-attribute", "vp-includes-bias", "accumulates-over-calls", "in-place"}
    #: The example's model has no weights but those of Linear layers.
    silent |= {"gradients-of-all-modules"}

    def judge(rehearsal: Rehearsal) -> list[tuple[str, str]]:
        from autograder.engines.hidden.examples import compare_example, run_example, sources_of

        alike = []
        for identifier, exercises in IDS.items():
            for exercise in exercises:
                reference = rehearsal.grader.examiner.new_reference
                source = sources_of(assignment.exercise(exercise), reference)[0]
                student = Student(
                    LocalTransport(rehearsal.own(SECRET / f"misconceptions/{identifier.replace('-', '_')}.py"))
                )
                answer = run_example(source, student)
                compared = compare_example(source.original, answer, reference())
                if compared[0].agrees and identifier not in silent:
                    alike.append((identifier, exercise))
        return alike

    assert with_seed(1, judge) == []


# -- the notebook ------------------------------------------------------------------------------------------


def test_the_source_is_composed_and_cleared_back() -> None:
    """Template and reference fit; what nbgrader clears is the template."""
    assignment = load_assignment(ROOT, SLUG)
    source = compose_source(assignment)
    nbformat.validate(source)
    assert [c.source for c in cleared(source).cells] == [c.source for c in load_template(assignment).cells]


def test_points_are_those_of_the_course() -> None:
    """Thirty-three points, four of them by hand."""
    assignment = load_assignment(ROOT, SLUG)
    assert [int(e.points) for e in assignment.exercises] == [1, 1, 1, 4, 2, 3, 4, 1, 2, 4, 6, 4]
    assert assignment.max_score == 29


def test_honest_notebooks_run_and_agree_with_the_public_examples() -> None:
    """Composed into the template, each style runs cell by cell, and passes the asserts that a student sees."""
    from autograder.course.notebook.cells import grade_id
    from autograder.course.notebook.compose import compose_submission

    assignment = load_assignment(ROOT, SLUG)
    template = load_template(assignment)
    exercises = {e.id for e in assignment.coded}
    shown = exercises | {f"test_{e}" for e in exercises}
    for path in sorted((SECRET / "honest").glob("*.py")):
        names: dict[str, Any] = {"__name__": "__main__"}
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            notebook = compose_submission(assignment, template, [path, assignment.solution_path])
            cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
            for cell in cells:
                if cell is cells[0] or grade_id(cell) in shown:
                    exec(cell.source, names)


def test_violins_kept_since_the_notebook_ran_are_known_as_such() -> None:
    """Who accumulates has done so before the first check: the notebook's own examples draw too."""

    def judge(rehearsal: Rehearsal) -> Verdict:
        names = rehearsal.own(SECRET / "misconceptions" / "accumulates_over_calls.py")
        names["weights_vp"](nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), "weight")
        return rehearsal.verdict("weights_vp", names)

    verdict: Verdict = with_seed(SEEDS[0], judge)
    assert verdict.diagnosis == "accumulates-over-calls"


# -- the whole way -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A course in which `gradients` is handed in."""
    return make_classroom(tmp_path_factory.mktemp(SLUG) / "course", SLUG)


@pytest.mark.sandbox
@pytest.mark.full
def test_notebooks_are_graded_through_the_sandbox(room: Classroom) -> None:
    """Composed notebooks, run and checked in confined workers, get what they get in this process."""
    right = ["honest/plain_loops"]
    wrong = ["vp_includes_bias", "gradients_alias"]
    room.hand_in("reference", room.solved())
    room.hand_in("template", room.template)
    for name in right:
        room.hand_in(name.replace("/", "-"), room.solved(name))
    for name in wrong:
        room.hand_in(f"wrong-{name}", room.solved(f"misconceptions/{name}"))
    grades = room.grades(jobs=1)
    assert {g.status for g in grades.values()} == {Status.GRADED}
    assert grades["template"].score == 0
    for student, grade in grades.items():
        if student.startswith(("reference", "honest")):
            assert grade.score == grade.max_score == 29, student
    for name in wrong:
        lost = {e.id: e.diagnosis for e in grades[f"wrong-{name}"].exercises if e.score < e.max_score}
        assert lost == dict.fromkeys(IDS[name.replace("_", "-")], name.replace("_", "-")), name
