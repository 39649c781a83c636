"""The assignment `activations`: its checks pass what is right, fail what is wrong, and say which idea it was."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
import torch
from course_fixture import Classroom, make_classroom
from rehearsal import Rehearsal, answered, verdicts_of_files

from autograder.course.assignment import load_assignment
from autograder.engines.hidden.diagnosis import load_module
from autograder.verdict import Status

ROOT = Path(__file__).parents[2]
SECRET = ROOT / "solutions" / "activations"
EXERCISES = tuple(e.id for e in load_assignment(ROOT, "activations").coded)

SMOOTH = ("sigmoid", "softplus", "leaky_relu", "ELU", "PReLU", "maxout", "softmax", "log_softmax", "cross_entropy")
#: What the course lists: the ids of each exercise. Three more name what students write for softplus and log_softmax.
IDS: dict[str, str] = {
    "sigmoid": "sigmoid-overflows sigmoid-nan-gradient sigmoid-sign sigmoid-is-tanh",
    "softplus": "softplus-overflows softplus-loses-tail softplus-is-relu softplus-base-two softplus-nan-gradient "
    "softplus-slope-at-zero",
    "leaky_relu": "leaky-max-formula leaky-is-relu leaky-slope-added leaky-positive-tail leaky-slope-fixed",
    "ELU": "elu-nan-gradient elu-alpha-inside elu-scale-on-negative-only elu-no-scale elu-no-minus-one "
    "elu-loses-digits elu-minus-one-outside elu-scale-on-positive-only",
    "PReLU": "prelu-not-a-parameter prelu-one-slope prelu-starts-at-zero prelu-frozen prelu-last-dimension "
    "prelu-on-both-sides prelu-other-name",
    "maxout": "maxout-sums maxout-mean maxout-over-units maxout-bias-after maxout-absolute",
    "collapse": "collapse-reversed collapse-adds-biases collapse-last-bias-only collapse-first-layer-lost",
    "saturated_fraction": "saturated-by-value saturated-is-alive saturated-counts saturated-percent "
    "saturated-at-output saturated-softplus-as-sigmoid",
    "dead_units": "dead-for-any-sample dead-samples dead-is-alive dead-by-mean dead-strictly dead-within-tolerance",
    "softmax": "softmax-overflows softmax-wrong-dim softmax-ignores-dim softmax-over-everything "
    "softmax-global-maximum softmax-not-normalised softmax-subtracts-mean",
    "log_softmax": "log-softmax-of-softmax log-softmax-wrong-dim log-softmax-no-log-of-sum "
    "log-softmax-shift-forgotten log-softmax-overflows softmax-global-maximum softmax-subtracts-mean",
    "cross_entropy": "ce-softmax-twice ce-no-log ce-no-softmax ce-sum ce-over-classes-too ce-no-minus "
    "ce-log-of-softmax ce-product-underflows ce-wrong-dim ce-of-predicted-class ce-base-two ce-accepts-float-labels "
    "softmax-subtracts-mean",
}
#: Ideas that are wrong in any exercise in which they are possible.
EVERYWHERE: dict[str, tuple[str, ...]] = {
    "graph-lost": SMOOTH,
    "dtype-lost": (*SMOOTH, "collapse"),
    "in-place": tuple(e for e in EXERCISES if e != "maxout"),
    "accumulates-over-calls": ("ELU", "collapse", "saturated_fraction", "cross_entropy"),
    "device-lost": (),
    "not-implemented": (),
}
#: Other ways to write an idea than those of the variants, as a student might.
IN_OTHER_WORDS: dict[str, tuple[str, str]] = {
    "sigmoid-overflows": ("sigmoid", "e = x.exp()\nreturn e / (e + 1)"),
    "sigmoid-nan-gradient": ("sigmoid", "return (1 + (-x).exp()).reciprocal()"),
    "sigmoid-sign": ("sigmoid", "return 1 - 0.5 * (1 + (x / 2).tanh())"),
    "softplus-loses-tail": ("softplus", "low = torch.minimum(x, -x)\nreturn x.max(0 * x) + (low.exp() + 1).log()"),
    "softplus-is-relu": ("softplus", "return x.clamp(min=0)"),
    "leaky-max-formula": ("leaky_relu", "return torch.where(slope * x > x, slope * x, x)"),
    "leaky-positive-tail": ("leaky_relu", "return torch.relu(x) + slope * torch.relu(-x)"),
    "maxout-bias-after": ("maxout", "z = torch.stack([x @ w.T for w in weight])\nreturn z.amax(0) + bias.amax(0)"),
    "maxout-mean": ("maxout", "return sum(x @ w.T + b for w, b in zip(weight, bias)) / len(bias)"),
    "collapse-adds-biases": (
        "collapse",
        "from functools import reduce\nreturn reduce(lambda a, w: w @ a, weights), sum(biases)",
    ),
    "saturated-counts": (
        "saturated_fraction",
        "return saturated_fraction_(activation, x, threshold) * x.numel()",
    ),
    "dead-by-mean": ("dead_units", "return z.sum(0) <= 0"),
    "dead-for-any-sample": ("dead_units", "return z.amin(0) <= 0"),
    "dead-within-tolerance": ("dead_units", "return (z.amax(0) / z.abs().max()).relu() < 1e-8"),
    "softmax-subtracts-mean": (
        "softmax",
        "z = x - x.mean(dim).unsqueeze(dim)\nreturn z.exp() / z.exp().sum(dim, True)",
    ),
    "softmax-overflows": ("softmax", "return x.exp() / torch.sum(x.exp(), dim, keepdim=True)"),
    "softmax-over-everything": ("softmax", "e = (x - x.max()).exp()\nreturn e / torch.sum(e)"),
    "log-softmax-of-softmax": ("log_softmax", "return softmax(x, dim).log()"),
    "ce-softmax-twice": ("cross_entropy", "return cross_entropy_(softmax(scores, 1), labels)"),
    "ce-sum": ("cross_entropy", "return cross_entropy_(scores, labels) * len(labels)"),
    "ce-product-underflows": (
        "cross_entropy",
        "cross_entropy_(scores, labels)\np = chosen(softmax(scores, 1), labels)\nreturn -p.prod().log() / len(p)",
    ),
    "ce-of-predicted-class": (
        "cross_entropy",
        "cross_entropy_(scores, labels)\nreturn -softmax(scores, 1).max(1).values.log().mean()",
    ),
}


with_seed = partial(answered, "activations")
verdicts = partial(verdicts_of_files, "activations", 1)


def test_every_id_has_a_file_for_its_exercises() -> None:
    """The misconceptions are those that the course lists, each for the exercises of its row."""
    due = {e: {*ids.split(), *(i for i, many in EVERYWHERE.items() if e in many)} for e, ids in IDS.items()}
    found: dict[str, set[str]] = {e: set() for e in EXERCISES}
    for folder, name, exercise in verdicts():
        if folder == "misconceptions":
            found[exercise].add(name.replace("_", "-"))
    assert found == due
    files = {path.stem.replace("_", "-") for path in (SECRET / "misconceptions").glob("*.py")}
    assert files == {i for ids in due.values() for i in ids} | set(EVERYWHERE)


def test_a_misconception_says_in_one_sentence_what_the_student_did() -> None:
    """One sentence in the second person, and a hint that teaches."""
    for path in sorted((SECRET / "misconceptions").glob("*.py")):
        module = load_module(path)
        title = " ".join((module.__doc__ or "").split())
        assert title.endswith("."), path.name
        assert not re.search(r"[.!?] [A-Z]", title), path.name
        assert re.search(r"\b[Yy]our?\b", title), path.name
        assert module.HINT.strip().endswith((".", "?")), path.name


def test_honest_work_passes_every_check() -> None:
    """In every style; and each exercise has at least four."""
    honest = {key: v for key, v in verdicts().items() if key[0] == "honest"}
    assert {key: v.messages for key, v in honest.items() if v.failed} == {}
    assert min(sum(e == exercise for _, _, e in honest) for exercise in EXERCISES) >= 4


def test_wrong_ideas_fail_and_are_named() -> None:
    """Each variant fails, and is diagnosed as itself."""
    wrong = {key: v for key, v in verdicts().items() if key[0] == "misconceptions"}
    assert not [key for key, v in wrong.items() if not v.failed]
    assert {key: v.diagnosis for key, v in wrong.items()} == {key: key[1].replace("_", "-") for key in wrong}


def test_ideas_are_named_in_other_words() -> None:
    """Only the numbers count, not how they are computed; the name with _ is the right function."""

    def judge(rehearsal: Rehearsal) -> dict[str, str | None]:
        found = {}
        for identifier, (exercise, body) in IN_OTHER_WORDS.items():
            names = {**rehearsal.stubs(), **rehearsal.grader.reference}
            names |= {f"{exercise}_": names[exercise], "chosen": lambda p, y: p[range(len(y)), y]}
            head = {
                "leaky_relu": "x, slope=0.01",
                "maxout": "x, weight, bias",
                "collapse": "weights, biases",
                "saturated_fraction": "activation, x, threshold",
                "dead_units": "z",
                "softmax": "x, dim",
                "log_softmax": "x, dim",
                "cross_entropy": "scores, labels",
            }.get(exercise, "x")
            exec(f"def {exercise}({head}):\n    " + body.replace("\n", "\n    "), names)
            found[identifier] = rehearsal.verdict(exercise, names).diagnosis
        return found

    assert with_seed(2, judge) == {i: i for i in IN_OTHER_WORDS}


def test_a_stub_and_a_constant_earn_nothing() -> None:
    """Neither the untouched template nor an answer of zeros passes a check of a smooth function."""

    def judge(rehearsal: Rehearsal) -> tuple[set[str | None], dict[str, set[str]]]:
        stubs = rehearsal.stubs()
        diagnoses = {rehearsal.verdict(e, stubs).diagnosis for e in EXERCISES}
        passed = {}
        for exercise in ("sigmoid", "softplus", "softmax", "log_softmax"):
            names = {**rehearsal.grader.reference, exercise: lambda x, *_: torch.zeros_like(x)}
            failed = rehearsal.verdict(exercise, names).failed
            passed[exercise] = {info.name for info in rehearsal.checks(exercise)} - set(failed)
        return diagnoses, passed

    diagnoses, passed = with_seed(5, judge)
    assert diagnoses == {"not-implemented"}
    assert not any(passed.values()), passed


@pytest.mark.sandbox
@pytest.mark.full
def test_a_class_is_graded_through_the_sandbox(tmp_path: Path) -> None:
    """Reference and honest work get all points, the template none; ideas are named; torch's own function is refused."""
    room: Classroom = make_classroom(tmp_path / "course", "activations")
    room.hand_in("reference", room.solved())
    room.hand_in("template", room.template)
    room.hand_in("honest", room.solved("honest/by_masks"))
    room.hand_in("wrong", room.solved("misconceptions/elu_nan_gradient", "misconceptions/ce_softmax_twice"))
    room.hand_in("ready", room.edited("softmax", "def softmax(x, dim):\n    return x.softmax(dim)"))
    grades = room.grades(jobs=1)
    assert {g.status for g in grades.values()} == {Status.GRADED}
    scores = {name: float(g.score) for name, g in grades.items()}
    assert (scores["reference"], scores["honest"], scores["template"], scores["ready"]) == (34.0, 34.0, 0.0, 31.0)
    named = {e.id: e.diagnosis for e in grades["wrong"].exercises if e.diagnosis}
    assert named == {"ELU": "elu-nan-gradient", "cross_entropy": "ce-softmax-twice"}
    assert "your slope at x = 800 is nan" in room.feedback("wrong")
