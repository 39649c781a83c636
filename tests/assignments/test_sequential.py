"""The assignment `sequential`: its checks pass what is right, fail what is wrong, and say which idea it was."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path
from typing import Any

import nbformat
import pytest
from course_fixture import Classroom, make_classroom
from rehearsal import Rehearsal, Verdict, answered

from autograder.course.assignment import load_assignment
from autograder.course.notebook.compose import cleared, compose_source
from autograder.course.notebook.read import load_template
from autograder.verdict import Status

ROOT = Path(__file__).parents[2]
SECRET = ROOT / "solutions" / "sequential"
SEEDS = (1,)

MLPS = ("build_mlp", "build_regularized_mlp", "build_named_mlp")
#: What course.md lists: id and the exercises of its row. Generic ids: where a wrong variant makes sense.
IDS: dict[str, tuple[str, ...]] = {
    "mlp-activation-after-last": ("build_mlp",),
    "mlp-no-activation": ("build_mlp",),
    "mlp-missing-layer": ("build_mlp",),
    "mlp-extra-bias-less": ("build_mlp",),
    "regularized-bn-before-activation": ("build_regularized_mlp",),
    "regularized-dropout-before-bn": ("build_regularized_mlp",),
    "regularized-keep-rate": ("build_regularized_mlp",),
    "regularized-after-last": ("build_regularized_mlp",),
    "regularized-no-dropout": ("build_regularized_mlp",),
    "regularized-no-bn": ("build_regularized_mlp",),
    "chain-python-list": ("Chain",),
    "chain-wrong-keys": ("Chain",),
    "chain-slice-is-list": ("Chain",),
    "lenet-kernel-six": ("build_lenet",),
    "lenet-no-flatten": ("build_lenet",),
    "lenet-tanh": ("build_lenet",),
    "lenet-average-pool": ("build_lenet",),
    "lenet-final-softmax": ("build_lenet",),
    "shapes-leaves-hooks": ("trace_shapes",),
    "shapes-all-modules": ("trace_shapes",),
    "shapes-late-binding": ("trace_shapes",),
    "shapes-leaves-hooks-on-error": ("trace_shapes",),
    "predict-stays-in-eval": ("predict",),
    "predict-keeps-graph": ("predict",),
    "predict-in-train-mode": ("predict",),
    "predict-flattens-flags": ("predict",),
    "predict-always-trains-after": ("predict",),
    "count-shared-twice": ("count_parameters",),
    "count-tensors": ("count_parameters",),
    "count-trainable-only": ("count_parameters",),
    "in-place": (*MLPS, "trace_shapes", "predict"),
    "accumulates-over-calls": ("build_mlp", "Chain", "trace_shapes", "count_parameters"),
    "dtype-lost": ("Chain", "predict"),
    "graph-lost": ("Chain",),
    "device-lost": (),
    "not-implemented": (),
}
CONVENTION = "regularized-bn-before-activation"
HONEST = sorted(path.stem for path in (SECRET / "honest").glob("*.py"))


with_seed = partial(answered, "sequential")


@cache
def verdicts(seed: int) -> dict[tuple[str, str], Verdict]:
    """Judge every variant and honest solution in every exercise that it has a form of, by (name, exercise)."""

    def judge(rehearsal: Rehearsal) -> dict[tuple[str, str], Verdict]:
        found = {}
        for folder in ("honest", "misconceptions"):
            for path in sorted((SECRET / folder).glob("*.py")):
                for exercise in rehearsal.defined_by(path):
                    # Some variants keep state between calls: each exercise gets new ones.
                    found[path.stem, exercise] = rehearsal.verdict(exercise, rehearsal.own(path))
        return found

    answer: dict[tuple[str, str], Verdict] = with_seed(seed, judge)
    return answer


def test_every_id_has_a_file_and_covers_its_row() -> None:
    """The misconceptions are those that the course lists, with the exercises of their rows."""
    by_name: dict[str, set[str]] = {path.stem: set() for path in (SECRET / "misconceptions").glob("*.py")}
    for name, exercise in verdicts(SEEDS[0]):
        if name in by_name:
            by_name[name].add(exercise)
    assert {name.replace("_", "-"): found for name, found in by_name.items()} == {i: set(e) for i, e in IDS.items()}


def test_every_exercise_has_four_honest_forms() -> None:
    """Right work in several styles is the guard against false rejections."""
    styles: dict[str, int] = {}
    for name, exercise in verdicts(SEEDS[0]):
        styles[exercise] = styles.get(exercise, 0) + (name in HONEST)
    assert set(styles) == {e.id for e in load_assignment(ROOT, "sequential").coded}
    assert min(styles.values()) >= 4, styles


@pytest.mark.parametrize("seed", SEEDS)
def test_honest_work_passes_every_check(seed: int) -> None:
    """In every style."""
    lost = {key: v.failed for key, v in verdicts(seed).items() if key[0] in HONEST and v.failed}
    assert lost == {}


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_ideas_fail_and_are_named(seed: int) -> None:
    """Each variant fails, and is diagnosed as itself."""
    found = {key: v for key, v in verdicts(seed).items() if key[0] not in HONEST}
    assert not [key for key, v in found.items() if not v.failed]
    assert {key: v.diagnosis for key, v in found.items()} == {key: key[0].replace("_", "-") for key in found}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_other_order_of_layers_costs_its_convention_only(seed: int) -> None:
    """BatchNorm1d before ReLU fails the check that pins the order, and no other."""
    found = verdicts(seed)[CONVENTION.replace("-", "_"), "build_regularized_mlp"]
    assert set(found.failed) == found.conventions == {"activation_before_normalisation"}


def test_stubs_fail_every_check() -> None:
    """The untouched template has no points, and is told that it is a stub."""

    def judge(rehearsal: Rehearsal) -> None:
        stubs = rehearsal.stubs()
        for exercise, checks in rehearsal.grader.examination.checks.items():
            found = rehearsal.verdict(exercise, stubs)
            assert len(found.failed) == len(checks)
            assert found.diagnosis == "not-implemented"

    with_seed(1, judge)


CHEATS = {
    "build_mlp": [
        "def build_mlp(sizes): return None",
        "def build_mlp(sizes): return [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]",
        "def build_mlp(sizes): return nn.Sequential()",
        "def build_mlp(sizes): return nn.Linear(sizes[0], sizes[-1])",
    ],
    # The layers are there, but one of them does nothing: a claim is not enough.
    "build_regularized_mlp": [
        """
class Off(nn.BatchNorm1d):
    def forward(self, x): return x
def build_regularized_mlp(sizes, dropout):
    layers = []
    for a, b in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(a, b), nn.ReLU(), Off(b), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))
""",
    ],
    "Chain": [
        "class Chain(nn.Sequential): pass",
        "class Chain(list): pass",
        "def Chain(*modules): return nn.Sequential(*modules)",
    ],
    # Right for an nn.Sequential, and for nothing else.
    "trace_shapes": [
        """
def trace_shapes(model, x):
    found = []
    for name, child in model.named_children():
        x = child(x)
        found.append((name, tuple(x.shape)))
    return found
""",
    ],
    "predict": [
        "def predict(model, x): return x",
        """
def predict(model, x):
    model.eval()
    y = model(x).detach()
    model.train()
    return y
""",
    ],
    "count_parameters": [
        """
def count_parameters(model, trainable_only=False):
    return sum(v.numel() for v in model.state_dict().values())
""",
    ],
}


def test_what_does_not_use_the_model_has_no_points_of_predict() -> None:
    """It leaves the model as it was, and that alone is nothing."""

    def judge(rehearsal: Rehearsal) -> None:
        names = {**rehearsal.stubs(), "predict": lambda _, x: 2 * x}
        assert len(rehearsal.verdict("predict", names).failed) == len(rehearsal.checks("predict"))

    with_seed(1, judge)


def test_shortcuts_fail() -> None:
    """What looks like an answer but is none loses points."""

    def judge(rehearsal: Rehearsal) -> list[tuple[str, str]]:
        passed = []
        for exercise, sources in CHEATS.items():
            for source in sources:
                names = dict(rehearsal.grader._reference)
                exec(source, names)
                if not rehearsal.verdict(exercise, names).failed:
                    passed.append((exercise, source))
        return passed

    assert with_seed(1, judge) == []


def test_messages_hold_no_hidden_numbers() -> None:
    """What a student reads about a failure names no value that a check drew."""
    messages = {m for v in verdicts(SEEDS[0]).values() for m in v.messages}
    assert messages
    assert not [m for m in messages if re.search(r"\d+\.\d{3,}|tensor\(", m)]


@pytest.mark.parametrize("identifier", IDS)
def test_a_misconception_says_in_one_sentence_what_the_student_did(identifier: str) -> None:
    """The docstring is one sentence in the second person that ends in a period, and a hint teaches."""
    from autograder.engines.hidden.diagnosis import load_misconceptions

    exercises = tuple(e.id for e in load_assignment(ROOT, "sequential").coded)
    known = {m.id: m for m in load_misconceptions(SECRET / "misconceptions", exercises)}[identifier]
    assert known.title.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", known.title)
    assert re.search(r"\b[Yy]our?\b", known.title)
    assert known.hint.strip().endswith((".", ")", "…"))
    assert (known.convention, bool(known.usual_in)) == (identifier == CONVENTION,) * 2


def test_evidence_is_a_sentence_with_numbers() -> None:
    """What a misconception shows of the public example is a sentence; an odd answer has none."""
    from autograder.checks.student import LocalTransport, Student, StudentError
    from autograder.engines.hidden.diagnosis import load_misconceptions

    assignment = load_assignment(ROOT, "sequential")
    exercises = tuple(e.id for e in assignment.coded)

    odd_ones: tuple[Any, ...] = (None, 3.0, (), [], "text", {"a": 1})

    def judge(rehearsal: Rehearsal) -> int:
        sentences = 0
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
                    sentences += 1
                    assert found.endswith(".")
                    assert len(re.findall(r"\d", found)) > 1, found
                for odd in odd_ones:
                    assert known.evidence(exercise, odd, expected) is None
        return sentences

    assert with_seed(1, judge) >= 18


# -- the notebook ------------------------------------------------------------------------------------------


def test_the_source_is_composed_and_cleared_back() -> None:
    """Template and reference fit; what nbgrader clears is the template."""
    assignment = load_assignment(ROOT, "sequential")
    source = compose_source(assignment)
    nbformat.validate(source)
    assert [c.source for c in cleared(source).cells] == [c.source for c in load_template(assignment).cells]


def test_points_are_those_of_the_course() -> None:
    """Thirty points, two of them by hand."""
    assignment = load_assignment(ROOT, "sequential")
    assert [int(e.points) for e in assignment.exercises] == [3, 4, 2, 5, 4, 4, 2, 4, 2]
    assert assignment.max_score == 28


# -- the whole way -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A course in which `sequential` is handed in."""
    return make_classroom(tmp_path_factory.mktemp("sequential") / "course", "sequential")


@pytest.mark.sandbox
@pytest.mark.timeout(900)  # a zygote, a judge and four notebooks: minutes where others take the processors
@pytest.mark.full
def test_notebooks_are_graded_through_the_sandbox(room: Classroom) -> None:
    """Composed notebooks, run and checked in confined workers, get the same as in this process."""
    right = ["honest/helpers_in_extra_cells"]
    wrong = ["predict_in_train_mode", "shapes_leaves_hooks"]
    room.hand_in("template", room.template)
    for name in right:
        room.hand_in(name.replace("/", "-"), room.solved(name))
    for name in wrong:
        room.hand_in(f"wrong-{name}", room.solved(f"misconceptions/{name}"))
    grades = room.grades(jobs=1)
    assert {g.status for g in grades.values()} == {Status.GRADED}
    assert grades["template"].score == 0
    for student, grade in grades.items():
        if student.startswith("honest"):
            assert grade.score == grade.max_score == 28, student
    for name in wrong:
        lost = {e.id: e.diagnosis for e in grades[f"wrong-{name}"].exercises if e.score < e.max_score}
        assert lost == dict.fromkeys(IDS[name.replace("_", "-")], name.replace("_", "-")), name
